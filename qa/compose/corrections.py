"""What articles correct: "The article said 61,000 vehicles. The correct figure is 16,000."

English, and strings only. A notice tells the error in its own words, so whoever reads it as any
other text quotes the error.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import qa.thresholds as thresholds
from qa.language.dates import dates
from qa.language.equivalence import QUANTITIES, disagree, form
from qa.language.numerals import numbers, values
from qa.language.phrases import names
from qa.language.sentences import sentences
from qa.language.words import bare_words, content_stems, holds

__all__ = ["Erratum", "Withdrawal", "errata", "withdrawals"]

# Other people's reports say things, too; "the article" in a notice is one of the outlet's own.
_ERROR = re.compile(
    r"\b(?:the|this|our|an?|earlier|previous|original|first) "
    r"(?:article|story|headline|caption|column|version of (?:the|this) \w+)\b"
    r".*\b(?:said|stated|gave|given|reported|misstated|put|named|misspelled|misidentified)\b",
    re.IGNORECASE | re.DOTALL,
)
# What an outlet says in its own name of an earlier issue is taken back by the next sentence, in
# whatever words.
_EARLIER = (
    r"(?:our|an earlier|a previous|last (?:week|month)['’]s|yesterday['’]s) (?:\w+ )?"
    r"(?:issue|edition|article|story|report|column|page)\b"
)
_WE_SAID = r"\bwe (?:\w+ly )?(?:said|stated|gave|reported|misstated|put|named|wrote)\b"
_OWN_ERROR = re.compile(
    rf"\b{_EARLIER}[^.]{{0,40}}{_WE_SAID}|{_WE_SAID}[^.]{{0,40}}\bin {_EARLIER}", re.IGNORECASE
)
_NEXT_WORD = re.compile(r"[ -](\w+)")
_RIGHT = re.compile(
    r"\bthe correct (?:\w+ )?(?:figure|number|count|sum|total|amount|price|cost|share|percentage"
    r"|rate|score|value|name|spelling|title|date|day|year|time|age|length|distance|weight|height|size)"
    r"(?: \w+)? (?:is|was|are|were)\b|\bshould have (?:been|read|said|given)\b",
    re.IGNORECASE,
)


class Erratum(NamedTuple):
    """Half-open ranges in a text: the sentence that tells the error, the one that puts it right,
    and what it says instead.
    """

    error: tuple[int, int]
    sentence: tuple[int, int]
    right: tuple[int, int]


class Withdrawal(NamedTuple):
    """The half-open range of the sentence that tells an error, the numbers in it that are wrong,
    those of days left out, and the stems of its words that count, numbers left out.
    """

    error: tuple[int, int]
    wrong: frozenset[float]
    words: frozenset[str]


def withdrawals(text: str) -> Iterator[Withdrawal]:
    """The errors that a text takes back, in order.

    >>> text = "The article said that 61,000 cars came. The correct figure is 16,000 a day."
    >>> [(text[slice(*each.error)], sorted(each.wrong)) for each in withdrawals(text)]
    [('The article said that 61,000 cars came.', [61000.0])]
    """
    for error, right, _ in _notices(text):
        error_text = text[slice(*error)]
        undated_text = error_text
        for day in dates(error_text):
            undated_text = undated_text.replace(day, " ")
        wrong = values(undated_text) - values(text[slice(*right)])
        yield Withdrawal(error, wrong, content_stems(undated_text))


def errata(text: str, answer: str) -> Iterator[Erratum]:
    """Where a text corrects an answer: gives another number, date or name for it.

    >>> text = "The article said that 61,000 cars came. The correct figure is 16,000 a day."
    >>> [text[slice(*each.right)] for each in errata(text, "61,000 cars")]
    ['16,000']
    >>> list(errata(text, "one"))
    []
    """
    for error, (low, high), at in _notices(text):
        corrects = _says(text[slice(*error)], answer) and not _says(text[low:high], answer)
        if corrects and (
            replacement := _find_replacement(text[at:high], answer, text[slice(*error)])
        ):
            yield Erratum(error, (low, high), (at + replacement[0], at + replacement[1]))


def _notices(text: str) -> Iterator[tuple[tuple[int, int], tuple[int, int], int]]:
    """Each sentence that tells an error with the one that puts it right, and where in that what is
    right begins.
    """
    ranges = sentences(text)
    for error, right in pairwise(ranges):
        if _OWN_ERROR.search(text[slice(*error)]) and not _RIGHT.search(text[slice(*right)]):
            yield error, right, right[0]
    for place, (low, high) in enumerate(ranges):
        cue = _RIGHT.search(text[low:high])
        if cue is None:
            continue
        for error in ranges[max(0, place - thresholds.CORRECTION_REACH) : place]:
            if _ERROR.search(text[slice(*error)]):
                yield error, (low, high), low + cue.end()


def _says(sentence: str, answer: str) -> bool:
    if form(answer) in QUANTITIES:
        return values(answer) <= values(sentence)
    return holds(bare_words(sentence), bare_words(answer))


def _find_replacement(sentence: str, answer: str, error: str) -> tuple[int, int] | None:
    """The first that could stand in the answer's place: of several numbers one that counts the same
    as in the error.
    """
    kind = form(answer)
    places: list[tuple[int, int]] = []
    if kind in QUANTITIES:
        places = [(number.start, number.end) for number in numbers(sentence)]
    elif kind == "date":
        places = [(sentence.index(day), sentence.index(day) + len(day)) for day in dates(sentence)]
    elif kind == "name":
        places = [(name.start, name.end) for name in names(sentence)]
    places = [place for place in places if disagree(sentence[slice(*place)], answer)]
    wrong = values(answer)
    units = {
        _word_behind(error, number.end)
        for number in numbers(error)
        if values(error[number.start : number.end]) & wrong
    }
    same = [place for place in places if _word_behind(sentence, place[1]) in units - {""}]
    return next(iter(same or places), None)


def _word_behind(text: str, place: int) -> str:
    """The word that stands right behind a place, in small letters; empty for none."""
    match = _NEXT_WORD.match(text, place)
    return match[1].lower() if match else ""
