"""Outlets as questions name them ("the Gazette") and as a library does. Strings only."""

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.language.words import bare_words
from qa.records.question import Plan

__all__ = ["by_outlet", "outlets_in"]


def outlets_in(question: str, known: Sequence[str]) -> tuple[str, ...]:
    """The known outlet behind "according to"; empty if there is none.

    >>> outlets_in("How many died according to the Gazette?", ["Valley Gazette", "Post"])
    ('Valley Gazette',)
    """
    said = re.search(r"\baccording to (.+?)[?,.]*$", question, re.IGNORECASE)
    found = _known(said.group(1), known) if said else ""
    return (found,) if found else ()


def by_outlet(plan: Plan, named: Sequence[str], known: Sequence[str]) -> Plan | None:
    """A plan that asks two outlets the same; None if they are not two that are known."""
    labels = tuple(dict.fromkeys(found for name in named if (found := _known(name, known))))
    if len(labels) != 2:
        return None
    return replace(plan, parts=(plan.parts[0],) * 2, labels=labels)


def _known(name: str, known: Sequence[str]) -> str:
    """The outlet whose name has all the words of this one; empty if none, or several, have."""
    wanted = set(bare_words(name))
    found = [source for source in known if wanted and wanted <= set(bare_words(source))]
    exact = [source for source in found if wanted == set(bare_words(source))]
    chosen = exact or found
    return chosen[0] if len(chosen) == 1 else ""
