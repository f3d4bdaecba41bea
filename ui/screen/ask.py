"""The panel for asking: a question, its answer as it comes, and where to look."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import gradio as gr
from pydantic import ValidationError

from qa.errors import QAError, Unavailable
from qa.pipeline import Found, Restart, Text
from qa.records.answer import Answer
from qa.records.conversation import Turn
from qa.records.question import Scope
from ui.background.work_pool import WorkAbandoned
from ui.html.answers import pending_html, thread_html
from ui.html.welcome import filters_html, first_visit_html, problem_html, side_html
from ui.locales.wording import gettext as _
from ui.schemas import LONGEST_QUESTION, AskRequest
from ui.screen.conversations import QUIET, greeting, keep_answer, said_before
from ui.screen.intake import limits_of, may_edit, owner_of, take_in, take_uploads
from ui.service import DEMO, Service

__all__ = ["panel"]

# What the page knows and the server does not: the dates and outlets that are set.
_WHERE = "(question, where, id) => [question, articleQA.begin(question), id]"
_ASKED = "() => [articleQA.asked()]"
_LEFT = "() => [articleQA.left()]"
_SHOWN = "() => [articleQA.shown()]"
# Of the forty functions that Gradio runs at once; whether a question must wait, and how many may,
# is decided where every way in asks.
_AT_ONCE = 20


def panel(app: gr.Blocks, tab: gr.Tab, service: Service) -> None:
    """Build the panel."""
    gr.HTML(side_html(), apply_default_css=False, elem_id="side")
    with gr.Column(elem_id="first-visit", visible=False) as first:
        demo, dropped = _first_visit()
    # It stays when the rest of the first visit is over: some files may have failed.
    taken = gr.HTML("", apply_default_css=False, elem_id="first-taken")
    welcome = gr.HTML("", apply_default_css=False, elem_id="welcome")
    past = gr.HTML("", apply_default_css=False, elem_id="past")
    now = gr.HTML("", apply_default_css=False, elem_id="now-asked")
    with gr.Column(elem_id="composer"):
        filters = gr.HTML("", apply_default_css=False, elem_id="filters")
        box = gr.Textbox(
            show_label=False,
            label=_("Question"),
            placeholder=_("Ask the articles …"),
            elem_id="question",
            max_lines=5,
            max_length=LONGEST_QUESTION,
            **_ready(),
        )
    conversation = gr.State("")
    where = gr.Textbox(visible=False)
    # For when another conversation is to be shown, or the first articles came from elsewhere.
    reopen = gr.Button(_("Reopen"), elem_id="reopen", elem_classes="out-of-sight")

    def open_page(left: str, request: gr.Request) -> tuple[Any, ...]:
        empty, limits = service.is_empty(), limits_of(service, request)
        id_, asked = _left(left)
        id_, before = said_before(service, id_, owner_of(request))
        return (
            gr.update(visible=empty and may_edit(request)),
            gr.update(visible=empty and may_edit(request)),
            "" if before else greeting(service, limits, editor=may_edit(request)),
            "" if empty else _filters(service, limits),
            thread_html(before, id_, limits),
            "",
            id_,
            gr.update(**{**_ready(), **({"value": asked} if asked else {})}),
        )

    def demo_in(request: gr.Request) -> Iterator[str]:
        yield from take_in(service, [str(DEMO)], request)

    def files_in(given: list[str] | None, request: gr.Request) -> Iterator[str]:
        yield from take_uploads(service, given, request)

    async def answer(
        question: str, where: str, id_: str, request: gr.Request
    ) -> AsyncIterator[tuple[Any, ...]]:
        async for update in _asked(service, question, where, id_, request):
            yield update

    def stopped(question: str) -> tuple[Any, str]:
        return gr.update(value=question, **_ready()), problem_html(_("Stopped."))

    opened = [first, dropped, welcome, filters, past, now, conversation, box]
    filled: list[Any] = [
        demo.click(demo_in, None, taken, **QUIET),
        dropped.upload(files_in, dropped, taken, **QUIET),
    ]
    app.load(open_page, where, opened, js=_LEFT, **QUIET)
    for event in filled:
        event.then(open_page, where, opened, js=_SHOWN, **QUIET)
    box.submit(lambda: "", None, taken, queue=False, **QUIET)
    asking = box.submit(
        answer,
        [box, where, conversation],
        [box, welcome, past, now, conversation],
        js=_WHERE,
        concurrency_limit=_AT_ONCE,
        **QUIET,
    )
    asking.failure(lambda: gr.update(**_ready()), None, box, **QUIET)
    # First it is cancelled, then said so: what still comes would be shown over it.
    halted = box.stop(None, None, None, cancels=[asking], queue=False, **QUIET)
    halted.then(stopped, box, [box, now], js=_ASKED, queue=False, **QUIET)
    left = reopen.click(None, None, None, cancels=[asking], queue=False, **QUIET)
    left.then(open_page, where, opened, js=_SHOWN, **QUIET)


def _ready() -> dict[str, Any]:
    return {"submit_btn": _("Ask"), "stop_btn": False}


def _busy() -> dict[str, Any]:
    return {"value": "", "submit_btn": False, "stop_btn": _("Stop")}


def _first_visit() -> tuple[gr.Button, gr.File]:
    """What stands there while there is nothing to ask: ways to fill the library."""
    gr.HTML(first_visit_html(), apply_default_css=False)
    demo = gr.Button(_("Load the demo collection"), variant="primary", visible=DEMO.is_dir())
    dropped = gr.File(
        file_count="multiple",
        label=_("Your articles"),
        height=140,
        elem_id="first-files",
        visible=False,
    )
    return demo, dropped


def _filters(service: Service, limits: tuple[str, ...]) -> str:
    """Where to look, within what whoever is at the screen may read."""
    scope = Scope(collections=limits)
    outlets = service.library.sources(scope) if limits else service.outlets()
    names = [each.name for each in service.curation.collections(limits)]
    return filters_html(outlets, service.library.coverage(scope), names)


def _left(left: str) -> tuple[str, str]:
    """The conversation and the question without an answer that a page left behind as JSON."""
    try:
        found = json.loads(left or "{}")
        id_, asked = str(found.get("talk") or ""), str(found.get("asked") or "")
    except (ValueError, AttributeError):
        return "", ""
    return id_, asked[:LONGEST_QUESTION]


async def _asked(
    service: Service, question: str, where: str, id_: str, request: gr.Request
) -> AsyncIterator[tuple[Any, ...]]:
    """The stages of an answer, as updates; worked out where every door has its answers from."""
    keep = gr.skip()
    if not question.strip():
        yield keep, keep, keep, keep, keep
        return
    # Others may be asking: it is shown before it is anybody's turn.
    yield gr.update(**_busy()), "", keep, pending_html(question), keep
    owner, session = owner_of(request), request.session_hash or ""
    limits = limits_of(service, request)
    try:
        work = service.asking.stream(
            lambda: _answers(service, question, where, id_, owner, limits), key=session
        )
    except Unavailable as error:
        yield gr.update(value=question, **_ready()), keep, keep, problem_html(str(error)), keep
        return
    try:
        async for update in work:
            yield update
    except WorkAbandoned:
        # The page is gone.
        return
    finally:
        await work.aclose()


def _answers(
    service: Service, question: str, where: str, id_: str, owner: str, limits: tuple[str, ...]
) -> Iterator[tuple[Any, ...]]:
    """The stages of an answer, as updates of box, welcome, past, now and the conversation."""
    keep = gr.skip()
    id_, before = said_before(service, id_, owner)
    # Meanwhile the next question may be typed already: the box is left as it is.
    yield keep, "", thread_html(before, id_, limits), pending_html(question), id_
    try:
        history = [Turn.of(each.answer).to_dict() for each in before]
        given = {"question": question, "history": history, **json.loads(where or "{}")}
        asked = AskRequest.model_validate(given).within(limits)
        found, said = None, ""
        for event in service.stream(asked):
            if isinstance(event, Answer):
                id_, shown = keep_answer(service, event, asked, id_, owner, limits)
                yield gr.update(**_ready()), keep, keep, shown, id_
                return
            found = event if isinstance(event, Found) else found
            said = "" if isinstance(event, Restart) else said
            said += event.text if isinstance(event, Text) else ""
            yield keep, keep, keep, pending_html(question, found, said), keep
    except ValidationError as error:
        words = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        yield gr.update(value=question, **_ready()), keep, keep, problem_html(words), keep
    except (QAError, ValueError) as error:
        problem = problem_html(service.explain(error))
        yield gr.update(value=question, **_ready()), keep, keep, problem, keep
