"""What ingest takes in: files, folders, archives, web addresses and standard input.

Articles and failures are made a few at a time, and no more of them are in memory.
"""

import io
import os
import re
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeAlias
from urllib.parse import urlsplit

from ingest.accounting import LeftOutFiles
from ingest.fetch import Fetched, fetch
from ingest.files import SourceFile, files_of
from ingest.follow import followed, hinted
from ingest.loaders import LOADERS, loader_for, split_suffix, suffix_of_page
from ingest.loaders.sniff import suffix_of_content
from ingest.sandbox.messages import Failure, Job, LeftOut, Loaded
from ingest.sandbox.parse import ARCHIVE, has_loader, unread
from ingest.sandbox.replay import Replay
from ingest.sandbox.supervisor import HEAD, ByteStream, Sandbox
from ingest.walk import Found, Unwalked
from qa.errors import EmptySource, QAError

if TYPE_CHECKING:
    from qa.build import ParseLimits

__all__ = ["Failure", "Intake", "Loaded", "is_elsewhere"]

STDIN = "-"
# Steps that are looked ahead at.
_WINDOW = 16
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class _Interrupted(BaseException):
    """Whoever waits wants no more, which is no fault of the source at hand."""

    def __init__(self, reason: Exception) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _SourceEnd:
    """A source was read to its end."""


# A file to parse, one that nothing reads, a path that stands for none; an address or ``-``.
_Step: TypeAlias = SourceFile | Found | Failure | str | _SourceEnd


class Intake:
    """Everything that a list of paths and URLs holds, one article at a time.

    ``left_out`` has the files in folders and archives that are not read, ``sources_read`` counts
    the sources that were read to their end. With ``follow``, what lists of feeds and pages name
    is fetched, too. Iterating again starts over, except with standard input. ``pages`` were
    fetched already, by address. Every source is parsed by a process of its own within ``limits``
    (default: the settings). ``on_wait`` is called a few times a second meanwhile; what it raises
    ends the iteration at once.
    """

    def __init__(
        self,
        sources: Sequence[str | Path],
        *,
        allow_private: bool = False,
        pages: Mapping[str, Fetched] | None = None,
        stdin: BinaryIO | None = None,
        limits: "ParseLimits | None" = None,
        follow: bool = False,
        on_wait: Callable[[], None] = lambda: None,
    ) -> None:
        self._sources = [os.fspath(source) for source in sources]
        self._allow_private = allow_private
        self._pages = pages or {}
        self._stdin = stdin
        self._limits = limits
        self._follow = follow
        self._on_wait = on_wait
        self._start_over()

    def _start_over(self) -> None:
        self.left_out = LeftOutFiles()
        self.sources_read = 0
        self._finished = 0
        self._file: SourceFile | None = None

    @cached_property
    def total(self) -> int:
        """Bytes of all files named, as they are stored; standard input and URLs count nothing.

        The folders are listed once for it, when it is first asked for.
        """
        names = (name for name in self._sources if not is_elsewhere(name))
        files = (found for name in names for found in files_of(name))
        return sum(found.size for found in files if isinstance(found, Found))

    @property
    def done(self) -> int:
        """Bytes of ``total`` that have been read so far."""
        return self._finished + (self._file.done if self._file else 0)

    def __iter__(self) -> Generator[Loaded | Failure]:
        self._start_over()
        try:
            with Sandbox(self._limits or _set_limits(), self._wait) as sandbox:
                for step in _in_advance(self._steps(), sandbox):
                    results = self._take(step, sandbox)
                    take_page = partial(self._linked_page, sandbox)
                    yield from followed(results, take_page) if self._follow else hinted(results)
        except _Interrupted as interrupted:
            raise interrupted.reason from None

    def _wait(self) -> None:
        try:
            self._on_wait()
        except Exception as error:
            raise _Interrupted(error) from error

    def _steps(self) -> Iterator[_Step]:
        """What there is to do, in order."""
        for name in self._sources:
            if is_elsewhere(name):
                yield name
            else:
                yield from map(partial(_file_step, name), files_of(name))
            yield _SourceEnd()

    def _take(self, step: _Step, sandbox: Sandbox) -> Iterator[Loaded | Failure]:
        match step:
            case _SourceEnd():
                self.sources_read += 1
            case Failure():
                yield step
            case Found():  # that is not read
                self.left_out.add(LeftOut(step.path, step.left_out))
                self._finished += step.size
            case SourceFile():
                self._file = step
                yield from _guarded(step.path, partial(self._parse_file, sandbox, step))
                self._finished += step.size
                self._file = None
            case str() if step == STDIN:
                yield from _guarded(STDIN, partial(self._standard_input, sandbox))
            case str():
                yield from _guarded(step, partial(self._page, sandbox, step))

    def _parse_file(self, sandbox: Sandbox, file: SourceFile) -> Iterator[Loaded | Failure]:
        suffix, packed = split_suffix(file.path)
        if suffix != ARCHIVE or packed:
            loader_for(suffix)
        with closing(file):
            job, stream = file.open()
            yield from self._parse(sandbox, job, stream, file.path)

    def _page(self, sandbox: Sandbox, url: str) -> Iterator[Loaded | Failure]:
        page = self._pages.get(url) or fetch(url, allow_private=self._allow_private)
        suffix = suffix_of_page(page.content_type, page.url)
        if suffix not in LOADERS:
            suffix = suffix_of_content(page.data[:HEAD], "") or suffix
        loader_for(suffix)
        name = urlsplit(page.url).path.rstrip("/").rpartition("/")[2] or url
        job = Job(name, suffix, url=page.url, charset=page.charset, size=len(page.data))
        yield from self._parse(sandbox, job, io.BytesIO(page.data), url)

    def _linked_page(self, sandbox: Sandbox, url: str) -> Iterator[Loaded | Failure]:
        return _guarded(url, partial(self._page, sandbox, url))

    def _standard_input(self, sandbox: Sandbox) -> Iterator[Loaded | Failure]:
        raw: io.RawIOBase = _Unclosed(self._stdin or sys.stdin.buffer)
        stream: io.BufferedReader = io.BufferedReader(raw, 2**16)
        job = Job("standard input", _sniffed(stream))
        with Replay(stream) as replay:
            yield from self._parse(sandbox, job, replay, STDIN)

    def _parse(
        self, sandbox: Sandbox, job: Job, stream: ByteStream, origin: str
    ) -> Iterator[Loaded | Failure]:
        for result in sandbox.parse(job, stream, origin):
            if isinstance(result, LeftOut):
                self.left_out.add(result)
            else:
                yield result


def _set_limits() -> "ParseLimits":
    # Imported here, so that importing the package stays quick.
    from qa.build import parse_limits

    return parse_limits()


def _file_step(name: str, found: Found | Unwalked) -> _Step:
    path = os.path.normpath(Path(found.path).absolute())
    if isinstance(found, Unwalked):
        return Failure(path if found.path else "''", found.reason)
    # What is named is read, or says why not; what lies in a folder may be for others.
    reason = found.left_out or ("" if found.path == name else unread(path))
    return Found(path, found.size, reason) if reason else SourceFile(path, found.size)


def _in_advance(steps: Iterator[_Step], sandbox: Sandbox) -> Iterator[_Step]:
    """The steps; small files are handed over before it is their turn, so that they are parsed
    while the one before them is stored.
    """
    window: deque[_Step] = deque()
    while True:
        window.extend(islice(steps, _WINDOW - len(window)))
        if not window:
            return
        for step in window:
            if not _hand_over(step, sandbox):
                break
        yield window.popleft()


def _hand_over(step: _Step, sandbox: Sandbox) -> bool:
    """Whether what comes after the step may be handed over as well."""
    if not isinstance(step, SourceFile):
        return not isinstance(step, str)
    suffix, _ = split_suffix(step.path)
    if suffix == ARCHIVE or not has_loader(step.path):
        return False
    try:
        return step.read_ahead(HEAD) and sandbox.hand_over(*step.open())
    except (OSError, QAError):
        return False  # it says so when it is its turn


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


def is_elsewhere(name: str) -> bool:
    """Whether it is an address or standard input, and no path."""
    return name == STDIN or _ADDRESS.match(name) is not None


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
    return suffix_of_content(head, "") or ".txt"
