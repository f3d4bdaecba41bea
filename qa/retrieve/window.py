"""When and where to look: the day a question is asked, and which articles may answer it."""

import re
from collections.abc import Sequence
from datetime import date
from math import exp

from qa.asking import Question, Scope
from qa.text import clean_line

__all__ = ["closeness", "understand"]

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
) -> Question:
    """The question with its window. Articles near ``as_of`` (default today) are preferred if it is
    given, or if the question says something like "this week"; ``since`` and ``until`` exclude.

    Raises ValueError for an empty question or an impossible window.

    >>> understand("Who won this week?").timely, understand("Who won?").timely
    (True, False)
    """
    text = clean_line(text)
    if not text:
        raise ValueError("the question is empty")
    return Question(
        text=text,
        as_of=as_of or date.today(),
        scope=Scope(since=since, until=until, sources=tuple(sources)),
        timely=as_of is not None or _TIMELY.search(text) is not None,
    )


def closeness(published: date | None, as_of: date) -> float:
    """How near to ``as_of`` an article appeared, in [0, 1]; 0.2 for unknown and later days.

    >>> closeness(date(2024, 6, 1), date(2024, 6, 1))
    1.0
    """
    # A day's grace: the same evening is tomorrow elsewhere.
    if published is None or (published - as_of).days > 1:
        return _UNKNOWN
    return exp(-max(0, (as_of - published).days) / _SCALE)
