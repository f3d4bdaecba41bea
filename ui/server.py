"""One process for everything: the app, REST, chat completions and MCP, behind one guard."""

import os
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount

from eval.gold.questions import GoldError
from qa.build import server_access
from qa.errors import (
    ArticleNotFound,
    CollectionNotFound,
    ConfigError,
    ConversationNotFound,
    LibraryFull,
    LibraryLocked,
    LibraryReadOnly,
    QAError,
    SavedQuestionNotFound,
    SourceError,
    TooManyAttempts,
    Unavailable,
)
from qa.runtime.telemetry import disable_telemetry
from ui.api.chat_completions import make_chat_router
from ui.api.conversations import make_conversations_router
from ui.api.curation.collections import make_collections_router
from ui.api.curation.listing import make_library_router
from ui.api.curation.questions import make_questions_router
from ui.api.curation.stories import make_stories_router
from ui.api.login import make_login_router
from ui.api.mcp_tools import make_tools
from ui.api.operations import make_operations_router
from ui.api.pages import make_pages_router
from ui.api.rest import make_router
from ui.api.sources import make_sources_router
from ui.evaluations import Evaluations
from ui.guard.access import Access
from ui.guard.middleware import Guard
from ui.guard.problems import problem
from ui.guard.proxies import Proxies
from ui.guard.request_body import BodyLimits
from ui.html.pages import message_page
from ui.http_server import ServerLimits, run_server
from ui.service import Service, open_service

__all__ = ["make_api", "make_server", "serve"]

_STATIC = Path(__file__).with_name("static")
_STATUS: dict[type[Exception], int] = {
    ArticleNotFound: 404,
    CollectionNotFound: 404,
    ConversationNotFound: 404,
    SavedQuestionNotFound: 404,
    LibraryFull: 507,
    LibraryLocked: 409,
    LibraryReadOnly: 403,
    SourceError: 422,
    GoldError: 404,
    TooManyAttempts: 429,
    Unavailable: 503,
    ValueError: 422,
    QAError: 500,
}


def serve(
    library: str | Path | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    announce: Callable[[str], None] = lambda line: None,
    limits: ServerLimits | None = None,
) -> None:
    """Serve until interrupted; ``announce`` is told where.

    A first signal lets the answers be finished that are begun, a second one ends the process.
    Raises ConfigError for a host beyond loopback as long as nobody has to log in.
    """
    limits = limits or ServerLimits()
    settings = server_access(library)
    with open_service(settings.library) as service:
        access = Access(service.library, settings.token)
        if not _is_loopback(host) and not access.closed():
            raise ConfigError(
                f"--host {host} lets others in: add a user with `article-qa user add NAME`, or set "
                "QA_TOKEN"
            )
        announce(f"http://{host}:{port} serves {service.library.folder}; Ctrl-C ends it")
        # Uploads and whatever else the server writes are nobody else's.
        os.umask(0o077)
        guard = make_server(
            service,
            access,
            rate=settings.rate,
            proxies=Proxies(settings.proxies),
            body_limits=limits.body,
        )
        # So that the first question is answered as fast as the next one.
        threading.Thread(target=_warm, args=(service,), name="warm", daemon=True).start()
        with service.sources.refreshing():
            run_server(guard, host, port, limits)
    _leave_threads_behind(working=len(service.asking) > 0)


def make_server(
    service: Service,
    access: Access,
    *,
    rate: int = 0,
    proxies: Proxies | None = None,
    body_limits: BodyLimits | None = None,
) -> Guard:
    """The whole application for one service."""
    evaluations = Evaluations(service)
    api = make_api(service, access, evaluations)
    names = _add_screen(api, service, evaluations)
    return Guard(
        api,
        access,
        rate,
        proxies or Proxies(),
        body_limits or BodyLimits(),
        function_name=lambda index: names.get(index, ""),
        on_leave=service.asking.abandon,
    )


def make_api(service: Service, access: Access, evaluations: Evaluations) -> FastAPI:
    """Everything but the screen."""
    tools = make_tools(service)
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
    app.state.service = service
    app.mount("/static-ui", GZipMiddleware(StaticFiles(directory=_STATIC)), name="static-ui")
    app.include_router(make_library_router(service))
    app.include_router(make_collections_router(service))
    app.include_router(make_stories_router(service))
    app.include_router(make_questions_router(service))
    app.include_router(make_router(service))
    app.include_router(make_sources_router(service))
    app.include_router(make_operations_router(service))
    app.include_router(make_conversations_router(service))
    app.include_router(make_chat_router(service))
    app.router.routes.extend(mcp.routes)
    app.include_router(make_pages_router(service, access))
    app.include_router(make_login_router(access))
    _add_runs(app, evaluations)
    for kind in _STATUS:
        app.add_exception_handler(kind, _explain)
    app.add_exception_handler(RequestValidationError, _explain)
    return app


def _add_screen(app: FastAPI, service: Service, evaluations: Evaluations) -> dict[int, str]:
    """Mount it; the names of its functions by their indexes."""
    disable_telemetry()
    # Read when gradio is imported.
    os.environ["GRADIO_TEMP_DIR"] = str(service.uploads.folder)
    from ui.screen.gradio_import import import_gradio

    gradio = import_gradio()
    from ui.screen.app import THEME, make_app
    from ui.screen.file_guard import LARGEST_FILE, FileGuard, Functions

    screen = make_app(service, evaluations)
    gradio.mount_gradio_app(
        app,
        screen,
        path="",
        theme=THEME,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        max_file_size=LARGEST_FILE,
        # An error that nobody foresaw may name files of this machine.
        show_error=False,
        auth_dependency=lambda request: f"{request.state.who.role}:{request.state.who.name}",
    )
    # Only for an app that was launched does Gradio look where a file lies that a call names.
    screen.has_launched = True
    mount = app.routes[-1]
    assert isinstance(mount, Mount)
    assert isinstance(mount.app, FastAPI)
    # Gradio looks up whatever a request names, and leaves what comes of it to whoever serves.
    for kind in (LookupError, TypeError, ValueError, gradio.route_utils.FnIndexInferError):
        mount.app.add_exception_handler(kind, _refuse_call)
    mount.app.add_exception_handler(RequestValidationError, _explain)
    mount.app = app.state.screen = FileGuard(mount.app, service.uploads, Functions.of(screen))
    return {index: str(each.api_name or "") for index, each in screen.fns.items()}


def _add_runs(app: FastAPI, evaluations: Evaluations) -> None:
    # The page names in itself the one script it runs; this only lets that be decided there.
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
        "frame-ancestors 'self'"
    )

    @app.get("/runs/{name}.html", response_class=HTMLResponse, include_in_schema=False)
    def report(name: str) -> Response:
        return HTMLResponse(evaluations.report(name), headers={"content-security-policy": policy})

    @app.get("/runs/{name}.json", include_in_schema=False)
    def whole(name: str) -> Response:
        return Response(evaluations.load(name).to_json(), media_type="application/json")


def _explain(request: Request, error: Exception) -> Response:
    """Errors that somebody can act on, as a line of JSON, or as a page for a browser."""
    if isinstance(error, RequestValidationError):
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:])
        status, words = 422, f"{place}: {first['msg']}" if place else str(first["msg"])
    else:
        status = next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)
        words = request.app.state.service.explain(error)
    if "text/html" in request.headers.get("accept", ""):
        if isinstance(error, ArticleNotFound):
            words = "This article is not in the library, or not any more."
        page = message_page("Not there" if status == 404 else "That did not work", words, back=True)
        return HTMLResponse(page, status, _retry_after(error))
    return problem(request.url.path, status, words, _retry_after(error))


def _refuse_call(request: Request, error: Exception) -> Response:
    words = "there is no such function or page here, or it does not take what was sent"
    return problem(request.url.path, 422, words)


def _retry_after(error: Exception) -> dict[str, str]:
    if isinstance(error, TooManyAttempts | Unavailable):
        return {"retry-after": str(error.retry_after)}
    return {}


def _warm(service: Service) -> None:
    # What cannot be loaded is told to who asks.
    with suppress(QAError):
        service.pipeline.warm()


def _leave_threads_behind(*, working: bool) -> None:
    """End the process although threads go on that cannot be stopped, as with a model that does not
    answer: the interpreter would wait for them. What is being written survives that.
    """
    others = [each for each in threading.enumerate() if not each.daemon]
    others.remove(threading.current_thread())
    until = time.monotonic() + 1
    for each in others:
        each.join(max(0.0, until - time.monotonic()))
    if working or any(each.is_alive() for each in others):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
