"""Days as sources write them. Knows nothing of today: what is relative or incomplete is unknown."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from qa.language.cleaning import one_line
from qa.language.lexicon import MONTHS, alternatives
from qa.language.periods import written_day

__all__ = ["parse_day", "stated_day"]

_MONTH = alternatives(MONTHS)
_ISO = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?=$|[T\s,])")
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?=$|[T\s,])")
_DAY_FIRST = re.compile(
    rf"(?:[a-z]{{3,9}},? )?(\d{{1,2}})(?:st|nd|rd|th)?[ -]({_MONTH})\.?,?[ -](\d{{4}})(?!\d)", re.I
)
_MONTH_FIRST = re.compile(
    rf"(?:[a-z]{{3,9}},? )?({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})(?!\d)", re.I
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What programs write for "none": the zero of their clocks, also west of Greenwich.
_ZERO_DAYS = (date(1970, 1, 1), date(1969, 12, 31))
# Seconds since 1970 that are read as a time: from 1973, when they got nine digits, to 2100.
_SECONDS = (1e8, 4.1e9)
# Dates that programs write for "none" (year 1) lie before, and so does no article.
_FIRST_YEAR = 1400
# No way of writing a day is longer; longer strings would only cost time.
_LONGEST = 60


def parse_day(value: object) -> date | None:
    """The calendar day that ``value`` states, in the time zone it is written in; else None.

    Text (ISO 8601, mail dates, a written day in about any language), seconds or milliseconds
    since 1970 (a day in UTC), ``date`` and ``datetime`` are read. Day, month and year must all
    be there. ``03/04/2024`` is March or April depending on the country, so it is unknown.

    >>> parse_day("2024-06-13T23:30:00-04:00"), parse_day("yesterday"), parse_day("03/04/2024")
    (datetime.date(2024, 6, 13), None, None)
    """
    if isinstance(value, datetime):
        return stated_day(value.date())
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return _from_number(value)
    if isinstance(value, str):
        text = one_line(value).partition("[")[0]  # java: 2024-06-13T…Z[UTC]
        # Before it is remembered: a long one would stay in memory.
        return _from_text(text) if 8 <= len(text) <= _LONGEST else None
    return None


def stated_day(day: date | None) -> date | None:
    """The day of a point in time, None for the zero of a clock, which states none."""
    return None if day in _ZERO_DAYS else day


def _from_number(value: float) -> date | None:
    if 1e7 <= value < 1e8 and value == int(value):
        return _from_text(str(int(value)))  # 20240613
    for unit in (1, 1000):
        # Compared before it is divided: a whole number may be too large for that.
        if _SECONDS[0] * unit <= value <= _SECONDS[1] * unit:
            return (_EPOCH + timedelta(seconds=value / unit)).date()
    return None


@lru_cache(maxsize=8192)
def _from_text(text: str) -> date | None:
    day = _written_day(text)
    # A day without a time is meant, but for the first of them.
    return day if day != _ZERO_DAYS[0] and ":" not in text else stated_day(day)


def _written_day(text: str) -> date | None:
    if re.fullmatch(r"\d{9,13}(\.\d+)?", text, re.ASCII):
        return _from_number(float(text))
    if found := _ISO.match(text):
        return _day(found[1], found[3], found[4]) if found[2] or len(found[0]) == 8 else None
    if found := _NUMERIC.match(text):
        return _numeric(int(found[1]), int(found[3]), found[4], dotted=found[2] == ".")
    if found := _DAY_FIRST.match(text):
        return _day(found[3], MONTHS[found[2].lower()], found[1])
    if found := _MONTH_FIRST.match(text):
        return _day(found[3], MONTHS[found[1].lower()], found[2])
    return _in_words(text)


def _numeric(first: int, second: int, year: str, *, dotted: bool) -> date | None:
    """Dots mean day first everywhere; with slashes and dashes it must follow from the numbers."""
    if dotted or first > 12 or first == second:
        return _day(year, second, first)
    return _day(year, first, second) if second > 12 else None


def _in_words(text: str) -> date | None:
    """A day written out in another language, if it has a year and a day of the month."""
    found = written_day(text)
    return _day(found.year, found.month, found.day) if found else None


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year >= _FIRST_YEAR else None
