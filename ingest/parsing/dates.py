"""Days as sources write them. Knows nothing of today: what is relative or incomplete is unknown."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal, TypeAlias

from qa.language.cleaning import one_line
from qa.language.lexicon import MONTHS, alternatives
from qa.language.periods import written_day

__all__ = [
    "DayOrder",
    "days_in",
    "is_universal",
    "opening_day",
    "order_in",
    "order_of",
    "parse_day",
    "stated_day",
]

DayOrder: TypeAlias = Literal["day", "month"] | None
"""What comes first in ``03/04/2024``; None where that is not known."""

_MONTH = alternatives(MONTHS)
_ISO = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?=$|[T\s,])")
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?=$|[T\s,])")
_AMBIGUOUS = re.compile(r"\s*+(\d{1,2})[-/]\s?(\d{1,2})[-/]\s?(\d{4}|\d\d)(?!\d)")
_NUMERIC_SHORT = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{2})(?=$|[T\s,])")
_DAY_FIRST = re.compile(
    rf"(?:[a-z]{{3,9}},? )?(\d{{1,2}})(?:st|nd|rd|th)?[ -]({_MONTH})\.?,?[ -](\d{{4}})(?!\d)", re.I
)
_SHORT_YEAR = re.compile(rf"(\d{{1,2}})([ -])({_MONTH})\2(\d{{2}})(?=$|[ T])", re.I)
_WEEK = re.compile(r"\d{4}-?W\d{2}(?:-?\d)?|\d{4}-\d{3}(?!\d)")
_MONTH_FIRST = re.compile(
    rf"(?:[a-z]{{3,9}},? )?({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})(?!\d)", re.I
)
_JSON_TIME = re.compile(r"/?Date\((\d{9,13})(?:[+-]\d{4})?\)/?")
_OFFSET = re.compile(r"[+-]\d{4} (?=\d{4}\Z)")
_LAST_SHORT_YEAR = 68
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What programs write for "none": the zero of their clocks, also west of Greenwich.
_ZERO_DAYS = (date(1970, 1, 1), date(1969, 12, 31))
# Seconds since 1970 that are read as a time: from 1973, when they got nine digits, to 2100.
_SECONDS = (1e8, 4.1e9)
# Dates that programs write for "none" (years 1 and 9999) lie beyond, and so does no article.
_FIRST_YEAR, _LAST_YEAR = 1400, 9998
# What programs write for "none": the first second they know of, here and west of Greenwich.
_NO_DAY = re.compile(r"1970-?01-?01|1969-?12-?31[T ]")
# No way of writing a day is longer, nor one in words shorter; others would only cost time.
_SHORTEST, _SHORTEST_WORDS, _LONGEST = 6, 8, 60
_UNIVERSAL = re.compile(r"\d:\d\d(?::\d\d)?(?:\.\d+)?\s*+(?:Z|UTC|GMT|[+-]00:?00)\s*+\Z", re.I)
# A day in a line of text. Each alternative is bounded, so that no text takes more than one pass.
_WRITTEN = re.compile(
    r"(?<![\d./-])(?:"
    r"\d{4}([-/.]) ?\d{1,2}\1 ?\d{1,2}"
    r"|\d{4} ?[年년] ?\d{1,2} ?[月월] ?\d{1,2} ?[日일]"
    r"|\d{1,2}([-/.]) ?\d{1,2}\2 ?\d{4}|\d{1,2}\.\d{1,2}\.\d{2}(?![\d.])"
    r"|\d{1,2}(?:st|nd|rd|th|er|[.ºª])?[ -](?:de |of )?[^\W\d_]{3,12}\.?,?[ -](?:de |del )?\d{4}"
    r"|[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
    r")(?!\d)",
    re.I,
)
_EASTERN = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})")
_TWO_DIGITS = re.compile(r"(\d{1,2}\.\d{1,2}\.)(\d{2})")
# Dates of one line that are looked at: a table of many says nothing of the article.
_MOST_DAYS = 4
# Opening lines of a text in which its day may stand, the characters of a line that does not say
# much else, and of the place and day with which an agency begins.
_OPENING_LINES = 6
_SHORT_LINE = 80
_DATELINE = 60
_DASH = re.compile(r"\s*+(?:\([^()]{2,30}\)|/[^/]{2,30}/)?\s*+(?:--|[-–—/:])")


def order_of(language: str | None) -> DayOrder:
    """What comes first in a date of numbers, by a language tag; unknown for plain English.

    >>> order_of("en-US"), order_of("de"), order_of("en")
    ('month', 'day', None)
    """
    tag = (language or "").lower().replace("_", "-")
    if tag.startswith("en-us"):
        return "month"
    return None if not tag or tag == "en" or tag.startswith(("en-ca", "en-ph")) else "day"


def order_in(values: Iterable[object]) -> DayOrder:
    """What comes first in the dates of one column: what a day over 12 shows there; unknown where
    none does, or where they differ.

    >>> order_in(["03/11/2024", "25/12/2024"]), order_in(["03/11/2024"])
    ('day', None)
    """
    orders: set[DayOrder] = set()
    for value in values:
        if isinstance(value, str) and (found := _AMBIGUOUS.match(value[:_LONGEST])):
            first, second = int(found[1]), int(found[2])
            # Beside two digits of a year, what is over 12 may be another two.
            orders |= {"day"} if first > 12 >= second and len(found[3]) == 4 else set()
            orders |= {"month"} if second > 12 >= first else set()
    return orders.pop() if len(orders) == 1 else None


def parse_day(value: object, *, order: DayOrder = None) -> date | None:
    """The calendar day that ``value`` states, in the time zone it is written in; else None.

    Text (ISO 8601, mail dates, a written day in about any language), seconds or milliseconds
    since 1970 (a day in UTC), ``date`` and ``datetime`` are read. Day, month and year must all
    be there. ``03/04/2024`` is March or April depending on the country, so it is unknown without
    an ``order``. The first day of 1970 stands for none.

    >>> parse_day("2024-06-13T23:30:00-04:00"), parse_day("yesterday"), parse_day("03/04/2024")
    (datetime.date(2024, 6, 13), None, None)
    """
    if isinstance(value, datetime):
        return stated_day(value.date())
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return None if day == _EPOCH.date() else day
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return _from_number(value)
    if isinstance(value, str):
        text = one_line(value).partition("[")[0]  # java: 2024-06-13T…Z[UTC]
        # Before it is remembered: a long one would stay in memory.
        return _from_text(text, order) if _SHORTEST <= len(text) <= _LONGEST else None
    return None


def is_universal(value: object) -> bool:
    """Whether the value is a time in UTC, whose day is not everywhere that of the calendar."""
    if isinstance(value, str):
        return _UNIVERSAL.search(value) is not None or (
            re.fullmatch(r"\d{9,13}", value.strip(), re.ASCII) is not None
        )
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def days_in(line: str, *, order: DayOrder = None) -> Iterator[tuple[int, date, int]]:
    """The days written in a line of text: where each starts, which it is, how long it is.

    >>> [day for _, day, _ in days_in("Published 13 Feb 2024, updated 15.02.2024")]
    [datetime.date(2024, 2, 13), datetime.date(2024, 2, 15)]
    """
    for count, found in enumerate(_WRITTEN.finditer(one_line(line))):
        if count == _MOST_DAYS:
            return
        written = found[0]
        if re.search("[年년]", written) and (parts := _EASTERN.match(written)):
            day = _day(*parts.groups())
        elif short := _TWO_DIGITS.fullmatch(written):
            day = parse_day(f"{short[1]}20{short[2]}")
        else:
            day = parse_day(re.sub(r"(?<=[-/.]) (?=\d)", "", written), order=order)
        if day:
            yield found.start(), day, len(written)


def opening_day(text: str, *, order: DayOrder = None) -> date | None:
    r"""The day that stands in the first lines of a text: in a line that says little else, or in
    the place and day with which an agency begins a paragraph.

    >>> opening_day("Rain\n\nPORT ELLIS, Feb. 13, 2024 (AP) - It fell all night.")
    datetime.date(2024, 2, 13)
    """
    lines = (line.strip() for line in text[: 20 * _SHORT_LINE].split("\n"))
    for line in [line for line in lines if line][:_OPENING_LINES]:
        for start, day, length in days_in(line[: 2 * _SHORT_LINE], order=order):
            alone = len(line) <= _SHORT_LINE and (
                length * 2 >= len(line) or start == 0 or ":" in line[:start]
            )
            led = 0 < start + length <= _DATELINE and _DASH.match(line, start + length)
            if alone or (led and line[: max(start, 1)].strip(" ,(")[:1].isupper()):
                return day
    return None


def stated_day(day: date | None) -> date | None:
    """The day of a point in time, None for the zero of a clock, which states none."""
    return None if day in _ZERO_DAYS else day


def _from_number(value: float) -> date | None:
    if 1e7 <= value < 1e8 and value == int(value):
        return _from_text(str(int(value)), None)  # 20240613
    for unit in (1, 1000):
        # Compared before it is divided: a whole number may be too large for that.
        if _SECONDS[0] * unit <= value <= _SECONDS[1] * unit:
            return (_EPOCH + timedelta(seconds=value / unit)).date()
    return None


@lru_cache(maxsize=8192)
def _from_text(text: str, order: DayOrder) -> date | None:
    if _NO_DAY.match(text):
        return None
    day = _written_day(text, order)
    # A day without a time is meant, but for the first of them.
    return day if day != _ZERO_DAYS[0] and ":" not in text else stated_day(day)


def _written_day(text: str, order: DayOrder) -> date | None:
    if re.fullmatch(r"\d{9,13}(\.\d+)?", text, re.ASCII):
        return _from_number(float(text))
    if re.fullmatch(r"\d{14}", text, re.ASCII):
        return _from_text(text[:8], None)  # 20240613103000
    if found := _JSON_TIME.fullmatch(text):
        return _from_number(float(found[1]))
    if found := _WEEK.match(text):
        return _week_day(found[0])
    if found := _ISO.match(text):
        return _day(found[1], found[3], found[4]) if found[2] or len(found[0]) == 8 else None
    if found := _NUMERIC.match(text):
        return _numeric(int(found[1]), int(found[3]), found[4], "day" if found[2] == "." else order)
    if found := _NUMERIC_SHORT.match(text):
        first, second = int(found[1]), int(found[3])
        # What is over 12 and comes first may be the year.
        known = order or second > 12
        return _numeric(first, second, _whole_year(found[4]), order) if known else None
    if found := _DAY_FIRST.match(text):
        return _day(found[3], MONTHS[found[2].lower()], found[1])
    if found := _SHORT_YEAR.match(text):
        return _day(_whole_year(found[4]), MONTHS[found[3].lower()], found[1])
    if found := _MONTH_FIRST.match(text):
        return _day(found[3], MONTHS[found[1].lower()], found[2])
    return _in_words(text) if len(text) >= _SHORTEST_WORDS else None


def _whole_year(digits: str) -> str:
    """As mail dates have it: what is over 68 is of the last century."""
    return f"{'19' if int(digits) > _LAST_SHORT_YEAR else '20'}{digits}"


def _numeric(first: int, second: int, year: str, order: DayOrder) -> date | None:
    """With slashes and dashes, what comes first must be known or follow from the numbers."""
    if first > 12 or first == second or (order == "day" and second <= 12):
        return _day(year, second, first)
    return _day(year, first, second) if second > 12 or order == "month" else None


def _week_day(text: str) -> date | None:
    """A day by its week, or by its number in the year (ISO 8601); None for a whole week."""
    for pattern in ("%G-W%V-%u", "%GW%V%u", "%Y-%j"):
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None


def _in_words(text: str) -> date | None:
    """A day written out in another language, if it has a year and a day of the month."""
    # The offset before the year, as the clock of Unix has it, is not the year.
    found = written_day(_OFFSET.sub("", text))
    return _day(found.year, found.month, found.day) if found else None


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None
