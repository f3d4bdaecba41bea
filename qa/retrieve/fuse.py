"""Several rankings into one list of hits. Knows neither words nor vectors."""

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from qa.asking import Question, Retrieval
from qa.clock import elapsed_ms
from qa.errors import EmbedderMismatch, IndexError_, ModelError
from qa.library import Library
from qa.records import Hit, Step
from qa.retrieve.window import closeness, nearness
from qa.seams import Match

__all__ = ["FusedRetriever", "Leg"]

_DEPTH = 100
# Tuned on news questions of 2022-23 together with the weight of closeness.
_RANK_CONSTANT = 20
# Of being published in the window that the question names; tuned there too.
_IN_WINDOW = 1.0


class Leg(Protocol):
    """One way to rank passages."""

    def rank(self, question: Question, k: int) -> list[Match]:
        """At most ``k`` matches within the scope, best first."""


@dataclass(frozen=True, slots=True)
class FusedRetriever:
    """Weighted reciprocal rank fusion (Cormack et al. 2009) of the legs' top hundred.

    For a timely question a hit's score grows by up to as much again, the nearer to its day the
    article appeared, and so it does for a window that is not strict. A leg that is out of order
    is named in the trace and the others go on.
    """

    library: Library
    legs: Mapping[str, tuple[Leg, float]]

    def retrieve(self, question: Question, k: int) -> Retrieval:
        """At most ``k`` hits, best first. Raises EmbedderMismatch."""
        steps: list[Step] = []
        scores: dict[int, float] = defaultdict(float)
        ranks: dict[int, dict[str, int]] = defaultdict(dict)
        for name, (leg, weight) in self.legs.items():
            started = time.perf_counter()
            try:
                matches = leg.rank(question, max(k, _DEPTH))
                detail = f"{len(matches)} passages"
            except EmbedderMismatch:
                raise
            except (IndexError_, ModelError) as error:
                matches, detail = [], f"not searched: {error}"
            for rank, match in enumerate(matches, start=1):
                scores[match.key] += weight / (_RANK_CONSTANT + rank)
                ranks[match.key][name] = rank
            steps.append(Step(f"search by {name}", detail, elapsed_ms(started)))

        started = time.perf_counter()
        days = self.library.days(list(scores), question.scope)
        window = question.window
        for key, day in days.items():
            timely = closeness(day, question.as_of) if question.timely else 0.0
            inside = _IN_WINDOW * nearness(day, window) if window and not window.strict else 0.0
            scores[key] *= 1 + timely + inside
        best = sorted(days, key=lambda key: (-scores[key], key))[:k]
        passages = self.library.passages(best)
        hits = tuple(Hit(passages[key], scores[key], ranks[key]) for key in best if key in passages)
        gone = len(scores) - len(days)
        detail = f"{len(scores)} passages, the best {len(hits)} kept"
        if gone:
            detail += f", {gone} left out as removed meanwhile"
        if question.timely:
            detail += f"; articles published near {question.as_of} preferred"
        undated = sum(passage.published is None for passage in passages.values())
        if window and undated:
            detail += f"; {undated} undated"
        return Retrieval(hits, (*steps, Step("fuse", detail, elapsed_ms(started))))
