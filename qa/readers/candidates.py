"""Numbers, dates and names in a sentence, by their shape alone."""

import re
from collections.abc import Iterator

from qa.language.dates import WEEKDAY
from qa.language.lexicon import (
    CURRENCIES,
    MONTHS,
    NUMBER_WORDS,
    SCALES,
    STOP_WORDS,
    UNIT_SIZES,
    UNIT_SPELLINGS,
    alternatives,
)
from qa.language.words import stem
from qa.records.question import ExpectedAnswer

__all__ = ["candidates"]


def _unit_pattern(*kinds: str) -> str:
    """How the units that measure such a thing are written, as the inside of a group."""
    units = {unit for unit, (kind, _) in UNIT_SIZES.items() if kind in kinds}
    return alternatives(word for word, unit in UNIT_SPELLINGS.items() if unit in units)


_WORDS = alternatives(NUMBER_WORDS[1:])
_MONTHS = alternatives(name.capitalize() for name in MONTHS)
_AMOUNT = (
    rf"(?:(?:US|C|A)?[$£€¥]\s?)?(?:\d[\d,]*(?:\.\d+)?|\b(?:{_WORDS})(?:[- ](?:{_WORDS}))?\b)"
    rf"(?:[ -]?(?:{alternatives(SCALES)})\b)*"
    r"(?:\s?(?:%|percent\b|per cent\b|percentage points?\b))?"
)
_UNITS = {
    "distance": _unit_pattern("length"),
    "duration": _unit_pattern("time", "months"),
    "money": alternatives(
        word for words in CURRENCIES.values() for word in words.split() if word.isalpha()
    ),
    "age": "years? old|year-old",
}
_NUMBER = re.compile(_AMOUNT, re.IGNORECASE)
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTHS})\b\.?(?:,?\s+\d{{4}})?"
    rf"|(?:{_MONTHS})\b\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}})?"
    rf"|(?:(?:early|late|mid)[- ])?(?:{_MONTHS})\b\.?(?:\s+\d{{4}})?"
    rf"|(?:(?:last|next|on|early|late)\s+)?{WEEKDAY}\b"
    r"|(?:1[5-9]|20)\d\d\b|(?:yesterday|today|tomorrow)\b)",
)
_NAME = re.compile(
    r"[^\W\d_a-z][\w'’.&-]*(?:\s+(?:(?:of|the|de|la|le|van|von|der|al|bin|for)\s+){0,2}"
    r"[^\W\d_a-z][\w'’&-]*)*"
)


def candidates(sentence: str, expected: ExpectedAnswer) -> list[tuple[int, int]]:
    """Ranges in the sentence that have the form wanted, the likeliest first.

    Likely means near the noun asked for and near the question's other words, and not in the
    question itself. Empty when nothing has that form.
    """
    ranges = list(_of_kind(sentence, expected))
    anchors = [
        (match.start(), 2.0 if stem(match.group()) in expected.focus else 1.0)
        for match in re.finditer(r"[\w'’]+", sentence)
        if stem(match.group()) in expected.terms
    ]

    def likelihood(candidate: tuple[int, int]) -> float:
        start, end = candidate
        nearby_terms = sum(
            weight / (20 + min(abs(place - start), abs(place - end))) for place, weight in anchors
        )
        return nearby_terms + (0.1 if _fits(sentence, candidate, expected) else 0.0)

    return sorted(ranges, key=lambda candidate: -likelihood(candidate))


def _of_kind(sentence: str, expected: ExpectedAnswer) -> Iterator[tuple[int, int]]:
    if expected.kind == "phrase":
        return
    if expected.kind == "date":
        for match in _DATE.finditer(sentence):
            # "may" the verb is a date only with a day or a year.
            if match.group() != "May" or match.start():
                yield match.span()
        return
    if expected.kind == "number":
        dates = [match.span() for match in _DATE.finditer(sentence)]
        for match in _NUMBER.finditer(sentence):
            in_date = any(low <= match.start() < high for low, high in dates)
            in_word = sentence[match.start() - 1 : match.start()].isalnum()
            if not in_date and not in_word and stem(match.group()) not in expected.names:
                end = match.start() + len(match.group().rstrip(" ,.-"))
                # "34 miles" and "two days" are answers; of "90,000 leaflets" the number is.
                unit = _unit_after(sentence, end, expected)
                yield match.start(), end + (unit.end() if unit else 0)
        return
    for match in _NAME.finditer(sentence):
        yield from _name(sentence, match.start(), match.end(), expected)


def _name(
    sentence: str, start: int, end: int, expected: ExpectedAnswer
) -> Iterator[tuple[int, int]]:
    """A run of capitalised words without the words at its edges that are no name."""
    words = [(start + w.start(), start + w.end()) for w in re.finditer(r"\S+", sentence[start:end])]
    while words and _plain(sentence[slice(*words[0])]):
        words.pop(0)
    while words and _plain(sentence[slice(*words[-1])]):
        words.pop()
    if not words:
        return
    start, end = words[0][0], words[-1][1]
    name = sentence[start:end].rstrip(".,;:'’")
    name_stems = {stem(word) for word in re.findall(r"[\w'’-]+", name)}
    if name and not name_stems <= set(expected.terms) | {""}:
        yield start, start + len(name)


def _plain(word: str) -> bool:
    return word.lower().strip(".,'’") in STOP_WORDS


def _unit_after(sentence: str, end: int, expected: ExpectedAnswer) -> re.Match[str] | None:
    if expected.unit not in _UNITS:
        return None
    return re.match(
        rf"[\s-]?(?:{_UNITS[expected.unit]})\b", sentence[end : end + 20], re.IGNORECASE
    )


def _fits(sentence: str, candidate: tuple[int, int], expected: ExpectedAnswer) -> bool:
    """Whether what surrounds the candidate says that it is the thing asked for."""
    start, end = candidate
    text_after, text = sentence[end : end + 40], sentence[start:end]
    if expected.kind == "date":
        return any(character.isdigit() for character in text)
    if expected.unit in _UNITS:
        unit_end = re.search(rf"(?:{_UNITS[expected.unit]})$", text, re.IGNORECASE)
        return unit_end is not None or (expected.unit == "money" and text[0] in "$£€¥UC")
    if expected.unit == "share":
        return "%" in text or "percent" in text or "per cent" in text
    return any(stem(word) in expected.focus for word in re.findall(r"[\w'’]+", text_after)[:3])
