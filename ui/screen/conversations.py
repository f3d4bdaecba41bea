"""The conversation on the screen: what was said in it, and what is kept of an answer."""

from collections.abc import Sequence
from typing import Any

from qa.errors import ConversationNotFound, LibraryFull, LibraryReadOnly
from qa.library import conversations
from qa.library.conversations import Exchange
from qa.records.answer import Answer
from qa.records.question import Scope
from ui.html.answers import exchange_html
from ui.html.welcome import empty_html, problem_html, welcome_html
from ui.locales.wording import gettext as _
from ui.schemas import AskRequest
from ui.service import Service

__all__ = ["QUIET", "greeting", "keep_answer", "said_before"]

# Events of the page itself: no spinner over what is there, and no part of the interface.
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def greeting(service: Service, limits: tuple[str, ...] = (), *, editor: bool) -> str:
    """What stands where nothing was asked yet. An editor of an empty library sees how it is filled
    instead.
    """
    if service.is_empty():
        return "" if editor else empty_html()
    count, *_ = service.library.coverage(Scope(collections=limits))
    # Examples name articles of the whole library.
    return welcome_html([] if limits else service.examples(), count)


def said_before(service: Service, id_: str, owner: str) -> tuple[str, Sequence[Exchange]]:
    """The conversation so far; a new one, with an empty id, when it was deleted elsewhere."""
    try:
        return id_, conversations.exchanges(service.library, id_, owner=owner) if id_ else ()
    except ConversationNotFound:
        return "", ()


def keep_answer(
    service: Service,
    answer: Answer,
    asked: AskRequest,
    id_: str,
    owner: str,
    limits: tuple[str, ...],
) -> tuple[str, str]:
    """Keep the exchange, in a new conversation if there is none; returns its id, and the HTML for
    who may read the collections ``limits`` (none: everything).

    Where nothing can be written the answer is shown all the same, and says that it is not kept.
    """
    scope = Scope(
        asked.since, asked.until, tuple(asked.sources), asked.undated, tuple(asked.collection)
    )
    try:
        if not id_:
            id_ = conversations.begin(service.library, asked.question, owner=owner).id
        kept = conversations.keep(
            service.library, id_, answer, scope=scope, as_of=asked.as_of, owner=owner
        )
    except (LibraryReadOnly, LibraryFull) as error:
        unkept = Exchange(1, answer, scope, asked.as_of)
        return id_, exchange_html(unkept, "", limits) + problem_html(
            _("This answer is not kept: %(reason)s", reason=error)
        )
    return id_, exchange_html(kept, id_, limits)
