"""What a library holds of the articles that gold names. Knows nothing of answers given."""

from dataclasses import replace
from typing import Literal

from eval.gold import Gold
from eval.metrics.answer import contains
from qa.library import Library

__all__ = ["Evidence", "evidence", "placed"]

Evidence = Literal["", "missing", "silent"]
"""Empty when there is nothing to complain of."""


def placed(gold: Gold, library: Library) -> Gold:
    """The same with the ids of its articles, which may be named by an address or by the end of
    the path they were read from. What the library does not hold keeps its name.
    """
    return replace(gold, articles=tuple(library.find(name) or name for name in gold.articles))


def evidence(gold: Gold, library: Library) -> Evidence:
    """Whether anyone could have answered: ``missing`` when none of the articles is there,
    ``silent`` when none of those that are holds an accepted answer.
    """
    ids = [found for name in gold.articles if (found := library.find(name))]
    if gold.articles and not ids:
        return "missing"
    if not ids or not gold.answers:
        return ""
    articles = (library.article(found) for found in ids)
    held = any(contains(f"{item.title}\n{item.text}", gold.answers) for item in articles)
    return "" if held else "silent"
