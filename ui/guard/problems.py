"""How a request that was not met is told: in the shape of the interface that it came by.

Chat completions have OpenAI's shape, everything else ``{"error": "…"}``.
"""

import json
from typing import Any

from fastapi.responses import JSONResponse, Response

__all__ = ["last_word", "problem"]

_OPENAI_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
_OPENAI_CODES = {401: "invalid_api_key", 429: "rate_limit_exceeded"}


def problem(
    path: str,
    status: int,
    text: str,
    headers: dict[str, str] | None = None,
    *,
    param: str | None = None,
    code: str | None = None,
) -> Response:
    """A reply that says why not. ``param`` and ``code`` are what OpenAI's shape has besides: the
    part of the request that is meant, and a word for programs.
    """
    return JSONResponse(_data(path, status, text, param, code), status, headers)


def last_word(path: str, text: str) -> bytes:
    """The last event of a stream of server-sent events that ends too soon."""
    if path.startswith("/gradio_api/"):
        given = {"msg": "unexpected_error", "message": text, "success": False,
                 "session_not_found": False}  # fmt: skip
        return f"data: {json.dumps(given)}\n\n".encode()
    name = "" if _is_openai(path) else "event: error\n"
    return f"{name}data: {json.dumps(_data(path, 503, text))}\n\n".encode()


def _data(
    path: str, status: int, text: str, param: str | None = None, code: str | None = None
) -> dict[str, Any]:
    if not _is_openai(path):
        return {"error": text}
    kind = _OPENAI_TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    code = code or _OPENAI_CODES.get(status)
    return {"error": {"message": text, "type": kind, "param": param, "code": code}}


def _is_openai(path: str) -> bool:
    return path.startswith("/v1/")
