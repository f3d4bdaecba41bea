"""JSON Feed, any version. An item is an article if the feed carries its text."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from ingest.loaders.feeds.entries import (
    FeedEntry,
    absolute,
    article_entries,
    entry_text,
    read_entries,
)
from ingest.parsing.dates import parse_day
from ingest.parsing.markup import readable_line, readable_text
from ingest.parsing.source import Broken, Entry, Source
from qa.errors import EmptySource, UnreadableSource

__all__ = ["is_json_feed", "json_feed_entries"]

_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/")


def is_json_feed(data: dict[str, Any]) -> bool:
    """True for the top object of a JSON Feed, any version."""
    version = data.get("version")
    return isinstance(version, str) and _VERSION.match(version) is not None


def json_feed_entries(data: dict[str, Any], source: Source) -> Iterator[Entry | Broken]:
    """The items of a JSON Feed."""
    items = data.get("items")
    if not isinstance(items, list) or not items:
        raise EmptySource("the feed has no entries")
    home = absolute(data.get("home_page_url"), source.url)
    feed_url = absolute(data.get("feed_url"), source.url)
    base = home or feed_url or source.url
    entries = read_entries(items, partial(_entry, feed=data, base=base))
    scope = feed_url or home or _string(data.get("title")) or source.stem
    yield from article_entries(entries, source, scope=scope)


def _entry(item: object, *, feed: dict[str, Any], base: str | None) -> FeedEntry:
    if not isinstance(item, dict):
        raise UnreadableSource("the entry is not an object")
    fields = {key: value for key, value in item.items() if isinstance(value, str)}
    title = readable_line(fields.get("title", ""))
    plain = fields.get("content_text", "").strip()
    bodies = [fields.get("content_html", ""), fields.get("summary", "")]
    updated = parse_day(fields.get("date_modified"))
    people = item.get("authors") or [item.get("author")]
    return FeedEntry(
        text=plain or entry_text([next(filter(readable_text, bodies), "")], title),
        title=title,
        link=absolute(fields.get("url"), base) or absolute(fields.get("external_url"), base),
        guid=str(item.get("id") or ""),
        facts={
            "published": parse_day(fields.get("date_published")) or updated,
            "updated": updated,
            "author": _names(people) or _names(feed.get("authors") or [feed.get("author")]),
            "publisher": readable_line(_string(feed.get("title")) or ""),
            "language": fields.get("language") or _string(feed.get("language")),
        },
    )


def _names(people: object) -> str:
    people = people if isinstance(people, list) else []
    names = (_string(one.get("name")) for one in people if isinstance(one, dict))
    return ", ".join(filter(None, names))


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None
