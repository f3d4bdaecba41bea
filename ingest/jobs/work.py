"""Workers: each takes one job after the other and takes its source in.

Any number of them work on one library, on one machine or many. Killed anywhere, what a worker had
committed stays, and its job is done again by another one when its lease has run out.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingest.jobs.queue import job_database
from ingest.run import IngestReport, Progress, ingest
from qa.build import open_library
from qa.errors import LibraryError, QAError
from qa.library.postgres.jobs import (
    Job,
    State,
    claim_job,
    extend_lease,
    fail_job,
    finish_job,
    release_job,
)
from qa.library.store import Library

__all__ = ["JobResult", "work"]

# Seconds: how long a worker has a job without a sign of life, how long it waits for the next one
# where none is due, and how long for a database that is gone, as until its standby is promoted.
LEASE, IDLE_WAIT, PATIENCE = 60.0, 2.0, 600.0
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JobResult:
    """What became of one job; ``state`` is None where another worker took it over meanwhile."""

    job: Job
    state: State | None
    outcome: str


def work(
    library: str | Path | None = None,
    *,
    until_empty: bool = False,
    lease: float = LEASE,
    stop: threading.Event | None = None,
    on_job: Callable[[Job], None] = lambda job: None,
    on_result: Callable[[JobResult], None] = lambda result: None,
) -> int:
    """Take jobs until ``stop`` is set, or with ``until_empty`` until none is due; returns how many
    were done. A job that is under way when it is to stop goes back to the queue. A database that is
    gone is waited for, ten minutes at most, and not with ``until_empty``.

    Raises ConfigError for a library in a folder, LibraryError for a database that stays away.
    """
    stop = stop or threading.Event()
    worker = f"{socket.gethostname()}:{os.getpid()}"
    done, last_seen = 0, time.monotonic()
    with open_library(library) as opened:
        job_database(opened)
        while not stop.is_set():
            try:
                job = claim_job(opened.database, worker, lease)
                if job is not None:
                    on_job(job)
                    result = _work_on(opened, job, lease, stop)
                    if result is not None:
                        done += result.state == "done"
                        on_result(result)
                elif until_empty:
                    break
                else:
                    stop.wait(IDLE_WAIT)
                last_seen = time.monotonic()
            except LibraryError as error:
                # The job, if there was one, is taken over when its lease has run out.
                if until_empty or time.monotonic() - last_seen > PATIENCE:
                    raise
                _LOGGER.warning("waiting for the database: %s", error)
                stop.wait(IDLE_WAIT)
    return done


def _work_on(library: Library, job: Job, lease: float, stop: threading.Event) -> JobResult | None:
    """What became of the job; None when it was given back."""
    database = library.database

    def tell(progress: Progress) -> None:
        if stop.is_set():
            raise InterruptedError("the worker was told to stop")

    try:
        with _lease_extended(library, job, lease):
            report = ingest(
                [job.source],
                library=library.location,
                allow_private=job.options.allow_private,
                follow=job.options.follow,
                outlet=job.options.outlet or None,
                on_progress=tell,
            )
    except InterruptedError:
        release_job(database, job)
        return None
    except QAError as error:
        return JobResult(job, fail_job(database, job, str(error)), str(error))
    if report.failed or report.nothing_read:
        reason = "; ".join(failure.reason for failure in report.failed) or "no article in it"
        return JobResult(job, fail_job(database, job, reason), reason)
    outcome = _outcome(report)
    finished = finish_job(database, job, outcome)
    return JobResult(job, "done" if finished else None, outcome)


@contextmanager
def _lease_extended(library: Library, job: Job, lease: float) -> Iterator[None]:
    """While the block runs, say every third of a lease that this worker lives."""
    ended = threading.Event()

    def extend() -> None:
        while not ended.wait(lease / 3):
            try:
                extend_lease(library.database, job, lease)
            except QAError:
                # A moment without a database; the job fails by itself if it lasts.
                continue

    thread = threading.Thread(target=extend, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _outcome(report: IngestReport) -> str:
    return f"{report.added:,} added, {report.updated:,} updated, {report.unchanged:,} unchanged"
