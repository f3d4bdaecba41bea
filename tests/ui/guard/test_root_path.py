"""A server below a path of its own, as its parts see it."""

import asyncio
import re
from pathlib import Path

import httpx2
import pytest

from qa.errors import ConfigError
from qa.library.users import keep_user
from ui.evaluations import Evaluations
from ui.guard.access import Access, hash_of
from ui.guard.middleware import Guard
from ui.guard.root_path import bare_path, checked_root, enter
from ui.server import make_api

UI = Path(__file__).parents[3] / "ui"


@pytest.mark.parametrize(
    ("given", "root"), [("", ""), ("/", ""), ("/a", "/a"), ("/a/b-c/", "/a/b-c")]
)
def test_root_has_no_slash_at_its_end(given, root):
    assert checked_root(given) == root


@pytest.mark.parametrize(
    "given", ["articles", "/a b", "//evil.example", "/a/../b", "/a?b", "https://x/"]
)
def test_what_is_no_path_is_no_root(given):
    with pytest.raises(ConfigError, match=re.escape(repr(given))):
        checked_root(given)


@pytest.mark.parametrize(
    ("path", "whole", "bare"),
    [("/", "/a/", "/"), ("/a", "/a", "/"), ("/a/", "/a/", "/"),
     ("/a/api/ask", "/a/api/ask", "/api/ask"),
     ("/api/ask", "/a/api/ask", "/api/ask"), ("/ab", "/a/ab", "/ab")],
)  # fmt: skip
def test_path_is_the_same_with_and_without_the_root(path, whole, bare):
    scope = enter({"path": path, "raw_path": path.encode()}, "/a")
    assert (scope["path"], scope["raw_path"], bare_path(scope)) == (whole, whole.encode(), bare)


@pytest.fixture
def call(service):
    """``call(method, path, **options)``: what a server below ``/articles`` replies."""
    keep_user(service.library, "ada", "reader", hash_of("correct horse"))
    access = Access(service.library, "a token")
    guard = Guard(make_api(service, access, Evaluations(service)), access, root="/articles")

    def run(method, path, **options):
        async def ask():
            transport = httpx2.ASGITransport(guard)
            base = "http://127.0.0.1:7860"
            async with httpx2.AsyncClient(transport=transport, base_url=base) as client:
                return await client.request(method, path, **options)

        return asyncio.run(ask())

    return run


def test_whoever_must_log_in_stays_below_the_root(call):
    page = {"accept": "text/html"}
    for path in ("/articles/docs", "/docs"):
        sent = call("GET", path, headers=page)
        assert sent.headers["location"] == "/articles/login?next=%2Fdocs"
    form = call("GET", "/articles/login", headers=page).text
    assert '<base href="/articles/">' in form
    assert "action=login" in form
    given = {"name": "ada", "password": "correct horse", "next": "/docs"}
    entered = call("POST", "/articles/login", data=given)
    assert entered.headers["location"] == "/articles/docs"
    assert "Path=/articles/" in entered.headers["set-cookie"]


def test_addresses_that_are_told_have_the_root(call):
    token = {"authorization": "Bearer a token"}
    page = call("GET", "/articles/docs", headers=token).text
    assert "http://127.0.0.1:7860/articles/api/ask" in page
    asked = {"messages": [{"role": "user", "content": "When did the orchards bloom?"}]}
    reply = call("POST", "/articles/v1/chat/completions", json=asked, headers=token).json()
    (note, *_) = reply["choices"][0]["message"]["annotations"]
    assert note["url_citation"]["url"].startswith("http://127.0.0.1:7860/articles/article?id=")


def test_errors_keep_their_shape(call):
    token = {"authorization": "Bearer a token"}
    wrong = call("POST", "/articles/v1/embeddings", json={}, headers=token)
    assert wrong.json()["error"]["code"] == "not_offered"
    assert "error" in call("GET", "/articles/api/articles/none", headers=token).json()


def test_no_page_or_script_has_an_address_from_the_top():
    """They would lead out of the root: links are relative to the base of the page."""
    attribute = re.compile(r"""\b(?:href|src|action)\s*\^?=\s*\\?["']?/[a-z]""")
    fetched = re.compile(r"""(?:fetch|pushState|replaceState)\([^;\n]*?(?<!at\()["'`]/[a-z]""")
    found = [
        f"{file.name}:{number}: {line.strip()[:120]}"
        for file in [*UI.rglob("*.jinja"), *UI.rglob("*.js"), *(UI / "screen").glob("*.py")]
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
        if attribute.search(line) or (fetched.search(line) and "articleQA.at(" not in line)
    ]
    assert found == []
