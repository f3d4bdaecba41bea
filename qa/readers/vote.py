"""Candidate answers of several passages weighed together. Knows numbers and strings, no model."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from pathlib import Path

from qa.language.words import answer_key

__all__ = ["Candidate", "Choice", "Decision", "sigmoid", "vote"]


@dataclass(frozen=True, slots=True)
class Decision:
    """How scores become a choice; every number was fitted on ``news-train`` and ``annotated/n``.

    ``rank`` weighs the search's score of a hit against the span's. ``intercept`` and ``slopes``
    make the confidence, below ``threshold`` of which the reader abstains; ``order`` weighs the
    search's score against relevance when hits are reordered. ``sentence`` makes the log odds that a
    good answer quotes a sentence: a constant, then a weight for each of ``sentence_features``.
    """

    rank: float = 1.0
    intercept: float = 0.0
    slopes: tuple[float, ...] = (1.0, 0.0)
    threshold: float = 0.2
    order: float = 1.0
    sentence: tuple[float, ...] = (0.0, 1.0, 0.0, 0.0, 0.0)

    @classmethod
    def load(cls, path: Path) -> "Decision":
        """From the JSON file beside the weights."""
        values = json.loads(path.read_text("utf-8"))
        lists = {name: tuple(values[name]) for name in ("slopes", "sentence")}
        return cls(**{**values, **lists})

    def confidence(self, features: Sequence[float]) -> float:
        """The probability that the first choice is right: a logistic function."""
        pairs = zip(self.slopes, features, strict=True)
        odds = self.intercept + sum(slope * feature for slope, feature in pairs)
        return sigmoid(odds)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of hit number ``hit``, in characters of its passage; ``score`` is start plus end.
    ``around`` is what stands about it, to tell copies.
    """

    hit: int
    start: int
    end: int
    text: str
    score: float
    around: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Candidates that give the same answer, the likeliest first, and their weight in [0, 1]."""

    candidates: tuple[Candidate, ...]
    weight: float

    @property
    def text(self) -> str:
        """The answer as its likeliest candidate has it."""
        return self.candidates[0].text


def vote(
    candidates: Sequence[Candidate], search_scores: Sequence[float], decision: Decision
) -> list[Choice]:
    """The different answers, best first. ``searched`` are the search's scores of the hits.

    Probabilities are normalised over all spans of all passages and "no answer" (Clark and
    Gardner 2018) and those of equal answers are added up (as reader votes in Chen et al. 2017,
    Wang et al. 2018 "Evidence aggregation"), copies of one sentence counting once.
    """
    if not candidates:
        return []
    best = max(search_scores)
    # Relative to the best hit, so that questions with many words gain nothing by them.
    places = [log(max(score, 1e-9) / best) if best > 0 else 0.0 for score in search_scores]
    scores = [item.score + decision.rank * places[item.hit] for item in candidates]
    top = max(0.0, *scores)
    total = exp(-top) + sum(exp(score - top) for score in scores)
    chances = [exp(score - top) / total for score in scores]

    groups: dict[str, list[tuple[float, Candidate]]] = defaultdict(list)
    for chance, item in zip(chances, candidates, strict=True):
        groups[answer_key(item.text)].append((chance, item))
    groups.pop("", None)
    choices = [
        Choice(
            tuple(item for _, item in sorted(members, key=lambda member: -member[0])),
            min(1.0, _mass(members)),
        )
        for members in groups.values()
    ]
    return sorted(choices, key=lambda choice: (-choice.weight, choice.candidates[0].hit))


def _mass(members: Sequence[tuple[float, Candidate]]) -> float:
    best_chances: dict[str, float] = {}
    for chance, item in members:
        best_chances[item.around] = max(chance, best_chances.get(item.around, 0.0))
    return sum(best_chances.values())


def sigmoid(x: float) -> float:
    """A probability from log odds."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, x))))
