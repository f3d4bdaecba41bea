"""One day, month, year or other period as English says it, counted from a day. Strings only."""

import re
from collections.abc import Callable
from datetime import date

from qa.language.lexicon import MONTHS, NUMBER_WORDS, WEEKDAYS, alternatives
from qa.language.periods import (
    Days,
    day_of,
    decade_of,
    month_of,
    part_of,
    season_of,
    shift,
    year_of,
)

__all__ = ["FOREIGN", "POINT", "YEAR", "point"]

YEAR = r"(?:1[5-9]|20)[0-9]{2}(?![0-9%]|[.,][0-9])"
_MONTH = alternatives(MONTHS)
_WEEKDAYS = [day.lower() for day in WEEKDAYS]
_NUMBERS = {word: number for number, word in enumerate(NUMBER_WORDS[:13]) if number} | {
    "a": 1, "an": 1, "couple of": 2, "a couple of": 2, "few": 3, "a few": 3,
}  # fmt: skip
_NUMBER = "|".join(["[0-9]{1,4}", *sorted(_NUMBERS, key=len, reverse=True)])
_PARTS = {
    "early": "early", "beginning of": "early", "start of": "early", "mid": "mid",
    "middle of": "mid", "late": "late", "end of": "late",
}  # fmt: skip
_PART = rf"(?:(?:the )?(?P<part>{'|'.join(_PARTS)})[ -])?"
_LAST_WORDS = ("last", "past", "previous")
_RUNNING = ("this", "current")
_LAST, _THIS = "|".join(_LAST_WORDS), "|".join(_RUNNING)
_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_CENTURY = 100

_Groups = dict[str, str]
_Reader = Callable[[_Groups, date], Days | None]


def point(text: str, as_of: date) -> Days | None:
    """The period that all of the text names, None for none or one that does not exist.

    >>> point("mid-May 2017", date(2024, 6, 13)).first
    datetime.date(2017, 5, 11)
    """
    for pattern, reader in _PATTERNS:
        if match := pattern.fullmatch(text):
            groups = {name: value.lower() for name, value in match.groupdict().items() if value}
            return reader(groups, as_of)
    return None


def _written_day(groups: _Groups, as_of: date) -> Days | None:
    month = MONTHS[groups["month"]] if not groups["month"].isdigit() else int(groups["month"])
    return _one(_latest(groups.get("year"), month, int(groups["day"]), as_of))


def _slashed_day(groups: _Groups, as_of: date) -> Days | None:
    first, second, year = int(groups["one"]), int(groups["two"]), int(groups["year"])
    if first <= 12 and second <= 12 and first != second:
        return None  # April or March, depending on the country
    return _one(day_of(year, *((second, first) if first > 12 else (first, second))))


def _latest(year: str | None, month: int, day: int, as_of: date) -> date | None:
    """The day in its year, or else the last one there was; 29 February looks back four years."""
    if year:
        return day_of(int(year), month, day)
    days = (day_of(as_of.year - years_back, month, day) for years_back in range(9))
    return next((each for each in days if each and each <= as_of), None)


def _month(groups: _Groups, as_of: date) -> Days | None:
    month = MONTHS[groups["month"]]
    if "year" in groups:
        days = month_of(int(groups["year"]), month)
    else:
        years_back = month > as_of.month or (
            month == as_of.month and groups.get("rel") in _LAST_WORDS
        )
        days = month_of(as_of.year - years_back, month)
    return _part(days, groups)


def _season(groups: _Groups, as_of: date) -> Days | None:
    if "year" in groups:
        return _part(season_of(int(groups["year"]), groups["season"]), groups)
    if groups.get("rel") in _RUNNING:
        years = (as_of.year, as_of.year - 1)
        seasons = [season_of(year, groups["season"]) for year in years]
        # In January and February this winter is last year's.
        current_seasons = [days for days in seasons if days and days.first <= as_of <= days.last]
        return current_seasons[0] if current_seasons else seasons[0]
    past_seasons = (season_of(as_of.year - years_back, groups["season"]) for years_back in range(3))
    return _part(next((days for days in past_seasons if days and days.last < as_of), None), groups)


def _quarter(groups: _Groups, as_of: date) -> Days | None:
    name = groups.get("nth") or groups["short"][1]
    half = groups.get("unit") == "half" or groups.get("short", "").startswith("h")
    length = 6 if half else 3
    order = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 12 // length}
    number = order.get(name) or int(name)
    if number > 12 // length:
        return None
    year = int(groups["year"])
    first = month_of(year, length * (number - 1) + 1)
    last = month_of(year, length * number)
    return Days(first.first, last.last) if first and last else None


def _decade(groups: _Groups, as_of: date) -> Days | None:
    if "century" in groups:
        return year_of(_CENTURY * (int(groups["century"]) - 1) + 1, years=_CENTURY)
    tens = int(groups.get("tens") or groups["year"])
    if "tens" in groups:
        tens += 1900 if tens >= 30 else 2000
    return _part(decade_of(tens), groups)


def _year(groups: _Groups, as_of: date) -> Days | None:
    return _part(year_of(int(groups["year"])), groups)


def _near_day(groups: _Groups, as_of: date) -> Days | None:
    name = groups["near"]
    days_back = 2 if name.startswith("the day") else int(name.startswith(("yesterday", "last")))
    return _one(shift(as_of, -days_back))


def _unit(groups: _Groups, as_of: date) -> Days | None:
    """Whole units of the calendar, but "past" ones and "this week" end with the day."""
    rel, unit = groups["rel"], groups["unit"]
    if rel == "past" or (rel in _RUNNING and unit == "week"):
        return _units_back(unit, 1, as_of)
    last = rel in ("last", "previous")
    return _ago(unit, 1, as_of) if last else _so_far(unit, as_of)


def _units(groups: _Groups, as_of: date) -> Days | None:
    return _units_back(groups["unit"].removesuffix("s"), _number(groups["n"]), as_of)


def _units_ago(groups: _Groups, as_of: date) -> Days | None:
    return _ago(groups["unit"].removesuffix("s"), _number(groups["n"]), as_of)


def _weekend(groups: _Groups, as_of: date) -> Days | None:
    # The one that is or was last; on a Saturday or Sunday "last weekend" is the one before.
    saturday = shift(as_of, -((as_of.weekday() - 5) % 7))
    if groups.get("which") == "last" and as_of.weekday() >= 5:
        saturday = shift(saturday, -7)
    return Days(saturday, min(shift(saturday, 1), max(as_of, saturday)))


def _weekday(groups: _Groups, as_of: date) -> Days | None:
    days_back = (as_of.weekday() - _WEEKDAYS.index(groups["weekday"])) % 7
    if not days_back and groups.get("rel") in _LAST_WORDS:
        days_back = 7
    return _one(shift(as_of, -days_back))


def _units_back(unit: str, number: int, as_of: date) -> Days | None:
    """So many of the units up to the day."""
    if unit in _DAYS:
        return Days(shift(as_of, -number * _DAYS[unit]), as_of)
    months = number * {"month": 1, "quarter": 3, "year": 12, "decade": 120}[unit]
    month_before = month_of(as_of.year, as_of.month - months)
    if not month_before:
        return Days(date.min, as_of)
    return Days(month_before.first.replace(day=min(as_of.day, month_before.last.day)), as_of)


def _ago(unit: str, number: int, as_of: date) -> Days | None:
    """The unit that lies so many of them before the one that the day is in."""
    if unit == "day":
        return _one(shift(as_of, -number))
    if unit in _DAYS:
        weeks = number * _DAYS[unit] // 7
        monday = shift(as_of, -as_of.weekday() - 7 * weeks)
        return Days(monday, shift(monday, 6))
    if unit == "month":
        return month_of(as_of.year, as_of.month - number)
    if unit == "quarter":
        start = as_of.month - (as_of.month - 1) % 3 - 3 * number
        first, last = month_of(as_of.year, start), month_of(as_of.year, start + 2)
        return Days(first.first, last.last) if first and last else None
    if unit == "decade":
        return decade_of(as_of.year - as_of.year % 10 - 10 * number)
    return year_of(as_of.year - number)


def _so_far(unit: str, as_of: date) -> Days | None:
    days = _ago(unit, 0, as_of)
    return Days(days.first, as_of) if days else None


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS[text]


def _one(day: date | None) -> Days | None:
    return Days(day, day) if day else None


def _part(days: Days | None, groups: _Groups) -> Days | None:
    part = groups.get("part") or groups.get("third")
    return part_of(days, _PARTS[part]) if days and part else days


_UNIT = "day|week|fortnight|month|quarter|year|decade"
_SOURCES: tuple[tuple[str, _Reader], ...] = (
    (r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})", _written_day),
    (r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})", _written_day),
    (r"(?P<one>[0-9]{1,2})/(?P<two>[0-9]{1,2})/(?P<year>[0-9]{4})", _slashed_day),
    (
        rf"(?:the )?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})\b\.?"
        rf"(?:,? (?P<year>{YEAR}))?",
        _written_day,
    ),
    (
        rf"(?P<month>{_MONTH})\b\.? (?:the )?(?P<day>[0-9]{{1,2}})(?![0-9])(?:st|nd|rd|th)?"
        rf"(?:,? (?P<year>{YEAR}))?",
        _written_day,
    ),
    (
        rf"(?:(?P<rel>{_LAST}|{_THIS}) )?{_PART}(?P<month>{_MONTH})\b\.?"
        rf"(?:,? (?:of )?(?P<year>{YEAR}))?",
        _month,
    ),
    (
        rf"(?:the )?{_PART}(?P<season>spring|summer|autumn|fall|winter),? (?:of )?(?P<year>{YEAR})",
        _season,
    ),
    (rf"(?:the )?(?P<rel>{_LAST}|{_THIS}) (?P<season>spring|summer|autumn|fall|winter)\b", _season),
    (
        rf"(?:the )?(?P<nth>first|second|third|fourth|last) (?P<unit>quarter|half)"
        rf"(?: of)? (?P<year>{YEAR})",
        _quarter,
    ),
    (rf"(?P<short>[QH][1-4])(?: of)? (?P<year>{YEAR})", _quarter),
    (rf"(?:the )?{_PART}(?:the )?(?P<year>(?:1[5-9]|20)[0-9]0)[’']?s\b", _decade),
    (rf"(?:{_PART}the |the (?P<third>early|mid|late)[ -])[’']?(?P<tens>[0-9]0)[’']?s\b", _decade),
    (r"(?:the )?(?P<century>1[5-9]|2[01])(?:th|st)[ -]century\b", _decade),
    (rf"{_PART}(?:the )?(?:year )?(?P<year>{YEAR})", _year),
    (
        r"(?P<near>the day before yesterday|yesterday|today|tonight|last night"
        r"|this (?:morning|afternoon|evening))\b(?: (?:morning|afternoon|evening|night)\b)?",
        _near_day,
    ),
    (rf"(?:the (?:(?P<rel>{_LAST}) )?|(?P<which>{_LAST}|{_THIS}) )weekend\b", _weekend),
    (rf"(?:the )?(?P<rel>{_LAST}|{_THIS}) (?P<unit>{_UNIT})\b(?! of\b)", _unit),
    (rf"(?:the )?(?:{_LAST}) (?P<n>{_NUMBER}) (?P<unit>(?:{_UNIT})s?)\b(?! of\b)", _units),
    (rf"(?P<n>{_NUMBER}) (?P<unit>(?:{_UNIT})s?) ago\b", _units_ago),
    (rf"(?:(?P<rel>{_LAST}) )?(?P<weekday>{'|'.join(_WEEKDAYS)})\b", _weekday),
)
# ASCII: to IGNORECASE alone a long s is an s, and no month is spelt so.
_PATTERNS = [(re.compile(source, re.IGNORECASE | re.ASCII), read) for source, read in _SOURCES]
POINT = "(?:" + "|".join(re.sub(r"\(\?P<\w+>", "(?:", source) for source, _ in _SOURCES) + ")"
"""All of the above as one expression, without groups."""
FOREIGN = (
    r"(?:(?:(?P<day>[0-9]{1,2})(?:\.|er|º)? (?:de |d['’])?)|(?:im|en|em|nel) )"
    r"(?P<name>[^\W\d_]{3,10})\.? (?:de |del )?(?P<year>(?:1[5-9]|20)[0-9]{2})"
)
"""A day or a month with its year in other languages, if the name should be that of a month."""
