"""The records that cross a stage, and their JSON. Knows nothing of where anything is kept.

Offsets are Python string offsets (code points) into ``Article.text``, half open. Every record is
frozen, checked where it is born, and survives ``from_json(to_json())`` unchanged.
"""

import hashlib
import json
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, Self
from urllib.parse import unquote, urlsplit, urlunsplit

__all__ = [
    "Answer",
    "Article",
    "Citation",
    "Conflict",
    "Hit",
    "Passage",
    "Question",
    "Reading",
    "Record",
    "Retrieval",
    "Scope",
    "Span",
    "Statement",
    "Step",
    "Support",
    "Usage",
    "canonical_url",
    "clean_line",
    "clean_text",
]

Support = Literal["verified", "weak", "unsupported"]


class Record:
    """JSON both ways for the frozen dataclasses below."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers; dates in ISO 8601."""
        plain = _encode(self)
        assert isinstance(plain, dict)
        return plain

    def to_json(self, *, indent: int | None = None) -> str:
        """The record as JSON text, non-ASCII characters kept."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The record again; unknown keys are ignored. Raises KeyError if one is missing."""
        made = _decode(cls, data)
        assert isinstance(made, cls)
        return made

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The inverse of ``to_json``."""
        return cls.from_dict(json.loads(text))


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
            _derive_id(url.partition("://")[2]) if url else _content_id(source, title, text)
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
        shown = replace(self, id="-", ingested=None, version=1)
        return hashlib.sha256(shown.to_json().encode()).hexdigest()

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
class Hit(Record):
    """A retrieved passage; ``score`` is higher-is-better, comparable within one list only.

    ``ranks`` says at which place (from 1) each leg of the search had it.
    """

    passage: Passage
    score: float
    ranks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citation(Record):
    """Exact characters of an article: ``article.text[start:end] == quote``."""

    article_id: str
    start: int
    end: int
    quote: str
    title: str = ""
    url: str | None = None
    source: str | None = None
    published: date | None = None

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
    """Sources that disagree: two or more statements, newest article first."""

    sides: tuple[Statement, ...]


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


@dataclass(frozen=True, slots=True)
class Scope(Record):
    """Which articles may be searched. ``since`` and ``until`` are inclusive days of publication;
    with either set, undated articles are out. ``sources`` empty means every source.
    """

    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since {self.since} lies after until {self.until}")

    def __bool__(self) -> bool:
        return bool(self.since or self.until or self.sources)


@dataclass(frozen=True, slots=True)
class Question(Record):
    """A question as it is searched: ``as_of`` is the day it is asked.

    With ``timely``, articles published near that day are preferred; none is left out for it.
    """

    text: str
    as_of: date
    scope: Scope = field(default_factory=Scope)
    timely: bool = False


@dataclass(frozen=True, slots=True)
class Retrieval(Record):
    """What a search found: hits best first, and the lines it adds to the trace."""

    hits: tuple[Hit, ...]
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Span(Record):
    """A candidate answer found by a reader, in article offsets, inside the sentence that holds it.

    ``text`` is ``passage.text`` at ``[start:end]``; ``sentence`` is the half-open sentence range;
    ``score`` is comparable across the passages of one question.
    """

    passage: Passage
    start: int
    end: int
    sentence: tuple[int, int]
    score: float

    def __post_init__(self) -> None:
        low, high = self.sentence
        if not self.passage.start <= low <= self.start < self.end <= high <= self.passage.end:
            raise ValueError(f"span [{self.start}:{self.end}] is outside its sentence or passage")

    @property
    def text(self) -> str:
        """The characters of the span."""
        return self.passage.text[self.start - self.passage.start : self.end - self.passage.start]

    @property
    def quote(self) -> str:
        """The characters of the sentence around it."""
        low, high = self.sentence
        return self.passage.text[low - self.passage.start : high - self.passage.start]


@dataclass(frozen=True, slots=True)
class Reading(Record):
    """What a reader makes of the hits: a new order, spans best first, and how sure it is.

    ``confidence`` in [0, 1] is how likely the first span answers the question; with no span, or
    when the reader would abstain, ``reason`` says why.
    """

    hits: tuple[Hit, ...]
    spans: tuple[Span, ...]
    confidence: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer(Record):
    """The answer to one question. ``short`` is the span or name alone, for scoring.

    Every citation points into an article among ``hits``. An abstained answer says why in
    ``reason``, has no statements, and still carries the nearest hits.
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

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:
            raise ValueError(f"confidence {self.confidence} is not in [0, 1]")
        if self.abstained and (self.statements or self.short or not self.reason):
            raise ValueError("an abstained answer has a reason and states nothing")
        retrieved = {hit.passage.article_id for hit in self.hits}
        stray = {citation.article_id for citation in self.citations} - retrieved
        if stray:
            raise ValueError(f"citations of articles that were not retrieved: {sorted(stray)}")

    @property
    def text(self) -> str:
        """The statements as running text; for an abstained answer, its reason."""
        if self.abstained:
            return self.reason
        return " ".join(statement.text for statement in self.statements)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every distinct citation in the order of first use."""
        used = (citation for statement in self.statements for citation in statement.citations)
        return tuple(dict.fromkeys(used))


def clean_text(text: str) -> str:
    """Without NUL characters, and with U+FFFD for what is not a character (lone surrogates)."""
    text = text.replace("\0", "")
    if text.isascii():
        return text
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def clean_line(text: str) -> str:
    """One line: control characters and runs of white space become single spaces."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", clean_text(text)).split())


_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|mc_cid|mc_eid|cmpid|ns_\w+)$", re.IGNORECASE)


def canonical_url(url: str) -> str:
    """The same page under one spelling: host in lower case, no fragment, port or tracking tags.

    Raises ValueError for a URL that cannot be parsed.

    >>> canonical_url("HTTPS://News.Example:443/a/?b=1&utm_medium=rss#c")
    'https://news.example/a/?b=1'
    """
    parts = urlsplit(clean_line(url).replace(" ", "%20"))
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    if parts.port and parts.port != {"http": 80, "https": 443}.get(scheme):
        host = f"{host}:{parts.port}"
    pairs = parts.query.split("&")
    query = "&".join(pair for pair in pairs if not _TRACKING.match(unquote(pair.partition("=")[0])))
    return urlunsplit((scheme, host, parts.path or "/", query, ""))


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
    return _derive_id(json.dumps([source, title, text]))


def _derive_id(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _encode(value: Any) -> Any:
    if is_dataclass(value):
        return {item.name: _encode(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, (list, tuple)):
        return [_encode(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _encode(item) for key, item in value.items()}
    return value.isoformat() if isinstance(value, date) else value


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _decode(kind: Any, value: Any) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if value is None:
        return None
    if origin in (typing.Union, types.UnionType):
        return _decode(next(item for item in arguments if item is not type(None)), value)
    if origin is tuple:
        kinds = [arguments[0]] * len(value) if arguments[-1] is Ellipsis else arguments
        return tuple(_decode(item, part) for item, part in zip(kinds, value, strict=True))
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        known = {item.name for item in fields(kind)} & set(value)
        return kind(**{name: _decode(hints[name], value[name]) for name in known})
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    return dict(value) if isinstance(value, Mapping) else value
