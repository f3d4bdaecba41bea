"""Numbers in a text, in digits or in words, each where it stands. Strings only."""

import re
from typing import NamedTuple

from text_to_num import text2num

from qa.language.lexicon import NUMBER_WORDS, SCALES, alternatives

__all__ = ["Number", "numbers", "values"]

_SPELLED_SCALES = [word for word in SCALES if len(word) > 2]
_WORD = (
    rf"(?:{alternatives([*NUMBER_WORDS, *(each for each in _SPELLED_SCALES if each != 'dozen')])})"
)
_DIGITS = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = rf"(?:\s?-?(?:{alternatives(SCALES)})\b)"
_NUMBER = re.compile(
    # Digits with a scale: "1.5 million", "3.1bn"; ordinals are none.
    rf"(?P<digits>(?<![\w.])(?:{_DIGITS})|(?<=[^\W\d_])\d+)(?!(?:st|nd|rd|th)\b)(?P<scales>{_SCALE}*)"
    # Words: "twenty-one thousand", "a hundred and five", "two and a half million".
    rf"|\b(?:a\s(?=hundred|thousand|million))?(?P<words>{_WORD}(?:(?:\s|-|\sand\s){_WORD})*)\b(?P<half>\sand\sa\shalf)?(?P<more>{_SCALE}*)"
    # "half a million", "a dozen".
    rf"|\b(?:(?P<part>half)\s)?an?\s(?P<unit>{alternatives(_SPELLED_SCALES)})\b|\b(?P<bare>dozen)\b",
    re.IGNORECASE,
)


class Number(NamedTuple):
    """A number where it stands in a text, half open; digits or words, scales applied."""

    value: float
    start: int
    end: int


def numbers(text: str) -> list[Number]:
    """The numbers of a text in their order; ordinals and fractions are none.

    >>> numbers("He paid 1.5 million")
    [Number(value=1500000.0, start=8, end=19)]
    """
    found: list[Number] = []
    for match in _NUMBER.finditer(text):
        found += _read(match)
    return found


def values(text: str) -> frozenset[float]:
    """The numbers in a text, digits or words, scales applied.

    >>> sorted(values("twenty-one of 1.5 million, half a million of them in two dozen towns"))
    [21.0, 24.0, 500000.0, 1500000.0]
    """
    return frozenset(number.value for number in numbers(text))


def _read(match: re.Match[str]) -> list[Number]:
    start, end = match.span()
    if match["digits"]:
        value = float(match["digits"].replace(",", ""))
        return [Number(_scaled(value, match["scales"]), start, end)]
    if match["words"]:
        spelled = _spelled(match["words"], match.start("words"))
        if match["half"] or match["more"]:
            last = spelled[-1]
            value = last.value + (0.5 if match["half"] else 0.0)
            spelled[-1] = Number(_scaled(value, match["more"]), last.start, end)
        return spelled
    if match["bare"]:
        return [Number(SCALES["dozen"], start, end)]
    return [Number(SCALES[match["unit"].lower()] * (0.5 if match["part"] else 1), start, end)]


def _scaled(value: float, scales: str | None) -> float:
    for scale in re.findall(r"[a-z]+", (scales or "").lower()):
        value *= SCALES[scale]
    return value


def _spelled(run: str, offset: int) -> list[Number]:
    """The numbers of a run of number words: as few as can be read, from the left."""
    words = [*re.finditer(r"[a-z]+", run, re.IGNORECASE)]
    found: list[Number] = []
    place = 0
    while place < len(words):
        for end in range(len(words), place, -1):
            low, high = words[place].start(), words[end - 1].end()
            value = _value(run[low:high].lower().replace("-", " "))
            if value is not None:
                found.append(Number(value, offset + low, offset + high))
                place = end
                break
        else:
            place += 1
    return found


def _value(words: str) -> float | None:
    try:
        return float(text2num(words, "en"))
    except ValueError:
        return None
