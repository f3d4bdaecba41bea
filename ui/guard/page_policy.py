"""What pages may do: the headers of every reply, and the app's page with its scripts named."""

import base64
import hashlib
import re
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

__all__ = ["APP_PAGE", "PolicySend"]

# In the state of a request: what is sent is the page of the app.
APP_PAGE = "app_page"

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
    b'<script src="/static-ui/app.js" defer></script>'
    b'<script src="/static-ui/asking.js" defer></script>'
    b'<script src="/static-ui/addresses.js" defer></script>'
    b'<script src="/static-ui/listing.js" defer></script>'
    b'<script src="/static-ui/library.js" defer></script></head>'
)


class PolicySend:
    """Sends on, with the headers of every reply; the app's page with its scripts named.
    ``app_page`` says whether what begins is that page.

    ``started`` and ``complete`` say how far the reply is, ``media_type`` what it is.
    """

    def __init__(self, send: Send, *, app_page: Callable[[], bool]) -> None:
        self.started = False
        self.complete = False
        self.media_type = ""
        self._send = send
        self._app_page = app_page
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name in {name for name in headers if name.startswith("access-control-")}:
                # Pages of other sites read nothing here. Gradio would let every one of them.
                del headers[name]
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            self.media_type = headers.get("content-type", "")
            html = self.media_type.startswith("text/html")
            if html and self._app_page():
                self._start = message
                return
            if html:
                headers.setdefault("content-security-policy", _PAGE)
            self.started = True
        elif self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._page(self._start)
            return
        else:
            self.complete = not message.get("more_body")
        await self._send(message)

    async def _page(self, start: Message) -> None:
        body = _PREVIEW.sub(b"", self._body).replace(b"</head>", _HEAD, 1)
        # The page has more addresses than one; its parts are at the same place for all of them.
        body = body.replace(b'<base href="./" />', b'<base href="/">', 1)
        hashes = " ".join(f"'sha256-{_digest(script)}'" for script in _INLINE.findall(body))
        headers = MutableHeaders(scope=start)
        headers["content-length"] = str(len(body))
        headers["content-security-policy"] = _APP.format(hashes=hashes)
        headers["cache-control"] = "no-store"
        self.started = self.complete = True
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _digest(script: bytes) -> str:
    return base64.b64encode(hashlib.sha256(script).digest()).decode()
