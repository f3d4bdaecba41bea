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
    known = dates(text)
    found = numbers(text)
    counted = {item.start: item for item in found if not _ONE.fullmatch(text, *item[1:])}
    within = {place for item in counted.values() for place in range(item.start + 1, item.end)}
    spans = [(text.index(written), text.index(written) + len(written)) for written in known]
    tokens: list[Token] = []
    stops: set[int] = set()
    opens = True
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "stop":
            stops.add(len(tokens))
            opens = match.group() in '.!?:“"' or (opens and match.group() in "”")
            continue
        if match.start() in within:
            continue
        dated = any(low <= match.start() < high for low, high in spans)
        if (number := counted.get(match.start())) and not dated:
            written = text[number.start : number.end]
            tokens.append(Token(written, f"{number.value:.12g}", match.start(), "number"))
        else:
            tokens.append(_token(match, opens=opens, dated=dated))
        opens = False
    content = [token for token in tokens if token.content and token.kind != "number"]
    stems = [token.stem for token in tokens if token.content and token.kind != "day"]
    return Facts(
        text,
        tuple(tokens),
        frozenset(token.stem for token in content if token.kind != "day"),
        frozenset(pairwise(stems)),
        tuple(_quantities(text, found, spans, tokens)),
        known,
        frozenset(token.stem for token in tokens if _DAYS.fullmatch(token.text.lower())),
        tuple(_denied(tokens, stops)),
    )


_EMPTY = frozenset(stem(word) for word in STOP_WORDS) | STOP_WORDS | _REPORTING


def _token(match: re.Match[str], *, opens: bool, dated: bool) -> Token:
    text = match.group()
    if match.lastgroup == "number":
        return Token(text, text.replace(",", ""), match.start(), "day" if dated else "number")
    lower = text.lower()
    kind: Kind = "word"
    if _DAYS.fullmatch(lower) or (dated and lower in MONTHS):
        kind = "day"
    elif text[0].isupper() and lower not in STOP_WORDS and text != "I":
        kind = "opener" if opens and not text[1:2].isupper() else "name"
    return Token(text, stem(text.replace(".", "")), match.start(), kind)


def _quantities(
    text: str, found: Sequence[Number], dated: Sequence[tuple[int, int]], tokens: Sequence[Token]
) -> Iterator[Quantity]:
    for number in found:
        # "One" is mostly no number, that of a day is part of its date, that of "F-16" of a name.
        word = text[number.start : number.end]
        named = re.search(r"[^\W\d]-$", text[: number.start])
        if named or _ONE.fullmatch(word) or any(low <= number.start < high for low, high in dated):
            continue
        after = [token for token in tokens if token.start >= number.end][:2]
        near = (UNIT_SPELLINGS.get(token.text.lower(), "") for token in after)
        unit = unit_beside(text, number) or next(filter(None, near), "")
        gap = after and re.fullmatch(r"[\s-]*", text[number.end : after[0].start])
        noun = after[0].stem if gap and after[0].content else ""
        rate = _RATE.match(text, number.end)
        yield Quantity(word, number.value, unit, noun, rate[1] if rate else "")


def _denied(tokens: Sequence[Token], stops: set[int]) -> Iterator[tuple[str, ...]]:
    for place, token in enumerate(tokens):
        if not _NEGATIVE.fullmatch(token.text):
            continue
        after: list[str] = []
        for later in range(place + 1, len(tokens)):
            if later in stops or len(after) == thresholds.NEGATION_REACH:
                break
            if tokens[later].text.lower() == "only" and later == place + 1:
                break
            if tokens[later].content:
                after.append(tokens[later].stem)
        only = place + 1 < len(tokens) and tokens[place + 1].text.lower() == "only"
        before = [item.stem for item in tokens[max(0, place - 3) : place] if item.content]
        if not only:
            yield tuple(after or before)
