"""The panel for asking: a conversation with its sources, and where to look."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr
from pydantic import ValidationError

from qa import conversations
from qa.asking import Scope
from qa.conversations import Conversation
from qa.errors import QAError
from qa.pipeline import Found, Text
from qa.records import Answer
from ui.desk import DEMO, Desk
from ui.intake import may_edit, owner_of, take_in
from ui.present import exchange_html, pending_html, thread_html
from ui.welcome import exports_html, filters_html, problem_html, welcome_html
from ui.wire import LONGEST_QUESTION, AskRequest

__all__ = ["panel"]

# What the page knows and the server does not: the dates and outlets that are set.
_WHERE = "(question, where, id) => [question, articleQA.where(question), id]"
_ASKED = "() => [articleQA.asked()]"
_AT_ONCE = 8
_READY: dict[str, Any] = {"submit_btn": "Ask", "stop_btn": False}


def panel(app: gr.Blocks, tab: gr.Tab, desk: Desk) -> None:
    """Build the panel."""
    talk = gr.State("")
    with gr.Row(elem_id="talks"):
        with gr.Accordion("Conversations", open=False, elem_id="conversations"):
            listed = gr.Radio([], label="Kept in the library", elem_id="listed")
            with gr.Row(elem_id="talk"):
                title = gr.Textbox(
                    label="Title",
                    show_label=False,
                    placeholder="Title of this conversation",
                    elem_id="title",
                    max_lines=1,
                )
                rename = gr.Button("Rename", size="sm", elem_id="rename")
                delete = gr.Button("Delete", size="sm", elem_id="delete")
            exports = gr.HTML("", apply_default_css=False)
        new = gr.Button("New conversation", size="sm", elem_id="new")
    with gr.Column(elem_id="first-visit", visible=False) as first:
        gr.HTML(
            "<h2>Nothing to ask yet</h2>"
            "<p>Load the demo collection, or drop articles of yours.</p>",
            apply_default_css=False,
        )
        demo = gr.Button("Load the demo collection", variant="primary", visible=DEMO.is_dir())
        dropped = gr.File(
            file_count="multiple", label="Your articles", height=140, elem_id="first-files"
        )
        loading = gr.HTML("", apply_default_css=False)
    welcome = gr.HTML("", apply_default_css=False, elem_id="welcome")
    past = gr.HTML("", apply_default_css=False, elem_id="past")
    now = gr.HTML("", apply_default_css=False, elem_id="now-asked")
    with gr.Column(elem_id="composer"):
        filters = gr.HTML("", apply_default_css=False, elem_id="filters")
        box = gr.Textbox(
            show_label=False,
            label="Question",
            placeholder="Ask the articles …",
            elem_id="question",
            max_lines=5,
            max_length=LONGEST_QUESTION,
            **_READY,
        )
    where = gr.Textbox(visible=False)

    def open_page(request: gr.Request) -> list[Any]:
        empty = desk.is_empty()
        return [
            gr.update(visible=empty and may_edit(request)),
            "" if empty else welcome_html(desk.examples(), desk.library.counts()["articles"]),
            "" if empty else filters_html(desk.outlets(), *desk.library.coverage(Scope())[1:]),
            _listing(desk, request),
        ]

    def answer(
        question: str, where: str, id_: str, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        # Outputs: box, welcome, past, now, conversation.
        if not question.strip():
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        owner = owner_of(request)
        before = thread_html(_said(desk, id_, owner), id_)
        busy = gr.update(value="", submit_btn=False, stop_btn="Stop")
        yield busy, "", before, pending_html(question), gr.skip()
        still = (gr.skip(), gr.skip(), gr.skip())
        try:
            asked = AskRequest.model_validate({"question": question, **json.loads(where or "{}")})
            found, said = None, ""
            for event in desk.stream(asked):
                if isinstance(event, Answer):
                    id_, shown = _keep(desk, event, asked, id_, owner)
                    yield gr.update(**_READY), gr.skip(), gr.skip(), shown, id_
                    return
                found = event if isinstance(event, Found) else found
                said += event.text if isinstance(event, Text) else ""
                yield *still, pending_html(question, found, said), gr.skip()
        except (QAError, ValueError) as error:
            kept = gr.update(value=question, **_READY)
            yield kept, gr.skip(), gr.skip(), problem_html(_words(error)), gr.skip()

    def stopped(question: str) -> tuple[Any, str]:
        return gr.update(value=question, **_READY), problem_html("Stopped.")

    def load(id_: str, request: gr.Request) -> tuple[Any, ...]:
        found = conversations.find(desk.library, id_, owner=owner_of(request))
        said = _said(desk, id_, owner_of(request))
        return thread_html(said, id_), "", "", id_, found.title, exports_html(id_)

    def renamed(id_: str, title: str, request: gr.Request) -> Any:
        if id_:
            conversations.rename(desk.library, id_, title, owner=owner_of(request))
        return _listing(desk, request)

    def deleted(id_: str, request: gr.Request) -> tuple[Any, ...]:
        if id_:
            conversations.delete(desk.library, id_, owner=owner_of(request))
        return _listing(desk, request), *fresh()

    def fresh() -> tuple[Any, ...]:
        shown = "" if desk.is_empty() else welcome_html(desk.examples(), _size(desk))
        return shown, "", "", "", "", ""

    opened = [first, welcome, filters, listed]
    app.load(open_page, None, opened, api_visibility="private", show_progress="hidden")
    asking = gr.on(
        [box.submit],
        answer,
        [box, where, talk],
        [box, welcome, past, now, talk],
        js=_WHERE,
        concurrency_limit=_AT_ONCE,
        show_progress="hidden",
        api_visibility="private",
    )
    asking.then(_listing_of(desk), None, listed, show_progress="hidden", api_visibility="private")
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    # First it is cancelled, then said so: what still comes would be shown over it.
    halted = box.stop(None, None, None, cancels=[asking], queue=False, **quiet)
    halted.then(stopped, box, [box, now], js=_ASKED, queue=False, **quiet)
    shown = [past, now, welcome, talk, title, exports]
    listed.input(load, listed, shown, **quiet)
    rename.click(renamed, [talk, title], listed, **quiet)
    clean = [welcome, past, now, talk, title, exports]
    delete.click(deleted, talk, [listed, *clean], **quiet)
    new.click(fresh, None, clean, **quiet).then(
        lambda: gr.update(value=None), None, listed, **quiet
    )

    def demo_in(request: gr.Request) -> Any:
        yield from take_in(desk, [str(DEMO)], request)

    def files_in(given: list[str] | None, request: gr.Request) -> Any:
        yield from take_in(desk, given, request)

    for event in (
        demo.click(demo_in, None, loading, **quiet),
        dropped.upload(files_in, dropped, loading, **quiet),
    ):
        event.then(open_page, None, opened, **quiet)


def _keep(desk: Desk, answer: Answer, asked: AskRequest, id_: str, owner: str) -> tuple[str, str]:
    """Keep the exchange, in a new conversation if there is none; returns its id, and the HTML."""
    if not id_:
        id_ = conversations.begin(desk.library, asked.question, owner=owner).id
    scope = Scope(asked.since, asked.until, tuple(asked.sources))
    kept = conversations.keep(
        desk.library, id_, answer, scope=scope, as_of=asked.as_of, owner=owner
    )
    return id_, exchange_html(kept, id_)


def _said(desk: Desk, id_: str, owner: str) -> Sequence[conversations.Exchange]:
    return conversations.exchanges(desk.library, id_, owner=owner) if id_ else ()


def _size(desk: Desk) -> int:
    return desk.library.counts()["articles"]


def _listing(desk: Desk, request: gr.Request) -> Any:
    kept = conversations.conversations(desk.library, owner=owner_of(request))
    return gr.update(choices=[(_line(each), each.id) for each in kept[:100]])


def _listing_of(desk: Desk) -> Any:
    def listing(request: gr.Request) -> Any:
        return _listing(desk, request)

    return listing


def _line(kept: Conversation) -> str:
    return f"{kept.title} ({kept.changed:%d %b %Y})"


def _words(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return str(error.errors()[0]["msg"])
    return str(error)
