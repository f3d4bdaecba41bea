"""Dates as they are written, as far as each is given. Strings only."""

import re
from datetime import date
from typing import NamedTuple

from qa.language.lexicon import MONTHS, WEEKDAYS, WHEN_WORDS, alternatives

__all__ = [
    "WEEKDAY",
    "WrittenDate",
    "compatible",
    "dates",
    "day_number",
    "is_date",
    "read_date",
]

# In capitals: "may" and "march" are verbs.
_MONTH = alternatives({name.capitalize() for name in MONTHS})
_DATE_OPENERS = WHEN_WORDS | {day.lower() for day in WEEKDAYS}
_SUFFIX = r"(?:st|nd|rd|th)?"
_YEAR = r"(?:1[5-9]|20)\d\d"
_DATE = re.compile(
    rf"\b(?P<iso>(?P<iso_year>{_YEAR})-(?P<iso_month>0?[1-9]|1[0-2])-(?P<iso_day>[0-3]?\d))\b"
    rf"|\b(?:(?P<before>\d{{1,2}}){_SUFFIX}\s+(?:of\s+)?)?(?P<month>{_MONTH})\b"
    rf"(?:\.?\s+(?P<after>\d{{1,2}}){_SUFFIX}\b(?![\d:]))?(?:\.?,?\s+(?P<year>{_YEAR})\b)?"
    rf"|(?<![\d$£€.,-])\b(?P<alone>{_YEAR})\b(?![,.]\d|%|-\d)",
)
WEEKDAY = rf"(?:{alternatives(WEEKDAYS)})s?"
"""An expression for the name of a weekday."""
_WHEN = r"(?:(?:on|in|by|until|since|late|early|mid|last|next|this|the|of|around|about)[ -])*"
_WEEKDAY_PHRASE = re.compile(
    rf"\W*{_WHEN}(?:{WEEKDAY}|yesterday|today|tomorrow|tonight)"
    r"(?:,?\s(?:morning|afternoon|evening|night))?[\W]*",
    re.IGNORECASE,
)
_DECADE = re.compile(rf"\W*{_WHEN}(?:(?:1[5-9]|20)\d0|[’']?\d0)s\W*", re.IGNORECASE)
_HOLIDAY = re.compile(
    r"\W*(?:on )?(?:the fourth of july|cinco de mayo|(?:christmas|new year['’]s|boxing|independence"
    r"|thanksgiving|valentine['’]s|labou?r|memorial|veterans|halloween)(?: day| eve)?)\W*",
    re.IGNORECASE,
)
# What may stand beside a date in an answer that says when.
_DATE_CONTEXT = re.compile(
    rf"\W+|\b(?:{WEEKDAY}|on|in|by|until|till|since|from|to|and|between|of|the|late|early|mid"
    r"|spring|summer|autumn|fall|winter|end|beginning|start|around|about|before|after|as|morning|afternoon|evening|night|at"
    r"|a\.?m|p\.?m|noon|midnight|\d{1,2}(?::\d\d)?|years?|last|this|next|second|first|half)\b",
    re.IGNORECASE,
)


class WrittenDate(NamedTuple):
    """A date as far as it is given: ``year`` and ``day`` in digits, ``month`` from 1 to 12; each
    empty or 0 where it is not given.
    """

    day: str
    month: int
    year: str


def dates(text: str) -> dict[str, WrittenDate]:
    """The dates in a text by how they are written; a month alone counts where it cannot be a name.

    >>> dates("from 3 March 2021 to May 5")["May 5"]
    WrittenDate(day='5', month=5, year='')
    """
    return {
        match.group(): _read_match(match)
        for match in _DATE.finditer(text)
        if not _names(match, text)
    }


def read_date(text: str) -> WrittenDate | None:
    """The first date of a text; None for none."""
    return next(iter(dates(text).values()), None)


def is_date(text: str) -> bool:
    """Whether the text as a whole says when: a date, a weekday, a decade, a holiday.

    >>> is_date("on Tuesday"), is_date("in May"), is_date("Theresa May"), is_date("the 1990s")
    (True, True, False, True)
    """
    if _WEEKDAY_PHRASE.fullmatch(text) or _DECADE.fullmatch(text) or _HOLIDAY.fullmatch(text):
        return True
    rest = text
    for spelling in sorted(dates(text), key=len, reverse=True):
        rest = rest.replace(spelling, " ")
    if rest == text:
        return False
    return not _DATE_CONTEXT.sub("", rest)


def compatible(one: WrittenDate, other: WrittenDate) -> bool:
    """Whether two dates agree in whatever both of them give, and there is something of it."""
    given_parts = [(a, b) for a, b in zip(one, other, strict=True) if a and b]
    return bool(given_parts) and all(a == b for a, b in given_parts)


def _read_match(match: re.Match[str]) -> WrittenDate:
    if match["iso"]:
        month = int(match["iso_month"])
        return WrittenDate(match["iso_day"].lstrip("0"), month, match["iso_year"])
    if match["alone"]:
        return WrittenDate("", 0, match["alone"])
    day = (match["before"] or match["after"] or "").lstrip("0")
    return WrittenDate(day, MONTHS[match["month"].lower()], match["year"] or "")


def _names(match: re.Match[str], text: str) -> bool:
    """Whether a month that stands alone is part of a name: "Theresa May", "April Jones"."""
    if not match["month"] or match["before"] or match["after"] or match["year"]:
        return False
    word_before = re.search(r"([^\W\d_][\w'’.-]*)\s+$", text[: match.start()])
    word_after = re.match(r"\s+(?:for\s+)?([^\W\d_][\w'’-]*)", text[match.end() :])
    capital = (
        word_before is not None
        and word_before[1][0].isupper()
        and word_before[1].lower() not in _DATE_OPENERS
    )
    follows = (
        word_after is not None and word_after[1][0].isupper() and word_after[1] not in WEEKDAYS
    )
    return capital or (follows and match["month"].lower() in ("may", "april", "june", "march"))


def day_number(day: date | None) -> int:
    """A day as a number that later ones are greater than, 0 for none.

    >>> day_number(date(2024, 6, 13)), day_number(None)
    (20240613, 0)
    """
    return int(f"{day:%Y%m%d}") if day else 0
