"""Makes the weights that tell what kind of answer a question asks for, and what it is about.

    python -m training.kinds [--out FILE] [--folds N]

Reads ``training/questions/kinds.jsonl``: ``{"q": question, "kind": label, "topic": [phrases]}``,
the open questions of ``open.jsonl`` and a part of those that the reader was trained on, whose kinds
are known and whose topics are not.
With ``--folds`` nothing is written; prints how often held-out questions get their label.
"""

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from eval.gold.files import json_lines
from qa.protocols import QuestionStates, Vectors
from qa.question.kind import (
    KindModel,
    LinearModel,
    kind_features,
    tag_features,
    word_states,
    words_of,
)
from qa.readers.span import SpanReader
from qa.records.kinds import QUESTION_KINDS, QuestionKind

QUESTIONS = Path(__file__).parent / "questions" / "kinds.jsonl"
OPEN_QUESTIONS = QUESTIONS.with_name("open.jsonl")
MODEL = Path(__file__).resolve().parents[1] / "qa" / "models" / "kinds" / "model.npz"
# The kinds of the questions that were written over passages. How many of each are drawn is told by
# DRAWN: with none 0.81 of the questions of `annotated/n` get their kind, with these 0.94; with more
# other kinds of questions are taken for facts, with fewer long facts for lists.
PACKET_KINDS: Mapping[str, QuestionKind] = {
    **dict.fromkeys(("who", "what", "where", "when", "number", "money", "which"), "fact"),
    "why": "digest",
    "how": "digest",
    "list": "list",
    "yesno": "yes-no",
}
# The kinds of open questions by their names there.
OPEN_KINDS: Mapping[str, QuestionKind] = {
    **dict.fromkeys(("why", "how", "summary"), "digest"),
    "list": "list",
    "compare": "compare",
    "yesno": "yes-no",
    "change": "change",
    "conflict": "conflict",
}
DRAWN: Mapping[QuestionKind, int] = {"fact": 900, "digest": 120, "list": 60, "yes-no": 60}
# A word counts as such from this many questions on, a feature from as many places.
WORD_LEAST, KIND_LEAST, TAG_LEAST = 3, 1, 3
# Inverse strength of the Gaussian prior; chosen on a quarter of the questions.
KIND_FREEDOM, TAG_FREEDOM = 20.0, 10.0
# A feature is kept for one weight of this size.
LEAST = 0.4


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question with its kind and the phrases that name its topic; None where nobody marked it."""

    question: str
    kind: str
    topics: tuple[str, ...] | None


def load(path: Path = QUESTIONS) -> list[Labelled]:
    """The labelled questions. Raises ValueError for a label that there is not, or a topic that
    its question does not hold.
    """
    rows = [Labelled(row["q"], row["kind"], tuple(row["topic"])) for row in json_lines(path)]
    for row in rows:
        if row.kind not in QUESTION_KINDS:
            raise ValueError(f"{row.kind!r} is no kind of question: {row.question!r}")
        if missing := [topic for topic in row.topics or () if topic not in row.question]:
            raise ValueError(f"{missing} do not stand in {row.question!r}")
    return rows


def open_questions(rows: Sequence[Labelled], path: Path = OPEN_QUESTIONS) -> list[Labelled]:
    """The open questions whose kind has a name here, without those that the rows label."""
    labelled = {row.question for row in rows}
    return [
        Labelled(row["question"], OPEN_KINDS[row["kind"]], None)
        for row in json_lines(path)
        if row["kind"] in OPEN_KINDS and row["question"] not in labelled
    ]


def draw(counts: Mapping[QuestionKind, int] = DRAWN) -> list[Labelled]:
    """So many of the questions over passages, always the same."""
    questions = defaultdict(list)
    for path in sorted(QUESTIONS.parent.glob("t-packet-*.jsonl")):
        for line in json_lines(path):
            if kind := PACKET_KINDS.get(line.get("k")):
                questions[kind].append(line["q"])
    chance = random.Random(0)
    return [
        Labelled(question, kind, None)
        for kind, count in counts.items()
        for question in chance.sample(questions[kind], count)
    ]


def fit(rows: Sequence[Labelled], states: Sequence[QuestionStates]) -> KindModel:
    """Both models, fitted to all rows; ``states`` are the reader's of each question."""
    words = [words_of(row.question) for row in rows]
    counts = Counter(
        word
        for each in words
        for word in {word.text.lower().replace("’", "'") for word in each}
        if not word[0].isdigit()
    )
    vocabulary = frozenset(word for word, count in counts.items() if count >= WORD_LEAST)
    kinds = _logistic(
        [kind_features(each, vocabulary) for each in words],
        [each.vectors.mean(axis=0) for each in states],
        [QUESTION_KINDS.index(row.kind) for row in rows],  # type: ignore[arg-type]
        len(QUESTION_KINDS),
        KIND_LEAST,
        KIND_FREEDOM,
    )
    marked = [place for place, row in enumerate(rows) if row.topics is not None]
    tags = _logistic(
        [features for at in marked for features in tag_features(words[at], vocabulary)],
        [state for at in marked for state in word_states(words[at], states[at])],
        [tag for at in marked for tag in tags_of(rows[at])],
        3,
        TAG_LEAST,
        TAG_FREEDOM,
    )
    return KindModel(vocabulary, kinds, tags)


def tags_of(row: Labelled) -> list[int]:
    """0 outside, 1 begin, 2 inside, for each word of the question."""
    places = []
    start = 0
    for topic in row.topics or ():
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
    states: Sequence[Vectors | None],
    labels: Sequence[int],
    classes: int,
    least: int,
    freedom: float,
) -> LinearModel:
    """Multinomial logistic regression with a Gaussian prior, by L-BFGS; each sample counts once
    with its state and once without, so that the words alone decide well, too.
    """
    samples, labels = [*samples, *samples], [*labels, *labels]
    states = [*states, *[None] * len(states)]
    counts = Counter(feature for sample in samples for feature in sample)
    names = sorted(name for name, count in counts.items() if count > least)
    rows = {name: row for row, name in enumerate(names)}
    indices = [[rows[feature] for feature in sample if feature in rows] for sample in samples]
    pointers = np.cumsum([0, *map(len, indices)])
    values = np.concatenate(
        [
            np.full(len(own), max(1, len(sample)) ** -0.5)
            for own, sample in zip(indices, samples, strict=True)
        ]
    )
    named = sparse.csr_matrix(
        (values, np.concatenate(indices).astype(int), pointers), (len(samples), len(names))
    )
    given = np.array([state for state in states if state is not None])
    # The scale holds the width as well, so that all states together weigh like one feature.
    mean, scale = given.mean(axis=0), given.std(axis=0) * given.shape[1] ** 0.5 + 1e-6
    dense = np.array([np.zeros_like(mean) if s is None else (s - mean) / scale for s in states])
    target = np.zeros((len(samples), classes))
    target[np.arange(len(samples)), labels] = 1

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(-1, classes)
        odds = named @ weights[: len(names)] + dense @ weights[len(names) :]
        top = odds.max(axis=1, keepdims=True)
        normaliser = top + np.log(np.exp(odds - top).sum(axis=1, keepdims=True))
        error = np.exp(odds - normaliser) - target
        value = freedom * -((odds - normaliser) * target).sum() + (flat**2).sum() / 2
        gradient = np.concatenate([named.T @ error, dense.T @ error]) * freedom + weights
        return float(value), gradient.ravel()

    start = np.zeros((len(names) + dense.shape[1]) * classes)
    best = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 150})
    weights = best.x.reshape(-1, classes).astype(np.float32)
    return LinearModel(
        rows,
        weights[: len(names)],
        mean.astype(np.float32),
        scale.astype(np.float32),
        weights[len(names) :],
    )


def save(model: KindModel, path: Path) -> None:
    """One file; features whose weights are all near zero are left out."""
    arrays: dict[str, NDArray[np.generic]] = {"vocabulary": np.array(sorted(model.vocabulary))}
    for name, linear in (("kind", model.kinds), ("tag", model.tags)):
        names = [f for f, row in linear.rows.items() if abs(linear.weights[row]).max() >= LEAST]
        arrays[f"{name}_names"] = np.array(names)
        places = [linear.rows[feature] for feature in names]
        arrays[f"{name}_weights"] = linear.weights[places].astype(np.float16)
        arrays[f"{name}_mean"], arrays[f"{name}_scale"] = linear.mean, linear.scale
        arrays[f"{name}_state_weights"] = linear.state_weights.astype(np.float16)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, allow_pickle=False, **arrays)


def states_of(rows: Sequence[Labelled]) -> list[QuestionStates]:
    """What the shipped reader makes of each question."""
    reader = SpanReader.shipped()
    return [reader.states(row.question) for row in rows]


def cross_validate(
    rows: Sequence[Labelled], states: Sequence[QuestionStates], folds: int
) -> dict[str, object]:
    """Shares of held-out questions, of those with a topic, with the right kind, and with exactly
    the right topics.
    """
    marked = [place for place, row in enumerate(rows) if row.topics is not None]
    order = np.random.default_rng(0).permutation(marked)
    confusions: Counter[tuple[str, str]] = Counter()
    right: list[bool] = []
    exact: list[bool] = []
    sure: list[float] = []
    for fold in range(folds):
        held = set(order[fold::folds].tolist())
        kept = [number for number in range(len(rows)) if number not in held]
        model = fit([rows[number] for number in kept], [states[number] for number in kept])
        for number in sorted(held):
            row, reading = rows[number], model.read(rows[number].question, states[number])
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
    rows += [*open_questions(rows), *draw()]
    states = states_of(rows)
    if options.folds:
        print(json.dumps(cross_validate(rows, states, options.folds), indent=1))
        return
    save(fit(rows, states), options.out)


if __name__ == "__main__":
    main()
