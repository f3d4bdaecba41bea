"""The server below a prefix, with Debian's nginx before it."""

import asyncio
import json
import re

import httpx2
import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from qa.library.users import keep_user
from tests.nginx import LACKING, NGINX, proxied

pytestmark = pytest.mark.skipif(NGINX is None, reason=LACKING)


@pytest.fixture
def site(serving, make_library, ferry, library_folder, tmp_path):
    make_library(ferry)
    server = serving(library_folder, "--root-path", "/articles")
    with proxied(tmp_path / "nginx", server) as address:
        yield address


def linked(page):
    """The addresses that a page has the browser load."""
    return re.findall(r'<(?:link|script)[^>]* (?:href|src)="?([^" >]+)', page)


def test_everything_is_below_the_prefix(site):
    with httpx2.Client(base_url=f"{site}/", follow_redirects=True, timeout=60) as client:
        page = client.get("").text
        config = json.loads(re.search(r"window\.gradio_config = (\{.*?\});</script>", page)[1])
        assert config["root"] == site
        assert '<base href="/articles/">' in page
        addresses = linked(page)
        assert len(addresses) > 20
        for address in addresses:
            assert not address.startswith(("/", "http"))
            reply = client.get(address)
            assert reply.status_code == 200, address
        for path in ("docs", "library", "evaluate", "a/ferry", "article?id=ferry", "config"):
            assert client.get(path, headers={"accept": "text/html"}).status_code == 200, path
        answer = client.post("api/ask", json={"question": "How many sailors died?"}).json()
        assert "Nine sailors" in answer["text"]
        asked = {"messages": [{"role": "user", "content": "How many sailors died?"}]}
        assert client.post("v1/chat/completions", json=asked).status_code == 200
        # Whatever is at the top is somebody else's.
        assert httpx2.get(site.removesuffix("articles")).text == "another site"


def test_tools_are_below_the_prefix(site):
    async def ask():
        async with (
            streamable_http_client(f"{site}/mcp") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return await session.call_tool("ask_articles", {"question": "How many sailors died?"})

    assert "Nine sailors" in asyncio.run(ask()).structuredContent["text"]


def test_replies_are_compressed_and_what_never_changes_is_kept(site):
    with httpx2.Client(base_url=f"{site}/", timeout=60) as client:
        page = client.get("")
        assert page.headers["content-encoding"] == "gzip"
        assert page.headers["cache-control"] == "no-store"
        (bundle,) = [
            each for each in linked(page.text) if each.endswith(".css") and "bundle" in each
        ]
        module = next(
            each for each in linked(page.text) if each.endswith(".js") and "assets" in each
        )
        for lasting in (bundle, module.removeprefix("./")):
            headers = client.get(lasting).headers
            assert headers["cache-control"] == "public, max-age=31536000, immutable"
            assert headers["content-encoding"] in ("gzip", "br")
        asked = {"question": "How many sailors died?", "stream": True}
        with client.stream("POST", "api/ask", json=asked) as events:
            assert "content-encoding" not in events.headers
            assert "Nine" in events.read().decode()
        missing = client.get("bundle/0123456789abcdef.css")
        assert missing.status_code == 404
        assert "immutable" not in missing.headers.get("cache-control", "")


def test_proxy_that_leaves_the_prefix_in_will_do(
    serving, make_library, ferry, library_folder, tmp_path
):
    make_library(ferry)
    server = serving(library_folder, "--root-path", "/articles")
    with proxied(tmp_path / "nginx", server, stripped=False) as site:
        reply = httpx2.post(
            f"{site}/api/ask", json={"question": "How many sailors died?"}, timeout=60
        )
        assert "Nine sailors" in reply.json()["text"]
        assert httpx2.get(f"{site}/docs", timeout=60).status_code == 200


def test_proxy_tells_who_logged_in(serving, make_library, ferry, library_folder, tmp_path):
    library = make_library(ferry).library
    keep_user(library, "eve", "admin", "no password")
    server = serving(
        library_folder, "--root-path", "/articles", QA_PROXIES="127.0.0.1",
        QA_AUTH_HEADER="X-Remote-User",
    )  # fmt: skip
    with proxied(tmp_path / "nginx", server) as site:

        def me(**headers):
            told = {name.replace("_", "-"): value for name, value in headers.items()}
            return httpx2.get(f"{site}/api/me", headers=told, timeout=60)

        assert me(X_Test_User="eve").json() == {"name": "eve", "role": "admin", "closed": True}
        # Whom the proxy lets in and nobody made a user reads.
        assert me(X_Test_User="bob").json()["role"] == "reader"
        assert me().status_code == 401
        # What a client says of itself goes no further than the proxy.
        assert me(X_Remote_User="eve").status_code == 401
        page = httpx2.get(f"{site}/settings", headers={"X-Test-User": "eve"}, timeout=60)
        assert "What answers" in page.text
