"""The figures of a run: means with intervals, slices, and the cause of each failure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.intervals import interval, mean_of
from eval.metrics.confidence import (
    abstention_f1,
    abstention_precision,
    abstention_recall,
    accuracy_coverage_area,
    calibration_error,
    selective_accuracy,
)
from eval.metrics.retrieval import first_support
from eval.run import Item
from qa.jsonable import Record

__all__ = ["CAUSES", "Figure", "cause", "figures", "slices"]

Statistic = Callable[[NDArray[np.intp]], float]
Abstention = Callable[[Sequence[bool], Sequence[bool]], float]
_ABSTENTION: dict[str, Abstention] = {
    "abstention precision": abstention_precision,
    "abstention recall": abstention_recall,
    "abstention F1": abstention_f1,
}
# A confidence is that of sharing half of the words with an accepted answer.
RIGHT = 0.5
CAUSES = {
    "right": "the accepted answer, or rightly none",
    "ingest": "the library holds none of the articles that answer it",
    "gold": "no article that the gold names holds an accepted answer",
    "retrieval": "no passage found holds an accepted answer",
    "reading": "a supporting passage was found, and something else was answered",
    "composing": "the answer stands in the text, but is not the short answer",
    "abstained": "a supporting passage was found, and nothing was answered",
    "answered": "there is no answer, and one was given",
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


def _overall(items: Sequence[Item]) -> Iterator[Figure]:
    """Figures that are not means of one mark for each question."""
    if not items:
        return
    judged = [item for item in items if item.gold.answers or not item.gold.answerable]
    sure = np.array([item.answer.confidence for item in judged])
    exact = np.array([item.scores.get("exact_match") or 0.0 for item in judged])
    right = np.array([float((item.scores.get("f1") or 0.0) >= RIGHT) for item in judged])
    silent = np.array([item.answer.abstained for item in judged], dtype=bool)
    holds = np.array([item.gold.answerable for item in judged], dtype=bool)
    if len(judged):
        yield _figure(
            "accuracy-coverage area",
            lambda drawn: accuracy_coverage_area(sure[drawn], exact[drawn]),
            len(judged),
        )
        yield _figure(
            "accuracy at 80 % coverage",
            lambda drawn: selective_accuracy(sure[drawn], exact[drawn], 0.8),
            len(judged),
        )
    for name, measure in _ABSTENTION.items() if len(judged) and not holds.all() else ():

        def abstained(drawn: NDArray[np.intp], measure: Abstention = measure) -> float:
            return measure(silent[drawn].tolist(), holds[drawn].tolist())

        yield _figure(name, abstained, len(judged))
    spoken = np.flatnonzero(~silent)
    if len(spoken):
        yield _figure(
            "calibration error",
            lambda drawn: calibration_error(sure[spoken[drawn]], right[spoken[drawn]]),
            len(spoken),
        )


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
    if first_support(item.gold, item.answer.hits) is None:
        return "retrieval"
    if item.answer.abstained:
        return "abstained"
    return "composing" if item.scores.get("contains") == 1 else "reading"
