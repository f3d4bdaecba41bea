"""When and where to look: the day a question is asked, which articles may answer it, and which are
preferred.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from qa.language.cleaning import clean_line
from qa.protocols import QuestionStates
from qa.question.date_window import Dates, read_dates
from qa.question.expected_answer import expected_answer
from qa.question.kind import read_kind
from qa.records.question import Question, Scope
from qa.records.trace import Window

__all__ = ["prefer_window", "understand"]

# Words that tie a question to the day it is asked.
_TIMELY_WORDS = re.compile(
    r"\b(today|tonight|yesterday|tomorrow|now|currently|latest|newest|recent(ly)?"
    r"|(this|last|past|current) (week|weekend|month|spring|summer|autumn|fall|winter))\b",
    re.IGNORECASE,
)


def understand(
    text: str,
    *,
    as_of: date | None = None,
    since: date | None = None,
    until: date | None = None,
    sources: Sequence[str] = (),
    collections: Sequence[str] = (),
    undated: bool = False,
    window: bool = True,
    timeline: bool = False,
    cited_before: Sequence[str] = (),
    states: QuestionStates | None = None,
) -> Question:
    """The question with its window. Articles near ``as_of`` (default today) are preferred if it is
    given, or if the question says something like "this week"; ``since`` and ``until`` exclude,
    articles without a day too unless ``undated``, and take the place of the days that the question
    names; without ``window`` those are ignored.

    Raises ValueError for an empty question or an impossible window.

    >>> understand("Who won this week?").timely, understand("Who won?").timely
    (True, False)
    """
    text = clean_line(text)
    if not text:
        raise ValueError("the question is empty")
    today = as_of or date.today()
    dates = read_dates(text, today) if window else Dates(today)
    scope = Scope(sources=tuple(sources), collections=tuple(collections))
    question_window = dates.window
    if since or until:
        question_window = Window(since, until, strict=True, only=True)
        scope = replace(scope, since=since, until=until, undated=undated)
    elif question_window and question_window.strict:
        scope = replace(
            scope, since=question_window.since, until=question_window.until, undated=True
        )
    reading = read_kind(text, states)
    return Question(
        text=text,
        kind=reading.kind,
        topics=reading.topics,
        cited_before=tuple(cited_before),
        expected=expected_answer(text),
        as_of=dates.as_of,
        scope=scope,
        timely=as_of is not None or dates.moved or _TIMELY_WORDS.search(text) is not None,
        window=question_window,
        timeline=timeline,
    )


def prefer_window(question: Question) -> Question | None:
    """The same question with its strict window as a mere preference; None if it has to be kept."""
    window = question.window
    if not window or not window.strict or window.only:
        return None
    scope = Scope(sources=question.scope.sources, collections=question.scope.collections)
    return replace(question, scope=scope, window=replace(window, strict=False))
