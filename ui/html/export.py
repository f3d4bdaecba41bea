"""A conversation as a file: Markdown or text with footnotes, JSON, CSV of its citations."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from html import escape
from urllib.parse import quote

from qa.language.cleaning import one_line
from qa.library.conversations import Conversation, Exchange
from qa.records.answer import Statement
from qa.records.article import Citation
from ui.html.markup import web_address
from ui.html.plain_text import (
    conflict_heading,
    escape_controls,
    limits_line,
    reason_text,
    source_line,
)
from ui.locales.wording import gettext as _
from ui.locales.wording import percent

__all__ = ["EXPORTS", "as_csv", "as_json", "as_markdown", "as_text", "csv_cell"]

_COLUMNS = (
    "question", "searched_as", "since", "until", "undated", "sources", "collections", "days_named",
    "answer", "confidence", "reason",
    "statement", "support", "quote", "article_id", "start", "end",
    "source", "published", "title", "url",
)  # fmt: skip
# What would be markup in Markdown or a dialect of it: formulas, names of people, strike-through.
_MARKUP = re.compile(r"([\\`*_{}\[\]#|!~$@])")
# What some dialects make a link of, without any markup.
_BARE_LINK = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp|www)([:.])")
# What begins a list, a rule or a heading where a line begins.
_BEGINNING = re.compile(r"^(\d+(?=[.)])|(?=[-+=:]))")
# What a spreadsheet takes for the beginning of a formula, in whatever width it is written, where a
# cell begins, or where one would begin that is cut at another sign than ours.
_FORMULA = re.compile(r"^(?=[\t\r\n])|((?:^|[;\t\n\r])\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


def as_markdown(conversation: Conversation, exchanges: Sequence[Exchange]) -> str:
    """A heading for each question, statements with footnotes: one for each article, with all that
    is quoted of it.
    """
    lines = [f"# {_plain(conversation.title)}", ""]
    notes = _Notes()
    for each in exchanges:
        lines += [f"## {_plain(each.answer.question)}", ""]
        if limits := limits_line(each):
            lines += [f"*{_plain(limits)}*", ""]
        if each.answer.short:
            sure = _("%(share)s sure", share=percent(each.answer.confidence))
            lines += [f"**{_plain(each.answer.short)}** ({sure})", ""]
        if each.answer.reason:
            lines += [_plain(reason_text(each.answer)), ""]
        for statement in each.answer.statements:
            lines += [_said(statement, notes), ""]
        for conflict in each.answer.conflicts:
            lines += [f"{conflict_heading(conflict)}:", ""]
            lines += [f"- {_said(side, notes)}" for side in conflict.sides]
            lines += [""]
    return "\n".join([*lines, *notes.lines(_note, "[^%d]:")]).rstrip() + "\n"


def as_text(conversation: Conversation, exchanges: Sequence[Exchange]) -> str:
    """The questions and answers as plain text with footnotes: outlet, day, title, quotations and
    address of each article. It names no conversation, so that it can be pasted anywhere.
    """
    lines: list[str] = []
    notes = _Notes()
    for each in exchanges:
        answer = each.answer
        lines += [answer.question, ""]
        lines += [line for line in (limits_line(each), answer.short, reason_text(answer)) if line]
        lines += [_footnoted(statement, notes) for statement in answer.statements]
        for conflict in answer.conflicts:
            lines += [f"{conflict_heading(conflict)}:"]
            lines += [f"- {_footnoted(side, notes)}" for side in conflict.sides]
        lines += [""]
    written = [*map(one_line, lines), *notes.lines(_footnote, "[%d]")]
    return escape_controls("\n".join(written).rstrip() + "\n")


def as_json(conversation: Conversation, exchanges: Sequence[Exchange]) -> str:
    """The records themselves."""
    data = {**conversation.to_dict(), "exchanges": [each.to_dict() for each in exchanges]}
    return json.dumps(data, ensure_ascii=False, indent=2)


def as_csv(conversation: Conversation, exchanges: Sequence[Exchange]) -> str:
    """A line for each citation of each statement, those of conflicts included; one for a question
    or a statement without any.
    """
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(_COLUMNS)
    for each in exchanges:
        answer, scope = each.answer, each.scope
        sides = (side for conflict in answer.conflicts for side in conflict.sides)
        named = answer.window.clause.text() if answer.window and answer.window.said else ""
        asked = (
            answer.question, answer.rewritten, scope.since, scope.until,
            "yes" if scope.undated else "", "; ".join(scope.sources),
            "; ".join(scope.collections), named, answer.short, f"{answer.confidence:.2f}",
            reason_text(answer),
        )  # fmt: skip
        said: Sequence[Statement | None] = [*answer.statements, *sides] or [None]
        for statement in said:
            stated = (statement.text, statement.support) if statement else ("", "")
            for cited in (statement.citations if statement else ()) or [None]:
                place = (
                    cited.quote, cited.article_id, cited.start, cited.end, cited.source,
                    cited.published, cited.title, cited.url,
                ) if cited else ("",) * 8  # fmt: skip
                lines.writerow(csv_cell(value) for value in (*asked, *stated, *place))
    return out.getvalue()


EXPORTS: dict[str, tuple[str, str, Callable[[Conversation, Sequence[Exchange]], str]]] = {
    "markdown": (".md", "text/markdown", as_markdown),
    "text": (".txt", "text/plain", as_text),
    "json": (".json", "application/json", as_json),
    "csv": (".csv", "text/csv", as_csv),
}


class _Notes:
    """The footnotes of a conversation: one for each article, with all that is quoted of it."""

    def __init__(self) -> None:
        self._quotations: dict[str, dict[tuple[int, int, str], Citation]] = {}

    def numbers(self, statement: Statement) -> list[int]:
        """The numbers of the notes that the statement's citations stand in, each once."""
        for each in statement.citations:
            quoted = self._quotations.setdefault(each.article_id, {})
            quoted[each.start, each.end, each.quote] = each
        order = list(self._quotations)
        cited = dict.fromkeys(each.article_id for each in statement.citations)
        return [order.index(article_id) + 1 for article_id in cited]

    def lines(self, written: Callable[[Sequence[Citation]], str], label: str) -> Iterator[str]:
        """Each note after its ``label``, as ``written`` puts the citations of one article."""
        for number, quoted in enumerate(self._quotations.values(), start=1):
            yield f"{label % number} {written([*quoted.values()])}"


def _said(statement: Statement, notes: _Notes) -> str:
    return _plain(statement.text) + "".join(f"[^{each}]" for each in notes.numbers(statement))


def _note(quoted: Sequence[Citation]) -> str:
    # What was last known of the article.
    address = web_address(quoted[-1].url)
    quotes = [f"“{_plain(each.quote)}” ({_place(each)})" for each in quoted]
    link = f" <{_encoded(address)}>" if address else ""
    return f"{_plain(source_line(quoted[-1]))}: {', '.join(quotes)}{link}"


def _place(cited: Citation) -> str:
    return _("characters %(start)s to %(end)s", start=cited.start, end=cited.end)


def _footnoted(statement: Statement, notes: _Notes) -> str:
    marks = "".join(f"[{each}]" for each in notes.numbers(statement))
    return f"{statement.text} {marks}" if marks else statement.text


def _footnote(quoted: Sequence[Citation]) -> str:
    address = web_address(quoted[-1].url)
    quotes = ", ".join(f"“{one_line(each.quote)}”" for each in quoted)
    return f"{source_line(quoted[-1])}: {quotes}{f' {address}' if address else ''}"


def _encoded(address: str) -> str:
    """The address with whatever could end it or be markup written as %XX, as browsers send it."""
    return quote(address, safe=":/?#[]@&'()+,;=%~-._", errors="replace")


def _plain(words: str) -> str:
    """The words as they are, without any meaning in Markdown."""
    plain = _MARKUP.sub(r"\\\1", escape(escape_controls(one_line(words)), quote=False))
    return _BEGINNING.sub(r"\1\\", _BARE_LINK.sub(r"\1\\\2", plain))


def csv_cell(value: object) -> str:
    """No cell begins a formula: spreadsheets would run what an article wrote."""
    words = "" if value is None else escape_controls(str(value))
    return _FORMULA.sub(lambda before: f"{before[1] or ''}'", words)
