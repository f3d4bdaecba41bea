"""Files are parsed in a process of their own, and what they do to it is one failure.

One worker serves file after file. A file that passes a limit, or crashes it, costs the worker and
not the rest: the next one goes on behind the entry at fault.
"""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self, TypeAlias

from ingest.sandbox.messages import (
    Failure,
    Job,
    LeftOut,
    Loaded,
    Message,
    MessageError,
    failure_of,
    left_out_of,
    loaded_of,
    number_of,
    text_of,
)
from ingest.sandbox.parse import ARCHIVE
from ingest.sandbox.worker import Worker, WorkerCrashed, WorkerLost

if TYPE_CHECKING:
    from qa.build import ParseLimits

__all__ = ["HEAD", "ByteStream", "Sandbox"]

ByteStream: TypeAlias = io.RawIOBase | io.BufferedIOBase
# Entries or members at fault, after which a file is given up.
MAX_FAULTS = 5
# Pages of pictures in a file, each of which has the time for one.
MAX_PROGRESS = 200
# Bytes sent at once, and those sent with the job: most files are small.
_BLOCK, HEAD = 2**18, 2**16


_Result: TypeAlias = Loaded | Failure | LeftOut


@dataclass(slots=True)
class _Attempt:
    """How far a job came, and what stopped it; ``fault`` is empty while nothing did. ``heard`` is
    whether the worker said anything of it; ``innocent``, that the worker may have died before it
    came to it.
    """

    job: Job
    origin: str
    over: bool = False
    heard: bool = False
    innocent: bool = False
    fault: str = ""
    place: str = ""
    member: int | None = None
    entries: int = 0
    progress: int = 0
    lines: int = 0
    entry: int = 0

    def stop(self, fault: str, worker: Worker | None) -> None:
        """Something stopped it, with the worker where it is."""
        self.fault = fault
        if worker:
            self.lines, self.entry = worker.position.lines, worker.position.entry

    def rest(self) -> Job | None:
        """What is left to do behind the entry or member at fault, None if that is not known."""
        skipped = self.job.skip_lines if self.member in (None, self.job.first_member) else 0
        if self.lines > skipped:
            first = self.member or 0
            return replace(self.job, first_member=first, skip_lines=self.lines)
        if self.member is not None:
            return replace(self.job, first_member=self.member + 1, skip_lines=0)
        return None

    def failure(self) -> Failure:
        """The fault, with the place of the entry if it is one of many."""
        rest = self.rest()
        if rest and rest.skip_lines and self.entry:
            return Failure(f"{self.origin}{self.place}:{self.entry}", self.fault)
        unread = "; what comes after it is unread" if self.entries and not rest else ""
        return Failure(self.origin + self.place, self.fault + unread)


@dataclass(slots=True)
class Sandbox:
    """Parses one file after the other; close it, or use it as a context manager.

    ``on_wait`` is called a few times a second while a file is parsed; what it raises ends that.
    For one thread at a time.
    """

    limits: "ParseLimits"
    on_wait: Callable[[], None] = lambda: None
    _worker: Worker | None = field(default=None, init=False)
    # Jobs that the worker has before their turn, with their bytes.
    _handed_over: dict[int, int] = field(default_factory=dict, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the worker."""
        if self._worker and not self._handed_over:
            self._worker.close()
            self._worker = None
        self._discard()

    def hand_over(self, job: Job, stream: ByteStream) -> bool:
        """Give the worker a job whose bytes are all in ``HEAD``, before its turn.

        Jobs must then be parsed in the order in which they were handed over. False if the worker
        has as much to do as it can take.
        """
        if id(job) in self._handed_over:
            return True
        frames = self._frames(job, stream)
        size = sum(map(len, frames))
        if not self._worker or sum(self._handed_over.values()) + size > self._worker.room:
            return False
        try:
            self._worker.send(*frames)
        except WorkerLost:  # whose fault it is shows when it is the turn of that job
            self._discard()
            return False
        self._handed_over[id(job)] = size
        return True

    def parse(self, job: Job, stream: ByteStream, origin: str) -> Iterator[_Result]:
        """What a file holds, in its order. ``stream`` gives its bytes, from any offset.

        Raises OSError when the bytes cannot be read.
        """
        for _ in range(MAX_FAULTS):
            attempt = _Attempt(job, origin)
            yield from self._attempt(attempt, stream)
            if attempt.innocent:
                attempt = _Attempt(job, origin)
                yield from self._attempt(attempt, stream)
            if not attempt.fault:
                return
            yield attempt.failure()
            rest = attempt.rest()
            if rest is None:
                return
            job = rest
        reason = f"given up after {MAX_FAULTS} entries that could not be parsed; the rest is unread"
        yield Failure(origin, reason)

    def _attempt(self, attempt: _Attempt, stream: ByteStream) -> Iterator[_Result]:
        worker = None
        handed_over = self._handed_over.pop(id(attempt.job), 0) > 0
        try:
            worker = self._ready_worker(idle=not handed_over)
            if not handed_over:
                worker.send(*self._frames(attempt.job, stream))
            worker.start_clock()
            while not attempt.over:
                message = worker.receive()
                attempt.heard = True
                yield from self._heed(worker, message, attempt, stream)
        except WorkerLost as error:
            attempt.stop(str(error), worker)
            attempt.innocent = (
                handed_over and not attempt.heard and isinstance(error, WorkerCrashed)
            )
        except MessageError as error:
            # Nothing that it said of its position counts.
            attempt.stop(f"its reader sent {error}, as none does; is it made to harm?", None)
        finally:
            if not attempt.over:
                self._discard()

    def _frames(self, job: Job, stream: ByteStream) -> tuple[bytes, bytes]:
        head = b"" if job.suffix == ARCHIVE else _bytes_of(stream, 0, HEAD)
        job = replace(job, ocr_languages=self.limits.ocr_languages)
        return json.dumps(job.to_message()).encode(), head

    def _discard(self) -> None:
        """End the worker, whatever it does."""
        if self._worker:
            self._worker.kill()
        self._worker = None
        self._handed_over.clear()

    def _ready_worker(self, *, idle: bool) -> Worker:
        """The worker, or a new one; with ``idle``, one that is there and has nothing to do."""
        if self._worker and idle and (self._handed_over or not self._worker.alive):
            self._discard()
        if not self._worker:
            self._worker = Worker(self.limits, self.on_wait)
            self._worker.receive()
        return self._worker

    def _heed(
        self, worker: Worker, message: Message, attempt: _Attempt, stream: ByteStream
    ) -> Iterator[_Result]:
        """Do what a message asks for; give what it brings."""
        match message["kind"]:
            case "read":
                offset, size = number_of(message, "offset"), number_of(message, "size")
                worker.send(_bytes_of(stream, offset, min(size, _BLOCK)))
            case "importing":
                worker.stop_clock()
            case "imported":
                worker.start_clock()
            case "start":
                worker.start_clock()
                attempt.place = text_of(message, "place")
                attempt.member = number_of(message, "number")
            case "article" | "failure":
                worker.wind_clock()
                attempt.entries += 1
                made = loaded_of if message["kind"] == "article" else failure_of
                yield made(message, attempt.origin)
            case "progress":
                attempt.progress += 1
                if attempt.progress <= MAX_PROGRESS:
                    worker.start_clock()
            case "skipped":
                yield left_out_of(message, attempt.origin)
            case "fault":
                attempt.stop(text_of(message, "reason"), worker)
                attempt.over = True
            case "end":
                attempt.over = True
                if message.get("worn"):
                    self._discard()
            case kind:
                raise MessageError(f"a message of the kind {kind[:20]!r}")


def _bytes_of(stream: ByteStream, offset: int, size: int) -> bytes:
    """Some bytes from an offset on, none at the end."""
    if stream.tell() != offset:
        stream.seek(offset)
    return stream.read(size) or b""
