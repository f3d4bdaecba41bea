"""Passages by words: BM25 over the library's full-text index."""

from dataclasses import dataclass

from qa.language.multilingual.segment import pieces
from qa.language.words import terms
from qa.library.store import Library
from qa.protocols import Match
from qa.question.wording.vocabulary import any_of
from qa.records.question import Question

__all__ = ["LexicalLeg", "expression"]


@dataclass(frozen=True, slots=True)
class LexicalLeg:
    """Rank passages by the question's words."""

    library: Library

    def rank(self, question: Question, k: int) -> list[Match]:
        """At most ``k``, best first; empty when no word occurs."""
        query = expression(question.text)
        return (
            [Match(*row) for row in self.library.match(query, k, question.scope)] if query else []
        )


def expression(question: str) -> str:
    """An FTS5 query for any of the words, or of the pieces of what is written without spaces."""
    return any_of(dict.fromkeys([*terms(question), *pieces(question)]))
