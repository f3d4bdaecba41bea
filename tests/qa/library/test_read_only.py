"""A library that cannot be written is asked all the same, and nothing in its folder changes."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from qa.build import open_pipeline
from qa.errors import LibraryReadOnly
from qa.library.conversations import begin
from qa.library.writer import open_writer
from ui.schemas import AskRequest
from ui.screen.conversations import keep_answer
from ui.service import open_service

SAILORS = "How many sailors died on the Maid of Orlen?"

# Folders that cannot be written.
KINDS = ["folder"]


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    monkeypatch.setenv("QA_READER", "sentence")


@pytest.fixture
def shut(make_library, library_folder, ferry, bridge, monkeypatch, quick):
    """A library folder that the system says cannot be written, as it does of one mounted so."""
    shop = make_library(ferry, bridge)
    shop.index.close()
    shop.library.close()
    granted = os.access

    def access(path, mode, **options):
        inside = str(path).startswith(str(library_folder))
        return not (inside and mode & os.W_OK) and granted(path, mode, **options)

    monkeypatch.setattr(os, "access", access)
    return library_folder


def state(folder):
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
    }


def test_it_is_asked_and_nothing_is_written(shut):
    before = state(shut)
    with open_pipeline(shut) as pipeline:
        answer = pipeline.ask(SAILORS)
    assert answer.short == "Nine"
    assert any({"words", "meaning"} <= hit.ranks.keys() for hit in answer.hits)
    assert state(shut) == before


def test_its_log_is_read_too(make_library, library_folder, store, ferry, orchard, monkeypatch,
                             quick):  # fmt: skip
    shop = make_library(ferry)
    # As long as one connection is open, what was written last stands in the log alone.
    with shop.library.connection():
        store(shop, orchard)
        assert (library_folder / "library.db-wal").stat().st_size > 0
        (library_folder / "library.db-shm").unlink()
        monkeypatch.setattr(os, "access", lambda path, mode, **options: mode != os.W_OK)
        with open_pipeline(library_folder) as pipeline:
            assert pipeline.library.article("orchard").title == orchard.title


@pytest.mark.parametrize(
    "command",
    [("ingest", "news.jsonl"), ("remove", "ferry"), ("rebuild",), ("feedback", SAILORS, "right")],
    ids=lambda command: command[0],
)
def test_changing_it_is_an_error_of_one_line(shut, article_qa, command):
    before = state(shut)
    ran = article_qa(*command)
    assert ran.status == 1
    assert ran.err.strip().splitlines()[-1].startswith("article-qa: the library")
    assert "is read-only: it can be asked, not changed" in ran.err
    assert state(shut) == before


@pytest.mark.parametrize("command", [("ask", SAILORS), ("list",), ("show", "ferry"), ("doctor",)])
def test_looking_at_it_works(shut, article_qa, command):
    ran = article_qa(*command)
    assert (ran.status, ran.err) == (0, "")


def test_writer_is_refused(shut):
    with open_pipeline(shut) as pipeline, pytest.raises(LibraryReadOnly):
        open_writer(pipeline.library).__enter__()


def test_conversation_is_refused_not_lost_in_a_copy(shut):
    with open_pipeline(shut) as pipeline, pytest.raises(LibraryReadOnly):
        begin(pipeline.library, "Ferries")


def test_server_answers_and_says_that_nothing_is_kept(shut):
    with open_service(shut) as service:
        asked = AskRequest(question=SAILORS)
        id_, shown = keep_answer(service, service.ask(asked), asked, "", "", ())
    assert id_ == ""
    assert "Nine sailors died" in shown
    assert "This answer is not kept" in shown


def test_older_read_only_library_is_read_from_a_copy(shut):
    with open_pipeline(shut) as pipeline:
        library = pipeline.library
        # The file itself can be written in this test; the folder says that it cannot.
        database = sqlite3.connect(shut / "library.db")
        for table, column in (("articles", "checksum"), ("articles", "spans"),
                              ("versions", "checksum")):  # fmt: skip
            database.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        database.execute("PRAGMA user_version = 4")
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        library.close()
        assert library.article("ferry").version == 1
        with pytest.raises(LibraryReadOnly):
            begin(library, "Ferries")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")
def test_folder_that_is_mounted_read_only_is_asked(make_library, library_folder, ferry, tmp_path):
    shop = make_library(ferry)
    shop.index.close()
    shop.library.close()
    script = (
        f"mount --bind {library_folder} {library_folder} && "
        f"mount -o remount,ro,bind {library_folder}"
    )
    probe = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip(f"this machine does not let root mount: {probe.stderr.decode().strip()}")
    asked = f"{script} && exec python -m ui.cli ask '{SAILORS}' --library {library_folder}"
    ran = subprocess.run(
        ["unshare", "-m", "sh", "-c", asked],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "QA_EMBEDDER": "hashing", "QA_READER": "sentence",
             "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("Nine sailors died")
