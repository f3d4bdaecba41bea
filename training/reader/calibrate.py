"""Fit how scores become a choice, a confidence and a threshold; on ``news-train`` alone."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from eval.gold.files import json_lines
from eval.metrics.answer import contains, exact_match, token_f1
from qa import open_pipeline
from qa.question.understand import understand
from qa.readers.span import Scan, SpanReader, features
from qa.readers.vote import Decision, vote
from qa.records.answer import Hit
from qa.records.question import Question

__all__ = ["Asked", "calibrate", "scan"]

# An answer counts as right for the confidence if it shares half of its words with an accepted one.
RIGHT = 0.5
GRID: dict[str, Sequence[float]] = {
    "temperature": (0.35, 0.5, 0.7, 1.0, 1.4, 2.0),
    "relevance": (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0),
    "rank": (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0),
    "length": (0.0, 0.2, 0.4, 0.7, 1.0),
    "misfit": (0.0, 1.0, 2.0, 4.0),
    "part": (0.0, 0.25, 0.5, 0.75, 1.0),
    "whole": (0.0, 0.25, 0.5, 0.75),
}
# Less is luck: on 200 questions one answer that is right once more gives 0.01.
GAIN = 0.005
ORDER = (0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 12.0)


@dataclass
class Asked:
    """A question with what the search and the network made of it."""

    question: Question
    golds: tuple[str, ...]
    articles: frozenset[str]
    hits: tuple[Hit, ...]
    read: Scan


def scan(reader: SpanReader, folder: Path, library: Path) -> list[Asked]:
    """Search and read every question of a folder of news questions."""
    asked = []
    with open_pipeline(library) as pipeline:
        for row in json_lines(folder / "questions.jsonl.gz"):
            question = understand(row["question"], as_of=date.fromisoformat(row["question_date"]))
            hits = pipeline.search(question).hits
            golds = (row["answer"], *row["aliases"]) if row["answerable"] else ()
            articles = frozenset(row["gold_articles"])
            asked.append(Asked(question, golds, articles, hits, reader.scan(question, hits)))
    return asked


def calibrate(asked: Sequence[Asked], start: Decision | None = None) -> Decision:
    """The decision that answers these questions best, beginning with another one."""
    decision = _climb(asked, start or Decision())
    decision = replace(decision, order=max(ORDER, key=lambda order: _first(asked, order)))
    rows, right = _confidence_rows(asked, decision)
    intercept, slopes = logistic(np.array(rows), np.array(right, float))
    decision = replace(decision, intercept=intercept, slopes=slopes)
    sure = [decision.confidence(row) for row in rows]
    answerable = [bool(item.golds) for item in asked]
    best = max(np.arange(0.02, 0.8, 0.01), key=lambda cut: _abstention(sure, answerable, cut))
    return replace(decision, threshold=round(float(best), 2))


def _climb(asked: Sequence[Asked], decision: Decision) -> Decision:
    """Change one number after the other as long as answers get better by what is worth it."""
    answerable = [item for item in asked if item.golds]

    def value(tried: Decision) -> float:
        return float(np.mean([_quality(item, tried) for item in answerable]))

    best = value(decision)
    improved = True
    while improved:
        improved = False
        for name, choices in GRID.items():
            for choice in choices:
                tried = replace(decision, **{name: choice})
                if (score := value(tried)) > best + GAIN:
                    decision, best, improved = tried, score, True
    return decision


def _quality(item: Asked, decision: Decision) -> float:
    choices = vote(item.read.candidates, [hit.score for hit in item.hits], decision)
    if not choices:
        return 0.0
    text = choices[0].text
    # The chance given to a right answer breaks ties between settings.
    chance = sum(choice.weight for choice in choices[:5] if exact_match(choice.text, item.golds))
    return exact_match(text, item.golds) + token_f1(text, item.golds) + 0.2 * min(1.0, chance)


def _first(asked: Sequence[Asked], order: float) -> float:
    """How often a supporting passage comes first when hits are reordered."""
    found = []
    for item in asked:
        if not item.golds:
            continue
        worth = [
            relevance + order * np.log(max(hit.score, 1e-9))
            for hit, relevance in zip(item.hits, item.read.relevance, strict=True)
        ]
        passage = item.hits[int(np.argmax(worth))].passage
        held = passage.article_id in item.articles and contains(passage.text, item.golds)
        found.append(held)
    return float(np.mean(found))


def _confidence_rows(
    asked: Sequence[Asked], decision: Decision
) -> tuple[list[tuple[float, ...]], list[bool]]:
    rows, right = [], []
    for item in asked:
        choices = vote(item.read.candidates, [hit.score for hit in item.hits], decision)
        rows.append(features(item.question.expected, choices, item.hits, item.read))
        right.append(bool(item.golds) and token_f1(choices[0].text, item.golds) >= RIGHT)
    return rows, right


def logistic(
    rows: np.ndarray, right: np.ndarray, ridge: float = 1.0
) -> tuple[float, tuple[float, ...]]:
    """Logistic regression by Newton's method; ``ridge`` holds slopes back in standard units."""
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    x = np.column_stack([np.ones(len(rows)), (rows - mean) / scale])
    weights = np.zeros(x.shape[1])
    penalty = ridge * np.diag([0.0, *np.ones(rows.shape[1])])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (chance - right) + penalty @ weights
        curvature = (x * (chance * (1 - chance))[:, None]).T @ x + penalty
        weights -= np.linalg.solve(curvature, gradient)
    slopes = weights[1:] / scale
    intercept = weights[0] - float(slopes @ mean)
    return round(float(intercept), 4), tuple(round(float(slope), 4) for slope in slopes)


def _abstention(sure: Sequence[float], answerable: Sequence[bool], cut: float) -> float:
    pairs = [*zip(sure, answerable, strict=True)]
    right = sum(confidence < cut and not holds for confidence, holds in pairs)
    said = sum(confidence < cut for confidence, _ in pairs)
    return 2 * right / max(1, said + sum(not holds for holds in answerable))


def save(decision: Decision, path: Path) -> None:
    """As JSON beside the weights."""
    path.write_text(json.dumps(asdict(decision), indent=2) + "\n", "utf-8")
