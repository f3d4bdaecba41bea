"""How the cells of a table are set apart, as its first lines tell. Knows no article."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from ingest.parsing.records.aliases import known_fields
from ingest.parsing.source import MAX_LINE

__all__ = ["Dialect", "cells_of", "dialect_of", "header_cells", "long_fields"]

# Delimiters of spreadsheets, then those of databases.
_DELIMITERS = (",", ";", "\t", "|", "^", "~")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are set apart, what stands before a quote that is part of one (nothing, when it is
    doubled as the standard has it), which quotes they have, and whether blanks stand before them.
    """

    delimiter: str
    escape: str | None = None
    quote: str = '"'
    blanks: bool = False

    def reader(self, rows: Iterable[str]) -> Iterator[list[str]]:
        """The cells of each row. Raises csv.Error for what is none."""
        # Strict, because a stray quote would otherwise swallow the rows after it in silence.
        return csv.reader(
            rows,
            delimiter=self.delimiter,
            escapechar=self.escape,
            quotechar=self.quote,
            skipinitialspace=self.blanks,
            strict=True,
        )

    def quotes(self, text: str) -> int:
        """Quotes that begin or end a cell, and doubled ones."""
        escaped = text.count(f"{self.escape}{self.quote}") if self.escape else 0
        return text.count(self.quote) - escaped


def dialect_of(header: str, sample: list[str], stated: str | None) -> Dialect:
    """The delimiter that is stated, else the one that makes most sense of the header; other
    quotes, or quotes with a backslash before them, if more rows of the sample are whole that way.
    """
    plain = Dialect(stated or _delimiter(header))
    dialects = [plain]
    if _has_single_quotes(sample, plain):
        dialects.insert(0, Dialect(plain.delimiter, quote="'"))
    dialects += [
        replace(each, blanks=True)
        for each in dialects
        if any(f"{each.delimiter} {each.quote}" in line for line in sample)
    ]
    dialects += [
        replace(each, escape="\\")
        for each in dialects
        if any(f"\\{each.quote}" in line for line in sample)
    ]
    return max(dialects, key=lambda dialect: _whole_rows(sample, dialect))


def _has_single_quotes(sample: list[str], plain: Dialect) -> bool:
    """Whether most rows have cells that begin and end with a single quote."""
    before, after = f"{plain.delimiter}'", f"'{plain.delimiter}"
    rows = [line.strip() for line in sample[1:] or sample]
    quoted = [
        row
        for row in rows
        if (row.startswith("'") or before in row) and (row.endswith("'") or after in row)
    ]
    return len(quoted) * 2 > len(rows)


def _delimiter(header: str) -> str:
    def sense(delimiter: str) -> tuple[int, int]:
        cells = header_cells(header, delimiter)
        return len(known_fields(cells)), len(cells)

    return max(_DELIMITERS, key=sense)


def header_cells(header: str, delimiter: str = "") -> list[str]:
    """The names in a header, by the delimiter that makes most sense of it unless one is given."""
    delimiter = delimiter or _delimiter(header)
    # Not strict: the last cell of a header may go on in the next line.
    try:
        return next(csv.reader([header[:10_000]], delimiter=delimiter), [])
    except csv.Error:
        return []


def _whole_rows(sample: list[str], dialect: Dialect) -> int:
    """Rows of a sample, up to the first that is none, with as many cells as its header."""
    rows = cells_of([f"{line}\n" for line in sample], dialect)
    return sum(len(row) == len(rows[0]) for row in rows)


def cells_of(texts: list[str], dialect: Dialect) -> list[list[str]]:
    """The rows of some lines, up to the first that is none."""
    rows: list[list[str]] = []
    try:
        with long_fields():
            rows.extend(dialect.reader(texts))
    except csv.Error:  # told when the row is read
        pass
    return rows


@contextmanager
def long_fields() -> Iterator[None]:
    """The limit is one for the whole process, and others may rely on it."""
    before = csv.field_size_limit(MAX_LINE)
    try:
        yield
    finally:
        csv.field_size_limit(before)
