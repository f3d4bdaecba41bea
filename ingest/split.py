"""An article's text as passages of whole sentences, with exact offsets. Knows no store."""

from collections.abc import Iterable, Iterator

from qa.language.sentences import Unit, units
from qa.records.article import Article, Passage

__all__ = ["split"]

MINIMUM, MAXIMUM = 600, 900


def split(article: Article, *, minimum: int = MINIMUM, maximum: int = MAXIMUM) -> list[Passage]:
    """Passages in reading order; together they hold every character that is not white space.

    Sentences stay whole unless one alone exceeds ``maximum`` characters. A passage ends at a
    paragraph once it has ``minimum`` characters, and a heading goes with what follows it.
    """
    pieces = (
        piece
        for unit in units(article.text, article.language or "en")
        for piece in _cut(article.text, unit, maximum)
    )
    return [article.passage(start, end) for start, end in _pack(pieces, minimum, maximum)]


def _cut(text: str, unit: Unit, maximum: int) -> Iterator[Unit]:
    """A sentence over the maximum falls apart at spaces, or anywhere if it has none."""
    if unit.end - unit.start <= maximum:
        yield unit
        return
    start, opens = unit.start, unit.opens
    while unit.end - start > maximum:
        space = text.rfind(" ", start + max(1, maximum // 2), start + maximum)
        end = space if space > 0 else start + maximum
        piece = text[start:end]
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            yield Unit(start + lead, start + len(piece.rstrip()), opens)
        start, opens = end, False
    start += len(text[start : unit.end]) - len(text[start : unit.end].lstrip())
    if start < unit.end:
        yield Unit(start, unit.end, opens, unit.heading)


def _pack(pieces: Iterable[Unit], minimum: int, maximum: int) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    current: list[Unit] = []
    for unit in pieces:
        if current:
            length = current[-1].end - current[0].start
            full = unit.end - current[0].start > maximum
            done = unit.opens and (length >= minimum or (unit.heading and length >= minimum // 2))
            if full or done:
                headings: list[Unit] = []
                while len(current) > 1 and current[-1].heading:
                    headings.insert(0, current.pop())
                ranges.append(_range(current))
                current = headings
                if current and unit.end - current[0].start > maximum:
                    ranges.append(_range(current))
                    current = []
        current.append(unit)
    if current:
        # A short rest joins its neighbour rather than standing without context.
        start, end = _range(current)
        if ranges and end - start < minimum // 4 and end - ranges[-1][0] <= maximum:
            start, _ = ranges.pop()
        ranges.append((start, end))
    return ranges


def _range(group: list[Unit]) -> tuple[int, int]:
    return group[0].start, group[-1].end
