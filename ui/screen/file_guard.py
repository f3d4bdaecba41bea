"""Stands before the screen: which of Gradio's routes there are, and which files a call may name.

Gradio copies any file that a call names into a folder that it serves, and checks the path only in
apps that it launched itself. So a file is taken in one way alone: an editor uploads it, and names
it as the value of a file component. Whatever looks like a file anywhere else in a call is refused.
"""

import json
import re
import shutil
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import gradio
from gradio.route_utils import upload_fn
from gradio.routes import file_upload_statuses
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.guard.access import Who
from ui.guard.root_path import bare_path
from ui.guard.uploads import Uploads

__all__ = ["LARGEST_FILE", "FileGuard", "Functions"]

LARGEST_FILE = 100 * 2**20
_MOST_SESSIONS = 10_000
_FILE = "/gradio_api/file="
_UPLOAD = "/gradio_api/upload"
_JOIN = "/gradio_api/queue/join"
# What a browser and Gradio's own client read. Every other route of Gradio's is closed.
_READS = re.compile(
    r"/|/config/?|/theme\.css|/favicon\.ico|/manifest\.json|/robots\.txt|/(static|assets)/.+"
    r"|/gradio_api/(info/?|openapi\.json|startup-events|heartbeat/[^/]+|queue/(data|status)"
    r"|upload_progress|call/(v2/)?[^/]+/[^/]+)"
)
_ENDS = ("/gradio_api/cancel", "/gradio_api/reset", "/gradio_api/reset/")
_CALLS = re.compile(r"/gradio_api/(?:queue/join|(?:run|api|call|call/v2)/([^/]+)/?)")
_HEARTBEAT = re.compile(r"/gradio_api/heartbeat/([^/]+)")
# Any of these makes a file of a dictionary, in one version of Gradio or another.
_FILE_KEYS = frozenset({"is_stream", "meta", "mime_type", "orig_name", "path", "url"})


@dataclass(frozen=True, slots=True)
class Functions:
    """The functions of a screen: at which places in its data each takes files, by its number (none:
    it takes none), and the names of all.
    """

    inputs: Mapping[int, frozenset[int]]
    names: frozenset[str]

    @classmethod
    def of(cls, blocks: gradio.Blocks) -> "Functions":
        """Those of Gradio's blocks."""
        inputs = {
            index: frozenset(
                place for place, part in enumerate(fn.inputs) if isinstance(part, gradio.File)
            )
            for index, fn in blocks.fns.items()
        }
        return cls(inputs, frozenset(str(fn.api_name) for fn in blocks.fns.values()))

    def know(self, index: object, name: str) -> bool:
        """Whether there is a function of that number or, without a number, of that name."""
        if index is None:
            return name in self.names
        return type(index) is int and index in self.inputs


class _Refusal(Exception):
    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.response = JSONResponse({"error": words}, status)


@dataclass
class _Sessions:
    """Whose each session of the screen is: whoever used it first. The names are the page's."""

    _owners: OrderedDict[str, str] = field(default_factory=OrderedDict)

    def admits(self, session: object, who: Who) -> bool:
        if session is None:
            return True
        if not isinstance(session, str) or len(session) > 100:
            return False
        owner = self._owners.setdefault(session, f"{who.role}:{who.name}")
        self._owners.move_to_end(session)
        while len(self._owners) > _MOST_SESSIONS:
            self._owners.popitem(last=False)
        return owner == f"{who.role}:{who.name}"


@dataclass
class FileGuard:
    """Wraps Gradio's application, which has these functions."""

    app: ASGIApp
    uploads: Uploads
    functions: Functions
    sessions: _Sessions = field(default_factory=_Sessions)

    def __post_init__(self) -> None:
        # Gradio has made folders of its own there.
        for made in self.uploads.folder.iterdir():
            made.chmod(0o700)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            await self._pass(scope, receive, send)
        except _Refusal as refusal:
            await refusal.response(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        who, path = scope["state"]["who"], bare_path(scope)
        reading = scope["method"] in ("GET", "HEAD")
        if who is None:
            raise _Refusal(401, "log in")
        if reading and path.startswith(_FILE):
            await self._file(who, path.removeprefix(_FILE))(scope, receive, send)
        elif reading and _READS.fullmatch(path):
            self._check_session(who, Request(scope).query_params.get("session_hash"))
            if beat := _HEARTBEAT.fullmatch(path):
                self._check_session(who, beat[1])
            await self.app(scope, receive, send)
        elif scope["method"] == "POST" and path == _UPLOAD:
            await (await self._upload(who, Request(scope, receive)))(scope, receive, send)
        elif scope["method"] == "POST" and (path in _ENDS or _CALLS.fullmatch(path)):
            call = self._checked(who, scope, await _body(receive))
            body = json.dumps(call).encode()
            await self.app(_with_length(scope, len(body)), _replayed(body, receive), send)
        else:
            closed = path.startswith(("/gradio_api/", "/monitoring"))
            raise _Refusal(403 if closed else 404, "there is nothing at this address")

    def _checked(self, who: Who, scope: Scope, body: bytes) -> dict[str, Any]:
        """The call, with each file that it may name by the path here."""
        host = Headers(scope=scope).get("host", "")
        try:
            call = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise _Refusal(400, "the request is not JSON") from error
        if not isinstance(call, dict):
            raise _Refusal(422, "the request is not an object")
        self._check_session(who, call.get("session_hash"))
        index, data = call.get("fn_index"), call.get("data")
        called = _CALLS.fullmatch(bare_path(scope))
        if called and not self.functions.know(index, called[1] or ""):
            raise _Refusal(404, "there is no such function")
        files: dict[int, object] = {}
        if bare_path(scope) == _JOIN and type(index) is int and isinstance(data, list):
            places = self.functions.inputs[index]
            files = {at: self._files(who, host, data[at]) for at in places if at < len(data)}
            call["data"] = [None if at in files else each for at, each in enumerate(data)]
        if _names_file(call):
            raise _Refusal(403, "no file is taken here")
        if files:
            call["data"] = [files.get(at, each) for at, each in enumerate(call["data"])]
        return call

    def _files(self, who: Who, host: str, value: object) -> object:
        """The value of a file component: none, one file, or a list of them."""
        if value is None:
            return None
        if not who.edits:
            raise _Refusal(403, "only an editor may send files")
        if isinstance(value, list):
            return [self._named(who, host, each) for each in value]
        return self._named(who, host, value)

    def _named(self, who: Who, host: str, value: object) -> dict[str, Any]:
        """A file as Gradio has it, made anew: nothing else of what came is believed."""
        path = value.get("path") if isinstance(value, dict) else None
        found = self.uploads.find(who.name, path)
        if found is None or not isinstance(value, dict):
            raise _Refusal(403, "this is no file that you uploaded; upload it again")
        if not _is_own_address(value.get("url"), host) or value.get("is_stream"):
            raise _Refusal(403, "a file is uploaded, not fetched from an address")
        size = found.stat().st_size
        meta = {"_type": "gradio.FileData"}
        return {"path": str(found), "orig_name": found.name, "size": size, "meta": meta}

    def _file(self, who: Who, handle: str) -> Response:
        """What somebody uploaded, for themselves; a browser shows none of it."""
        found = self.uploads.find(who.name, handle)
        if found is None:
            raise _Refusal(403, "this is no file that you uploaded")
        return FileResponse(found, media_type="application/octet-stream", filename=found.name)

    async def _upload(self, who: Who, request: Request) -> Response:
        if not who.edits:
            raise _Refusal(403, "only an editor may send files")
        upload_id = request.query_params.get("upload_id")
        folder = self.uploads.new_folder(who.name)
        try:
            paths, *_ = await upload_fn(
                request,
                str(folder),
                LARGEST_FILE,
                upload_id,
                upload_progress=file_upload_statuses if upload_id else None,
            )
            self.uploads.keep_only(folder, paths)
            handles = [self.uploads.handle(who.name, path) for path in paths]
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, MultiPartException) and "File size exceeded" in error.message:
                words = f"a file has more than {LARGEST_FILE // 2**20} MB"
                raise _Refusal(413, words) from error
            if isinstance(error, _BAD_UPLOAD):
                raise _Refusal(400, "this is no upload, or it broke off") from error
            raise
        return JSONResponse(handles)

    def _check_session(self, who: Who, session: object) -> None:
        if not self.sessions.admits(session, who):
            raise _Refusal(403, "this session is somebody else's")


# What the parser makes of a body that is no form, or of a file whose name is none.
_BAD_UPLOAD = (
    AttributeError,
    ClientDisconnect,
    HTTPException,
    KeyError,
    MultiPartException,
    OSError,
    TypeError,
    ValueError,
)


def _names_file(value: object) -> bool:
    """Whether there is a file anywhere in it."""
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            if not _FILE_KEYS.isdisjoint(each):
                return True
            left.extend(each.values())
        elif isinstance(each, list):
            left.extend(each)
    return False


def _is_own_address(url: object, host: str) -> bool:
    """Whether it is one of ours, as the page gives to what it uploaded, or nothing."""
    if url is None:
        return True
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
    except ValueError:
        return False
    return parts is not None and parts.netloc in ("", host) and _FILE in parts.path


async def _body(receive: Receive) -> bytes:
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Refusal(400, "the request broke off, or is too large")
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """What was read already, then whatever still comes."""
    first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return first.pop() if first else await receive()

    return replay


def _with_length(scope: Scope, length: int) -> Scope:
    replaced = ("content-length", "content-type", "content-encoding", "transfer-encoding")
    kept = [
        (name, value) for name, value in Headers(scope=scope).raw if name.decode() not in replaced
    ]
    told = [(b"content-type", b"application/json"), (b"content-length", str(length).encode())]
    return {**scope, "headers": kept + told}
