"""The pieces of text on a page of a PDF and where they stand. Knows no order among them.

A segment is what stands on one line without a wide gap. Lengths are points; y grows upwards.
"""

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Any

__all__ = ["Segment", "Sheet", "Word", "sheet_of"]

TextPage = Any  # of pypdfium2, which has no types
_Box = tuple[float, float, float, float]  # left, bottom, right, top

# All are shares of the height of a character's box, which is some 1.15 times the size of its font.
# A gap as wide as this ends a segment: what is as wide between words of a justified line is
# joined again when the line is read.
_GAP = 0.55
# How far a letter may be moved back (kerning, accents) and still go on.
_BACK = 0.4
# Two equal characters less apart than this are one, drawn twice to look bold.
_DOUBLED = 0.1
# Points: the grid in which doubled characters are looked for.
_CELL = 4.0
# The share of letters with a space before them from which on a text is set wide apart; words of
# such a text are this many times as far apart as its letters.
_LETTERSPACED, _WORD_GAP = 0.6, 1.6
_HYPHENS = {0x02: "-", 0xFFFE: "-", 0xAD: "\u00ad"}
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
# Points: how exactly a word stands at an edge that it begins a column at.
_EXACT = 0.6
# How much higher than its size the boxes of a font usually are.
_BOX = 1.15
# Characters of a page that tell which way its text runs.
_SAMPLE = 60
_BOLD = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """What stands between two spaces of a segment, and where it begins and ends."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Segment:
    """Words and the box around them; ``size`` is the height of its characters' boxes, which
    depends on the font, ``font_size`` that of the font itself.

    ``upright`` is False for text that is turned against the page.
    """

    words: tuple[Word, ...]
    left: float
    right: float
    bottom: float
    top: float
    font_size: float
    bold: bool = False
    upright: bool = True

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def size(self) -> float:
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def beside(self, other: "Segment") -> bool:
        """Whether the two stand on one line."""
        shared = min(self.top, other.top) - max(self.bottom, other.bottom)
        return shared > 0.5 * min(self.size, other.size)

    def parts_at(self, edge: float) -> "tuple[Segment, ...]":
        """The parts before and after an upright edge at which one of its words begins, in points;
        the segment itself if none does.
        """
        for number, word in enumerate(self.words):
            if number and abs(word.left - edge) < _EXACT:
                before, after = self.words[:number], self.words[number:]
                return (
                    replace(self, words=before, right=before[-1].right),
                    replace(self, words=after, left=after[0].left),
                )
        return (self,)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The segments of a page in the order in which they are drawn, none empty, turned so that
    most of the text is upright; and the lower and the upper edge of the page.
    """

    segments: tuple[Segment, ...]
    bottom: float
    top: float


@dataclass(slots=True)
class _Run:
    """A segment that is being read, from the character ``index`` on. Each of its letters is a
    character, where it begins and ends, and the space before it: "", "real" or "generated".
    """

    index: int
    left: float
    bottom: float
    right: float
    top: float
    letters: list[tuple[str, float, float, str]]

    @property
    def words(self) -> tuple[Word, ...]:
        words: list[Word] = []
        start = 0
        for end in [*self._word_starts(), len(self.letters)]:
            letters = self.letters[start:end]
            text = "".join(letter[0] for letter in letters).translate(_LIGATURES)
            # A soft hyphen is seen at the end of a line alone.
            if end < len(self.letters) or not text.endswith("\u00ad"):
                text = text.replace("\u00ad", "")
            if text.strip():
                words.append(Word(text.strip(), letters[0][1], letters[-1][2]))
            start = end
        return tuple(words)

    def _word_starts(self) -> list[int]:
        """The numbers of the letters with a space before them. Of letters that are set wide
        apart, such as V A L V E, those that are farther apart than the others.
        """
        starts = [number for number, letter in enumerate(self.letters) if letter[3] and number]
        generated = sum(letter[3] == "generated" for letter in self.letters)
        between = len(self.letters) - 1
        if generated < 2 or generated < _LETTERSPACED * between:
            return starts
        pairs = list(pairwise(self.letters))
        usual = median(after[1] - before[2] for before, after in pairs)
        return [
            number
            for number, (before, after) in enumerate(pairs, start=1)
            if after[1] - before[2] > _WORD_GAP * usual
        ]


def sheet_of(page: Any, layer: TextPage) -> Sheet:
    """What stands where on a page; ``layer`` is its text."""
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFText_CountChars(layer)
    sample = range(0, count, count // _SAMPLE + 1)
    turned = Counter(_angle(layer, index) for index in sample).most_common(1)
    turn = turned[0][0] if turned else 0
    segments = (_segment(run, layer, turn) for run in _runs(layer, count, turn))
    _, bottom, _, top = _turned(page.get_cropbox(), turn)
    return Sheet(tuple(each for each in segments if each.words), bottom, top)


def _angle(layer: TextPage, index: int) -> int:
    """How far a character is turned, in quarters of a circle, 0 to 3; -1 if it is aslant."""
    import pypdfium2.raw as pdfium

    quarters = 2 * pdfium.FPDFText_GetCharAngle(layer, index) / math.pi
    return round(quarters) % 4 if abs(quarters - round(quarters)) < 0.1 else -1


def _runs(layer: TextPage, count: int, turn: int) -> Iterator[_Run]:
    """One loop, since it is what takes the time: a book has millions of characters."""
    import pypdfium2.raw as pdfium

    code_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    rectangle = pdfium.FS_RECTF()
    reference = ctypes.byref(rectangle)
    drawn: dict[tuple[int, int, int], list[tuple[float, float]]] = {}
    run: _Run | None = None
    space = ""
    for index in range(count):
        code = code_of(layer, index)
        if code == 0x20 or code == 0xA0 or code == 0x09:
            if space != "real":
                space = "generated" if pdfium.FPDFText_IsGenerated(layer, index) else "real"
            continue
        if code == 0x0A or code == 0x0D:
            if run:
                yield run
            run, space = None, ""
            continue
        if not code or not box_of(layer, index, reference):
            continue
        left, bottom = rectangle.left, rectangle.bottom
        right, top = rectangle.right, rectangle.top
        if turn:
            left, bottom, right, top = _turned((left, bottom, right, top), turn)
        if _is_doubled(code, (left, bottom, right, top), drawn):
            continue
        character = _HYPHENS.get(code) or chr(min(code, 0x10FFFF))
        if run:
            height = max(1e-6, min(run.top - run.bottom, top - bottom))
            gap = left - run.right
            shared = min(run.top, top) - max(run.bottom, bottom)
            if shared > 0.5 * height and -_BACK * height < gap < _GAP * height:
                run.letters.append((character, left, right, space))
                # A raised or smaller character does not say how high the line is.
                if top - bottom > run.top - run.bottom:
                    run.bottom, run.top = bottom, top
                run.right = max(run.right, right)
                space = ""
                continue
            yield run
        run = _Run(index, left, bottom, right, top, [(character, left, right, "")])
        space = ""
    if run:
        yield run


def _is_doubled(
    code: int, box: _Box, drawn: dict[tuple[int, int, int], list[tuple[float, float]]]
) -> bool:
    """Whether the character was drawn at this place before; it is remembered."""
    left, bottom, right, top = box
    near = min(_DOUBLED * (top - bottom), 0.4 * (right - left), 0.5 * _CELL)
    if near <= 0:
        return False
    column, row = int(left / _CELL), int(bottom / _CELL)
    columns = {column, int((left - near) / _CELL), int((left + near) / _CELL)}
    rows = {row, int((bottom - near) / _CELL), int((bottom + near) / _CELL)}
    for each in columns:
        for other in rows:
            for x, y in drawn.get((code, each, other), ()):
                if abs(x - left) < near and abs(y - bottom) < near:
                    return True
    drawn.setdefault((code, column, row), []).append((left, bottom))
    return False


def _segment(run: _Run, layer: TextPage, turn: int) -> Segment:
    import pypdfium2.raw as pdfium

    name, flags, matrix = ctypes.create_string_buffer(128), ctypes.c_int(), pdfium.FS_MATRIX()
    pdfium.FPDFText_GetFontInfo(layer, run.index, name, 128, flags)
    font_size = pdfium.FPDFText_GetFontSize(layer, run.index)
    if pdfium.FPDFText_GetMatrix(layer, run.index, matrix):
        font_size *= math.hypot(matrix.c, matrix.d)
    size = max(run.top - run.bottom, 1e-3)
    return Segment(
        run.words,
        run.left,
        run.right,
        run.bottom,
        run.bottom + size,
        # A font whose boxes are of another order of height does not say how large it is.
        font_size if 0.4 * size < font_size < 2 * size else size / _BOX,
        bool(_BOLD.search(name.value)),
        _angle(layer, run.index) == turn,
    )


def _turned(box: _Box, turn: int) -> _Box:
    """A box turned back by so many quarters of a circle: 1 is text that runs downwards."""
    left, bottom, right, top = box
    match turn:
        case 1:
            return -top, left, -bottom, right
        case 2:
            return -right, -top, -left, -bottom
        case 3:
            return bottom, -right, top, -left
        case _:
            return box
