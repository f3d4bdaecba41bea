"""A real server and a real, very small, model: what is tested is the wiring, not the wit."""

from datetime import date

import pytest

from qa import Answer, Article, open_pipeline
from qa.chat.prompt import estimate_tokens, messages
from qa.pipeline import Found, Text
from qa.question.understand import understand
from qa.records.answer import Hit
from qa.records.reading import Reading

DAY = date(2024, 1, 1)
COST = "How much will repairs to the Kessel Bridge cost?"


@pytest.fixture
def pipeline(local_chat, make_library, ferry, bridge, monkeypatch):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    monkeypatch.setenv("QA_HITS", "2")
    monkeypatch.setenv("QA_CHAT", "openai:smollm2")
    # On a busy machine it takes longer than a user would wait.
    monkeypatch.setenv("QA_CHAT_TIMEOUT", "250")
    monkeypatch.setenv("OPENAI_BASE_URL", local_chat)
    shop = make_library(ferry, bridge)
    with open_pipeline(shop.library.folder) as opened:
        yield opened


def test_real_server_streams_a_cited_answer_with_its_usage(pipeline):
    first, *events, answer = pipeline.stream(COST, as_of=DAY)
    assert isinstance(first, Found)
    assert isinstance(answer, Answer)
    # It did reply; whether that holds is another matter with a model so small.
    assert not any("answered without" in step.detail for step in answer.trace)
    # It came in pieces, not at once, and bears a marker.
    texts = [event.text for event in events if isinstance(event, Text)]
    assert len(texts) > 3
    assert "[1]" in "".join(texts)
    for citation in answer.citations:
        text = pipeline.library.article(citation.article_id).text
        assert text[citation.start : citation.end] == citation.quote
    asked = messages(understand(COST, as_of=DAY), answer.hits)
    estimated = sum(estimate_tokens(text) for _, text in asked)
    assert 0.9 * estimated < answer.usage.input_tokens < 1.2 * estimated
    assert 0 < answer.usage.output_tokens <= 60


def test_prompt_that_is_too_long_for_a_real_server_is_asked_with_half(pipeline):
    # The server reads 1,024 tokens, the passages and what stands before them are more.
    texts = [f"The river of valley {number} is long. " * 36 for number in "ab"]
    passages = [Article.create(text).passage(0, len(text) - 1) for text in texts]
    reading = Reading(tuple(Hit(each, 1.0) for each in passages), (), 0.5, "Not sure")
    *_, last = pipeline.parts.composer.compose(
        understand("How long is the river?", as_of=DAY), reading
    )
    assert any("half of the passages" in step.detail for step in last.steps)
    assert last.usage.input_tokens > 500
