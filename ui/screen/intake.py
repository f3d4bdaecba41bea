"""Taking sources in from the screen, with what people see of it; who is at the screen, and what
they are told of an error.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import gradio as gr
from pydantic import ValidationError

from ingest.run import Progress
from qa.errors import QAError
from qa.library.curation.collections import collections_of_user
from ui.guard.request_checks import web_addresses
from ui.html.tables import intake_html, progress_html
from ui.html.welcome import problem_html
from ui.locales.wording import gettext as _
from ui.locales.wording import number
from ui.service import Service

__all__ = ["explained", "fetch_in", "limits_of", "may_edit", "owner_of", "take_in", "take_uploads"]

_MOST = 500
# Seconds; more often nobody can read it.
_PAUSE = 0.2


def owner_of(request: gr.Request) -> str:
    """The name of whoever is at the screen; empty where nobody logs in."""
    return (request.username or "").partition(":")[2]


def limits_of(service: Service, request: gr.Request) -> tuple[str, ...]:
    """The collections that they may read; empty: everything."""
    if may_edit(request):
        return ()
    return collections_of_user(service.library, owner_of(request))


def may_edit(request: gr.Request) -> bool:
    """Whether they may change what is in the library."""
    return (request.username or "").partition(":")[0] in ("editor", "admin")


@contextmanager
def explained(service: Service) -> Iterator[None]:
    """Shows errors that somebody can act on; of all others a page says only that there was one."""
    try:
        yield
    except ValidationError as error:
        words = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        raise gr.Error(words, print_exception=False) from error
    except QAError as error:
        raise gr.Error(service.explain(error), print_exception=False) from error


def take_in(service: Service, sources: Sequence[str] | None, request: gr.Request) -> Iterator[str]:
    """Take sources in, as HTML of how far it is and what came of it."""
    if not sources:
        yield ""
    elif not may_edit(request):
        yield problem_html(_("Only an editor may change the articles."))
    elif len(sources) > _MOST:
        yield problem_html(
            _("%(count)s files at once; at most %(most)s.", count=number(len(sources)), most=_MOST)
        )
    else:
        try:
            shown = 0.0
            for event in service.take_in(sources):
                if not isinstance(event, Progress):
                    yield intake_html(event, sources)
                elif time.monotonic() > shown + _PAUSE:
                    yield progress_html(event, sources)
                    shown = time.monotonic()
        except QAError as error:
            yield problem_html(service.explain(error))


def take_uploads(
    service: Service, paths: Sequence[str] | None, request: gr.Request
) -> Iterator[str]:
    """The same for files that whoever is at the screen uploaded; then they are deleted."""
    given = list(paths or ())
    if not all(service.uploads.owns(owner_of(request), path) for path in given):
        yield problem_html(_("Only files that you uploaded are taken in; drop them once more."))
        return
    try:
        yield from take_in(service, given, request)
    finally:
        service.uploads.discard(given)


def fetch_in(service: Service, typed: str, request: gr.Request) -> Iterator[str]:
    """The same for addresses of pages and feeds, as somebody typed them."""
    try:
        addresses = web_addresses(typed.split())
    except QAError as error:
        yield problem_html(str(error))
        return
    yield from take_in(service, addresses, request)
