"""Sources wait for workers, each has one at a time, and none is lost or forgotten."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from qa.library.postgres.database import PostgresDatabase
from qa.library.postgres.jobs import (
    MOST_ATTEMPTS,
    JobOptions,
    claim_job,
    enqueue_jobs,
    extend_lease,
    fail_job,
    finish_job,
    job_counts,
    jobs,
    release_job,
    retry_jobs,
)
from qa.library.store import Library

LONG = 600


@pytest.fixture
def database(database_url):
    Library.open(database_url, create=True).close()
    opened = PostgresDatabase(database_url)
    yield opened
    opened.close()


def enqueue(database, *sources, **options):
    return enqueue_jobs(database, sources, JobOptions(**options))


def let_leases_end(database):
    with database.connection() as connection:
        connection.execute("UPDATE jobs SET lease_until = now() - interval '1 second'")


def make_due(database):
    with database.connection() as connection:
        connection.execute("UPDATE jobs SET due = now()")


def test_jobs_are_taken_in_the_order_they_came(database):
    enqueue(database, "a.txt", "b.txt")
    taken = [claim_job(database, "w", LONG).source for _ in range(2)]
    assert taken == ["a.txt", "b.txt"]
    assert claim_job(database, "w", LONG) is None


def test_same_source_is_one_job_and_other_options_another(database):
    assert enqueue(database, "a.txt", "a.txt") == 1
    assert enqueue(database, "a.txt") == 0
    assert enqueue(database, "a.txt", follow=True) == 1
    assert claim_job(database, "w", LONG).options == JobOptions()


def test_job_that_is_done_waits_again_when_it_is_asked_for_again(database):
    enqueue(database, "a.txt")
    finish_job(database, claim_job(database, "w", LONG), "1 added")
    assert claim_job(database, "w", LONG) is None
    assert enqueue(database, "a.txt") == 1
    assert claim_job(database, "w", LONG).attempts == 1


def test_no_two_workers_have_one_job(database):
    enqueue(database, *map(str, range(40)))

    def take(worker):
        taken = []
        while job := claim_job(database, worker, LONG):
            taken.append(job.source)
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [source for each in pool.map(take, "abcd") for source in each]
    assert sorted(taken) == sorted(map(str, range(40)))


def test_job_of_a_dead_worker_is_taken_over_and_no_longer_its_own(database):
    enqueue(database, "a.txt")
    first = claim_job(database, "dead", LONG)
    assert claim_job(database, "next", LONG) is None
    let_leases_end(database)
    second = claim_job(database, "next", LONG)
    assert (second.key, second.attempts) == (first.key, 2)
    assert not finish_job(database, first, "late")
    assert not extend_lease(database, first, LONG)
    assert fail_job(database, first, "late") is None
    assert finish_job(database, second, "1 added")


def test_lease_that_is_extended_does_not_end(database):
    enqueue(database, "a.txt")
    job = claim_job(database, "w", 1)
    let_leases_end(database)
    assert extend_lease(database, job, LONG)
    assert claim_job(database, "next", LONG) is None


def test_what_fails_waits_longer_each_time_and_is_set_aside_with_its_reason(database):
    enqueue(database, "broken.pdf")
    waits = []
    for number in range(1, MOST_ATTEMPTS + 1):
        job = claim_job(database, "w", LONG)
        assert job.attempts == number
        state = fail_job(database, job, "it is torn")
        (kept,) = jobs(database)
        assert (kept.state, kept.outcome) == (state, "it is torn")
        if state == "waiting":
            assert claim_job(database, "w", LONG) is None
            with database.connection() as connection:
                sql = "SELECT extract(epoch FROM due - now())::float FROM jobs"
                waits.append(connection.execute(sql).fetchone()[0])
            make_due(database)
    assert state == "set aside"
    assert waits == sorted(waits)
    assert waits[-1] > 4 * waits[0]
    assert claim_job(database, "w", LONG) is None
    assert job_counts(database) == {"waiting": 0, "running": 0, "done": 0, "set aside": 1}


def test_job_that_kills_its_workers_is_set_aside(database):
    enqueue(database, "deadly.pdf")
    for _ in range(MOST_ATTEMPTS):
        claim_job(database, "w7", LONG)
        let_leases_end(database)
    assert claim_job(database, "w8", LONG) is None
    (kept,) = jobs(database, "set aside")
    assert "died 5 times" in kept.outcome


def test_jobs_set_aside_wait_again_when_somebody_says_so(database):
    enqueue(database, "a.txt", "b.txt")
    for _ in range(2):
        job = claim_job(database, "w", LONG)
        with database.connection() as connection:
            sql = "UPDATE jobs SET attempts = ? WHERE key = ?"
            connection.execute(sql, (MOST_ATTEMPTS, job.key))
    let_leases_end(database)
    claim_job(database, "w", LONG)
    first, _second = sorted(job.key for job in jobs(database, "set aside"))
    assert retry_jobs(database, [first]) == 1
    assert claim_job(database, "w", LONG).key == first
    assert retry_jobs(database) == 1


def test_job_that_is_given_back_was_not_tried(database):
    enqueue(database, "a.txt")
    release_job(database, claim_job(database, "w", LONG))
    assert claim_job(database, "w", LONG).attempts == 1
