"""The sources of a server's library: who may write sees and changes them; they refresh themselves.

Knows nothing of HTTP, HTML, or who is asking.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Lock, Thread

from ingest.fetch import Fetched, Fetcher, fetch
from ingest.run import IngestReport, Progress
from ingest.subscriptions.refresh import Refresher, subscribe
from ingest.subscriptions.visit import Visitor, take_in_page
from qa.library.curation.choices import counts_of_source
from qa.library.recheck import AnswerCheck, check_kept_answers
from qa.library.store import Library
from qa.library.subscriptions import (
    Subscription,
    pause_subscription,
    remove_subscription,
    subscriptions,
    visits,
)

__all__ = ["FeedSources"]

# Seconds: between two looks whether to stop while others write, and for the end of what was begun.
_TURN, _PATIENCE = 0.2, 1.0
# What is told to be new of a source.
_RECENT = timedelta(days=7)


class FeedSources:
    """The sources of one library. ``writing`` is held while something is taken in, and ``count``
    told what came of it, None when it failed; ``changed`` is called after articles came.
    """

    def __init__(
        self,
        library: Library,
        writing: Lock,
        count: Callable[[IngestReport | None], None] = lambda report: None,
        changed: Callable[[], object] = lambda: None,
    ) -> None:
        self._library = library
        self._writing = writing
        self._count = count
        self._changed = changed

    def all(self) -> list[Subscription]:
        """Every source by address."""
        return subscriptions(self._library)

    def counts(self, now: datetime) -> dict[str, tuple[int, int]]:
        """How many articles each source has brought, and how many in the week before ``now``."""
        since = now - _RECENT
        return {each.url: counts_of_source(self._library, each.url, since) for each in self.all()}

    def state(self) -> str:
        """What changes with the articles, then with the sources, as ``"17.4"``."""
        return f"{self._library.generation()}.{visits(self._library)}"

    def add(self, url: str, every: str, outlet: str = "") -> Subscription:
        """Add one on the public web, to be read soon. Raises SourceError, and ValueError for what
        is no interval.
        """
        return subscribe(self._library, url, every, outlet=outlet)

    def pause(self, url: str, *, paused: bool) -> Subscription:
        """Let one rest, or be read again, soon. Raises SourceNotFound for none of ours."""
        return pause_subscription(self._library, url, paused=paused)

    def remove(self, url: str) -> None:
        """Take one out; its articles stay. Raises SourceNotFound for an address that is none."""
        remove_subscription(self._library, url)

    def changed_answers(self, owner: str) -> list[AnswerCheck]:
        """The answers kept for one person of which something does not stand any more."""
        checks = check_kept_answers(self._library, owner=owner)
        return [check for check in checks if not check.stands]

    @contextmanager
    def refreshing(self, fetch: Fetcher = fetch) -> Iterator[None]:
        """Have what is due refreshed while the block runs. What cannot be written is left alone."""
        if self._library.read_only:
            yield
            return
        stop = Event()

        def take_in(subscription: Subscription, page: Fetched) -> IngestReport:
            return self._take_in(subscription, page, stop)

        refresher = Refresher(Visitor(self._library, take_in, fetch), stop.wait)
        thread = Thread(target=refresher.run, name="refresh")
        thread.start()
        try:
            yield
        finally:
            stop.set()
            # A download may take longer; the process does not wait for that.
            thread.join(_PATIENCE)

    def _take_in(self, subscription: Subscription, page: Fetched, stop: Event) -> IngestReport:
        def check(progress: Progress | None = None) -> None:
            if stop.is_set():
                raise InterruptedError("the server stops")

        while not self._writing.acquire(timeout=_TURN):
            check()
        report = None
        try:
            report = take_in_page(subscription, page, library=self._library, on_progress=check)
            return report
        finally:
            self._writing.release()
            self._count(report)
            if report and (report.added or report.updated):
                self._changed()
