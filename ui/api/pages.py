"""Pages by their addresses: an article, a conversation, the panels of the app, the interface."""

import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from qa.errors import ArticleNotFound, ConversationNotFound
from qa.library import conversations
from qa.library.curation.choices import read_from
from qa.library.curation.citing import citing_answers
from qa.library.curation.collections import is_in_collections
from qa.library.curation.edits import edits_of
from qa.library.duplicates import copies_of
from qa.stories.article_corrections import corrected_by, corrections_of
from ui.api.rest import who_of
from ui.guard.access import Access, Who
from ui.guard.page_policy import APP_PAGE
from ui.html.articles.article import ArticleContext, article_page, difference_page
from ui.html.conversations import shared_page
from ui.html.pages import docs_page
from ui.schemas import Me, answer_schema
from ui.service import Service

__all__ = ["make_pages_router"]

_CONVERSATION = re.compile(r"[0-9a-f]{16}")


def make_pages_router(service: Service, access: Access) -> APIRouter:
    """Every address that people pass on, and who they are here."""
    router = APIRouter()
    library = service.library

    @router.get("/api/me")
    def me(request: Request) -> Me:
        """Who you are here."""
        who = who_of(request)
        return Me(name=who.name, role=who.role, closed=access.closed())

    @router.get("/article", response_class=HTMLResponse, include_in_schema=False)
    def cited(
        request: Request,
        id: str,  # noqa: A002
        start: int = -1,
        end: int = -1,
        seal: str = "",
        version: int = 0,
        before: int = 0,
        after: int = 0,
    ) -> Response:
        service.curation.check_access(id, who_of(request).collections)
        if before and after:
            return _difference(service, id, before, after)
        span = (start, end) if end > start >= 0 else None
        return _article(service, who_of(request), id, span, seal, version)

    # An id may have slashes in it.
    @router.get("/a/{article_id:path}", response_class=HTMLResponse, include_in_schema=False)
    def article(
        article_id: str, request: Request, version: int = 0, before: int = 0, after: int = 0
    ) -> Response:
        service.curation.check_access(article_id, who_of(request).collections)
        if before and after:
            return _difference(service, article_id, before, after)
        return _article(service, who_of(request), article_id, None, "", version)

    @router.get("/c/{conversation}", response_class=HTMLResponse, include_in_schema=False)
    def conversation(conversation: str, request: Request) -> Response:
        if not _CONVERSATION.fullmatch(conversation):
            raise ConversationNotFound(conversation)
        try:
            conversations.find(library, conversation, owner=who_of(request).name)
        except ConversationNotFound:
            if who_of(request).collections:
                # It may quote what they are not to read.
                raise
            # Whoever has its address may read it: it was given to them.
            known = conversations.find(library, conversation, owner=None)
            said = conversations.exchanges(library, conversation, owner=None)
            return HTMLResponse(shared_page(known, said))
        return _AppPage()

    @router.get("/library", response_class=HTMLResponse, include_in_schema=False)
    @router.get("/evaluate", response_class=HTMLResponse, include_in_schema=False)
    def panel() -> Response:
        return _AppPage()

    @router.get("/docs", response_class=HTMLResponse, include_in_schema=False)
    def docs(request: Request) -> Response:
        return HTMLResponse(docs_page(request.app.openapi(), str(request.base_url).rstrip("/")))

    @router.get("/bundle/{name}", include_in_schema=False)
    def bundle(name: str, request: Request) -> Response:
        media, content = request.app.state.bundle.get(name, ("", b""))
        if not media:
            raise HTTPException(404, "the page has no such part; load it again")
        return Response(content, media_type=media)

    @router.get("/schemas/answer.json")
    def schema() -> dict[str, Any]:
        """The JSON Schema of an answer."""
        return answer_schema()

    return router


class _AppPage(Response):
    """The page of the app, whose scripts show what the address names."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        scope["state"][APP_PAGE] = True
        path = scope.get("root_path", "") + "/"
        at_root = {**scope, "path": path, "raw_path": path.encode(), "query_string": b""}
        await scope["app"].state.screen(at_root, receive, send)


def _article(
    service: Service,
    who: Who,
    article_id: str,
    span: tuple[int, int] | None,
    seal: str,
    version: int,
) -> Response:
    library = service.library
    versions = library.versions(article_id)
    if not versions:
        raise ArticleNotFound(article_id)
    passages = [stored.passage for stored in library.passages_of(article_id)]
    answers = citing_answers(library, article_id)
    own = [each for each in answers if each.owner == who.name]
    context = ArticleContext(
        copies=[
            copy
            for copy in copies_of(library, article_id)
            if not who.collections or is_in_collections(library, copy.article_id, who.collections)
        ],
        edits=edits_of(library, article_id),
        citing=own,
        # Where it came from may be a secret, as the address of a feed.
        citing_others=len(answers) - len(own) if who.edits else 0,
        read_from=read_from(library, article_id) if who.edits else None,
        editable=who.edits,
        corrections=corrections_of(library, versions[-1], collections=who.collections),
        corrected=corrected_by(library, versions[-1], collections=who.collections),
    )
    page = article_page(versions, passages, span, seal, version=version, context=context)
    return HTMLResponse(page)


def _difference(service: Service, article_id: str, before: int, after: int) -> Response:
    versions = {each.version: each for each in service.library.versions(article_id)}
    if before not in versions or after not in versions:
        raise ArticleNotFound(article_id)
    return HTMLResponse(difference_page(versions[before], versions[after]))
