"""Several rankings into one list of hits. Knows neither words nor vectors."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import qa.thresholds as thresholds
from qa.errors import EmbedderMismatch, IndexError_, ModelError
from qa.library.store import Library
from qa.protocols import Match
from qa.records.answer import Hit
from qa.records.question import Question
from qa.records.reading import Retrieval
from qa.records.trace import Step, elapsed_ms
from qa.retrieve.deduplicate import fold
from qa.retrieve.recency import closeness, nearness

__all__ = ["FusedRetriever", "Leg"]

_DEPTH = 100
# How far down the legs are searched when copies of one text fill their lists.
_DEEPEST = 1600


class Leg(Protocol):
    """One way to rank passages."""

    def rank(self, question: Question, k: int) -> list[Match]:
        """At most ``k`` matches within the scope, best first."""


@dataclass(frozen=True, slots=True)
class FusedRetriever:
    """Weighted reciprocal rank fusion (Cormack et al. 2009) of the legs' top hundred.

    For a timely question a hit's score grows by up to as much again, the nearer to its day the
    article appeared, and so it does for a window that is not strict. Copies of one text take one
    place, that of the best among them. A leg that is out of order is named in the trace and the
    others go on, and so is an article that is damaged and left out.
    """

    library: Library
    legs: Mapping[str, tuple[Leg, float]]

    def retrieve(self, question: Question, k: int) -> Retrieval:
        """At most ``k`` hits, best first. Raises EmbedderMismatch."""
        depth = max(k, _DEPTH)
        while True:
            found = self._search(question, depth)
            started = time.perf_counter()
            days = self.library.days(list(found.scores), question.scope)
            scores = {
                key: found.scores[key] * (1 + _nearby(day, question)) for key, day in days.items()
            }
            certain = question.timely or question.window is not None
            folding = fold(self.library, scores, timely=certain)
            short = len(folding.scores) < min(k, len(scores))
            if not (short and found.full and depth < _DEEPEST):
                break
            depth *= 4
        best = sorted(folding.scores, key=lambda key: (-folding.scores[key], key))[:k]
        passages = self.library.passages(best)
        hits = tuple(
            Hit(
                passage=passages[key],
                score=folding.scores[key],
                ranks=_best_ranks(found.ranks, (key, *folding.instead_of.get(key, ()))),
                copies=folding.copies(key, passages[key], question.scope),
            )
            for key in best
            if key in passages
        )
        detail = f"{len(found.scores)} passages, the best {len(hits)} kept"
        if gone := len(found.scores) - len(days):
            detail += f", {gone} left out as removed meanwhile"
        if folded := sum(map(len, folding.instead_of.values())):
            detail += f", {folded} left out as copies of others"
        if question.timely:
            detail += f"; articles published near {question.as_of} preferred"
        dropped = {key for keys in folding.instead_of.values() for key in keys}
        absent = scores.keys() - folding.scores.keys() - dropped | set(best) - passages.keys()
        damages = self.library.damages(sorted(absent)) if absent else []
        undated = sum(passage.published is None for passage in passages.values())
        if question.window and undated:
            detail += f"; {undated} undated"
        fused = Step("fuse", detail, elapsed_ms(started))
        damaged = (Step("damage", str(error)) for error in damages)
        return Retrieval(hits, (*found.steps, fused, *damaged))

    def _search(self, question: Question, depth: int) -> "_Found":
        found = _Found(defaultdict(float), defaultdict(dict), [])
        for name, (leg, weight) in self.legs.items():
            started = time.perf_counter()
            try:
                matches = leg.rank(question, depth)
                detail = f"{len(matches)} passages"
            except EmbedderMismatch:
                raise
            except (IndexError_, ModelError) as error:
                matches, detail = [], f"not searched: {error}"
            for rank, match in enumerate(matches, start=1):
                found.scores[match.key] += weight / (thresholds.RANK_CONSTANT + rank)
                found.ranks[match.key][name] = rank
            found.full = found.full or len(matches) == depth
            found.steps.append(Step(f"search by {name}", detail, elapsed_ms(started)))
        return found


@dataclass(slots=True)
class _Found:
    """What the legs found, by passage key; ``full`` tells that one of them could give more."""

    scores: dict[int, float]
    ranks: dict[int, dict[str, int]]
    steps: list[Step]
    full: bool = False


def _nearby(day: date | None, question: Question) -> float:
    """By how much a day of publication makes a hit better, from 0 to 2."""
    window = question.window
    timely = closeness(day, question.as_of) if question.timely else 0.0
    inside = thresholds.IN_WINDOW * nearness(day, window) if window and not window.strict else 0.0
    return timely + inside


def _best_ranks(ranks: Mapping[int, Mapping[str, int]], keys: Sequence[int]) -> dict[str, int]:
    best: dict[str, int] = {}
    for key in keys:
        for name, rank in ranks.get(key, {}).items():
            best[name] = min(rank, best.get(name, rank))
    return best
