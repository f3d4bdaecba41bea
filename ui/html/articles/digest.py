"""Saved questions with what changed in their answers, as a page and as an Atom feed.

The markup is in ``templates/digest.jinja``.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from qa.language.cleaning import one_line
from qa.library.curation.saved_questions import SavedAnswer, SavedQuestion
from qa.records.question import Scope
from qa.runtime.templates import macros
from ui.html.answers import adds_short
from ui.html.articles.difference import difference
from ui.html.markup import passage_link
from ui.html.plain_text import answer_text, source_line
from ui.locales.wording import TEMPLATE_WORDS, short_day
from ui.locales.wording import gettext as _

__all__ = ["digest_feed", "digest_page"]

Digest = Sequence[tuple[SavedQuestion, Sequence[SavedAnswer]]]
"""Each question with its answers that differ, the newest first."""


def digest_page(digest: Digest) -> str:
    """The questions, each with its answer now, the short one first, what it was before, and a way
    to delete it.
    """
    return str(_MACROS["digest"](digest))


def digest_feed(digest: Digest, base: str) -> str:
    """The same as Atom: an entry for each answer; ``base`` is the address of this server."""
    entries = [(question, answer) for question, answers in digest for answer in answers]
    entries.sort(key=lambda entry: entry[1].asked, reverse=True)
    updated = entries[0][1].asked if entries else datetime(1970, 1, 1, tzinfo=UTC)
    return str(_MACROS["feed"](entries, updated, base))


def _scope_text(scope: Scope) -> str:
    """Where alone it is looked, in words; empty for everywhere."""
    parts = [
        _("from %(day)s", day=short_day(scope.since)) if scope.since else "",
        _("until %(day)s", day=short_day(scope.until)) if scope.until else "",
        ", ".join(each or _("unknown outlet") for each in scope.sources),
        _("in %(names)s", names=", ".join(scope.collections)) if scope.collections else "",
    ]
    return ", ".join(filter(None, parts))


_MACROS = macros(
    "ui.html",
    "digest",
    **TEMPLATE_WORDS,
    adds_short=adds_short,
    answer_text=partial(answer_text, written=short_day),
    difference=difference,
    one_line=one_line,
    passage_link=passage_link,
    scope_text=_scope_text,
    source_line=partial(source_line, written=short_day),
)
