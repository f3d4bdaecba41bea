"""Which kind of answer a question asks for, and what it is about: two small trained linear models.

The kind is told by a multinomial logistic regression over words and word sequences; the topic by
another over the words around each word (begin, inside, outside; Ramshaw and Marcus 1995). Words that
are rare in the questions they were trained on count by their shape alone, so that frames count and
names do not. Made by ``python -m training.kinds``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from qa.errors import ModelError
from qa.records.kinds import QUESTION_KINDS, QuestionKind

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from numpy import float32

__all__ = ["KindModel", "KindReading", "kind_features", "read_kind", "tag_features", "words_of"]

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
    """The likeliest ``kind``, how likely it is, in [0, 1], and the phrases of the question that name
    what it is about, in order; none when it names nothing.
    """

    kind: QuestionKind
    probability: float
    topics: tuple[str, ...]


@dataclass(frozen=True)
class KindModel:
    """Weights by feature: a row each of ``kind_weights`` (a column for every kind) and of
    ``tag_weights`` (outside, begin, inside). ``vocabulary`` holds the words that count as such.
    """

    vocabulary: frozenset[str]
    kind_rows: Mapping[str, int]
    kind_weights: "NDArray[float32]"
    tag_rows: Mapping[str, int]
    tag_weights: "NDArray[float32]"

    @classmethod
    def load(cls, path: Path) -> "KindModel":
        """From the file beside the other weights. Raises ModelError if it cannot be read."""
        import numpy as np

        try:
            with np.load(path) as stored:
                vocabulary, kind_names, tag_names = (
                    stored[name].tolist() for name in ("vocabulary", "kind_names", "tag_names")
                )
                weights = [stored[f"{name}_weights"].astype(np.float32) for name in ("kind", "tag")]
        except (OSError, KeyError, ValueError) as error:
            raise ModelError(f"the kinds of questions cannot be read: {error}") from error
        return cls(
            frozenset(vocabulary),
            {name: row for row, name in enumerate(kind_names)},
            weights[0],
            {name: row for row, name in enumerate(tag_names)},
            weights[1],
        )

    def read(self, question: str) -> KindReading:
        """What the question asks for; a question without words is a greeting."""
        import numpy as np

        words = words_of(question)
        if not any(word.text[0].isalnum() for word in words):
            return KindReading("greeting", 1.0, ())
        odds = _sum_rows(self.kind_weights, self.kind_rows, kind_features(words, self.vocabulary))
        shares = np.exp(odds - np.logaddexp.reduce(odds))
        best = int(shares.argmax())
        tags = [
            int(_sum_rows(self.tag_weights, self.tag_rows, features).argmax())
            for features in tag_features(words, self.vocabulary)
        ]
        kind = QUESTION_KINDS[best]
        return KindReading(kind, float(shares[best]), tuple(_phrases(question, words, tags)))


@cache
def _shipped_model() -> KindModel:
    return KindModel.load(_MODEL)


def read_kind(question: str) -> KindReading:
    """What a question asks for, by the shipped weights.

    >>> read_kind("How many articles mention the harbour fire?").kind
    'article-count'
    >>> read_kind("Why did the harbour burn?").kind
    'digest'
    """
    return _shipped_model().read(question)


def words_of(question: str) -> list[QuestionWord]:
    """The words and signs that say what is asked: the last of a long text."""
    words = [QuestionWord(m.group(), m.start(), m.end()) for m in _WORD.finditer(question)]
    return words[-_MOST_WORDS:]


def kind_features(words: Sequence[QuestionWord], vocabulary: frozenset[str]) -> set[str]:
    """Names of what counts for the kind: each sequence of up to three words, the length."""
    masked = ["^", *(_masked(word.text, vocabulary) for word in words), "$"]
    features = {
        " ".join(masked[start : start + size])
        for size in range(1, _LONGEST_SEQUENCE + 1)
        for start in range(len(masked) - size + 1)
    }
    features |= {f"opens {' '.join(masked[1:size])}" for size in (3, 5)}
    length = next((limit for limit in (2, 4, 8, 16, 32) if len(words) <= limit), 99)
    return {*features, f"length {length}", "bias"}


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


def _sum_rows(
    weights: "NDArray[float32]", rows: Mapping[str, int], features: Sequence[str] | set[str]
) -> "NDArray[float32]":
    places = [rows[feature] for feature in features if feature in rows]
    return cast("NDArray[float32]", weights[places].sum(axis=0))


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
