"""One process for everything: the app, REST, chat completions and MCP, behind one guard."""

import os
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from pathlib import Path

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.routing import Mount

from qa.build import server_access
from qa.errors import (
    ConfigError,
    QAError,
)
from qa.runtime.telemetry import disable_telemetry
from ui.administration import Administration
from ui.api.administration.accounts import make_accounts_router
from ui.api.administration.settings import make_settings_router
from ui.api.conversations import make_conversations_router
from ui.api.curation.collections import make_collections_router
from ui.api.curation.listing import make_library_router
from ui.api.curation.questions import make_questions_router
from ui.api.curation.stories import make_stories_router
from ui.api.errors import MethodCheck, add_error_handlers, explain, refuse_call
from ui.api.gold import make_gold_router
from ui.api.login import make_login_router
from ui.api.mcp_tools import make_tools
from ui.api.openai.chat_completions import make_chat_router
from ui.api.operations import make_operations_router
from ui.api.pages import make_pages_router
from ui.api.rest import make_router
from ui.api.runs import make_runs_router
from ui.api.sources import make_sources_router
from ui.evaluations import Evaluations
from ui.guard.access import Access
from ui.guard.middleware import Guard
from ui.guard.proxies import Proxies
from ui.guard.request_body import BodyLimits
from ui.guard.root_path import checked_root
from ui.http_server import ServerLimits, run_server
from ui.service import Service, open_service

__all__ = ["make_api", "make_server", "serve"]

_STATIC = Path(__file__).with_name("static")


def serve(
    library: str | Path | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    root_path: str = "",
    announce: Callable[[str], None] = lambda line: None,
    limits: ServerLimits | None = None,
) -> None:
    """Serve until interrupted; ``announce`` is told where, once connections are taken.
    ``root_path`` is the path below which a proxy has it (``/articles``), whether or not the proxy
    leaves it in what it asks for.

    A first signal lets the answers be finished that are begun, a second one ends the process.
    Raises ConfigError for a host beyond loopback as long as nobody has to log in, for a root that
    is no path, and for a port that is taken.
    """
    limits = limits or ServerLimits()
    root = checked_root(root_path)
    settings = server_access(library)
    _check_listening(host, port)
    with open_service(settings.library) as service:
        access = Access(service.library, settings.token, proxied=bool(settings.auth_header))
        if not _is_loopback(host) and not access.closed():
            raise ConfigError(
                f"--host {host} lets others in: add a user with `article-qa user add NAME`, or set "
                "QA_TOKEN"
            )
        # Uploads and whatever else the server writes are nobody else's.
        os.umask(0o077)
        guard = make_server(
            service,
            access,
            rate=settings.rate,
            proxies=Proxies(settings.proxies, settings.auth_header.lower()),
            body_limits=limits.body,
            root=root,
        )
        # So that the first question is answered as fast as the next one.
        threading.Thread(target=_warm, args=(service,), name="warm", daemon=True).start()
        with service.sources.refreshing():
            run_server(
                guard,
                host,
                port,
                limits,
                lambda taken: announce(
                    f"http://{host}:{taken}{root} serves {service.library.name}; Ctrl-C ends it"
                ),
            )
    _leave_threads_behind(working=len(service.asking) > 0)


def _check_listening(host: str, port: int) -> None:
    """Before the library is opened and the models are loaded, which takes a while."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise ConfigError(
            f"{host}, port {port} cannot be listened on: {error.strerror}; name another one with "
            "--port or --host"
        ) from error


def make_server(
    service: Service,
    access: Access,
    *,
    rate: int = 0,
    proxies: Proxies | None = None,
    body_limits: BodyLimits | None = None,
    root: str = "",
) -> Guard:
    """The whole application for one service, below the path ``root``."""
    evaluations = Evaluations(service)
    api = make_api(service, access, evaluations)
    names = _add_screen(api, service, evaluations)
    return Guard(
        api,
        access,
        rate,
        proxies or Proxies(),
        body_limits or BodyLimits(),
        root,
        api.state.page,
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
    app.mount("/static-ui", StaticFiles(directory=_STATIC), name="static-ui")
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
    administration = Administration(service, access)
    app.include_router(make_settings_router(administration))
    app.include_router(make_accounts_router(administration))
    app.include_router(make_gold_router(service))
    app.include_router(make_runs_router(service, evaluations))
    add_error_handlers(app)
    return app


def _add_screen(app: FastAPI, service: Service, evaluations: Evaluations) -> dict[int, str]:
    """Mount it; the names of its functions by their indexes."""
    disable_telemetry()
    # Read when gradio is imported.
    os.environ["GRADIO_TEMP_DIR"] = str(service.uploads.folder)
    from ui.screen.gradio_import import import_gradio

    gradio = import_gradio()
    from ui.screen.app import FIRST_COMPONENTS, THEME, make_app
    from ui.screen.bundle import make_bundles
    from ui.screen.file_guard import LARGEST_FILE, FileGuard, Functions
    from ui.screen.page import AppPage

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
    bundles = make_bundles({each["type"] for each in screen.config["components"]}, FIRST_COMPONENTS)
    app.state.bundle = {
        name: part for each in bundles.values() for name, part in each.files.items()
    }
    app.state.page = AppPage(bundles)
    # Only for an app that was launched does Gradio look where a file lies that a call names.
    screen.has_launched = True
    mount = app.routes[-1]
    assert isinstance(mount, Mount)
    assert isinstance(mount.app, FastAPI)
    # Gradio looks up whatever a request names, and leaves what comes of it to whoever serves.
    for kind in (LookupError, TypeError, ValueError, gradio.route_utils.FnIndexInferError):
        mount.app.add_exception_handler(kind, refuse_call)
    mount.app.add_exception_handler(RequestValidationError, explain)
    app.state.screen = FileGuard(mount.app, service.uploads, Functions.of(screen))
    mount.app = MethodCheck(app.routes[:-1], app.state.screen)
    return {index: str(each.api_name or "") for index, each in screen.fns.items()}


def _warm(service: Service) -> None:
    # What cannot be loaded is told to who asks.
    with suppress(QAError):
        service.readiness.warm()


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
