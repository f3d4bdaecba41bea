"""What a text states that can be compared: words, numbers with units, dates, names, negations.

Strings only. What is worked out of a text is kept for the next question about it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import qa.thresholds as thresholds
from qa.language.dates import WrittenDate, dates
from qa.language.lexicon import (
    MONTHS,
    NEGATIONS,
    PRONOUNS,
    REPORTING_WORDS,
    STOP_WORDS,
    UNIT_SPELLINGS,
    WEEKDAYS,
    alternatives,
)
from qa.language.numerals import Number, numbers, unit_beside
from qa.language.words import stem

__all__ = ["Facts", "Quantity", "Token", "facts"]

_TOKEN = re.compile(
    r"(?P<number>\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)|(?P<word>(?:[A-Z]\.){2,}|[^\W\d_]+(?:['’.][^\W\d_]+)*)"
    r"|(?P<stop>[.!?:;,()“”\"—–…]|\bbut\b)"
)
_DAYS = re.compile(rf"(?:{alternatives(day.lower() for day in WEEKDAYS)})s?")
_NEGATIVE = re.compile(rf"{alternatives(NEGATIONS)}|\w+n['’]t", re.IGNORECASE)
_REPORTING = frozenset(map(stem, REPORTING_WORDS))
_RATE = re.compile(
    r"\W*(?:[\w-]+\W+){0,2}(?:an?|per|each|every) (second|minute|hour|day|week|month|year)\b"
)
_ONE = re.compile("one", re.IGNORECASE)

Kind = Literal["word", "name", "number", "day", "opener"]


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number. A *name* has a capital without opening the sentence; a capital that opens
    it makes an *opener*; a *day* is part of a date.
    """

    text: str
    stem: str
    start: int
    kind: Kind

    @property
    def content(self) -> bool:
        """Whether it says something: no stop word, negation or word of reporting."""
        return self.stem not in _EMPTY and not _NEGATIVE.fullmatch(self.text)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with the unit beside it, the stem of the word that follows, and the time after
    "a" or "per"; each may be empty.
    """

    text: str
    value: float
    unit: str
    noun: str
    rate: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """``dates`` by how they are written, each (day, month, year) as far as given; ``days`` the
    weekdays; ``pairs`` content words next to each other; ``denied`` the content words in the reach
    of each negation, in order.
    """

    text: str
    tokens: tuple[Token, ...]
    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    quantities: tuple[Quantity, ...]
    dates: dict[str, WrittenDate]
    days: frozenset[str]
    denied: tuple[tuple[str, ...], ...]

    @property
    def refers(self) -> bool:
        """Whether a pronoun stands for something that was named before."""
        return any(token.text.lower() in PRONOUNS for token in self.tokens)


@lru_cache(1 << 13)
def facts(text: str) -> Facts:
    """Read a statement or a sentence.

    >>> found = facts("In May the mayor paid $5 million, not 6.")
    >>> [(item.value, item.unit) for item in found.quantities], found.denied
    ([(5000000.0, 'dollar'), (6.0, '')], (('6',),))
    """
    written_dates = dates(text)
    all_numbers = numbers(text)
    numbers_at = {item.start: item for item in all_numbers if not _ONE.fullmatch(text, *item[1:])}
    number_places = {
        place for item in numbers_at.values() for place in range(item.start + 1, item.end)
    }
    spans = [
        (text.index(spelling), text.index(spelling) + len(spelling)) for spelling in written_dates
    ]
    tokens: list[Token] = []
    stops: set[int] = set()
    opens = True
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "stop":
            stops.add(len(tokens))
            opens = match.group() in '.!?:“"' or (opens and match.group() in "”")
            continue
        if match.start() in number_places:
            continue
        in_date = any(low <= match.start() < high for low, high in spans)
        if (number := numbers_at.get(match.start())) and not in_date:
            spelling = text[number.start : number.end]
            tokens.append(Token(spelling, f"{number.value:.12g}", match.start(), "number"))
        else:
            tokens.append(_token(match, opens=opens, in_date=in_date))
        opens = False
    content = [token for token in tokens if token.content and token.kind != "number"]
    stems = [token.stem for token in tokens if token.content and token.kind != "day"]
    return Facts(
        text,
        tuple(tokens),
        frozenset(token.stem for token in content if token.kind != "day"),
        frozenset(pairwise(stems)),
        tuple(_quantities(text, all_numbers, spans, tokens)),
        written_dates,
        frozenset(token.stem for token in tokens if _DAYS.fullmatch(token.text.lower())),
        tuple(_negation_scopes(tokens, stops)),
    )


_EMPTY = frozenset(stem(word) for word in STOP_WORDS) | STOP_WORDS | _REPORTING


def _token(match: re.Match[str], *, opens: bool, in_date: bool) -> Token:
    text = match.group()
    if match.lastgroup == "number":
        return Token(text, text.replace(",", ""), match.start(), "day" if in_date else "number")
    lower = text.lower()
    kind: Kind = "word"
    if _DAYS.fullmatch(lower) or (in_date and lower in MONTHS):
        kind = "day"
    elif text[0].isupper() and lower not in STOP_WORDS and text != "I":
        kind = "opener" if opens and not text[1:2].isupper() else "name"
    return Token(text, stem(text.replace(".", "")), match.start(), kind)


def _quantities(
    text: str,
    all_numbers: Sequence[Number],
    date_spans: Sequence[tuple[int, int]],
    tokens: Sequence[Token],
) -> Iterator[Quantity]:
    for number in all_numbers:
        # "One" is mostly no number, that of a day is part of its date, that of "F-16" of a name.
        word = text[number.start : number.end]
        in_name = re.search(r"[^\W\d]-$", text[: number.start])
        if (
            in_name
            or _ONE.fullmatch(word)
            or any(low <= number.start < high for low, high in date_spans)
        ):
            continue
        next_tokens = [token for token in tokens if token.start >= number.end][:2]
        nearby_units = (UNIT_SPELLINGS.get(token.text.lower(), "") for token in next_tokens)
        unit = unit_beside(text, number) or next(filter(None, nearby_units), "")
        gap = next_tokens and re.fullmatch(r"[\s-]*", text[number.end : next_tokens[0].start])
        noun = next_tokens[0].stem if gap and next_tokens[0].content else ""
        rate = _RATE.match(text, number.end)
        yield Quantity(word, number.value, unit, noun, rate[1] if rate else "")


def _negation_scopes(tokens: Sequence[Token], stops: set[int]) -> Iterator[tuple[str, ...]]:
    for place, token in enumerate(tokens):
        if not _NEGATIVE.fullmatch(token.text):
            continue
        stems_after: list[str] = []
        for index in range(place + 1, len(tokens)):
            if index in stops or len(stems_after) == thresholds.NEGATION_REACH:
                break
            if tokens[index].text.lower() == "only" and index == place + 1:
                break
            if tokens[index].content:
                stems_after.append(tokens[index].stem)
        only = place + 1 < len(tokens) and tokens[place + 1].text.lower() == "only"
        stems_before = [item.stem for item in tokens[max(0, place - 3) : place] if item.content]
        if not only:
            yield tuple(stems_after or stems_before)
