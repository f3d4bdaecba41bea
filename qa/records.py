"""The records that cross a stage, and their JSON. Knows nothing of where anything is kept.

Offsets are Python string offsets (code points) into ``Article.text``, half open. Every record is
frozen, checked where it is born, and survives ``from_json(to_json())`` unchanged.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Self
from urllib.parse import urlsplit

from qa.jsonable import Record
from qa.text import canonical_url, clean_line, clean_text

__all__ = [
    "Answer",
    "Article",
    "Citation",
    "Conflict",
    "Copy",
    "Hit",
    "Passage",
    "Statement",
    "Step",
    "Support",
    "Usage",
    "Window",
    "derive_id",
]

Support = Literal["verified", "weak", "unsupported"]


@dataclass(frozen=True, slots=True)
class Article(Record):
    """One text with what is known of its origin. Build it with ``Article.create``.

    ``published`` and ``updated`` are days as the source states them, None when it does not;
    ``ingested`` is when we stored it (UTC) and is never shown as a date of publication.
    ``version`` counts from 1 and grows when the content under the same id changes.
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
    ) -> Self:
        """Clean the text, then derive the id: the given one, else from the URL, else the content.

        A URL that is not http or https is dropped. Without a source, the URL's host is it.

        >>> Article.create("Rain fell.", url="https://a.example/x?utm_source=feed#top").url
        'https://a.example/x'
        """
        text = clean_text(text).strip()
        title = clean_line(title)
        url = _web_address(url)
        source = clean_line(source or "") or (urlsplit(url).hostname if url else None)
        source = source.removeprefix("www.") if source else None
        id = clean_line(id or "") or (
            derive_id(url.partition("://")[2]) if url else _content_id(source, title, text)
        )
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
        )

    @property
    def has_content_id(self) -> bool:
        """Whether the id was derived from the content, for want of an id and a URL."""
        return self.id == _content_id(self.source, self.title, self.text)

    @property
    def content_hash(self) -> str:
        """Hex digest of all that a reader would see; equal means nothing to do at ingest."""
        days = [str(self.published), str(self.updated)]
        names = [self.title, self.url, self.author, self.source, self.language]
        # JSON keeps the parts apart; it is worked out for every article of every ingest.
        shown = json.dumps([self.text, *names, *days], ensure_ascii=False)
        return hashlib.sha256(shown.encode()).hexdigest()

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


@dataclass(frozen=True, slots=True)
class Copy(Record):
    """An article that carries the same text as another one, by what is known of its origin."""

    article_id: str
    title: str = ""
    url: str | None = None
    source: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Hit(Record):
    """A retrieved passage; ``score`` is higher-is-better, comparable within one list only.

    ``ranks`` says at which place (from 1) each leg of the search had it, or a copy of it.
    ``copies`` are the other articles of the scope that carry the passage, earliest first.
    """

    passage: Passage
    score: float
    ranks: Mapping[str, int] = field(default_factory=dict)
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation(Record):
    """Exact characters of an article: ``article.text[start:end] == quote``.

    ``corrected`` is the day on which the article was changed after it first appeared, None when
    nothing is known of a change.
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

    def __post_init__(self) -> None:
        if self.start < 0 or self.end - self.start != len(self.quote) or not self.quote:
            raise ValueError(f"citation offsets [{self.start}:{self.end}] do not fit its quote")


@dataclass(frozen=True, slots=True)
class Statement(Record):
    """One thing an answer says, with what it rests on; without citations it is unsupported."""

    text: str
    citations: tuple[Citation, ...] = ()
    support: Support = "unsupported"

    def __post_init__(self) -> None:
        if self.support == "verified" and not self.citations:
            raise ValueError("a statement without a citation cannot be verified")


@dataclass(frozen=True, slots=True)
class Conflict(Record):
    """Sources that disagree: two or more statements, newest article first, and what each says
    instead of the other: ``answers`` holds as many spans, or none when nobody picked them out.
    """

    sides: tuple[Statement, ...]
    answers: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """One sentence that names what each side says, its outlet and its day."""
        said = self.answers or tuple(side.text for side in self.sides)
        parts = [
            f"“{answer}” ({_origin(side)})" for answer, side in zip(said, self.sides, strict=True)
        ]
        return f"The articles disagree: {' against '.join(parts)}."


@dataclass(frozen=True, slots=True)
class Step(Record):
    """One line of a trace: what was done, what came of it, how long it took (milliseconds)."""

    name: str
    detail: str
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Usage(Record):
    """What a chat model consumed; all zero when none was asked. Cost in US dollars."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0

    def plus(self, other: "Usage") -> "Usage":
        """Both together."""
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cost + other.cost,
        )


@dataclass(frozen=True, slots=True)
class Window(Record):
    """The days of publication that a question is about, inclusive; None is open.

    Articles in or near it are preferred; with ``strict`` the others are left out, as long as
    something in the window answers, or with ``only`` in any case. ``said`` is how the question
    puts it, empty when the caller gave the days.
    """

    since: date | None = None
    until: date | None = None
    strict: bool = False
    said: str = ""
    only: bool = False

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise ValueError(
                f"the window ends (until {self.until}) before it begins (since {self.since})"
            )

    @property
    def days(self) -> str:
        """Which days it is, in words.

        >>> Window(until=date(2024, 1, 1)).days
        'until 2024-01-01'
        """
        if self.since and self.until:
            return f"{self.since}" if self.since == self.until else f"{self.since} to {self.until}"
        if self.since:
            return f"from {self.since} on"
        return f"until {self.until}" if self.until else "any day"

    @property
    def text(self) -> str:
        """What was said and which days that is.

        >>> Window(since=date(2024, 1, 1), said="since the election of 2024").text
        '“since the election of 2024” taken as from 2024-01-01 on'
        """
        return f"“{self.said}” taken as {self.days}" if self.said else self.days


@dataclass(frozen=True, slots=True)
class Answer(Record):
    """The answer to one question. ``short`` is the span or name alone, for scoring.

    Every citation points into an article among ``hits``. An abstained answer says why in
    ``reason``, has no statements, and still carries the nearest hits; the answer to a question of
    several parts says there which of them are left open. ``window`` is what was made of the days
    in the question, None when it names none. ``rewritten`` is the question that was searched
    instead, for a follow-up; empty when it is the question itself. ``orders`` quotes what in the
    hits speaks to machines instead of people: it was not obeyed, and nothing rests on it.
    """

    question: str
    short: str
    statements: tuple[Statement, ...]
    hits: tuple[Hit, ...]
    confidence: float
    abstained: bool
    reason: str = ""
    conflicts: tuple[Conflict, ...] = ()
    trace: tuple[Step, ...] = ()
    took_ms: float = 0.0
    usage: Usage = field(default_factory=Usage)
    window: Window | None = None
    rewritten: str = ""
    orders: tuple[Citation, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:
            raise ValueError(f"confidence {self.confidence} is not in [0, 1]")
        if self.abstained and (self.statements or self.short or not self.reason):
            raise ValueError("an abstained answer has a reason and states nothing")
        retrieved = {hit.passage.article_id for hit in self.hits}
        cited = (*self.citations, *self.orders)
        stray = {citation.article_id for citation in cited} - retrieved
        if stray:
            raise ValueError(f"citations of articles that were not retrieved: {sorted(stray)}")

    @property
    def text(self) -> str:
        """The statements as running text, then where sources disagree and what is left open; for
        an abstained answer, its reason.
        """
        if self.abstained:
            return self.reason
        said = [statement.text for statement in self.statements]
        said += [conflict.text for conflict in self.conflicts]
        return " ".join([*said, self.reason] if self.reason else said)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every distinct citation in the order of first use, those of conflicts included."""
        sides = (side for conflict in self.conflicts for side in conflict.sides)
        made = (*self.statements, *sides)
        return tuple(dict.fromkeys(citation for said in made for citation in said.citations))

    def copies(self, citation: Citation) -> tuple[Copy, ...]:
        """The other articles that carry the text cited, earliest first."""
        found: dict[str, Copy] = {}
        for hit in self.hits:
            passage = hit.passage
            inside = passage.start <= citation.start and citation.end <= passage.end
            if passage.article_id == citation.article_id and inside:
                found |= {copy.article_id: copy for copy in hit.copies}
        return tuple(found.values())

    @property
    def sourcing(self) -> str:
        """How many outlets stand behind the citations with how many texts, as in ``4 outlets,
        1 text``: copies of one text are one source. Empty when each outlet has its own text.
        """
        texts: list[set[str]] = []
        outlets: set[str] = set()
        for citation in self.citations:
            carried: list[Citation | Copy] = [citation, *self.copies(citation)]
            outlets |= {each.source or each.article_id for each in carried}
            articles = {each.article_id for each in carried}
            apart = [text for text in texts if not text & articles]
            texts = [*apart, articles.union(*(text for text in texts if text & articles))]
        if len(outlets) <= len(texts):
            return ""
        return f"{len(outlets)} outlets, {len(texts)} text{'s' if len(texts) > 1 else ''}"


def _origin(side: Statement) -> str:
    cited = side.citations[0] if side.citations else None
    outlet = (cited and cited.source) or "unknown source"
    return f"{outlet}, {cited.published if cited and cited.published else 'undated'}"


def _whole_day(value: date | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value


def _web_address(url: str | None) -> str | None:
    """The canonical URL, or None for what no reader should be sent to (``javascript:``, typos)."""
    try:
        canonical = canonical_url(url or "")
    except ValueError:
        return None
    return canonical if re.match(r"https?://[^/]", canonical) else None


def _content_id(source: str | None, title: str, text: str) -> str:
    return derive_id(json.dumps([source, title, text]))


def derive_id(key: str) -> str:
    """The id, 16 hexadecimal digits, that stands for a key such as a URL or a text."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]
