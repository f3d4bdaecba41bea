"""Where the clients of OpenAI-compatible servers go, and what they say of it."""

import pytest

from qa import open_pipeline
from qa.errors import ModelError
from qa.index.embedders import make_embedder

QUESTION = "How many sailors died on the Maid of Orlen?"


@pytest.fixture
def library(make_library, ferry, monkeypatch, chat_server):
    """One that is asked through a chat model, with a key."""
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    monkeypatch.setenv("QA_CHAT", "openai:m")
    monkeypatch.setenv("OPENAI_API_KEY", "our-secret")
    monkeypatch.setenv("OPENAI_BASE_URL", chat_server.url)
    return make_library(ferry).library.folder


def test_key_that_the_server_repeats_is_not_shown(library, chat_server, article_qa):
    chat_server.script = [chat_server.refuses(401, "no such key: Bearer our-secret" + " x" * 200)]
    for option in ("--trace", "--json"):
        ran = article_qa("ask", QUESTION, "--library", library, option)
        assert "no such key: Bearer ***" in ran.out
        assert "our-secret" not in ran.out + ran.err


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_takes_neither_key_nor_passages_to_another_server(
    library, chat_server, other_server, status
):
    chat_server.script = [
        chat_server.refuses(status, location=f"{other_server.url}/chat/completions")
    ]
    other_server.script = [other_server.says("Nine\nNine sailors died [1].")]
    with open_pipeline(library) as pipeline:
        answer = pipeline.ask(QUESTION)
    assert chat_server.requests
    assert other_server.requests == []
    assert not answer.abstained  # the articles' own sentences answer


def test_embedder_follows_no_redirect_and_shows_no_key(chat_server, other_server):
    options = {"key": "our-secret", "base_url": chat_server.url}
    chat_server.script = [
        chat_server.refuses(307, "Bearer our-secret", location=f"{other_server.url}/embeddings")
    ]
    with pytest.raises(ModelError, match=r"Bearer \*\*\*") as failure:
        make_embedder("openai:m", **options)
    assert "our-secret" not in str(failure.value)
    assert chat_server.requests
    assert other_server.requests == []


def test_embedder_goes_to_the_address_that_is_set(monkeypatch, chat_server, other_server):
    monkeypatch.setenv("OPENAI_API_BASE", other_server.url)
    monkeypatch.setenv("LANGSMITH_GATEWAY", other_server.url)
    chat_server.script = [chat_server.refuses(400)]
    with pytest.raises(ModelError):
        make_embedder("openai:m", key="ours", base_url=chat_server.url)
    assert chat_server.requests[0]["headers"]["authorization"] == "Bearer ours"
    assert other_server.requests == []
