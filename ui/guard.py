"""Stands before every request: who comes, may they, how often, how much; and what pages may do.

Plain ASGI, so that streams pass through as they come. Knows paths, not what is behind them.
"""

import base64
import hashlib
import re
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.access import ANYBODY, Access, Who

__all__ = ["COOKIE", "LARGEST_UPLOAD", "Guard", "Meter"]

COOKIE = "article_qa"
LARGEST_UPLOAD = 200 * 2**20
_LARGEST_REQUEST = 8 * 2**20
_LOGINS = 10
_MOST_CLIENTS = 10_000
_LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "::1"}
_OPEN = ("/login", "/static-ui/", "/api/health")
_UPLOADS = ("/gradio_api/upload", "/api/articles")
# What costs work, and so is counted.
_WORK = ("/api/ask", "/api/articles", "/v1/chat/completions", "/mcp", "/gradio_api/queue/join",
         "/gradio_api/call/", "/gradio_api/upload", "/gradio_api/run/")  # fmt: skip
_CHANGES = ("/api/articles", "/gradio_api/upload")
_SAFE = ("GET", "HEAD", "OPTIONS")

_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    # With no-referrer, browsers send forms without telling that they come from here.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_PAGE = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
# Gradio compiles the templates of its components (eval) and styles them inline. Its inline
# scripts are allowed one by one, so that an attribute or script that came with a text runs not.
_APP = (
    "default-src 'self'; script-src 'self' 'unsafe-eval' {hashes}; style-src 'self' "
    "'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "worker-src 'self' blob:; object-src 'none'; form-action 'self'; base-uri 'self'; "
    "frame-ancestors 'self'"
)
_INLINE = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
# Gradio tells previews of shared links about itself, with addresses elsewhere.
_PREVIEW = re.compile(rb"<meta\s[^>]*?(?:property=\"og:|name=\"twitter:)[^>]*?>", re.DOTALL)
_HEAD = (
    b'<link rel="icon" href="/static-ui/icon.svg">'
    b'<link rel="stylesheet" href="/static-ui/app.css">'
    b'<script src="/static-ui/theme.js"></script>'
    b'<script src="/static-ui/app.js" defer></script></head>'
)


@dataclass
class Meter:
    """Counts what each client does, over the last minute."""

    _seen: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)

    def admits(self, client: str, limit: int) -> bool:
        """Whether it was done fewer than ``limit`` times; if so it is counted once more."""
        now = time.monotonic()
        times = self._seen.setdefault(client, deque())
        self._seen.move_to_end(client)
        while len(self._seen) > _MOST_CLIENTS:
            self._seen.popitem(last=False)
        while times and times[0] < now - 60:
            times.popleft()
        if len(times) >= limit:
            return False
        times.append(now)
        return True


@dataclass
class Guard:
    """Wraps the whole application. ``rate`` is requests a minute for a client, 0 for any."""

    app: ASGIApp
    access: Access
    rate: int = 0
    meter: Meter = field(default_factory=Meter)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope["type"] != "http":
            # There is no websocket here, and an unguarded one would be a back door.
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        path, method = scope["path"], scope["method"]
        refusal, who = self._judge(scope, headers, path, method)
        answering = _Answering(send, app_page=path == "/")
        if refusal is not None:
            await refusal(scope, receive, answering)
            return
        scope.setdefault("state", {})["who"] = who
        most = LARGEST_UPLOAD if path.startswith(_UPLOADS) else _LARGEST_REQUEST
        await self.app(scope, _counted(receive, most), answering)

    def _judge(
        self, scope: Scope, headers: Headers, path: str, method: str
    ) -> tuple[Response | None, Who | None]:
        """Why not, or who it is."""
        closed = self.access.closed()
        if not closed and _host(headers) not in _LOOPBACK:
            # A page elsewhere may give its own name our address.
            return _problem(421, "this server answers on loopback only; see QA_TOKEN"), None
        if method not in _SAFE and _foreign(headers):
            return _problem(403, "requests from pages of other sites are not taken"), None
        who = self._who(headers) if closed else ANYBODY
        address = (scope.get("client") or ("unknown", 0))[0]
        if (
            path == "/login"
            and method == "POST"
            and not self.meter.admits(f"login {address}", _LOGINS)
        ):
            return _problem(429, "too many attempts; wait a minute", {"retry-after": "60"}), None
        if who is None and not path.startswith(_OPEN):
            if method == "GET" and "text/html" in headers.get("accept", ""):
                return RedirectResponse("/login", 303), None
            asks = {"www-authenticate": "Bearer"}
            return _problem(401, "log in, or send the token as Authorization: Bearer", asks), None
        if who and not who.edits and method not in _SAFE and path.startswith(_CHANGES):
            return _problem(403, "only an editor may change the articles"), None
        if method != "GET" and self.rate and path.startswith(_WORK):
            on_screen = path.startswith("/gradio_api/")
            client = f"{on_screen} {(who and who.name) or address}"
            # A question on the screen is several requests, and so is looking something up.
            if not self.meter.admits(client, self.rate * (5 if on_screen else 1)):
                text = f"more than {self.rate} requests a minute; wait, or raise QA_RATE"
                return _problem(429, text, {"retry-after": "60"}), None
        most = LARGEST_UPLOAD if path.startswith(_UPLOADS) else _LARGEST_REQUEST
        if int(headers.get("content-length") or 0) > most:
            return _problem(413, f"more than {most // 2**20} MB in one request"), None
        return None, who

    def _who(self, headers: Headers) -> Who | None:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self.access.by_token(given.strip())
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return None
        return self.access.by_session(cookie.value) if cookie else None


class _Answering:
    """Sends on, with the headers of every reply; the app's page with its scripts named."""

    def __init__(self, send: Send, *, app_page: bool) -> None:
        self._send = send
        self._app_page = app_page
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            html = headers.get("content-type", "").startswith("text/html")
            if html and self._app_page:
                self._start = message
                return
            if html:
                headers.setdefault("content-security-policy", _PAGE)
        elif self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._page(self._start)
            return
        await self._send(message)

    async def _page(self, start: Message) -> None:
        body = _PREVIEW.sub(b"", self._body).replace(b"</head>", _HEAD, 1)
        hashes = " ".join(f"'sha256-{_digest(script)}'" for script in _INLINE.findall(body))
        headers = MutableHeaders(scope=start)
        headers["content-length"] = str(len(body))
        headers["content-security-policy"] = _APP.format(hashes=hashes)
        headers["cache-control"] = "no-store"
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _digest(script: bytes) -> str:
    return base64.b64encode(hashlib.sha256(script).digest()).decode()


def _counted(receive: Receive, most: int) -> Receive:
    """Ends the request when more comes than was announced or is allowed."""
    seen = 0

    async def counting() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return {"type": "http.disconnect"} if seen > most else message

    return counting


def _host(headers: Headers) -> str:
    host = headers.get("host", "")
    return host if host.endswith("]") or ":" not in host else host.rpartition(":")[0]


def _foreign(headers: Headers) -> bool:
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    given = headers.get("origin")
    return given is not None and urlsplit(given).netloc != headers.get("host")


def _problem(status: int, text: str, headers: dict[str, Any] | None = None) -> Response:
    return JSONResponse({"error": text}, status, headers)
