"""News feeds in XML: RSS and Atom. An entry is an article if the feed carries its text."""

import io
import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import chain
from typing import Any

from ingest.loaders.feeds.entries import (
    FeedEntry,
    absolute,
    article_entries,
    entry_text,
    read_entries,
)
from ingest.loaders.feeds.news_xml import news_entries
from ingest.loaders.links import is_link_list, load_links
from ingest.parsing.dates import DayOrder, order_in, parse_day, stated_day
from ingest.parsing.markup import readable_line, readable_text
from ingest.parsing.names import joined_names
from ingest.parsing.records.aliases import FIELD_KEYS, field_key
from ingest.parsing.source import Broken, Entry, Source, limit_broken, parsing
from ingest.parsing.xml import (
    NO_FEED,
    clean_xml,
    count_entries,
    mended_xml,
    other_kind,
    with_media_texts,
    with_signs_escaped,
)
from qa.errors import EmptySource, UnreadableSource

__all__ = ["load_feed"]

Item = Any  # a dict of feedparser, which has no types

_MAIL = re.compile(r"\s*[^\s@()]{1,100}@[^\s@()]{1,100}\s+\(([^()]{1,200})\)\s*\Z")
# Where a day of publication stands, the surest first. In RSS 1.0 ``dc:date`` reads as ``updated``.
_PUBLISHED = ("published", "prism_publicationdate", "wp_post_date", "created", "updated")
# What an export of WordPress says of an entry that nobody was to read.
_UNPUBLISHED = ("auto-draft", "draft", "pending", "private", "trash")


@limit_broken
def load_feed(source: Source) -> Iterator[Entry | Broken]:
    """The entries of an RSS or Atom feed, their HTML as plain text, the fullest content of each;
    of other XML the articles, where it holds some (``news_entries``).

    Of XML that is broken, what can be read is taken, and what is lost is told.
    """
    data = source.read()
    if not data.strip():
        raise EmptySource("the file is empty")
    if is_link_list(data):
        yield from load_links(Source.from_bytes(source.name, data, charset=source.charset))
    data = with_media_texts(with_signs_escaped(clean_xml(data, source.charset)))
    feed, loss = _parsed(data)
    if not feed.version and not feed.entries:
        if reason := other_kind(data):
            raise UnreadableSource(reason)
        articles = news_entries(data, source)
        if (first := next(articles, None)) is None:
            raise UnreadableSource(NO_FEED)
        yield from chain([first], articles)
        return
    if not feed.entries:
        raise EmptySource(loss or "the feed has no entries")
    home = absolute(feed.feed.get("link"), source.url)
    own = (each.get("href") for each in feed.feed.get("links") or [] if each.get("rel") == "self")
    home = home or next(filter(None, (absolute(address, source.url) for address in own)), None)
    order = order_in(item[name] for item in feed.entries for name in _PUBLISHED if name in item)
    read = partial(_entry, feed=feed.feed, base=home or source.url, order=order)
    entries = read_entries(feed.entries, read)
    scope = feed.feed.get("id") or home or feed.feed.get("title") or source.stem
    yield from article_entries(entries, source, scope=scope)
    if loss:
        yield Broken(str(len(entries) + 1), loss)


def _parsed(data: bytes) -> tuple[Item, str]:
    """The feed, and what of it is lost, empty if nothing is."""
    feed = _parse(data)
    expected = count_entries(data) if feed.bozo else 0
    mended = mended_xml(data) if feed.bozo else data
    truncated = mended.startswith(data.rstrip()) and mended != data
    if len(feed.entries) < expected or truncated:
        # What was hidden in raw text has to keep the limits, too.
        second = _parse(clean_xml(mended, "utf-8"))
        feed = second if len(second.entries) >= len(feed.entries) else feed
    problem = " ".join(str(feed.get("bozo_exception", "")).split())[:100]
    if missing := max(0, expected - len(feed.entries)):
        return feed, f"{missing:,} of {expected:,} entries are lost: the XML is broken ({problem})"
    if truncated:
        return feed, "the feed ends within its last entry, whose text may be cut short"
    return feed, ""


def _parse(data: bytes) -> Item:
    import feedparser

    with parsing("feed"):
        # As a stream: given bytes, it would first try them as a file name or an address. Markup
        # in entries is left as it is, since all of it goes.
        return feedparser.parse(io.BytesIO(data), resolve_relative_uris=False, sanitize_html=False)


def _entry(item: Item, *, feed: Item, base: str | None, order: DayOrder) -> FeedEntry:
    if (status := item.get("wp_status")) in _UNPUBLISHED:
        raise EmptySource(f"was not published, its status being {status!r}")
    days = [_day(item, name, order) for name in _PUBLISHED if name in item]
    title = readable_line(item.get("title") or "")
    origin = item.get("source") or {}
    # Asked for with `in`, since `get` falls back to the publication and warns of it.
    updated = _day(item, "updated", order) if "updated" in item else None
    link = item.get("feedburner_origlink") or item.get("link") or ""
    if item.get("guidislink") and "/" not in link:
        link = ""  # an id that is not said to be none
    return FeedEntry(
        text=_text(item, title),
        title=title,
        link=absolute(link, base),
        guid=item.get("id") or "",
        facts={
            "published": next(filter(None, days), None),
            "updated": updated,
            "author": _authors(item),
            "publisher": readable_line(origin.get("title") or feed.get("title") or ""),
            "language": item.get("language") or feed.get("language"),
        },
    )


def _text(item: Item, title: str) -> str:
    """The fullest text of an entry: one of its contents, or its summary."""
    parts = [*(item.get("content") or []), item.get("summary_detail") or {}]
    values = [(part.get("value") or "", part.get("type") == "text/plain") for part in parts]
    values += [
        (value, False)
        for name, value in item.items()
        if isinstance(value, str) and field_key(name.rpartition("_")[2]) in FIELD_KEYS["text"]
    ]
    plain = {value for value, is_plain in values if is_plain}

    def read(body: str) -> str:
        return readable_text(body, is_markup=body not in plain).strip()

    return entry_text([value for value, _ in values if value], title, read=read)


def _authors(item: Item) -> str | None:
    whole = item.get("author") or ""
    names = [one.get("name") for one in item.get("authors") or []]
    # "ann@a.example (Ann Lee)", as RSS has it, whatever the address.
    named = _MAIL.match(whole)
    return joined_names([named[1]] if named else filter(None, names or [whole]))


def _day(item: Item, name: str, order: DayOrder) -> date | None:
    """A day as it is written, else in UTC, for the odd formats that only the library reads."""
    parsed = item.get(f"{name}_parsed") if f"{name}_parsed" in item else None
    return parse_day(item[name], order=order) or (_utc_day(*parsed[:3]) if parsed else None)


def _utc_day(year: int, month: int, day: int) -> date | None:
    # Programs write the year -1 or 1 for none.
    return stated_day(parse_day(f"{year:04}-{month:02}-{day:02}"))
