"""Records as lines of plain text. Article text is data: its control characters are written out."""

import json
import re
import reprlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from qa.language.cleaning import CONTROLS, one_line
from qa.library.conversations import Exchange
from qa.library.subscriptions import Subscription
from qa.records.answer import Answer, Conflict
from qa.records.article import Citation, Copy, Passage
from qa.records.clauses import Clause, as_sentences
from qa.records.trace import Step, Window
from ui.locales.wording import day as day_text
from ui.locales.wording import gettext as _
from ui.locales.wording import ngettext, number, short_day

__all__ = [
    "answer_text",
    "clause_text",
    "conflict_heading",
    "copy_line",
    "day_fault",
    "duration_text",
    "escape_controls",
    "fault_text",
    "limits_line",
    "readable_json",
    "reason_text",
    "scope_line",
    "source_line",
    "step_text",
    "visit_lines",
    "window_text",
]

# What is wrong with a value, by pydantic's name of the fault.
_FAULTS = {
    "missing": "this field is missing",
    "string_type": "{given} is no text",
    "string_unicode": "{given} holds half of a character",
    "list_type": "{given} is no list",
    "tuple_type": "{given} is no list",
    "dataclass_type": "{given} is no object",
    "model_attributes_type": "{given} is no object",
    "string_too_short": "it has too few characters; at least {min_length}",
    "string_too_long": "it has too many characters; at most {max_length:,}",
    "too_short": "there are {actual_length}; at least {min_length}",
    "too_long": "there are {actual_length:,}; at most {max_length:,}",
    "literal_error": "{given} is none of {expected}",
    "bool_parsing": "{given} is not true or false",
    "bool_type": "{given} is not true or false",
    "int_type": "{given} is no whole number",
    "int_parsing": "{given} is no whole number",
    "int_from_float": "{given} is no whole number",
    "float_parsing": "{given} is no number",
    "greater_than_equal": "{number} is too low; at least {ge:g}",
    "less_than_equal": "{number} is too high; at most {le:g}",
}

_CONTROLS = re.compile(f"[{CONTROLS}\r]")


def escape_controls(text: str) -> str:
    r"""The text with every control character but newline and tab written out.

    >>> escape_controls("\x1b[31mred")
    '\\x1b[31mred'
    """
    return _CONTROLS.sub(lambda match: ascii(match.group())[1:-1], text)


def readable_json(data: object) -> str:
    r"""JSON for people and programs: indented, and every control character escaped.

    >>> readable_json("\u202ered")
    '"\\u202ered"'
    """
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return _CONTROLS.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def source_line(cited: Citation | Passage, written: Callable[[date], str] = str) -> str:
    """Outlet, day as ``written`` and title; what is unknown is said to be.

    >>> source_line(Passage("a", 0, 1, "x", title="Rain", source="gazette.example"))
    'gazette.example, undated: Rain'
    """
    day = written(cited.published) if cited.published else _("undated")
    if isinstance(cited, Citation) and cited.corrected:
        day += " (" + _("corrected on %(day)s", day=written(cited.corrected)) + ")"
    elif isinstance(cited, Citation) and cited.read_again:
        day += " (" + _("taken in again on %(day)s", day=written(cited.read_again)) + ")"
    outlet, title = cited.source or _("unknown source"), one_line(cited.title) or _("untitled")
    return escape_controls(f"{outlet}, {day}: {title}")


def limits_line(exchange: Exchange, written: Callable[[date], str] = str) -> str:
    """What was searched, where that is not what was asked, and where alone it was looked for, days
    as ``written``; empty where everything was searched as it was asked.
    """
    rewritten = exchange.answer.rewritten
    told = [
        _("searched as “%(question)s”", question=escape_controls(rewritten)) if rewritten else "",
        scope_line(exchange, written),
    ]
    line = ", ".join(filter(None, told))
    return line[:1].upper() + line[1:]


def scope_line(exchange: Exchange, written: Callable[[date], str] = str) -> str:
    """Where alone it was looked for, days as ``written``; empty where everything was searched."""
    scope, window = exchange.scope, exchange.answer.window
    named = (
        {"days": window_text(window, written), "words": window.said}
        if window and window.said
        else {}
    )
    outlets = ", ".join(each or _("unknown outlet") for each in scope.sources)
    told = [
        _("from %(day)s", day=written(scope.since)) if scope.since else "",
        _("until %(day)s", day=written(scope.until)) if scope.until else "",
        _("undated too") if scope.undated and (scope.since or scope.until) else "",
        _("only %(names)s", names=outlets) if scope.sources else "",
        _("in %(names)s", names=", ".join(scope.collections)) if scope.collections else "",
        _("only: %(days)s (“%(words)s”)") % named if window and named and window.strict else "",
        _("preferred: %(days)s (“%(words)s”)") % named
        if window and named and not window.strict
        else "",
    ]
    return escape_controls(", ".join(filter(None, told)))


def window_text(window: Window, written: Callable[[date], str] = str) -> str:
    """Which days a question is about, in words.

    >>> window_text(Window(until=date(2024, 1, 1)))
    'until 2024-01-01'
    """
    since, until = window.since, window.until
    if since and until:
        return (
            written(since)
            if since == until
            else _("%(first)s to %(last)s", first=written(since), last=written(until))
        )
    if since:
        return _("from %(day)s on", day=written(since))
    return _("until %(day)s", day=written(until)) if until else _("any day")


def conflict_heading(conflict: Conflict) -> str:
    """How the sides stand to each other, without a full stop."""
    return clause_text(conflict.heading)


def clause_text(clause: Clause, written: Callable[[date], str] = short_day) -> str:
    """The clause in the language of the screen, days as ``written``."""
    values = clause.written_values(number, written)
    if clause.plural:
        count = int(clause.values["num"])
        rest = {name: value for name, value in values.items() if name != "num"}
        return ngettext(clause.message, clause.plural, count, **rest)
    return _(clause.message, **values)


def step_text(step: Step) -> str:
    """What came of a step of an answer."""
    return "; ".join(map(clause_text, step.clauses)) if step.clauses else step.detail


def reason_text(answer: Answer) -> str:
    """Why there is no answer, or which parts of the question have none."""
    if not answer.reason_clauses:
        return answer.reason
    return as_sentences([clause_text(each, day_text) for each in answer.reason_clauses])


def answer_text(answer: Answer, written: Callable[[date], str] = str) -> str:
    """What the answer says as one text, what its sources disagree about in the words of the page;
    of an abstention its reason.
    """
    if answer.abstained:
        return reason_text(answer)
    sentences = [each.text for each in answer.statements]
    wording = partial(clause_text, written=written)
    sentences += [each.text_in(wording) for each in answer.conflicts]
    return " ".join([*sentences, reason_text(answer)] if answer.reason else sentences)


def copy_line(copy: Copy) -> str:
    """Outlet, day and id of an article that carries the same text.

    >>> copy_line(Copy("c6cb", source="Harbour Post"))
    'Harbour Post, undated (c6cb)'
    """
    day = copy.published.isoformat() if copy.published else _("undated")
    outlet = copy.source or _("unknown source")
    return escape_controls(f"{outlet}, {day} ({copy.article_id})")


def duration_text(duration: timedelta) -> str:
    """A duration in its largest unit; what is none, or negative, is less than a minute.

    >>> duration_text(timedelta(minutes=150)), duration_text(timedelta(days=1))
    ('2 hours', '1 day')
    """
    minutes = int(duration.total_seconds() // 60)
    if days := max(minutes, 0) // (24 * 60):
        return ngettext("%(num)s day", "%(num)s days", days)
    if hours := max(minutes, 0) // 60:
        return ngettext("%(num)s hour", "%(num)s hours", hours)
    if minutes > 0:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes)
    return _("less than a minute")


def visit_lines(subscription: Subscription, now: datetime) -> list[str]:
    """What came of the visits to a source, when the next one is, and what they took; a failure with
    how long it has lasted.
    """
    wait = (
        _("now")
        if subscription.is_due(now)
        else _("in %(duration)s", duration=duration_text(subscription.due - now))
    )
    if subscription.paused:
        wait = _("when it is resumed")
    refreshed = subscription.refreshed
    age = (
        _("%(duration)s ago", duration=duration_text(now - refreshed)) if refreshed else _("never")
    )
    if subscription.failing_since:
        count = subscription.failures
        lines = [
            ngettext(
                "failing for %(duration)s, once: %(outcome)s",
                "failing for %(duration)s, %(num)s times in a row: %(outcome)s",
                count,
                duration=duration_text(now - subscription.failing_since),
                outcome=subscription.outcome,
            ),
            _("next try %(wait)s; last success: %(age)s", wait=wait, age=age),
        ]
    else:
        clauses = subscription.outcome_clauses
        told = ", ".join(map(clause_text, clauses)) if clauses else subscription.outcome
        state = told or _("not visited yet")
        state += f", {age}" if refreshed else ""
        lines = [_("%(state)s; next visit %(wait)s", state=state, wait=wait)]
    if count := subscription.requests:
        lines.append(
            ngettext(
                "%(num)s request, %(conditional)s conditional, %(unmodified)s not modified",
                "%(num)s requests, %(conditional)s conditional, %(unmodified)s not modified",
                count,
                conditional=number(subscription.conditional),
                unmodified=number(subscription.not_modified),
            )
        )
    return [escape_controls(line) for line in lines]


def day_fault(given: object) -> str:
    """What is wrong with what was given for a day."""
    return f"{reprlib.repr(given)} is no day; write it as in 2024-06-13"


def fault_text(fault: Mapping[str, Any]) -> str:
    """What is wrong with a value in which pydantic found this fault, with the value."""
    kind, given, facts = fault["type"], fault.get("input"), fault.get("ctx", {})
    if kind == "value_error":
        return str(facts["error"])
    shown = reprlib.repr(given)
    if kind.startswith("date_"):
        return day_fault(given)
    if kind in _FAULTS:
        return _FAULTS[kind].format(**facts, given=shown, number=shown.strip("'"))
    words = str(fault["msg"])
    if isinstance(given, str | int | float):
        words += f", which {shown} is not"
    return words
