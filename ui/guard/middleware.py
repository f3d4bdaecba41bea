"""Stands before every request: is it well formed, who comes, may they, how often, how much.

Plain ASGI, so that streams pass through as they come. Knows paths, not what is behind them.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import parse_qs, quote, urlencode

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.errors import LibraryError, TooManyAttempts
from qa.library.curation.collections import collections_of_user
from ui.guard.access import ANYBODY, Access, Who
from ui.guard.page_policy import APP_PAGE, PolicySend
from ui.guard.problems import last_word, problem
from ui.guard.proxies import PROXIED_USER, Proxies, client_key
from ui.guard.rate_limit import RateLimit, rate_limit_of
from ui.guard.request_body import BodyLimits, BodyReader, Disconnected
from ui.guard.request_checks import announced_length, find_fault, host_name, is_foreign
from ui.guard.request_kind import (
    UNLIMITED,
    Kind,
    administers,
    canonical,
    endless,
    kind_of,
    may_read,
    reads_body,
)
from ui.guard.root_path import bare_path, enter
from ui.locales.wording import language_of, speaking

__all__ = ["COOKIE", "LARGEST_UPLOAD", "Guard"]

COOKIE = "article_qa"
LARGEST_UPLOAD = 200 * 2**20
_LARGEST_REQUEST = 8 * 2**20
# A question on the screen is several requests beside the question, and so is looking things up.
_LOOKUPS = 5
# Bytes of an address; libraries behind raise for longer ones.
_LONGEST_ADDRESS = 16_384
_LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
_PROBES = ("/api/health", "/api/ready")
_OPEN = ("/login", *_PROBES)
_OPEN_BELOW = ("/static-ui/", "/invite/")
_UPLOADS = ("/gradio_api/upload", "/api/articles")
# Through these come the answers of questions that were taken before.
_ANSWERS = ("/gradio_api/queue/data", "/gradio_api/call/")
_STOPPING = "the server is stopping; ask again in a moment"
_AWAY = "the library cannot be reached; ask again in a moment"
_SOON = {"retry-after": "10"}


@dataclass
class Guard:
    """Wraps the whole application. ``rate`` is questions a minute for a client, and as many
    changes; five times as many lookups; 0 for any number.

    ``function_name`` tells the name of a Gradio function by its index, empty for none.
    ``root`` is the path below which the server is, empty at the top; ``page`` makes the app's page
    of Gradio's.
    ``on_leave`` is told the session of a Gradio client that left before its answer came.
    """

    app: ASGIApp
    access: Access
    rate: int = 0
    proxies: Proxies = field(default_factory=Proxies)
    body_limits: BodyLimits = field(default_factory=BodyLimits)
    root: str = ""
    page: Callable[[bytes], bytes] = bytes
    function_name: Callable[[int], str] = lambda index: ""
    on_leave: Callable[[str], None] = lambda session: None
    _limiter: RateLimit = field(init=False)
    # The requests that are being answered; True for those that end only when the client leaves.
    _tasks: dict[asyncio.Task[None], bool] = field(default_factory=dict)
    _state: Literal["serving", "draining", "ended"] = "serving"

    def __post_init__(self) -> None:
        self._limiter = rate_limit_of(self.access.library)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            # There is none here, and an unguarded one would be a back door. Closed before it is
            # accepted, it is refused with 403.
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            scope = enter(self.proxies.resolve(scope), self.root)
            with speaking(language_of(Headers(scope=scope))):
                # Not streams of events; what Gradio has compressed stays as it is.
                await GZipMiddleware(self._answer, compresslevel=6)(scope, receive, send)

    async def drain(self, patience: float) -> None:
        """Refuse what is new and wait for what is begun, at most ``patience`` seconds; then end it,
        streams with a last word.
        """
        self._state = "draining"
        clock = asyncio.get_running_loop().time
        until = clock() + patience
        while not all(self._tasks.values()) and clock() < until:
            await asyncio.sleep(0.05)
        self._state = "ended"
        for task in [*self._tasks]:
            task.cancel()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        path, method = canonical(bare_path(scope)), scope["method"]
        # What answers says in the state of the request when it sends the page for another address.
        reply = PolicySend(
            send,
            app_page=lambda: bare_path(scope) == "/" or APP_PAGE in scope.get("state", {}),
            page=self.page,
            root=self.root,
            path=path,
        )
        most = LARGEST_UPLOAD if path.startswith(_UPLOADS) else _LARGEST_REQUEST
        body = BodyReader(receive, most, self.body_limits)
        try:
            refusal, who = self._judge(scope, headers, path, method)
            if refusal is None and announced_length(headers) > most:
                refusal = problem(path, 413, f"more than {most // 2**20} MB in one request")
            if refusal is None:
                refusal = await self._count(scope, path, body, who)
        except LibraryError:
            # Nobody knows who may come; that we live is told all the same, and nothing else.
            refusal, who = problem(path, 503, _AWAY, _SOON), None
            if path in _PROBES and method == "GET":
                refusal = None
        if refusal is not None:
            await refusal(scope, body, reply)
        elif not body.gone:
            scope["state"] = {**scope.get("state", {}), "who": who}
            await self._run(scope, path, body, reply)

    def _judge(
        self, scope: Scope, headers: Headers, path: str, method: str
    ) -> tuple[Response | None, Who | None]:
        """Why not, or who it is."""
        if fault := find_fault(scope, headers):
            return problem(path, 400, fault), None
        if len(scope["path"]) + len(scope.get("query_string", b"")) > _LONGEST_ADDRESS:
            return problem(path, 414, f"an address has at most {_LONGEST_ADDRESS} bytes"), None
        if self._state != "serving" and not path.startswith(_ANSWERS):
            return problem(path, 503, _STOPPING, {**_SOON, "connection": "close"}), None
        closed = self.access.closed()
        if not closed and host_name(headers) not in _LOOPBACK:
            # A page elsewhere may give its own name our address.
            return problem(
                path, 421, "this server answers on loopback only, as long as nobody has to log in"
            ), None
        if method not in ("GET", "HEAD") and is_foreign(headers):
            return problem(path, 403, "requests from pages of other sites are not taken"), None
        try:
            who = self._who(scope, headers) if closed else ANYBODY
        except TooManyAttempts as error:
            after = {"retry-after": str(error.retry_after)}
            return problem(path, 429, str(error), after), None
        if who is None and path not in _OPEN and not path.startswith(_OPEN_BELOW):
            if method == "GET" and "text/html" in headers.get("accept", ""):
                return RedirectResponse(f"{self.root}/login{_wanted(scope)}", 303), None
            asks = {"www-authenticate": "Bearer"}
            text = "log in, or send the token as Authorization: Bearer"
            return problem(path, 401, text, asks), None
        if who and who.collections and path.startswith(UNLIMITED):
            return problem(path, 403, "this is for those who may read every article"), None
        if who and not who.edits and not may_read(method, path):
            return problem(path, 403, "only an editor may change the articles"), None
        if who and not who.administers and administers(method, path):
            return problem(path, 403, "only an admin may change settings and users"), None
        return None, who

    async def _count(
        self, scope: Scope, path: str, body: BodyReader, who: Who | None
    ) -> Response | None:
        """Why not now."""
        sent = b""
        if reads_body(scope["method"], path):
            try:
                sent = await body.read()
            except Disconnected:
                return _fault(path, body)
        query = scope.get("query_string", b"")
        kind = kind_of(scope["method"], path, query, sent, self.function_name)
        if not self.rate or kind == "free":
            return None
        client = (who and who.name) or client_key(_address(scope))
        limit = self.rate * (_LOOKUPS if kind == "lookup" else 1)
        wait = self._limiter.wait(f"{kind} {client}", limit)
        if not wait:
            return None
        text = f"more than {limit} {_PLURAL[kind]} a minute; wait {wait} second{'s' * (wait > 1)}"
        return problem(path, 429, text, {"retry-after": str(wait)})

    def _who(self, scope: Scope, headers: Headers) -> Who | None:
        """Raises TooManyAttempts for somebody who guesses tokens."""
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self.access.by_bearer(given.strip(), _address(scope))
        if told := scope.get("state", {}).get(PROXIED_USER):
            return self.access.by_proxy(told)
        key = cookie_parser(headers.get("cookie", "")).get(COOKIE)
        who = self.access.by_session(key) if key else None
        if who is None or who.edits:
            return who
        return replace(who, collections=collections_of_user(self.access.library, who.name))

    async def _run(self, scope: Scope, path: str, body: BodyReader, reply: PolicySend) -> None:
        async def send(message: Message) -> None:
            # When the body was not taken, something better is said below. To a client that has
            # left nothing is said: a reply that ends then was not completed.
            if not body.gone and (body.fault is None or reply.started):
                await reply(message)

        task = asyncio.ensure_future(self.app(scope, body, send))
        self._tasks[task] = endless(scope["method"], path)
        waits: set[asyncio.Future[None]] = {task}
        if reads_body(scope["method"], path):
            waits.add(asyncio.ensure_future(body.left()))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            if reply.complete:
                # Servers call that a disconnect, too.
                await asyncio.wait({task})
        finally:
            # The client left, or the server ends; if neither, this is done already.
            for each in waits:
                each.cancel()
            await asyncio.wait(waits)
            del self._tasks[task]
        await self._finish(scope, path, task, body, reply)

    async def _finish(
        self,
        scope: Scope,
        path: str,
        task: "asyncio.Task[None]",
        body: BodyReader,
        reply: PolicySend,
    ) -> None:
        if body.gone and not reply.complete and path.startswith(_ANSWERS):
            self.on_leave(_session(scope, path))
        error = None if task.cancelled() else task.exception()
        if (fault := _fault(path, body)) is not None and not reply.started:
            await fault(scope, body, reply)
        elif self._state == "ended" and not body.gone and not reply.complete:
            await _stop(scope, path, body, reply)
        elif error is not None and not body.gone:
            raise error


_PLURAL: dict[Kind, str] = {"question": "questions", "lookup": "lookups", "change": "changes"}


async def _stop(scope: Scope, path: str, body: BodyReader, reply: PolicySend) -> None:
    """What is said when the server ends before the reply does."""
    if not reply.started:
        await problem(path, 503, _STOPPING, _SOON)(scope, body, reply)
    elif reply.media_type.startswith("text/event-stream"):
        word = last_word(path, _STOPPING)
        await reply({"type": "http.response.body", "body": word, "more_body": False})


def _fault(path: str, body: BodyReader) -> Response | None:
    if body.fault is None:
        return None
    status, text = body.fault
    # What is still to come of the body is not read.
    return problem(path, status, text, {"connection": "close"})


def _session(scope: Scope, path: str) -> str:
    """The session that a Gradio client listens for; of a single call, its id."""
    if path.startswith("/gradio_api/call/"):
        return path.rpartition("/")[2]
    given = parse_qs(str(scope.get("query_string", b""), "latin-1"))
    return given.get("session_hash", [""])[0]


def _wanted(scope: Scope) -> str:
    """Where somebody wanted to go, for after they logged in."""
    asked = str(scope.get("query_string", b""), "latin-1")
    there = quote(bare_path(scope)) + (f"?{asked}" if asked else "")
    return "" if there == "/" else f"?{urlencode({'next': there})}"


def _address(scope: Scope) -> str:
    return str((scope.get("client") or ("unknown", 0))[0])
