"""One job of parsing, from bytes to messages. Knows nothing of processes and pipes."""

import io
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path

from ingest.documents.tesseract import has_tesseract
from ingest.loaders import PICTURES, Source, loader_for, split_suffix
from ingest.loaders.csv import stands_above
from ingest.loaders.sniff import OPEN_SUFFIXES, suffix_of_content
from ingest.parsing.source import Broken, Omitted, Progress, links_of, parsing
from ingest.sandbox.messages import Job, Message, article_message, failure_message
from ingest.unpack import Member, gunzip, members, open_member
from qa.errors import EmptySource, QAError, UnreadableSource, UnsupportedFormat

__all__ = ["ARCHIVE", "LinePosition", "has_loader", "messages", "unread"]

ARCHIVE = ".zip"
_TABLES = {".csv", ".tsv"}
_BUFFER = 2**16


class LinePosition:
    """How many lines of the file at hand were given to its loader, 0 if it is read as a whole,
    and the first line of the entry at hand, 0 between two. Kept in two numbers that another
    process can see.
    """

    def __init__(self, numbers: "memoryview[int]") -> None:
        self._numbers = numbers

    @property
    def lines(self) -> int:
        return self._numbers[0]

    @property
    def entry(self) -> int:
        return self._numbers[1]

    def start_file(self) -> None:
        """Nothing was read."""
        self._numbers[0] = self._numbers[1] = 0

    def start_entry(self) -> None:
        """The entry at hand is done with."""
        self._numbers[1] = 0

    def take(self, *, whole: bool, blank: bool) -> None:
        """A line, or the beginning of one, was given out."""
        if not self._numbers[1] and not blank:
            self._numbers[1] = self._numbers[0] + 1
        if whole:
            self._numbers[0] += 1


def has_loader(path: str) -> bool:
    """Whether the name is that of a file which ingest reads."""
    suffix, _ = split_suffix(path)
    # Pictures lie everywhere; those that are no text are not worth a word where none is read.
    if suffix in PICTURES:
        return has_tesseract()
    try:
        return suffix == ARCHIVE or bool(loader_for(suffix))
    except UnsupportedFormat:
        return False


def unread(path: str) -> str:
    """Why ingest does not read a file of this name, empty if it does."""
    suffix, _ = split_suffix(path)
    return "" if has_loader(path) else f"unknown suffix {suffix!r}" if suffix else "no suffix"


def messages(
    job: Job, stream: io.RawIOBase, position: LinePosition | None = None
) -> Iterator[Message]:
    """What a job gives, in its order: ``article``, ``failure``, and what is told on the way.

    A failure is ``unexplained`` when a parser of others gave up.
    ``progress`` says that a part of a long work is done.
    ``start`` comes before each member of an archive, ``skipped`` for each that is left out,
    and ``fault`` instead of a failure, as the last message, when the lines after it can be read.
    Raises MemoryError.
    """
    position = position or LinePosition(memoryview(bytearray(16)).cast("Q"))
    if job.suffix == ARCHIVE:
        yield from _guarded("", position, partial(_archive, job, stream, position))
    else:
        position.start_file()
        yield from _guarded(
            "", position, partial(_entries, job, lambda: _buffered(stream), "", position)
        )


def _archive(job: Job, stream: io.RawIOBase, position: LinePosition) -> Iterator[Message]:
    with parsing("zip archive"):
        archive = zipfile.ZipFile(_buffered(stream))
    with archive:
        number = -1
        for number, member in enumerate(members(archive, job.size)):
            if number < job.first_member:
                continue
            place = f"!{member.name}"
            if member.problem:
                yield {"kind": "failure", "place": place, "reason": str(member.problem)}
            elif reason := member.left_out or unread(member.name):
                yield {"kind": "skipped", "place": place, "reason": reason}
            else:
                suffix, packed = split_suffix(member.name)
                position.start_file()
                yield {"kind": "start", "place": place, "number": number, "suffix": suffix}
                skip_lines = job.skip_lines if number == job.first_member else 0
                inner = Job(
                    Path(member.name).name,
                    suffix,
                    packed,
                    skip_lines=skip_lines,
                    ocr_languages=job.ocr_languages,
                )
                for message in _member(archive, member, place, inner, position):
                    yield message
                    if message["kind"] == "fault":
                        return
        if number < 0:
            raise EmptySource("the archive holds no files")


def _member(
    archive: zipfile.ZipFile, member: Member, place: str, job: Job, position: LinePosition
) -> Iterator[Message]:
    opener = partial(open_member, archive, member)
    yield from _guarded(place, position, partial(_entries, job, opener, place, position))


def _entries(
    job: Job, opener: Callable[[], io.BufferedReader], place: str, position: LinePosition
) -> Iterator[Message]:
    """The articles of one file that is no archive."""
    if job.suffix == ARCHIVE:
        raise UnreadableSource("an archive in an archive; unpack the outer one first")

    def open_lines() -> _Lines:
        stream = gunzip(opener()) if job.packed else opener()
        return _Lines(stream.detach(), position, job)

    suffix = job.suffix
    streams: Iterator[io.BufferedReader] = iter(open_lines, None)
    if suffix in OPEN_SUFFIXES:
        first = open_lines()
        suffix = suffix_of_content(first.peek(_BUFFER), suffix)
        streams = chain([first], streams)
    source = Source(job.name, partial(next, streams), job.url, job.charset, job.ocr_languages)
    for item in loader_for(suffix)(source):
        if isinstance(item, Progress):
            yield {"kind": "progress"}
            continue
        inner = f"{place}:{item.place}" if item.place else place
        if isinstance(item, Omitted):
            yield {"kind": "skipped", "place": f"{inner}!{item.name}", "reason": item.reason}
        elif isinstance(item, Broken):
            yield failure_message(inner, item.reason, item.links)
        else:
            yield article_message(item.article, inner, alone=not item.place, unused=item.unused)
        position.start_entry()


def _guarded(
    place: str, position: LinePosition, results: Callable[[], Iterator[Message]]
) -> Iterator[Message]:
    """What a file gives, and one message for whatever stops it."""
    try:
        yield from results()
    except QAError as error:
        # A parser that gave up without saying why may have wanted for memory.
        unexplained = isinstance(error, UnreadableSource) and error.__cause__ is not None
        failure = failure_message(place, str(error), links_of(error))
        yield {**failure, "unexplained": unexplained}
    except MemoryError:
        raise
    except Exception as error:  # one file never stops the others
        reason = f"its reader failed ({type(error).__name__}: {error}); is it damaged?"
        kind = "fault" if position.lines else "failure"
        yield {"kind": kind, "place": place, "reason": reason}


def _buffered(stream: io.RawIOBase) -> io.BufferedReader:
    return io.BufferedReader(stream, _BUFFER)


class _Lines(io.BufferedReader):
    """Counts the lines that it gives out; those to be passed over are blank.

    What is looked at before the first line stays as it is, so that a file is taken for the same
    as before. So does the header of a table.
    """

    def __init__(self, raw: io.RawIOBase, position: LinePosition, job: Job) -> None:
        super().__init__(raw, _BUFFER)
        self._position = position
        self._skip_lines = job.skip_lines
        self._in_header = job.suffix in _TABLES
        self._quotes = 0
        # Lines above the header so far, None once it began.
        self._above: int | None = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        piece = super().readline(size)
        if not piece:
            return piece
        if self._position.lines < self._skip_lines and not self._in_header:
            while piece and not piece.endswith(b"\n"):
                piece = super().readline(_BUFFER)
            piece = b"\n"
        whole = piece.endswith(b"\n") or size is None or len(piece) != size
        blank = piece.isspace()
        if self._in_header:
            self._quotes += piece.count(b'"')
            if self._above is not None and not blank:
                is_above = stands_above(piece.decode("latin-1"), self._above)
                self._above = self._above + 1 if is_above else None
            self._in_header = self._above is not None or not whole or self._quotes % 2 == 1
        self._position.take(whole=whole, blank=blank)
        return piece
