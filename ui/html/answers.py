"""Answers as HTML: statements with markers, source cards, conflicts, what was searched.

The markup is in ``templates/answer.jinja``, which escapes every word of an article. Knows records
only, nothing of the app around them. What records gain is shown from here.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from qa.language.cleaning import one_line
from qa.library.conversations import Exchange
from qa.library.feedback import VERDICTS, Verdict
from qa.pipeline import Found
from qa.records.answer import Answer, Hit, Support
from qa.records.article import Citation, Copy
from qa.records.trace import Step
from qa.runtime.templates import macros
from ui.html.markup import article_link, original_link, passage_link, remote_words, web_address
from ui.html.plain_text import (
    conflict_heading,
    limits_line,
    reason_text,
    scope_line,
    step_text,
    window_text,
)
from ui.locales.wording import N_, TEMPLATE_WORDS, ngettext, short_day
from ui.locales.wording import gettext as _

__all__ = ["adds_short", "exchange_html", "pending_html", "thread_html"]

_SNIPPET = 260
_SUPPORT: dict[Support, tuple[str, str, str]] = {
    "verified": ("✓", N_("verified"), N_("the quotation says this, and answers the question")),
    "recorded": (
        "▤",
        N_("recorded"),
        N_("the library’s own record says this: title, day, author, outlet or count"),
    ),
    "quoted": (
        "❝",
        N_("quoted"),
        N_("the article says this; whether it answers the question is not certain"),
    ),
    "weak": ("◐", N_("weak"), N_("the quotation says this only in part")),
    "unsupported": ("✕", N_("unsupported"), N_("no quotation says this")),
}
# The steps of an answer that are told, as they are named there.
_STEPS = (
    N_("window"), N_("rewrite"), N_("spelling"), N_("cache"), N_("search by words"),
    N_("search by meaning"), N_("fuse"), N_("settled"), N_("read"), N_("whole article"),
    N_("sides"), N_("injection"), N_("compose and verify"), N_("verify"), N_("records"),
    N_("damage"), N_("chat"), N_("prompt"), N_("reply"), N_("usage"), N_("citations"),
    N_("warning"), N_("library"),
)  # fmt: skip
_VERDICTS: dict[Verdict, tuple[str, str]] = {
    "right": ("✓", N_("Right")),
    "wrong": ("✕", N_("Wrong")),
    "wrong evidence": ("¶", N_("Wrong evidence")),
}


def thread_html(
    exchanges: Sequence[Exchange], conversation: str, limits: Sequence[str] = ()
) -> str:
    """A conversation so far; empty without exchanges. With an empty ``conversation`` it is to be
    read only; ``limits`` are the collections that whoever looks may read (none: everything).
    """
    return "".join(exchange_html(each, conversation, limits) for each in exchanges)


def exchange_html(exchange: Exchange, conversation: str, limits: Sequence[str] = ()) -> str:
    """One question with its answer on the left and its sources on the right."""
    return str(_MACROS["exchange"](exchange, conversation, _was_limited(exchange, limits)))


def pending_html(question: str, found: Found | None = None, said: str = "") -> str:
    """A question that is being answered: what was found so far, the text so far."""
    return str(_MACROS["pending"](question, found, said))


def adds_short(answer: Answer) -> bool:
    """Whether the short answer is more than the statements once again."""
    whole = one_line(" ".join(statement.text for statement in answer.statements)).rstrip(".")
    return bool(answer.short) and one_line(answer.short).rstrip(".") != whole


# What the template asks for


def _article_count(hits: Sequence[Hit]) -> int:
    return len({hit.passage.article_id for hit in hits})


def _weakest_support(citation: Citation, answer: Answer) -> Support:
    sides = (side for conflict in answer.conflicts for side in conflict.sides)
    order = list(_SUPPORT)
    return max(
        (each.support for each in (*answer.statements, *sides) if citation in each.citations),
        key=order.index,
        default="unsupported",
    )


def _marks(answer: Answer) -> list[Support]:
    """The marks that stand beside the statements and quotations of an answer, the best first."""
    marks = {_weakest_support(each, answer) for each in answer.citations}
    marks |= {each.support for each in answer.statements}
    return [mark for mark in _SUPPORT if mark in marks]


def _asked_again(exchange: Exchange) -> str:
    """The question and its limits as JSON, for the page to put back where they can be changed."""
    scope, window = exchange.scope, exchange.answer.window
    # Days that the question names stand there to be changed, as those that were set.
    named = window if window and window.said else None
    since, until = (named.since, named.until) if named else (scope.since, scope.until)
    return json.dumps(
        {
            "question": exchange.answer.question,
            "since": str(since or ""),
            "until": str(until or ""),
            "sources": list(scope.sources),
            "undated": scope.undated,
            "collections": list(scope.collections),
        }
    )


def _was_limited(exchange: Exchange, limits: Sequence[str]) -> bool:
    """Whether less was searched than whoever looks may read."""
    scope, window = exchange.scope, exchange.answer.window
    if {*scope.collections} == {*limits}:
        scope = replace(scope, collections=())
    return bool(scope or (window and window.only))


def _scope_labels(exchange: Exchange) -> list[tuple[str, str]]:
    """The field of the panel that says where to look, and what was in it."""
    scope, window = exchange.scope, exchange.answer.window
    named = window if window and window.said else None
    outlets = [source or _("Unknown outlet") for source in scope.sources] or [_("All outlets")]
    words = {"days": window_text(named, short_day), "words": named.said} if named else {}
    weight = (
        _("Only: %(days)s (“%(words)s”)")
        if named and named.strict
        else _("Preferred: %(days)s (“%(words)s”)")
    )
    labels = [
        ("since", weight % words if named else ""),
        ("since", _("From %(day)s", day=short_day(scope.since)) if scope.since else ""),
        ("until", _("Until %(day)s", day=short_day(scope.until)) if scope.until else ""),
        (
            "collection",
            _("In %(names)s", names=", ".join(scope.collections)) if scope.collections else "",
        ),
        ("undated", _("And undated") if scope.undated and not named else ""),
        ("since", "" if named or scope.since or scope.until else _("Any date")),
        *(("outlets", outlet) for outlet in outlets),
    ]
    return [(field, label) for field, label in labels if label]


def _sourcing(answer: Answer) -> str:
    """How many outlets and texts stand behind the citations; of outlets with their own texts, how
    many articles there are.
    """
    outlets, texts = answer.source_counts
    if outlets <= texts:
        return ngettext("%(num)s source", "%(num)s sources", len(answer.cited_articles))
    return ", ".join(
        (
            ngettext("%(num)s outlet", "%(num)s outlets", outlets),
            ngettext("%(num)s text", "%(num)s texts", texts),
        )
    )


def _quote_name(citation: Citation, answer: Answer) -> str:
    """What the quotation is called within the page of its answer: "1-quote", "1-quote-2", …"""
    number = answer.source_numbers[citation]
    place = answer.cited_articles[number - 1].index(citation)
    return f"{number}-quote" + (f"-{place + 1}" if place else "")


def _carriers(quoted: Sequence[Citation], answer: Answer) -> list[Copy]:
    """The other articles that carry what is quoted of one."""
    return [*dict.fromkeys(copy for each in quoted for copy in answer.copies(each))]


def _step_name(step: Step) -> str:
    if step.name.startswith("part "):
        return _("part %(number)s", number=step.name.removeprefix("part "))
    return _(step.name) if step.name in _STEPS else step.name


def _shortened(passage: str) -> str:
    line = one_line(passage)
    return line if len(line) <= _SNIPPET else line[:_SNIPPET].rsplit(" ", 1)[0] + " …"


def _number_of(citation: Citation, answer: Answer) -> int:
    """The number of the citation's article among the answer's sources, from 1."""
    return answer.source_numbers[citation]


_MACROS = macros(
    "ui.html",
    "answer",
    **TEMPLATE_WORDS,
    adds_short=adds_short,
    remote_words=remote_words,
    article_count=_article_count,
    article_link=article_link,
    carriers=_carriers,
    asked_again=_asked_again,
    heading=conflict_heading,
    limits_line=partial(limits_line, written=short_day),
    marks_of=_marks,
    meaning_of=_SUPPORT.__getitem__,
    number_of=_number_of,
    original_link=original_link,
    passage_link=passage_link,
    quote_name=_quote_name,
    reason_text=reason_text,
    sourcing=_sourcing,
    scope_line=partial(scope_line, written=short_day),
    scope_labels=_scope_labels,
    shortened=_shortened,
    step_name=_step_name,
    step_text=step_text,
    verdicts=lambda: [(verdict, *_VERDICTS[verdict]) for verdict in VERDICTS],
    weakest_support=_weakest_support,
    web_address=web_address,
)
