"""An answer as the content of a chat message: text with markers and annotations, or JSON.

Knows what OpenAI calls things, and nothing of requests.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from qa.records.answer import Answer
from qa.records.article import Citation
from ui.html.markup import article_link, remote_words, web_address

__all__ = [
    "FIELDS",
    "Content",
    "annotated",
    "content_of",
    "json_content",
    "unknown_properties",
    "usage_of",
]

# What a reply in JSON can hold, with the types that JSON Schema has for it.
FIELDS: dict[str, tuple[str, ...]] = {
    "text": ("string",),
    "answer": ("string",),
    "short": ("string",),
    "abstained": ("boolean",),
    "reason": ("string",),
    "confidence": ("number",),
    "kind": ("string",),
    "statements": ("array",),
    "citations": ("array",),
    "notes": ("array",),
    "next_questions": ("array",),
}


# A token is counted as so many characters; no tokenizer is at hand.
_TOKEN_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says, its annotations, and why it ends there."""

    text: str
    annotations: list[dict[str, Any]]
    finish_reason: Literal["stop", "length"] = "stop"

    def ending_before(self, marks: Sequence[str]) -> "Content":
        """The same up to the first of the marks.

        >>> Content("One. Two.", []).ending_before(["Two", "ne"]).text
        'O'
        """
        places = [place for mark in marks if mark and (place := self.text.find(mark)) >= 0]
        return self._cut(min(places), self.finish_reason) if places else self

    def within(self, most_tokens: int | None) -> "Content":
        """The same of so many tokens at most, as whole words; None: all of it."""
        if most_tokens is None or len(self.text) <= most_tokens * _TOKEN_LENGTH:
            return self
        space = self.text.rfind(" ", 0, most_tokens * _TOKEN_LENGTH + 1)
        return self._cut(space if space > 0 else most_tokens * _TOKEN_LENGTH, "length")

    def _cut(self, end: int, reason: Literal["stop", "length"]) -> "Content":
        whole = [each for each in self.annotations if each["url_citation"]["end_index"] <= end]
        return Content(self.text[:end], whole, reason)


def content_of(answer: Answer, base: str, schema: Mapping[str, Any] | None) -> Content:
    """The content of the message; ``schema`` is that of a reply in JSON."""
    if schema is None:
        return Content(*annotated(answer, base))
    return Content(json_content(answer, schema), [])


def annotated(answer: Answer, base: str) -> tuple[str, list[dict[str, Any]]]:
    """The answer as text with markers, and an annotation for each marker with its place there.

    An article without an address of its own is cited at ``base``, where it can be read.
    """
    if answer.abstained:
        return answer.text, []
    numbers = answer.source_numbers
    content = ""
    notes: list[dict[str, Any]] = []
    led = [("", statement) for statement in answer.statements]
    for conflict in answer.conflicts:
        leads = [f"{conflict.heading.text()}: ", *[""] * len(conflict.sides)]
        led += zip(leads, conflict.sides, strict=False)
    for lead, said in led:
        content += (" " if content else "") + lead + said.text
        for citation in said.citations:
            mark = f" [{numbers[citation]}]"
            notes.append(_note(citation, len(content) + 1, len(content) + len(mark), base))
            content += mark
    # Of a question of several parts, what is left open.
    return f"{content} {answer.reason}" if answer.reason else content, notes


def json_content(answer: Answer, schema: Mapping[str, Any]) -> str:
    """The answer as a JSON object with the properties of the schema; all of FIELDS without any."""
    whole = answer.to_dict()
    values = {
        **{name: whole[name] for name in FIELDS if name in whole},
        "text": answer.text,
        "answer": answer.text,
        "notes": [*map(remote_words, answer.notes)],
        "citations": [each.to_dict() for each in answer.citations],
    }
    names = [*(schema.get("properties") or {})] or [name for name in FIELDS if name != "answer"]
    return json.dumps({name: values[name] for name in names}, ensure_ascii=False)


def unknown_properties(schema: Mapping[str, Any]) -> list[str]:
    """The properties of a schema that no reply has, or that are of another type in it. Raises
    ValueError for what is no schema.
    """
    properties, required = schema.get("properties") or {}, schema.get("required") or []
    if not isinstance(properties, Mapping) or not isinstance(required, list):
        raise ValueError(
            "the schema has properties, an object, and required, a list of their names"
        )
    strange = [name for name, each in properties.items() if not _fits(name, each)]
    strange += [str(name) for name in required if str(name) not in FIELDS]
    return [*dict.fromkeys(strange)]


def usage_of(answer: Answer) -> dict[str, int]:
    """The tokens that a chat model took; none where the articles' own sentences answered."""
    return {
        "prompt_tokens": answer.usage.input_tokens,
        "completion_tokens": answer.usage.output_tokens,
        "total_tokens": answer.usage.input_tokens + answer.usage.output_tokens,
    }


def _fits(name: str, schema: Any) -> bool:
    kind = schema.get("type") if isinstance(schema, Mapping) else None
    kinds = {*map(str, kind)} if isinstance(kind, list) else {str(kind)} if kind else set()
    return name in FIELDS and (not kinds or bool(kinds & {*FIELDS[name]}))


def _note(citation: Citation, start: int, end: int, base: str) -> dict[str, Any]:
    here = article_link(citation.article_id, (citation.start, citation.end), citation.quote)
    cited = {
        "start_index": start,
        "end_index": end,
        "title": citation.title,
        "url": web_address(citation.url) or f"{base}/{here}",
    }
    # Beyond OpenAI's fields: the exact characters, which are what a citation is here.
    exact = {
        "article_id": citation.article_id,
        "article_start": citation.start,
        "article_end": citation.end,
        "quote": citation.quote,
    }
    return {"type": "url_citation", "url_citation": {**cited, **exact}}
