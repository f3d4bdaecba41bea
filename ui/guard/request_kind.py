"""What a request does, whichever door it comes by and however its path is spelt.

Knows the paths and the names of functions, not what is behind them.
"""

import json
import re
from collections.abc import Callable
from typing import Any, Literal

__all__ = [
    "ASKING",
    "ASKING_TOOL",
    "CHANGING",
    "UNLIMITED",
    "Kind",
    "administers",
    "canonical",
    "endless",
    "kind_of",
    "may_read",
    "reads_body",
]

# A question is answered; a lookup reads something out of the library; a change alters it or works
# on all of it; what is free costs next to nothing.
Kind = Literal["question", "lookup", "change", "free"]

ASKING_TOOL = "ask_articles"
_SAFE = ("GET", "HEAD", "OPTIONS")
_QUESTIONS = ("/api/ask", "/v1/chat/completions")
# They ask, and what they are sent is read where they do.
_SAVING = ("/api/questions", "/api/questions/ask", "/digest")
# Functions of the screen by the names that Gradio has for them.
ASKING = ("answer", "ask")
CHANGING = ("demo_in", "files_in", "dropped", "fetched", "examined", "repaired", "measured")
_CALLS = ("/gradio_api/queue/join", "/gradio_api/call/", "/gradio_api/run/", "/gradio_api/api/")
# What does not look whether somebody may read some collections only: it is shut to them.
UNLIMITED = ("/mcp", "/v1/chat", "/runs/")
# What admins alone change: what answers, who may do what.
_ADMINISTERING = ("/api/settings", "/api/users")
# What a reader may send: questions, looking things up, and leaving. All else alters something.
_READING = (
    *_QUESTIONS, *_SAVING, "/api/feedback", "/mcp", "/login", "/logout", "/api/me/password",
    "/api/tokens",
    "/gradio_api/queue/join", "/gradio_api/cancel", "/gradio_api/reset",
    "/gradio_api/component_server",
)  # fmt: skip
_READING_BELOW = ("/gradio_api/call/", "/gradio_api/run/", "/gradio_api/api/")
_FREE = (
    "/login", "/logout", "/api/me", "/api/health", "/api/ready", "/v1/models", "/theme.css",
    "/favicon.ico",
    "/manifest.json", "/robots.txt", "/gradio_api/theme.css", "/gradio_api/startup-events",
    "/gradio_api/cancel", "/gradio_api/reset", "/gradio_api/queue/data",
)  # fmt: skip
_FREE_BELOW = ("/static-ui/", "/bundle/", "/static/", "/assets/", "/svelte/", "/pwa_icon/",
               "/gradio_api/heartbeat/", "/gradio_api/call/")  # fmt: skip


def canonical(path: str) -> str:
    """One spelling of a decoded path: no empty or dotted segments, no slash at its end.

    >>> canonical("//api/./ask/")
    '/api/ask'
    """
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            segments = segments[:-1]
        elif segment not in ("", "."):
            segments.append(segment)
    return "/" + "/".join(segments)


def may_read(method: str, path: str) -> bool:
    """Whether a reader may do this; what is not known to alter nothing is for editors."""
    if method in _SAFE:
        return True
    return (
        path in _READING
        or path.startswith(_READING_BELOW)
        or (method, path) == ("DELETE", "/mcp")
        # Of whoever calls alone.
        or (method in ("PATCH", "DELETE") and path.startswith("/api/conversations/"))
        or (method == "DELETE" and path.startswith(("/api/tokens/", "/api/sessions/")))
        or path.startswith("/invite/")
        or (method == "DELETE" and path.startswith("/api/questions/"))
    )


def administers(method: str, path: str) -> bool:
    """Whether this is for admins alone; what they alone may see is looked after where it is."""
    return method not in _SAFE and any(
        path == each or path.startswith(f"{each}/") for each in _ADMINISTERING
    )


def reads_body(method: str, path: str) -> bool:
    """Whether what it does depends on what is sent, or may be given up when the sender leaves."""
    return method not in _SAFE and (
        path in _QUESTIONS or path == "/mcp" or f"{path}/".startswith(_CALLS)
    )


def kind_of(
    method: str, path: str, query: bytes, body: bytes, function_name: Callable[[int], str]
) -> Kind:
    """What a request of that canonical path does. ``function_name`` is that of a Gradio function,
    empty for an unknown index.
    """
    if method in _SAFE:
        return "free" if _is_free(path, query) else "lookup"
    if path in _QUESTIONS or path in _SAVING:
        return "question"
    if path == "/mcp":
        return "question" if _asks(_parsed(body)) else "lookup"
    if f"{path}/".startswith(_CALLS):
        return _function_kind({path.rpartition("/")[2], _called(_parsed(body), function_name)})
    if path in _FREE:
        return "free"
    return "lookup" if path in ("/api/feedback", "/gradio_api/component_server") else "change"


def endless(method: str, path: str) -> bool:
    """Whether the reply goes on for as long as somebody listens."""
    return method == "GET" and (path == "/mcp" or path.startswith("/gradio_api/heartbeat/"))


def _is_free(path: str, query: bytes) -> bool:
    if path == "/api/health":
        return not query
    return path in _FREE or path.startswith(_FREE_BELOW)


def _function_kind(names: set[str]) -> Kind:
    # Gradio numbers the second function of a name, and all after it.
    bare = {re.sub(r"_\d+$", "", name) for name in names}
    if bare & {*ASKING}:
        return "question"
    return "change" if bare & {*CHANGING} else "lookup"


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _called(body: Any, function_name: Callable[[int], str]) -> str:
    index = body.get("fn_index") if isinstance(body, dict) else None
    try:
        # As lenient as the one who reads it after us: "6" and 6.0 are 6.
        return function_name(int(float(index))) if index is not None else ""
    except (TypeError, ValueError, OverflowError):
        return ""


def _asks(message: Any) -> bool:
    if isinstance(message, list):
        return any(_asks(each) for each in message)
    if not isinstance(message, dict) or message.get("method") != "tools/call":
        return False
    given = message.get("params")
    return isinstance(given, dict) and given.get("name") == ASKING_TOOL
