"""Where sentences and headings stand in a text. Knows nothing of passages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Unit", "sentences", "units"]

_LINE_END = re.compile(r"\r\n?|\n")
# What begins a line of its own: nothing, a list marker, a table row, a heading, a quotation.
_NEW_LINE = re.compile(r"[ \t]*([\r\n]|\Z|[-*•#|>]|\d{1,2}[.)]\s)")
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


def units(text: str, language: str) -> list[Unit]:
    """The sentences of ``text`` with what is known of their lines, in reading order."""
    ranges = list(_sentence_ranges(text, language))
    found: list[Unit] = []
    run = 0
    for number, (start, end) in enumerate(ranges):
        opens = not number or "\n" in text[ranges[number - 1][1] : start]
        closes = number + 1 < len(ranges) and "\n" in text[end : ranges[number + 1][0]]
        short = end - start <= 90 and (text[start] == "#" or not text[end - 1].endswith(_ENDS))
        heading = opens and closes and short
        run = run + 1 if heading else 0
        # Three short lines in a row are a list, which may part anywhere.
        found.append(Unit(start, end, opens, heading and run < 3))
    return found


def _sentence_ranges(text: str, language: str) -> Iterator[tuple[int, int]]:
    import sentencex

    position = 0
    for boundary in sentencex.get_sentence_boundaries(language, text):
        # Boundaries may leave gaps (of line ends, so far): whatever stands there is kept.
        for low, high in ((position, boundary["start_index"]), _range(boundary)):
            for start, end in _lines(text[low:high], low):
                trimmed = text[start:end]
                lead = len(trimmed) - len(trimmed.lstrip())
                if lead < len(trimmed):
                    yield start + lead, start + len(trimmed.rstrip())
        position = boundary["end_index"]


def _range(boundary: Mapping[str, Any]) -> tuple[int, int]:
    return boundary["start_index"], boundary["end_index"]


def _lines(segment: str, offset: int) -> Iterator[tuple[int, int]]:
    """Break a sentence at line ends that end a heading or list item, not at wrapped lines."""
    start = line_start = 0
    for found in _LINE_END.finditer(segment):
        line = segment[line_start : found.start()].rstrip()
        line_start = found.end()
        if len(line) < 45 or line.endswith(_ENDS) or _NEW_LINE.match(segment, found.end()):
            yield offset + start, offset + found.end()
            start = found.end()
    if start < len(segment):
        yield offset + start, offset + len(segment)
