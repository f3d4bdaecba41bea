"""Every error in one shape, as a line of JSON with its message, or as a page for a browser.

The shape is ``{"error": "…"}``, and OpenAI's below ``/v1``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from eval.gold.questions import GoldError
from eval.runs.compare import NotComparable
from qa.errors import (
    ArticleNotFound,
    CollectionNotFound,
    ConversationNotFound,
    LibraryFull,
    LibraryLocked,
    LibraryReadOnly,
    OutletNotFound,
    QAError,
    SavedQuestionNotFound,
    SourceError,
    SourceNotFound,
    TokenNotFound,
    TooManyAttempts,
    Unavailable,
    UserNotFound,
)
from ui.guard.problems import problem
from ui.guard.root_path import bare_path
from ui.html.pages import message_page
from ui.html.plain_text import fault_text
from ui.locales.wording import gettext as _

__all__ = ["MethodCheck", "add_error_handlers", "explain", "refuse_call", "request_fault"]

_STATUS: dict[type[Exception], int] = {
    ArticleNotFound: 404,
    CollectionNotFound: 404,
    OutletNotFound: 404,
    ConversationNotFound: 404,
    SavedQuestionNotFound: 404,
    TokenNotFound: 404,
    UserNotFound: 404,
    LibraryFull: 507,
    LibraryLocked: 409,
    LibraryReadOnly: 403,
    SourceError: 422,
    SourceNotFound: 404,
    GoldError: 404,
    NotComparable: 422,
    TooManyAttempts: 429,
    Unavailable: 503,
    ValueError: 422,
    QAError: 500,
}
_WORDS = {404: "this address leads nowhere"}
_NOT_JSON = (
    "the body is not a JSON object; send one, with the header content-type: application/json"
)


def add_error_handlers(app: FastAPI) -> None:
    """Have every error of the application told in its shape."""
    for kind in (*_STATUS, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, explain)
    app.add_exception_handler(Exception, _admit)


@dataclass(frozen=True, slots=True)
class MethodCheck:
    """Stands before what takes every address that is left (``app``): one of the ``routes`` that was
    asked by a method which it does not take is told so, and not that it is nowhere.
    """

    routes: Sequence[BaseRoute]
    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope["type"] == "http" and _methods(self.routes, scope):
            raise HTTPException(405)
        await self.app(scope, receive, send)


def _methods(routes: Sequence[BaseRoute], scope: Scope) -> str:
    """Those that the address takes, as ``Allow`` has them; empty if it is none of the routes."""
    taken: set[str] = set()
    for route in _single_routes(routes):
        if route.matches(scope)[0] is Match.PARTIAL:
            taken |= {*(getattr(route, "methods", None) or ())}
    return ", ".join(sorted(taken))


def _single_routes(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """Those of the routers among them one by one."""
    for route in routes:
        router = getattr(route, "original_router", None)
        if router is None:
            yield route
        else:
            yield from _single_routes(router.routes)


def explain(request: Request, error: Exception) -> Response:
    """An error that somebody can act on."""
    param = None
    headers: dict[str, str] = {}
    if isinstance(error, RequestValidationError):
        status, (param, words) = 422, request_fault(error.errors()[0])
    elif isinstance(error, HTTPException):
        status, headers = error.status_code, dict(error.headers or {})
        # Starlette's own words are those of the protocol.
        plain = error.detail == HTTPStatus(status).phrase
        detail = request.app.state.service.explain(error.detail)
        words = _WORDS.get(status, detail) if plain else detail
        if isinstance(error.__cause__, RecursionError):
            words = "the body cannot be read: its lists and objects are nested too deep"
        if status == 405:
            headers["allow"] = headers.pop("Allow", "")
            headers["allow"] = _methods(request.app.routes, request.scope) or headers["allow"]
            words = f"this address does not take {request.method}; it takes {headers['allow']}"
    else:
        status = next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)
        words = request.app.state.service.explain(error)
    if isinstance(error, TooManyAttempts | Unavailable):
        headers = {"retry-after": str(error.retry_after)}
    if "text/html" in request.headers.get("accept", ""):
        if isinstance(error, ArticleNotFound):
            words = _("This article is not in the library, or not any more.")
        title = _("Not there") if status == 404 else _("That did not work")
        page = message_page(title, words, back=True)
        return HTMLResponse(page, status, headers)
    return problem(bare_path(request.scope), status, words, headers, param=param)


def request_fault(error: Mapping[str, Any]) -> tuple[str | None, str]:
    """The part of a request that pydantic found fault with, None for the whole, and what is wrong
    with it, with its value.
    """
    place, kind = error["loc"][1:], error["type"]
    if kind == "json_invalid" or (not place and kind != "value_error"):
        return None, _NOT_JSON
    words = fault_text(error)
    if words.startswith("Expected UploadFile"):
        words = "it is no file; send one, as by curl -F files=@NAME"
    name = ".".join(str(part) for part in place)
    return name or None, f"{name}: {words}" if name else words


def refuse_call(request: Request, error: Exception) -> Response:
    """A call that Gradio could make nothing of."""
    words = "there is no such function or page here, or it does not take what was sent"
    return problem(bare_path(request.scope), 422, words)


def _admit(request: Request, error: Exception) -> Response:
    """An error that nobody foresaw: it goes into the log, too."""
    return problem(
        bare_path(request.scope), 500, "something went wrong here; the server's log says what"
    )
