"""Numbers in a text, in digits or in words, and quantities: numbers with their units, compared by
value, unit and rounding. Strings only.
"""

import re
from math import floor, isclose, log10
from typing import Literal, NamedTuple

from text_to_num import text2num

import qa.thresholds as thresholds
from qa.language.lexicon import (
    CURRENCIES,
    HEDGES,
    NUMBER_WORDS,
    SCALES,
    UNIT_SIZES,
    UNIT_SPELLINGS,
    alternatives,
)

__all__ = ["Amount", "Number", "amounts", "compare", "numbers", "unit_beside", "values"]

_SPELLED_SCALES = [word for word in SCALES if len(word) > 2]
_WORD = (
    rf"(?:{alternatives([*NUMBER_WORDS, *(each for each in _SPELLED_SCALES if each != 'dozen')])})"
)
_DIGITS = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = rf"(?:\s?-?(?:{alternatives(SCALES)})\b)"
_NUMBER = re.compile(
    # Digits with a scale: "1.5 million", "3.1bn"; ordinals are none.
    rf"(?P<digits>(?<![\w.])(?:{_DIGITS})|(?<=[^\W\d_])\d+)(?!\d|(?:st|nd|rd|th)\b)(?P<scales>{_SCALE}*)"
    # Words: "twenty-one thousand", "a hundred and five", "two and a half million".
    rf"|\b(?:a\s(?=hundred|thousand|million))?(?P<words>(?<!\bno\s){_WORD}(?:(?:\s|-|\sand\s){_WORD})*)\b(?P<half>\sand\sa\shalf)?(?P<more>{_SCALE}*)"
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
    all_numbers: list[Number] = []
    for match in _NUMBER.finditer(text):
        all_numbers += _read_match(match)
    return all_numbers


def values(text: str) -> frozenset[float]:
    """The numbers in a text, digits or words, scales applied.

    >>> sorted(values("twenty-one of 1.5 million, half a million of them in two dozen towns"))
    [21.0, 24.0, 500000.0, 1500000.0]
    """
    return frozenset(number.value for number in numbers(text))


def _read_match(match: re.Match[str]) -> list[Number]:
    start, end = match.span()
    if match["digits"]:
        value = float(match["digits"].replace(",", ""))
        return [Number(_apply_scales(value, match["scales"]), start, end)]
    if match["words"]:
        spelled_numbers = _read_words(match["words"], match.start("words"))
        if match["half"] or match["more"]:
            last = spelled_numbers[-1]
            value = last.value + (0.5 if match["half"] else 0.0)
            spelled_numbers[-1] = Number(_apply_scales(value, match["more"]), last.start, end)
        return spelled_numbers
    if match["bare"]:
        return [Number(SCALES["dozen"], start, end)]
    return [Number(SCALES[match["unit"].lower()] * (0.5 if match["part"] else 1), start, end)]


def _apply_scales(value: float, scales: str | None) -> float:
    for scale in re.findall(r"[a-z]+", (scales or "").lower()):
        value *= SCALES[scale]
    return value


def _read_words(words_run: str, offset: int) -> list[Number]:
    """The numbers of a run of number words: as few as can be read, from the left."""
    words = [*re.finditer(r"[a-z]+", words_run, re.IGNORECASE)]
    spelled_numbers: list[Number] = []
    place = 0
    while place < len(words):
        for end in range(len(words), place, -1):
            low, high = words[place].start(), words[end - 1].end()
            value = _value(words_run[low:high].lower().replace("-", " "))
            if value is not None:
                spelled_numbers.append(Number(value, offset + low, offset + high))
                place = end
                break
        else:
            place += 1
    return spelled_numbers


def _value(words: str) -> float | None:
    try:
        return float(text2num(words, "en"))
    except ValueError:
        return None


# Quantities

# From here on "45" may be 45.2.
_WHOLE = 10
# From here on a number that ends in noughts is taken for rounded.
_LARGE = 1000
_SIGNS = [spelling for spelling in UNIT_SPELLINGS if not spelling[-1].isalpha()]
_SIGN_BEFORE = re.compile(rf"(?:{alternatives(_SIGNS)})\s?$", re.IGNORECASE)
_SIGN_BEHIND = re.compile(rf"\s?(?:(?P<sign>{alternatives(_SIGNS)})|(?P<share>per\s?cent))", re.I)
_WORD_BEHIND = re.compile(r"[\s-]*([^\W\d_]+(?:/h\b)?)")
_HEDGE_BEFORE = re.compile(
    rf"\b(?:{alternatives(HEDGES - {'an', 'to', 'only', 'just', 'at'})})\W*$", re.I
)
_AT_LEAST = re.compile(
    r"\b(?:at least|more than|over|exceeding|upwards of|no fewer than)\W*$", re.I
)
_SCORE = re.compile(r"\W*(\d+)\s?[-–—:]\s?(\d+)\W*")
_RANGE = re.compile(r"\s*(?:to|-|–|—|and)\s*")


class Amount(NamedTuple):
    """A number with its unit, empty if none stands beside it; ``about`` and ``least`` tell what
    the word before it says: that it is rounded, that it may be more.
    """

    value: float
    unit: str
    about: bool = False
    least: bool = False


def amounts(text: str) -> list[Amount]:
    """The quantities of a text, in order.

    >>> amounts("at least 4.5 million dollars")
    [Amount(value=4500000.0, unit='dollar', about=True, least=True)]
    """
    return [_amount(text, number) for number in numbers(text)]


def unit_beside(text: str, number: Number) -> str:
    """The unit of a number of the text: a sign at either side, or the word behind it.

    >>> unit_beside("€4.5 billion", numbers("€4.5 billion")[0])
    'euro'
    """
    if sign := _SIGN_BEFORE.search(text[: number.start]):
        return UNIT_SPELLINGS[sign.group().strip().lower()]
    if sign := _SIGN_BEHIND.match(text, number.end):
        return UNIT_SPELLINGS[sign["sign"].lower()] if sign["sign"] else "percent"
    word = _WORD_BEHIND.match(text, number.end)
    return UNIT_SPELLINGS.get(word[1].lower(), "") if word else ""


def compare(one: str, other: str) -> Literal["same", "contradicting", "different"]:
    """How the quantities of two answers relate; *different* where neither follows.

    They are the same where a number of the one is one of the other, in whatever units, rounded
    only where a word or the noughts of a large number say so.

    >>> compare("3 km", "3,000 metres"), compare("60 years", "61 years")
    ('same', 'contradicting')
    """
    scores = [_SCORE.fullmatch(text) for text in (one, other)]
    if scores[0] and scores[1]:
        return "same" if scores[0].groups() == scores[1].groups() else "contradicting"
    amounts_left, amounts_right = amounts(one), amounts(other)
    pairs = [(a, b) for a in amounts_left for b in amounts_right]
    if (
        any(_equal(a, b) for a, b in pairs)
        or _in_range(one, amounts_right)
        or _in_range(other, amounts_left)
    ):
        return "same"
    if any(_open(a, b) or _open(b, a) for a, b in pairs):
        return "different"
    return "contradicting" if pairs else "different"


def _amount(text: str, number: Number) -> Amount:
    text_before = text[: number.start]
    sign = _SIGN_BEFORE.search(text_before)
    text_before = text_before[: sign.start()] if sign else text_before
    at_least = _AT_LEAST.search(text_before) is not None
    return Amount(
        number.value,
        unit_beside(text, number),
        _HEDGE_BEFORE.search(text_before) is not None or at_least,
        at_least,
    )


def _base(amount: Amount) -> tuple[str, float]:
    """What is measured, and how many base units of it."""
    kind, size = UNIT_SIZES.get(amount.unit, (amount.unit, 1.0))
    return kind, amount.value * size


def _equal(one: Amount, other: Amount) -> bool:
    (kind, a), (other_kind, b) = _base(one), _base(other)
    if kind != other_kind:
        if one.unit and other.unit:
            return False
        a, b = one.value, other.value
    if isclose(a, b, rel_tol=1e-9):
        return True
    if one.about or other.about:
        return abs(a - b) <= thresholds.HEDGED * max(abs(a), abs(b))
    if one.unit == other.unit and min(a, b) >= _WHOLE and _is_rounding(a, b):
        return True
    may_round = kind in CURRENCIES or not kind or kind == other_kind
    return may_round and (_rounds_to(one.value, a, b) or _rounds_to(other.value, b, a))


def _is_rounding(one: float, other: float) -> bool:
    """Whether one of two numbers is the other without its decimals, rounded."""
    fine, coarse = sorted((one, other), key=float.is_integer)
    return not fine.is_integer() and coarse.is_integer() and abs(fine - coarse) <= 0.5


def _rounds_to(number: float, coarse: float, fine: float) -> bool:
    """Whether the finer number, rounded to the digits of the coarser one, is that."""
    if number < _LARGE or number != int(number) or not fine:
        return False
    digits = max(2, len(f"{number:.15g}".rstrip("0").lstrip("-")))
    if digits > 3 and not f"{number:.0f}".endswith("00"):
        return False
    return round(fine, digits - 1 - floor(log10(abs(fine)))) == coarse


def _open(one: Amount, other: Amount) -> bool:
    """Whether "at least" of the one leaves room for the other."""
    (kind, a), (other_kind, b) = _base(one), _base(other)
    return one.least and (kind == other_kind or not (kind and other_kind)) and b >= a


def _in_range(text: str, amounts_: list[Amount]) -> bool:
    """Whether an amount lies in a range that the text gives: "10 to 12"."""
    bounds = numbers(text)
    if len(bounds) != 2 or not _RANGE.fullmatch(text, bounds[0].end, bounds[1].start):
        return False
    if re.search(r"\d[-–]\d", text):
        return False  # a score
    low, high = (_amount(text, each) for each in bounds)
    unit = high.unit or low.unit
    return low.value < high.value and any(
        low.value <= each.value <= high.value and (not each.unit or not unit or each.unit == unit)
        for each in amounts_
    )
