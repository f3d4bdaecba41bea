"""The list of conversations as HTML, and one of them as a page for others to read.

The markup is in ``templates/conversations.jinja``.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from qa.library.conversations import Conversation, Exchange
from qa.runtime.templates import macros
from ui.html.answers import thread_html
from ui.html.export import EXPORTS
from ui.html.pages import markup_page
from ui.locales.wording import TEMPLATE_WORDS
from ui.locales.wording import day as long_day
from ui.locales.wording import gettext as _

__all__ = ["conversations_html", "shared_page"]


def conversations_html(
    conversations: Sequence[Conversation], now: datetime, *, searched: bool = False
) -> str:
    """The conversations under the days on which they changed, as the zone of ``now`` has them;
    ``searched`` says why there may be none.
    """
    days = groupby(conversations, lambda each: each.changed.astimezone(now.tzinfo).date())
    groups = [(_day_name(day, now.date()), list(those)) for day, those in days]
    return str(_MACROS["listed"](groups, _forms(), searched))


def shared_page(conversation: Conversation, exchanges: Sequence[Exchange]) -> str:
    """A page with the conversation for somebody whose it is not: nothing in it can be changed."""
    return markup_page(conversation.title, str(_MACROS["shared"](thread_html(exchanges, ""))))


def _forms() -> list[tuple[str, str]]:
    names = {"markdown": "Markdown", "text": _("text"), "json": "JSON", "csv": "CSV"}
    return [(form, names[form]) for form in EXPORTS]


def _day_name(day: date, today: date) -> str:
    """The day as a heading.

    >>> today = date(2024, 5, 2)
    >>> _day_name(date(2024, 5, 1), today), _day_name(date(2024, 4, 30), today)
    ('Yesterday', '30 April 2024')
    """
    if day == today:
        return _("Today")
    return _("Yesterday") if day == today - timedelta(days=1) else long_day(day)


_MACROS = macros("ui.html", "conversations", **TEMPLATE_WORDS)
