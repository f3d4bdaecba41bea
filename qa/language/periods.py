"""Periods of the calendar as their first and last day. Knows no question and no article.

Nothing here raises for a day that does not exist or lies beyond the calendar: such a period is
None, and what would run over the calendar's ends stops there.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

__all__ = [
    "Days",
    "day_of",
    "decade_of",
    "month_of",
    "part_of",
    "season_of",
    "shift",
    "written_day",
    "year_of",
]

_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_NINE_YEARS = 9
_MONTH = 31
# Where the thirds of a decade begin and end: "the mid-1990s" are from 1994 to 1996.
_TENTHS = ((0, 4), (4, 7), (7, 10))


class Days(NamedTuple):
    """A period: its first and its last day, both of it."""

    first: date
    last: date


def shift(day: date, days: int) -> date:
    """The day that many days later, or the calendar's first or last."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def day_of(year: int, month: int, day: int) -> date | None:
    """The day, if the calendar has it.

    >>> day_of(2023, 2, 29) is None
    True
    """
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def month_of(year: int, month: int) -> Days | None:
    """The month; those before January and after December are of the years around."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    if not date.min.year <= year <= date.max.year:
        return None
    return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def year_of(year: int, *, years: int = 1) -> Days | None:
    """The year, or several from it on."""
    first, last = day_of(year, 1, 1), day_of(year + years - 1, 12, 31)
    return Days(first, last) if first and last else None


def decade_of(year: int) -> Days | None:
    """The ten years that begin with this one."""
    return year_of(year, years=10)


def season_of(year: int, season: str) -> Days | None:
    """The season of the northern half in whole months; winter begins in the year.

    >>> season_of(2024, "summer").first, season_of(2024, "winter").last
    (datetime.date(2024, 6, 1), datetime.date(2025, 2, 28))
    """
    start = _SEASONS[season]
    first, last = month_of(year, start), month_of(year, start + 2)
    return Days(first.first, last.last) if first and last else None


def part_of(period: Days, part: str) -> Days:
    """The ``early``, ``mid`` or ``late`` third, of years in whole months.

    >>> part_of(Days(date(2024, 1, 1), date(2024, 12, 31)), "early").last
    datetime.date(2024, 4, 30)
    """
    first, last = period
    third = ("early", "mid", "late").index(part)
    years = last.year - first.year + 1
    if years > _NINE_YEARS:
        start, end = (first.year + years * tenths // 10 for tenths in _TENTHS[third])
        return year_of(start, years=end - start) or period
    if (last - first).days > 360:
        low, high = (month_of(first.year, 4 * third + place) for place in (1, 4))
        return Days(low.first, high.last) if low and high else period
    length = (last - first).days + 1
    step = 10 if length <= _MONTH else length // 3
    start_day = shift(first, third * step)
    return Days(start_day, last if third == 2 else shift(start_day, step - 1))


def written_day(text: str, *, languages: Sequence[str] | None = None) -> date | None:
    """A day that is written out, with its month and year, in one of the languages (codes of two
    letters; None: about any). Days that count from today are None.

    >>> written_day("3 juin 2024")
    datetime.date(2024, 6, 3)
    """
    if not re.search(r"(?<!\d)\d{4}(?!\d)", text) or not re.search(r"(?<!\d)\d{1,2}(?!\d)", text):
        return None
    # 0.1 s to import, as much again for the first language: only here, only when it is needed.
    import dateparser  # type: ignore[import-untyped]

    settings: dict[str, Any] = {
        "STRICT_PARSING": True,
        "REQUIRE_PARTS": ["day", "month", "year"],
        "PARSERS": ["absolute-time"],  # the others count from today
    }
    codes = [*languages] if languages else None
    try:
        moment = dateparser.parse(text, languages=codes, settings=settings)
    except Exception:  # its locales raise many kinds on odd strings; unreadable is unknown
        return None
    return moment.date() if moment else None
