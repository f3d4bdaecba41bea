"""Which day an answer means, as far as it and the day of its article tell. Strings only."""

import calendar
import re
from datetime import date, timedelta

from qa.agree import dates

__all__ = ["days_meant"]

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})\b", re.IGNORECASE)


def days_meant(text: str, published: date | None) -> tuple[date, date] | None:
    """The first and last day that a date may be, both included; None if it is no date.

    What is left out is taken from the day of publication: the year nearest to it, the last such
    weekday before it.

    >>> days_meant("since 18 May", date(2017, 6, 1))
    (datetime.date(2017, 5, 18), datetime.date(2017, 5, 18))
    >>> days_meant("in 1938", None)
    (datetime.date(1938, 1, 1), datetime.date(1938, 12, 31))
    """
    for day, month, year in dates(text).values():
        found = _range(day, month, year, published)
        if found:
            return found
    if published is None:
        return None
    if weekday := _WEEKDAY.search(text):
        back = (published.weekday() - _WEEKDAYS[weekday.group(1).lower()]) % 7
        meant = published - timedelta(days=back)
        return meant, meant
    for word, back in (("today", 0), ("tonight", 0), ("yesterday", 1)):
        if re.search(rf"\b{word}\b", text, re.IGNORECASE):
            return published - timedelta(days=back), published - timedelta(days=back)
    return None


def _range(day: str, month: str, year: str, published: date | None) -> tuple[date, date] | None:
    if not month:
        return (date(int(year), 1, 1), date(int(year), 12, 31)) if year else None
    number = _MONTHS[month]
    if not year:
        if published is None:
            return None
        years = (published.year - 1, published.year, published.year + 1)
        near = min(years, key=lambda each: abs((date(each, number, 15) - published).days))
        year = str(near)
    last = calendar.monthrange(int(year), number)[1]
    if day and int(day) > last:
        return None
    first = date(int(year), number, int(day or 1))
    return first, date(int(year), number, int(day) if day else last)
