"""Makes the weights that tell what kind of answer a question asks for, and what it is about.

    python -m training.kinds [--out FILE] [--folds N]

Reads ``training/questions/kinds.jsonl``: ``{"q": question, "kind": label, "topic": [phrases of it]}``.
With ``--folds`` nothing is written; prints how often held-out questions get their label.
"""

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from eval.gold.files import json_lines
from qa.question.kind import KindModel, kind_features, tag_features, words_of
from qa.records.kinds import QUESTION_KINDS

QUESTIONS = Path(__file__).parent / "questions" / "kinds.jsonl"
MODEL = Path(__file__).resolve().parents[1] / "qa" / "models" / "kinds" / "model.npz"
# A word counts as such from this many questions on, a feature from as many places.
WORD_LEAST, KIND_LEAST, TAG_LEAST = 4, 2, 3
# Strength of the Gaussian prior; chosen in five folds.
KIND_PENALTY, TAG_PENALTY = 0.3, 0.3


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question with its kind and the phrases that name its topic."""

    question: str
    kind: str
    topics: tuple[str, ...]


def load(path: Path = QUESTIONS) -> list[Labelled]:
    """The labelled questions. Raises ValueError for a label that there is not, or a topic that
    its question does not hold.
    """
    rows = [Labelled(row["q"], row["kind"], tuple(row["topic"])) for row in json_lines(path)]
    for row in rows:
        if row.kind not in QUESTION_KINDS:
            raise ValueError(f"{row.kind!r} is no kind of question: {row.question!r}")
        if missing := [topic for topic in row.topics if topic not in row.question]:
            raise ValueError(f"{missing} do not stand in {row.question!r}")
    return rows


def fit(rows: Sequence[Labelled]) -> KindModel:
    """Both models, fitted to all rows."""
    counts = Counter(
        word
        for row in rows
        for word in {word.text.lower().replace("’", "'") for word in words_of(row.question)}
        if not word[0].isdigit()
    )
    vocabulary = frozenset(word for word, count in counts.items() if count >= WORD_LEAST)
    words = [words_of(row.question) for row in rows]
    kind_rows, kind_weights = _logistic(
        [sorted(kind_features(each, vocabulary)) for each in words],
        [QUESTION_KINDS.index(row.kind) for row in rows],  # type: ignore[arg-type]
        len(QUESTION_KINDS),
        KIND_LEAST,
        KIND_PENALTY,
    )
    tag_rows, tag_weights = _logistic(
        [features for each in words for features in tag_features(each, vocabulary)],
        [tag for row in rows for tag in tags_of(row)],
        3,
        TAG_LEAST,
        TAG_PENALTY,
    )
    return KindModel(vocabulary, kind_rows, kind_weights, tag_rows, tag_weights)


def tags_of(row: Labelled) -> list[int]:
    """0 outside, 1 begin, 2 inside, for each word of the question."""
    places = []
    start = 0
    for topic in row.topics:
        at = row.question.find(topic, start)
        at = at if at >= 0 else row.question.find(topic)
        places.append((at, at + len(topic)))
        start = at + len(topic)
    tags, last = [], None
    for word in words_of(row.question):
        inside = next((p for p in places if p[0] <= word.start < p[1]), None)
        tags.append(0 if inside is None else 2 if inside == last else 1)
        last = inside
    return tags


def _logistic(
    samples: Sequence[Sequence[str]],
    labels: Sequence[int],
    classes: int,
    least: int,
    penalty: float,
) -> tuple[dict[str, int], NDArray[np.float32]]:
    """Multinomial logistic regression with a Gaussian prior, by L-BFGS."""
    counts = Counter(feature for sample in samples for feature in sample)
    names = sorted(name for name, count in counts.items() if count >= least)
    rows = {name: row for row, name in enumerate(names)}
    indices = [[rows[feature] for feature in sample if feature in rows] for sample in samples]
    pointers = np.cumsum([0, *map(len, indices)])
    matrix = sparse.csr_matrix(
        (np.ones(pointers[-1]), np.concatenate(indices).astype(int), pointers),
        (len(samples), len(names)),
    )
    target = np.zeros((len(samples), classes))
    target[np.arange(len(samples)), labels] = 1

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(len(names), classes)
        odds = matrix @ weights
        top = odds.max(axis=1, keepdims=True)
        normaliser = top + np.log(np.exp(odds - top).sum(axis=1, keepdims=True))
        value = -((odds - normaliser) * target).sum() + penalty / 2 * (flat**2).sum()
        gradient = matrix.T @ (np.exp(odds - normaliser) - target) + penalty * weights
        return float(value), gradient.ravel()

    start = np.zeros(len(names) * classes)
    best = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return rows, best.x.reshape(len(names), classes).astype(np.float32)


def save(model: KindModel, path: Path) -> None:
    """One file; features whose weights are all near zero are left out."""
    arrays: dict[str, NDArray[np.generic]] = {"vocabulary": np.array(sorted(model.vocabulary))}
    tables: tuple[tuple[str, Mapping[str, int], NDArray[np.float32]], ...] = (
        ("kind", model.kind_rows, model.kind_weights),
        ("tag", model.tag_rows, model.tag_weights),
    )
    for name, rows, weights in tables:
        names = [feature for feature, row in rows.items() if abs(weights[row]).max() >= 0.02]
        arrays[f"{name}_names"] = np.array(names)
        places = [rows[feature] for feature in names]
        arrays[f"{name}_weights"] = weights[places].astype(np.float16)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, allow_pickle=False, **arrays)


def cross_validate(rows: Sequence[Labelled], folds: int) -> dict[str, object]:
    """Shares of held-out questions with the right kind, and with exactly the right topics."""
    order = np.random.default_rng(0).permutation(len(rows))
    confusions: Counter[tuple[str, str]] = Counter()
    right: list[bool] = []
    exact: list[bool] = []
    sure: list[float] = []
    for fold in range(folds):
        held = set(order[fold::folds].tolist())
        model = fit([row for number, row in enumerate(rows) if number not in held])
        for number in sorted(held):
            row, reading = rows[number], model.read(rows[number].question)
            right.append(reading.kind == row.kind)
            exact.append(reading.topics == row.topics)
            sure.append(reading.probability)
            if not right[-1]:
                confusions[row.kind, reading.kind] += 1
    return {
        "kind right": float(np.mean(right)),
        "topics exact": float(np.mean(exact)),
        "right where sure (0.8)": float(np.mean(np.array(right)[np.array(sure) >= 0.8])),
        "sure": float(np.mean(np.array(sure) >= 0.8)),
        "confusions": [[*pair, count] for pair, count in confusions.most_common(20)],
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit and write, or cross-validate and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--folds", type=int, default=0)
    options = parser.parse_args(arguments)
    rows = load()
    if options.folds:
        print(json.dumps(cross_validate(rows, options.folds), indent=1))
        return
    save(fit(rows), options.out)


if __name__ == "__main__":
    main()
