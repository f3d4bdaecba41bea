"""Which kind of answer a question asks for, and what it is about: two small trained linear models.

The kind is told by a multinomial logistic regression over words, word sequences and the reader's
states of the question; the topic by another over the words around each word and the reader's
state of it (begin, inside, outside; Ramshaw and Marcus 1995). Words that are rare in the questions
they were trained on count by their shape alone, so that frames count and names do not. Without a
reader's states the words alone decide. Made by ``python -m training.kinds``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import qa.thresholds as thresholds
from qa.errors import ModelError
from qa.language.multilingual.segment import segment
from qa.protocols import QuestionStates, Vectors
from qa.records.kinds import COLLECTION_KINDS, QUESTION_KINDS, QuestionKind

__all__ = [
    "KindModel",
    "KindReading",
    "LinearModel",
    "kind_features",
    "read_kind",
    "tag_features",
    "word_states",
    "words_of",
]

_MODEL = Path(__file__).resolve().parents[1] / "models" / "kinds" / "model.npz"
_TAGS = ("outside", "begin", "inside")
_WORD = re.compile(r"https?://\S+|\w+(?:[’'.-]\w+)*|[^\w\s]")
# Of the words of a question, how many say what kind it is: of a pasted page the last.
_MOST_WORDS = 120
_LONGEST_SEQUENCE = 3
_REACH = 2


class QuestionWord(NamedTuple):
    """A word or sign with its half-open place in the question."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class KindReading:
    """The likeliest ``kind``, how likely it is, in [0, 1], and the phrases of the question that
    name what it is about, in order; none when it names nothing.
    """

    kind: QuestionKind
    probability: float
    topics: tuple[str, ...]


@dataclass(frozen=True)
class LinearModel:
    """Weights by feature: a row of ``weights`` each, a column for every class; then those of the
    states, in standard units by ``mean`` and ``scale``, shape ``(width, classes)``.
    """

    rows: Mapping[str, int]
    weights: Vectors
    mean: Vectors
    scale: Vectors
    state_weights: Vectors

    def odds(self, features: Sequence[str], state: Vectors | None) -> Vectors:
        """The log odds of each class, not normalised; ``state`` has shape ``(width,)``."""
        import numpy as np

        places = [self.rows[feature] for feature in features if feature in self.rows]
        odds: Vectors = self.weights[places].sum(axis=0) / max(1, len(features)) ** 0.5
        if state is not None:
            units: Vectors = (state - self.mean) / self.scale
            odds = np.add(odds, units @ self.state_weights, dtype=np.float32)
        return odds


@dataclass(frozen=True)
class KindModel:
    """``vocabulary`` holds the words that count as such; ``kinds`` has a class for each kind of
    question, ``tags`` one for outside, begin and inside of a topic.
    """

    vocabulary: frozenset[str]
    kinds: LinearModel
    tags: LinearModel

    @classmethod
    def load(cls, path: Path) -> "KindModel":
        """From the file beside the other weights. Raises ModelError if it cannot be read."""
        import numpy as np

        try:
            with np.load(path) as stored:
                vocabulary = frozenset(stored["vocabulary"].tolist())
                kinds, tags = (_stored_model(stored, name) for name in ("kind", "tag"))
        except (OSError, KeyError, ValueError) as error:
            raise ModelError(f"the kinds of questions cannot be read: {error}") from error
        return cls(vocabulary, kinds, tags)

    def read(self, question: str, states: QuestionStates | None = None) -> KindReading:
        """What the question asks for; a question without words is a greeting, and one in a script
        that writes none apart asks for a fact.
        """
        import numpy as np

        words = words_of(question)
        if not any(word.text[0].isalnum() for word in words):
            return KindReading("greeting", 1.0, ())
        whole = states.vectors.mean(axis=0) if states else None
        odds = self.kinds.odds(kind_features(words, self.vocabulary), whole)
        shares = np.exp(odds - np.logaddexp.reduce(odds))
        # Its sentences would each count as one unknown word, as a greeting often is.
        if segment(question) != question and not self._knows_any(words):
            fact = QUESTION_KINDS.index("fact")
            return KindReading("fact", float(shares[fact]), ())
        best = _likeliest(shares)
        tags = [
            int(self.tags.odds(features, state).argmax())
            for features, state in zip(
                tag_features(words, self.vocabulary), word_states(words, states), strict=True
            )
        ]
        topics = tuple(_phrases(question, words, tags))
        return KindReading(QUESTION_KINDS[best], float(shares[best]), topics)

    def _knows_any(self, words: Sequence[QuestionWord]) -> bool:
        return any(word.text.lower() in self.vocabulary and word.text.isalpha() for word in words)


def word_states(
    words: Sequence[QuestionWord], states: QuestionStates | None
) -> list[Vectors | None]:
    """For each word the state of its first token; None where there is none."""
    if states is None:
        return [None] * len(words)
    tokens = list(enumerate(states.places))
    return [
        next((states.vectors[n] for n, (low, high) in tokens if low <= word.start < high), None)
        for word in words
    ]


def _stored_model(stored: Any, name: str) -> LinearModel:
    parts = (stored[f"{name}_{part}"] for part in ("weights", "mean", "scale", "state_weights"))
    rows = {feature: row for row, feature in enumerate(stored[f"{name}_names"].tolist())}
    return LinearModel(rows, *(part.astype("float32") for part in parts))


@cache
def _shipped_model() -> KindModel:
    return KindModel.load(_MODEL)


def read_kind(question: str, states: QuestionStates | None = None) -> KindReading:
    """What a question asks for, by the shipped weights; ``states`` are the reader's.

    >>> read_kind("How many articles mention the harbour fire?").kind
    'article-count'
    >>> read_kind("Why did the harbour burn?").kind
    'digest'
    """
    return _shipped_model().read(question, states)


def words_of(question: str) -> list[QuestionWord]:
    """The words and signs that say what is asked: the last of a long text."""
    words = [QuestionWord(m.group(), m.start(), m.end()) for m in _WORD.finditer(question)]
    return words[-_MOST_WORDS:]


def kind_features(words: Sequence[QuestionWord], vocabulary: frozenset[str]) -> list[str]:
    """Names of what counts for the kind: each sequence of up to three words, the length."""
    masked = ["^", *(_masked(word.text, vocabulary) for word in words), "$"]
    features = {
        " ".join(masked[start : start + size])
        for size in range(1, _LONGEST_SEQUENCE + 1)
        for start in range(len(masked) - size + 1)
    }
    length = next((limit for limit in (2, 4, 8, 16, 32) if len(words) <= limit), 99)
    return sorted({*features, f"length {length}"})


def tag_features(words: Sequence[QuestionWord], vocabulary: frozenset[str]) -> Iterator[list[str]]:
    """For each word the names of what counts for its tag: the words around it, and its place."""
    edge = ["^"] * _REACH, ["$"] * _REACH
    masked = [*edge[0], *(_masked(word.text, vocabulary) for word in words), *edge[1]]
    for place, word in enumerate(words, start=_REACH):
        around = {shift: masked[place + shift] for shift in range(-_REACH, _REACH + 1)}
        yield [
            "bias",
            f"shape {_shape(word.text)}",
            f"from start {min(place - _REACH, 6)}",
            f"to end {min(len(words) - (place - _REACH), 4)}",
            *(f"{shift} {text}" for shift, text in around.items()),
            f"-1 0 {around[-1]} {around[0]}",
            f"0 1 {around[0]} {around[1]}",
            f"-2 -1 {around[-2]} {around[-1]}",
            f"-1 1 {around[-1]} {around[1]}",
        ]


def _masked(text: str, vocabulary: frozenset[str]) -> str:
    lower = text.lower().replace("’", "'")
    return lower if lower in vocabulary else f"<{_shape(text)}>"


def _shape(text: str) -> str:
    if text.startswith("http"):
        return "address"
    if text[0].isdigit():
        return "number"
    if not text[0].isalnum():
        return "sign"
    return "capital" if text[0].isupper() else "word"


def _likeliest(shares: Vectors) -> int:
    """The number of the likeliest kind: one that the library's records answer only if it is
    likelier than not, and a count that no article makes only if that is likely, since what
    articles state answers everything else.
    """
    least: dict[QuestionKind, float] = dict.fromkeys(COLLECTION_KINDS, thresholds.COLLECTION_KIND)
    least["count"] = thresholds.COUNT_KIND
    order = sorted(range(len(shares)), key=lambda number: -float(shares[number]))
    return next(
        number for number in order if shares[number] >= least.get(QUESTION_KINDS[number], 0.0)
    )


def _phrases(question: str, words: Sequence[QuestionWord], tags: Sequence[int]) -> Iterator[str]:
    """The runs of words that are tagged, as the question has them."""
    start = end = -1
    for word, tag in zip(words, tags, strict=True):
        if start >= 0 and _TAGS[tag] != "inside":
            yield question[start:end]
            start = -1
        if _TAGS[tag] != "outside":
            start = word.start if start < 0 else start
            end = word.end
    if start >= 0:
        yield question[start:end]
