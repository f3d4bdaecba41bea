"""Whole pages that need no app: an article with the cited characters marked, the login,
and what the interface offers.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from qa.language.cleaning import one_line
from qa.records.article import Article, Passage
from ui.html.markup import article_link, seal, text, web_address

__all__ = ["article_page", "docs_page", "login_page", "plain_page"]

_OPENING = 90


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
    return plain_page(
        one_line(shown.title) or "Untitled",
        f"{f'<p class=note role=status>{text(note)}</p>' if note else ''}{_facts(shown)}"
        f"<div class=text>{_marked(shown.text, span)}</div>{_passages(shown, passages)}"
        f"{_versions(versions)}",
    )


def login_page(*, wrong: str = "", tokens: bool = False) -> str:
    """Asks for a name and password; ``tokens`` says that a token alone will do."""
    note = f"<p class=note role=alert>{text(wrong)}</p>" if wrong else ""
    hint = "<p class=soft>With the token: leave the name empty.</p>" if tokens else ""
    return plain_page(
        "Log in",
        f"<form class=login method=post action=/login>{note}"
        "<label>Name <input name=name autocomplete=username autofocus></label>"
        "<label>Password <input name=password type=password autocomplete=current-password "
        f"required></label>{hint}<button>Log in</button></form>",
    )


def plain_page(title: str, body: str) -> str:
    """A page of this app; ``body`` is HTML."""
    return (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width, initial-scale=1'>"
        f"<title>{text(title)} · article-qa</title>"
        "<link rel=stylesheet href=/static-ui/app.css><script src=/static-ui/theme.js></script>"
        f"<body class=page><main><h1>{text(title)}</h1>{body}</main></body></html>"
    )


def _holds(article: Article, span: tuple[int, int], sealed: str) -> bool:
    start, end = span
    inside = 0 <= start < end <= len(article.text)
    return inside and (not sealed or seal(article.text[start:end]) == sealed)


def _marked(article: str, span: tuple[int, int] | None) -> str:
    if span is None:
        return text(article)
    start, end = span
    cited = f"<mark id=cited tabindex=-1>{text(article[start:end])}</mark>"
    return f"{text(article[:start])}{cited}{text(article[end:])}"


def _facts(article: Article) -> str:
    address = web_address(article.url)
    original = (
        f'<a href="{text(address)}" target=_blank rel="noopener noreferrer">Original ↗</a>'
        if address
        else ""
    )
    facts = [
        text(article.source or "Unknown source"),
        f"{article.published:%d %B %Y}" if article.published else "undated",
        f"updated {article.updated:%d %B %Y}" if article.updated else "",
        f"by {text(article.author)}" if article.author else "",
        original,
    ]
    return f"<p class=facts>{' · '.join(fact for fact in facts if fact)}</p>"


def _passages(article: Article, passages: Sequence[Passage]) -> str:
    rows = "".join(
        f'<li><a href="{text(article_link(article.id, (each.start, each.end), each.text))}">'
        f"{each.start:,} to {each.end:,}</a> {text(one_line(each.text)[:_OPENING])} …</li>"
        for each in passages
    )
    return f"<details><summary>Passages ({len(passages)})</summary><ol>{rows}</ol></details>"


def _versions(versions: Sequence[Article]) -> str:
    if len(versions) < 2:
        return ""
    rows = "".join(
        f"<li>Version {each.version}"
        f"{f', taken in {each.ingested:%d %B %Y}' if each.ingested else ''}: "
        f"{text(one_line(each.title))}, {len(each.text):,} characters</li>"
        for each in versions
    )
    return f"<details><summary>Versions ({len(versions)})</summary><ol>{rows}</ol></details>"


def docs_page(described: Mapping[str, Any]) -> str:
    """The interface as OpenAPI describes it: every route, what it takes and what it gives."""
    parts = []
    for path, methods in described["paths"].items():
        for method, route in methods.items():
            parts.append(
                f"<section><h2><code>{text(method.upper())} {text(path)}</code></h2>"
                f"<p>{_prose(route.get('description') or route.get('summary', ''))}</p>"
                f"{_parameters(route)}</section>"
            )
    schemas = described.get("components", {}).get("schemas", {})
    types = "".join(
        f"<details id=type-{text(name)}><summary>{text(name)}</summary>"
        f"<pre>{text(json.dumps(schema, indent=2))}</pre></details>"
        for name, schema in schemas.items()
    )
    return plain_page(
        "Interface",
        "<p>Also as <a href=/openapi.json>OpenAPI</a>. MCP over streamable HTTP is at "
        f"<code>/mcp</code>.</p>{''.join(parts)}<h2>Types</h2>{types}",
    )


def _prose(words: str) -> str:
    return re.sub("``(.+?)``", r"<code>\1</code>", text(words))


def _parameters(route: Mapping[str, Any]) -> str:
    rows = [
        f"<li><code>{text(each['name'])}</code> ({text(each['in'])})"
        for each in route.get("parameters", ())
    ]
    bodies = route.get("requestBody", {}).get("content", {})
    rows += [
        f"<li>body, {text(media)}: {_type(body.get('schema', {}))}"
        for media, body in bodies.items()
    ]
    for status, reply in route.get("responses", {}).items():
        for media, body in reply.get("content", {}).items():
            rows.append(f"<li>{text(status)}, {text(media)}: {_type(body.get('schema', {}))}")
    return f"<ul>{''.join(rows)}</ul>"


def _type(schema: Mapping[str, Any]) -> str:
    name = schema.get("$ref", "").rpartition("/")[2]
    if name:
        return f"<a href='#type-{text(name)}'>{text(name)}</a>"
    if "items" in schema:
        return f"list of {_type(schema['items'])}"
    return text(schema.get("type", "anything"))
