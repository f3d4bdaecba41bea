"""Sources that wait for a worker, in the database of the library.

A job is had by one worker at a time, for as long as its lease runs, which the worker extends; of a
worker that died, another takes the job over when the lease has run out. What fails is tried again
later and later, and set aside with its reason when it failed too often. One source with the same
options is one job, however often it is asked for; done a second time it changes nothing.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from qa.library.tables.connection import Connection, Database
from qa.records.serialization import Record

__all__ = [
    "MOST_ATTEMPTS",
    "STATES",
    "Job",
    "JobOptions",
    "State",
    "claim_job",
    "enqueue_jobs",
    "extend_lease",
    "fail_job",
    "finish_job",
    "job_counts",
    "jobs",
    "release_job",
    "retry_jobs",
]

State = Literal["waiting", "running", "done", "set aside"]
STATES: tuple[State, ...] = get_args(State)
MOST_ATTEMPTS = 5
"""How often a job is tried before it is set aside."""
# Seconds until the second attempt; from one to the next it is twice as long, an hour at most.
_FIRST_WAIT, _LONGEST_WAIT = 10, 3600
_LONGEST_OUTCOME = 2000
_COLUMNS = "key, source, options, state, attempts, worker, outcome, enqueued, due, lease_until"
_CLAIMABLE = "(state = 'waiting' AND due <= now()) OR (state = 'running' AND lease_until < now())"


@dataclass(frozen=True, slots=True)
class JobOptions(Record):
    """How a source is to be read, as ``ingest`` takes it."""

    allow_private: bool = False
    follow: bool = False
    outlet: str = ""


@dataclass(frozen=True, slots=True)
class Job(Record):
    """One source and how it stands: ``outcome`` tells people what came of the last attempt.

    ``due`` is when a waiting job may be taken, ``lease_until`` how long its worker has a running
    one without a sign of life.
    """

    key: int
    source: str
    options: JobOptions
    state: State
    attempts: int
    worker: str
    outcome: str
    enqueued: datetime
    due: datetime
    lease_until: datetime | None


def enqueue_jobs(database: Database, sources: Iterable[str], options: JobOptions) -> int:
    """Let these sources wait for a worker; returns how many do so now that did not before. What is
    done or set aside waits again.
    """
    count = 0
    with database.transaction() as connection:
        for source in sources:
            count += connection.execute(
                """INSERT INTO jobs (identity, source, options) VALUES (?, ?, ?)
                   ON CONFLICT (identity) DO UPDATE
                   SET state = 'waiting', attempts = 0, due = now(), enqueued = now(), outcome = ''
                   WHERE jobs.state IN ('done', 'set aside')""",
                (_identity(source, options), source, options.to_json()),
            ).rowcount
    return count


def claim_job(database: Database, worker: str, lease: float) -> Job | None:
    """The job that has been due for longest, for so many seconds; None if none is due.

    Workers do not wait for each other. A job whose workers died again and again is set aside.
    """
    with database.connection() as connection:
        connection.execute(
            """UPDATE jobs SET state = 'set aside', lease_until = NULL,
                      outcome = 'its worker died ' || attempts || ' times; last: ' || worker
               WHERE state = 'running' AND lease_until < now() AND attempts >= ?""",
            (MOST_ATTEMPTS,),
        )
        row = connection.execute(
            f"""UPDATE jobs SET state = 'running', attempts = attempts + 1, worker = ?,
                       lease_until = now() + make_interval(secs => ?)
                WHERE key = (SELECT key FROM jobs WHERE {_CLAIMABLE} ORDER BY due, key
                             FOR UPDATE SKIP LOCKED LIMIT 1)
                RETURNING {_COLUMNS}""",
            (worker, lease),
        ).fetchone()
    return _job(row) if row else None


def extend_lease(database: Database, job: Job, lease: float) -> bool:
    """Have the job for so many seconds from now; False if another worker has it."""
    with database.connection() as connection:
        return _change(connection, job, "lease_until = now() + make_interval(secs => ?)", lease)


def finish_job(database: Database, job: Job, outcome: str) -> bool:
    """The job is done; False if another worker has it, which will find everything there."""
    with database.connection() as connection:
        change = "state = 'done', lease_until = NULL, outcome = ?"
        return _change(connection, job, change, outcome[:_LONGEST_OUTCOME])


def fail_job(database: Database, job: Job, reason: str) -> State | None:
    """The attempt failed: the state the job is in then, None if another worker has it."""
    state: State = "set aside" if job.attempts >= MOST_ATTEMPTS else "waiting"
    wait = min(_FIRST_WAIT * 2 ** (job.attempts - 1), _LONGEST_WAIT)
    with database.connection() as connection:
        changed = _change(
            connection,
            job,
            "state = ?, lease_until = NULL, due = now() + make_interval(secs => ?), outcome = ?",
            state,
            wait,
            reason[:_LONGEST_OUTCOME],
        )
    return state if changed else None


def release_job(database: Database, job: Job) -> None:
    """Give the job back as it was, as a worker that is told to stop does."""
    with database.connection() as connection:
        change = "state = 'waiting', lease_until = NULL, attempts = attempts - 1"
        _change(connection, job, change)


def retry_jobs(database: Database, keys: Iterable[int] = ()) -> int:
    """Let jobs that are set aside wait again, all of them without keys; returns how many."""
    wanted = json.dumps([*keys])
    with database.connection() as connection:
        return connection.execute(
            f"""UPDATE jobs SET state = 'waiting', attempts = 0, due = now()
                WHERE state = 'set aside'
                  AND (? = '[]' OR key IN {connection.dialect.key_list})""",
            (wanted, wanted),
        ).rowcount


def jobs(database: Database, state: State | None = None, limit: int = 1000) -> list[Job]:
    """At most ``limit`` of them, those first that changed hands last, of one state or of all."""
    with database.connection() as connection:
        rows = connection.execute(
            f"""SELECT {_COLUMNS} FROM jobs WHERE state = coalesce(?::text, state)
                ORDER BY coalesce(lease_until, due) DESC, key DESC LIMIT ?""",
            (state, limit),
        ).fetchall()
    return [_job(row) for row in rows]


def job_counts(database: Database) -> dict[State, int]:
    """How many jobs are in each state."""
    with database.connection() as connection:
        rows = connection.execute("SELECT state, count(*) FROM jobs GROUP BY state").fetchall()
    return {state: dict(rows).get(state, 0) for state in STATES}


def _change(connection: Connection, job: Job, change: str, *values: object) -> bool:
    """Whether the job was still this worker's, in this attempt."""
    sql = f"UPDATE jobs SET {change} WHERE key = ? AND state = 'running' AND worker = ?"
    sql += " AND attempts = ?"
    return bool(connection.execute(sql, (*values, job.key, job.worker, job.attempts)).rowcount)


def _identity(source: str, options: JobOptions) -> str:
    return hashlib.sha256(json.dumps([source, options.to_json()]).encode()).hexdigest()


def _job(row: Sequence[Any]) -> Job:
    key, source, options, *rest = row
    return Job(key, source, JobOptions.from_json(options), *rest)
