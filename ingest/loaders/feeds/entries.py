"""What the entries of every kind of feed have in common: addresses, ids, titles, texts.

Knows neither XML nor JSON.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urljoin

from ingest.parsing.article import first_words, make_article
from ingest.parsing.markup import readable_text
from ingest.parsing.source import Broken, Entry, Source, host_of, parsing
from qa.errors import EmptySource, SourceError
from qa.language.cleaning import canonical_url
from qa.records.article import derive_id, is_front_page

__all__ = ["FeedEntry", "absolute", "article_entries", "entry_text", "read_entries"]

_NO_TEXT = "the entry has neither content nor summary; ingest the page it links to"
# Letters of a body that says nothing: "Comments", "submitted by", "Read more". Where a sign is
# a word, or half of one, it counts as several letters.
_FEW_LETTERS, _SIGN = 20, 4
# Characters of a body that may hold nothing but links to say.
_MAX_BODY = 4000
_LINK = re.compile(r"<a[\s>]", re.IGNORECASE)
_LINK_END = re.compile(r"</a\s*>", re.IGNORECASE)
_CLOSED = re.compile(r"(?:(?<!\.)\.|[\d!?。！？])[\"'”’»)\]]*$")
_NO_TITLES: tuple[list[str], ...] = ([], ["untitled"], ["no", "title"])
_TITLE_WORD = re.compile(r"[^\W_]+")
# What WordPress puts under the entries of its feeds: "The post … appeared first on …".
_FOOTER, _LONGEST_FOOTER = "The post ", 1800
_FOOTER_END = re.compile(r" (?:appeared first|first appeared|first) on ")
# Ids that are unique wherever they are read: URIs and UUIDs.
_UNIQUE_ID = re.compile(r"(?:tag:|urn:|https?://).{6,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry as it stands in its feed. ``facts`` are further keywords of ``make_article``.

    ``link`` is an absolute address or None; ``guid`` is the entry's own id, empty without one.
    """

    text: str
    title: str
    link: str | None
    guid: str
    facts: Mapping[str, Any]


def read_entries(
    items: Sequence[Any], read: Callable[[Any], FeedEntry]
) -> list[FeedEntry | Broken]:
    """The entries of a feed in its order, Broken for those that cannot be read."""
    entries: list[FeedEntry | Broken] = []
    for number, item in enumerate(items, start=1):
        try:
            with parsing("entry"):
                entries.append(read(item))
        except SourceError as error:
            entries.append(Broken(str(number), str(error)))
    return entries


def article_entries(
    entries: Sequence[FeedEntry | Broken], source: Source, *, scope: str
) -> Iterator[Entry | Broken]:
    """The articles of a feed; ``scope`` tells it from other feeds (its id, address or name).

    The link is an article's identity if no other entry of the feed has it, else the guid, else
    the link with its fragment, else title and text.
    """
    identity = _Identity.of([each for each in entries if isinstance(each, FeedEntry)], scope)
    for number, entry in enumerate(entries, start=1):
        if isinstance(entry, Broken):
            yield entry
            continue
        try:
            with parsing("entry"):
                yield Entry(_article(entry, identity.id_of(entry), source), str(number))
        except SourceError as error:
            yield Broken(str(number), str(error))


def entry_text(
    bodies: Sequence[str], title: str, *, read: Callable[[str], str] = readable_text
) -> str:
    """The text of an entry: the longest of its bodies, the title where they say nothing.

    Raises EmptySource where there is no body at all.
    """
    text, body = max(
        ((read(body), body) for body in bodies), key=lambda pair: len(pair[0]), default=("", "")
    )
    if not text:
        raise EmptySource(_NO_TEXT)
    text = _without_footer(text)
    own_words = _without_footer(_outside_links(body)) if len(body) <= _MAX_BODY else text
    if _says_nothing(own_words) and _letters(title) > _letters(own_words):
        return title
    return text


def absolute(link: object, *bases: str | None) -> str | None:
    """A link as an absolute web address, against the first base that has a host; else None."""
    if not isinstance(link, str) or not link.strip():
        return None
    base = next((base for base in bases if host_of(base)), None)
    try:
        address = urljoin(base or "", "".join(link.split("\n")).strip())
    except ValueError:
        return None
    return address if host_of(address) else None


def _article(entry: FeedEntry, id_: str | None, source: Source) -> Any:
    title = "" if _TITLE_WORD.findall(entry.title.lower()) in _NO_TITLES else entry.title
    title = title or first_words(entry.text)
    return make_article(
        source, entry.text, title=title, id=id_, url=entry.link, **dict(entry.facts)
    )


def _without_footer(text: str) -> str:
    place = text.rfind(_FOOTER)
    footer = text[place:] if place >= 0 else ""
    is_footer = len(footer) <= _LONGEST_FOOTER and _FOOTER_END.search(footer)
    return text[:place].rstrip() if is_footer else text


def _says_nothing(text: str) -> bool:
    return _letters(text) < _FEW_LETTERS and not _CLOSED.search(text)


def _letters(text: str) -> int:
    return sum((_SIGN if sign > "\u2e80" else 1) for sign in text if sign.isalnum())


def _outside_links(markup: str) -> str:
    first, *parts = _LINK.split(markup)
    return readable_text(first + "".join(map(_after_link, parts)))


def _after_link(part: str) -> str:
    end = _LINK_END.search(part)
    return part[end.end() :] if end else ""


@dataclass(frozen=True, slots=True)
class _Identity:
    """Which links and guids of a feed stand for one entry alone."""

    scope: str
    by_link: Mapping[str, set[str]]
    by_guid: Mapping[str, set[str]]
    by_fragment: Mapping[str, set[str]]

    @classmethod
    def of(cls, entries: Sequence[FeedEntry], scope: str) -> "_Identity":
        indexes: tuple[dict[str, set[str]], ...] = tuple(defaultdict(set) for _ in range(3))
        for entry in entries:
            content = _content(entry)
            # An entry that stands twice in the feed is one.
            for index, key, value in zip(
                indexes,
                (_page(entry.link), entry.guid, entry.link or ""),
                (entry.guid or content, content, content),
                strict=True,
            ):
                index[key].add(value)
        return cls(scope, *indexes)

    def id_of(self, entry: FeedEntry) -> str | None:
        """None where the id is to follow from the link."""
        page, link = _page(entry.link), entry.link or ""
        if page and not is_front_page(page) and len(self.by_link[page]) == 1:
            return None
        if entry.guid and len(self.by_guid[entry.guid]) == 1:
            unique = _UNIQUE_ID.fullmatch(entry.guid)
            return entry.guid if unique else derive_id(json.dumps([self.scope, entry.guid]))
        if urldefrag(link).fragment and len(self.by_fragment[link]) == 1:
            return derive_id(link.partition("://")[2])
        return derive_id(json.dumps([self.scope, _content(entry)]))


def _page(link: str | None) -> str:
    try:
        return canonical_url(link) if link else ""
    except ValueError:
        return ""


def _content(entry: FeedEntry) -> str:
    return derive_id(json.dumps([entry.title, entry.text]))
