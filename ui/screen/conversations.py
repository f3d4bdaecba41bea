"""Conversations on the screen: those that are kept, the one that is shown, what is done with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from qa.errors import ConversationNotFound, LibraryFull, LibraryReadOnly
from qa.library import conversations
from qa.library.conversations import Conversation, Exchange
from qa.records.answer import Answer
from qa.records.question import Scope
from ui.html.answers import exchange_html, thread_html
from ui.html.welcome import exports_html, problem_html, welcome_html
from ui.schemas import AskRequest
from ui.screen.intake import explained, owner_of
from ui.service import Service

__all__ = ["QUIET", "ConversationList", "greeting", "keep_answer", "said_before"]

# Events of the page itself: no spinner over what is there, and no part of the interface.
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_MOST = 100


@dataclass(frozen=True)
class ConversationList:
    """The components of the list; ``current`` holds the id of the conversation that is shown."""

    current: gr.State
    listed: gr.Radio
    title: gr.Textbox
    rename: gr.Button
    delete: gr.Button
    exports: gr.HTML
    new: gr.Button

    @classmethod
    def build(cls) -> "ConversationList":
        """Lay them out."""
        current = gr.State("")
        with gr.Row(elem_id="conversation_list"):
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
        return cls(current, listed, title, rename, delete, exports, new)

    def wire(
        self, service: Service, welcome: gr.HTML, past: gr.HTML, now: gr.HTML, asking: Any
    ) -> list[Any]:
        """Let a click show, rename, delete or leave a conversation. Leaving one stops what is
        being asked in it, the event ``asking``; returns the events that leave one.
        """
        thread: list[Any] = [welcome, past, now, self.current]
        held: list[Any] = [self.listed, self.title, self.exports]

        def chosen(id_: str, request: gr.Request) -> tuple[Any, ...]:
            with explained(service):
                said = conversations.exchanges(service.library, id_, owner=owner_of(request))
            return "", thread_html(said, id_), "", id_, *self.shown(service, id_, request)

        def renamed(id_: str, title: str, request: gr.Request) -> tuple[Any, ...]:
            if id_ and title.strip():
                with explained(service):
                    conversations.rename(service.library, id_, title, owner=owner_of(request))
            return self.shown(service, id_, request)

        def deleted(id_: str, request: gr.Request) -> tuple[Any, ...]:
            if id_:
                with explained(service):
                    conversations.delete(service.library, id_, owner=owner_of(request))
            return fresh(request)

        def fresh(request: gr.Request) -> tuple[Any, ...]:
            return greeting(service), "", "", "", *self.shown(service, "", request)

        def leaving(event: Any, show: Any, inputs: Any) -> Any:
            # First it is cancelled: what still comes would be shown in the other conversation.
            halted = event(None, None, None, cancels=[asking], queue=False, **QUIET)
            return halted.then(show, inputs, thread + held, **QUIET)

        self.rename.click(renamed, [self.current, self.title], held, **QUIET)
        return [
            leaving(self.listed.input, chosen, self.listed),
            leaving(self.delete.click, deleted, self.current),
            leaving(self.new.click, fresh, None),
        ]

    def shown(self, service: Service, id_: str, request: gr.Request) -> tuple[Any, ...]:
        """What the list, the title and the exports say while that conversation is shown."""
        kept = conversations.conversations(service.library, owner=owner_of(request))[:_MOST]
        titles = {each.id: each.title for each in kept}
        choices = [(_line(each), each.id) for each in kept]
        chosen = id_ if id_ in titles else None
        return (
            gr.update(choices=choices, value=chosen),
            titles.get(id_, ""),
            exports_html(id_) if chosen else "",
        )


def greeting(service: Service) -> str:
    """What stands where nothing was asked yet; nothing where nothing can be."""
    if service.is_empty():
        return ""
    return welcome_html(service.examples(), service.library.counts()["articles"])


def said_before(service: Service, id_: str, owner: str) -> tuple[str, Sequence[Exchange]]:
    """The conversation so far; a new one, with an empty id, when it was deleted elsewhere."""
    try:
        return id_, conversations.exchanges(service.library, id_, owner=owner) if id_ else ()
    except ConversationNotFound:
        return "", ()


def keep_answer(
    service: Service, answer: Answer, asked: AskRequest, id_: str, owner: str
) -> tuple[str, str]:
    """Keep the exchange, in a new conversation if there is none; returns its id, and the HTML.

    Where nothing can be written the answer is shown all the same, and says that it is not kept.
    """
    scope = Scope(asked.since, asked.until, tuple(asked.sources))
    try:
        if not id_:
            id_ = conversations.begin(service.library, asked.question, owner=owner).id
        kept = conversations.keep(
            service.library, id_, answer, scope=scope, as_of=asked.as_of, owner=owner
        )
    except (LibraryReadOnly, LibraryFull) as error:
        unkept = Exchange(1, answer, scope, asked.as_of)
        return id_, exchange_html(unkept, "") + problem_html(f"This answer is not kept: {error}")
    return id_, exchange_html(kept, id_)


def _line(kept: Conversation) -> str:
    return f"{kept.title} ({kept.changed:%d %b %Y, %H:%M})"
