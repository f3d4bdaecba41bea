"""The sources that refresh themselves as HTML, and kept answers whose articles changed.

The markup is in ``templates/sources.jinja``.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from qa.library.recheck import AnswerCheck, CitationCheck
from qa.library.subscriptions import Subscription, interval_text
from qa.runtime.templates import macros
from ui.html.markup import article_link, web_address
from ui.html.plain_text import source_line, visit_lines
from ui.locales.wording import TEMPLATE_WORDS, day, short_day
from ui.locales.wording import gettext as _

__all__ = ["changed_answers_html", "source_form_html", "sources_html"]


def sources_html(
    subscriptions: Sequence[Subscription],
    now: datetime,
    counts: Mapping[str, tuple[int, int]] | None = None,
) -> str:
    """Each with what came of the last visit and when the next one is; empty for none. ``counts``
    are its articles, and those of the last week.
    """
    known = counts or {}
    rows = [
        (each, visit_lines(each, now), known.get(each.url, (0, 0)), _address(each))
        for each in subscriptions
    ]
    return str(_MACROS["sources"](rows)) if rows else ""


def _address(subscription: Subscription) -> str:
    """The list of its articles, the last ones first."""
    return f"library?{urlencode({'source': subscription.url, 'sort': 'ingested'})}"


def source_form_html() -> str:
    """What a new one is added by."""
    return str(_MACROS["source_form"]())


def changed_answers_html(checks: Sequence[AnswerCheck]) -> str:
    """Kept answers with the citations that do not stand any more; empty for none."""
    return str(_MACROS["changed_answers"](checks)) if checks else ""


def _standing_text(check: CitationCheck) -> str:
    """Why a citation does not stand any more."""
    if check.standing == "removed":
        return _("the article is no longer in the library")
    if check.standing == "damaged":
        return _("the article is damaged in the library, so that it cannot be compared")
    if check.on is None:
        return _("no longer in the article, which was taken in again on an unknown day")
    if check.read_again:
        when = day(check.on)
        return _("no longer in the article, which was taken in again on %(day)s", day=when)
    return _("no longer in the article, which was corrected on %(day)s", day=day(check.on))


_MACROS = macros(
    "ui.html",
    "sources",
    **TEMPLATE_WORDS,
    article_link=article_link,
    interval_text=interval_text,
    source_line=partial(source_line, written=short_day),
    standing_text=_standing_text,
    web_address=web_address,
)
