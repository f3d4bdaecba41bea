"""One source as its loader sees it: a name, bytes, what is said of them. Knows no format."""

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import PurePosixPath
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from qa.errors import EmptySource, SourceError, SourceTooLarge, UnreadableSource
from qa.records.article import Article

__all__ = [
    "MAX_BROKEN",
    "MAX_FILE",
    "MAX_LINE",
    "MAX_TEXT",
    "Broken",
    "Entry",
    "Loader",
    "Omitted",
    "Progress",
    "Source",
    "TextElsewhere",
    "UnusedNames",
    "host_of",
    "limit_broken",
    "links_of",
    "megabytes",
    "parsing",
]

# Bytes, decompressed, of a file that is parsed as a whole: parsers hold several copies of it.
MAX_FILE = 64 * 2**20
# Characters of one article. The longest novels have 6 million; more is a dump, not an article.
MAX_TEXT = 8_000_000
# Bytes of one line or row of a file that is read as a stream: twice MAX_TEXT, for escapes.
MAX_LINE = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Source:
    """What a loader reads.

    ``opener`` gives a fresh stream of the unpacked bytes, which the loader closes. ``url`` is the
    final address of a fetched source, None for a file. ``charset`` is what the server declared,
    ``ocr_languages`` those in which pictures are read, as Tesseract names them (``eng+deu``);
    empty: they are not.
    """

    name: str
    opener: Callable[[], io.BufferedReader]
    url: str | None = None
    charset: str | None = None
    ocr_languages: str = ""

    @classmethod
    def from_bytes(
        cls, name: str, data: bytes, *, url: str | None = None, charset: str | None = None
    ) -> "Source":
        """A source that is already in memory."""
        return cls(name, lambda: io.BufferedReader(io.BytesIO(data)), url, charset)

    @property
    def stem(self) -> str:
        """The name without folder and suffixes, the title of last resort."""
        return PurePosixPath(self.name.removesuffix(".gz")).stem

    def read(self) -> bytes:
        """All bytes. Raises SourceTooLarge over ``MAX_FILE``."""
        with self.opener() as stream:
            data = stream.read(MAX_FILE + 1)
        if len(data) > MAX_FILE:
            raise SourceTooLarge(
                f"more than {megabytes(MAX_FILE)} in one file that is read as a whole; split it, "
                "or make it JSON Lines (.jsonl), which is read line by line"
            )
        return data


@dataclass(frozen=True, slots=True)
class Entry:
    """An article found; ``place`` is where in the source (``17``), empty if it is all of it.
    ``unused`` names what no entry of the source before it had, None if that is nothing.
    """

    article: Article
    place: str = ""
    unused: "UnusedNames | None" = None


@dataclass(frozen=True, slots=True)
class UnusedNames:
    """The ``names`` of what records hold and nothing was made of: ``columns`` of a table, or
    ``fields`` of objects.
    """

    kind: Literal["columns", "fields"]
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} {', '.join(map(repr, self.names))}"


@dataclass(frozen=True, slots=True)
class Broken:
    """An entry that could not become an article; the entries after it still can. ``links`` are
    the addresses at which what it lacks may be.
    """

    place: str
    reason: str
    links: tuple[str, ...] = ()

    @classmethod
    def of(cls, place: str, error: SourceError) -> "Broken":
        """What an error says of an entry."""
        return cls(place, str(error), links_of(error))


@dataclass(frozen=True, slots=True)
class Omitted:
    """What a source holds beside its articles and was not read, and why; nothing is wrong with it.
    ``place`` is the entry that it belongs to, empty if that is all of the source.
    """

    place: str
    name: str
    reason: str


class TextElsewhere(EmptySource):
    """What names articles without their texts; ``links`` are the addresses of those."""

    def __init__(self, message: str, links: Iterable[str]) -> None:
        super().__init__(message)
        self.links = tuple(dict.fromkeys(links))


def links_of(error: Exception) -> tuple[str, ...]:
    """The addresses that an error names as a way out, none for most."""
    return error.links if isinstance(error, TextElsewhere) else ()


@dataclass(frozen=True, slots=True)
class Progress:
    """A part of the work that takes long by its nature is done: a page of pictures was read."""


# Yields what the source holds, in its order; raises SourceError when there is no going on.
Loader = Callable[[Source], Iterator[Entry | Broken | Omitted | Progress]]


@contextmanager
def parsing(what: str) -> Iterator[None]:
    """Turn whatever a third-party parser raises into UnreadableSource, its cause kept.

    Parsers given hostile bytes raise anything from KeyError to RecursionError, so no list of
    exceptions would be complete. Want of memory says nothing of the source and stays what it is.
    """
    try:
        yield
    except (SourceError, MemoryError):
        raise
    except Exception as error:
        detail = " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__
        if isinstance(error, RecursionError):
            detail = "its parts are nested too deep"
        raise UnreadableSource(f"not a readable {what} ({detail}); is it damaged?") from error


def host_of(url: str | None) -> str | None:
    """The host of a web address in lower case, without ``www.``; None if there is none."""
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def megabytes(size: int) -> str:
    """A size in bytes for people.

    >>> megabytes(64 * 2**20)
    '64 MB'
    """
    return f"{size / 2**20:.0f} MB"


# Broken entries of a source that are told one by one; the others are counted.
MAX_BROKEN = 1000


_T = TypeVar("_T", bound=Entry | Omitted)


def limit_broken(
    load: Callable[[Source], Iterator[_T | Broken]],
) -> Callable[[Source], Iterator[_T | Broken]]:
    """The loader with a bound on what its failures take: a file may have millions of them.

    No article is lost. After the last entry, one more Broken says how many others there are.
    """

    @wraps(load)
    def limited(source: Source) -> Iterator[_T | Broken]:
        count, place = 0, ""
        try:
            for entry in load(source):
                if isinstance(entry, Broken):
                    count += 1
                    if count > MAX_BROKEN:
                        place = entry.place
                        continue
                yield entry
        except SourceError:
            yield from _others(count, place)
            raise
        yield from _others(count, place)

    return limited


def _others(count: int, place: str) -> Iterator[Broken]:
    if count > MAX_BROKEN:
        yield Broken(
            place,
            f"{count - MAX_BROKEN:,} more entries cannot be read, this being the last of them; "
            "correct the first ones and ingest the source again",
        )
