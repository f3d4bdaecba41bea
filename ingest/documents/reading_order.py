"""The order in which the segments of a page are read. Knows nothing of paragraphs.

A page is split where text stands in columns: at an upright gap that no segment of a stretch of
the page crosses, with text in sentences on both sides, of which the right one begins at an even
edge. What crosses the gap stands above or below that stretch. Tables are no columns: they are
read row by row.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from ingest.documents.lines import Line, cells_of, line_of, lines_of, rows_of
from ingest.documents.segments import Segment

__all__ = ["Block", "split_blocks"]

# Segments of a page; maps have more, which have no reading order to be found.
MAX_SEGMENTS = 3000
# Columns that are tried as the place of a split, the likeliest first.
_CANDIDATES = 12
# Segments looked at on either side of one.
_WINDOW = 40
# Splits within each other.
_DEPTH = 24
# Characters that a line of a column has on average: cells of tables have fewer.
_LINE_LENGTH = 15
# The share of a column's lines that begin at its edge, indented ones counted out.
_ALIGNED = 0.5
# Splits that leave this share of what the best one does in columns are as good.
_LARGE = 0.5
# How much sizes of one text differ, as a share.
_SAME_SIZE = 0.08
# What the lines of a column must leave free, in heights of a line, all added up.
_GUTTER = 3.0
# Shares of the height of a line: how near a line comes to the next column, how even an edge is,
# how near each other the lines of a paragraph are, how wide a blank line is at most, and a gap
# that ends a column.
_NEAR, _EDGE, _CLOSE, _BLANK, _WIDE = 0.2, 0.35, 0.4, 1.3, 1.8


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that stand one below the other, the top one first; never empty."""

    lines: tuple[Line, ...]

    @property
    def left(self) -> float:
        return min(line.left for line in self.lines)

    @property
    def right(self) -> float:
        return max(line.right for line in self.lines)


def split_blocks(segments: Sequence[Segment]) -> list[Block]:
    """The blocks of a page in the order in which they are read."""
    upright = [each for each in segments if each.upright]
    # Turned text, mostly credits of pictures, has its own direction; it is read last, as drawn.
    turned = [Block((line_of([each]),)) for each in segments if not each.upright]
    if len(upright) > MAX_SEGMENTS:
        return [Block(tuple(line_of([each]) for each in upright)), *turned]
    return [*_blocks(upright, _DEPTH), *turned]


def _blocks(segments: list[Segment], depth: int) -> Iterator[Block]:
    if not segments:
        return
    split = _best_split(segments) if depth else None
    if split is None:
        yield Block(tuple(lines_of(segments)))
        return
    for part in (split.above, split.left, split.right, split.below):
        yield from _blocks(part, depth - 1)


@dataclass(frozen=True, slots=True)
class _Split:
    """A stretch of a page that is split into two columns, and what stands above and below."""

    edge: float
    above: list[Segment]
    left: list[Segment]
    right: list[Segment]
    below: list[Segment]

    @property
    def size(self) -> int:
        return len(self.left) + len(self.right)


def _best_split(segments: list[Segment]) -> _Split | None:
    """Of the splits that leave much in columns the leftmost, so that what stands below several
    columns comes after them.
    """
    ordered = sorted(segments, key=lambda each: -each.middle)
    splits = [split for edge in _edges(segments) for split in _splits_at(edge, ordered)]
    most = max((split.size for split in splits), default=0)
    large = [split for split in splits if split.size >= _LARGE * most]
    return min(large, key=lambda split: (split.edge, -split.size), default=None)


def _edges(segments: list[Segment]) -> list[float]:
    """Where columns may begin: edges at which several segments do."""
    first = min(each.left for each in segments)
    counts = Counter(round(each.left) for each in segments if each.left > first + each.size)
    likely = {edge for edge, count in counts.most_common(_CANDIDATES) if count > 1}
    exact = {edge: [each.left for each in segments if round(each.left) == edge] for edge in likely}
    return [min(lefts) for lefts in exact.values()]


def _splits_at(edge: float, ordered: list[Segment]) -> Iterator[_Split]:
    """The splits at an edge, one for each stretch that nothing crosses."""
    ordered = _cut_at(edge, ordered)
    crossing = [number for number, each in enumerate(ordered) if _crosses(each, edge)]
    for before, end in zip([-1, *crossing], [*crossing, len(ordered)], strict=True):
        start = before + 1
        left = [each for each in ordered[start:end] if each.left < edge - 1]
        right = [each for each in ordered[start:end] if each.left >= edge - 1]
        if not left or not right:
            continue
        above, left, below = _trimmed(left, right)
        more_above, right, more_below = _trimmed(right, left) if left else ([], right, [])
        around = [ordered[number] for number in (before, end) if 0 <= number < len(ordered)]
        if (
            _is_column(left)
            and _begins_at(edge, right)
            and _is_gutter(edge, left)
            and not any(_runs_into(each, left) for each in around)
        ):
            above = [*ordered[:start], *above, *more_above]
            below = [*below, *more_below, *ordered[end:]]
            yield _Split(edge, above, left, right, below)


def _crosses(segment: Segment, edge: float) -> bool:
    return segment.left < edge - 1 and segment.right > edge - _NEAR * segment.size


def _cut_at(edge: float, ordered: list[Segment]) -> list[Segment]:
    """The segments; one that alone crosses an edge and has a word there is two: a line that fills
    its column to the last point and the one beside it.
    """
    cut: list[Segment] = []
    for number, segment in enumerate(ordered):
        if not _crosses(segment, edge):
            cut.append(segment)
            continue
        window = ordered[max(0, number - _WINDOW) : number + _WINDOW]
        near = [each for each in window if each is not segment and _is_next(each, segment)]
        alone = not any(_crosses(each, edge) for each in near)
        fits = alone and any(abs(each.left - edge) < 1 for each in near)
        cut += segment.parts_at(edge) if fits else [segment]
    return cut


def _is_next(one: Segment, other: Segment) -> bool:
    """Whether the two are of one size and not more than a line apart."""
    return _same_size(one, other) and abs(one.middle - other.middle) < 2 * other.size


def _same_size(one: Segment, other: Segment) -> bool:
    return abs(one.font_size - other.font_size) < _SAME_SIZE * one.font_size


def _is_column(segments: list[Segment]) -> bool:
    """Whether there are lines as long as those of a text; cells of tables are shorter."""
    rows = rows_of(segments)
    if len(rows) < 2:
        return False
    return sum(max(map(_cell_length, cells_of(row))) for row in rows) >= _LINE_LENGTH * len(rows)


def _cell_length(cell: list[Segment]) -> int:
    return sum(len(each.text) for each in cell)


def _begins_at(edge: float, column: list[Segment]) -> bool:
    """Whether most lines of a column begin at an edge, as long as lines are: the words after a gap
    that happens to go down through several lines do not.
    """
    rows = rows_of(column)
    if len(rows) < 2:
        return False
    even = [cells_of(row)[0] for row in rows if abs(row[0].left - edge) < _EDGE * row[0].size]
    lengths = sum(map(_cell_length, even))
    return len(even) >= _ALIGNED * len(rows) and lengths >= _LINE_LENGTH * len(even)


def _is_gutter(edge: float, left: list[Segment]) -> bool:
    """Whether the lines of a column leave enough free before the next one, all taken together."""
    ends = [max(row, key=lambda each: each.right) for row in rows_of(left)]
    return sum((edge - each.right) / each.size for each in ends) >= _GUTTER


def _runs_into(crossing: Segment, left: list[Segment]) -> bool:
    """Whether a line that crosses the gap is of one paragraph with the lines before the gap: the
    gap is then one between words.
    """
    for each in left:
        apart = max(crossing.bottom - each.top, each.bottom - crossing.top)
        even = abs(each.left - crossing.left) < _EDGE * each.size
        if even and apart < _CLOSE * each.size and _same_size(each, crossing):
            return True
    return False


def _trimmed(
    side: list[Segment], other: list[Segment]
) -> tuple[list[Segment], list[Segment], list[Segment]]:
    """What stands above a column, the column, and what stands below it.

    A column goes on beyond the one beside it as far as lines of its size and width do, without
    a wide gap. What comes after those, such as a heading or a caption, belongs to what is below.
    """
    top, bottom = max(each.top for each in other), min(each.bottom for each in other)
    core = [each for each in side if each.bottom < top and each.top > bottom]
    if not core:
        return side, [], []
    size, font_size = median(e.size for e in core), median(e.font_size for e in core)
    left, right = min(each.left for each in core), max(each.right for each in core)

    def goes_on(segment: Segment) -> bool:
        return (
            abs(segment.font_size - font_size) < _SAME_SIZE * font_size
            and segment.left > left - size
            and segment.right < right + size
        )

    like = [*core, *filter(goes_on, side)]
    top, bottom = max(each.top for each in like), min(each.bottom for each in like)
    top, bottom = min(top, _start_of(core, side)), max(bottom, _end_of(core, side))
    return (
        [each for each in side if each.bottom >= top],
        [each for each in side if each.bottom < top and each.top > bottom],
        [each for each in side if each.bottom < top and each.top <= bottom],
    )


def _start_of(core: list[Segment], side: list[Segment]) -> float:
    """Where what stands above the core of a column is first apart from it, or where it ends: a
    byline in the middle of the page is over all columns, though it is no wider than one.
    """
    size = median(each.size for each in core)
    start = max(each.top for each in core)
    for segment in sorted(side, key=lambda each: each.bottom):
        if segment.top > start:
            if segment.bottom - start > _BLANK * size:
                break
            start = segment.top
    return start


def _end_of(core: list[Segment], side: list[Segment]) -> float:
    """Where what stands below the core of a column is first apart from it by a wide gap, or
    where it ends.
    """
    size = median(each.size for each in core)
    end = min(each.bottom for each in core)
    for segment in sorted(side, key=lambda each: -each.top):
        if segment.bottom < end:
            if end - segment.top > _WIDE * size:
                break
            end = segment.bottom
    return end
