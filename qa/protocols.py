"""The parts that can be swapped. Each has one contract suite that every implementation passes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from qa.records.answer import Conflict, Hit, Statement
from qa.records.conversation import Rewrite, Turn
from qa.records.question import Plan, Question, Scope
from qa.records.reading import Reading, Retrieval
from qa.records.trace import Step, Usage

__all__ = [
    "Composer",
    "Composition",
    "Embedder",
    "Judge",
    "LexicalEntry",
    "LexicalIndex",
    "Match",
    "Place",
    "QuestionStates",
    "Reader",
    "Restart",
    "Retriever",
    "Rewriter",
    "Splitter",
    "VectorEntry",
    "VectorIndex",
    "Vectors",
]

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns text into vectors of one dimension and unit length (zero for text without words)."""

    @property
    def fingerprint(self) -> str:
        """Changes when the same text would get another vector; kept beside the vectors."""

    @property
    def dimension(self) -> int:
        """The length of each vector."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """One row per text, shape ``(len(texts), dimension)``."""

    def embed_question(self, question: str) -> Vectors:
        """Shape ``(dimension,)``."""


@dataclass(frozen=True, slots=True)
class VectorEntry:
    """What the index keeps of a passage: its key and where it stands; never its text."""

    key: int
    article_id: str
    version: int
    start: int
    published: int
    """The day of publication as YYYYMMDD, 0 when unknown."""
    source: str


@dataclass(frozen=True, slots=True)
class Match:
    """A passage that an index found: ``similarity`` is higher for a better one, of vectors the
    cosine, of words BM25; comparable within one list only.
    """

    key: int
    similarity: float


class VectorIndex(Protocol):
    """Passage vectors under integer keys. Derived from the library; may be lost at any time."""

    def upsert(self, entries: Sequence[VectorEntry], vectors: Vectors) -> list[int]:
        """Add or replace, in step with the rows of ``vectors``; returns the keys replaced."""

    def delete(self, keys: Sequence[int]) -> None:
        """Take vectors out; unknown keys are ignored."""

    def search(self, vector: Vectors, k: int, scope: Scope) -> list[Match]:
        """The nearest ``k`` within the scope, best first."""

    def entries(self) -> dict[int, VectorEntry]:
        """Everything the index holds, by key."""

    def unreachable(self, keys: Sequence[int]) -> list[int]:
        """Those of the keys that a search for their own vector does not find."""

    def set_apart(self, keys: Sequence[int]) -> None:
        """Let every search find these, at the price of comparing each of them."""

    def check(self) -> None:
        """Raise IndexUnavailable if using the index would fail, or crash the process."""

    def count(self) -> int:
        """How many vectors there are."""

    def clear(self) -> None:
        """Forget everything, and take on the embedder in use."""

    def refresh(self, generation: int) -> None:
        """See what another process wrote before this generation of the library."""

    def warm(self) -> None:
        """Read what a search needs now rather than in the first one."""

    def close(self) -> None:
        """Let go of files and connections."""


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """What the index of words takes of a passage; it keeps the words and not the text."""

    key: int
    title: str
    text: str
    published: date | None
    source: str | None


Place = Literal["text", "title", "body", "opening"]
"""Where words are looked for: in title or body, in one of them, or as the body's first word."""


class LexicalIndex(Protocol):
    """The words of passages under integer keys, in any case, accents and English endings aside;
    scripts without spaces by pieces. Derived from the library; may be lost at any time.

    No sign in what is looked for is syntax. Every method raises IndexUnavailable for an index that
    is damaged; one that is not there is empty.
    """

    def upsert(self, entries: Sequence[LexicalEntry]) -> None:
        """Add or replace passages, all or none."""

    def delete(self, keys: Sequence[int]) -> None:
        """Take passages out, all or none; unknown keys are ignored."""

    def search(self, words: Sequence[str], k: int, scope: Scope) -> list[Match]:
        """The best ``k`` passages within the scope that have any of the words, best first; what is
        several words in the index ("Kestrel-2") counts as these in a row. Of scripts without
        spaces the words are pieces, as ``segment.pieces`` makes them.
        """

    def having(
        self, words: str, *, place: Place = "text", apart: int = 0, limit: int | None = None
    ) -> list[int]:
        """The keys of passages in which the words stand in a row, in no order, up to ``limit``;
        two words with ``apart`` in either order and with at most so many others between them. Of
        scripts without spaces one piece.
        """

    def words_of(self, text: str) -> list[str]:
        """The words of a text as the index has them, in order."""

    def keys(self) -> list[int]:
        """The keys of all passages that it holds, in no order."""

    def count(self) -> int:
        """How many passages it holds."""

    def check(self) -> None:
        """Raise IndexUnavailable if anything of the index is not as it was written."""

    def clear(self) -> None:
        """Forget everything, whatever is there."""

    def refresh(self, generation: int) -> None:
        """See what another process wrote before this generation of the library."""

    def close(self) -> None:
        """Let go of files and connections."""


class Retriever(Protocol):
    """Finds passages for a question."""

    def retrieve(self, question: Question, k: int) -> Retrieval:
        """At most ``k`` hits within the question's scope, best first; none when nothing is near."""


@dataclass(frozen=True, slots=True)
class QuestionStates:
    """What a network makes of a question: a row of ``vectors`` for each token, and the half-open
    range of characters that it stands for.
    """

    places: tuple[tuple[int, int], ...]
    vectors: Vectors


class Reader(Protocol):
    """Finds candidate answers inside hits, and judges whether there is one."""

    def states(self, question: str) -> QuestionStates | None:
        """What it makes of the question alone, for who tells its kind; None without a network."""

    def read(self, question: Question, hits: Sequence[Hit]) -> Reading:
        """Reorder the hits, give spans best first, and say how sure it is."""

    def relevant(self, question: Question, evidence: Sequence[str]) -> list[bool]:
        """Whether each piece of evidence, a sentence or a few, has to do with the question."""


@dataclass(frozen=True, slots=True)
class Composition:
    """What a composer made of a reading: the parts of an answer that are its business.

    ``parts`` are what quotations must hold for ``short`` to be told: the members of a list, or what
    shows a yes or no; without, ``short`` itself. With ``reason`` it abstains, and says nothing.
    ``usage`` is what a chat model took, ``steps`` go into the trace: one named ``chat`` tells why a
    chat model that was asked did not answer.
    """

    short: str = ""
    parts: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    reason: str = ""
    usage: Usage = field(default_factory=Usage)
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Restart:
    """The text that came so far does not count: show none of it. ``reason`` says why."""

    reason: str


class Composer(Protocol):
    """Turns a reading into statements with citations."""

    def compose(
        self, question: Question, reading: Reading
    ) -> Iterator[str | Restart | Composition]:
        """Text as it comes, in pieces that are simply joined, then, last, the composition."""


class Rewriter(Protocol):
    """Makes a follow-up stand alone."""

    def rewrite(self, question: str, history: Sequence[Turn]) -> Rewrite:
        """The question as it is to be searched; unchanged when it stands alone already."""


class Splitter(Protocol):
    """Finds the parts of a question."""

    def split(self, question: str) -> Plan:
        """The questions to be asked one by one; the question alone when it is single."""


class Judge(Protocol):
    """Decides one question: do these quotations, taken together, support this statement?"""

    @property
    def name(self) -> str:
        """Kept with the scores; runs judged by different judges are not compared."""

    def supports(self, statement: str, quotes: Sequence[str]) -> bool:
        """False when nothing is quoted."""
