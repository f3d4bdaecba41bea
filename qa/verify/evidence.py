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
from qa.verify.quantity_check import nearly_equal

__all__ = [
    "CONTEXT_BEFORE",
    "OPENING",
    "Key",
    "Pick",
    "Source",
    "Unit",
    "keys_in",
    "plain",
    "quoted_words",
    "select_evidence",
    "units_of",
    "weights",
]

_MOST_SENTENCES = 4
# Characters before a sentence, and of the opening of its article, in which stands what it is about.
CONTEXT_BEFORE, OPENING = 500, 300
_QUOTATION = re.compile(r"“([^“”]+)”|\"([^\"]+)\"")


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
        preceding_text = self.text[max(0, self.start + low - CONTEXT_BEFORE) : self.start + low]
        return f"{self.about}{self.text[: min(OPENING, self.start + low)]} {preceding_text}"


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


def select_evidence(statement: Facts, units: Sequence[Unit]) -> list[Unit]:
    """The sentences that hold most of the statement, each adding to those before it."""
    wanted_keys = weights(statement)
    total = sum(wanted_keys.values()) or 1.0
    pool = [(unit, keys_in(wanted_keys, unit.facts)) for unit in units]
    uncovered = dict(wanted_keys)
    names = _name_stems(statement)
    evidence: list[Unit] = []

    def gain(item: tuple[Unit, frozenset[Key]]) -> tuple[float, int, str]:
        unit, keys = item
        row = len(unit.facts.pairs & statement.pairs) / (8 * len(statement.pairs) + 1)
        new = sum(uncovered.get(key, 0.0) for key in keys)
        # Of equal ones, any that does not depend on the order of the quotations.
        return new + row, -len(unit.facts.text), unit.facts.text

    def adds(item: tuple[Unit, frozenset[Key]]) -> bool:
        unit, keys = item
        new = [key for key in keys if key in uncovered]
        if not new or not evidence:
            return bool(new)
        plain = [word for kind, word in keys if kind == "word" and word not in names]
        adds_words = (
            len(new) > 1 and sum(uncovered[key] for key in new) >= thresholds.NEW_WORDS * total
        )
        if adds_words and any(("word", word) in uncovered for word in plain):
            return True
        # A number, date or name that is missing, in a sentence about the same or the next one.
        fact = any(kind in ("number", "date") or word in names for kind, word in new)
        following = unit.facts.refers and any(
            unit.follows(previous_unit) for previous_unit in evidence
        )
        return fact and (len(plain) > 1 or following)

    while len(evidence) < _MOST_SENTENCES and (able := [item for item in pool if adds(item)]):
        best = max(able, key=gain)
        evidence.append(best[0])
        uncovered = {key: weight for key, weight in uncovered.items() if key not in best[1]}
        pool.remove(best)
    return evidence


Key = tuple[Literal["word", "number", "date", "quoted"], str | float | WrittenDate]


def _name_stems(statement: Facts) -> frozenset[str]:
    """Of names, and of what opens the statement just before one."""
    openers = {
        previous_token.stem
        for previous_token, token in pairwise(statement.tokens)
        if (previous_token.kind, token.kind) == ("opener", "name")
    }
    return frozenset(openers | {token.stem for token in statement.tokens if token.kind == "name"})


def weights(statement: Facts) -> dict[Key, float]:
    """What a quotation may hold of the statement, and how much that is worth."""
    names = _name_stems(statement)
    weights: dict[Key, float] = {
        ("word", word): 1.5 if word in names else 1.0 for word in statement.words
    }
    weights |= {("number", item.value): 1.5 for item in statement.quantities}
    weights |= {("date", day): 1.5 for day in statement.dates.values()}
    return weights | {("quoted", plain(words)): 3.0 for words in quoted_words(statement.text)}


def keys_in(wanted_keys: Iterable[Key], unit: Facts) -> frozenset[Key]:
    return frozenset(key for key in wanted_keys if _holds(unit, key))


def _holds(unit: Facts, key: Key) -> bool:
    match key:
        case "number", float(value):
            return any(nearly_equal(value, item.value) for item in unit.quantities)
        case "date", tuple(day):
            return any(compatible(day, other) for other in unit.dates.values())
        case "quoted", str(words):
            return words in plain(unit.text)
        case _, word:
            return word in unit.words


@lru_cache(1 << 10)
def _clauses(quote: str) -> tuple[tuple[int, int], ...]:
    """Its sentences, those with semicolons in parts."""
    clauses = []
    for low, high in sentences(quote):
        start = low
        for stop in re.finditer(r";\s+", quote[low:high]):
            clauses.append((start, low + stop.start() + 1))
            start = low + stop.end()
        if start < high:
            clauses.append((start, high))
    return tuple(clauses)


def quoted_words(text: str) -> list[str]:
    return [match[1] or match[2] for match in _QUOTATION.finditer(text)]


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower().replace("’", "'")))
