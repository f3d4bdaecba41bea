"""Tables as the reader is shown them: a row that is asked about, its cells with their columns.

A row says little without them ("| Westbank | 145 | 25 March |"), and of rows beside each other, or
of figures in one, the network takes the wrong one: it saw no tables in training.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, groupby
from typing import NamedTuple

from qa.language.phrases import names
from qa.language.words import stem, terms

__all__ = ["RowText", "cell_around", "table_rows"]

# Columns from which on a first row without a figure names them, where no line sets it apart; and
# rows from which on lines are a table.
_COLUMNS, _ROWS = 3, 2
# Characters of a cell that is one answer, rather than text that holds one.
_VALUE = 60


@dataclass(frozen=True)
class _Cell:
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        return _stems(self.text)


class RowText(NamedTuple):
    """A row of a text's table in words: ``text``, and for each character of it where it stands in
    the text, or, of one that was added, where it was put; ``labels`` marks those.
    """

    text: str
    places: Sequence[int]
    labels: Sequence[bool]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """A half-open range of it, not empty, as one of the text; empty for what was added."""
        kept = [self.places[place] for place in range(start, end) if not self.labels[place]]
        return (kept[0], kept[-1] + 1) if kept else (self.places[start], self.places[start])


def table_rows(question: str, text: str) -> tuple[str, list[RowText]]:
    r"""The text with the rows of its tables blank, as long as before, and in words each row that
    the question names; where it names columns, too, of other cells nothing.

    A table is lines of cells apart by bars. Its first line names the columns where the second is
    the rule that Markdown has there (GitHub Flavored Markdown, section 4.10), or where none of at
    least three cells has a figure. Rows of another number of cells stay as they are.

    >>> table = "Race | Won by | Time\n--|--|--\nEights | Ha | 5:58\nPairs | Bo | 7:02"
    >>> table_rows("Who won the pairs?", table)[1][0].text
    'Race: Pairs; Won by: Bo.'
    >>> table_rows("Tell me of the pairs.", table)[1][0].text
    'Race: Pairs; Won by: Bo; Time: 7:02.'
    """
    question_stems = _stems(question)
    row_texts = []
    for header, rows in _tables(text):
        for row in rows:
            low, high = row[0].start, row[-1].end
            text = f"{text[:low]}{' ' * (high - low)}{text[high:]}"
        named = _named(rows, question, question_stems)
        row_texts += [_in_words(header, row, question_stems) for row in named]
    return text, row_texts


def _named(
    rows: Sequence[list[_Cell]], question: str, question_stems: frozenset[str]
) -> list[list[_Cell]]:
    """The rows of which the question has a whole cell; else the one of which it has words that no
    other row has all of. Of another's name ("Upper Dale", not "Lower Dale") no word counts.
    """
    full_rows = [
        row for row in rows if any(cell.stems and cell.stems <= question_stems for cell in row)
    ]
    if full_rows:
        return full_rows
    full_names = [_stems(name.text) for name in names(question)]
    words = [
        {
            word
            for cell in row
            for word in cell.stems & question_stems
            if all(name <= cell.stems for name in full_names if word in name)
        }
        for row in rows
    ]
    return [
        row
        for number, (row, own) in enumerate(zip(rows, words, strict=True))
        if own and not any(own <= other for at, other in enumerate(words) if at != number)
    ]


def _in_words(
    header: Sequence[_Cell], row: Sequence[_Cell], question_stems: frozenset[str]
) -> RowText:
    """The cells by which the row is named, and those whose columns have most of what is asked."""
    common = [
        math.inf if cell.stems & question_stems else len(name.stems & question_stems)
        for name, cell in zip(header, row, strict=True)
    ]
    most = max((count for count in common if count < math.inf), default=0)
    pieces: list[tuple[str, int, bool]] = []
    for name, cell, count in zip(header, row, common, strict=True):
        if cell.text and count >= most:
            label = f"{name.text}: " if name.text else ""
            pieces += [
                (label, cell.start, True),
                (cell.text, cell.start, False),
                ("; ", cell.end, True),
            ]
    _, end, _ = pieces[-1]
    pieces[-1] = (".", end, True)
    return RowText(
        "".join(piece for piece, _, _ in pieces),
        [at if is_new else at + n for piece, at, is_new in pieces for n in range(len(piece))],
        [is_new for piece, _, is_new in pieces for _ in piece],
    )


def cell_around(text: str, start: int, end: int) -> tuple[int, int]:
    r"""The cell that holds ``[start:end]``, if it is a short one of a table's row; else itself.

    >>> text = "Race | Winner\n--|--\nEights | Ha\nPairs | Tarn Rowing Club"
    >>> text[slice(*cell_around(text, 45, 56))]
    'Tarn Rowing Club'
    """
    for _, rows in _tables(text):
        for cell in (cell for row in rows for cell in row):
            if cell.start <= start and end <= cell.end and len(cell.text) <= _VALUE:
                return cell.start, cell.end
    return start, end


@lru_cache(64)
def _tables(text: str) -> Sequence[tuple[list[_Cell], list[list[_Cell]]]]:
    """The names of the columns and the rows of each table; a passage is asked for them again with
    every span that is found in it.
    """
    if "|" not in text:
        return ()
    tables = []
    lines = text.splitlines(keepends=True)
    starts = accumulate(map(len, lines), initial=0)
    cells = [_cells(line, start) for line, start in zip(lines, starts, strict=False)]
    for is_table, run in groupby(cells, key=lambda row: len(row) > 1):
        header, *rest = run
        is_ruled = bool(rest) and all(_is_rule(cell.text) for cell in rest[0])
        rows = [row for row in rest[is_ruled:] if len(row) == len(header)]
        if is_table and len(rows) >= _ROWS and (is_ruled or _is_header(header)):
            tables.append((header, rows))
    return tables


def _cells(line: str, start: int) -> list[_Cell]:
    """What stands between the bars of a line; the text of an empty cell is empty."""
    cells = []
    for part in line.split("|"):
        cells.append(_Cell(start + len(part) - len(part.lstrip()), part.strip()))
        start += len(part) + 1
    # Before a first bar and behind a last one is no cell.
    low = int(not cells[0].text)
    high = len(cells) - int(not cells[-1].text)
    return cells[low:high]


def _stems(text: str) -> frozenset[str]:
    return frozenset(map(stem, terms(text))) if text else frozenset()


def _is_rule(text: str) -> bool:
    return bool(text) and not text.strip(":").strip("-")


def _is_header(cells: Sequence[_Cell]) -> bool:
    text = "".join(cell.text for cell in cells)
    return len(cells) >= _COLUMNS and not any(character.isdigit() for character in text)
