"""Which day an answer means, as far as it and the day of its article tell. Strings only."""

import re
from datetime import date

from qa.language.dates import dates
from qa.language.lexicon import WEEKDAYS
from qa.language.periods import Days, day_of, month_of, shift, year_of

__all__ = ["days_meant"]

_WEEKDAYS = {name.lower(): number for number, name in enumerate(WEEKDAYS)}
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})\b", re.IGNORECASE)


def days_meant(text: str, publication_day: date | None) -> Days | None:
    """The days that a date may be; None if it is no date.

    What is left out is taken from the day of publication: the year nearest to it, the last such
    weekday before it.

    >>> days_meant("since 18 May", date(2017, 6, 1)).first
    datetime.date(2017, 5, 18)
    >>> days_meant("in 1938", None).last
    datetime.date(1938, 12, 31)
    """
    for day, month, year in dates(text).values():
        period = _range(day, month, year, publication_day)
        if period:
            return period
    if publication_day is None:
        return None
    if weekday := _WEEKDAY.search(text):
        days_back = (publication_day.weekday() - _WEEKDAYS[weekday.group(1).lower()]) % 7
        event_day = shift(publication_day, -days_back)
        return Days(event_day, event_day)
    for word, days_back in (("today", 0), ("tonight", 0), ("yesterday", 1)):
        if re.search(rf"\b{word}\b", text, re.IGNORECASE):
            event_day = shift(publication_day, -days_back)
            return Days(event_day, event_day)
    return None


def _range(day: str, month: int, year: str, publication_day: date | None) -> Days | None:
    if not month:
        return year_of(int(year)) if year else None
    if not year:
        if publication_day is None:
            return None
        years = (publication_day.year - 1, publication_day.year, publication_day.year + 1)
        nearest_year = min(
            years, key=lambda each: abs((date(each, month, 15) - publication_day).days)
        )
        year = str(nearest_year)
    if not day:
        return month_of(int(year), month)
    exact = day_of(int(year), month, int(day))
    return Days(exact, exact) if exact else None
