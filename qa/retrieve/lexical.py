"""Passages by words: BM25 over the library's word index."""

from dataclasses import dataclass

from qa.language.multilingual.segment import pieces
from qa.language.words import terms
from qa.library.store import Library
from qa.protocols import Match
from qa.records.question import Question

__all__ = ["LexicalLeg"]


@dataclass(frozen=True, slots=True)
class LexicalLeg:
    """Rank passages by the question's words, or the pieces of what is written without spaces."""

    library: Library

    def rank(self, question: Question, k: int) -> list[Match]:
        """At most ``k``, best first; empty when no word occurs."""
        words = list(dict.fromkeys([*terms(question.text), *pieces(question.text)]))
        return self.library.words().search(words, k, question.scope)
