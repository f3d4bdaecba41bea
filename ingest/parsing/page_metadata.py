"""What a web page states about itself, in meta tags, JSON-LD and ``<time>``. Guesses nothing.

A date that stands in the text, the URL or the footer says nothing of when an article appeared,
so none of them is looked at.
"""

import json
from collections import deque
from collections.abc import Iterator
from datetime import date
from html import unescape
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from ingest.parsing.article import MAX_NAME
from ingest.parsing.dates import parse_day
from ingest.parsing.markup import Element
from ingest.parsing.source import host_of
from qa.records.article import is_front_page

__all__ = ["facts_of"]

_PUBLISHED = (
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date_published",
    "publication_date",
    "publish_date",
    "publish-date",
    "published_time",
    "parsely-pub-date",
    "sailthru.date",
    "citation_publication_date",
    "citation_date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.date",
    "pubdate",
    "date",
)
_UPDATED = ("article:modified_time", "datemodified", "og:updated_time", "dcterms.modified")
_TITLES = ("og:title",)
_SITES = ("og:site_name", "application-name", "citation_journal_title", "dc.publisher")
_AUTHORS = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl")
# Elements of one kind that are looked at: what a page states of itself stands in the first few.
_MOST = 50
# The times of comments are many, and each is told by all that surrounds it.
_MOST_TIMES = 1000
# Characters of all JSON-LD of a page. A live blog that repeats its posts there has a million.
_MAX_LINKED = 4_000_000
# Objects and lists in each other that are looked into for a name.
_DEPTH = 20
_ASIDE = frozenset({"aside", "nav", "footer"})
_ARTICLE_TYPES = ("Article", "NewsArticle", "BlogPosting", "Report", "Posting", "Story")


def facts_of(tree: Element, url: str | None) -> dict[str, Any]:
    """Keywords of ``make_article``; None or empty where the page is silent.

    ``url`` is where the page was fetched. Its canonical link is believed only on the same host:
    a page must not pass itself off as that of another site.
    """
    meta = _meta(tree)
    linked = next((item for item in _linked_data(tree) if _is_article(item)), {})
    titles = (
        _name(linked.get("headline")),
        _first(meta, _TITLES),
        _content(tree, ".//head/title", ".//title"),
        _content(tree, ".//h1"),
    )
    publishers = (_first(meta, _SITES), _name(linked.get("publisher")))
    return {
        "title": next(filter(_is_short, titles), ""),
        "url": _address(tree, meta, url),
        "published": _day(linked.get("datePublished"), meta, _PUBLISHED) or _stated_time(tree),
        "updated": _day(linked.get("dateModified"), meta, _UPDATED) or _modified_item(tree),
        "author": _name(linked.get("author")) or _person(_first(meta, _AUTHORS)),
        "publisher": next(filter(_is_short, publishers), None),
        "language": tree.get("lang") or _name(linked.get("inLanguage")) or None,
    }


def _meta(tree: Element) -> dict[str, str]:
    """The contents of ``<meta>`` by property, name or itemprop in lower case; the first counts."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        key = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if content:
            found.setdefault(key.strip().lower(), content)
    return found


def _is_short(name: str) -> bool:
    """Whether it can be a name; a tag that is never closed holds the rest of the page."""
    return 0 < len(name) <= MAX_NAME


def _linked_data(tree: Element) -> Iterator[dict[str, Any]]:
    """Every JSON-LD object of the page, those inside ``@graph`` and lists too."""
    room = _MAX_LINKED
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        room -= len(script.text or "")
        if room < 0:
            return
        try:
            pending = deque([json.loads(script.text or "", strict=False)])
        except (ValueError, RecursionError):  # pages often break it; the meta tags remain
            continue
        while pending:
            item = pending.popleft()
            if isinstance(item, list):
                pending.extendleft(reversed(item))
            elif isinstance(item, dict):
                yield item
                pending += [item.get("@graph"), item.get("mainEntity")]


def _is_article(item: dict[str, Any]) -> bool:
    kinds = item.get("@type")
    return any(
        isinstance(kind, str) and kind.endswith(_ARTICLE_TYPES)
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _first(meta: dict[str, str], keys: tuple[str, ...]) -> str:
    return next((unescape(meta[key]) for key in keys if key in meta), "")


def _content(tree: Element, *paths: str) -> str:
    """The text of the first element found that has any."""
    for path in paths:
        for element in islice(tree.iterfind(path), _MOST):
            if text := " ".join(element.text_content().split()):
                return str(text)
    return ""


def _name(value: object, depth: int = _DEPTH) -> str:
    """A JSON-LD value as a string; people and organisations by name, several with commas."""
    if isinstance(value, str):
        return unescape(value).strip()
    if isinstance(value, dict) and depth:
        return _name(value.get("name"), depth - 1)
    if isinstance(value, list) and depth:
        return ", ".join(dict.fromkeys(name for each in value if (name := _name(each, depth - 1))))
    return ""


def _person(name: str) -> str | None:
    """Some pages give the address of a profile where a name belongs."""
    return None if not name or "://" in name else name


def _address(tree: Element, meta: dict[str, str], url: str | None) -> str | None:
    links = (
        link.get("href")
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    )
    addresses = []
    for written in (next(links, None), meta.get("og:url")):
        try:
            found: str = urljoin(url or "", (written or "").strip())
        except ValueError:
            continue
        if written and host_of(found) and (url is None or host_of(found) == host_of(url)):
            addresses.append(found)
    # Some sites call each of their pages by the name of the front page.
    stated = next((each for each in addresses if not is_front_page(each)), url)
    return stated or next(iter(addresses), None)


def _day(linked: object, meta: dict[str, str], keys: tuple[str, ...]) -> date | None:
    stated = [linked, *(meta[key] for key in keys if key in meta)]
    return next((day for value in stated if (day := parse_day(value))), None)


def _stated_time(tree: Element) -> date | None:
    """The day of the ``<time>`` that is marked as publication, else of all ``<time>`` if they
    agree. Several days may be those of comments, of other articles, or of what is told.
    """
    # One condition and no union of two paths, which takes the square of their elements.
    marked = tree.xpath(
        ".//*[@itemprop='datePublished' or (self::time and (@pubdate"
        " or contains(@class, 'publish') or contains(@class, 'entry-date')))]"
    )
    for element in marked[:_MOST]:
        if day := parse_day(_stamp(element)):
            return day
    times = (time for time in tree.iter("time") if time.get("datetime"))
    found = None
    for element in islice(times, _MOST_TIMES):
        if not _is_aside(element):
            day = parse_day(element.get("datetime"))
            if day is None or found not in (None, day):
                return None
            found = day
    return found


def _is_aside(element: Element) -> bool:
    """In a menu, a footer or the comments, or the time of a change."""
    if "updated" in (element.get("class") or "") or element.get("itemprop") == "dateModified":
        return True
    return any(
        above.tag in _ASIDE or "comment" in f"{above.get('id')} {above.get('class')}".lower()
        for above in element.iterancestors()
    )


def _modified_item(tree: Element) -> date | None:
    items = islice(tree.iterfind(".//*[@itemprop='dateModified']"), _MOST)
    days = (parse_day(_stamp(item)) for item in items)
    return next((day for day in days if day), None)


def _stamp(element: Element) -> str:
    return str(element.get("datetime") or element.get("content") or element.text_content())
