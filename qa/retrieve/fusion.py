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
from qa.records.clauses import clause, number_clause
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
            ranking = self._search(question, depth)
            start_time = time.perf_counter()
            days = self.library.days(list(ranking.scores), question.scope)
            newest = self.library.coverage(question.scope)[2] if question.timely else None
            scores = {
                key: ranking.scores[key] * (1 + _time_bonus(day, question, newest))
                for key, day in days.items()
            }
            for key in self._cited_before(scores, question):
                scores[key] *= 1 + thresholds.CITED_BEFORE
            certain = question.timely or question.window is not None
            folding = fold(self.library, scores, timely=certain)
            short = len(folding.scores) < min(k, len(scores))
            if not (short and ranking.full and depth < _DEEPEST):
                break
            depth *= 4
        best = sorted(folding.scores, key=lambda key: (-folding.scores[key], key))[:k]
        passages = self.library.passages(best)
        hits = tuple(
            Hit(
                passage=passages[key],
                score=folding.scores[key],
                ranks=_best_ranks(ranking.ranks, (key, *folding.instead_of.get(key, ()))),
                copies=folding.copies(key, passages[key], question.scope),
            )
            for key in best
            if key in passages
        )
        clauses = [
            clause(
                "%(num)s passages, the best %(best)s kept",
                num=len(ranking.scores),
                best=len(hits),
            )
        ]
        if missing_count := len(ranking.scores) - len(days):
            clauses.append(clause("%(num)s left out as removed meanwhile", num=missing_count))
        if copy_count := sum(map(len, folding.instead_of.values())):
            clauses.append(
                number_clause(
                    "%(num)s left out as a copy of another",
                    "%(num)s left out as copies of others",
                    copy_count,
                )
            )
        if question.timely:
            clauses.append(clause("articles published near %(day)s preferred", day=question.as_of))
        copy_keys = {key for keys in folding.instead_of.values() for key in keys}
        absent = scores.keys() - folding.scores.keys() - copy_keys | set(best) - passages.keys()
        damages = self.library.damages(sorted(absent)) if absent else []
        undated_count = sum(passage.published is None for passage in passages.values())
        if question.window and undated_count:
            clauses.append(clause("%(num)s undated", num=undated_count))
        fusion_step = Step.of("fuse", *clauses, took_ms=elapsed_ms(start_time))
        damage_steps = (Step("damage", str(error)) for error in damages)
        return Retrieval(hits, (*ranking.steps, fusion_step, *damage_steps))

    def _cited_before(self, keys: Mapping[int, float], question: Question) -> list[int]:
        """The passages of articles that the answer before cites."""
        if not question.cited_before:
            return []
        passages = self.library.passages(list(keys))
        return [
            key for key, passage in passages.items() if passage.article_id in question.cited_before
        ]

    def _search(self, question: Question, depth: int) -> "_Ranking":
        ranking = _Ranking(defaultdict(float), defaultdict(dict), [])
        for name, (leg, weight) in self.legs.items():
            start_time = time.perf_counter()
            try:
                matches = leg.rank(question, depth)
                outcome = number_clause("%(num)s passage", "%(num)s passages", len(matches))
            except EmbedderMismatch:
                raise
            except (IndexError_, ModelError) as error:
                matches, outcome = [], clause("not searched: %(error)s", error=str(error))
            for rank, match in enumerate(matches, start=1):
                ranking.scores[match.key] += weight / (thresholds.RANK_CONSTANT + rank)
                ranking.ranks[match.key][name] = rank
            ranking.full = ranking.full or len(matches) == depth
            ranking.steps.append(
                Step.of(f"search by {name}", outcome, took_ms=elapsed_ms(start_time))
            )
        return ranking


@dataclass(slots=True)
class _Ranking:
    """What the legs found, by passage key; ``full`` tells that one of them could give more."""

    scores: dict[int, float]
    ranks: dict[int, dict[str, int]]
    steps: list[Step]
    full: bool = False


def _time_bonus(day: date | None, question: Question, newest: date | None) -> float:
    """By how much a day of publication makes a hit better, from 0 to 2. Of a collection that ends
    earlier, the ``newest`` day is as near as any to the one on which it is asked.
    """
    window = question.window
    reference = min(question.as_of, newest or question.as_of)
    day_closeness = closeness(day, reference) if question.timely else 0.0
    window_bonus = (
        thresholds.IN_WINDOW * nearness(day, window) if window and not window.strict else 0.0
    )
    return day_closeness + window_bonus


def _best_ranks(ranks: Mapping[int, Mapping[str, int]], keys: Sequence[int]) -> dict[str, int]:
    best: dict[str, int] = {}
    for key in keys:
        for name, rank in ranks.get(key, {}).items():
            best[name] = min(rank, best.get(name, rank))
    return best
