"""Passages by words: BM25 over the library's full-text index."""

import re
from dataclasses import dataclass

from qa.asking import Question
from qa.library import Library
from qa.seams import Match

__all__ = ["STOP_WORDS", "LexicalLeg", "expression", "terms"]

STOP_WORDS = frozenset(
    """a about after all also am an and any are as at be because been before being between both but
    by can could did do does doing during each for from further had has have having he her here hers
    him his how i if in into is it its just me more most my no nor not of off on once only or other
    our out over own same she should so some such than that the their them then there these they
    this those through to too under until up upon us very was we were what when where which while
    who whom whose why will with would you your according month month's recently today week week's
    year""".split()  # noqa: SIM905  - a paragraph reads better than 130 quoted words
)
_EDGES = " \t.,;:!?\"'“”‘’«»()[]{}…"


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


def terms(question: str) -> list[str]:
    """The words that count, in order, once each; stop words only when there is nothing else.

    >>> terms("Who is the coalition's spokesman?")
    ['coalition', 'spokesman']
    """
    words = (re.sub(r"['’]s?$", "", word.strip(_EDGES)) for word in question.split())
    found = list(dict.fromkeys(word for word in words if re.search(r"\w", word)))
    return [word for word in found if word.lower() not in STOP_WORDS] or found


def expression(question: str) -> str:
    """An FTS5 query for any of the words, each quoted so that none is read as syntax."""
    return " OR ".join('"' + term.replace('"', '""') + '"' for term in terms(question))
