"""How a request that was not met is told: in the shape of the interface that it came by.

Chat completions have OpenAI's shape, everything else ``{"error": "…"}``.
"""

import json
from typing import Any

from fastapi.responses import JSONResponse, Response

__all__ = ["last_word", "problem"]

_OPENAI_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


def problem(path: str, status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    """A reply that says why not."""
    return JSONResponse(_data(path, status, text), status, headers)


def last_word(path: str, text: str) -> bytes:
    """The last event of a stream of server-sent events that ends too soon."""
    if path.startswith("/gradio_api/"):
        given = {"msg": "unexpected_error", "message": text, "success": False,
                 "session_not_found": False}  # fmt: skip
        return f"data: {json.dumps(given)}\n\n".encode()
    name = "" if _is_openai(path) else "event: error\n"
    return f"{name}data: {json.dumps(_data(path, 503, text))}\n\n".encode()


def _data(path: str, status: int, text: str) -> dict[str, Any]:
    if not _is_openai(path):
        return {"error": text}
    kind = _OPENAI_TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    return {"error": {"message": text, "type": kind, "param": None, "code": None}}


def _is_openai(path: str) -> bool:
    return path.startswith("/v1/")
