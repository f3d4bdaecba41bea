"""OpenAI's chat completions over the articles, so that existing chat clients can ask them.

The last user message is the question. Citations are annotations of the message: each marker
``[n]`` of its text has a ``url_citation``. What is streamed has been verified before.
"""

import json
import secrets
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from qa.errors import QAError
from qa.records.answer import Answer
from qa.records.article import Citation
from ui.api.rest import EventStream
from ui.guard.problems import last_word
from ui.html.markup import article_link, web_address
from ui.schemas import LONGEST_QUESTION, AskRequest, ChatProblem, ChatRequest, TurnIn
from ui.service import Service

__all__ = ["MODEL", "annotated", "make_chat_router"]

MODEL = "article-qa"


def make_chat_router(service: Service) -> APIRouter:
    """``/v1/models`` and ``/v1/chat/completions``."""
    failures: dict[int | str, dict[str, Any]] = {
        status: {"model": ChatProblem} for status in ("4XX", "503")
    }
    router = APIRouter(prefix="/v1", responses=failures)

    @router.get("/models")
    def models() -> dict[str, Any]:
        """The one model there is."""
        model = {"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}
        return {"object": "list", "data": [model]}

    @router.post("/chat/completions")
    async def complete(chat: ChatRequest, request: Request) -> Response:
        """Answer the last user message from the articles, with citations as annotations."""
        asked = AskRequest(question=_question(chat), history=_history(chat))
        base = str(request.base_url).rstrip("/")
        if chat.stream:
            return EventStream(service.asking.stream(lambda: _chunks(service, asked, base)))
        return JSONResponse(await service.asking.run(lambda: _completion(service, asked, base)))

    return router


def _completion(service: Service, asked: AskRequest, base: str) -> dict[str, Any]:
    answer = service.ask(asked)
    content, notes = annotated(answer, base)
    message = {"role": "assistant", "content": content, "annotations": notes, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    usage = {
        "prompt_tokens": answer.usage.input_tokens,
        "completion_tokens": answer.usage.output_tokens,
        "total_tokens": answer.usage.input_tokens + answer.usage.output_tokens,
    }
    return {**_head("chat.completion"), "choices": [choice], "usage": usage}


def annotated(answer: Answer, base: str) -> tuple[str, list[dict[str, Any]]]:
    """The answer as text with markers, and an annotation for each marker with its place there.

    An article without an address of its own is cited at ``base``, where it can be read.
    """
    if answer.abstained:
        return answer.text, []
    numbers = {citation: number for number, citation in enumerate(answer.citations, start=1)}
    content = ""
    notes: list[dict[str, Any]] = []
    led = [("", statement) for statement in answer.statements]
    for conflict in answer.conflicts:
        leads = [f"{conflict.heading}: ", *[""] * len(conflict.sides)]
        led += zip(leads, conflict.sides, strict=False)
    for lead, said in led:
        content += (" " if content else "") + lead + said.text
        for citation in said.citations:
            mark = f" [{numbers[citation]}]"
            notes.append(_note(citation, len(content) + 1, len(content) + len(mark), base))
            content += mark
    # Of a question of several parts, what is left open.
    return f"{content} {answer.reason}" if answer.reason else content, notes


def _note(citation: Citation, start: int, end: int, base: str) -> dict[str, Any]:
    here = article_link(citation.article_id, (citation.start, citation.end), citation.quote)
    cited = {
        "start_index": start,
        "end_index": end,
        "title": citation.title,
        "url": web_address(citation.url) or base + here,
    }
    # Beyond OpenAI's fields: the exact characters, which are what a citation is here.
    exact = {
        "article_id": citation.article_id,
        "article_start": citation.start,
        "article_end": citation.end,
        "quote": citation.quote,
    }
    return {"type": "url_citation", "url_citation": {**cited, **exact}}


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


def _chunks(service: Service, asked: AskRequest, base: str) -> Iterator[str]:
    head = _head("chat.completion.chunk")
    # Before the answer is worked out, so that the client knows it is coming.
    yield _chunk(head, {"role": "assistant", "content": ""})
    try:
        content, notes = annotated(service.ask(asked), base)
    except (QAError, ValueError) as error:
        # The reply has begun, so its status can tell nothing any more.
        yield last_word("/v1/", str(error)).decode()
        return
    words = content.split(" ")
    for number, word in enumerate(words):
        yield _chunk(head, {"content": word if number == len(words) - 1 else f"{word} "})
    yield _chunk(head, {"annotations": notes}, finished=True)
    yield "data: [DONE]\n\n"


def _head(kind: str) -> dict[str, Any]:
    key = f"chatcmpl-{secrets.token_hex(12)}"
    return {"id": key, "object": kind, "created": int(time.time()), "model": MODEL}


def _chunk(head: dict[str, Any], delta: dict[str, Any], *, finished: bool = False) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": "stop" if finished else None}
    return f"data: {json.dumps({**head, 'choices': [choice]}, ensure_ascii=False)}\n\n"
