"""Tables (CSV, TSV): a header row, then one article per row."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

from ingest.parsing.fields import ALIASES, article_from, known_fields
from ingest.parsing.lines import Line, lines
from ingest.parsing.source import MAX_LINE, Broken, Entry, Source, limit_broken, megabytes
from qa.errors import EmptySource, SourceError, UnreadableSource

__all__ = ["load_csv"]

# Delimiters of one row, those in its texts too: each may end a cell, with memory of its own.
MAX_CELLS = 1_000_000

_DELIMITERS = (",", ";", "\t")


@limit_broken
def load_csv(source: Source) -> Iterator[Entry | Broken]:
    """One article per row, read as a stream. Columns are found by name, in any order."""
    with source.opener() as stream:
        found = lines(stream, source.charset)
        first = next((line for line in found if line.text is None or line.text.strip()), None)
        if first is None:
            raise EmptySource("the file is empty")
        delimiter = _delimiter(first.text or "")
        rows = _rows(_Feed(chain([first], found), delimiter), delimiter)
        header = next(rows)
        _check(header)
        for row in rows:
            if row.problem or any(cell.strip() for cell in row.cells):
                yield _entry(header.cells, row, source)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row and the number of its first line, or what is wrong with it."""

    number: int
    cells: list[str]
    problem: str = ""


class _TooLong(Exception):
    """The row at hand is over the limit that the message names."""


class _Feed:
    """Lines for the CSV reader, and how far into a row they are."""

    def __init__(self, found: Iterator[Line], delimiter: str) -> None:
        self._lines = found
        self._delimiter = delimiter
        self.start_row()

    def start_row(self) -> None:
        self.first = 0
        self._size = 0
        self._cells = 0
        self._quotes = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._take()
        self._size += len(line.text or "")
        if line.text is None or self._size > MAX_LINE:
            raise _TooLong(f"{megabytes(MAX_LINE)}, the limit for one")
        self._cells += line.text.count(self._delimiter)
        if self._cells > MAX_CELLS:
            raise _TooLong(f"{MAX_CELLS:,} cells, the limit for one")
        return line.text

    def skip_row(self) -> None:
        """Go to the end of a row that is given up: to where its quotes are all closed."""
        while self._quotes % 2:
            try:
                self._take()
            except StopIteration:
                return

    def _take(self) -> Line:
        line = next(self._lines)
        self.first = self.first or line.number
        self._quotes += line.quotes if line.text is None else line.text.count('"')
        return line


def _rows(feed: _Feed, delimiter: str) -> Iterator[_Row]:
    # Strict, because a stray quote would otherwise swallow the rows after it in silence.
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.start_row()
        try:
            with _long_fields():
                cells = next(reader)
        except StopIteration:
            return
        except _TooLong as error:
            feed.skip_row()
            problem = f"the row is longer than {error}"
        except csv.Error as error:
            problem = f"not a valid row: {error}; is a quote missing or not doubled?"
        else:
            yield _Row(feed.first, cells)
            continue
        # After a stray quote the next line is taken for a row: good rows are not given up.
        yield _Row(feed.first, [], problem)


@contextmanager
def _long_fields() -> Iterator[None]:
    """The limit is one for the whole process, and others may rely on it."""
    before = csv.field_size_limit(MAX_LINE)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _delimiter(header: str) -> str:
    """The delimiter that makes most sense of the header: the most known names, then columns."""

    def sense(delimiter: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([header[:10_000]], delimiter=delimiter), [])
        except csv.Error:  # told when the row is read
            cells = []
        return len(known_fields(cells)), len(cells)

    return max(_DELIMITERS, key=sense)


def _check(header: _Row) -> None:
    if header.problem:
        raise UnreadableSource(header.problem)
    if "text" not in known_fields(header.cells):
        found = ", ".join(repr(name[:40]) for name in header.cells[:12])
        raise UnreadableSource(
            f"no column with the text: the first row has {found}; "
            f"looked for {', '.join(ALIASES['text'])}"
        )


def _entry(header: list[str], row: _Row, source: Source) -> Entry | Broken:
    place = str(row.number)
    if row.problem:
        return Broken(place, row.problem)
    if any(cell.strip() for cell in row.cells[len(header) :]):
        return Broken(
            place,
            f"the row has {len(row.cells)} cells and the header {len(header)}; "
            "a text with delimiters in it must be quoted",
        )
    try:
        return Entry(article_from(dict(zip(header, row.cells, strict=False)), source), place)
    except SourceError as error:
        return Broken(place, str(error))
