"""Logging in and out in a browser. Who may is found out by ``access``."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qa.errors import TooManyAttempts, Unavailable
from ui.guard.access import Access
from ui.guard.middleware import COOKIE
from ui.html.markup import own_path
from ui.html.pages import login_page
from ui.locales.wording import gettext as _

__all__ = ["make_login_router", "set_session"]


def make_login_router(access: Access) -> APIRouter:
    """``/login`` and ``/logout``."""
    router = APIRouter(include_in_schema=False)

    @router.get("/login", response_class=HTMLResponse)
    def login(request: Request, next: str = "/") -> Response:  # noqa: A002
        if not access.closed():
            return RedirectResponse(f"{_root(request)}/", 303)
        return HTMLResponse(login_page(tokens=bool(access.token), wanted=own_path(next)))

    @router.post("/login")
    async def log_in(
        request: Request,
        password: Annotated[str, Form()],
        name: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "/",  # noqa: A002
    ) -> Response:
        address = request.client.host if request.client else ""
        try:
            who = await access.log_in(name.strip(), password, address)
        except (TooManyAttempts, Unavailable) as error:
            words = str(error)[:1].upper() + str(error)[1:] + "."
            page = login_page(wrong=words, tokens=bool(access.token), wanted=own_path(next))
            return HTMLResponse(
                page,
                429 if isinstance(error, TooManyAttempts) else 503,
                {"retry-after": str(error.retry_after)},
            )
        if who is None:
            page = login_page(
                wrong=_("Wrong name or password."), tokens=bool(access.token), wanted=own_path(next)
            )
            return HTMLResponse(page, 403)
        root = _root(request)
        reply = RedirectResponse(root + own_path(next), 303)
        set_session(reply, request, access.begin(who))
        return reply

    @router.post("/logout")
    def log_out(request: Request) -> Response:
        access.end(request.cookies.get(COOKIE, ""))
        root = _root(request)
        reply = RedirectResponse(f"{root}/login", 303)
        reply.delete_cookie(COOKIE, path=f"{root}/")
        return reply

    return router


def set_session(reply: Response, request: Request, key: str) -> None:
    """Have the browser send the key of a session from now on."""
    secure = request.url.scheme == "https"
    path = f"{_root(request)}/"
    reply.set_cookie(COOKIE, key, httponly=True, samesite="strict", secure=secure, path=path)


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", ""))
