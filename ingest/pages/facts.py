"""What a web page says of itself: in JSON-LD, microdata and meta tags, else for its readers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from ingest.pages.authors import authors_of
from ingest.pages.blocks import Block, blocks_of, headline_of
from ingest.pages.days import published_on, updated_on
from ingest.pages.structured_data import Item, describing, items_of, name_in, text_in
from ingest.pages.titles import heading_in, outlet_in, title_of
from ingest.parsing.article import MAX_NAME
from ingest.parsing.dates import order_of
from ingest.parsing.markup import Element
from ingest.parsing.source import host_of
from qa.language.cleaning import one_line

__all__ = ["Page", "facts_of", "read_page"]

_TITLES = ("ogtitle", "twittertitle", "dctitle", "citationtitle", "headline", "sailthrutitle")
_SITES = ("ogsitename", "applicationname", "citationjournaltitle", "dcpublisher", "twittersite",
          "applemobilewebapptitle", "publisher", "copyright")  # fmt: skip
_PUBLISHERS = ("ogsitename", "applicationname", "citationjournaltitle", "dcpublisher")
# Tags of ``<meta>`` that are looked at, and blocks among which a heading is.
_MOST = 500
_MOST_ABOVE = 60
# Links among which one to the front page is, and characters of a notice of copyright.
_MOST_LINKS = 2000
_NOTICE = 300
_PARTS_OF_NOTICE = re.compile(r"[.,;|·]")


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is read: what it states of itself, and what it shows.

    ``item`` is its structured data on this page, ``meta`` the contents of its ``<meta>`` by names
    in lower case without punctuation, ``headline`` the number of the block that is the heading,
    None without one. ``url`` is its address, as far as that is to be believed.
    """

    tree: Element
    items: tuple[Item, ...]
    item: Item
    meta: Mapping[str, str]
    blocks: Sequence[Block]
    headline: int | None
    heading: str
    title: str
    url: str | None

    @property
    def is_article(self) -> bool:
        """Whether it says that it is an article."""
        kind = f"{self.item.get('@type')} {self.meta.get('ogtype')}".lower()
        return "article" in kind or "posting" in kind

    @property
    def sites(self) -> list[str]:
        """Names of the site, as the page gives them."""
        names = [self.meta[key].removeprefix("@") for key in _SITES if key in self.meta]
        return [name for name in (*names, name_in(self.item.get("publisher"))) if _is_short(name)]


def read_page(tree: Element, url: str | None) -> Page:
    """The page of a tree; ``url`` is where it was fetched.

    Its canonical link is believed only on the same host: a page must not pass itself off as that of
    another site.
    """
    meta = _meta(tree)
    address = _address(tree, meta, url)
    element = headline_of(tree)
    heading = one_line(element.text_content()[: 2 * MAX_NAME]) if element is not None else ""
    blocks = blocks_of(tree)
    title = _title(tree)
    heading = heading or heading_in(title, [block.text for block in blocks[:_MOST_ABOVE]])
    same = [n for n, block in enumerate(blocks) if heading and block.text == heading]
    headline = min(
        same, key=lambda n: (blocks[n].aside, blocks[n].tag not in ("h1", "h2"), n), default=None
    )
    items = tuple(items_of(tree))
    titles = [heading, *(meta[key] for key in _TITLES if key in meta), title]
    item = describing(items, address, titles)
    return Page(tree, items, item, meta, blocks, headline, heading, title, address)


def facts_of(page: Page) -> dict[str, Any]:
    """Keywords of ``make_article``; None or empty where the page is silent."""
    item, meta, tree = page.item, page.meta, page.tree
    language = tree.get("lang") or name_in(item.get("inlanguage")) or meta.get("oglocale")
    order = order_of(meta.get("oglocale") or tree.get("lang"))
    published = published_on(item, meta, page.blocks, page.headline, _addresses(page), order)
    return {
        "title": title_of(
            page.heading,
            [text_in(item.get("headline")), *(meta[k] for k in _TITLES if k in meta), page.title],
            sites=page.sites,
            url=page.url,
        ),
        "url": page.url,
        "published": published.day,
        "dated_by": published.dated_by,
        "updated": updated_on(item, meta, page.blocks, order),
        "author": authors_of(item, meta, page.blocks, page.headline, page.sites),
        "publisher": next(filter(_is_short, _publishers(page)), None) or _outlet(page),
        "language": language or None,
    }


def _meta(tree: Element) -> dict[str, str]:
    """The contents of ``<meta>`` by property, name or itemprop; the first counts."""
    contents: dict[str, str] = {}
    for number, element in enumerate(tree.iter("meta")):
        if number == _MOST:
            break
        content = (element.get("content") or "").strip()
        for key in ("property", "name", "itemprop", "http-equiv"):
            if content and (name := re.sub(r"[\W_]+", "", (element.get(key) or "").lower())):
                contents.setdefault(name, unescape(content))
    return contents


def _is_short(name: str) -> bool:
    """Whether it can be a name; a tag that is never closed holds the rest of the page."""
    return 0 < len(name) <= MAX_NAME


def _title(tree: Element) -> str:
    for path in (".//head/title", ".//title"):
        for element in tree.iterfind(path):
            if text := one_line(element.text_content()):
                return text
    return ""


def _publishers(page: Page) -> Iterator[str]:
    yield from (page.meta[key] for key in _PUBLISHERS if key in page.meta)
    yield name_in(page.item.get("publisher"))


def _outlet(page: Page) -> str | None:
    """The name at the end of its title, where the page is called so elsewhere."""
    titles = (page.title, *(page.meta[key] for key in _TITLES if key in page.meta))
    names = [*page.sites, *_front_links(page), *_owners(page)]
    return next(filter(None, (outlet_in(each, names=names, url=page.url) for each in titles)), None)


def _front_links(page: Page) -> Iterator[str]:
    """What links to the front page say, in words or as a picture."""
    for link in islice(page.tree.iter("a"), _MOST_LINKS):
        try:
            address = urlsplit(urljoin(page.url or "", link.get("href") or ""))
        except ValueError:
            continue
        if link.get("href") and address.path in ("", "/") and not address.query:
            pictures = (image.get("alt") for image in islice(link.iter("img"), 1))
            texts = (link.text_content(), link.get("title"), link.get("aria-label"), *pictures)
            lines = (one_line(text[:MAX_NAME]) for text in texts if text)
            # One word may be "Home", with which titles end, too.
            yield from (line for line in lines if " " in line)


def _owners(page: Page) -> Iterator[str]:
    """Whose the page is by its copyright: © 2024 The Pell Observer."""
    for block in page.blocks:
        before, sign, after = block.text[:_NOTICE].partition("©")
        if sign:
            yield from _PARTS_OF_NOTICE.split(after.strip("0123456789 -–,"))[:1]
            yield before.rpartition(".")[2]


def _addresses(page: Page) -> list[str]:
    return [address for address in (page.url, page.meta.get("ogurl")) if address]


def _address(tree: Element, meta: Mapping[str, str], url: str | None) -> str | None:
    links = (
        link.get("href")
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    )
    for written in (next(links, None), meta.get("ogurl")):
        try:
            address: str = urljoin(url or "", (written or "").strip())
            front = not urlsplit(address).path.strip("/") and not urlsplit(address).query
        except ValueError:
            continue
        # On every page of some sites it is the front page.
        if (
            written
            and not front
            and host_of(address)
            and host_of(address) == host_of(url or address)
        ):
            return address
    return url
