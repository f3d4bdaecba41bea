"""News feeds: RSS, Atom and JSON Feed. An entry is an article if the feed carries its text."""

import io
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

from ingest.loaders.links import is_link_list, load_links
from ingest.parsing.article import make_article
from ingest.parsing.dates import parse_day
from ingest.parsing.markup import plain_text
from ingest.parsing.source import Broken, Entry, Source, host_of, limit_broken, parsing
from ingest.parsing.xml import NO_FEED, clean_xml
from qa.errors import EmptySource, SourceError, UnreadableSource
from qa.records.article import Article

__all__ = ["is_json_feed", "json_feed_entries", "load_feed"]

Item = Any  # a dict of feedparser, which has no types

_NO_TEXT = "the entry has neither content nor summary; ingest the page it links to"


@limit_broken
def load_feed(source: Source) -> Iterator[Entry | Broken]:
    """The entries of an RSS or Atom feed, their HTML as plain text, full content first."""
    import feedparser

    data = source.read()
    if not data.strip():
        raise EmptySource("the file is empty")
    if is_link_list(data):
        yield from load_links(Source.from_bytes(source.name, data, charset=source.charset))
    data = clean_xml(data, source.charset)
    with parsing("feed"):
        # As a stream: given bytes, it would first try them as a file name or an address. Markup
        # in entries is left as it is, since all of it goes.
        feed = feedparser.parse(io.BytesIO(data), resolve_relative_uris=False, sanitize_html=False)
    if not feed.version and not feed.entries:
        raise UnreadableSource(NO_FEED)
    if not feed.entries:
        raise EmptySource("the feed has no entries")
    for number, item in enumerate(feed.entries, start=1):
        yield _checked(str(number), partial(_article, item, feed.feed, source))


def is_json_feed(data: dict[str, Any]) -> bool:
    """True for the top object of a JSON Feed, any version."""
    version = data.get("version")
    return isinstance(version, str) and version.startswith("https://jsonfeed.org/")


def json_feed_entries(data: dict[str, Any], source: Source) -> Iterator[Entry | Broken]:
    """The items of a JSON Feed."""
    items = data.get("items")
    if not isinstance(items, list) or not items:
        raise EmptySource("the feed has no entries")
    for number, item in enumerate(items, start=1):
        yield _checked(str(number), partial(_json_article, item, data, source))


def _checked(place: str, make: Callable[[], Article]) -> Entry | Broken:
    try:
        with parsing("entry"):
            return Entry(make(), place)
    except SourceError as error:
        return Broken.of(place, error)


def _article(item: Item, feed: Item, source: Source) -> Article:
    text = _text(item)
    if not text:
        raise EmptySource(_NO_TEXT)
    # Without a link, an id that is not an address stands in for it.
    url = item.get("link") if host_of(item.get("link")) else None
    return make_article(
        source,
        text,
        title=plain_text(item.get("title") or ""),
        url=url,
        id=None if url else item.get("id"),
        published=parse_day(item.get("published")) or _utc_day(item),
        # Asked for with `in`, since `get` falls back to the publication and warns of it.
        updated=parse_day(item["updated"]) if "updated" in item else None,
        author=", ".join(filter(None, (one.get("name") for one in item.get("authors") or [])))
        or item.get("author"),
        publisher=plain_text(feed.get("title") or ""),
        language=item.get("language") or feed.get("language"),
    )


def _text(item: Item) -> str:
    """The fullest text of an entry: its contents, else its summary."""
    parts = [*(item.get("content") or []), item.get("summary_detail") or {}]
    for part in parts:
        value = part.get("value") or ""
        # Told that it is no head: a script at its start would be taken for one, with what follows.
        plain = part.get("type") == "text/plain"
        text = value.strip() if plain else plain_text(f"<body>{value}")
        if text:
            return str(text)
    return ""


def _utc_day(item: Item) -> date | None:
    """For the odd formats that only the feed library reads; it gives the time in UTC."""
    parsed = item.get("published_parsed")
    return date(*parsed[:3]) if parsed else None


def _json_article(item: object, feed: dict[str, Any], source: Source) -> Article:
    if not isinstance(item, dict):
        raise UnreadableSource("the entry is not an object")
    fields = {key: value for key, value in item.items() if isinstance(value, str)}
    text = (
        fields.get("content_text", "").strip()
        or plain_text(fields.get("content_html", ""))
        or fields.get("summary", "").strip()
    )
    if not text:
        raise EmptySource(_NO_TEXT)
    url = fields.get("url") or fields.get("external_url")
    people = item.get("authors") or feed.get("authors") or [item.get("author")]
    return make_article(
        source,
        text,
        title=fields.get("title", ""),
        url=url,
        id=None if url else str(item.get("id") or "") or None,
        published=parse_day(fields.get("date_published")),
        updated=parse_day(fields.get("date_modified")),
        author=_names(people),
        publisher=feed["title"] if isinstance(feed.get("title"), str) else None,
        language=fields.get("language") or _string(feed.get("language")),
    )


def _names(people: object) -> str:
    people = people if isinstance(people, list) else []
    names = (_string(one.get("name")) for one in people if isinstance(one, dict))
    return ", ".join(filter(None, names))


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None
