"""Records as lines for a terminal. Article text is data: control characters are written out."""

import os
import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from qa.chat.markers import marked_text
from qa.language.cleaning import one_line
from qa.library.recheck import AnswerCheck, CitationCheck
from qa.pipeline import Found, Restart, Text
from qa.records.answer import Answer
from ui.html.plain_text import copy_line, escape_controls, source_line

if TYPE_CHECKING:
    from rich.console import Console

    from ingest.preview import Preview

__all__ = [
    "answer_lines",
    "answer_notes",
    "kept_answer_lines",
    "recheck_lines",
    "show_previews",
    "show_stream",
    "trace_lines",
]

_WIDTH = 96
# Columns of a table that goes to a file or a pipe, and characters of a cell.
_WIDE, _CELL = 200, 300


def show_stream(events: Iterable[Found | Text | Restart | Answer], console: "Console") -> Answer:
    """The answer at the end of a stream; until then its text is shown as it comes, then wiped.

    What comes is provisional, so nothing of it stays.
    """
    from rich.live import Live
    from rich.text import Text as RichText

    text = ""
    with Live(console=console, auto_refresh=False, transient=True) as live:
        for event in events:
            if isinstance(event, Answer):
                return event
            if isinstance(event, Text):
                text += event.text
            elif isinstance(event, Restart):
                text = ""
            # The end of it, when it is more than there is room for.
            room = console.width * (console.height - 2)
            live.update(RichText(escape_controls(text)[-room:], style="dim"), refresh=True)
    raise ValueError("the stream ended without an answer")


def show_previews(previews: Iterable["Preview"]) -> None:
    """Articles as they would be taken in, a row each."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as RichText

    table = Table(box=None, header_style="bold")
    for name in ("title", "day", "author", "outlet", "length", "warnings", "from"):
        table.add_column(name, justify="right" if name == "length" else "left", overflow="fold")
    for each in previews:
        day = each.published.isoformat() if each.published else ""
        cells = (
            each.title,
            day,
            each.author or "",
            each.outlet or "",
            f"{each.characters:,}",
            "; ".join(each.warnings),
            each.origin if "://" in each.origin else each.origin.rpartition(os.sep)[2],
        )
        table.add_row(*(RichText(escape_controls(cell[:_CELL])) for cell in cells))
    # Where there is no terminal, nobody looks for the end of a line at 80 characters.
    Console(width=None if Console().is_terminal else _WIDE).print(table)


def answer_notes(answer: Answer) -> Iterator[str]:
    """What the reader should know of how the answer came about, a line each; usually none."""
    yield from map(escape_controls, answer.notes)


def answer_lines(answer: Answer, *, width: int = _WIDTH) -> Iterator[str]:
    """The answer, its numbered sources, and for an abstention the nearest passages; before it, of
    a follow-up, the question that was searched.
    """
    if answer.rewritten:
        yield from _wrap(f"({answer.rewritten})", width, indent=1)
        yield ""
    yield from _wrap(marked_text(answer), width)
    yield from _conflict_lines(answer, width)
    yield from _injection_lines(answer, width)
    if answer.citations:
        yield from _citation_lines(answer, width)
    elif answer.hits:
        yield from _hit_lines(answer, width)
    yield from _window_lines(answer, width)


def _conflict_lines(answer: Answer, width: int) -> Iterator[str]:
    for conflict in answer.conflicts:
        yield ""
        yield f"{conflict.heading.text()}:"
        for side in conflict.sides:
            source = source_line(side.citations[0]) if side.citations else "no source"
            markers = "".join(f" [{number}]" for number in answer.numbers_of(side))
            yield from _wrap(f"- {source}: {side.text}{markers}", width, indent=2)


def _injection_lines(answer: Answer, width: int) -> Iterator[str]:
    for injection in answer.told_injections:
        yield ""
        yield from _wrap(f"Ignored a prompt injection in {source_line(injection)}:", width)
        quote = textwrap.shorten(one_line(injection.quote), 2 * width, placeholder=" …")
        yield from _wrap(f"“{quote}”", width, indent=2, first=True)


def _citation_lines(answer: Answer, width: int) -> Iterator[str]:
    yield ""
    yield f"Sources ({answer.sourcing})" if answer.sourcing else "Sources"
    for number, quoted in enumerate(answer.cited_articles, start=1):
        label = f"[{number}] "
        yield from _wrap(label + source_line(quoted[0]), width, indent=len(label))
        for citation in quoted:
            yield from _wrap(f"“{one_line(citation.quote)}”", width, indent=len(label), first=True)
        if quoted[0].url:
            yield " " * len(label) + escape_controls(quoted[0].url)
        if copies := {copy: None for citation in quoted for copy in answer.copies(citation)}:
            carriers = f"also carried by: {'; '.join(map(copy_line, copies))}"
            yield from _wrap(carriers, width, indent=len(label), first=True)


def _hit_lines(answer: Answer, width: int) -> Iterator[str]:
    yield ""
    yield "Nearest passages"
    for hit in answer.hits[:3]:
        yield from _wrap("- " + source_line(hit.passage), width, indent=2)
        opening = textwrap.shorten(one_line(hit.passage.text), 2 * width, placeholder=" …")
        yield from _wrap(opening, width, indent=2, first=True)


def _window_lines(answer: Answer, width: int) -> Iterator[str]:
    if (window := answer.window) and window.said:
        scope = (
            "only articles from these dates, and undated ones"
            if window.strict
            else "preferring articles from or near these dates"
        )
        yield ""
        yield from _wrap(f"{window.clause.text()}: {scope} (--no-window: any date)", width)


def trace_lines(answer: Answer) -> Iterator[str]:
    """The steps that led to the answer with their times, a line each, and the total time."""
    for step in answer.trace:
        yield escape_controls(f"{step.took_ms:7.1f} ms  {step.name}: {step.detail}")
    yield f"{answer.took_ms:7.1f} ms  in total"


def recheck_lines(citations: Iterable[CitationCheck], *, width: int = _WIDTH) -> Iterator[str]:
    """What became of each citation of a saved answer."""
    for number, item in enumerate(citations, start=1):
        label = f"[{number}] "
        yield from _wrap(f"{label}{source_line(item.citation)}", width, indent=len(label))
        yield from _wrap(f"“{one_line(item.citation.quote)}”", width, indent=len(label), first=True)
        yield from _wrap(item.text, width, indent=len(label), first=True)


def kept_answer_lines(checks: Iterable[AnswerCheck], *, width: int = _WIDTH) -> Iterator[str]:
    """The kept answers of which something does not stand any more, each with what that is."""
    for check in checks:
        if check.stands:
            continue
        place = f" (in the conversation “{one_line(check.conversation)}”)"
        yield from _wrap(
            f"“{one_line(check.question)}”{place if check.conversation else ' (feedback)'}",
            width,
            indent=2,
        )
        for number, item in enumerate(check.citations, start=1):
            if not item.stands:
                quote = textwrap.shorten(one_line(item.citation.quote), width, placeholder=" …")
                text = f"  [{number}] {source_line(item.citation)}: {item.text}: “{quote}”"
                yield from _wrap(text, width, indent=6)


def _wrap(text: str, width: int, *, indent: int = 0, first: bool = False) -> list[str]:
    space = " " * indent
    return textwrap.wrap(
        escape_controls(text),
        max(width, 40),
        initial_indent=space if first else "",
        subsequent_indent=space,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]
