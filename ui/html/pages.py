"""Whole pages that need no app: an article with the cited characters marked, the login,
and what the interface offers. The markup is in ``templates/page.jinja``.
"""

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from qa.language.cleaning import one_line
from qa.records.article import Article, Passage
from qa.runtime.templates import macros
from ui.html.markup import article_link, seal, web_address

__all__ = ["article_page", "docs_page", "login_page", "markup_page", "message_page"]


def article_page(
    versions: Sequence[Article],
    passages: Sequence[Passage],
    span: tuple[int, int] | None = None,
    sealed: str = "",
) -> str:
    """An article as text, with ``span`` marked. ``versions`` is never empty, the current last.

    The span is marked in the newest version that still has the characters that were ``sealed``;
    in the current one, unmarked and with a word about it, when none has them.
    """
    shown, note = versions[-1], ""
    if span:
        holding = [article for article in versions if _holds(article, span, sealed)]
        if holding:
            shown = holding[-1]
        else:
            span, note = None, "The quoted characters are in no version that is kept."
        if shown.version != versions[-1].version:
            note = f"This is version {shown.version} of {len(versions)}: the text changed since."
    title = one_line(shown.title) or "Untitled"
    return str(_MACROS["article"](title, note, shown, span, passages, versions))


def markup_page(title: str, markup: str) -> str:
    """A page of markup that other templates made, in which every value was escaped."""
    return str(_MACROS["wide_page"](title, markup))


def login_page(*, wrong: str = "", tokens: bool = False, wanted: str = "/") -> str:
    """Asks for a name and password; ``tokens`` says that a token alone will do, ``wanted`` is the
    path to go to then.
    """
    return str(_MACROS["login"](wrong, tokens, wanted))


def message_page(title: str, words: str, *, back: bool = False) -> str:
    """A page with one message; ``back`` adds a link to the questions."""
    return str(_MACROS["message"](title, words, back))


def docs_page(described: Mapping[str, Any], address: str) -> str:
    """The interface as OpenAPI describes it: every route, what it takes and gives, and how it is
    called with curl; ``address`` is that of the server.
    """
    return str(_MACROS["interface"](described, address, partial(_call, described, address)))


def _call(
    described: Mapping[str, Any],
    address: str,
    method: str,
    path: str,
    route: Mapping[str, Any],
) -> str:
    """The line for a shell that calls a route."""
    needed = [
        f"{each['name']}={_example(described, each['schema'])}"
        for each in route.get("parameters", ())
        if each["in"] == "query" and each.get("required")
    ]
    query = f"?{'&'.join(needed)}" if needed else ""
    parts = ["curl", *([] if method == "get" else ["-X", method.upper()])]
    parts.append(shlex.quote(address + path.replace(":path}", "}") + query))
    contents = route.get("requestBody", {}).get("content", {})
    if "application/json" in contents:
        given = _example(described, contents["application/json"]["schema"])
        words = json.dumps(given, ensure_ascii=False)
        parts += ["-H", "'content-type: application/json'", "-d", shlex.quote(words)]
    elif "multipart/form-data" in contents:
        parts += ["-F", "files=@article.pdf"]
    return " ".join(parts)


def _example(described: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    """Something that the schema allows: its own example, else what has to be there."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _example(described, described["components"]["schemas"][name])
    if schema.get("examples"):
        return schema["examples"][0]
    if "properties" in schema:
        required = schema.get("required", ())
        chosen = {
            name: each
            for name, each in schema["properties"].items()
            if name in required or each.get("examples")
        } or dict([*schema["properties"].items()][:1])
        return {name: _example(described, each) for name, each in chosen.items()}
    if "enum" in schema:
        return schema["enum"][0]
    if "items" in schema:
        return [_example(described, schema["items"])]
    return {"integer": 1, "number": 1, "boolean": True}.get(str(schema.get("type")), "…")


def _holds(article: Article, span: tuple[int, int], sealed: str) -> bool:
    start, end = span
    inside = 0 <= start < end <= len(article.text)
    return inside and (not sealed or seal(article.text[start:end]) == sealed)


_MACROS = macros(
    "ui.html",
    "page",
    article_link=article_link,
    json=lambda schema: json.dumps(schema, indent=2),
    one_line=one_line,
    # Every second part stood between double backticks.
    prose=lambda words: re.split("``(.+?)``", words),
    web_address=web_address,
)
