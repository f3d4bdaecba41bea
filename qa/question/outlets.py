"""Outlets as questions name them ("the Gazette") and as a library does. Strings only."""

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.language.words import bare_words
from qa.records.question import Plan

__all__ = ["by_outlet", "outlets_in"]


def outlets_in(question: str, outlets: Sequence[str]) -> tuple[str, ...]:
    """The known outlet behind "according to"; empty if there is none.

    >>> outlets_in("How many died according to the Gazette?", ["Valley Gazette", "Post"])
    ('Valley Gazette',)
    """
    match = re.search(r"\baccording to (.+?)[?,.]*$", question, re.IGNORECASE)
    outlet = _find_outlet(match.group(1), outlets) if match else ""
    return (outlet,) if outlet else ()


def by_outlet(plan: Plan, names: Sequence[str], outlets: Sequence[str]) -> Plan | None:
    """A plan that asks two outlets the same; None if they are not two that are known."""
    labels = tuple(
        dict.fromkeys(outlet for name in names if (outlet := _find_outlet(name, outlets)))
    )
    if len(labels) != 2:
        return None
    return replace(plan, parts=(plan.parts[0],) * 2, labels=labels)


def _find_outlet(name: str, outlets: Sequence[str]) -> str:
    """The outlet whose name has all the words of this one; empty if none, or several, have."""
    name_words = set(bare_words(name))
    matches = [source for source in outlets if name_words and name_words <= set(bare_words(source))]
    exact = [source for source in matches if name_words == set(bare_words(source))]
    candidates = exact or matches
    return candidates[0] if len(candidates) == 1 else ""
