"""One process for everything: the app, REST, chat completions and MCP, behind one guard."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Form, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from eval.gold import GoldError
from qa.build import doors
from qa.errors import (
    ArticleNotFound,
    ConfigError,
    ConversationNotFound,
    LibraryLocked,
    QAError,
    SourceError,
)
from ui.access import Access
from ui.chat_completions import make_chat_router
from ui.desk import Desk, open_desk
from ui.guard import COOKIE, Guard
from ui.pages import article_page, docs_page, login_page, plain_page
from ui.rest import make_router, who_of
from ui.tools import make_tools
from ui.trials import Trials
from ui.wire import Me

__all__ = ["make_api", "make_server", "serve"]

_STATIC = Path(__file__).with_name("static")
_STATUS: dict[type[Exception], int] = {
    ArticleNotFound: 404,
    ConversationNotFound: 404,
    LibraryLocked: 409,
    SourceError: 422,
    GoldError: 404,
    ValueError: 422,
    QAError: 500,
}


def serve(
    library: str | Path | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    announce: Callable[[str], None] = lambda line: None,
) -> None:
    """Serve until interrupted; ``announce`` is told where.

    Raises ConfigError for a host beyond loopback as long as nobody has to log in.
    """
    import uvicorn

    settings = doors(library)
    with open_desk(settings.library) as desk:
        access = Access(desk.library, settings.token)
        if not _is_loopback(host) and not access.closed():
            raise ConfigError(
                f"--host {host} lets others in: add a user with `article-qa user add NAME`, or set "
                "QA_TOKEN"
            )
        announce(f"http://{host}:{port} serves {desk.library.folder}; Ctrl-C ends it")
        # Streams that are open do not keep the process from ending.
        uvicorn.run(
            make_server(desk, access, rate=settings.rate),
            host=host,
            port=port,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=2,
        )


def make_server(desk: Desk, access: Access, *, rate: int = 0) -> Guard:
    """The whole application for one desk."""
    trials = Trials(desk)
    api = make_api(desk, access, trials)
    return Guard(_with_screen(api, desk, trials), access, rate)


def make_api(desk: Desk, access: Access, trials: Trials) -> FastAPI:
    """Everything but the screen."""
    tools = make_tools(desk)
    mcp = tools.streamable_http_app()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with tools.session_manager.run():
            yield

    app = FastAPI(
        title="article-qa",
        description="Ask questions of a collection of articles; every statement cites exact "
        "characters of one.",
        lifespan=lifespan,
        # Their pages load scripts from elsewhere; ours is made of the same description.
        docs_url=None,
        redoc_url=None,
    )
    app.mount("/static-ui", StaticFiles(directory=_STATIC), name="static-ui")
    app.include_router(make_router(desk))
    app.include_router(make_chat_router(desk))
    app.router.routes.extend(mcp.routes)
    _add_pages(app, desk, access)
    _add_runs(app, trials)
    for kind in _STATUS:
        app.add_exception_handler(kind, _explain)
    app.add_exception_handler(RequestValidationError, _explain)
    return app


def _with_screen(app: FastAPI, desk: Desk, trials: Trials) -> FastAPI:
    # Read when gradio is imported.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio

    from ui.app import THEME, make_app

    mounted: FastAPI = gradio.mount_gradio_app(
        app,
        make_app(desk, trials),
        path="",
        theme=THEME,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        max_file_size="100mb",
        show_error=True,
        auth_dependency=lambda request: f"{request.state.who.role}:{request.state.who.name}",
    )
    return mounted


def _add_pages(app: FastAPI, desk: Desk, access: Access) -> None:
    @app.get("/api/me")
    def me(request: Request) -> Me:
        """Who you are here."""
        who = who_of(request)
        return Me(name=who.name, role=who.role, closed=access.closed())

    @app.get("/article", response_class=HTMLResponse, include_in_schema=False)
    def article(id: str, start: int = -1, end: int = -1, seal: str = "") -> Response:  # noqa: A002
        versions = desk.library.versions(id)
        if not versions:
            raise ArticleNotFound(id)
        passages = [stored.passage for stored in desk.library.passages_of(id)]
        span = (start, end) if end > start >= 0 else None
        return HTMLResponse(article_page(versions, passages, span, seal))

    @app.get("/docs", response_class=HTMLResponse, include_in_schema=False)
    def docs() -> Response:
        return HTMLResponse(docs_page(app.openapi()))

    @app.get("/login", response_class=HTMLResponse, include_in_schema=False)
    def login() -> Response:
        if not access.closed():
            return RedirectResponse("/", 303)
        return HTMLResponse(login_page(tokens=bool(access.token)))

    @app.post("/login", include_in_schema=False)
    def log_in(
        request: Request,
        password: Annotated[str, Form()],
        name: Annotated[str, Form()] = "",
    ) -> Response:
        who = access.by_password(name.strip(), password)
        if who is None:
            page = login_page(wrong="Wrong name or password.", tokens=bool(access.token))
            return HTMLResponse(page, 403)
        reply = RedirectResponse("/", 303)
        secure = request.url.scheme == "https"
        reply.set_cookie(
            COOKIE, access.begin(who), httponly=True, samesite="strict", secure=secure, path="/"
        )
        return reply

    @app.post("/logout", include_in_schema=False)
    def log_out(request: Request) -> Response:
        access.end(request.cookies.get(COOKIE, ""))
        reply = RedirectResponse("/login", 303)
        reply.delete_cookie(COOKIE, path="/")
        return reply


def _add_runs(app: FastAPI, trials: Trials) -> None:
    # The page names in itself the one script it runs; this only lets that be decided there.
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
        "frame-ancestors 'self'"
    )

    @app.get("/runs/{name}.html", response_class=HTMLResponse, include_in_schema=False)
    def report(name: str) -> Response:
        return HTMLResponse(trials.report(name), headers={"content-security-policy": policy})

    @app.get("/runs/{name}.json", include_in_schema=False)
    def whole(name: str) -> Response:
        return Response(trials.load(name).to_json(), media_type="application/json")


def _explain(request: Request, error: Exception) -> Response:
    """Errors that somebody can act on, as a line of JSON, or as a page for a browser."""
    if isinstance(error, RequestValidationError):
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:])
        status, words = 422, f"{place}: {first['msg']}" if place else str(first["msg"])
    else:
        status = next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)
        words = str(error)
    if "text/html" in request.headers.get("accept", ""):
        if isinstance(error, ArticleNotFound):
            words = "This article is not in the library, or not any more."
        page = plain_page("Not there" if status == 404 else "That did not work", _note(words))
        return HTMLResponse(page, status)
    return JSONResponse({"error": words}, status)


def _note(words: str) -> str:
    from ui.markup import text

    return f"<p class=note>{text(words)}</p><p><a href=/>Back to the questions</a></p>"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
