"""The articles as tools."""

import asyncio

import pytest
from mcp.server.fastmcp.exceptions import ToolError

from qa.errors import IndexUnavailable
from qa.library.store import Library
from ui.api.mcp_tools import make_tools
from ui.service import Service

CALLS = {
    "ask_articles": {"question": "How many sailors died?"},
    "search_articles": {"query": "sailors"},
    "get_article": {"article_id": "ferry"},
}


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
