"""Segments that stand on one line, as a line. Knows no columns.

Cells of a table, which are below those of the line above, are set apart by a bar.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.documents.segments import Segment

__all__ = ["Line", "cells_of", "line_of", "lines_of", "rows_of"]

# Shares of the height of a line: how wide a gap is between cells, and below which two segments
# are one word.
_CELL_GAP, _WORD = 1.5, 0.12


@dataclass(frozen=True, slots=True)
class Line:
    """What is read as one line, with the box around it, in points; y grows upwards.
    ``first_word`` is the width of its first word.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    font_size: float
    first_word: float
    bold: bool = False

    @property
    def size(self) -> float:
        return self.top - self.bottom


def rows_of(segments: Sequence[Segment]) -> list[list[Segment]]:
    """The segments by the lines on which they stand, from the top, each from the left."""
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda each: -each.middle):
        if rows and rows[-1][0].beside(segment):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [sorted(row, key=lambda each: each.left) for row in rows]


def lines_of(segments: list[Segment]) -> Iterator[Line]:
    """The segments of one column as lines, the top one first."""
    rows = rows_of(segments)
    cells = [cells_of(row) for row in rows]
    for number, row in enumerate(rows):
        beside = cells[max(0, number - 1) : number] + cells[number + 1 : number + 2]
        is_table = len(cells[number]) > 1 and any(_aligned(cells[number], each) for each in beside)
        yield line_of(row, " | " if is_table else " ")


def cells_of(row: list[Segment]) -> list[list[Segment]]:
    """The segments of a line, from the left, those without a wide gap between them together."""
    cells = [[row[0]]]
    for before, segment in pairwise(row):
        if segment.left - before.right > _CELL_GAP * segment.size:
            cells.append([segment])
        else:
            cells[-1].append(segment)
    return cells


def _aligned(cells: list[list[Segment]], other: list[list[Segment]]) -> bool:
    """Whether two rows have as many cells, each below the other at one of their edges."""
    return len(cells) == len(other) and all(
        min(abs(one[0].left - two[0].left), abs(one[-1].right - two[-1].right)) < one[0].size
        for one, two in zip(cells, other, strict=True)
    )


def line_of(row: list[Segment], between_cells: str = " ") -> Line:
    """Segments that stand beside each other, from the left, as one line."""
    parts = [row[0].text]
    for before, segment in pairwise(row):
        gap = (segment.left - before.right) / segment.size
        parts.append(between_cells if gap > _CELL_GAP else " " if gap > _WORD else "")
        parts.append(segment.text)
    # The largest says how high the line is, and a line is bold if all of it is.
    largest = max(row, key=lambda each: each.size)
    return Line(
        "".join(parts),
        row[0].left,
        max(each.right for each in row),
        largest.bottom,
        largest.top,
        largest.font_size,
        row[0].words[0].right - row[0].left,
        all(each.bold for each in row),
    )
