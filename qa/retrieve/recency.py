"""How near an article appeared to the days that a question is about."""

from datetime import date
from math import exp

import qa.thresholds as thresholds
from qa.records.trace import Window

__all__ = ["closeness", "nearness"]


def closeness(day: date | None, as_of: date) -> float:
    """How near to ``as_of`` an article appeared, in [0, 1]; 0.2 for unknown and later days.

    >>> closeness(date(2024, 6, 1), date(2024, 6, 1))
    1.0
    """
    # A day's grace: the same evening is tomorrow elsewhere.
    if day is None or (day - as_of).days > 1:
        return thresholds.CLOSENESS_UNKNOWN
    return exp(-max(0, (as_of - day).days) / thresholds.CLOSENESS_DAYS)


def nearness(day: date | None, window: Window) -> float:
    """How near to a window an article appeared, in [0, 1]: 1 inside; 0.2 for an unknown day.

    >>> nearness(date(2024, 6, 1), Window(date(2024, 5, 1), date(2024, 6, 1)))
    1.0
    """
    if day is None:
        return thresholds.CLOSENESS_UNKNOWN
    early = (window.since - day).days if window.since else 0
    late = (day - window.until).days if window.until else 0
    return exp(-max(0, early, late) / thresholds.CLOSENESS_DAYS)
