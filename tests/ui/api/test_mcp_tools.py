"""The articles as tools, resources and prompts, as an assistant's client sees them."""

import asyncio
from importlib.metadata import version

import pytest
from mcp.server.fastmcp.exceptions import ToolError
from mcp.shared.exceptions import McpError
from mcp.shared.memory import create_connected_server_and_client_session

from qa.errors import ArticleDamaged, IndexUnavailable
from qa.library.store import Library
from ui.api.mcp_tools import make_tools
from ui.service import Service

CALLS = {
    "ask_articles": {"question": "How many sailors died?"},
    "search_articles": {"query": "sailors"},
    "get_article": {"article_id": "ferry"},
}


@pytest.fixture
def using(service):
    """``using(do)``: what ``do(session)`` gives, with a client of the server in this process."""

    def use(do):
        async def run():
            async with create_connected_server_and_client_session(make_tools(service)) as session:
                try:
                    return await do(session)
                except McpError as error:
                    # Raised in here it would come out in the groups of two sets of tasks.
                    return error

        given = asyncio.run(run())
        if isinstance(given, McpError):
            raise given
        return given

    return use


def test_server_tells_its_own_name_and_version(service):
    options = make_tools(service)._mcp_server.create_initialization_options()
    assert (options.server_name, options.server_version) == ("article-qa", version("article-qa"))


def test_question_is_answered_with_citations(using):
    result = using(lambda session: session.call_tool("ask_articles", CALLS["ask_articles"]))
    assert "Nine sailors died" in result.structuredContent["text"]
    assert result.structuredContent["statements"][0]["citations"][0]["article_id"] == "ferry"


def test_articles_are_listed_and_read(using, ferry):
    listed = using(lambda session: session.list_resources()).resources
    assert [each.name for each in listed] == [
        "Kessel Bridge to be repaired", "Ferry lost off Cape Tarrow", "Late bloom in Linden",
    ]  # fmt: skip
    assert listed[1].description == "Gazette, 2021-03-04"
    (content,) = using(lambda session: session.read_resource(listed[1].uri)).contents
    assert content.text == ferry.text
    assert content.meta["url"] == ferry.url


def test_article_of_an_odd_id_is_read(service, using, make_library, hostile):
    make_library(hostile)
    listed = using(lambda session: session.list_resources()).resources
    (uri,) = [each.uri for each in listed if each.name.startswith("Title")]
    (content,) = using(lambda session: session.read_resource(uri)).contents
    assert content.text == hostile.text


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("articles://library/none", "'none'; search_articles gives their ids"),
        ("file:///etc/passwd", "is no article"),
    ],
)
def test_resource_that_is_none_is_explained(using, address, words):
    with pytest.raises(McpError, match=words):
        using(lambda session: session.read_resource(address))


def test_prompts_name_the_tool_and_hold_what_was_given(using):
    prompts = using(lambda session: session.list_prompts()).prompts
    assert {each.name for each in prompts} == {
        "answer_with_citations", "sum_up_topic", "compare_outlets",
    }  # fmt: skip
    for prompt in prompts:
        given = {each.name: f"a {each.name}" for each in prompt.arguments}
        (message,) = using(lambda s, p=prompt, g=given: s.get_prompt(p.name, g)).messages
        assert all(words in message.content.text for words in given.values())
        assert any(tool in message.content.text for tool in CALLS)


def test_way_out_of_an_error_is_no_address_of_rest(using, monkeypatch):
    def fail(*arguments, **options):
        raise ArticleDamaged("ferry", "Ferry lost")

    monkeypatch.setattr(Library, "article", fail)
    result = using(lambda session: session.call_tool("get_article", CALLS["get_article"]))
    assert "take it out in the library" in result.content[0].text
    assert "/api/" not in result.content[0].text


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("kind", [IndexUnavailable, FileNotFoundError, RuntimeError])
def test_error_of_a_tool_names_no_path_of_the_server(service, monkeypatch, name, kind):
    def fail(*arguments, **options):
        raise kind(f"{service.library.folder}/chroma is damaged")

    for owner, method in ((Service, "ask"), (Service, "search"), (Library, "article")):
        monkeypatch.setattr(owner, method, fail)
    with pytest.raises(ToolError, match="…/chroma is damaged") as caught:
        asyncio.run(make_tools(service).call_tool(name, CALLS[name]))
    assert str(service.library.folder) not in str(caught.value)


def test_no_tool_takes_a_source(service):
    tools = asyncio.run(make_tools(service).list_tools())
    assert {tool.name for tool in tools} == set(CALLS)
    taken = {name for tool in tools for name in tool.inputSchema["properties"]}
    assert taken == {
        "article_id", "as_of", "k", "query", "question", "since", "sources", "until",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [("ask_articles", {"question": "Who?", "outlet": "Post"}, "is called 'outlet'; there are qu"),
     ("ask_articles", {"question": "Who?", "since": "13.6.2024"}, "since: '13.6.2024' is no day"),
     ("ask_articles", {"question": "?"}, "a question has at least one word"),
     ("ask_articles", {}, "question: this field is missing"),
     ("search_articles", {"query": "ferry", "k": 0}, "k: 0 is too low; at least 1"),
     ("search_articles", {"query": "ferry", "k": -1}, "k: -1 is too low; at least 1"),
     ("search_articles", {"query": "ferry", "k": 10_000}, "k: 10000 is too high; at most 50"),
     ("search_articles", {"query": "ferry", "sources": ["Times"]}, "outlet is called 'Times'; "),
     ("ask_articles", {"question": "Who?", "sources": ["Times"]}, "'Times'; there are "),
     ("search_articles", {"query": " "}, "query: a question has at least one word"),
     ("get_article", {"article_id": "none"}, "the id 'none'; search_articles gives their ids"),
     ("search", {"query": "ferry"}, "no tool is called 'search'; there are ask_articles, ")],
)  # fmt: skip
def test_call_that_cannot_be_made_is_told_why(using, tool, arguments, words):
    result = using(lambda session: session.call_tool(tool, arguments))
    assert result.isError
    assert words in result.content[0].text
    assert "pydantic" not in result.content[0].text
    assert "executing" not in result.content[0].text


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("sum_up", {}, "no prompt is called 'sum_up'; there are"),
        ("sum_up_topic", {}, "topic: this argument"),
        ("sum_up_topic", {"topic": " "}, "topic: this argument"),
        ("sum_up_topic", {"topic": "x", "day": "y"}, "topic is called 'day'; there are topic"),
    ],
)
def test_prompt_that_cannot_be_given_is_told_why_and_not_logged(using, caplog, name, given, words):
    with pytest.raises(McpError, match=words):
        using(lambda session: session.get_prompt(name, given))
    assert caplog.text == ""
