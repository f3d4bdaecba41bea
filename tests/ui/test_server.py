"""The running server: each kind of client asks once; who may start it; the tools on a pipe."""

import asyncio
import io
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from html.parser import HTMLParser

import pytest

from qa.records.answer import Answer

QUESTION = "How many sailors died?"


@pytest.fixture
def filled(make_library, ferry, bridge, library_folder):
    make_library(ferry, bridge)
    return library_folder


@pytest.fixture
def served(filled, serving):
    return serving(filled)


def get(address, **headers):
    request = urllib.request.Request(address, headers=headers)
    with urllib.request.urlopen(request, timeout=30) as reply:
        return reply.read().decode()


def test_every_kind_of_client_gets_the_answer(served):
    """One server for all of them: it takes seconds to start."""
    asked = json.dumps({"question": QUESTION}).encode()
    request = urllib.request.Request(
        f"{served}/api/ask", data=asked, headers={"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as reply:
        answer = Answer.from_json(reply.read().decode())
    assert "Nine sailors" in answer.text

    # What the screen is mounted over is told from what is nowhere.
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(
            urllib.request.Request(f"{served}/api/ask", method="DELETE"), timeout=30
        )
    assert (refused.value.code, refused.value.headers["allow"]) == (405, "POST")
    assert list(json.loads(refused.value.read())) == ["error"]

    assert through_gradio(served) == answer.text
    assert "Nine sailors" in through_openai(served)
    tools, text, article = asyncio.run(through_mcp_over_http(served))
    assert tools == {"ask_articles", "search_articles", "get_article"}
    assert text == answer.text
    assert article["title"] == "Ferry lost off Cape Tarrow"


def test_server_says_where_it_is_when_it_takes_connections(filled):
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "serve", "--library", filled, "--port", "0"],
        env={**os.environ, "QA_EMBEDDER": "hashing", "QA_READER": "sentence"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = next(each for each in process.stderr if " serves " in each)
        # At the first try.
        assert json.loads(get(f"{line.split()[0]}/api/health"))["status"] == "ok"
    finally:
        process.terminate()
        process.communicate(timeout=20)


def through_gradio(address):
    # A process of its own: the client warns of deprecations of its dependencies.
    code = (
        "import sys; from gradio_client import Client\n"
        "client = Client(sys.argv[1], verbose=False, analytics_enabled=False)\n"
        "import json; print(json.dumps(client.predict(sys.argv[2], api_name='/ask')))"
    )
    return Answer.from_dict(json.loads(child(code, address, QUESTION))).text


def through_openai(address):
    from openai import OpenAI

    with OpenAI(base_url=f"{address}/v1", api_key="none") as client:
        asked = [{"role": "user", "content": QUESTION}]
        message = (
            client.chat.completions.create(model="article-qa", messages=asked).choices[0].message
        )
        cited = message.annotations[0].url_citation
        assert message.content[cited.start_index : cited.end_index] == "[1]"
        assert cited.url == "https://gazette.example/ferry"
        stream = client.chat.completions.create(model="article-qa", messages=asked, stream=True)
        assert "".join(c.choices[0].delta.content or "" for c in stream) == message.content
        assert [model.id for model in client.models.list()] == ["article-qa"]
    return message.content


async def through_mcp_over_http(address):
    from mcp.client.session import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async with (
        streamable_http_client(f"{address}/mcp") as (reading, writing, _),
        ClientSession(reading, writing) as session,
    ):
        return await use(session)


async def use(session):
    await session.initialize()
    tools = {tool.name for tool in (await session.list_tools()).tools}
    answer = (await session.call_tool("ask_articles", {"question": QUESTION})).structuredContent
    found = (
        await session.call_tool("search_articles", {"query": "ferry", "k": 1})
    ).structuredContent
    id_ = found["result"][0]["article_id"]
    article = (await session.call_tool("get_article", {"article_id": id_})).structuredContent
    return tools, answer["text"], article


def test_tools_work_on_a_pipe(filled, monkeypatch):
    import os

    from mcp.client.session import ClientSession
    from mcp.client.stdio import StdioServerParameters, stdio_client

    environment = {**os.environ, "QA_EMBEDDER": "hashing", "QA_READER": "sentence"}
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "ui.cli", "mcp", "--library", str(filled)],
        env=environment,
    )

    async def ask():
        async with (
            stdio_client(server, errlog=sys.__stderr__) as (reading, writing),
            ClientSession(reading, writing) as session,
        ):
            return await use(session)

    tools, text, _ = asyncio.run(ask())
    assert len(tools) == 3
    assert "Nine sailors" in text


class Sources(HTMLParser):
    """Every address that a page loads or links to by itself."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [
            value for name, value in attrs if name in ("src", "href", "content") and value
        ]


def test_page_of_the_app_names_no_other_host_and_tells_nobody(served):
    page = Sources()
    page.feed(get(f"{served}/"))
    assert page.found
    assert [address for address in page.found if "://" in address and served not in address] == []
    with pytest.raises(urllib.error.HTTPError, match="403"):
        get(f"{served}/monitoring")


def test_host_beyond_loopback_needs_users_or_a_token(article_qa, filled):
    ran = article_qa("serve", "--library", filled, "--host", "0.0.0.0", "--port", "0")
    assert ran.status == 1
    assert "article-qa user add NAME" in ran.err
    assert "QA_TOKEN" in ran.err


def test_what_the_server_needs_is_named_where_it_is_missing(article_qa, filled, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("ui.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "fastapi", None)
    ran = article_qa("serve", "--library", filled)
    assert ran.status == 1
    assert "needs fastapi: pip install 'article-qa[ui]'" in ran.err


def test_users_log_in_and_readers_do_not_write(filled, serving, article_qa, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse\n"))
    assert article_qa("user", "add", "ada", "--library", filled).status == 0
    assert article_qa("user", "list", "--library", filled).out == "ada  reader\n"
    address = serving(filled, "--host", "0.0.0.0", QA_TOKEN="a token of some length")

    with pytest.raises(urllib.error.HTTPError, match="401"):
        get(f"{address}/api/articles")
    assert "ferry" in get(f"{address}/api/articles", Authorization="Bearer a token of some length")
    assert "Log in" in get(f"{address}/", Accept="text/html")

    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    wrong = b"name=ada&password=wrong+horse"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        opener.open(f"{address}/login", wrong, timeout=30)
    with opener.open(f"{address}/login", b"name=ada&password=correct+horse", timeout=30) as page:
        assert "gradio" in page.read().decode()
    with opener.open(f"{address}/api/me", timeout=30) as reply:
        assert json.load(reply) == {"name": "ada", "role": "reader", "closed": True}
    taken = urllib.request.Request(f"{address}/api/articles/ferry", method="DELETE")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        opener.open(taken, timeout=30)


def test_session_cookie_is_kept_from_scripts_and_other_sites(filled, serving):
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *arguments):
            return None

    address = serving(filled, QA_TOKEN="a token of some length")
    body = b"name=&password=a+token+of+some+length"
    with pytest.raises(urllib.error.HTTPError, match="303") as caught:
        urllib.request.build_opener(Stay()).open(f"{address}/login", body, timeout=30)
    cookie = caught.value.headers["set-cookie"].lower()
    caught.value.close()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def child(code, *arguments):
    import subprocess

    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_many_at_once_all_get_their_answer(served):
    from eval.benchmarks.load import press

    load = asyncio.run(press(served, [QUESTION] * 60, 20))
    assert (len(load.answers), load.refused) == (60, 0)
    assert load.health
