"""What a request does, by its path and what is sent."""

import json

import pytest

from ui.guard.request_kind import canonical, kind_of, may_read

NAMES = {3: "listing", 6: "answer", 33: "dropped", 57: "ask"}


def kind(method, path, body=None, query=b""):
    sent = json.dumps(body).encode() if body is not None else b""
    return kind_of(method, canonical(path), query, sent, lambda index: NAMES.get(index, ""))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/ask", {}),
        ("//api//ask/", {}),
        ("/api/./x/../ask", {}),
        ("/v1/chat/completions", {}),
        ("/mcp", {"method": "tools/call", "params": {"name": "ask_articles"}}),
        ("/mcp/", [{"method": "tools/call", "params": {"name": "ask_articles"}}]),
        ("/gradio_api/queue/join", {"fn_index": 6}),
        ("/gradio_api/queue/join/", {"fn_index": "57"}),
        ("/gradio_api/queue/join", {"fn_index": 6.0}),
        ("/gradio_api/call/ask", {"data": []}),
        ("/gradio_api/call/v2/ask", {"question": "Who?"}),
        ("/gradio_api/run/ask/", {"data": []}),
        ("/gradio_api//api/ask", {"data": []}),
        # The index counts more than the name.
        ("/gradio_api/run/listing", {"fn_index": 6}),
    ],
)
def test_question_is_one_by_every_door_and_spelling(path, body):
    assert kind("POST", path, body) == "question"


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("POST", "/gradio_api/queue/join", {"fn_index": 3}, "lookup"),
        ("POST", "/gradio_api/queue/join", {"fn_index": 33}, "change"),
        ("POST", "/gradio_api/queue/join", {"fn_index": [1]}, "lookup"),
        ("POST", "/gradio_api/queue/join", "rubbish", "lookup"),
        ("POST", "/mcp", {"method": "tools/call", "params": {"name": "get_article"}}, "lookup"),
        ("POST", "/mcp", {"method": "tools/call", "params": []}, "lookup"),
        ("POST", "/api/articles", {}, "change"),
        ("DELETE", "/api/articles/x", None, "change"),
        ("POST", "/gradio_api/upload", None, "change"),
        ("POST", "/who/knows", None, "change"),
        ("GET", "/article", None, "lookup"),
        ("GET", "/api/conversations/x/export", None, "lookup"),
        ("GET", "/", None, "lookup"),
        ("GET", "/static-ui/app.js", None, "free"),
        ("GET", "/gradio_api/queue/data", None, "free"),
    ],
)
def test_everything_else_is_what_it_does(method, path, body, expected):
    assert kind(method, path, body) == expected


def test_health_is_free_until_something_is_asked_of_it():
    assert kind("GET", "/api/health") == "free"
    assert kind("GET", "/api/health", query=b"deep=true") == "lookup"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/articles", True),
        ("POST", "/api/ask", True),
        ("POST", "/mcp", True),
        ("DELETE", "/mcp", True),
        ("POST", "/gradio_api/call/ask", True),
        ("POST", "/api/articles", False),
        ("POST", "//api/articles/", False),
        ("POST", "/gradio_api/./upload", False),
        ("DELETE", "/api/articles/x", False),
        ("POST", "/gradio_api/vibe-edit", False),
        ("PATCH", "/new/route", False),
    ],
)
def test_reader_sends_only_what_is_known_to_alter_nothing(method, path, allowed):
    assert may_read(method, canonical(path)) is allowed
