"""Passages by meaning: nearest neighbours of the question's vector."""

from dataclasses import dataclass

from qa.library.store import Library
from qa.protocols import Embedder, Match, VectorIndex
from qa.records.question import Question, Scope
from qa.retrieve.within import search_within

__all__ = ["DenseLeg"]

_WIDEN = 10


@dataclass(frozen=True, slots=True)
class DenseLeg:
    """Rank passages by how near their vectors are to the question's."""

    embedder: Embedder
    index: VectorIndex
    library: Library

    def rank(self, question: Question, k: int) -> list[Match]:
        """At most ``k`` within the scope, best first; none for what the embedder cannot read."""
        self.index.refresh(self.library.generation())
        vector = self.embedder.embed_question(question.text)
        if not vector.any():
            # It knows nothing of the question: everything would be as near.
            return []
        if not question.scope:
            return self.index.search(vector, k, question.scope)
        if question.scope.collections:

            def search(depth: int, scope: Scope) -> list[Match]:
                return self.index.search(vector, depth, scope)

            return search_within(self.library, search, k, question.scope)
        # The index filters slowly (200 ms for 60,000 vectors), the library at once: look wider
        # and filter here, and leave to the index only the scopes that are rare.
        wide = self.index.search(vector, _WIDEN * k, Scope())
        days_in_scope = self.library.days([match.key for match in wide], question.scope)
        matches_in_scope = [match for match in wide if match.key in days_in_scope]
        if len(matches_in_scope) >= k or len(wide) < _WIDEN * k:
            return matches_in_scope[:k]
        return self.index.search(vector, k, question.scope)
