"""Conversations over REST, and as the parts of pages that the screen asks for by itself."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from qa.library import conversations
from ui.api.rest import who_of
from ui.html.conversations import conversations_html
from ui.html.export import EXPORTS
from ui.schemas import Problem, TitleRequest
from ui.service import Service

__all__ = ["make_conversations_router"]

_MOST = 200
_DAY = 24 * 60


def make_conversations_router(service: Service) -> APIRouter:
    """Every route below ``/api/conversations``, and the list for the screen."""
    router = APIRouter(responses={"4XX": {"model": Problem}})
    library = service.library

    @router.get("/api/conversations")
    def list_conversations(request: Request, search: str = "") -> Response:
        """Your conversations, the one that changed last first; ``search`` words stand in their
        titles, questions or answers.
        """
        found = conversations.search(library, search, owner=who_of(request).name)
        return JSONResponse([each.to_dict() for each in found])

    @router.patch("/api/conversations/{conversation}", status_code=204)
    def rename(conversation: str, given: TitleRequest, request: Request) -> None:
        """Give one of your conversations another title."""
        owner = who_of(request).name
        conversations.rename(library, conversation, given.title, owner=owner)

    @router.delete("/api/conversations/{conversation}", status_code=204)
    def delete(conversation: str, request: Request) -> None:
        """Take one of your conversations out, with all that was said in it."""
        conversations.delete(library, conversation, owner=who_of(request).name)

    @router.get("/api/conversations/{conversation}/export")
    def export(
        conversation: str, request: Request, form: str = "markdown", number: int | None = None
    ) -> Response:
        """A conversation as Markdown or text with footnotes, JSON, or a CSV file of its citations;
        with ``number`` that exchange alone.
        """
        if form not in EXPORTS:
            raise ValueError(f"the form {form!r} is none of {', '.join(EXPORTS)}")
        owner = who_of(request).name
        found = conversations.find(library, conversation, owner=owner)
        if number is None:
            said = conversations.exchanges(library, conversation, owner=owner)
        else:
            said = [conversations.exchange(library, conversation, number, owner=owner)]
        suffix, media, write = EXPORTS[form]
        name = f'attachment; filename="conversation-{found.id}{suffix}"'
        headers = {"content-disposition": name}
        return PlainTextResponse(write(found, said), headers=headers, media_type=media)

    @router.get("/conversations", response_class=HTMLResponse, include_in_schema=False)
    def listed(
        request: Request,
        search: str = "",
        offset: Annotated[int, Query(ge=-_DAY, le=_DAY, description="minutes from UTC")] = 0,
    ) -> Response:
        found = conversations.search(library, search, owner=who_of(request).name)
        zone = timezone(timedelta(minutes=max(1 - _DAY, min(offset, _DAY - 1))))
        here = datetime.now(UTC).astimezone(zone)
        return HTMLResponse(conversations_html(found[:_MOST], here, searched=bool(search.strip())))

    return router
