"""Answers as HTML: statements with markers, source cards, conflicts, what was searched.

Every word of an article goes through ``markup.text``. Knows records only, nothing of the app
around them. What records gain is shown from here.
"""

import json
from collections.abc import Sequence

from qa.language.cleaning import one_line
from qa.library.conversations import Exchange
from qa.library.feedback import VERDICTS
from qa.pipeline import Found
from qa.records.answer import Answer, Conflict, Hit, Statement, Support
from qa.records.article import Citation, Copy, Passage
from qa.records.trace import Step
from ui.html.markup import article_link, origin, original_link, text

__all__ = ["exchange_html", "pending_html", "thread_html"]

_NEAREST = 3
_SNIPPET = 260
# A question of more characters scrolls in itself, so that its answer is seen.
_LONG = 300
_SUPPORT: dict[Support, tuple[str, str]] = {
    "verified": ("✓", "the quotation says this"),
    "weak": ("◐", "the quotation says this only in part"),
    "unsupported": ("✕", "no quotation says this"),
}


def thread_html(exchanges: Sequence[Exchange], conversation: str) -> str:
    """A conversation so far; empty without exchanges."""
    return "".join(exchange_html(each, conversation) for each in exchanges)


def exchange_html(exchange: Exchange, conversation: str) -> str:
    """One question with its answer on the left and its sources on the right."""
    answer, name = exchange.answer, f"q{exchange.number}"
    said = (
        _abstention(answer)
        if answer.abstained
        else _statements(answer, name)
        + "".join(_conflict(c, answer, name) for c in answer.conflicts)
    )
    left = (
        f'<div class="answer{" abstained" if answer.abstained else ""}">{said}</div>'
        f"{_chips(exchange)}{_feedback(exchange, conversation)}{_searched(answer)}"
    )
    right = _nearest(answer.hits) if answer.abstained else _sources(answer, name)
    right += _orders(answer)
    return _turn(answer.question, _rewritten(answer) + left, right, name)


def pending_html(question: str, found: Found | None = None, said: str = "") -> str:
    """A question that is being answered: what was found so far, the text so far."""
    if said:
        shown = f"<p class=draft>{text(said)}</p>"
    elif found is None:
        shown = "<p class=working>Searching the articles …</p>"
    else:
        articles = len({hit.passage.article_id for hit in found.hits})
        shown = (
            f"<p class=working>Reading {_count(len(found.hits), 'passage')} of "
            f"{_count(articles, 'article')} …</p>"
        )
    right = _nearest(found.hits, "Found so far") if found else ""
    return _turn(question, f'<div class="answer pending">{shown}</div>', right, "now")


def _turn(question: str, left: str, right: str, name: str) -> str:
    return (
        f'<section class=turn id={name} aria-label="Question and answer">'
        f"<h2 class=question{' tabindex=0' if len(question) > _LONG else ''}>{text(question)}</h2>"
        f"<div class=said>{left}</div><aside class=sources aria-label=Sources>{right}</aside>"
        "</section>"
    )


def _rewritten(answer: Answer) -> str:
    if not answer.rewritten:
        return ""
    return f"<p class=rewritten>Searched as: <q>{text(answer.rewritten)}</q></p>"


# The answer


def _statements(answer: Answer, name: str) -> str:
    shown = "".join(
        f"<p class=statement>{text(statement.text)}{_marks(statement.citations, answer, name)}"
        f"{'' if statement.support == 'verified' else ' ' + _support(statement.support)}</p>"
        for statement in answer.statements
    )
    whole = one_line(" ".join(statement.text for statement in answer.statements)).rstrip(".")
    if answer.short and one_line(answer.short).rstrip(".") != whole:
        shown = f"<p class=short>{text(answer.short)}</p>{shown}"
    # Of a question of several parts, what is left open.
    return shown + (f"<p class=soft>{text(answer.reason)}</p>" if answer.reason else "")


def _marks(citations: Sequence[Citation], answer: Answer, name: str) -> str:
    numbers = {citation: number for number, citation in enumerate(answer.citations, start=1)}
    return "".join(_mark(citation, numbers[citation], name) for citation in citations)


def _mark(citation: Citation, number: int, name: str) -> str:
    # The quotation is read out with the marker: it stands in the card that describes it.
    return (
        f'<sup><a class=cite href="{text(_at(citation))}" data-card={name}-s{number} '
        f'aria-label="Source {number}" aria-describedby={name}-s{number}-quote>{number}</a></sup>'
    )


def _support(support: Support) -> str:
    sign, meaning = _SUPPORT[support]
    return (
        f'<span class="support {support}" title="{meaning}">'
        f"<span aria-hidden=true>{sign}</span> {support}</span>"
    )


def _conflict(conflict: Conflict, answer: Answer, name: str) -> str:
    said = conflict.answers or tuple("" for _ in conflict.sides)
    sides = "".join(
        f"<li>{f'<strong>{text(short)}</strong> ' if short else ''}"
        f"<span class=origin>{_side_origin(side)}</span>"
        f"<p>{text(side.text)}{_marks(side.citations, answer, name)}</p></li>"
        for short, side in zip(said, conflict.sides, strict=True)
    )
    return (
        f'<div class=conflict role=group aria-label="The articles disagree">'
        f"<h3><span aria-hidden=true>⇄</span> The articles disagree</h3><ul>{sides}</ul></div>"
    )


def _side_origin(side: Statement) -> str:
    return origin(side.citations[0]) if side.citations else "no source"


def _abstention(answer: Answer) -> str:
    return f"<h3>No answer found in the articles</h3><p>{text(answer.reason)}</p>" + (
        "<p class=soft>The nearest passages hold no answer.</p>" if answer.hits else ""
    )


# Sources


def _sources(answer: Answer, name: str) -> str:
    cards = "".join(
        _card(citation, number, name, answer)
        for number, citation in enumerate(answer.citations, start=1)
    )
    counted = answer.sourcing or _count(len(answer.citations), "source")
    return f"<h3>{text(counted)}</h3>{cards}" if cards else ""


def _card(citation: Citation, number: int, name: str, answer: Answer) -> str:
    support = _weakest(citation, answer)
    corrected = f"<p class=soft>Corrected on {citation.corrected}</p>" if citation.corrected else ""
    return (
        f'<article class=card id={name}-s{number} tabindex=-1 aria-label="Source {number}">'
        f"<header><span class=number aria-hidden=true>{number}</span>{origin(citation)}"
        f"{_support(support)}</header>"
        f"<h4>{text(citation.title or 'Untitled')}</h4>"
        f"<blockquote id={name}-s{number}-quote>{text(citation.quote)}</blockquote>"
        f"{corrected}{_copies(answer.copies(citation))}"
        f"{_ways(citation, 'Read it in the article')}</article>"
    )


def _copies(copies: Sequence[Copy]) -> str:
    if not copies:
        return ""
    named = ", ".join(
        f'<a class=open href="{text(article_link(copy.article_id))}">'
        f"{text(copy.source or 'unknown source')}</a>"
        for copy in copies
    )
    return f"<p class=soft>Also carried by {named}</p>"


def _orders(answer: Answer) -> str:
    """What in the articles speaks to machines; shown, so that nobody wonders."""
    if not answer.orders:
        return ""
    cards = "".join(
        f"<article class='card near'><header>{origin(each)}</header>"
        f"<blockquote>{text(_shortened(each.quote))}</blockquote>"
        f"{_ways(each, 'See it in the article')}</article>"
        for each in answer.orders
    )
    return (
        "<details class=orders><summary>Text that gives orders to machines was found, and not "
        f"obeyed ({len(answer.orders)})</summary>{cards}</details>"
    )


def _nearest(hits: Sequence[Hit], label: str = "Nearest passages, not an answer") -> str:
    cards = "".join(
        f"<article class='card near'><header>{origin(hit.passage)}</header>"
        f"<h4>{text(hit.passage.title or 'Untitled')}</h4>"
        f"<blockquote>{text(_shortened(hit.passage.text))}</blockquote>"
        f"{_ways(hit.passage, 'Read it in the article')}</article>"
        for hit in hits[:_NEAREST]
    )
    return f"<h3>{label}</h3>{cards}" if cards else ""


def _ways(cited: Citation | Passage, label: str) -> str:
    """To the article here, and to the original."""
    there = original_link(cited)
    original = (
        f'<a class=original href="{text(there)}" target=_blank rel="noopener noreferrer">'
        "Original <span aria-hidden=true>↗</span><span class=hidden> (new tab)</span></a>"
    )
    return (
        f'<footer><a class=open href="{text(_at(cited))}">{label}</a>'
        f"{original if there else ''}</footer>"
    )


def _at(cited: Citation | Passage) -> str:
    quoted = cited.quote if isinstance(cited, Citation) else cited.text
    return article_link(cited.article_id, (cited.start, cited.end), quoted)


def _weakest(citation: Citation, answer: Answer) -> Support:
    sides = (side for conflict in answer.conflicts for side in conflict.sides)
    order = list(_SUPPORT)
    return max(
        (said.support for said in (*answer.statements, *sides) if citation in said.citations),
        key=order.index,
        default="unsupported",
    )


# Below the answer


def _chips(exchange: Exchange) -> str:
    scope, answer = exchange.scope, exchange.answer
    # Days that the question names stand there to be changed, as those that were set.
    named = answer.window if answer.window and answer.window.said else None
    since, until = (named.since, named.until) if named else (scope.since, scope.until)
    asked = {
        "question": answer.question,
        "since": str(since or ""),
        "until": str(until or ""),
        "sources": list(scope.sources),
    }
    weight = "Only" if named and named.strict else "Preferred"
    labels = [
        f"{weight}: {named.days} (“{named.said}”)" if named else "",
        f"From {scope.since}" if scope.since else "",
        f"Until {scope.until}" if scope.until else "",
        "" if named or scope.since or scope.until else "Any date",
        *(scope.sources or ("All outlets",)),
    ]
    again = text(json.dumps(asked))
    chips = "".join(
        f'<button type=button class=chip data-again="{again}" '
        f'title="Change where to look, and ask again">{text(label)}</button>'
        for label in labels
        if label
    )
    sure = "" if answer.abstained else f"<span class=soft>{answer.confidence:.0%} sure</span>"
    return f'<div class=chips role=group aria-label="Where it looked">{chips}{sure}</div>'


def _feedback(exchange: Exchange, conversation: str) -> str:
    signs = {"right": "✓", "wrong": "✕", "wrong evidence": "¶"}
    buttons = "".join(
        f'<button type=button data-verdict="{verdict}" aria-pressed=false>'
        f"<span aria-hidden=true>{signs[verdict]}</span> {verdict.capitalize()}</button>"
        for verdict in VERDICTS
    )
    return (
        f'<form class=feedback data-conversation="{text(conversation)}" '
        f'data-number={exchange.number} aria-label="What do you think of this answer?">{buttons}'
        "<label class=better hidden>It should have been <input name=better maxlength=500>"
        "<button>Send</button></label><span role=status></span></form>"
    )


def _searched(answer: Answer) -> str:
    rows = "".join(_step(step) for step in answer.trace)
    total = f"<tr><th scope=row>in all<td><td class=ms>{answer.took_ms:.0f} ms"
    return (
        "<details class=searched><summary>What was searched</summary>"
        f"<table><tbody>{rows}{total}</tbody></table></details>"
    )


def _step(step: Step) -> str:
    took = f"{step.took_ms:.0f} ms" if step.took_ms else ""
    return f"<tr><th scope=row>{text(step.name)}<td>{text(step.detail)}<td class=ms>{took}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _shortened(passage: str) -> str:
    line = one_line(passage)
    return line if len(line) <= _SNIPPET else line[:_SNIPPET].rsplit(" ", 1)[0] + " …"
