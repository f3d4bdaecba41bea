"""Libraries that are damaged, full or none at all end each command in one line."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from ingest import ingest
from qa.errors import LibraryDamaged, LibraryError, LibraryFull
from qa.library.conversations import begin
from qa.library.store import Library

ROOT = Path(__file__).parents[3]
ARTICLE = {"id": "late", "title": "Late ferries", "source": "Gazette", "published": "2024-05-10",
           "text": "The council said that 13% of the ferries of Kessel were late."}  # fmt: skip
SHARE = "What share of the ferries of Kessel were late?"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "news.jsonl").write_text(json.dumps(ARTICLE))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QA_EMBEDDER", "hashing")
        ingest([folder / "news.jsonl"], library=folder / "library")
    return folder


@pytest.fixture
def filled(shelf, library_folder, monkeypatch):
    monkeypatch.setenv("QA_READER", "sentence")
    shutil.copytree(shelf / "library", library_folder)
    return library_folder


def random_bytes(file):
    file.write_bytes(bytes(range(7, 250)) * 60)


def truncated(file):
    file.write_bytes(file.read_bytes()[:5000])


def cut_in_a_page(file):
    file.write_bytes(file.read_bytes()[: 4096 * 20 + 100])


def no_bytes(file):
    file.write_bytes(b"")


def folder(file):
    file.unlink()
    file.mkdir()


def newer(file):
    database = sqlite3.connect(file)
    database.execute("PRAGMA user_version = 99")
    database.close()


def another_database(file):
    file.unlink()
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE notes (body TEXT)")
    database.execute("PRAGMA user_version = 4")
    database.commit()
    database.close()


def without_articles(file):
    database = sqlite3.connect(file)
    database.execute("PRAGMA foreign_keys = OFF")
    database.execute("DROP TABLE articles")
    database.close()


def without_rows_of_its_own(file):
    database = sqlite3.connect(file)
    database.execute("DELETE FROM meta")
    database.commit()
    database.close()


DAMAGES = [
    random_bytes, truncated, cut_in_a_page, no_bytes, folder, newer, another_database,
    without_articles, without_rows_of_its_own,
]  # fmt: skip
COMMANDS = [
    ("ask", SHARE), ("list",), ("show", "late"), ("remove", "late"), ("doctor",),
    ("doctor", "--repair"), ("rebuild",), ("ingest", "news.jsonl"), ("eval", "gold.jsonl"),
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_every_command_ends_in_one_line(filled, article_qa, damage, tmp_path):
    (tmp_path / "news.jsonl").write_text(json.dumps(ARTICLE))
    (tmp_path / "gold.jsonl").write_text(
        json.dumps({"id": "q", "question": SHARE, "answers": ["13%"]})
    )
    kept = filled.with_name("kept")
    (filled / "library.db-wal").unlink(missing_ok=True)
    damage(filled / "library.db")
    shutil.copytree(filled, kept)
    for command in COMMANDS:
        if command[0] == "ingest" and damage is no_bytes:
            continue  # an ingest that was killed at its very beginning leaves such a file
        ran = article_qa(*command)
        shutil.rmtree(filled)
        shutil.copytree(kept, filled)
        complaint = ran.err.strip().splitlines()
        if command[0] == "doctor" and not complaint:
            assert (ran.status, "not healthy" in ran.out) == (1, True), ran
            continue
        assert ran.status == 1, (command, ran)
        assert len(complaint) == 1, (command, complaint)
        assert complaint[0].startswith("article-qa: ")
        assert "--debug" not in complaint[0], complaint


def test_server_over_a_damaged_library_ends_in_one_line(filled, article_qa):
    random_bytes(filled / "library.db")
    ran = article_qa("serve")
    assert (ran.status, len(ran.err.strip().splitlines())) == (1, 1)


def test_empty_file_is_no_library_to_ask_but_one_to_ingest_into(filled, article_qa, tmp_path):
    no_bytes(filled / "library.db")
    with pytest.raises(LibraryDamaged, match="it is empty"):
        Library.open(filled)
    (tmp_path / "news.jsonl").write_text(json.dumps(ARTICLE))
    assert article_qa("ingest", "news.jsonl").status == 0
    assert "13%" in article_qa("ask", SHARE).out


@pytest.mark.parametrize("name", ["writer.lock", "index.lock"])
def test_lock_that_cannot_be_made_is_an_error_of_one_line(filled, article_qa, tmp_path, name):
    (tmp_path / "news.jsonl").write_text(json.dumps({**ARTICLE, "id": "other"}))
    (filled / name).unlink(missing_ok=True)
    (filled / name).mkdir()
    ran = article_qa("ingest", "news.jsonl")
    assert ran.status == 1
    assert ran.err.startswith("article-qa: the library")
    assert "cannot be locked" in ran.err


@pytest.mark.parametrize("damage", [random_bytes, no_bytes, truncated, folder])
def test_question_is_answered_by_words_when_the_index_is_damaged(filled, article_qa, damage):
    damage(filled / "chroma" / "chroma.sqlite3")
    ran = article_qa("ask", SHARE, "--json")
    assert (ran.status, ran.err) == (0, "")
    assert "13%" in ran.json["statements"][0]["text"]


# A full disk


def test_full_disk_is_said_and_nothing_is_lost(filled):
    library = Library.open(filled)
    with library.connection() as database:
        (pages,) = database.execute("PRAGMA page_count").fetchone()
        database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LibraryFull, match="make some"):
        begin(library, "long " * 200_000, owner="o" * 999_999)
    assert library.counts()["articles"] == 1
    library.close()


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from ui.cli.app import main
sys.argv = ["article-qa", *sys.argv[2:]]
main()
"""


def test_ingest_without_room_goes_on_once_there_is_some(tmp_path, article_qa, monkeypatch):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    rows = [
        {"id": f"a{n}", "text": f"Station {n} read {n * 7} units. " * 60, "language": "en"}
        for n in range(40)
    ]
    (tmp_path / "news.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    # The sources themselves have 70,000 bytes.
    for limit in (100_000, 150_000, 260_000):
        ran = subprocess.run(
            [sys.executable, "-c", LIMITED, str(limit), "ingest", "news.jsonl"],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert ran.returncode == 1
        assert len(ran.stderr.strip().splitlines()) == 1
        assert ran.stderr.startswith("article-qa: ")
    assert article_qa("ingest", "news.jsonl").status == 0
    assert article_qa("doctor").out.splitlines()[-1] == "healthy"
    assert len(article_qa("list", "--json").json) == 40


# At random


@pytest.mark.timeout(600)
def test_random_damage_never_crashes_a_command_nor_makes_a_wrong_citation(tmp_path):
    script = Path(__file__).parent / "damage_trials.py"
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path), "3", "11"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    trials = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(trials) == 3, done.stderr
    assert [trial for trial in trials if trial["problems"]] == []
    # Were nothing damaged, the test would prove nothing.
    assert any(1 in trial["ran"].values() for trial in trials)


def test_error_without_a_name_of_its_own_is_a_line_too(filled, article_qa, monkeypatch):
    def fail(*arguments):
        raise OSError("No space left on device")

    monkeypatch.setattr(Library, "summaries", fail)
    ran = article_qa("list")
    assert (ran.status, ran.err) == (
        1, "article-qa: No space left on device (--debug shows where)\n"
    )  # fmt: skip


def test_library_error_keeps_its_cause(filled):
    random_bytes(filled / "library.db")
    with pytest.raises(LibraryError) as raised:
        Library.open(filled)
    assert isinstance(raised.value.__cause__, sqlite3.DatabaseError)
