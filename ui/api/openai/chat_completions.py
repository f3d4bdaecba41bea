"""OpenAI's chat completions over the articles, so that existing chat clients can ask them.

The last user message is the question. Citations are annotations of the message: each marker
``[n]`` of its text has a ``url_citation``. What is streamed has been verified before: it cannot be
taken back here.
"""

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError

from qa.errors import QAError
from qa.records.answer import Answer
from ui.api.openai.answer_text import FIELDS, Content, content_of, unknown_properties, usage_of
from ui.api.openai.schemas import ChatProblem, ChatRequest
from ui.api.rest import EventStream
from ui.guard.problems import last_word, problem
from ui.html.plain_text import fault_text
from ui.schemas import LONGEST_QUESTION, AskRequest, TurnIn
from ui.service import Service

__all__ = ["MODEL", "make_chat_router"]

MODEL = "article-qa"
_MODEL = {"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}
_OFFERED = "chat completions (/v1/chat/completions) and the list of models (/v1/models)"
# Where the shape of errors is OpenAI's.
_PATH = "/v1/"
_DOORS = ("GET", "POST", "DELETE")
_TAKES = {"models": "GET", "chat/completions": "POST"}


class _Refusal(Exception):
    """What is not offered, with the parameter that asks for it."""

    def __init__(self, words: str, param: str) -> None:
        super().__init__(words)
        self.param = param


def make_chat_router(service: Service) -> APIRouter:
    """``/v1/models``, ``/v1/chat/completions``, and a plain no to everything else below ``/v1``."""
    failures: dict[int | str, dict[str, Any]] = {
        status: {"model": ChatProblem} for status in ("4XX", "503")
    }
    router = APIRouter(prefix="/v1", responses=failures)

    @router.get("/models")
    def models() -> dict[str, Any]:
        """The one model there is."""
        return {"object": "list", "data": [_MODEL]}

    @router.get("/models/{model}")
    def model(model: str) -> Response:
        """The same by its name."""
        return JSONResponse(_MODEL) if model == MODEL else _unknown_model(model)

    @router.post("/chat/completions")
    async def complete(chat: ChatRequest, request: Request) -> Response:
        """Answer the last user message from the articles, with citations as annotations.

        ``response_format`` may be ``json_object``, or ``json_schema`` with properties that an
        answer has. ``stream_options.include_usage`` adds a last piece with the tokens used.
        ``stop`` and ``max_tokens`` (of four characters) cut the reply. Tools, ``logprobs``, audio
        and more than one choice are refused, and so is a ``model`` that is not listed.
        """
        if chat.model not in ("", MODEL):
            return _unknown_model(chat.model)
        try:
            schema = _json_schema(chat)
        except _Refusal as refusal:
            words, param = str(refusal), refusal.param
            return problem(_PATH, 400, words, param=param, code="unsupported_value")
        try:
            asked = AskRequest(question=_question(chat), history=_history(chat))
        except ValidationError as error:
            return problem(_PATH, 422, fault_text(error.errors()[0]), param="messages")
        base = str(request.base_url).rstrip("/")

        def content(answer: Answer) -> Content:
            whole = content_of(answer, base, schema)
            return whole.ending_before(chat.stop or []).within(chat.most_tokens)

        if chat.stream:
            tells_usage = bool(chat.stream_options and chat.stream_options.include_usage)
            return EventStream(
                service.asking.stream(lambda: _chunks(service, asked, content, tells_usage))
            )
        return JSONResponse(await service.asking.run(lambda: _completion(service, asked, content)))

    @router.api_route("/{other:path}", methods=[*_DOORS], include_in_schema=False)
    def refuse(other: str) -> Response:
        # Whatever was sent, 404 is what clients neither repeat nor take for their own mistake.
        if takes := _TAKES.get(other):
            words = f"/v1/{other} takes {takes} alone"
            return problem(_PATH, 405, words, {"allow": takes}, code="method_not_allowed")
        words = f"/v1/{other} is not offered by article-qa, which has {_OFFERED}"
        return problem(_PATH, 404, words, code="not_offered")

    return router


def _unknown_model(model: str) -> Response:
    words = f"there is no model {model[:200]!r}; the only one is {MODEL!r}"
    return problem(_PATH, 404, words, param="model", code="model_not_found")


def _json_schema(chat: ChatRequest) -> Mapping[str, Any] | None:
    """The schema of the reply, empty for any object; None for text. Raises _Refusal."""
    if chat.tools or chat.functions:
        asks_for = "tools" if chat.tools else "functions"
        if chat.tool_choice != "none":
            words = "tools are not offered: the articles answer; leave them out"
            raise _Refusal(words, asks_for)
    if chat.n not in (None, 1):
        raise _Refusal(f"n is {chat.n}; there is one answer", "n")
    if chat.logprobs or chat.top_logprobs:
        raise _Refusal("logprobs are not offered: the articles answer; leave them out", "logprobs")
    if strange := [each for each in chat.modalities or () if each != "text"]:
        raise _Refusal(
            f"the modality {strange[0]!r} is not offered; replies are text", "modalities"
        )
    given = chat.response_format or {}
    kind = given.get("type", "text")
    if kind == "text":
        return None
    if kind == "json_object":
        return {}
    named = given.get("json_schema") if kind == "json_schema" else None
    schema = named.get("schema") if isinstance(named, dict) else None
    if kind == "json_schema" and not isinstance(schema, dict):
        raise _Refusal("json_schema holds no schema, which is an object", "response_format")
    if not isinstance(schema, dict):
        words = f"the response_format {kind!r} is none of text, json_object, json_schema"
        raise _Refusal(words, "response_format")
    try:
        strange = unknown_properties(schema)
    except ValueError as error:
        raise _Refusal(str(error), "response_format") from error
    if strange:
        offered = ", ".join(f"{name} ({kinds[0]})" for name, kinds in FIELDS.items())
        words = f"an answer has no {', '.join(strange)} of that type; it has {offered}"
        raise _Refusal(words, "response_format")
    return schema


def _completion(
    service: Service, asked: AskRequest, content_for: Callable[[Answer], Content]
) -> dict[str, Any]:
    answer = service.ask(asked)
    content = content_for(answer)
    message = {
        "role": "assistant",
        "content": content.text,
        "annotations": content.annotations,
        "refusal": None,
    }
    reason = content.finish_reason
    choice = {"index": 0, "message": message, "finish_reason": reason, "logprobs": None}
    return {**_head("chat.completion"), "choices": [choice], "usage": usage_of(answer)}


def _question(chat: ChatRequest) -> str:
    asked = next((each.text for each in reversed(chat.messages) if each.role == "user"), "")
    if not asked:
        raise ValueError("there is no user message with text in it")
    if len(asked) > LONGEST_QUESTION:
        raise ValueError(f"the question has {len(asked)} characters; at most {LONGEST_QUESTION}")
    return asked


def _history(chat: ChatRequest) -> list[TurnIn]:
    """What was asked before the last user message, each with the reply that followed."""
    said = [each for each in chat.messages if each.role in ("user", "assistant") and each.text]
    last = max(number for number, each in enumerate(said) if each.role == "user")
    return [
        TurnIn(question=one.text[:LONGEST_QUESTION], text=other.text[: 20 * LONGEST_QUESTION])
        for one, other in pairwise(said[:last])
        if (one.role, other.role) == ("user", "assistant")
    ]


def _chunks(
    service: Service,
    asked: AskRequest,
    content_for: Callable[[Answer], Content],
    tells_usage: bool,
) -> Iterator[str]:
    head = _head("chat.completion.chunk")
    if tells_usage:
        head["usage"] = None
    # Before the answer is worked out, so that the client knows it is coming.
    yield _chunk(head, {"role": "assistant", "content": ""})
    try:
        answer = service.ask(asked)
        content = content_for(answer)
    except (QAError, ValueError) as error:
        # The reply has begun, so its status can tell nothing any more.
        yield last_word(_PATH, service.explain(error)).decode()
        return
    words = content.text.split(" ")
    for number, word in enumerate(words):
        yield _chunk(head, {"content": word if number == len(words) - 1 else f"{word} "})
    yield _chunk(head, {"annotations": content.annotations}, reason=content.finish_reason)
    if tells_usage:
        yield _event({**head, "choices": [], "usage": usage_of(answer)})
    yield "data: [DONE]\n\n"


def _head(kind: str) -> dict[str, Any]:
    key = f"chatcmpl-{secrets.token_hex(12)}"
    return {"id": key, "object": kind, "created": int(time.time()), "model": MODEL}


def _chunk(head: dict[str, Any], delta: dict[str, Any], *, reason: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return _event({**head, "choices": [choice]})


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"
