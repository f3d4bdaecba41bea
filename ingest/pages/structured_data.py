"""What a page says of itself in JSON-LD, however it is written: the item that describes this page.

``{"@type": "NewsArticle", "headline": "Rain", "datePublished": "2024-06-13", …}``
"""

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from ingest.pages.blocks import words_of
from ingest.parsing.markup import Element
from ingest.parsing.source import host_of

__all__ = ["Item", "describing", "items_of", "name_in", "names_in", "same_page", "text_in"]

# An object of JSON-LD; its keys in lower case and without a prefix (``schema:``).
Item = Mapping[str, Any]

# Characters of all JSON-LD of a page. A live blog that repeats its posts there has a million.
_MAX_LINKED = 4_000_000
# Characters of JSON-LD that is not JSON, in which single fields are looked for.
_MAX_BROKEN = 200_000
_MOST_ITEMS = 2000
# Objects and lists in each other that are looked into for a name.
_DEPTH = 20

# Fields that may give no name, and point to the item that does.
_REFERENCES = ("author", "creator", "publisher")
_ARTICLE = ("article", "posting", "report", "story", "review", "blogpost")
_PAGE = ("webpage", "itempage", "aboutpage")
_OPENINGS = ("<!--", "//", "/*", "*/", "<![CDATA[")
_ENDINGS = ("-->", "//", "/*", "*/", "]]>", ";")
_TRAILING_COMMA = re.compile(r",(\s*+[}\]])")
# A field of one string: what can be told of JSON that is broken elsewhere.
_FIELD = re.compile(
    r'"(datePublished|dateModified|headline|@type|url)"\s*+:\s*+"((?:[^"\\\n]++|\\.)*+)"\s*+[,}\n]',
    re.IGNORECASE,
)


def items_of(tree: Element) -> list[Item]:
    """Every JSON-LD object of the page, those inside ``@graph`` and lists too, in its order."""
    items: list[Item] = []
    room = _MAX_LINKED
    for script in tree.iter("script"):
        kind = (script.get("type") or "").partition(";")[0].strip().lower()
        if kind != "application/ld+json":
            continue
        text = script.text or ""
        room -= len(text)
        if room < 0:
            break
        for item in _unfolded(_parsed(text)):
            if len(items) == _MOST_ITEMS:
                return _linked(items)
            items.append(item)
    return _linked(items)


def _linked(items: Sequence[Item]) -> list[Item]:
    """The items, with the people and outlets that they name by an ``@id`` in its place."""
    named = {text_in(item.get("@id")): item for item in items if "@id" in item and "name" in item}
    if not named:
        return [*items]
    return [
        {**item, **{key: _named(item[key], named) for key in _REFERENCES if key in item}}
        for item in items
    ]


def _named(value: object, named: Mapping[str, Item]) -> object:
    if isinstance(value, list):
        return [_named(each, named) for each in value]
    if isinstance(value, dict) and "name" not in value:
        return named.get(text_in(value.get("@id")), value)
    return value


def _parsed(text: str) -> object:
    """The JSON in a script, or what can be told of it."""
    bare = _unwrapped(text)
    for attempt in (bare, _TRAILING_COMMA.sub(r"\1", bare), unescape(bare)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    fields: dict[str, str] = {}
    for key, value in _FIELD.findall(bare[:_MAX_BROKEN]):
        # Of two values, one is that of another item.
        if fields.setdefault(key.lower(), value) != value:
            fields[key.lower()] = ""
    return {key: value for key, value in fields.items() if value}


def _unwrapped(text: str) -> str:
    """Without the comments and the CDATA that older pages hide a script in."""
    text = text.strip()
    while mark := next((mark for mark in _OPENINGS if text.startswith(mark)), ""):
        text = text[len(mark) :].lstrip()
    while mark := next((mark for mark in _ENDINGS if text.endswith(mark)), ""):
        text = text[: -len(mark)].rstrip()
    return text


def _unfolded(data: object) -> Iterator[Item]:
    pending = deque([data])
    while pending:
        value = pending.popleft()
        if isinstance(value, list):
            pending.extendleft(reversed(value))
        elif isinstance(value, dict):
            item = {str(key).lower().rpartition(":")[2]: each for key, each in value.items()}
            yield item
            # A review names what it reviews, a list its entries: those are not this page.
            pending += [item.get("@graph"), item.get("mainentity"), item.get("mainentityofpage")]


def describing(items: Iterable[Item], address: str | None, titles: Iterable[str]) -> Item:
    """What the items say of this page, its article before its frame; empty if they say nothing.

    ``address`` is that of the page, ``titles`` are those that it shows. An item that names another
    page of the host, or has another headline where a better one is there, is another story.
    """
    words = [words_of(title) for title in titles if title]
    articles: list[tuple[float, Item]] = []
    frames: list[tuple[float, Item]] = []
    for item in items:
        if (score := _likeness(item, address, words)) is not None:
            (articles if _is_kind(item, _ARTICLE) else frames).append((score, item))
    best = max((score for score, _ in articles), default=0.0)
    chosen = [item for score, item in articles if score == best]
    if best <= 0 and len({str(item.get("datepublished")) for item in chosen}) > 1:
        chosen = []  # several stories, and none is told to be this one
    merged: dict[str, Any] = {}
    for item in (*chosen, *(item for _, item in frames)):
        for key, value in item.items():
            if value not in (None, "", [], {}):
                merged.setdefault(key, value)
    return merged


def _likeness(item: Item, address: str | None, titles: list[set[str]]) -> float | None:
    """How surely an item is of this page; None for what is no page or another one."""
    # Of broken JSON no more than its day may be known.
    bare = "@type" not in item and "datepublished" in item
    if not (bare or _is_kind(item, _ARTICLE) or _is_kind(item, _PAGE)):
        return None
    score = 0.0
    addresses = [text_in(item.get("url")), _identifier(item.get("mainentityofpage"))]
    told = [same for each in (*addresses, text_in(item.get("@id"))) if each and address
            if (same := same_page(each, address)) is not None]  # fmt: skip
    if any(told):
        score += 4
    elif told:
        return None
    headline = words_of(text_in(item.get("headline")) or text_in(item.get("name")))
    if len(headline) >= 3 and any(len(title) >= 3 for title in titles):
        share = max(
            len(headline & title) / min(len(headline), len(title)) for title in titles if title
        )
        if share == 0 and not any(told) and _is_kind(item, _ARTICLE):
            return None
        score += 2 * share
    return score


def same_page(one: str, other: str) -> bool | None:
    """Whether two addresses are of one page; None if they do not say.

    >>> same_page("https://a.example/rain/?x=1", "http://www.a.example/rain.amp")
    True
    """
    try:
        first, second = urlsplit(one.strip()), urlsplit(other.strip())
    except ValueError:
        return None
    paths = [_path(each.path) for each in (first, second)]
    if not all(paths) or (first.netloc and host_of(one) != host_of(other)):
        return None
    return paths[0] == paths[1] or paths[0].endswith(paths[1]) or paths[1].endswith(paths[0])


def _path(path: str) -> str:
    path = re.sub(r"\.(?:html?|php|amp|aspx?)$|/index\.\w+$", "", path.lower().rstrip("/"))
    return re.sub(r"^/amp(?=/)|[/.]amp$", "", path).rstrip("/")


def _is_kind(item: Item, endings: tuple[str, ...]) -> bool:
    kinds = item.get("@type")
    return any(
        isinstance(kind, str) and kind.lower().endswith(endings)
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _identifier(value: object) -> str:
    if isinstance(value, dict):
        value = {str(key).lower(): each for key, each in value.items()}
        return text_in(value.get("@id")) or text_in(value.get("url"))
    return text_in(value)


def text_in(value: object) -> str:
    """A value that is a string, or a list of one; empty for all else."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return unescape(value).strip() if isinstance(value, str) else ""


def name_in(value: object) -> str:
    """The first of the names in a value."""
    return next(iter(names_in(value)), "")


def names_in(value: object, depth: int = _DEPTH) -> list[str]:
    """The names of people and organisations in a value, each once."""
    if isinstance(value, str):
        return [name] if (name := unescape(value).strip()) else []
    if isinstance(value, dict) and depth:
        parts = {str(key).lower(): each for key, each in value.items()}
        given = [text_in(parts.get("givenname")), text_in(parts.get("familyname"))]
        return names_in(parts.get("name"), depth - 1) or names_in(" ".join(filter(None, given)))
    if isinstance(value, list) and depth:
        # Beside people, an organisation is where they work.
        kinds = [_kind_of(each) for each in value]
        with_people = any("person" in kind for kind in kinds)
        named = [
            each
            for each, kind in zip(value, kinds, strict=True)
            if not (with_people and kind) or "person" in kind
        ]
        return [*dict.fromkeys(name for each in named for name in names_in(each, depth - 1))]
    return []


def _kind_of(value: object) -> str:
    """What something that has a name says to be, in lower case; empty if it does not say."""
    if not isinstance(value, dict) or not names_in(value):
        return ""
    return next(
        (str(each).lower() for key, each in value.items() if str(key).lower() == "@type"), ""
    )
