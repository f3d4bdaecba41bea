"""Taking sources in from the screen, with what people see of it; and who is at the screen."""

import time
from collections.abc import Iterator, Sequence

import gradio as gr

from ingest.run import Progress
from qa.errors import QAError
from ui.desk import Desk, web_addresses
from ui.tables import intake_html, progress_html
from ui.welcome import problem_html

__all__ = ["fetch_in", "may_edit", "owner_of", "take_in"]

_MOST = 500
# Seconds; more often nobody can read it.
_PAUSE = 0.2


def owner_of(request: gr.Request) -> str:
    """The name of whoever is at the screen; empty where nobody logs in."""
    return (request.username or "").partition(":")[2]


def may_edit(request: gr.Request) -> bool:
    """Whether they may change what is in the library."""
    return (request.username or "").partition(":")[0] == "editor"


def take_in(desk: Desk, sources: Sequence[str] | None, request: gr.Request) -> Iterator[str]:
    """Take files in that were uploaded, as HTML of how far it is and what came of it."""
    if not sources:
        yield ""
    elif not may_edit(request):
        yield problem_html("Only an editor may change the articles.")
    elif len(sources) > _MOST:
        yield problem_html(f"{len(sources)} files at once; at most {_MOST}.")
    else:
        try:
            shown = 0.0
            for event in desk.take_in(sources):
                if not isinstance(event, Progress):
                    yield intake_html(event, sources)
                elif time.monotonic() > shown + _PAUSE:
                    yield progress_html(event, sources)
                    shown = time.monotonic()
        except QAError as error:
            yield problem_html(str(error))


def fetch_in(desk: Desk, typed: str, request: gr.Request) -> Iterator[str]:
    """The same for addresses of pages and feeds, as somebody typed them."""
    try:
        addresses = web_addresses(typed.split())
    except QAError as error:
        yield problem_html(str(error))
        return
    yield from take_in(desk, addresses, request)
