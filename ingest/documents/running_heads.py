"""What stands at the top and the bottom of pages and is no part of the text: the outlet's name,
the day, the number of the page.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.documents.lines import rows_of
from ingest.documents.segments import Segment, Sheet

__all__ = ["Page", "without_heads"]

# Lines at either end of a page that may be heads.
_MOST = 3
# Points by which a head stands higher or lower on another page.
_SHIFT = 6.0
# Characters of a head.
_LONGEST = 120
# Shares of the size of the text: a head alone is smaller than that, and this far from the text.
_SMALLER, _NOT_LARGER, _APART = 0.93, 1.1, 0.5
# The share of a page's height at either end in which a head alone is looked for.
_ZONE = 0.15
_TITLE = 1.15
# A page number alone: 7, - 7 -, Page 7, S. 7, 7/12, page 7 of 12.
_PAGE_NUMBER = re.compile(
    r"\W{0,3}(?:[^\W\d_]{1,9}[.:]?[ ]?)?\d{1,4}(?:[ ]?(?:/|[^\W\d_]{1,4})[ ]?\d{1,4})?\W{0,3}"
)
_SENTENCE_END = re.compile(r"[.!?:;,\u2026][\"'\u201d\u2019\u00bb)]*$")

_Row = list[Segment]


@dataclass(frozen=True, slots=True)
class Page:
    """The segments of a page's text, and its heads as lines, from the top."""

    segments: tuple[Segment, ...]
    heads: tuple[str, ...] = ()


def without_heads(sheets: Sequence[Sheet]) -> list[Page]:
    """The pages of a document without their heads and feet. No page loses all its text."""
    body_size = _body_size(sheets)
    split_sheets = [rows_of([each for each in page.segments if each.upright]) for page in sheets]
    repeated = _repeated(split_sheets)
    return [
        _page(sheet, rows, repeated, body_size)
        for sheet, rows in zip(sheets, split_sheets, strict=True)
    ]


def _body_size(sheets: Sequence[Sheet]) -> float:
    """The size in which most of the text is set, in points."""
    sizes: Counter[float] = Counter()
    for sheet in sheets:
        for segment in sheet.segments:
            sizes[round(segment.font_size, 1)] += len(segment.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _text(row: _Row) -> str:
    return " ".join(segment.text for segment in row)


def _key(row: _Row) -> str:
    return re.sub(r"\d+", "#", _text(row)).casefold()


def _ends(rows: list[_Row]) -> list[_Row]:
    return rows if len(rows) <= 2 * _MOST else rows[:_MOST] + rows[-_MOST:]


def _repeated(pages: Sequence[list[_Row]]) -> set[tuple[str, int]]:
    """Heads that stand on several pages, with where they stand, in steps of ``_SHIFT``."""
    counts = Counter(
        place
        for rows in pages
        for place in {place for row in _ends(rows) for place in _places(row)}
    )
    return {place for place, count in counts.items() if count > 1}


def _places(row: _Row) -> list[tuple[str, int]]:
    if len(text := _key(row)) > _LONGEST:
        return []
    step = row[0].bottom / _SHIFT
    return [(text, int(step)), (text, int(step + 0.5))]


def _page(sheet: Sheet, rows: list[_Row], repeated: set[tuple[str, int]], body_size: float) -> Page:
    zone = _ZONE * (sheet.top - sheet.bottom)

    def peeled(rows: list[_Row]) -> list[_Row]:
        """The heads among rows that begin at the edge of the page."""
        heads: list[_Row] = []
        for row, following in pairwise(rows[: _MOST + 1]):
            at_edge = sheet.top - row[0].top < zone or row[0].bottom - sheet.bottom < zone
            is_repeated = any(place in repeated for place in _places(row))
            if not is_repeated and not (at_edge and _looks_like_head(row, following, body_size)):
                break
            heads.append(row)
        return heads

    top = peeled(rows)
    rest = rows[len(top) :]
    bottom = peeled(rest[::-1])
    heads = [*top, *bottom[::-1]]
    gone = {id(segment) for row in heads for segment in row}
    return Page(
        tuple(each for each in sheet.segments if id(each) not in gone),
        tuple(_text(row) for row in heads),
    )


def _looks_like_head(row: _Row, following: _Row, body_size: float) -> bool:
    """Whether a row at the edge of a page that is on no other page is a head all the same: it is
    no sentence, not larger than the text, stands apart, and is a page number, or has one at its
    end, or is smaller than the text, or stands above a title.
    """
    text = _text(row)
    size = max(segment.font_size for segment in row)
    if len(text) > _LONGEST or size > _NOT_LARGER * body_size or _SENTENCE_END.search(text):
        return False
    gap = max(
        min(each.bottom for each in row) - max(each.top for each in following),
        min(each.bottom for each in following) - max(each.top for each in row),
    )
    if gap < _APART * size:
        return False
    is_above = row[0].bottom > following[0].bottom
    over_title = is_above and min(each.font_size for each in following) > _TITLE * body_size
    numbered = any(_PAGE_NUMBER.fullmatch(row[end].text) for end in (0, -1))
    return numbered or size < _SMALLER * body_size or over_title
