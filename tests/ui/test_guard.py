"""What stands before every request: who, from where, how often, how much."""

import httpx2
import pytest
from starlette.responses import HTMLResponse, JSONResponse

from qa.users import keep_user
from ui.access import Access, hash_of
from ui.guard import Guard, Meter


async def application(scope, receive, send):
    """Says who came, reads all that is sent, and gives a page where pages are."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    who = scope["state"]["who"]
    if scope["path"] in ("/", "/article"):
        page = "<html><head><script>one()</script></head><body>words</body></html>"
        await HTMLResponse(page)(scope, receive, send)
        return
    data = {"name": who and who.name, "role": who and who.role, "size": size}
    await JSONResponse(data)(scope, receive, send)


@pytest.fixture
def library(make_library):
    return make_library().library


@pytest.fixture
def call(library):
    """``call(method, path, token="", rate=0, host=…, headers…)`` through a guard."""

    guards = {}

    def run(method, path, *, token="", rate=0, host="127.0.0.1", content=None, **headers):
        import asyncio

        guard = guards.setdefault((token, rate), Guard(application, Access(library, token), rate))
        sent = {name.replace("_", "-"): value for name, value in headers.items()}

        async def ask():
            transport = httpx2.ASGITransport(guard)
            async with httpx2.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
                return await client.request(method, path, content=content, headers=sent)

        return asyncio.run(ask())

    return run


def test_nobody_logs_in_where_the_door_is_open(call):
    assert call("POST", "/api/articles").json()["role"] == "editor"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.1.9"])
def test_other_names_for_our_address_are_refused(call, host):
    # A page elsewhere can make its own name lead to the loopback address.
    assert call("GET", "/api/articles", host=host).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:7860", "[::1]:7860"])
def test_loopback_has_several_names(call, host):
    assert call("GET", "/api/articles", host=host).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec_fetch_site": "cross-site"},
    ],
)
def test_pages_of_other_sites_change_nothing(call, headers):
    assert call("POST", "/api/articles", **headers).status_code == 403
    assert call("POST", "/api/articles", origin="http://127.0.0.1").status_code == 200


def test_with_a_token_nobody_else_gets_in(call):
    refused = call("GET", "/api/articles", token="t0ken")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert call("GET", "/", token="t0ken", accept="text/html").headers["location"] == "/login"
    assert call("GET", "/api/articles", token="t0ken", authorization="Bearer x").status_code == 401
    came = call("GET", "/api/articles", token="t0ken", authorization="Bearer t0ken")
    assert came.json()["role"] == "editor"


def test_host_may_be_any_where_one_logs_in(call):
    came = call("GET", "/x", token="t0ken", host="qa.example", authorization="Bearer t0ken")
    assert came.status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/articles", 200),
        ("POST", "/api/ask", 200),
        ("POST", "/api/articles", 403),
        ("POST", "/api/articles/files", 403),
        ("DELETE", "/api/articles/a", 403),
        ("POST", "/gradio_api/upload", 403),
    ],
)
def test_reader_asks_and_changes_nothing(library, method, path, status):
    import asyncio

    keep_user(library, "ada", "reader", hash_of("correct horse"))
    access = Access(library)
    key = access.begin(access.by_password("ada", "correct horse"))

    async def ask():
        transport = httpx2.ASGITransport(Guard(application, access))
        async with httpx2.AsyncClient(transport=transport, base_url="http://qa.example") as client:
            return await client.request(method, path, headers={"cookie": f"article_qa={key}"})

    assert asyncio.run(ask()).status_code == status


def test_too_many_questions_in_a_minute_are_refused(call):
    got = [call("POST", "/api/ask", rate=3).status_code for _ in range(5)]
    assert got == [200, 200, 200, 429, 429]
    assert call("GET", "/api/articles", rate=3).status_code == 200


def test_passwords_cannot_be_tried_at_will(call):
    got = [call("POST", "/login", token="t0ken").status_code for _ in range(12)]
    assert got.count(429) == 2


def test_minute_passes(monkeypatch):
    meter = Meter()
    assert [meter.admits("a", 1), meter.admits("a", 1), meter.admits("b", 1)] == [True, False, True]
    import time

    now = time.monotonic()
    monkeypatch.setattr("ui.guard.time.monotonic", lambda: now + 61)
    assert meter.admits("a", 1)


def test_request_that_is_too_large_is_refused_before_it_is_read(call):
    assert call("POST", "/api/ask", content=b"x", content_length=str(9 * 2**20)).status_code == 413


def test_page_of_the_app_runs_the_scripts_it_came_with_and_no_other(call):
    page = call("GET", "/")
    policy = dict(
        part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";")
    )
    # printf 'one()' | openssl dgst -sha256 -binary | base64
    assert "'sha256-HR7iaask9daLMRRskMI++QeJtjWDOjyPA6lGzYGzKW4='" in policy["script-src"]
    assert "unsafe-inline" not in policy["script-src"]
    assert '/static-ui/app.js"' in page.text
    assert len(page.content) == int(page.headers["content-length"])


def test_other_pages_run_only_files_of_ours(call):
    policy = call("GET", "/article").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_every_reply_has_the_headers_that_keep_browsers_careful(call):
    for path in ("/", "/article", "/api/articles"):
        headers = call("GET", path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
