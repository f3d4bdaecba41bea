"""What pages may do: the headers of every reply, and the app's page with its scripts named."""

import base64
import hashlib
import re
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

from ui.guard.root_path import BASE, rebased

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
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'self'; frame-ancestors 'self'"
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
# What it has for pages of others that hold it, and for a browser that would install it.
_EMBEDDING = re.compile(
    rb"<script>\s*\(\(\) => \{\s*const root = (?:(?!</script>).)*iframeResizer(?:(?!</script>).)*"
    rb"</script>|<link rel=\"manifest\"[^>]*>",
    re.DOTALL,
)
# Addresses with a hash of what is there.
_LASTING = re.compile(r"/(assets/[\w.-]+-[\w-]{8,}\.(js|css)|bundle/[0-9a-f]{16}\.(js|css))")


class PolicySend:
    """Sends on, with the headers of every reply; the app's page with its scripts named.
    ``app_page`` says whether what begins is that page, which ``page`` makes of Gradio's; ``root``
    is below which path the server is, ``path`` what was asked for there.

    ``started`` and ``complete`` say how far the reply is, ``media_type`` what it is.
    """

    def __init__(
        self,
        send: Send,
        *,
        app_page: Callable[[], bool],
        page: Callable[[bytes], bytes] = bytes,
        root: str = "",
        path: str = "",
    ) -> None:
        self.started = False
        self.complete = False
        self.media_type = ""
        self._send = send
        self._app_page = app_page
        self._make_page = page
        self._root = root
        self._lasts = bool(_LASTING.fullmatch(path))
        self._is_app = False
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
            if self._lasts and message["status"] == 200:
                headers["cache-control"] = "public, max-age=31536000, immutable"
            self.media_type = headers.get("content-type", "")
            html = self.media_type.startswith("text/html")
            self._is_app = html and self._app_page()
            if html and not self._is_app:
                headers.setdefault("content-security-policy", _PAGE)
            if self._is_app or (html and self._root):
                self._start = message
                return
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
        headers = MutableHeaders(scope=start)
        body = self._body
        if self._is_app:
            body = _EMBEDDING.sub(b"", _PREVIEW.sub(b"", body))
            body = self._make_page(body)
            # The page has more addresses than one; its parts are at one place for all of them.
            body = body.replace(b'<base href="./" />', BASE, 1)
            hashes = " ".join(f"'sha256-{_digest(script)}'" for script in _INLINE.findall(body))
            headers["content-security-policy"] = _APP.format(hashes=hashes)
            headers["cache-control"] = "no-store"
        body = rebased(body, self._root)
        headers["content-length"] = str(len(body))
        self.started = self.complete = True
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _digest(script: bytes) -> str:
    return base64.b64encode(hashlib.sha256(script).digest()).decode()
