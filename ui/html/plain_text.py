"""Records as lines of plain text. Article text is data: its control characters are written out."""

import json
import re
from datetime import datetime, timedelta

from qa.language.cleaning import CONTROLS, one_line
from qa.library.subscriptions import Subscription
from qa.records.article import Citation, Copy, Passage

__all__ = [
    "copy_line",
    "duration_text",
    "escape_controls",
    "readable_json",
    "source_line",
    "visit_lines",
]

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


def source_line(cited: Citation | Passage) -> str:
    """Outlet, day and title; what is unknown is said to be.

    >>> source_line(Passage("a", 0, 1, "x", title="Rain", source="gazette.example"))
    'gazette.example, undated: Rain'
    """
    day = cited.published.isoformat() if cited.published else "undated"
    if isinstance(cited, Citation) and cited.corrected:
        day += f" (corrected on {cited.corrected})"
    elif isinstance(cited, Citation) and cited.read_again:
        day += f" (taken in again on {cited.read_again})"
    title = one_line(cited.title) or "untitled"
    return escape_controls(f"{cited.source or 'unknown source'}, {day}: {title}")


def copy_line(copy: Copy) -> str:
    """Outlet, day and id of an article that carries the same text.

    >>> copy_line(Copy("c6cb", source="Harbour Post"))
    'Harbour Post, undated (c6cb)'
    """
    day = copy.published.isoformat() if copy.published else "undated"
    return escape_controls(f"{copy.source or 'unknown source'}, {day} ({copy.article_id})")


def duration_text(duration: timedelta) -> str:
    """A duration in its largest unit; what is none, or negative, is less than a minute.

    >>> duration_text(timedelta(minutes=150)), duration_text(timedelta(days=1))
    ('2 hours', '1 day')
    """
    for unit, seconds in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if count := int(duration.total_seconds() // seconds) if duration > timedelta() else 0:
            return f"{count:,} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"


def visit_lines(subscription: Subscription, now: datetime) -> list[str]:
    """What came of the visits to a source, when the next one is, and what they took; a failure with
    how long it has lasted.
    """
    wait = "now" if subscription.is_due(now) else f"in {duration_text(subscription.due - now)}"
    if subscription.paused:
        wait = "when it is resumed"
    refreshed = subscription.refreshed
    age = f"{duration_text(now - refreshed)} ago" if refreshed else "never"
    if subscription.failing_since:
        count = subscription.failures
        times = "once" if count == 1 else f"{count:,} times in a row"
        lines = [
            f"failing for {duration_text(now - subscription.failing_since)}, {times}: "
            f"{subscription.outcome}",
            f"next try {wait}; last success: {age}",
        ]
    elif refreshed:
        lines = [f"{subscription.outcome}, {age}; next visit {wait}"]
    else:
        state = subscription.outcome or "not visited yet"
        lines = [f"{state}; next visit {wait}"]
    if count := subscription.requests:
        lines.append(
            f"{count:,} request{'s' if count > 1 else ''}, {subscription.conditional:,} "
            f"conditional, {subscription.not_modified:,} not modified"
        )
    return [escape_controls(line) for line in lines]
