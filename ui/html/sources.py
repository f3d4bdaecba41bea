"""The sources that refresh themselves as HTML, and kept answers whose articles changed.

The markup is in ``templates/sources.jinja``.
"""

from collections.abc import Sequence
from datetime import datetime

from qa.library.recheck import AnswerCheck
from qa.library.subscriptions import Subscription, interval_text
from qa.runtime.templates import macros
from ui.html.markup import article_link, web_address
from ui.html.plain_text import source_line, visit_lines

__all__ = ["changed_answers_html", "source_form_html", "sources_html"]


def sources_html(subscriptions: Sequence[Subscription], now: datetime) -> str:
    """Each with what came of the last visit and when the next one is; empty for none."""
    rows = [(each, visit_lines(each, now)) for each in subscriptions]
    return str(_MACROS["sources"](rows)) if rows else ""


def source_form_html() -> str:
    """What a new one is added by."""
    return str(_MACROS["source_form"]())


def changed_answers_html(checks: Sequence[AnswerCheck]) -> str:
    """Kept answers with the citations that do not stand any more; empty for none."""
    return str(_MACROS["changed_answers"](checks)) if checks else ""


_MACROS = macros(
    "ui.html",
    "sources",
    article_link=article_link,
    interval_text=interval_text,
    source_line=source_line,
    web_address=web_address,
)
