"""Whole pages that need no app: the login, messages, and what the interface offers.

The markup is in ``templates/page.jinja``.
"""

import json
import re
import shlex
from collections.abc import Mapping
from functools import partial
from typing import Any

from qa.runtime.templates import macros
from ui.locales.wording import TEMPLATE_WORDS

__all__ = ["docs_page", "login_page", "markup_page", "message_page"]


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


_MACROS = macros(
    "ui.html",
    "page",
    **TEMPLATE_WORDS,
    json=lambda schema: json.dumps(schema, indent=2),
    # Every second part stood between double backticks.
    prose=lambda words: re.split("``(.+?)``", words),
)
