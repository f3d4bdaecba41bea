"""Passages by meaning: nearest neighbours of the question's vector."""

from dataclasses import dataclass

from qa.library import Library
from qa.records import Question
from qa.seams import Embedder, Match, VectorIndex

__all__ = ["DenseLeg"]


@dataclass(frozen=True, slots=True)
class DenseLeg:
    """Rank passages by how near their vectors are to the question's."""

    embedder: Embedder
    index: VectorIndex
    library: Library

    def rank(self, question: Question, k: int) -> list[Match]:
        """At most ``k``, best first."""
        self.index.refresh(self.library.generation())
        return self.index.search(self.embedder.embed_question(question.text), k, question.scope)
