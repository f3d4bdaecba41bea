"""A bounded pool of threads with a bounded queue before it, for work that takes a while.

Work is an iterator, taken step by step: whoever asked for it may leave, and then it ends at its
next step and makes room. Knows nothing of what the work is, nor of HTTP.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from qa.errors import Unavailable

__all__ = ["WorkAbandoned", "WorkPool", "WorkStream", "checkpoints"]

_T = TypeVar("_T")
# Seconds that a thread waits for more work before it ends.
_IDLE = 30.0


class WorkAbandoned(Exception):
    """Nobody waits for the result any more."""


@dataclass(eq=False)
class _Job:
    start: Callable[[], Iterable[Any]]
    key: str
    loop: asyncio.AbstractEventLoop
    # Pairs of a kind ("item", "error", "end") and a value.
    events: asyncio.Queue[tuple[str, Any]] = field(default_factory=asyncio.Queue)
    abandoned: threading.Event = field(default_factory=threading.Event)
    # What is known of whoever asked, as the language in which they are answered.
    context: Context = field(default_factory=copy_context)

    def run(self) -> tuple[str, Any]:
        """Take every step; returns the last event, which is to be put once there is room again."""
        try:
            self.context.run(self._take_steps)
        except BaseException as error:
            return "error", error
        return "end", None

    def _take_steps(self) -> None:
        _current.set(self)
        for item in checkpoints(self.start()):
            self.put("item", item)

    def put(self, kind: str, value: Any) -> None:
        try:
            self.loop.call_soon_threadsafe(self.events.put_nowait, (kind, value))
        except RuntimeError:  # the loop is closed, and whoever waited in it gone
            self.abandoned.set()


_current: ContextVar[_Job | None] = ContextVar("current_job", default=None)


def checkpoints(steps: Iterable[_T]) -> Iterator[_T]:
    """The steps of some work, which is closed after any of them once nobody waits for it.

    Raises WorkAbandoned then; outside of a pool it never does.
    """
    job = _current.get()
    try:
        for step in steps:
            if job is not None and job.abandoned.is_set():
                raise WorkAbandoned
            yield step
    finally:
        if close := getattr(steps, "close", None):
            close()


class WorkPool:
    """Runs at most ``workers`` jobs at once while at most ``waiting`` others wait their turn.

    Of those with one ``key`` at most ``share`` are taken at a time. Safe to use from any thread; a
    job is waited for in the event loop that gave it.
    """

    def __init__(
        self, name: str, *, workers: int, waiting: int, share: int | None = None, retry: int = 5
    ) -> None:
        self.name = name
        self.workers = workers
        self.waiting = waiting
        self._share = share
        self._retry = retry
        self._queue: deque[_Job] = deque()
        self._running: set[_Job] = set()
        self._threads = 0
        self._idle = 0
        self._changed = threading.Condition()

    def __len__(self) -> int:
        """The jobs that run or wait."""
        return len(self._running) + len(self._queue)

    def counts(self) -> tuple[int, int]:
        """How many jobs run, and how many wait."""
        return len(self._running), len(self._queue)

    def stream(self, start: Callable[[], Iterable[_T]], *, key: str = "") -> "WorkStream[_T]":
        """Queue the work now; its steps as they come. Closing the stream abandons it.

        Raises Unavailable when as many wait as may.
        """
        job = _Job(start, key, asyncio.get_running_loop())
        with self._changed:
            self._refuse_overflow(key)
            self._queue.append(job)
            if self._idle < len(self._queue) and self._threads < self.workers:
                self._threads += 1
                threading.Thread(target=self._serve, name=self.name, daemon=True).start()
            self._changed.notify()
        return WorkStream(self, job)

    async def run(self, work: Callable[[], _T], *, key: str = "") -> _T:
        """The result of the work; when this is cancelled, work that did not begin never does.

        Raises Unavailable when as many wait as may, and whatever the work raises.
        """

        def once() -> Iterator[_T]:
            yield work()

        stream = self.stream(once, key=key)
        result = [item async for item in stream]
        return result[0]

    def abandon(self, key: str) -> None:
        """Nobody waits any more for the work of that key."""
        with self._changed:
            jobs = [job for job in (*self._queue, *self._running) if job.key == key]
        for job in jobs:
            self._abandon(job)

    def _abandon(self, job: _Job) -> None:
        job.abandoned.set()
        with self._changed:
            if job in self._queue:
                self._queue.remove(job)
        job.put("error", WorkAbandoned())

    def _refuse_overflow(self, key: str) -> None:
        same = sum(job.key == key for job in (*self._queue, *self._running))
        if len(self) < self.workers + self.waiting and (self._share is None or same < self._share):
            return
        raise Unavailable(
            f"the server is busy: {len(self._running)} requests of this kind are worked on and "
            f"{len(self._queue)} are waiting; try again in {self._retry} seconds",
            retry_after=self._retry,
        )

    def _serve(self) -> None:
        while (job := self._next()) is not None:
            kind, value = job.run()
            with self._changed:
                self._running.discard(job)
            # Only now, so that whoever gets the result finds room for more.
            job.put(kind, value)

    def _next(self) -> _Job | None:
        with self._changed:
            self._idle += 1
            more = self._changed.wait_for(lambda: self._queue, timeout=_IDLE)
            self._idle -= 1
            if not more:
                self._threads -= 1
                return None
            job = self._queue.popleft()
            self._running.add(job)
            return job


class WorkStream(Generic[_T]):
    """The steps of one job, in order; an async iterator that abandons the job when it is closed."""

    def __init__(self, pool: WorkPool, job: _Job) -> None:
        self._pool = pool
        self._job = job
        self._over = False

    def __aiter__(self) -> "WorkStream[_T]":
        return self

    async def __anext__(self) -> _T:
        if self._over:
            raise StopAsyncIteration
        try:
            kind, value = await self._job.events.get()
        except asyncio.CancelledError:
            await self.aclose()
            raise
        if kind == "item":
            item: _T = value
            return item
        self._over = True
        if kind == "error":
            raise value
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Abandon what is left of the work; nothing if it is over."""
        if not self._over:
            self._over = True
            self._pool._abandon(self._job)
