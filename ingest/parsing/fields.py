"""Named fields of JSON objects, CSV rows and front matter, under the names people give them."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ingest.parsing.article import make_article
from ingest.parsing.dates import parse_day
from ingest.parsing.source import Source
from qa.errors import EmptySource, UnreadableSource
from qa.records.article import Article

__all__ = ["ALIASES", "article_from", "facts_in", "known_fields"]

T = TypeVar("T")

# Compared in lower case; the first alias that holds something wins.
ALIASES = {
    "text": ("text", "body", "content", "article", "full_text", "maintext"),
    "title": ("title", "headline", "name"),
    "published": (
        "published",
        "date",
        "pubdate",
        "published_at",
        "date_published",
        "publish_date",
        "datepublished",
        "publication_date",
    ),
    "updated": ("updated", "modified", "datemodified", "updated_at"),
    "url": ("url", "link", "source_url"),
    "author": ("author", "authors", "byline", "creator"),
    "publisher": (
        "source",
        "outlet",
        "publisher",
        "site_name",
        "domain",
        "sitename",
    ),
    "language": ("language", "lang"),
    "id": ("id",),
}
# What a person or an organisation is called when it is an object of its own.
_NAMES = ("name", "title", "value", "id")
# Lists and objects in each other that are looked into for a name or a paragraph.
_DEPTH = 20


def article_from(
    record: Mapping[Any, object], source: Source, *, url: str | None = None
) -> Article:
    """The article that a JSON object or CSV row describes; ``url`` is used if it names none.

    Raises EmptySource, naming the fields found and those looked for, when there is no text.
    """
    fields = _lowered(record)
    text = _first(fields, "text", _paragraphs)
    if not text:
        raise EmptySource(_no_text(fields))
    facts = facts_in(fields)
    return make_article(source, text, **{**facts, "url": facts["url"] or url})


def facts_in(record: Mapping[Any, object]) -> dict[str, Any]:
    """All that is said about an article except its text, as keywords of ``make_article``."""
    fields = _lowered(record)
    facts: dict[str, Any] = {
        name: _first(fields, name, _words)
        for name in ("url", "author", "publisher", "language", "id")
    }
    facts["title"] = _first(fields, "title", _words) or ""
    facts |= {name: _first(fields, name, parse_day) for name in ("published", "updated")}
    return facts


def known_fields(names: list[str]) -> set[str]:
    """Which of our fields a header names.

    >>> sorted(known_fields(["Headline", "Body", "Shoe size"]))
    ['text', 'title']
    """
    lowered = {name.strip().lower() for name in names}
    return {field for field, aliases in ALIASES.items() if lowered & set(aliases)}


def _lowered(record: Mapping[Any, object]) -> dict[str, object]:
    return {str(key).strip("\ufeff \t").lower(): value for key, value in record.items()}


def _first(fields: Mapping[str, object], name: str, reader: Callable[[object], T]) -> T | None:
    values = (reader(fields[alias]) for alias in ALIASES[name] if alias in fields)
    return next((value for value in values if value), None)


def _paragraphs(value: object, depth: int = _DEPTH) -> str:
    """A text, given whole or as a list of paragraphs."""
    if isinstance(value, str):
        return value if not value.isspace() else ""
    if isinstance(value, list):
        if not depth:
            raise UnreadableSource(f"its text lies deeper than {_DEPTH} lists in each other")
        return "\n\n".join(part for each in value if (part := _paragraphs(each, depth - 1)))
    return ""


def _words(value: object, depth: int = _DEPTH) -> str:
    """A short value as one string; lists joined with commas, objects by their name."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list) and depth:
        return ", ".join(part for each in value if (part := _words(each, depth - 1)))
    if isinstance(value, dict) and depth:
        return next((name for key in _NAMES if (name := _words(value.get(key), depth - 1))), "")
    return ""


def _no_text(fields: Mapping[str, object]) -> str:
    wanted = ", ".join(ALIASES["text"])
    empty = [name for name in ALIASES["text"] if name in fields]
    if empty:
        return f"its text is empty (field {empty[0]!r})"
    found = ", ".join(repr(name[:40]) for name in list(fields)[:12]) or "no fields"
    return f"no text in it: found {found}; looked for {wanted}"
