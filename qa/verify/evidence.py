"""The sentences of quotations that hold most of a statement."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import qa.thresholds as thresholds
from qa.language.cleaning import one_line
from qa.language.dates import WrittenDate, compatible
from qa.language.sentences import sentences
from qa.verify.facts import Facts, facts
from qa.verify.quantity_check import near

__all__ = [
    "BESIDE",
    "OPENING",
    "Key",
    "Pick",
    "Source",
    "Unit",
    "held_of",
    "picked",
    "plain",
    "quoted_words",
    "units_of",
    "weights",
]

_MOST = 4
# Characters before a sentence, and of the opening of its article, in which stands what it is about.
BESIDE, OPENING = 500, 300
_QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"")


@dataclass(frozen=True, slots=True)
class Source:
    """A quotation, ``text[start:end]``, with what is known of it: the text before it and ``about``
    (the title) may name what its pronouns stand for, ``published`` tells what its "Sunday"
    means. ``end`` None is the end of the text.
    """

    text: str
    start: int = 0
    end: int | None = None
    about: str = ""
    outlet: str = ""
    published: date | None = None

    @property
    def quote(self) -> str:
        """What is quoted."""
        return self.text[self.start : self.end]

    def beside(self, low: int) -> str:
        """What stands before ``quote[low:]``, and what the quotation is about."""
        before = self.text[max(0, self.start + low - BESIDE) : self.start + low]
        return f"{self.about}{self.text[: min(OPENING, self.start + low)]} {before}"


@dataclass(frozen=True, slots=True)
class Pick:
    """A sentence that the statement rests on: ``[start:end]`` of the quotation of this number."""

    source: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence of a source, or the part of one up to a semicolon."""

    pick: Pick
    source: Source
    facts: Facts

    @property
    def beside(self) -> str:
        """What stands before it, and what its source is about."""
        return self.source.beside(self.pick.start)

    def follows(self, other: "Unit") -> bool:
        """Whether nothing but white space lies between the two."""
        start, end = (
            unit.source.start + place
            for unit, place in ((other, other.pick.end), (self, self.pick.start))
        )
        return (
            self.source.text is other.source.text
            and start <= end
            and not self.source.text[start:end].strip()
        )


def units_of(sources: Sequence[Source]) -> list[Unit]:
    """Every sentence of every source."""
    return [
        Unit(Pick(number, low, high), source, facts(one_line(source.quote[low:high])))
        for number, source in enumerate(sources)
        for low, high in _clauses(source.quote)
    ]


def picked(said: Facts, units: Sequence[Unit]) -> list[Unit]:
    """The sentences that hold most of the statement, each adding to those before it."""
    wanted = weights(said)
    total = sum(wanted.values()) or 1.0
    pool = [(unit, held_of(wanted, unit.facts)) for unit in units]
    left = dict(wanted)
    names = _name_stems(said)
    picked: list[Unit] = []

    def gain(item: tuple[Unit, frozenset[Key]]) -> tuple[float, int, str]:
        unit, keys = item
        row = len(unit.facts.pairs & said.pairs) / (8 * len(said.pairs) + 1)
        new = sum(left.get(key, 0.0) for key in keys)
        # Of equal ones, any that does not depend on the order of the quotations.
        return new + row, -len(unit.facts.text), unit.facts.text

    def adds(item: tuple[Unit, frozenset[Key]]) -> bool:
        unit, keys = item
        new = [key for key in keys if key in left]
        if not new or not picked:
            return bool(new)
        plain = [word for kind, word in keys if kind == "word" and word not in names]
        more = len(new) > 1 and sum(left[key] for key in new) >= thresholds.NEW_WORDS * total
        if more and any(("word", word) in left for word in plain):
            return True
        # A number, date or name that is missing, in a sentence about the same or the next one.
        fact = any(kind in ("number", "date") or word in names for kind, word in new)
        following = unit.facts.refers and any(unit.follows(before) for before in picked)
        return fact and (len(plain) > 1 or following)

    while len(picked) < _MOST and (able := [item for item in pool if adds(item)]):
        best = max(able, key=gain)
        picked.append(best[0])
        left = {key: weight for key, weight in left.items() if key not in best[1]}
        pool.remove(best)
    return picked


Key = tuple[Literal["word", "number", "date", "quoted"], str | float | WrittenDate]


def _name_stems(said: Facts) -> frozenset[str]:
    """Of names, and of what opens the statement just before one."""
    openers = {
        before.stem
        for before, token in pairwise(said.tokens)
        if (before.kind, token.kind) == ("opener", "name")
    }
    return frozenset(openers | {token.stem for token in said.tokens if token.kind == "name"})


def weights(said: Facts) -> dict[Key, float]:
    """What a quotation may hold of the statement, and how much that is worth."""
    names = _name_stems(said)
    weights: dict[Key, float] = {
        ("word", word): 1.5 if word in names else 1.0 for word in said.words
    }
    weights |= {("number", item.value): 1.5 for item in said.quantities}
    weights |= {("date", day): 1.5 for day in said.dates.values()}
    return weights | {("quoted", plain(words)): 3.0 for words in quoted_words(said.text)}


def held_of(wanted: Iterable[Key], unit: Facts) -> frozenset[Key]:
    return frozenset(key for key in wanted if _holds(unit, key))


def _holds(unit: Facts, key: Key) -> bool:
    match key:
        case "number", float(value):
            return any(near(value, item.value) for item in unit.quantities)
        case "date", tuple(day):
            return any(compatible(day, other) for other in unit.dates.values())
        case "quoted", str(words):
            return words in plain(unit.text)
        case _, word:
            return word in unit.words


@lru_cache(1 << 10)
def _clauses(quote: str) -> tuple[tuple[int, int], ...]:
    """Its sentences, those with semicolons in parts."""
    found = []
    for low, high in sentences(quote):
        start = low
        for stop in re.finditer(r";\s+", quote[low:high]):
            found.append((start, low + stop.start() + 1))
            start = low + stop.end()
        if start < high:
            found.append((start, high))
    return tuple(found)


def quoted_words(text: str) -> list[str]:
    return [match[1] or match[2] for match in _QUOTED.finditer(text)]


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower().replace("’", "'")))
