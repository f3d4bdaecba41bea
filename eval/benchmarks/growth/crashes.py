"""Workers that are killed at random moments, and others that take their jobs over.

Forks from one warm process, so that a trial costs seconds and not the imports.
"""

import os
import random
import signal
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

from eval.benchmarks.growth.postgres_server import PostgresServer
from eval.benchmarks.growth.sources import state_of, write_files
from ingest.jobs.work import work
from qa.library.postgres.jobs import MOST_ATTEMPTS, Job, JobOptions, enqueue_jobs, job_counts
from qa.library.store import Library

__all__ = ["kill_worker", "warm_up"]

_FILES, _ARTICLES = 6, 5
# Of a killed worker's job, in seconds; and for how long others try to have all jobs done.
_LEASE, _PATIENCE = 1.0, 300
# Workers killed in a trial: a job that all of them had would be set aside after one more.
_DEATHS = MOST_ATTEMPTS - 1


def warm_up(server: PostgresServer, source: Path) -> None:
    """Take one file in, so that what a worker needs is loaded before the forks."""
    url = server.emptied()
    with tempfile.TemporaryDirectory(prefix="growth-") as name:
        (file,) = write_files(source, Path(name), files=1, articles_each=1)
        library = Library.open(url, create=True)
        enqueue_jobs(library.database, [str(file.path)], JobOptions())
        library.close()
        work(url, until_empty=True)


def kill_worker(server: PostgresServer, source: Path, seed: int) -> dict[str, Any]:
    """One trial: workers one after the other, of which each of the first is killed a random while
    after it took a job; what is there when one has done all jobs that were left.
    """
    dice = random.Random(seed)
    url = server.emptied()
    with tempfile.TemporaryDirectory(prefix="growth-") as name:
        files = write_files(source, Path(name), files=_FILES, articles_each=_ARTICLES)
        library = Library.open(url, create=True)
        enqueue_jobs(library.database, [str(each.path) for each in files], JobOptions())
        library.close()
        deaths, until = 0, time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            victim, reading = _fork(url)
            # Tells that it has a job, or ends as there is none.
            if os.read(reading, 1) and deaths < _DEATHS:
                time.sleep(dice.uniform(0, 1.0))
                os.kill(victim, signal.SIGKILL)
                deaths += 1
            os.waitpid(victim, 0)
            os.close(reading)
            counts = job_counts(library.database)
            library.close()
            if counts["done"] == _FILES:
                break
            # Its lease runs out.
            time.sleep(_LEASE)
        state = state_of(library, files)
        library.close()
    return {"seed": seed, "killed": deaths, "jobs done": counts["done"], **state}


def _fork(url: str) -> tuple[int, int]:
    """A worker in a process of its own, and the pipe to which it writes for each job."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    status = 1
    try:

        def tell(job: Job) -> None:
            os.write(writing, b".")

        work(url, until_empty=True, lease=_LEASE, on_job=tell)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)
