"""Records as text for a terminal. Article text is data: control characters are made visible."""

import json
import re
import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from qa.compose.citations import marked_text
from qa.pipeline import Found, Restart, Text
from qa.recheck import Rechecked
from qa.records import Answer, Citation, Copy, Passage
from qa.text import one_line

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "answer_lines",
    "copy_line",
    "follow",
    "notes",
    "recheck_lines",
    "safe",
    "safe_json",
    "source_line",
    "trace_lines",
]

_WIDTH = 96
# C0 and C1 controls could drive the terminal, bidirectional overrides reorder what is read.
_HOSTILE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def safe(text: str) -> str:
    r"""The text with every control character but newline and tab written out.

    >>> safe("\x1b[31mred")
    '\\x1b[31mred'
    """
    return _HOSTILE.sub(lambda found: ascii(found.group())[1:-1], text)


def safe_json(data: object) -> str:
    r"""JSON for people and programs: readable, and every control character escaped.

    >>> safe_json("\u202ered")
    '"\\u202ered"'
    """
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return _HOSTILE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def follow(events: Iterable[Found | Text | Restart | Answer], console: "Console") -> Answer:
    """The answer at the end of a stream; until then its text is shown as it comes, then wiped.

    What comes is provisional, so nothing of it stays.
    """
    from rich.live import Live
    from rich.text import Text as Shown

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
            live.update(Shown(safe(text)[-room:], style="dim"), refresh=True)
    raise ValueError("the stream ended without an answer")


def notes(answer: Answer) -> Iterator[str]:
    """What whoever asked should know of how the answer came about, a line each."""
    for step in answer.trace:
        if step.name == "chat":
            yield safe(step.detail)


def answer_lines(answer: Answer, *, width: int = _WIDTH) -> Iterator[str]:
    """The answer, its numbered sources, and for an abstention the nearest passages; before it, of
    a follow-up, the question that was searched.
    """
    if answer.rewritten:
        yield from _wrap(f"({answer.rewritten})", width, indent=1)
        yield ""
    yield from _wrap(marked_text(answer), width)
    numbers = {citation: number for number, citation in enumerate(answer.citations, start=1)}
    for conflict in answer.conflicts:
        yield ""
        yield "The articles disagree:"
        for side in conflict.sides:
            where = source_line(side.citations[0]) if side.citations else "no source"
            marks = "".join(f" [{numbers[citation]}]" for citation in side.citations)
            yield from _wrap(f"- {where}: {side.text}{marks}", width, indent=2)
    for order in answer.orders:
        where = f"Not obeyed, from {source_line(order)}, text that speaks to machines:"
        yield ""
        yield from _wrap(where, width)
        quoted = textwrap.shorten(one_line(order.quote), 2 * width, placeholder=" …")
        yield from _wrap(f"“{quoted}”", width, indent=2, first=True)
    if citations := answer.citations:
        yield ""
        yield f"Sources ({answer.sourcing})" if answer.sourcing else "Sources"
        for number, citation in enumerate(citations, start=1):
            label = f"[{number}] "
            yield from _wrap(label + source_line(citation), width, indent=len(label))
            yield from _wrap(f"“{one_line(citation.quote)}”", width, indent=len(label), first=True)
            if citation.url:
                yield " " * len(label) + safe(citation.url)
            if copies := answer.copies(citation):
                also = f"also carried by: {'; '.join(map(copy_line, copies))}"
                yield from _wrap(also, width, indent=len(label), first=True)
    elif answer.hits:
        yield ""
        yield "Nearest passages"
        for hit in answer.hits[:3]:
            yield from _wrap("- " + source_line(hit.passage), width, indent=2)
            opening = textwrap.shorten(one_line(hit.passage.text), 2 * width, placeholder=" …")
            yield from _wrap(opening, width, indent=2, first=True)
    if (window := answer.window) and window.said:
        kept = "only articles of these days" if window.strict else "articles of or near these days"
        yield ""
        yield from _wrap(f"{window.text}: {kept}, and undated ones (--no-window: any day)", width)


def trace_lines(answer: Answer) -> Iterator[str]:
    """What was searched, found and dropped, a line each."""
    for step in answer.trace:
        yield safe(f"{step.took_ms:7.1f} ms  {step.name}: {step.detail}")
    yield f"{answer.took_ms:7.1f} ms  in all"


def source_line(cited: Citation | Passage) -> str:
    """Outlet, day and title; what is unknown is said to be.

    >>> source_line(Passage("a", 0, 1, "x", title="Rain", source="gazette.example"))
    'gazette.example, undated: Rain'
    """
    day = cited.published.isoformat() if cited.published else "undated"
    if isinstance(cited, Citation) and cited.corrected:
        day += f" (corrected on {cited.corrected})"
    return safe(f"{cited.source or 'unknown source'}, {day}: {one_line(cited.title) or 'untitled'}")


def copy_line(copy: Copy) -> str:
    """Outlet, day and id of an article that carries the same text.

    >>> copy_line(Copy("c6cb", source="Harbour Post"))
    'Harbour Post, undated (c6cb)'
    """
    day = copy.published.isoformat() if copy.published else "undated"
    return safe(f"{copy.source or 'unknown source'}, {day} ({copy.article_id})")


def recheck_lines(checked: Iterable[Rechecked], *, width: int = _WIDTH) -> Iterator[str]:
    """What became of each citation of a kept answer."""
    for number, item in enumerate(checked, start=1):
        label = f"[{number}] "
        yield from _wrap(f"{label}{source_line(item.citation)}", width, indent=len(label))
        yield from _wrap(f"“{one_line(item.citation.quote)}”", width, indent=len(label), first=True)
        yield from _wrap(item.text, width, indent=len(label), first=True)


def _wrap(text: str, width: int, *, indent: int = 0, first: bool = False) -> list[str]:
    space = " " * indent
    return textwrap.wrap(
        safe(text),
        max(width, 40),
        initial_indent=space if first else "",
        subsequent_indent=space,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]
