"""When and where to look: the day a question is asked, which articles may answer it, and which are
preferred.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import exp

from qa.asking import Question, Scope
from qa.records import Window
from qa.retrieve.dates import Dates, read_dates
from qa.text import clean_line

__all__ = ["closeness", "nearness", "understand", "widened"]

# Words that tie a question to the day it is asked.
_TIMELY = re.compile(
    r"\b(today|tonight|yesterday|tomorrow|now|currently|latest|newest|recent(ly)?"
    r"|(this|last|past|current) (week|weekend|month|spring|summer|autumn|fall|winter))\b",
    re.IGNORECASE,
)
# Days after which an article is a third as close. Weight and scale were tuned on news questions
# of 2022-23, where anything between 7 and 60 days is much better than nothing.
_SCALE = 30.0
_UNKNOWN = 0.2


def understand(
    text: str,
    *,
    as_of: date | None = None,
    since: date | None = None,
    until: date | None = None,
    sources: Sequence[str] = (),
    window: bool = True,
    timeline: bool = False,
) -> Question:
    """The question with its window. Articles near ``as_of`` (default today) are preferred if it is
    given, or if the question says something like "this week"; ``since`` and ``until`` exclude,
    and take the place of the days that the question names; without ``window`` those are ignored.

    Raises ValueError for an empty question or an impossible window.

    >>> understand("Who won this week?").timely, understand("Who won?").timely
    (True, False)
    """
    text = clean_line(text)
    if not text:
        raise ValueError("the question is empty")
    today = as_of or date.today()
    dates = read_dates(text, today) if window else Dates(today)
    scope = Scope(sources=tuple(sources))
    found = dates.window
    if since or until:
        found = Window(since, until, strict=True, only=True)
        scope = replace(scope, since=since, until=until)
    elif found and found.strict:
        scope = replace(scope, since=found.since, until=found.until, undated=True)
    return Question(
        text=text,
        as_of=dates.as_of,
        scope=scope,
        timely=as_of is not None or dates.moved or _TIMELY.search(text) is not None,
        window=found,
        timeline=timeline,
    )


def widened(question: Question) -> Question | None:
    """The same question with its strict window as a mere preference; None if it has to be kept."""
    window = question.window
    if not window or not window.strict or window.only:
        return None
    scope = Scope(sources=question.scope.sources)
    return replace(question, scope=scope, window=replace(window, strict=False))


def closeness(published: date | None, as_of: date) -> float:
    """How near to ``as_of`` an article appeared, in [0, 1]; 0.2 for unknown and later days.

    >>> closeness(date(2024, 6, 1), date(2024, 6, 1))
    1.0
    """
    # A day's grace: the same evening is tomorrow elsewhere.
    if published is None or (published - as_of).days > 1:
        return _UNKNOWN
    return exp(-max(0, (as_of - published).days) / _SCALE)


def nearness(published: date | None, window: Window) -> float:
    """How near to a window an article appeared, in [0, 1]: 1 inside; 0.2 for an unknown day.

    >>> nearness(date(2024, 6, 1), Window(date(2024, 5, 1), date(2024, 6, 1)))
    1.0
    """
    if published is None:
        return _UNKNOWN
    early = (window.since - published).days if window.since else 0
    late = (published - window.until).days if window.until else 0
    return exp(-max(0, early, late) / _SCALE)
