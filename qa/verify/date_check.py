"""Dates and weekdays of a statement against those of quotations, seen from their publication."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from qa.language.dates import WrittenDate, compatible
from qa.language.periods import day_of
from qa.verify.evidence import Source
from qa.verify.facts import Facts, facts

__all__ = ["missing_dates"]

_RELATIVE = {
    "today": (0, 1), "tonight": (0, 1), "this morning": (0, 1), "this week": (-6, 7),
    "yesterday": (1, 2), "tomorrow": (-2, -1), "last week": (1, 14), "next week": (-14, -1),
    "last month": (1, 62), "next month": (-62, -1), "this month": (-31, 31),
    "last year": (1, 730), "next year": (-730, -1), "this year": (-365, 365),
    "earlier this": (0, 365), "ago": (1, 36500), "later this": (-365, 0),
}  # fmt: skip


def missing_dates(
    statement: Facts, evidence: Sequence[Facts], sources: Sequence[Source]
) -> Iterator[str]:
    quoted_dates = [day for fact in evidence for day in fact.dates.values()]
    for spelling, day in statement.dates.items():
        if any(compatible(day, other) and _as_exact(day, other) for other in quoted_dates):
            continue
        is_meant = any(
            _can_mean(day, fact, source) for fact, source in zip(evidence, sources, strict=True)
        )
        if not is_meant:
            yield f"the quotation has no {spelling}"
    weekdays = {f"{day:%A}".lower() for day in _days_of(evidence, sources)}
    for day_name in sorted(statement.days):
        if not any(day_name in fact.days for fact in evidence) and day_name not in {
            _short(day) for day in weekdays
        }:
            yield f"the quotation has no {day_name}"


def _short(day: str) -> str:
    return next(iter(facts(f"on {day}").days), day)


def _days_of(evidence: Sequence[Facts], sources: Sequence[Source]) -> Iterator[date]:
    for fact, source in zip(evidence, sources, strict=True):
        for day, month, year in fact.dates.values():
            if day and month and (year or source.published):
                in_year = int(year or (source.published or date.min).year)
                if exact := day_of(in_year, month, int(day)):
                    yield exact


def _as_exact(day: WrittenDate, other: WrittenDate) -> bool:
    """Whether the other date gives the day and month if this one does."""
    return all(b or not a for a, b in zip(day[:2], other[:2], strict=True))


def _can_mean(day: WrittenDate, fact: Facts, source: Source) -> bool:
    """Whether the quotation can mean this date, seen from the day it was published."""
    publication_day = source.published
    if publication_day is None:
        return False
    number, month, year = day
    if not month:
        relative = re.search(r"\b(last|next) year\b", fact.text.lower())
        shift = {"last": -1, "next": 1}[relative[1]] if relative else 0
        return int(year) == publication_day.year + shift and not any(
            other[2] for other in fact.dates.values()
        )
    exact = day_of(int(year or publication_day.year), month, int(number or 15))
    if exact is None:
        return False
    days_behind = (publication_day - exact).days
    slack = 0 if number else 31
    if number and any(_short(f"{exact:%A}") == name for name in fact.days):
        return abs(days_behind) <= 8
    if fact.days and number:
        return False
    if not number and not fact.dates and abs(days_behind) <= 31:
        return exact.month == publication_day.month
    text = fact.text.lower()
    return any(
        re.search(rf"\b{words}\b", text) and low - slack <= days_behind <= high + slack
        for words, (low, high) in _RELATIVE.items()
    ) or (bool(fact.days) and not number and abs(days_behind) <= slack + 8)
