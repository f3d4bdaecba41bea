"""Whether quotations support a statement, by what can be checked without a model: its words,
numbers, dates, names and negations. Strings only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import qa.thresholds as thresholds
from qa.language.cleaning import one_line
from qa.records.answer import Support
from qa.verify.contradictions import is_reworded, replacements, wrong_negations
from qa.verify.date_check import missing_dates
from qa.verify.evidence import (
    Key,
    Pick,
    Source,
    keys_in,
    plain,
    quoted_words,
    select_evidence,
    units_of,
    weights,
)
from qa.verify.facts import Facts, facts
from qa.verify.name_check import missing_names
from qa.verify.quantity_check import wrong_quantities

__all__ = ["Judgement", "judge"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """``score`` in [0, 1] tells how much of the statement the ``picks`` hold, 0 with any fault.
    ``faults`` name what contradicts or is missing, in words for people.
    """

    score: float
    faults: tuple[str, ...] = ()
    picks: tuple[Pick, ...] = ()

    @property
    def support(self) -> Support:
        """*weak*: nothing is wrong, but much is said in other words."""
        if self.faults or self.score < thresholds.SUPPORTED:
            return "unsupported"
        return "quoted" if self.score >= thresholds.QUOTED else "weak"


def judge(statement: str, quotes: Sequence[str | Source]) -> Judgement:
    """How far the quotations together support the statement, and which sentences of them do.

    A statement that is itself quoted is supported entirely; one without quotations not at all.
    Every number (with its unit), date, name and negation of it must agree with the sentences
    nearest to it, and words in quotation marks must stand in a row.

    >>> judge("Nine sailors died.", ["It was stormy. In all, 9 sailors died at sea."])
    Judgement(score=1.0, faults=(), picks=(Pick(source=0, start=15, end=45),))
    >>> judge("Ten sailors died.", ["In all, 9 sailors died at sea."]).faults[0]
    'the quotation has no Ten'
    """
    sources = [quote if isinstance(quote, Source) else Source(quote) for quote in quotes]
    units = units_of(sources)
    if not units:
        return Judgement(0.0, ("nothing is quoted",))
    claim = facts(one_line(statement))
    best = select_evidence(claim, units)
    if not best:
        return Judgement(0.0, ("no quotation speaks of it",))
    picks = tuple(unit.pick for unit in best)
    evidence = [unit.facts for unit in best]
    context = facts(one_line(" ".join(unit.beside for unit in best)))
    outlets = facts(" ".join(sorted({unit.source.outlet for unit in best})))
    strangers, known_names = missing_names(claim, evidence, context, outlets)
    faults = (
        *_wrong_quotations(claim, picks, sources),
        *wrong_quantities(claim, evidence),
        *missing_dates(claim, evidence, [unit.source for unit in best]),
        *(f"the quotation does not name {name}" for name in strangers),
        *wrong_negations(claim, evidence),
        *replacements(claim, evidence),
    )
    if faults:
        return Judgement(0.0, faults, picks)
    if any(claim.text.strip(" .") in fact.text for fact in evidence):
        return Judgement(1.0, (), picks)
    score = _score(claim, evidence, known_names)
    if any(is_reworded(claim, fact, context) for fact in evidence):
        score = min(score, thresholds.QUOTED - 0.01)
    return Judgement(score, (), picks)


def _score(claim: Facts, evidence: Sequence[Facts], known_names: frozenset[str]) -> float:
    key_weights = weights(claim)
    keys = frozenset[Key]().union(*(keys_in(key_weights, fact) for fact in evidence))
    known_keys = {key for key in key_weights if key[1] in known_names}
    # Numbers and dates have been compared.
    compared_keys = {key for key in key_weights if key[0] != "word"}
    share = sum(key_weights[key] for key in keys | known_keys | compared_keys) / (
        sum(key_weights.values()) or 1.0
    )
    rows = frozenset[tuple[str, str]]().union(*(fact.pairs for fact in evidence))
    row = len(rows & claim.pairs) / len(claim.pairs) if claim.pairs else share
    return (
        (1 - thresholds.PAIR_WEIGHT) * share + thresholds.PAIR_WEIGHT * row
    ) * thresholds.FURTHER_SENTENCE ** (len(evidence) - 1)


def _wrong_quotations(
    claim: Facts, picks: Sequence[Pick], sources: Sequence[Source]
) -> Iterator[str]:
    """Words in quotation marks that no run of the sentences picked holds."""
    full = [
        plain(
            sources[number].quote[
                min(pick.start for pick in picks if pick.source == number) : max(
                    pick.end for pick in picks if pick.source == number
                )
            ]
        )
        for number in {pick.source for pick in picks}
    ]
    for words in quoted_words(claim.text):
        if not any(plain(words) in text for text in full):
            yield f"“{words}” is no quotation"
