"""The figures of a run: means with intervals, slices, and the cause of each failure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from eval.metrics.confidence import (
    abstention_f1,
    abstention_precision,
    abstention_recall,
    accuracy_coverage_area,
    calibration_error,
    selective_accuracy,
)
from eval.metrics.retrieval import first_support
from eval.runs.intervals import Statistic, interval, mean_of
from eval.runs.run import Item
from eval.runs.wording import N_
from qa.records.serialization import Record

__all__ = [
    "CAUSES",
    "OVERALL",
    "Figure",
    "Overall",
    "Table",
    "cause",
    "figures",
    "slices",
    "table_of",
]

Table = NDArray[np.void]
"""Shape (questions,), with the fields of ``table_of``."""
# A confidence is that of sharing half of the words with an accepted answer.
RIGHT = 0.5
CAUSES = {
    "right": N_("the accepted answer, or rightly none"),
    "ingest": N_("the library holds none of the articles that answer it"),
    "gold": N_("no article that the gold names holds an accepted answer"),
    "retrieval": N_("no passage found holds an accepted answer"),
    "reading": N_("a supporting passage was found, and something else was answered"),
    "composing": N_("the answer stands in the text, but is not the short answer"),
    "abstained": N_("a supporting passage was found, and nothing was answered"),
    "answered": N_("there is no answer, and one was given"),
}


@dataclass(frozen=True, slots=True)
class Figure(Record):
    """One figure over the questions it applies to, with a 95 % interval; ``n`` counts them."""

    name: str
    value: float
    low: float
    high: float
    n: int


def figures(items: Sequence[Item]) -> list[Figure]:
    """Every figure that applies to at least one question, macro-averaged over questions."""
    found = []
    names = list(dict.fromkeys(name for item in items for name in item.scores))
    for name in names:
        marks = [item.scores.get(name) for item in items]
        known = np.array([mark for mark in marks if mark is not None], dtype=float)
        if len(known):
            found.append(_figure(name, mean_of(known), len(known)))
    return [*found, *_overall(items), *_effort(items)]


def table_of(items: Sequence[Item]) -> Table:
    """What OVERALL needs of each question that has accepted answers or none: how ``sure`` the
    answer was, whether it was ``exact``, whether about ``right``, whether it abstained
    (``silent``), and whether there is an answer (``holds``).
    """
    rows = [
        (
            item.answer.confidence,
            item.scores.get("exact_match") or 0.0,
            (item.scores.get("f1") or 0.0) >= RIGHT,
            item.answer.abstained,
            item.gold.answerable,
        )
        for item in items
        if item.gold.answers or not item.gold.answerable
    ]
    fields = [("sure", float), ("exact", float), ("right", bool), ("silent", bool), ("holds", bool)]
    return np.array(rows, dtype=fields)


@dataclass(frozen=True, slots=True)
class Overall:
    """A figure that is no mean of one mark for each question: ``of`` the questions ``among`` all,
    where there are any and it ``applies``.
    """

    of: Callable[[Table], float]
    among: Callable[[Table], NDArray[np.bool_]] = lambda table: np.ones(len(table), bool)
    applies: Callable[[Table], bool] = lambda table: True
    lower_is_better: bool = False

    def n(self, table: Table) -> int:
        """How many questions it is made of; 0 where it does not apply."""
        return int(self.among(table).sum()) if self.applies(table) else 0

    def value(self, table: Table) -> float:
        """In [0, 1]; 0 when it is made of no question."""
        asked = table[self.among(table)]
        return self.of(asked) if len(asked) else 0.0


def _some_have_none(table: Table) -> bool:
    return not table["holds"].all()


OVERALL = {
    "accuracy-coverage area": Overall(
        lambda table: accuracy_coverage_area(table["sure"], table["exact"])
    ),
    "accuracy at 80 % coverage": Overall(
        lambda table: selective_accuracy(table["sure"], table["exact"], 0.8)
    ),
    "abstention precision": Overall(
        lambda table: abstention_precision(table["silent"], table["holds"]),
        applies=_some_have_none,
    ),
    "abstention recall": Overall(
        lambda table: abstention_recall(table["silent"], table["holds"]),
        applies=_some_have_none,
    ),
    "abstention F1": Overall(
        lambda table: abstention_f1(table["silent"], table["holds"]),
        applies=_some_have_none,
    ),
    "calibration error": Overall(
        lambda table: calibration_error(table["sure"], table["right"]),
        among=lambda table: ~table["silent"],
        lower_is_better=True,
    ),
}


def _overall(items: Sequence[Item]) -> Iterator[Figure]:
    """Those of OVERALL that apply."""
    table = table_of(items)
    for name, overall in OVERALL.items():
        if n := overall.n(table):
            among = table[overall.among(table)]
            yield _figure(name, partial(_drawn, overall.of, among), n)


def _drawn(of: Callable[[Table], float], among: Table, drawn: NDArray[np.intp]) -> float:
    return of(among[drawn])


def _effort(items: Sequence[Item]) -> Iterator[Figure]:
    """What an answer took: milliseconds, passages read, and of a chat model tokens and dollars."""
    if not items:
        return
    times = np.array([item.answer.took_ms for item in items])

    def percentile(share: int) -> Statistic:
        return lambda drawn: float(np.percentile(times[drawn], share))

    yield _figure("milliseconds, median", percentile(50), len(items))
    yield _figure("milliseconds, 95th percentile", percentile(95), len(items))
    usage = [item.answer.usage for item in items]
    counts: dict[str, list[float]] = {
        "passages read": [len(item.answer.hits) for item in items],
        "tokens": [used.input_tokens + used.output_tokens for used in usage],
        "cost (USD)": [used.cost for used in usage],
    }
    for name, values in counts.items():
        # All zero when no chat model was asked: not applicable.
        if any(values):
            yield _figure(name, mean_of(np.array(values, dtype=float)), len(items))


def _figure(name: str, statistic: Statistic, n: int) -> Figure:
    low, high = interval(statistic, n)
    return Figure(name, statistic(np.arange(n)), low, high, n)


def slices(items: Sequence[Item]) -> dict[str, list[Item]]:
    """The items by kind, year of the question, outlet of the first citation, answerable or not;
    the larger slices of each first.
    """
    found: dict[str, list[Item]] = {}
    for item in items:
        cited = item.answer.citations[:1]
        names = {
            "kind": item.gold.kind,
            "year": str(item.gold.as_of.year) if item.gold.as_of else "",
            "outlet": (cited[0].source or "") if cited else "",
            "answerable": "yes" if item.gold.answerable else "no",
        }
        for name, value in names.items():
            if value:
                found.setdefault(f"{name}: {value}", []).append(item)
    order = sorted(found, key=lambda name: (name.partition(":")[0], -len(found[name]), name))
    return {name: found[name] for name in order}


def cause(item: Item) -> str:
    """Which of CAUSES explains the outcome; the first stage that went wrong is to blame."""
    if not item.gold.answerable:
        return "right" if item.answer.abstained else "answered"
    if item.scores.get("exact_match") == 1 or (not item.gold.answers):
        return "right"
    if item.evidence:
        return {"missing": "ingest", "silent": "gold"}[item.evidence]
    if first_support(item.gold, item.found) is None:
        return "retrieval"
    if item.answer.abstained:
        return "abstained"
    return "composing" if item.scores.get("contains") == 1 else "reading"
