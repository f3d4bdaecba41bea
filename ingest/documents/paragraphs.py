"""Lines in reading order as paragraphs. Knows where lines stand, not what they say.

A line begins a paragraph when it stands apart from the one before, is indented, is set otherwise,
or when its first word would have had room on the line before. Over the end of a column or a page
the last of these decides.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

from ingest.documents.hyphens import HYPHENS, Hyphens
from ingest.documents.lines import Line
from ingest.documents.reading_order import Block

__all__ = ["Paragraph", "paragraphs_of"]

# Shares of the height of a line: how much farther apart than usual two lines are for the second
# to begin a paragraph, how far a line is indented, what counts as even, the space of a word.
_APART, _INDENT, _DEEPEST, _EVEN, _SPACE = 0.3, 0.5, 6.0, 0.3, 0.25
_SAME_SIZE = 0.08
# Sizes of the font that are free after a line which is clearly not full.
_SHORT = 3.0
# How far apart lines are, in sizes of their font, where few say so.
_LEADING, _FEW = 1.5, 2
# The share of lines that begin at the edge of a block whose paragraphs are indented.
_FLUSH = 0.5
# The share of lines that end at the edge of a block whose lines are stretched to it.
_JUSTIFIED, _FULL = 0.6, 0.1
# The share of a block's width that is free after a line that ends no sentence and still ends its
# paragraph: a name, a heading, an item of a list.
_FREE = 0.25
_SENTENCE_END = re.compile(r"[.!?:\u2026\u3002\uff01\uff1f][\"'\u201d\u2019\u00bb)\]]*$")
_BULLETS = "\u2022\u2023\u25aa\u25cf\u25e6\u2043\u00b7\u2013*"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text, the size of its font in points, the number of the page on which it begins, from 0,
    and whether it is bold.
    """

    text: str
    size: float
    page: int
    bold: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """A line with what its block says of it; lengths in points."""

    line: Line
    page: int
    block: Block
    left: float
    right: float
    pitch: float
    indented: bool
    justified: bool

    @property
    def indent(self) -> float:
        return (self.line.left - self.left) / self.line.size

    @property
    def free(self) -> float:
        """What is free after the line."""
        return self.right - self.line.right


def paragraphs_of(pages: Sequence[Sequence[Block]]) -> list[Paragraph]:
    """The paragraphs of a document, none empty, from the blocks of its pages in their order."""
    blocks = [(number, block) for number, page in enumerate(pages) for block in page]
    places = [place for page, block in blocks for place in _places(page, block)]
    hyphens = Hyphens(place.line.text for place in places)
    paragraphs: list[list[_Place]] = []
    for place in places:
        if paragraphs and not _begins(paragraphs[-1][-1], place):
            paragraphs[-1].append(place)
        else:
            paragraphs.append([place])
    return [_paragraph(each, hyphens) for each in paragraphs]


def _places(page: int, block: Block) -> Iterator[_Place]:
    lines = block.lines
    pitches = _pitches(lines)
    size = median_low(line.size for line in lines)
    font_size = median_low(line.font_size for line in lines)
    body = [line for line in lines if abs(line.font_size - font_size) < _SAME_SIZE * font_size]
    left, right = min(line.left for line in body), max(line.right for line in body)
    flush = sum(line.left - left < _EVEN * size for line in body) >= _FLUSH * len(body)
    full = sum(right - line.right < _FULL * size for line in body) >= _JUSTIFIED * len(body)
    for line in lines:
        pitch = pitches.get(round(line.font_size), _LEADING * line.font_size)
        yield _Place(line, page, block, left, right, pitch, flush, full)


def _pitches(lines: Sequence[Line]) -> dict[int, float]:
    """How far apart lines of a size usually are, in points, by that size."""
    distances: dict[int, list[float]] = {}
    for before, line in pairwise(lines):
        if _same_style(before, line):
            distances.setdefault(round(line.font_size), []).append(before.bottom - line.bottom)
    # The lower ones: where paragraphs are short, half of the lines are farther apart.
    pitches = {size: sorted(each)[len(each) // 4] for size, each in distances.items()}
    return {
        size: pitch if len(distances[size]) > _FEW else min(pitch, _LEADING * size)
        for size, pitch in pitches.items()
    }


def _begins(before: _Place, place: _Place) -> bool:
    """Whether a line begins a paragraph after the line before it."""
    one, other = before.line, place.line
    if not _same_style(one, other) or (other.text[0] in _BULLETS and other.text[1:2] == " "):
        return True
    if one.text.endswith(tuple(HYPHENS)) and other.text[:1].islower():
        return False
    same_block = before.block is place.block
    # What is above on the page and no column beside: blocks below each other are apart or not.
    if before.page == place.page and one.bottom > other.bottom:
        apart = one.bottom - other.bottom - place.pitch
        if apart > _APART * other.size:
            return True
    if not same_block and _is_narrower(before, place):
        return True
    if place.indented and _INDENT < place.indent < _DEEPEST:
        is_deeper = before.indent < place.indent
        is_short = before.free > _SHORT * one.font_size or bool(_SENTENCE_END.search(one.text))
        if is_deeper or (same_block and is_short):
            return True
    return _has_room(before, other)


def _same_style(one: Line, other: Line) -> bool:
    return (
        abs(one.font_size - other.font_size) < _SAME_SIZE * one.font_size and one.bold == other.bold
    )


def _is_narrower(before: _Place, place: _Place) -> bool:
    """Whether two blocks are of so different a width that no text runs on between them."""
    widths = sorted((before.right - before.left, place.right - place.left))
    return widths[0] < 0.6 * widths[1] and bool(_SENTENCE_END.search(before.line.text))


def _has_room(before: _Place, line: Line) -> bool:
    """Whether the first word of a line could have stood on the line before: it would, had it
    gone on.
    """
    if before.justified and before.free > _SPACE * line.font_size:
        # The last line of a paragraph is the one that is not stretched.
        return bool(_SENTENCE_END.search(before.line.text))
    if before.free < line.first_word + _SPACE * line.font_size:
        return False
    if _SENTENCE_END.search(before.line.text):
        return True
    return before.free > _FREE * (before.right - before.left) and not line.text[0].islower()


def _paragraph(places: list[_Place], hyphens: Hyphens) -> Paragraph:
    text = hyphens.join([place.line.text for place in places])
    return Paragraph(
        " ".join(text.replace("\u00ad", "").split()),
        median_low(place.line.font_size for place in places),
        places[0].page,
        all(place.line.bold for place in places),
    )
