"""What ingest takes in: files, folders, archives, web addresses and standard input.

Every article or failure is made when it is asked for, and nothing but it is in memory.
"""

import io
import os
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from ingest.fetch import fetch
from ingest.loaders import Broken, Loader, Source, loader_for, split_suffix, suffix_of_page
from ingest.loaders.source import parsing
from ingest.loaders.unpack import Member, Meter, gunzip, members, open_member
from ingest.loaders.walk import Found, Unwalked, walk
from qa.errors import EmptySource, QAError, UnreadableSource, UnsupportedFormat
from qa.records import Article

__all__ = ["Failure", "Intake", "Loaded"]

STDIN = "-"
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_MARKUP = re.compile(rb"<(!doctype html|html|head|body|article|p|div|h1|!--)[\s>]", re.IGNORECASE)
_FEED = re.compile(rb"<(\?xml|rss|feed|rdf:rdf)[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Loaded:
    """An article with where it came from.

    ``origin`` names the place for people and for the journal: an absolute path, ``a.zip!b.txt``,
    ``news.jsonl:17``, a URL, ``-`` for standard input. ``alone`` is True when the origin holds
    this article only (a text file, a page), so that other content there later is a new version.
    """

    article: Article
    origin: str
    alone: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """A source, or one entry of it, that could not become an article, and why."""

    origin: str
    reason: str


class Intake:
    """Everything that a list of paths and URLs holds, one article at a time.

    ``skipped`` counts the files in folders and archives that no loader reads, ``sources_read``
    the sources that were read to their end. Iterating again starts over, except with standard
    input.
    """

    def __init__(
        self,
        sources: Sequence[str | Path],
        *,
        allow_private: bool = False,
        stdin: BinaryIO | None = None,
    ) -> None:
        self._sources = [os.fspath(source) for source in sources]
        self._allow_private = allow_private
        self._stdin = stdin
        self._start_over()

    def _start_over(self) -> None:
        self.skipped = 0
        self.sources_read = 0
        self._finished = 0
        self._size = 0
        self._meter: Meter | None = None

    @cached_property
    def total(self) -> int:
        """Bytes of all files named, as they are stored; standard input and URLs count nothing.

        The folders are listed once for it, when it is first asked for.
        """
        files = (found for name in self._sources if not _elsewhere(name) for found in _files(name))
        return sum(found.size for found in files if isinstance(found, Found))

    @property
    def done(self) -> int:
        """Bytes of ``total`` that have been read so far."""
        current = min(self._meter.count, self._size) if self._meter else 0
        return self._finished + current

    def __iter__(self) -> Iterator[Loaded | Failure]:
        self._start_over()
        for name in self._sources:
            if name == STDIN:
                yield from _guarded(STDIN, self._standard_input)
            elif _ADDRESS.match(name):
                yield from _guarded(name, partial(self._page, name))
            else:
                yield from self._path(name)
            self.sources_read += 1

    def _path(self, name: str) -> Iterator[Loaded | Failure]:
        for found in _files(name):
            origin = os.path.normpath(Path(found.path).absolute())
            if isinstance(found, Unwalked):
                yield Failure(origin, found.reason)
                continue
            if found.path != name and not _has_loader(found.path):
                self.skipped += 1
            else:
                self._size = found.size
                yield from _guarded(origin, partial(self._file, origin))
            self._finished += found.size
            self._meter = None

    def _file(self, path: str) -> Iterator[Loaded | Failure]:
        suffix, packed = split_suffix(path)
        if suffix == ".zip" and not packed:
            yield from self._archive(path)
            return
        loader = loader_for(suffix)
        opener = _unpacking(lambda: self._open(path), packed)
        yield from _load(loader, Source(Path(path).name, opener), path)

    def _open(self, path: str) -> io.BufferedReader:
        self._meter = Meter(io.FileIO(path))
        return io.BufferedReader(self._meter, 2**16)

    def _archive(self, path: str) -> Iterator[Loaded | Failure]:
        with self._open(path) as stream:
            with parsing("zip archive"):
                archive = zipfile.ZipFile(stream)
            with archive:
                for member in members(archive, Path(path).stat().st_size):
                    origin = f"{path}!{member.name}"
                    if member.problem:
                        yield Failure(origin, str(member.problem))
                    elif _has_loader(member.name):
                        yield from _guarded(
                            origin,
                            partial(_member, archive, member, origin),
                        )
                    else:
                        self.skipped += 1

    def _page(self, url: str) -> Iterator[Loaded | Failure]:
        page = fetch(url, allow_private=self._allow_private)
        suffix = suffix_of_page(page.content_type, page.url)
        name = urlsplit(page.url).path.rstrip("/").rpartition("/")[2] or url
        source = Source.from_bytes(name, page.data, url=page.url, charset=page.charset)
        yield from _load(loader_for(suffix), source, url)

    def _standard_input(self) -> Iterator[Loaded | Failure]:
        raw: io.RawIOBase = _Unclosed(self._stdin or sys.stdin.buffer)
        stream: io.BufferedReader = io.BufferedReader(raw, 2**16)
        suffix = _sniffed(stream)
        yield from _load(loader_for(suffix), Source("standard input", lambda: stream), STDIN)


def _load(loader: Loader, source: Source, origin: str) -> Iterator[Loaded | Failure]:
    for item in loader(source):
        place = f"{origin}:{item.place}" if item.place else origin
        if isinstance(item, Broken):
            yield Failure(place, item.reason)
        else:
            yield Loaded(item.article, place, alone=not item.place)


def _guarded(
    origin: str, results: Callable[[], Iterator[Loaded | Failure]]
) -> Iterator[Loaded | Failure]:
    """What a source gives, and one Failure for whatever stops it."""
    try:
        yield from results()
    except QAError as error:
        yield Failure(origin, str(error))
    except OSError as error:
        yield Failure(origin, f"cannot be read: {error.strerror or error}")
    except Exception as error:  # one source never stops the others
        yield Failure(
            origin, f"its reader failed ({type(error).__name__}: {error}); is it damaged?"
        )


def _elsewhere(name: str) -> bool:
    return name == STDIN or _ADDRESS.match(name) is not None


def _files(name: str) -> Iterator[Found | Unwalked]:
    """The files that a path stands for; one Unwalked if it stands for none."""
    try:
        path = Path(name)
        if path.is_dir():
            yield from walk(name)
        elif path.is_file():
            yield Found(name, path.stat().st_size)
        elif path.is_symlink() or path.exists():
            yield Unwalked(name, "not a file or folder (a broken link, a device or a pipe)")
        else:
            yield Unwalked(name, f"no such file or folder: {name!r}; is the path spelled right?")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        yield Unwalked(name, f"cannot be read: {error}")


def _has_loader(path: str) -> bool:
    suffix, _ = split_suffix(path)
    try:
        return suffix == ".zip" or bool(loader_for(suffix))
    except UnsupportedFormat:
        return False


def _member(archive: zipfile.ZipFile, member: Member, origin: str) -> Iterator[Loaded | Failure]:
    suffix, packed = split_suffix(member.name)
    if suffix == ".zip":
        raise UnreadableSource("an archive in an archive; unpack the outer one first")
    opener = _unpacking(lambda: open_member(archive, member), packed)
    yield from _load(loader_for(suffix), Source(Path(member.name).name, opener), origin)


def _unpacking(
    opener: Callable[[], io.BufferedReader], packed: bool
) -> Callable[[], io.BufferedReader]:
    return (lambda: gunzip(opener())) if packed else opener


class _Unclosed(io.RawIOBase):
    """A stream that stays open when its reader is done: it belongs to the caller."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        read = getattr(self._stream, "read1", self._stream.read)
        data = read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _sniffed(stream: io.BufferedReader) -> str:
    """The suffix of the loader that fits how a stream starts, blank space passed over."""
    while (head := stream.peek(512)) and head[:1].isspace():
        stream.read(len(head) - len(head.lstrip()))
    if not head:
        raise EmptySource("nothing came through standard input")
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith((b"{", b"[")):
        return ".jsonl" if head.startswith(b"{") else ".json"
    if _MARKUP.match(head):
        return ".html"
    return ".xml" if _FEED.match(head) else ".txt"
