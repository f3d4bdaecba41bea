"""The article, its passages and what is cited of it. Knows nothing of where anything is kept.

Offsets are Python string offsets (code points) into ``Article.text``, half open.
"""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self
from urllib.parse import urlsplit

from qa.language.cleaning import canonical_url, clean_line, clean_text
from qa.records.serialization import Record

__all__ = ["Article", "Citation", "Copy", "Passage", "derive_id", "is_front_page", "url_id"]


_FRONT_PAGE = re.compile(r"/*(?:(?:index|default|home)\.\w{3,5})?")


@dataclass(frozen=True, slots=True)
class Article(Record):
    """One text with what is known of its origin. Build it with ``Article.create``.

    ``published`` and ``updated`` are days as the source states them, None when it does not;
    ``ingested`` is when we stored it (UTC) and is never shown as a date of publication.
    ``version`` counts from 1 and grows when the content under the same id changes.
    ``dated_by`` is None where the source's own data states ``published``; weaker are the date
    ``byline`` beside a headline, the ``first lines`` of a text, the ``properties`` of a book, and
    the ``address`` of a page.
    ``locked`` is True where the text is but the beginning that a paywall shows.
    """

    id: str
    title: str
    text: str
    url: str | None = None
    published: date | None = None
    updated: date | None = None
    author: str | None = None
    source: str | None = None
    language: str | None = None
    ingested: datetime | None = None
    version: int = 1
    dated_by: str | None = None
    locked: bool = False

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("an article needs an id")
        if self.text != clean_text(self.text):
            raise ValueError("article text holds NUL or unpaired surrogates; use Article.create")

    @classmethod
    def create(
        cls,
        text: str,
        *,
        title: str = "",
        id: str | None = None,
        url: str | None = None,
        published: date | None = None,
        updated: date | None = None,
        author: str | None = None,
        source: str | None = None,
        language: str | None = None,
        dated_by: str | None = None,
        locked: bool = False,
    ) -> Self:
        """Clean the text, then derive the id: the given one, else from the URL, else the content.

        A URL that is not http or https is dropped, and that of a front page, which many articles
        may name, makes no id. Without a source, the URL's host is it.

        >>> Article.create("Rain fell.", url="https://a.example/x?utm_source=feed#top").url
        'https://a.example/x'
        """
        text = clean_text(text).strip()
        title = clean_line(title)
        url = _web_address(url)
        source = clean_line(source or "") or (urlsplit(url).hostname if url else None)
        source = source.removeprefix("www.") if source else None
        id = clean_line(id or "") or url_id(url) or _content_id(source, title, text)
        return cls(
            id=id,
            title=title,
            text=text,
            url=url,
            published=_whole_day(published),
            updated=_whole_day(updated),
            author=clean_line(author or "") or None,
            source=source,
            language=language,
            dated_by=(dated_by or None) if published else None,
            locked=locked,
        )

    @property
    def has_content_id(self) -> bool:
        """Whether the id was derived from the content, for want of an id and a URL."""
        return self.id == _content_id(self.source, self.title, self.text)

    def from_outlet(self, source: str) -> Self:
        """The same article of another source. An id that was derived from the content is so again.

        >>> Article.create("Rain fell.", url="https://a.example/x").from_outlet("Gazette").source
        'Gazette'
        """
        source = clean_line(source)
        id = _content_id(source, self.title, self.text) if self.has_content_id else self.id
        return replace(self, id=id, source=source or None)

    @property
    def content_hash(self) -> str:
        """Hex digest of all that a reader would see; equal means nothing to do at ingest."""
        days = [str(self.published), str(self.updated)]
        names = [self.title, self.url, self.author, self.source, self.language]
        # What most articles do not have is left out, as it was before there was such a thing.
        marks = [mark for mark in (self.dated_by, "locked" if self.locked else None) if mark]
        # JSON keeps the parts apart; it is worked out for every article of every ingest.
        content = json.dumps([self.text, *names, *days, *marks], ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()

    def passage(self, start: int, end: int) -> "Passage":
        """The passage ``text[start:end]``; the only way a passage is made."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no passage [{start}:{end}] in {len(self.text)} characters")
        return Passage(
            article_id=self.id,
            start=start,
            end=end,
            text=self.text[start:end],
            title=self.title,
            url=self.url,
            source=self.source,
            published=self.published,
        )


@dataclass(frozen=True, slots=True)
class Passage(Record):
    """The unit of retrieval: ``article.text[start:end] == text``, always."""

    article_id: str
    start: int
    end: int
    text: str
    title: str = ""
    url: str | None = None
    source: str | None = None
    published: date | None = None

    def __post_init__(self) -> None:
        if self.start < 0 or self.end - self.start != len(self.text) or not self.text:
            raise ValueError(f"passage offsets [{self.start}:{self.end}] do not fit its text")

    def cite(self, start: int, end: int) -> "Citation":
        """Cite ``[start:end]`` of the article (not of the passage), which must lie inside."""
        if not self.start <= start < end <= self.end:
            raise ValueError(f"[{start}:{end}] is outside the passage [{self.start}:{self.end}]")
        return Citation(
            article_id=self.article_id,
            start=start,
            end=end,
            quote=self.text[start - self.start : end - self.start],
            title=self.title,
            url=self.url,
            source=self.source,
            published=self.published,
        )


def _whole_day(value: date | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value


def _web_address(url: str | None) -> str | None:
    """The canonical URL, or None for what no reader should be sent to (``javascript:``, typos)."""
    try:
        canonical = canonical_url(url or "")
    except ValueError:
        return None
    return canonical if re.match(r"https?://[^/]", canonical) else None


def url_id(url: str | None) -> str | None:
    """The id that follows from a canonical URL; None without one, and for a front page."""
    return derive_id(url.partition("://")[2]) if url and not is_front_page(url) else None


def is_front_page(url: str) -> bool:
    """Whether an address is that of a site and of no page of it.

    >>> is_front_page("https://news.example/"), is_front_page("https://news.example/?p=7")
    (True, False)
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return not parts.query and _FRONT_PAGE.fullmatch(parts.path) is not None


def _content_id(source: str | None, title: str, text: str) -> str:
    return derive_id(json.dumps([source, title, text]))


def derive_id(key: str) -> str:
    """The id, 16 hexadecimal digits, that stands for a key such as a URL or a text."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Copy(Record):
    """An article that carries the same text as another one, by what is known of its origin."""

    article_id: str
    title: str = ""
    url: str | None = None
    source: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Citation(Record):
    """Exact characters of an article: ``article.text[start:end] == quote``.

    ``corrected`` is the day on which its outlet changed the article after it first appeared, as
    the outlet states it; ``read_again`` the day on which we took it in again and it read
    otherwise, where no such statement is there. Both are None when nothing is known of a change.
    """

    article_id: str
    start: int
    end: int
    quote: str
    title: str = ""
    url: str | None = None
    source: str | None = None
    published: date | None = None
    corrected: date | None = None
    read_again: date | None = None

    def __post_init__(self) -> None:
        if self.start < 0 or self.end - self.start != len(self.quote) or not self.quote:
            raise ValueError(f"citation offsets [{self.start}:{self.end}] do not fit its quote")
