"""A process that parses, as the process that started it sees it."""

import fcntl
import mmap
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ingest.sandbox.child import OUT_OF_MEMORY
from ingest.sandbox.messages import HEADER, MAX_FRAME, Message, MessageError, message_of
from ingest.sandbox.parse import LinePosition

if TYPE_CHECKING:
    from qa.build import ParseLimits

__all__ = ["Worker", "WorkerCrashed", "WorkerLost"]

# Seconds between two calls of ``on_wait``.
_HEARTBEAT = 0.2
# Seconds for the interpreter, and for a library, to be loaded: not the fault of any file.
_LOADING = 60.0
# How many seconds on the clock count as one where the worker took less of the processor and waits
# for something else: none do where it waits for the processor, as on a busy machine.
_PATIENCE = 4.0
_TICKS = os.sysconf("SC_CLK_TCK")
# What an entry gives back of the time for a file: of ten thousand slow ones no long day is made.
_REFILL = 0.01
# Bytes on their way; while there is room a worker parses ahead.
_PIPE = 2**20
_SMALL_PIPE = 2**14
# Seconds for a worker to end by itself.
_FAREWELL = 2.0
# Safe: what lies in the folder at hand must not be taken for a module.
_COMMAND = (sys.executable, "-s", "-P", "-m", "ingest.sandbox.child")
# Variables a worker is given; keys and tokens, which it has no use for, are not among them.
_HANDED_DOWN = (
    "DYLD_LIBRARY_PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LD_LIBRARY_PATH",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONHOME",
    "PYTHONPYCACHEPREFIX",
    "SYSTEMROOT",
    "TESSDATA_PREFIX",
    "TMPDIR",
    "TZ",
)


class _Processor(NamedTuple):
    """Seconds of the processor that a process took, and whether it could take more now."""

    seconds: float
    runnable: bool


class WorkerLost(Exception):
    """The worker is gone, or was ended; the message says why, for people."""


class WorkerCrashed(WorkerLost):
    """The worker is gone, for a reason that need not be the file at hand."""


class Worker:
    """Sends and receives within limits. ``on_wait`` is called a few times a second meanwhile;
    whatever it raises comes out of the method that waits.
    """

    def __init__(self, limits: "ParseLimits", on_wait: Callable[[], None]) -> None:
        self._limits = limits
        self._on_wait = on_wait
        self._beat = time.monotonic()
        self._buffer = bytearray()
        self._seconds_left = _LOADING
        # A plain file, since it is the one kind of shared memory that every system has.
        with tempfile.TemporaryFile() as page:
            page.truncate(mmap.PAGESIZE)
            self._shared = mmap.mmap(page.fileno(), mmap.PAGESIZE)
            self._process = _start(limits.memory, page.fileno())
        assert self._process.stdin
        assert self._process.stdout
        self._input, self._output = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._input, False)
        os.set_blocking(self._output, False)

    @property
    def position(self) -> LinePosition:
        """Where the loader is in the file at hand, as the worker says."""
        return LinePosition(memoryview(bytes(self._shared[:16])).cast("Q"))

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def room(self) -> int:
        """Bytes that can be sent without a wait, even if the worker reads none of them."""
        return _capacity(self._input) // 2

    def start_clock(self) -> None:
        """A file is begun: it has all the time that there is for one."""
        self._seconds_left = self._limits.seconds

    def wind_clock(self) -> None:
        """An entry came: it gives back a little time."""
        seconds = self._limits.seconds
        self._seconds_left = min(seconds, self._seconds_left + _REFILL * seconds)

    def stop_clock(self) -> None:
        """A library is loaded, which takes the time it takes, within reason."""
        self._seconds_left = _LOADING

    def send(self, *frames: bytes) -> None:
        """Send frames. Raises WorkerLost."""
        left = memoryview(b"".join(HEADER.pack(len(frame)) + frame for frame in frames))
        while left:
            try:
                left = left[os.write(self._input, left) :]
            except BlockingIOError:
                self._wait(self._input, select.POLLOUT)
            except OSError as error:
                raise self._lost() from error

    def receive(self) -> Message:
        """The next message. Raises WorkerLost, and MessageError for what is none."""
        (size,) = HEADER.unpack(self._exactly(HEADER.size))
        if size > MAX_FRAME:
            raise MessageError("a message over the limit")
        return message_of(self._exactly(size))

    def close(self) -> None:
        """End the worker, which has nothing to do."""
        assert self._process.stdin
        self._process.stdin.close()
        try:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_FAREWELL)
        finally:
            self.kill()

    def kill(self) -> None:
        """End the worker at once, whatever it does. May be called again."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream and not stream.closed:
                stream.close()

    def _exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._wait(self._output, select.POLLIN)
            piece = os.read(self._output, _PIPE)
            if not piece:
                raise self._lost()
            self._buffer += piece
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    def _wait(self, descriptor: int, event: int) -> None:
        """Wait until the worker can be heard or spoken to, within its time."""
        poll = select.poll()
        poll.register(descriptor, event)
        while True:
            if time.monotonic() >= self._beat + _HEARTBEAT:
                self._beat = time.monotonic()
                self._on_wait()
            began, used = time.monotonic(), self._processor_seconds()
            ready = poll.poll(1000 * max(0.0, min(_HEARTBEAT, self._seconds_left)))
            # The time in which nobody looked is nobody's fault, and little that in which the
            # processor did something else.
            passed = time.monotonic() - began
            if used is not None:
                now = self._processor_seconds() or used
                # What could run and was not let run has waited for others.
                waited = 0.0 if now.runnable else passed / _PATIENCE
                passed = max(now.seconds - used.seconds, waited)
            self._seconds_left -= passed
            if ready:
                return
            if self._seconds_left <= 0:
                raise self._out_of_time()

    def _processor_seconds(self) -> _Processor | None:
        """What the worker took of the processor so far; None where the system does not say."""
        try:
            with open(f"/proc/{self._process.pid}/stat", "rb") as stream:  # noqa: PTH123 - often
                state, *fields = stream.read().rpartition(b")")[2].split()
        except (OSError, ValueError):
            return None
        return _Processor(sum(map(int, fields[10:12])) / _TICKS, state == b"R")

    def _out_of_time(self) -> WorkerLost:
        self.kill()
        return WorkerLost(
            f"not parsed within {self._limits.seconds:g} seconds, the limit for one; if it is not "
            "made to harm, raise QA_PARSE_SECONDS"
        )

    def _lost(self) -> WorkerLost:
        """Why the worker ended by itself."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_FAREWELL)
        self.kill()
        status = self._process.returncode
        limit = f"QA_PARSE_MEMORY, {self._limits.memory:,} MB"
        if status == OUT_OF_MEMORY:
            return WorkerLost(
                f"takes more memory to parse than the limit ({limit}); if it is not made to harm, "
                "raise it"
            )
        how = signal.Signals(-status).name if status < 0 else f"exit status {status}"
        return WorkerCrashed(
            f"its reader crashed ({how}); it is damaged, or takes more memory than the limit "
            f"({limit})"
        )


def _capacity(pipe: int) -> int:
    """Bytes that fit into a pipe, as far as the system says it."""
    asks = getattr(fcntl, "F_GETPIPE_SZ", None)
    return fcntl.fcntl(pipe, asks) if asks else _SMALL_PIPE


def _start(memory: int, page: int) -> "subprocess.Popen[bytes]":
    """A new interpreter, never a fork of this process and its threads."""
    return subprocess.Popen(
        [*_COMMAND, *map(str, (os.getpid(), memory, page))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pipesize=_PIPE,
        pass_fds=(page,),
        cwd=Path(sys.executable).anchor,
        env=_environment(),
        # Signals of the terminal are for the parent.
        start_new_session=True,
    )


def _environment() -> dict[str, str]:
    root = str(Path(__file__).resolve().parents[2])
    given = {name: os.environ[name] for name in _HANDED_DOWN if name in os.environ}
    return given | {
        "PYTHONPATH": os.pathsep.join(
            [root, *(str(Path(entry).absolute()) for entry in sys.path if entry)]
        ),
        # Each thread more would take of the addresses.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
    }
