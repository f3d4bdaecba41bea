"""Where sentences and headings stand in a text. Knows nothing of passages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

__all__ = ["Unit", "sentences", "units"]

_LINE_END = re.compile(r"\r\n?|\n")
# What begins a line of its own: nothing, a list marker, a table row, a heading, a quotation.
_NEW_LINE = re.compile(r"[ \t]*([\r\n]|\Z|[-*•#|>]|\d{1,2}[.)]\s)")
# The splitter's time grows with the square of a paragraph's length and of its punctuation: it is
# given at most this many characters at once, with at most this many marks in them. Ordinary prose
# has one mark in thirty characters.
WINDOW = 8000
_MARKS = 500
_MARK = re.compile(r"[^\w\s,-]")
_ENDS = tuple(".!?:;…。！？”\"'’»)]")


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence or heading, half open, without white space; ``opens`` tells that it begins a
    paragraph.
    """

    start: int
    end: int
    opens: bool
    heading: bool = False


def sentences(text: str, language: str = "en") -> list[tuple[int, int]]:
    """The half-open ranges of the sentences of ``text``, white space trimmed, none lost.

    >>> sentences("It rained. Mr. Low left.")
    [(0, 10), (11, 24)]
    """
    return list(_sentence_ranges(text, language))


def units(text: str, language: str) -> Iterator[Unit]:
    """The sentences of ``text`` with what is known of their lines, one by one in reading order:
    a text of the largest size may have millions.
    """
    ranges = _sentence_ranges(text, language)
    current, previous_end, run_length = next(ranges, None), 0, 0
    while current:
        start, end = current
        current = next(ranges, None)
        opens = not previous_end or "\n" in text[previous_end:start]
        closes = current is not None and "\n" in text[end : current[0]]
        short = end - start <= 90 and (text[start] == "#" or not text[end - 1].endswith(_ENDS))
        heading = opens and closes and short
        run_length = run_length + 1 if heading else 0
        # Three short lines in a row are a list, which may part anywhere.
        yield Unit(start, end, opens, heading and run_length < 3)
        previous_end = end


def _sentence_ranges(text: str, language: str) -> Iterator[tuple[int, int]]:
    position = 0
    for low, high in _boundaries(text, language):
        # Boundaries may leave gaps (of line ends, so far): whatever stands there is kept.
        parts = [(position, low), (low, high)] if position < low else [(low, high)]
        for first, last in parts:
            segment = text[first:last]
            has_breaks = "\n" in segment or "\r" in segment
            for start, end in _lines(segment, first) if has_breaks else [(first, last)]:
                line = text[start:end]
                if line and not line.isspace():
                    yield end - len(line.lstrip()), start + len(line.rstrip())
        position = high


def _boundaries(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Sentences as the splitter finds them, window by window. Windows part between paragraphs;
    in a longer paragraph each starts with the sentence that the one before may have cut.
    """
    import sentencex

    start = 0
    while start < len(text):
        end, whole = _window(text, start)
        ranges = [
            (start + each["start_index"], start + each["end_index"])
            for each in sentencex.get_sentence_boundaries(language, text[start:end])
        ]
        if not whole:
            # What a quotation holds can only be told when its end is in sight.
            settled_ranges = [each for each in ranges if each[1] <= start + (end - start) * 3 // 4]
            ranges = settled_ranges or ranges[:-1] or [(start, _cut_at(text, start, end))]
            end = ranges[-1][1]
        yield from ranges
        start = end


def _window(text: str, start: int) -> tuple[int, bool]:
    """Where the window ends, and whether that is the end of a paragraph or of the text."""
    limit = start + WINDOW
    marks = islice(_MARK.finditer(text, start, limit), _MARKS, None)
    limit = next((mark.start() for mark in marks), limit)
    if limit >= len(text):
        return len(text), True
    paragraph = text.rfind("\n\n", start, limit)
    return (paragraph + 2, True) if paragraph >= 0 else (limit, False)


def _cut_at(text: str, start: int, end: int) -> int:
    """Where a sentence that fills its window is broken: at its last line end, else after its last
    space, else at the end of the window.
    """
    return next(
        (place + 1 for sign in "\n " if (place := text.rfind(sign, start, end)) > start), end
    )


def _lines(segment: str, offset: int) -> Iterator[tuple[int, int]]:
    """Break a sentence at line ends that end a heading or list item, not at wrapped lines."""
    start = line_start = 0
    for line_end in _LINE_END.finditer(segment):
        line = segment[line_start : line_end.start()].rstrip()
        line_start = line_end.end()
        if len(line) < 45 or line.endswith(_ENDS) or _NEW_LINE.match(segment, line_end.end()):
            yield offset + start, offset + line_end.end()
            start = line_end.end()
    if start < len(segment):
        yield offset + start, offset + len(segment)
