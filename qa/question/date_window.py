"""What a question says of days: its window, and the day it is asked as of. Reads words alone and
knows no article: whether a day is that of an event or of publication, nobody can tell from words.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from qa.language.cleaning import one_line
from qa.language.lexicon import MONTH_NAMES, MONTHS, UNIT_SPELLINGS, WEEKDAYS, alternatives
from qa.language.periods import Days, month_of, shift, written_day
from qa.language.time_expressions import FOREIGN, POINT, YEAR, point
from qa.records.trace import Window

__all__ = ["Dates", "read_dates"]

# Questions with none of these name no day; most are done here.
_HINT = re.compile(
    r"[0-9]|\b(?:yesterday|today|tonight|night|morning|afternoon|evening|weekend|spring|summer"
    rf"|autumn|fall|winter|ago|{alternatives(WEEKDAYS)}"
    r"|(?:last|past|previous|this|current) (?:\w+ )?"
    r"(?:days?|weeks?|fortnight|months?|quarter|years?|decades?)"
    rf"|{alternatives(MONTH_NAMES)})\b",
    re.IGNORECASE,
)
_LONGEST = 2000
_OPENS = "since|starting(?: (?:in|on|from|with))?|as from"
_CLOSES = "until|till|up to|by|no later than"
# "since the election of 2024", "after last year's flood of the Marrow in March".
_EVENT = r"(?:(?:the|an?|his|her|its|their) (?:[\w’'-]+ ){1,5}?(?:of|in|on|from) )?"
_ARTICLES = r"(?:articles?|reports?|stories|coverage|news|items|pieces|texts)"
# What stands before a phrase that speaks of publication, not of an event.
_PUBLICATION_CUE = re.compile(
    rf"(?:\bonly (?:(?:in|from|on|the) ){{0,2}}(?:{_ARTICLES} )?(?:(?:that|which) (?:was|were) )?"
    rf"(?:published |written |dated |printed )?"
    rf"|\b{_ARTICLES} (?:(?:that|which) (?:was|were|appeared) )?"
    rf"(?:published|written|dated|printed) "
    rf"|\bwhat (?:was|has been|had been|did \w+ \w+) (?:published|printed) )"
    rf"(?:(?:in|on|from|of|during|about|around|since|after|before|until|by) )?$",
    re.IGNORECASE,
)
# After a number they say that it is no year.
_COUNTED_UNIT = re.compile(
    rf" (?:{alternatives(spelling for spelling in UNIT_SPELLINGS if spelling[-1].isalpha())}"
    r"|people|men|women|children|workers|jobs|homes|houses|vehicles|cars|trees"
    r"|votes|seats|words|soldiers|troops|students|passengers|patients|square|cubic|calories"
    r"|per cent|copies|tickets|leaflets|articles)\b"
)
_RELATIVE = re.compile(r"(?:last|past|previous|this|current)\b|\w+day\b", re.IGNORECASE)
# Their short forms need a day or a year.
_MONTHS_ALONE = {name for name in MONTHS if len(name) > 4} | {"june", "july"}
_FOREIGN = re.compile(rf"\b{FOREIGN}\b", re.IGNORECASE)
_LANGUAGES = ("de", "fr", "es", "it", "pt", "nl")


@dataclass(frozen=True, slots=True)
class Dates:
    """``as_of``: the day the question is asked, as it says itself where ``moved``, else as given.
    ``window``: None when the question names no day that could narrow anything.
    """

    as_of: date
    window: Window | None = None
    moved: bool = False


@dataclass(frozen=True, slots=True)
class _DatePhrase:
    """One phrase: where it stands, the days it means, and how strictly."""

    start: int
    end: int
    since: date | None
    until: date | None
    strict: bool = False
    only: bool = False


def read_dates(text: str, as_of: date) -> Dates:
    """The days that a question names, counted from ``as_of``; never raises.

    A day without its year is the last one there was. "Last week" is the one from Monday to Sunday,
    "this week" the seven days up to ``as_of``. Several phrases mean the days they share, or all
    from the first to the last. What lies wholly after ``as_of`` narrows nothing.

    >>> read_dates("Who resigned last week?", date(2024, 6, 13)).window.clause.text()
    '“last week” taken as 2024-06-03 to 2024-06-09'
    >>> read_dates("Who resigned?", date(2024, 6, 13)).window is None
    True
    """
    if not _HINT.search(text):
        return Dates(as_of)
    text = one_line(text[:_LONGEST])
    matches = list(_phrases().finditer(text))
    is_moved = False
    date_phrases: list[_DatePhrase] = []
    for match in matches:
        if match["asof"] and (days := point(match["asof"], as_of)):
            as_of, is_moved = days.last, True
            date_phrases.append(_DatePhrase(*match.span(), None, as_of))
    date_phrases += _foreign(text)
    for match in matches:
        is_covered = any(
            match.start() < phrase.end and phrase.start < match.end() for phrase in date_phrases
        )
        if not match["asof"] and not is_covered and (phrase := _read_phrase(match, text, as_of)):
            date_phrases.append(phrase)
    date_phrases = [
        phrase
        for phrase in date_phrases
        if _narrows(phrase, as_of) or (is_moved and not phrase.since)
    ]
    return Dates(as_of, _window(text, date_phrases), is_moved)


@cache
def _phrases() -> re.Pattern[str]:
    """Made for the first question with a hint: it is as large as all others together."""
    return re.compile(
        rf"\b(?:"
        rf"(?:as of|as at) (?P<asof>{POINT})"
        rf"|between (?P<low>{POINT}|[0-9]{{1,2}}(?:st|nd|rd|th)?) and (?P<high>{POINT})"
        rf"|from (?P<first>{POINT}|[0-9]{{1,2}}(?:st|nd|rd|th)?) ?(?:to|until|till|through|[–-]) ?"
        rf"(?P<last>{POINT})"
        rf"|(?:(?:in|from|during) )?(?P<years>{YEAR} ?[–-] ?{YEAR})"
        rf"|(?P<how>{_OPENS}|after|before|prior to|{_CLOSES}) (?P<event>{_EVENT}(?:the )?)"
        rf"(?P<when>{POINT})"
        rf"|(?:(?P<before>in|on|of|during|for|at|over|throughout|within|around|from|the) )?"
        rf"(?P<at>{POINT})(?P<onwards> on(?:wards?)?\b"
        rf"(?! (?:the|an?|his|her|its|their|which|what)\b))?"
        rf")(?![\w%])",
        re.IGNORECASE,
    )


def _read_phrase(match: re.Match[str], text: str, as_of: date) -> _DatePhrase | None:
    since, last_day = _days(match, text, as_of)
    if not (since or last_day) or (since and last_day and since > last_day):
        return None
    start, end = _span(match, text)
    publication_cue = _PUBLICATION_CUE.search(text, 0, _after_article(match))
    start = publication_cue.start() if publication_cue else start
    only = publication_cue is not None or text[end:].lower().startswith((" only", " alone"))
    return _DatePhrase(start, end, since, last_day, only or match["low"] is not None, only)


def _span(match: re.Match[str], text: str) -> tuple[int, int]:
    """The words to show: of "the 1998 final" the year alone, with "since" before it all three."""
    start, end = match.span()
    if match["at"] and _RELATIVE.match(match["at"]) and (match["before"] or "").lower() != "on":
        start = match.start("at")
    adjective = re.match(r" [^\W\d_][\w’'-]*", text[end:])
    year = re.search(rf"\bthe (?=(?:[^\W\d_]+ )?{YEAR}$)", match.group(), re.IGNORECASE)
    if not year or not adjective or match["low"] or match["first"]:
        return start, end
    return (start, end + adjective.end()) if match["how"] else (start + year.end(), end)


def _after_article(match: re.Match[str]) -> int:
    """Where the phrase begins, its preposition counted to what stands before."""
    for name in ("at", "when"):
        if match[name]:
            return match.start(name)
    return match.start()


def _days(match: re.Match[str], text: str, as_of: date) -> tuple[date | None, date | None]:
    if match["years"]:
        low, high = (int(year) for year in re.findall(r"[0-9]{4}", match["years"]))
        first, last = point(str(low), as_of), point(str(high), as_of)
        return (first.first, last.last) if first and last else (None, None)
    if match["low"] or match["first"]:
        return _from_to(match["low"] or match["first"], match["high"] or match["last"], as_of)
    if match["how"]:
        days = point(match["when"], as_of) if _is_date(match, "when", text) else None
        return _open_range(
            match["how"].lower(), match["event"], match["when"], days, text, match.end()
        )
    days = point(match["at"], as_of) if _is_date(match, "at", text) else None
    if not days:
        return None, None
    return (days.first, None) if match["onwards"] else (days.first, days.last)


def _open_range(
    how: str, event: str, when: str, days: Days | None, text: str, end: int
) -> tuple[date | None, date | None]:
    if not days:
        return None, None
    # The day of an event is unknown within what is named, so that all of it counts: "after the
    # election of 2024", "after the 2024 election".
    event_text = f"{event}{when}".lower()
    adjective = re.match(r" [^\W\d_]", text[end:]) and event_text.startswith("the ")
    in_event = " " in event.strip() or (adjective and re.search(rf"{YEAR}$", when) is not None)
    if re.fullmatch(_OPENS, how):
        return days.first, None
    if how == "after":
        return days.first if in_event else shift(days.last, 1), None
    if re.fullmatch(_CLOSES, how):
        return None, days.last
    return None, days.last if in_event else shift(days.first, -1)


def _from_to(low: str, high: str, as_of: date) -> tuple[date | None, date | None]:
    """Both ends; what the first leaves out is taken from the second."""
    last = point(high, as_of)
    if not last:
        return None, None
    if re.fullmatch(r"[0-9]{1,2}(?:st|nd|rd|th)?", low, re.IGNORECASE):
        number = int(re.sub(r"\D", "", low))
        month = month_of(last.first.year, last.first.month)
        in_month = month is not None and 1 <= number <= month.last.day
        # "Between 3 and 5 June" is of days, "between 3 and 2020" of nothing.
        if not in_month or (last.last - last.first).days > 0:
            return None, None
        return last.first.replace(day=number), last.last
    # The end is the latest day from which on the beginning may be missing its year.
    first = point(low, last.last)
    return (first.first, last.last) if first else (None, None)


def _is_date(match: re.Match[str], name: str, text: str) -> bool:
    """Whether words that may be a day are one here: "may", "March" and numbers often are not."""
    phrase = match[name]
    start, end = match.span(name)
    lead = (match["how"] or "" if name == "when" else match["before"] or "").lower()
    if re.fullmatch(rf"(?:the )?{YEAR}", phrase, re.IGNORECASE):
        if _COUNTED_UNIT.match(text, end) or text[:start].endswith(("$", "€", "£", "#")):
            return False
        word_before = re.search(r"(\S+) $", text[:start])
        word = word_before.group(1) if word_before else ""
        word_after = re.match(r" ([^\W\d_][\w’'-]*)", text[end:])
        return (
            bool(lead)
            or phrase.lower().startswith("the ")
            or word[:1].isupper()
            or word.endswith(("'s", "’s", "s'", "s’"))
            or word.lower() in ("his", "her", "its", "their", "our", "my", "your", "this")
            or (word_after is not None and word_after.group(1)[0].isupper())
        )
    if re.fullmatch(r"(?:[^\W\d_]+)", phrase):
        low = phrase.lower()
        if low == "today" and start and not phrase.islower():
            return False  # of the names of outlets
        if low in ("may", "march"):
            sure = lead in ("in", "during", "since", "until", "throughout")
            return sure or (phrase[0].isupper() and lead in ("after", "before", "by", "from", "of"))
        if low in MONTHS:
            return low in _MONTHS_ALONE and bool(lead) and lead not in ("the", "for", "at", "over")
    future_cue = re.search(
        r"\b(?:later|next|end of|rest of|remainder of) $", text[: match.start(name)]
    )
    return not (future_cue and re.match(r"this\b", phrase, re.IGNORECASE))


def _foreign(text: str) -> list[_DatePhrase]:
    """A day or month that is written out in another language."""
    for match in _FOREIGN.finditer(text):
        day, name, year = match["day"], match["name"], match["year"]
        if name.lower() in MONTHS:
            continue
        day_found = written_day(f"{day or 1} {name} {year}", languages=_LANGUAGES)
        if day_found:
            whole = month_of(day_found.year, day_found.month)
            days = Days(day_found, day_found) if day or not whole else whole
            return [_DatePhrase(*match.span(), days.first, days.last)]
    return []


def _narrows(phrase: _DatePhrase, as_of: date) -> bool:
    """Whether it leaves anything of the time up to ``as_of``, and takes anything away from it."""
    if phrase.since:
        return phrase.since <= as_of
    return phrase.until is not None and phrase.until < as_of


def _window(text: str, date_phrases: list[_DatePhrase]) -> Window | None:
    """One window of all phrases, the strict ones alone if there are any."""
    date_phrases = [phrase for phrase in date_phrases if phrase.strict] or date_phrases
    if not date_phrases:
        return None
    opens = [phrase.since for phrase in date_phrases if phrase.since]
    closes = [phrase.until for phrase in date_phrases if phrase.until]
    since, last_day = max(opens, default=None), min(closes, default=None)
    if since and last_day and since > last_day:
        # They share no day: all of them, as far as they are closed.
        since = min(opens) if len(opens) == len(date_phrases) else None
        last_day = max(closes) if len(closes) == len(date_phrases) else None
    if not since and not last_day:
        return None
    places = sorted((phrase.start, phrase.end) for phrase in date_phrases)
    words = dict.fromkeys(text[start:end].strip(" ,.;:?!") for start, end in places)
    return Window(
        since,
        last_day,
        strict=any(phrase.strict for phrase in date_phrases),
        said=", ".join(words),
        only=any(phrase.only for phrase in date_phrases),
    )
