"""Fit how scores become a choice, a confidence and a threshold; on ``news-train`` and the questions
over windows of its articles, near misses among them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from eval.gold.files import json_lines
from eval.gold.windows import WindowQuestion
from eval.metrics.answer import contains, exact_match, token_f1
from qa import open_pipeline
from qa.question.understand import understand
from qa.readers.span import SpanReader
from qa.readers.vote import Choice, Decision
from qa.readers.weigh import Scan, features, weigh, worth
from qa.records.answer import Hit
from qa.records.article import Article
from qa.records.question import Question
from qa.records.reading import AnswerForm

__all__ = ["Asked", "calibrate", "save", "scan", "scan_windows"]

# An answer counts as right for the confidence if it shares half of its words with an accepted one.
RIGHT = 0.5
RANK = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
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
    rows = [
        (
            understand(row["question"], as_of=date.fromisoformat(row["question_date"])),
            (row["answer"], *row["aliases"]) if row["answerable"] else (),
            frozenset(row["gold_articles"]),
        )
        for row in json_lines(folder / "questions.jsonl.gz")
    ]
    return _scan(reader, rows, library)


def scan_windows(
    reader: SpanReader,
    windows: Mapping[str, Article],
    questions: Sequence[WindowQuestion],
    library: Path,
) -> list[Asked]:
    """The same for questions over windows; ``library`` holds each as an article of its own."""
    rows = [
        (
            understand(each.question, as_of=windows[each.window].published),
            each.answers,
            frozenset[str](),
        )
        for each in questions
    ]
    return _scan(reader, rows, library)


def _scan(
    reader: SpanReader,
    rows: Sequence[tuple[Question, tuple[str, ...], frozenset[str]]],
    library: Path,
) -> list[Asked]:
    asked = []
    with open_pipeline(library) as pipeline:
        for question, golds, articles in rows:
            hits = pipeline.search(question).hits
            if hits:
                asked.append(Asked(question, golds, articles, hits, reader.scan(question, hits)))
    return asked


def calibrate(sets: Sequence[Sequence[Asked]]) -> Decision:
    """The decision that answers the questions of all sets best; the threshold is the one with the
    best abstention F1 on average over the sets, so that the size of none decides.
    """
    asked = [item for part in sets for item in part]
    decision = max((Decision(rank=rank) for rank in RANK), key=lambda it: _quality(asked, it))
    decision = replace(decision, order=max(ORDER, key=lambda order: _first(asked, order)))
    judged = [[_judged(item, decision) for item in part] for part in sets]
    rows, right = zip(*(each for part in judged for each in part if each[0]), strict=True)
    intercept, slopes = logistic(np.array(rows), np.array(right, float))
    decision = replace(decision, intercept=intercept, slopes=slopes)
    sure = [[decision.confidence(row) if row else 0.0 for row, _ in part] for part in judged]
    answerable = [[bool(item.golds) for item in part] for part in sets]

    def refusing(cut: float) -> float:
        return float(
            np.mean([_abstention(*pair, cut) for pair in zip(sure, answerable, strict=True)])
        )

    best = max(np.arange(0.02, 0.8, 0.01), key=refusing)
    return replace(decision, threshold=round(float(best), 2))


def _quality(asked: Sequence[Asked], decision: Decision) -> float:
    """Mean exact match and F1, over the questions that have an answer."""
    scores = []
    for item in asked:
        if item.golds:
            form, choices = weigh(item.read, item.hits, decision)
            text = _short(form, choices[0]) if choices else ""
            scores.append(exact_match(text, item.golds) + token_f1(text, item.golds))
    return float(np.mean(scores))


def _short(form: AnswerForm, choice: Choice) -> str:
    return form if form in ("yes", "no") else choice.text


def _first(asked: Sequence[Asked], order: float) -> float:
    """How often a supporting passage comes first when hits are reordered."""
    found = []
    for item in asked:
        if not item.golds or not item.articles:
            continue
        passage = item.hits[int(np.argmax(worth(item.read, item.hits, order)))].passage
        held = passage.article_id in item.articles and contains(passage.text, item.golds)
        found.append(held)
    return float(np.mean(found))


def _judged(item: Asked, decision: Decision) -> tuple[tuple[float, float] | None, bool]:
    """What the confidence is made of, None without an answer, and whether the answer is right."""
    form, choices = weigh(item.read, item.hits, decision)
    if not choices:
        return None, False
    text = _short(form, choices[0])
    return features(choices, item.read), bool(item.golds) and token_f1(text, item.golds) >= RIGHT


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
