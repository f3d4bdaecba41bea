"""Workers take in what waits, and one that is killed loses and doubles nothing."""

import json
import signal
import threading

import pytest

from ingest.jobs.queue import enqueue
from ingest.jobs.work import work
from qa.build import open_library
from qa.errors import ConfigError, LibraryError
from qa.library.postgres.jobs import JobOptions, claim_job, job_counts, jobs


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")


@pytest.fixture
def folder(tmp_path):
    """Three files of ten articles each."""
    made = tmp_path / "articles"
    made.mkdir()
    for file in range(3):
        lines = [
            json.dumps(
                {
                    "id": f"n{file}-{number}",
                    "title": f"Harvest report {file}-{number}",
                    "text": f"The growers of valley {file} picked {number + 40} crates of pears.",
                }
            )
            for number in range(10)
        ]
        (made / f"{file}.jsonl").write_text("\n".join(lines))
    return made


def counts(url):
    with open_library(url) as library:
        return library.counts(), job_counts(library.database)


def test_each_file_of_a_folder_is_a_job_and_is_taken_in(folder, database_url):
    assert enqueue([str(folder)], JobOptions(), library=database_url) == 3
    worked = []
    assert work(database_url, until_empty=True, on_result=worked.append) == 3
    assert {each.outcome for each in worked} == {"10 added, 0 updated, 0 unchanged"}
    stored, queue = counts(database_url)
    assert (stored["articles"], stored["pending"], stored["pending words"]) == (30, 0, 0)
    assert queue["done"] == 3


def test_job_done_twice_changes_nothing(folder, database_url):
    for _ in range(2):
        enqueue([str(folder)], JobOptions(), library=database_url)
        work(database_url, until_empty=True)
    stored, _ = counts(database_url)
    assert stored["articles"] == 30
    with open_library(database_url) as library:
        assert {job.outcome for job in jobs(library.database)} == {
            "0 added, 0 updated, 10 unchanged"
        }


def test_source_that_cannot_be_read_keeps_its_reason(tmp_path, database_url):
    enqueue([str(tmp_path / "none.txt")], JobOptions(), library=database_url)
    (worked,) = run_once(database_url)
    assert (worked.state, "no such file" in worked.outcome) == ("waiting", True)


def run_once(url):
    worked = []
    work(url, until_empty=True, on_result=worked.append)
    return worked


def test_worker_that_is_told_to_stop_gives_its_job_back(folder, database_url):
    enqueue([str(folder)], JobOptions(), library=database_url)
    stop = threading.Event()
    work(database_url, stop=stop, on_job=lambda job: stop.set())
    _, queue = counts(database_url)
    assert (queue["waiting"], queue["running"]) == (3, 0)


WORKER = """
import sys
from ingest.jobs.work import work
from qa.library.writer import LibraryWriter
step = getattr(LibraryWriter, sys.argv[2])
def hold(*arguments, **options):
    step(*arguments, **options)
    print("held", flush=True)
    sys.stdin.read()
setattr(LibraryWriter, sys.argv[2], hold)
work(sys.argv[1], lease=1)
"""


# After articles are committed, their words, their vectors, and the whole run.
@pytest.mark.parametrize("step", ["put", "index_words", "mark_indexed", "end_run"])
def test_killed_worker_loses_and_doubles_nothing(folder, database_url, python, step):
    enqueue([str(folder)], JobOptions(), library=database_url)
    victim = python(WORKER, database_url, step)
    assert victim.stdout.readline() == "held\n"
    victim.send_signal(signal.SIGKILL)
    victim.communicate()
    # Whoever comes waits until the lease of the dead has run out.
    done, stop = [], threading.Event()

    def note(worked):
        done.append(worked)
        if len(done) == 3:
            stop.set()

    work(database_url, lease=60, stop=stop, on_result=note)
    stored, queue = counts(database_url)
    assert (stored["articles"], stored["pending"], stored["pending words"]) == (30, 0, 0)
    assert queue == {"waiting": 0, "running": 0, "done": 3, "set aside": 0}


@pytest.fixture
def away(monkeypatch):
    """``away(times)``: so often the database does not answer who wants a job."""

    def go(times):
        left = iter(range(times))

        def claim(*arguments):
            if next(left, None) is not None:
                raise LibraryError("the database cannot be reached")
            return claim_job(*arguments)

        monkeypatch.setattr("ingest.jobs.work.claim_job", claim)
        monkeypatch.setattr("ingest.jobs.work.IDLE_WAIT", 0)

    return go


def test_database_that_is_gone_is_waited_for(folder, database_url, away):
    enqueue([str(folder)], JobOptions(), library=database_url)
    away(3)
    stop = threading.Event()
    assert work(database_url, stop=stop, on_result=lambda worked: stop.set()) == 1


def test_database_that_stays_away_is_an_error(folder, database_url, away, monkeypatch):
    enqueue([str(folder)], JobOptions(), library=database_url)
    away(3)
    monkeypatch.setattr("ingest.jobs.work.PATIENCE", 0)
    with pytest.raises(LibraryError, match="cannot be reached"):
        work(database_url)
    with pytest.raises(LibraryError, match="cannot be reached"):
        work(database_url, until_empty=True)


def test_workers_need_a_database(tmp_path, folder):
    with pytest.raises(ConfigError, match="is a folder"):
        enqueue([str(folder)], JobOptions(), library=tmp_path / "library")


def test_standard_input_cannot_wait(database_url):
    with pytest.raises(ConfigError, match="save it in a file first"):
        enqueue(["-"], JobOptions(), library=database_url)
