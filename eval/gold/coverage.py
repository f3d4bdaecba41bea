"""How much of what gold questions are about a library holds."""

from collections.abc import Iterable

from eval.gold.questions import Gold
from qa.library.store import Library

__all__ = ["article_coverage"]

# Articles that are looked for: of many files the first say enough.
_LOOKED = 30


def article_coverage(gold: Iterable[Gold], library: Library) -> float:
    """The share of the articles that gold names which are in the library; 1 if it names none."""
    looked = sorted({name for each in gold for name in each.articles})[:_LOOKED]
    here = sum(library.find(name) is not None for name in looked)
    return here / len(looked) if looked else 1.0
