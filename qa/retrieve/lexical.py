"""Passages by words: BM25 over the library's word index."""

from dataclasses import dataclass

from qa.language.multilingual.segment import pieces
from qa.language.words import terms
from qa.library.store import Library
from qa.protocols import Match
from qa.records.question import Question, Scope
from qa.retrieve.within import search_within

__all__ = ["LexicalLeg"]


@dataclass(frozen=True, slots=True)
class LexicalLeg:
    """Rank passages by the question's words, or the pieces of what is written without spaces."""

    library: Library

    def rank(self, question: Question, k: int) -> list[Match]:
        """At most ``k``, best first; empty when no word occurs."""
        words = list(dict.fromkeys([*terms(question.text), *pieces(question.text)]))
        index = self.library.words()

        def search(depth: int, scope: Scope) -> list[Match]:
            return index.search(words, depth, scope)

        return search_within(self.library, search, k, question.scope)
