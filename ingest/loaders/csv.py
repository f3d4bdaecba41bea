"""Tables (CSV, TSV): a header row, then one article per row."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from ingest.parsing.dates import DayOrder
from ingest.parsing.fields import article_from, day_order
from ingest.parsing.lines import Line, lines
from ingest.parsing.records.aliases import known_fields, wanted_names
from ingest.parsing.records.dialect import (
    Dialect,
    cells_of,
    dialect_of,
    header_cells,
    long_fields,
)
from ingest.parsing.records.unused import UnusedFields
from ingest.parsing.records.values import is_missing
from ingest.parsing.source import MAX_LINE, Broken, Entry, Source, limit_broken, megabytes
from qa.errors import EmptySource, SourceError, UnreadableSource

__all__ = ["load_csv", "stands_above"]

# Delimiters of one row, those in its texts too: each may end a cell, with memory of its own.
MAX_CELLS = 1_000_000

# Names of a header that a reason tells.
_TOLD = 20
# Lines above a header: what a table is, who made it.
_ABOVE = 8
# Excel's way to say which delimiter a file has, in a line above the header.
_STATED = re.compile(r"\"?\s*sep\s*=\s*?([^\w\s\"\\]|\t)\s*\"?[,;\t]*\s*", re.IGNORECASE)
# Byte order marks as Latin-1 has them.
_MARKS = "\xef\xbb\xbf\xff\xfe"
# Bytes from which it is told how quotes in cells are written.
_SAMPLE = 2**16


@limit_broken
def load_csv(source: Source) -> Iterator[Entry | Broken]:
    """One article per row, read as a stream. Columns are found by name, in any order."""
    with source.opener() as stream:
        # Looked at and not read, so that where a row ends is where the next begins.
        sample = _sample(stream.peek(_SAMPLE)[:_SAMPLE])
        found = lines(stream, source.charset)
        first = next((line for line in found if line.text is None or line.text.strip()), None)
        if first is None:
            raise EmptySource("the file is empty")
        stated = _STATED.fullmatch(first.text or "")
        if stated:
            first = next(found, Line(1, ""))
        above = _lines_above(sample)
        for line in islice(
            (line for line in found if line.text is None or line.text.strip()), above
        ):
            first = line
        dialect = dialect_of(first.text or "", sample[above:], stated[1] if stated else None)
        rows = _rows(_Feed(chain([first], found), dialect))
        header = next(rows)
        _check(header)
        order = _day_order(header.cells, sample[above:], dialect)
        empty, unused = True, UnusedFields("columns")
        for row in rows:
            if row.problem or any(cell.strip() for cell in row.cells):
                empty = False
                yield _entry(header.cells, row, source, order, unused)
        if empty:
            raise EmptySource("a header, and no row below it")


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

    def __init__(self, found: Iterator[Line], dialect: Dialect) -> None:
        self._lines = found
        self.dialect = dialect
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
        self._cells += line.text.count(self.dialect.delimiter)
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
        self._quotes += line.quotes if line.text is None else self.dialect.quotes(line.text)
        return line


def _rows(feed: _Feed) -> Iterator[_Row]:
    reader = feed.dialect.reader(feed)
    while True:
        feed.start_row()
        try:
            with long_fields():
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


def _sample(head: bytes) -> list[str]:
    """The whole lines that a table begins with, their letters beyond ASCII left as they come."""
    text = head.replace(b"\0", b"").decode("latin-1").replace("\r\n", "\n").replace("\r", "\n")
    written = text.split("\n")
    rows = [line for line in (written[:-1] if len(head) == _SAMPLE else written) if line.strip()]
    return rows[1:] if rows and _STATED.fullmatch(rows[0].lstrip(_MARKS)) else rows


def _day_order(header: list[str], sample: list[str], dialect: Dialect) -> DayOrder:
    """What the rows of a sample tell of the dates in its columns of days."""
    rows = cells_of([f"{line}\n" for line in sample], dialect)[1:]
    return day_order(dict(zip(header, row, strict=False)) for row in rows)


def _lines_above(sample: list[str]) -> int:
    """How many lines stand above the header: those before the first one that names a column with
    a text and another column; none if there is no such line.
    """
    start = enumerate(sample[:_ABOVE])
    return next((number for number, line in start if not stands_above(line, number)), 0)


def stands_above(line: str, number: int) -> bool:
    """Whether a line of a table, the ``number``th from 0 that is not blank, stands above its
    header.
    """
    text = line.lstrip(_MARKS)
    if not text.strip() or _STATED.fullmatch(text):
        return True
    known = known_fields(header_cells(text))
    is_header = (known & {"text", "summary"} and len(known) > 1) or (number <= 0 and known)
    return not is_header and number < _ABOVE


def _check(header: _Row) -> None:
    if header.problem:
        raise UnreadableSource(header.problem)
    if not known_fields(header.cells) & {"text", "summary"}:
        names = ", ".join(repr(name[:40]) for name in header.cells[:_TOLD])
        more = f" and {len(header.cells) - _TOLD:,} more" if len(header.cells) > _TOLD else ""
        raise UnreadableSource(
            f"no column with the text: the first row has {names}{more}; "
            f"looked for {wanted_names()}. Does it lack a header, such as title,date,text?"
        )


def _record(header: list[str], cells: list[str]) -> dict[str, str]:
    return {name: cell for name, cell in zip(header, cells, strict=False) if not is_missing(cell)}


def _entry(
    header: list[str], row: _Row, source: Source, order: DayOrder, unused: UnusedFields
) -> Entry | Broken:
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
        record = _record(header, row.cells)
        return Entry(article_from(record, source, order=order), place, unused.new_in(record))
    except SourceError as error:
        return Broken.of(place, error)
