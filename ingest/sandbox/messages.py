"""What passes between the process that asks and the one that parses: jobs, messages, frames.

A message is a JSON object. Whatever comes from the side that parsed is data of a stranger: it is
checked here, field by field, before anything is made of it.
"""

import json
import struct
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from ingest.parsing.source import UnusedNames
from qa.records.article import Article

__all__ = [
    "HEADER",
    "MAX_FRAME",
    "Failure",
    "Job",
    "LeftOut",
    "Loaded",
    "Message",
    "MessageError",
    "article_message",
    "failure_message",
    "failure_of",
    "left_out_of",
    "loaded_of",
    "message_of",
    "number_of",
    "text_of",
]

# The length of a frame, in bytes, before each.
HEADER = struct.Struct(">I")
# Bytes. The longest article with every character escaped takes 48 MB.
MAX_FRAME = 64 * 2**20
# Characters of a reason or a place in a source; names in archives have up to 65,535.
_MAX_NOTE = 70_000
# Addresses that one source names; a sitemap has up to 50,000.
_MAX_LINKS = 50_000
# Columns of one file that are told to be unused, and characters of each.
_MAX_NAMES, _LONGEST_NAME = 30, 40

Message = dict[str, Any]


class MessageError(Exception):
    """What came is no message that is ever sent."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """An article with where it came from.

    ``origin`` names the place for people and for the journal: an absolute path, ``a.zip!b.txt``,
    ``news.jsonl:17``, a URL, ``-`` for standard input. ``alone`` is True when the origin holds
    this article only (a text file, a page), so that other content there later is a new version.
    ``unused`` names what nothing was made of and no article of the file before this one had.
    """

    article: Article
    origin: str
    alone: bool
    unused: UnusedNames | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A source, or one entry of it, that could not become an article, and why. ``links`` are the
    addresses at which what it lacks may be.
    """

    origin: str
    reason: str
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file of a folder or an archive that was not read, and why: nothing is wrong with it."""

    origin: str
    reason: str


@dataclass(frozen=True, slots=True)
class Job:
    """One file to parse. Its bytes are not in it: but for the first, they are asked for.

    ``size`` is what is stored, in bytes, 0 if that is not known. A job that goes on after
    a fault begins at the member ``first_member`` and passes over ``skip_lines`` lines of it.
    ``ocr_languages`` are those in which pictures are read.
    """

    name: str
    suffix: str
    packed: bool = False
    url: str | None = None
    charset: str | None = None
    size: int = 0
    first_member: int = 0
    skip_lines: int = 0
    ocr_languages: str = ""

    def to_message(self) -> Message:
        """The job as a message."""
        return asdict(self)


def message_of(frame: bytes) -> Message:
    """The message in a frame. Raises MessageError."""
    try:
        message = json.loads(frame)
    except (ValueError, RecursionError) as error:
        raise MessageError("no JSON") from error
    if not isinstance(message, dict) or not isinstance(message.get("kind"), str):
        raise MessageError("no message")
    return message


def article_message(
    article: Article, place: str, *, alone: bool, unused: UnusedNames | None = None
) -> Message:
    """An article as a message; ``place`` is what the origin of the file lacks (``:17``)."""
    fields = article.to_dict()
    del fields["ingested"], fields["version"]
    message: Message = {"kind": "article", "place": place, "alone": alone, "article": fields}
    return message | {"unused": asdict(unused)} if unused else message


def failure_message(place: str, reason: str, links: Iterable[str] = ()) -> Message:
    """What could not become an article as a message."""
    return {"kind": "failure", "place": place, "reason": reason, "links": [*links]}


def loaded_of(message: Message, origin: str) -> Loaded:
    """The article in a message, cleaned as at its making. Raises MessageError."""
    fields = message.get("article")
    if not isinstance(fields, dict):
        raise MessageError("no article")
    article = Article.create(
        text_of(fields, "text", MAX_FRAME),
        title=text_of(fields, "title", MAX_FRAME),
        id=text_of(fields, "id", MAX_FRAME),
        url=_optional_text(fields, "url"),
        published=_day(fields, "published"),
        updated=_day(fields, "updated"),
        author=_optional_text(fields, "author"),
        source=_optional_text(fields, "source"),
        language=_optional_text(fields, "language"),
        dated_by=_optional_text(fields, "dated_by"),
        locked=fields.get("locked") is True,
    )
    place = origin + text_of(message, "place")
    return Loaded(article, place, message.get("alone") is True, _unused_names(message))


def failure_of(message: Message, origin: str) -> Failure:
    """The failure in a message. Raises MessageError."""
    links = message.get("links", [])
    if not isinstance(links, list) or not all(isinstance(link, str) for link in links):
        raise MessageError("no addresses as links")
    return Failure(
        origin + text_of(message, "place"), text_of(message, "reason"), tuple(links[:_MAX_LINKS])
    )


def left_out_of(message: Message, origin: str) -> LeftOut:
    """The file that a message says is not read. Raises MessageError."""
    return LeftOut(origin + text_of(message, "place"), text_of(message, "reason"))


def text_of(fields: Message, name: str, limit: int = _MAX_NOTE) -> str:
    """A text of at most ``limit`` characters. Raises MessageError."""
    value = fields.get(name)
    if not isinstance(value, str):
        raise MessageError(f"no text as {name}")
    return value[:limit]


def number_of(fields: Message, name: str) -> int:
    """A number that is not negative. Raises MessageError."""
    value = fields.get(name)
    if not isinstance(value, int) or not 0 <= value < 2**63:
        raise MessageError(f"no number as {name}")
    return value


def _unused_names(message: Message) -> UnusedNames | None:
    unused = message.get("unused")
    if unused is None:
        return None
    names = unused.get("names") if isinstance(unused, dict) else None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise MessageError("no names as unused")
    told = tuple(name[:_LONGEST_NAME] for name in names[:_MAX_NAMES])
    return UnusedNames("columns" if unused.get("kind") == "columns" else "fields", told)


def _optional_text(fields: Message, name: str) -> str | None:
    return None if fields.get(name) is None else text_of(fields, name, MAX_FRAME)


def _day(fields: Message, name: str) -> date | None:
    written = _optional_text(fields, name)
    try:
        return None if written is None else date.fromisoformat(written)
    except ValueError as error:
        raise MessageError(f"no day as {name}") from error
