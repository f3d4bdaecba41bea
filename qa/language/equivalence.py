"""Whether two answers say the same, contradict each other, or cannot be compared. Strings only.

Names compare by the words that tell them apart, numbers by value, unit and rounding, dates by
day. What is not known to be the same or to contradict is neither.
"""

import re
from typing import Literal

import qa.thresholds as thresholds
from qa.language.dates import WEEKDAY, compatible, is_date, read_date
from qa.language.lexicon import (
    CURRENCIES,
    HEDGES,
    JOINING_WORDS,
    NEGATIONS,
    STOP_WORDS,
    UNIT_SIZES,
    alternatives,
)  # fmt: skip
from qa.language.names import compare_names
from qa.language.numerals import Number, amounts, compare, numbers
from qa.language.words import bare_words, holds, stem

__all__ = ["QUANTITIES", "Form", "disagree", "form", "relation", "same"]

Form = Literal[
    "yesno", "date", "time", "duration", "number", "money", "percentage", "name", "phrase"
]
Relation = Literal["same", "contradicting", "different"]

QUANTITIES = frozenset({"duration", "number", "money", "percentage"})
"""The forms of an answer that is a number, with or without a unit."""

_YES_NO = re.compile(r"\W*(yes|no)\W*", re.IGNORECASE)
_HOUR = re.compile(
    r"\W*(?:at |around |about |by |until |from |shortly |before |after |just )*"
    r"(?:\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?\s?m\b\.?|\d{1,2}:\d\d(?: hours)?|noon|midnight|midday"
    r"|\d{1,2} o['’]clock)(?: (?:[A-Z]{2,4}|local time|on \w+))?\W*",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\W*(?:the )?\d+(?:st|nd|rd|th)\W*", re.IGNORECASE)
# "A five-star hotel", "an eight-year-old boy".
_COMPOUND = re.compile(r"\ban? (?:[^\W\d_]+|\d+)-[^\W\d_]+(?:-[^\W\d_]+)* [^\W\d_]")
_WORDS = re.compile(r"\d[\d,.]*|[^\W\d_][\w'’.&-]*|[^\W\d_]")
_WEEKDAY = re.compile(rf"\b{WEEKDAY}\b", re.IGNORECASE)
_NEGATION = re.compile(rf"\b(?:{alternatives(NEGATIONS)})\b|n['’]t\b", re.IGNORECASE)


def form(text: str) -> Form:
    """What an answer looks like.

    >>> [form(text) for text in ("nine sailors", "3 March 2021", "Theresa May", "by hand")]
    ['number', 'date', 'name', 'phrase']
    >>> [form(text) for text in ("10 Downing Street", "$5", "two weeks", "Boeing 737")]
    ['name', 'money', 'duration', 'name']
    """
    if _YES_NO.fullmatch(text):
        return "yesno"
    if _HOUR.fullmatch(text):
        return "time"
    if is_date(text):
        return "date"
    words = _WORDS.findall(text)
    if _ORDINAL.fullmatch(text):
        return "number"
    if _COMPOUND.search(text):
        return "phrase"
    if counted := numbers(text):
        return "name" if _named_number(text, counted[0]) else _quantity(text)
    return "name" if _capitals(words) else "phrase"


def relation(one: str, other: str) -> Relation:
    """*same*, *contradicting* (for a question with one answer both cannot be right), or
    *different*: of other forms, or nothing follows.

    >>> relation("King Charles", "King Felipe"), relation("Biden", "President Joe Biden")
    ('contradicting', 'same')
    >>> relation("2021", "3 March 2021"), relation("nine", "Reuters")
    ('same', 'different')
    """
    if one.strip() == other.strip():
        return "same"
    words, other_words = bare_words(one), bare_words(other)
    kinds = (form(one), form(other))
    if set(kinds) <= QUANTITIES:
        return compare(one, other)
    if words == other_words:
        return "same"
    if kinds == ("date", "date"):
        return _date_relation(one, other)
    if kinds == ("time", "time"):
        return "same" if _minutes(one) == _minutes(other) else "contradicting"
    if kinds == ("yesno", "yesno"):
        return "contradicting"
    if kinds == ("name", "name"):
        return compare_names(one, other)
    if set(kinds) == {"name", "date"}:
        # "May" is a month, and part of "Theresa May".
        return "same" if holds(words, other_words) or holds(other_words, words) else "different"
    if set(kinds) <= {"name", "phrase"}:
        return _phrase_relation(words, other_words, one, other)
    return "different"


def same(one: str, other: str) -> bool:
    """Whether two answers say the same, as far as both go.

    >>> same("Biden", "President Joe Biden"), same("9 people", "nine"), same("US", "United States")
    (True, True, True)
    """
    return relation(one, other) == "same"


def disagree(one: str, other: str) -> bool:
    """Whether two answers are of one form and cannot both be meant: other numbers, dates, names.

    >>> disagree("nine", "eleven"), disagree("Reuters", "nine"), disagree("2021", "3 March 2021")
    (True, False, False)
    """
    return relation(one, other) == "contradicting"


# Forms


def _quantity(text: str) -> Form:
    units = {amount.unit for amount in amounts(text)}
    if units & set(CURRENCIES):
        return "money"
    if "percent" in units or re.search(r"\bpercentage points?\b", text):
        return "percentage"
    is_time = any(UNIT_SIZES.get(unit, ("",))[0] in ("time", "months") for unit in units)
    return "duration" if is_time and not re.search(r"\b(?:old|ago)\b", text) else "number"


def _named_number(text: str, number: Number) -> bool:
    """Whether a number is part of a name: "Boeing 737", "10 Downing Street", "Seven Hills"."""
    words_before = _WORDS.findall(text[: number.start])
    words_behind = _WORDS.findall(text[number.end :])
    if re.search(r"[^\W\d_][-–]?$", text[: number.start]):
        return True  # "F-16", "G7", "Catch-22"
    leading_names = [
        word
        for word in words_before
        if word[0].isupper() and word.lower() not in HEDGES | STOP_WORDS
    ]
    money = re.search(r"[$€£¥₹]\s?$", text[: number.start]) is not None
    if leading_names and not money:
        return True
    if not words_behind or not words_behind[0][0].isupper() or money:
        return False
    # "300 Palestinians" are people, "50 Cent" and "Seven Hills" are not.
    is_capital = text[number.start].isupper()
    people = len([word for word in words_behind if word[0].isupper()]) == 1 and words_behind[
        0
    ].endswith("s")
    return is_capital or not people


def _capitals(words: list[str]) -> bool:
    """Whether most of the words that count have a capital, and not only the first of several."""
    content = [
        word
        for word in words
        if word.lower() not in JOINING_WORDS | STOP_WORDS or word[0].isupper()
    ]
    upper = [word for word in content if word[0].isupper() or re.search(r"[a-z][A-Z]|-[A-Z]", word)]
    opener = len(content) > 1 and upper == content[:1] and not re.search(r"\w[A-Z]|\d", content[0])
    # "Bank of Corvania" is a name, "the mayor of Haverleigh" is not.
    share = 2 * len(upper) / len(content) if content else 0.0
    return share > 1 or (share == 1 and content[0] in upper and not opener)


# Relations


def _date_relation(one: str, other: str) -> Relation:
    left, other_day = read_date(one), read_date(other)
    if left and other_day:
        return "same" if compatible(left, other_day) else "contradicting"
    days = [{day.lower().rstrip("s") for day in _WEEKDAY.findall(text)} for text in (one, other)]
    # Weekdays without a date mean another one in every article, but never each other.
    if all(days) and not left and not other_day:
        return "same" if days[0] & days[1] else "different"
    return "different"


def _minutes(text: str) -> int | None:
    """A time of day in minutes after midnight."""
    low = text.lower()
    if "noon" in low or "midday" in low:
        return 720
    if "midnight" in low:
        return 0
    match = re.search(r"(\d{1,2})(?:[:.](\d\d))?\s?([ap])?", low)
    if not match:
        return None
    hour = int(match[1]) % 12 if match[3] else int(match[1])
    return 60 * (hour + 12 * (match[3] == "p")) + int(match[2] or 0)


def _phrase_relation(left: list[str], other_words: list[str], one: str, other: str) -> Relation:
    first, second = ({stem(word) for word in words} - _SMALL for words in (left, other_words))
    negations = [_NEGATION.search(text) is not None for text in (one, other)]
    if not first or not second:
        return "different"
    shared_part = len(first & second) / min(len(first), len(second))
    if negations[0] != negations[1]:
        return "contradicting" if shared_part == 1 and len(first ^ second) <= 1 else "different"
    if shared_part == 1 and max(len(first), len(second)) <= 2 * min(len(first), len(second)) + 1:
        return "same"
    return (
        "same"
        if shared_part > thresholds.SAME_PHRASE and min(len(first), len(second)) > 1
        else "different"
    )


_SMALL = frozenset(stem(word) for word in STOP_WORDS - NEGATIONS)
