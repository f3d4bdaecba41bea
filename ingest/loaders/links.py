"""Lists of feeds (OPML) and of pages (sitemaps): what they name is elsewhere, and told as that."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.parsing.source import Entry, Source, TextElsewhere, host_of
from ingest.parsing.xml import local_name, parse_xml
from qa.errors import EmptySource, UnreadableSource

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["is_link_list", "load_links"]

_ROOT = re.compile(rb"<(?:\w{1,20}:)?(opml|urlset|sitemapindex)[\s>]", re.IGNORECASE)
# Bytes in which the first element of a list begins.
_HEAD = 4096
_DAYS = ("publication_date", "lastmod")


def is_link_list(data: bytes) -> bool:
    """Whether XML is a list of addresses and nothing else."""
    return _ROOT.search(data[:_HEAD]) is not None


def load_links(source: Source) -> Iterator[Entry]:
    """No article: raises TextElsewhere with the addresses that are named, of a sitemap the newest
    first.
    """
    data = source.read()
    if not data.strip():
        raise EmptySource("the file is empty")
    tree = parse_xml(data, charset=source.charset)
    match local_name(tree):
        case "opml":
            what, links = "feeds", _feeds(tree)
        case "urlset":
            what, links = "pages", _pages(tree)
        case "sitemapindex":
            what, links = "sitemaps", _pages(tree)
        case name:
            raise UnreadableSource(f"XML that is neither OPML nor a sitemap but {name[:40]!r}")
    links = [link for link in links if link.startswith(("http://", "https://")) and host_of(link)]
    if not links:
        raise EmptySource(f"a list of {what} that names none")
    yield from ()
    more = ", \u2026" if len(links) > 1 else ""
    counted = f"{len(links):,} {what if len(links) > 1 else what.removesuffix('s')}"
    raise TextElsewhere(f"a list of {counted}: {links[0][:200]}{more}", links)


def _feeds(tree: "Element") -> list[str]:
    outlines = [element for element in tree.iter() if local_name(element) == "outline"]
    return [
        address.strip()
        for outline in outlines
        if (address := outline.get("xmlUrl") or outline.get("xmlurl") or outline.get("url"))
    ]


def _pages(tree: "Element") -> list[str]:
    """The addresses, those with a later day first."""
    dated: list[tuple[str, str]] = []
    for entry in tree:
        facts = {local_name(each): (each.text or "").strip() for each in entry.iter()}
        day = next((facts[name] for name in _DAYS if facts.get(name)), "")
        if facts.get("loc"):
            dated.append((day[:10], facts["loc"]))
    return [address for _, address in sorted(dated, key=lambda pair: pair[0], reverse=True)]
