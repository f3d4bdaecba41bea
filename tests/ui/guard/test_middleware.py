"""What stands before every request: who, from where, how often, how much."""

import asyncio
import json
from ipaddress import ip_network

import httpx2
import pytest
from starlette.responses import HTMLResponse, JSONResponse

from qa.library.users import keep_user
from tests.asgi import Exchange
from ui.guard.access import Access, hash_of
from ui.guard.middleware import Guard
from ui.guard.proxies import Proxies
from ui.guard.rate_limit import RateLimiter
from ui.guard.request_body import BodyLimits


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
        head = b'<script src="bundle/a.js" defer></script>'

        def finish(page):
            return page.replace(b"</head>", head + b"</head>")

        made = Guard(application, Access(library, token), rate, page=finish)
        guard = guards.setdefault((token, rate), made)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}

        async def ask():
            transport = httpx2.ASGITransport(guard)
            async with httpx2.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
                return await client.request(method, path, content=content, headers=sent)

        return asyncio.run(ask())

    return run


def test_nobody_logs_in_where_the_door_is_open(call):
    assert call("POST", "/api/articles").json()["role"] == "admin"


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
    wanted = call("GET", "/c/c0ffee", token="t0ken", accept="text/html").headers["location"]
    assert wanted == "/login?next=%2Fc%2Fc0ffee"
    assert call("GET", "/api/articles", token="t0ken", authorization="Bearer x").status_code == 401
    came = call("GET", "/api/articles", token="t0ken", authorization="Bearer t0ken")
    assert came.json()["role"] == "admin"


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


def test_clients_that_did_nothing_for_a_minute_are_forgotten(monkeypatch):
    limiter, now = RateLimiter(), [0.0]
    monkeypatch.setattr("ui.guard.rate_limit.time.monotonic", lambda: now[0])
    for number in range(12_000):
        limiter.wait(f"client {number}", 5)
    assert len(limiter._times) == 10_000
    now[0] = 61
    limiter.wait("late", 5)
    assert [*limiter._times] == ["late"]


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
    assert '<script src="bundle/a.js" defer></script></head>' in page.text
    assert len(page.content) == int(page.headers["content-length"])


def test_other_pages_run_only_files_of_ours(call):
    policy = call("GET", "/article").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    # The scripts of settings, articles and collections send what is filled in there.
    assert "connect-src 'self'" in policy
    assert "unsafe" not in policy


def test_every_reply_has_the_headers_that_keep_browsers_careful(call):
    for path in ("/", "/article", "/api/articles"):
        headers = call("GET", path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def ask_all(guard, *requests):
    """The statuses of requests, one after the other: method, path, and options of an Exchange."""

    async def ask():
        return [
            (await Exchange(guard, method, path, **options).done()).status
            for method, path, options in requests
        ]

    return asyncio.run(ask())


def test_rate_is_of_the_address_whatever_a_client_claims(library):
    claims = ("x-forwarded-for", "x-real-ip", "forwarded")
    guard = Guard(application, Access(library), 2)
    got = ask_all(
        guard,
        *(
            ("POST", "/api/ask", {"headers": [(claim.encode(), b"198.51.100.%d" % number)]})
            for number, claim in enumerate(claims)
        ),
    )
    assert got == [200, 200, 429]


def test_behind_a_trusted_proxy_each_client_has_its_own_rate(library):
    proxies = Proxies((ip_network("127.0.0.1"),))
    guard = Guard(application, Access(library), 1, proxies)
    clients = [b"1.1.1.1, 198.51.100.1", b"2.2.2.2, 198.51.100.1", b"198.51.100.2"]
    got = ask_all(
        guard, *(("POST", "/api/ask", {"headers": [(b"x-forwarded-for", c)]}) for c in clients)
    )
    assert got == [200, 429, 200]


def test_questions_count_together_by_whichever_door_they_come(library):
    guard = Guard(application, Access(library), 3, function_name={7: "answer", 8: "listing"}.get)
    tool = {"method": "tools/call", "params": {"name": "ask_articles"}}
    got = ask_all(
        guard,
        ("POST", "/gradio_api/queue/join", {"body": json.dumps({"fn_index": 7}).encode()}),
        ("POST", "/gradio_api/call/v2/ask/", {}),
        ("POST", "/mcp", {"body": json.dumps(tool).encode()}),
        ("POST", "/v1/chat/completions", {}),
        ("POST", "/gradio_api//run/ask", {}),
        ("POST", "/gradio_api/queue/join", {"body": json.dumps({"fn_index": 8}).encode()}),
    )
    assert got == [200, 200, 200, 429, 429, 200]


def test_looking_things_up_has_a_limit_of_its_own(library):
    guard = Guard(application, Access(library), 1)
    got = ask_all(guard, *([("GET", "/article", {})] * 6), ("GET", "/static-ui/app.js", {}))
    assert got == [200] * 5 + [429, 200]


def test_refusal_says_how_long_to_wait_in_the_shape_of_its_interface(call):
    for _ in range(2):
        chat = call("POST", "/v1/chat/completions", rate=1)
    assert chat.json()["error"]["type"] == "rate_limit_error"
    plain = call("POST", "/api/ask", rate=1)
    assert "more than 1 questions" in plain.json()["error"]
    for reply in (chat, plain):
        assert reply.status_code == 429
        assert 0 < int(reply.headers["retry-after"]) <= 60


@pytest.mark.parametrize(
    "headers",
    [
        [(b"host", b"[")],
        [(b"host", b"[::g]")],
        [(b"host", b"a b")],
        [(b"host", b"127.0.0.1:99999")],
        [(b"host", b"127.0.0.1, evil.example")],
        [(b"content-length", b"abc")],
        [(b"content-length", b"-1")],
        [(b"content-length", b"1_000")],
        [(b"content-length", b"")],
        [(b"upgrade", b"WebSocket")],
    ],
)
@pytest.mark.parametrize("token", ["", "t0ken"])
def test_malformed_headers_are_a_bad_request(library, headers, token):
    guard = Guard(application, Access(library, token))
    assert ask_all(guard, ("POST", "/api/ask", {"headers": headers})) == [400]


@pytest.mark.parametrize("path", ["/a\0b", "/a\r\nb", "/a%zz", "/a%", "/\ufffd"])
def test_path_that_means_nothing_is_a_bad_request(library, path):
    assert ask_all(Guard(application, Access(library)), ("GET", path, {})) == [400]


@pytest.mark.parametrize("options", [("/" + "a" * 17_000, b""), ("/", b"a" * 17_000)])
def test_address_that_is_too_long_is_refused(library, options):
    path, query = options
    assert ask_all(Guard(application, Access(library)), ("GET", path, {"query": query})) == [414]


@pytest.mark.parametrize("origin", [b"http://[", b"http://[::1", b"//", b"", b"\xff"])
def test_malformed_origin_is_a_foreign_one(library, origin):
    guard = Guard(application, Access(library))
    assert ask_all(guard, ("POST", "/api/ask", {"headers": [(b"origin", origin)]})) == [403]


@pytest.mark.parametrize(
    "cookie", [b"article_qa", b"=;;=", b"a\xff=\xfe", b'article_qa="\\', b"\0"]
)
def test_malformed_cookie_is_nobodys(library, cookie):
    guard = Guard(application, Access(library, "t0ken"))
    assert ask_all(guard, ("GET", "/api/articles", {"headers": [(b"cookie", cookie)]})) == [401]


def test_websocket_is_refused_and_not_just_left_alone(library):
    async def ask():
        sent, received = [], [{"type": "websocket.connect"}]

        async def receive():
            return received.pop()

        async def send(message):
            sent.append(message)

        scope = {"type": "websocket", "path": "/", "headers": []}
        await Guard(application, Access(library))(scope, receive, send)
        return sent

    assert [message["type"] for message in asyncio.run(ask())] == ["websocket.close"]


def test_pages_of_other_sites_are_told_nothing_by_any_header(library):
    async def lenient(scope, receive, send):
        headers = {
            "access-control-allow-origin": "https://evil.example",
            "access-control-allow-credentials": "true",
        }
        await JSONResponse({}, headers=headers)(scope, receive, send)

    async def ask(method, *headers):
        guard = Guard(lenient, Access(library, "t0ken"))
        sent = [(b"host", b"qa.example"), (b"authorization", b"Bearer t0ken"), *headers]
        return await Exchange(guard, method, "/gradio_api/info", headers=sent).done()

    origin = (b"origin", b"https://evil.example")
    preflight = (b"access-control-request-method", b"POST")
    for got, status in (
        (asyncio.run(ask("GET", origin)), 200),
        (asyncio.run(ask("OPTIONS", origin, preflight)), 403),
    ):
        assert got.status == status
        assert [name for name in got.headers if name.startswith("access-control")] == []


@pytest.mark.parametrize("path", ["/api/ask", "/api/articles", "/mcp"])
def test_body_that_does_not_come_in_time_is_given_up(library, path):
    async def ask():
        guard = Guard(application, Access(library), body_limits=BodyLimits(patience=0.05))
        return await Exchange(guard, "POST", path, body=[b"half", None]).done()

    got = asyncio.run(ask())
    assert (got.status, got.headers["connection"]) == (408, "close")


def test_body_that_is_larger_than_it_may_be_is_given_up(library):
    async def ask():
        guard = Guard(application, Access(library))
        return await Exchange(guard, "POST", "/api/ask", body=[b"x" * 2**20] * 9).done()

    assert asyncio.run(ask()).status == 413


class Slow:
    """An application that begins a stream and goes on for ever; ``ended`` when it is cancelled."""

    def __init__(self, media_type="text/event-stream", *, begins=True):
        self.media_type, self.begins = media_type, begins
        self.begun, self.ended = asyncio.Event(), asyncio.Event()

    async def __call__(self, scope, receive, send):
        headers = [(b"content-type", self.media_type.encode())]
        if self.begins:
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b"first. ", "more_body": True})
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended.set()


def test_client_that_leaves_ends_what_it_asked_for(library):
    async def use():
        app = Slow(begins=False)
        exchange = Exchange(Guard(app, Access(library)), "POST", "/api/ask", body=b"{}")
        await app.begun.wait()
        await exchange.leave()
        assert app.ended.is_set()
        assert exchange.status is None

    asyncio.run(use())


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/api/ask", b'event: error\ndata: {"error": "the server is stopping'),
        ("/v1/chat/completions", b'data: {"error": {"message": "the server is stopping'),
        ("/gradio_api/queue/data", b'"msg": "unexpected_error"'),
    ],
)
def test_stream_ends_with_a_word_when_the_server_stops(library, path, word):
    async def use():
        app = Slow()
        guard = Guard(app, Access(library))
        exchange = Exchange(guard, "GET" if "gradio" in path else "POST", path)
        await app.begun.wait()
        await guard.drain(0)
        await exchange.done()
        assert exchange.body.startswith(b"first. ")
        assert word in exchange.body

    asyncio.run(use())


def test_while_the_server_stops_what_is_begun_is_finished_and_nothing_new_taken(library):
    async def use():
        go = asyncio.Event()

        async def app(scope, receive, send):
            await go.wait()
            await JSONResponse("answered")(scope, receive, send)

        guard = Guard(app, Access(library))
        begun = Exchange(guard, "POST", "/api/ask", body=b"{}")
        endless = Exchange(guard, "GET", "/gradio_api/heartbeat/x")
        while len(guard._tasks) < 2:
            await asyncio.sleep(0)
        draining = asyncio.create_task(guard.drain(60))
        await asyncio.sleep(0)
        late = await Exchange(guard, "POST", "/api/ask", body=b"{}").done()
        assert (late.status, late.headers["retry-after"]) == (503, "10")
        assert "stopping" in json.loads(late.body)["error"]
        assert not draining.done()
        go.set()
        await draining
        assert (await begun.done()).body == b'"answered"'
        await endless.done()

    asyncio.run(use())


@pytest.mark.parametrize("ends", [True, False], ids=["ends", "cancelled"])
def test_client_that_left_is_told_of_however_the_stream_ends(library, ends):
    """Who streams may see that the client left before we do, and end the reply in good order."""

    async def stream(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass
        if not ends:
            raise asyncio.CancelledError
        await send({"type": "http.response.body", "body": b"last", "more_body": False})

    async def run():
        left = []
        guard = Guard(stream, Access(library), on_leave=left.append)
        path, query = "/gradio_api/queue/data", b"session_hash=page"
        page = Exchange(guard, "GET", path, query=query)
        await page.begun.wait()
        await page.leave()
        return left, page.body

    assert asyncio.run(run()) == (["page"], b"first")
