"""Chat completions as OpenAI's own client sees them."""

import asyncio
import json

import httpx2
import openai
import pytest
from pydantic import BaseModel

from qa.errors import IndexUnavailable
from qa.records.trace import Usage
from tests.ui.api.conftest import BASE
from ui.service import Service

ASKED = [{"role": "user", "content": "How many sailors died?"}]


@pytest.fixture
def using(app):
    """``using(do)``: what ``do(client)`` gives, with OpenAI's asynchronous client."""

    def use(do):
        async def run():
            transport = httpx2.ASGITransport(app)
            async with (
                httpx2.AsyncClient(transport=transport) as http,
                openai.AsyncOpenAI(
                    base_url=f"{BASE}/v1", api_key="none", http_client=http, max_retries=0
                ) as client,
            ):
                return await do(client)

        return asyncio.run(run())

    return use


def completion(client, **options):
    return client.chat.completions.create(model="article-qa", messages=ASKED, **options)


def test_answer_comes_with_usage(using):
    reply = using(completion)
    assert "Nine sailors died" in reply.choices[0].message.content
    assert reply.choices[0].message.annotations[0].url_citation.title == (
        "Ferry lost off Cape Tarrow"
    )
    assert reply.usage.total_tokens == 0


def test_usage_is_that_of_the_chat_model(using, service, monkeypatch):
    from dataclasses import replace

    ask = service.ask
    monkeypatch.setattr(service, "ask", lambda asked: replace(ask(asked), usage=Usage(30, 12, 0.1)))
    usage = using(completion).usage
    assert (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) == (30, 12, 42)


async def pieces(client, **options):
    return [each async for each in await completion(client, stream=True, **options)]


def test_stream_tells_the_usage_last_where_it_is_wanted(using):
    async def told(client):
        return await pieces(client, stream_options={"include_usage": True})

    *words, last = using(told)
    assert (last.choices, last.usage.total_tokens) == ([], 0)
    assert all(piece.usage is None for piece in words)
    assert "".join(piece.choices[0].delta.content or "" for piece in words).startswith("Nine")
    assert all(piece.choices for piece in using(pieces))


def test_model_is_found_by_its_name_and_no_other_is(using):
    assert using(lambda client: client.models.retrieve("article-qa")).id == "article-qa"
    with pytest.raises(openai.NotFoundError, match="there is no model 'gpt-4o'") as caught:
        using(lambda client: client.models.retrieve("gpt-4o"))
    assert (caught.value.code, caught.value.param) == ("model_not_found", "model")


@pytest.mark.parametrize("stream", [False, True])
def test_completion_by_a_model_that_is_not_listed_is_refused(using, stream):
    def ask(client):
        return client.chat.completions.create(model="gpt-4o", messages=ASKED, stream=stream)

    with pytest.raises(openai.NotFoundError, match="the only one is 'article-qa'") as caught:
        using(ask)
    assert (caught.value.code, caught.value.param) == ("model_not_found", "model")


def test_object_holds_the_answer_and_its_citations(using, ferry):
    reply = using(lambda client: completion(client, response_format={"type": "json_object"}))
    given = json.loads(reply.choices[0].message.content)
    cited = given["citations"][0]
    assert ferry.text[cited["start"] : cited["end"]] == cited["quote"]
    assert given["abstained"] is False


class Told(BaseModel):
    answer: str
    confidence: float
    abstained: bool


def test_answer_is_parsed_into_a_type_of_the_client(using):
    reply = using(
        lambda client: client.chat.completions.parse(
            model="article-qa", messages=ASKED, response_format=Told
        )
    )
    parsed = reply.choices[0].message.parsed
    assert isinstance(parsed, Told)
    assert parsed.answer.startswith("Nine sailors died")


class Strange(BaseModel):
    mood: str


class Mistyped(BaseModel):
    confidence: str


@pytest.mark.parametrize(("kind", "named"), [(Strange, "mood"), (Mistyped, "confidence")])
def test_type_that_no_answer_has_is_refused_by_name(using, kind, named):
    with pytest.raises(openai.BadRequestError, match=f"no {named} of that type") as caught:
        using(
            lambda client: client.chat.completions.parse(
                model="article-qa", messages=ASKED, response_format=kind
            )
        )
    assert caught.value.param == "response_format"


@pytest.mark.parametrize(
    "given",
    [5, {}, {"schema": 5}, {"schema": {"required": 5}}, {"schema": {"properties": ["text"]}},
     {"schema": {"properties": {"text": {"type": [{}]}}}},
     {"schema": {"properties": {"text": {"type": {"a": 1}}}}}],
    ids=str,
)  # fmt: skip
def test_schema_that_is_none_is_refused(using, given):
    asked = {"response_format": {"type": "json_schema", "json_schema": given}}
    with pytest.raises(openai.BadRequestError) as caught:
        using(lambda client: completion(client, extra_body=asked))
    assert caught.value.param == "response_format"


TOOL = {"type": "function", "function": {"name": "weather", "parameters": {}}}


@pytest.mark.parametrize(
    ("options", "param"),
    [({"tools": [TOOL]}, "tools"), ({"n": 2}, "n"),
     ({"logprobs": True}, "logprobs"), ({"logprobs": True, "top_logprobs": 2}, "logprobs"),
     ({"modalities": ["text", "audio"]}, "modalities"),
     ({"response_format": {"type": "xml"}}, "response_format")],
)  # fmt: skip
def test_what_is_not_offered_is_refused_with_its_name(using, options, param):
    with pytest.raises(openai.BadRequestError) as caught:
        using(lambda client: completion(client, **options))
    assert (caught.value.param, caught.value.code) == (param, "unsupported_value")


def test_what_changes_nothing_here_is_taken(using):
    reply = using(
        lambda client: completion(
            client, temperature=0.2, top_p=1, seed=7, user="ada", logprobs=False, n=1, stop=[],
            max_tokens=4096, presence_penalty=0, frequency_penalty=0, parallel_tool_calls=False,
        )
    )  # fmt: skip
    assert (reply.choices[0].finish_reason, len(reply.choices[0].message.annotations)) == (
        "stop",
        1,
    )


@pytest.mark.parametrize("limit", ["max_tokens", "max_completion_tokens"])
def test_reply_is_as_long_as_asked_and_says_that_it_is_cut(using, limit):
    choice = using(lambda client: completion(client, **{limit: 3})).choices[0]
    assert (choice.message.content, choice.finish_reason) == ("Nine sailors", "length")
    assert choice.message.annotations == []
    *words, last = using(lambda client: pieces(client, **{limit: 3}))
    assert "".join(each.choices[0].delta.content or "" for each in words) == "Nine sailors"
    assert last.choices[0].finish_reason == "length"


@pytest.mark.parametrize("stop", [" died", ["Ferry", " died"]])
def test_reply_ends_before_a_stop(using, stop):
    choice = using(lambda client: completion(client, stop=stop)).choices[0]
    assert (choice.message.content, choice.finish_reason) == ("Nine sailors", "stop")


@pytest.mark.parametrize(
    ("options", "param", "words"),
    [
        ({"messages": [{"role": "wizard", "content": "Who?"}]}, "messages.0.role",
         "'wizard' is none of 'developer', 'system', 'user', 'assistant'"),
        ({"messages": [{"role": "user", "content": "???"}]}, "messages",
         "422 - a question has at least one word$"),
        ({"messages": ASKED, "max_tokens": 0}, "max_tokens", "0 is too low; at least 1"),
        ({"messages": ASKED, "n": 0}, "n", "0 is too low; at least 1"),
        ({"messages": ASKED, "stop": 5}, "stop", "5 is no list"),
        ({"messages": ASKED, "max_tokens": "many"}, "max_tokens", "'many' is no whole number"),
    ],
)  # fmt: skip
def test_value_that_cannot_be_is_refused_with_its_name(using, options, param, words):
    with pytest.raises(openai.UnprocessableEntityError, match=words) as caught:
        using(lambda client: client.chat.completions.create(model="article-qa", **options))
    assert caught.value.param == param


def test_tools_that_may_not_be_used_are_no_matter(using):
    reply = using(lambda client: completion(client, tools=[TOOL], tool_choice="none"))
    assert "Nine" in reply.choices[0].message.content


def test_embeddings_are_refused_with_what_is_offered(using):
    with pytest.raises(openai.NotFoundError, match="/v1/embeddings is not offered") as caught:
        using(lambda client: client.embeddings.create(model="x", input="Words"))
    assert "/v1/chat/completions" in str(caught.value)
    assert caught.value.code == "not_offered"


def test_request_that_is_wrong_names_the_part(using):
    with pytest.raises(openai.UnprocessableEntityError) as caught:
        using(lambda client: client.chat.completions.create(model="x", messages=[]))
    assert caught.value.param == "messages"


def test_error_within_a_stream_is_raised_with_its_words(using, service, monkeypatch):
    def fail(self, asked):
        raise IndexUnavailable(f"{service.library.folder}/chroma is damaged")

    monkeypatch.setattr(Service, "ask", fail)
    with pytest.raises(openai.APIError, match="…/chroma is damaged"):
        using(pieces)


def test_path_of_openai_that_is_none_has_its_shape(call):
    reply = call("POST", "/v1/responses", json={"input": "Who?"})
    assert reply.status_code == 404
    assert "/v1/responses is not offered" in reply.json()["error"]["message"]
