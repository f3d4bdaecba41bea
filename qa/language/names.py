"""Whether two names are one, by the words that tell them apart. Strings only."""

import re
import unicodedata
from difflib import SequenceMatcher
from typing import Literal

import qa.thresholds as thresholds
from qa.language.lexicon import (
    COMPANY_FORMS,
    JOINING_WORDS,
    NAME_ABBREVIATIONS,
    THINGS,
    TITLES,
)
from qa.language.words import bare_words

__all__ = ["compare_names"]

# Shorter words are no spellings of each other.
_SHORTEST = 5
_ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})")
_DIRECTIONS = ("north", "south", "east", "west")


def compare_names(one: str, other: str) -> Literal["same", "contradicting", "different"]:
    """How two names relate; *different* where one is another thing that is called after the other.

    >>> compare_names("Biden", "President Joe Biden"), compare_names("Jill Biden", "Joe Biden")
    ('same', 'contradicting')
    >>> compare_names("London", "London Bridge")
    'different'
    """
    if _short_for(one, other) or _short_for(other, one):
        return "same"
    words, other_words = _telling(one), _telling(other)
    short, long = sorted((words, other_words), key=len)
    if not short:
        return "different"
    places = [_place_of(name) for name in (one, other)]
    if all(places) and not _spelled_alike(*places):
        return "contradicting"  # "Portland, Oregon" and "Portland, Maine"
    if _spelled_alike(words, other_words) or set(words) == set(other_words):
        return "same"
    place = _find_name(short, long)
    if place is not None:
        leading_words, trailing_words = long[:place], long[place + len(short) :]
        # "London Bridge" and "the Bank of London" are not London; "Apple Computer" is Apple.
        if leading_words and leading_words[-1] in _DIRECTIONS:
            return "contradicting"  # "West Virginia" and "Virginia"
        other_thing = (trailing_words and trailing_words[-1] in THINGS) or not THINGS.isdisjoint(
            leading_words
        )
        return "different" if other_thing else "same"
    if set(words) & set(other_words) and (words[-1] in THINGS) != (other_words[-1] in THINGS):
        return "different"
    return "contradicting"


def _telling(name: str) -> list[str]:
    """The words that tell a name from others: no title, no article, no form of company, and of a
    place not what it lies in ("Paris, France").
    """
    name = _without_accents(name)
    words = bare_words(name.partition(",")[0] or name) or bare_words(name)
    words = [NAME_ABBREVIATIONS.get(word, word) for word in words]
    words = [*words[:1], *(_arabic(word) for word in words[1:])]
    telling_words = [
        word
        for word in words
        if word not in JOINING_WORDS and word.rstrip(".") not in COMPANY_FORMS
    ]
    while len(telling_words) > 1 and telling_words[0] in TITLES:
        telling_words = telling_words[1:]
    return telling_words or words


def _place_of(name: str) -> list[str]:
    """What stands behind the comma of a name: where a place lies, which part of a work it is."""
    return bare_words(_without_accents(name).partition(",")[2])


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _arabic(word: str) -> str:
    """A Roman number up to 39 in Arabic digits; any other word as it is."""
    if not word or not _ROMAN.fullmatch(word):
        return word
    values = [{"i": 1, "v": 5, "x": 10}[letter] for letter in word]
    following = [*values[1:], 0]
    return str(sum(-a if a < b else a for a, b in zip(values, following, strict=True)))


def _find_name(short: list[str], long: list[str]) -> int | None:
    """Where the words of one name stand in a row in the other, or as its first and last ones with
    initials and middle names between; None if nowhere.
    """
    for place in range(len(long) - len(short) + 1):
        if all(_same_word(a, b) for a, b in zip(short, long[place:], strict=False)):
            return place
    outer = len(short) == 2 and len(long) > 2
    if outer and _same_word(short[0], long[0]) and _same_word(short[1], long[-1]):
        return len(long) - len(short)
    return None


def _same_word(one: str, other: str) -> bool:
    if one == other or "" in (one, other):
        return one == other
    if 1 in (len(one), len(other)):
        return one[0] == other[0] and not (one + other).isdecimal()
    if min(len(one), len(other)) < _SHORTEST:
        return one.rstrip("s") == other.rstrip("s")
    first, second = sorted((one, other))
    return SequenceMatcher(None, first, second).ratio() > thresholds.SAME_SPELLING


def _spelled_alike(words: list[str], other_words: list[str]) -> bool:
    """Whether two names are one but for the spelling of their words, hyphens and blanks."""
    if len(words) == len(other_words):
        return all(_same_word(a, b) for a, b in zip(words, other_words, strict=True))
    return "".join(words).replace("-", "") == "".join(other_words).replace("-", "")


def _short_for(short: str, long: str) -> bool:
    """Whether one is written with the initials of the other: "US", "United States"."""
    letters = re.sub(r"[^A-Z]", "", short)
    words = re.findall(r"\b[A-Z][\w’'-]+", long)
    initials = "".join(word[0] for word in words)
    bare = re.sub(r"^(?:the|The) ", "", short)
    return len(letters) > 1 and bare.replace(".", "").isupper() and letters == initials
