import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest import ingest
from qa import open_pipeline
from qa.build import open_tools
from qa.errors import LibraryLocked
from qa.index.doctor import examine
from qa.library.duplicates import copies_of
from qa.library.store import Library
from qa.library.writer import open_writer

ROOT = Path(__file__).parents[2]
HARBOUR = {
    "id": "harbour",
    "title": "Ferry returns",
    "text": "The ferry Alma returned to Port Selby on Tuesday. It carried 212 passengers.",
}


def write(path: Path, *articles: dict[str, str]) -> Path:
    path.write_text("".join(json.dumps(article) + "\n" for article in articles))
    return path


def test_the_same_content_again_embeds_nothing(tmp_path):
    source = write(tmp_path / "news.jsonl", HARBOUR)
    ingest([source], library=tmp_path / "library")
    report = ingest([source], library=tmp_path / "library")
    assert (report.added, report.unchanged, report.embedded) == (0, 1, 0)


def test_changed_content_replaces_the_old_passages_and_keeps_the_old_text(tmp_path):
    library = tmp_path / "library"
    ingest([write(tmp_path / "news.jsonl", HARBOUR)], library=library)
    changed = {**HARBOUR, "text": "The ferry Alma returned empty to Port Selby."}
    report = ingest([write(tmp_path / "news.jsonl", changed)], library=library)
    with open_tools(library) as tools:
        texts = [version.text for version in tools.library.versions("harbour")]
        assert report.updated == 1
        assert texts == [HARBOUR["text"], changed["text"]]
        assert tools.index.count() == len(tools.library.passages_of("harbour")) == 1


NOTICE = " ".join(f"The harbour board notes that berth {n} is closed." for n in range(20))


def test_copies_are_counted_and_kept(tmp_path):
    first = {"id": "a", "title": "Berths closed", "text": NOTICE}
    copy = {"id": "b", "title": "Port shuts berths", "text": NOTICE.replace("notes", "says", 2)}
    ingest([write(tmp_path / "first.jsonl", first, HARBOUR)], library=tmp_path / "library")
    source = write(tmp_path / "news.jsonl", first, copy)
    report = ingest([source], library=tmp_path / "library")
    assert (report.added, report.unchanged, report.copies) == (1, 1, 1)
    assert ingest([source], library=tmp_path / "library").copies == 0
    with open_tools(tmp_path / "library") as tools:
        assert [each.article_id for each in copies_of(tools.library, "b")] == ["a"]


def test_articles_from_before_there_were_signatures_are_signed(tmp_path):
    library = tmp_path / "library"
    twice = [{"id": id_, "title": "Berths", "text": NOTICE} for id_ in "ab"]
    ingest([write(tmp_path / "news.jsonl", *twice)], library=library)
    with Library.open(library).connection() as database:
        database.execute("DELETE FROM signatures")
        database.execute("DELETE FROM bands")
    ingest([write(tmp_path / "more.jsonl", HARBOUR)], library=library)
    with open_tools(library) as tools:
        assert [each.article_id for each in copies_of(tools.library, "b")] == ["a"]
        assert examine(tools.library, tools.index).healthy


def test_an_edited_file_is_a_new_version_of_its_article(tmp_path):
    page = tmp_path / "note.txt"
    page.write_text("Ferry\n\nThe ferry carried 212 passengers.")
    ingest([page], library=tmp_path / "library")
    page.write_text("Ferry\n\nThe ferry carried 213 passengers.")
    report = ingest([page], library=tmp_path / "library")
    assert (report.added, report.updated) == (0, 1)


def test_upload_of_the_same_name_is_a_new_version_of_its_article(tmp_path):
    library = tmp_path / "library"
    ingest([], library=library)
    for number, passengers in enumerate((212, 213)):
        folder = library.resolve() / "uploads" / f"server{number}" / "ann" / f"{number}"
        folder.mkdir(parents=True)
        (folder / "note.txt").write_text(f"Ferry\n\nThe ferry carried {passengers} passengers.")
        report = ingest([folder / "note.txt"], library=library)
    assert (report.added, report.updated) == (0, 1)


def test_one_bad_source_does_not_stop_the_others(tmp_path):
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 not really")
    good = write(tmp_path / "news.jsonl", HARBOUR)
    report = ingest([broken, good, tmp_path / "absent.txt"], library=tmp_path / "library")
    assert report.added == 1
    assert [Path(failure.origin).name for failure in report.failed] == ["broken.pdf", "absent.txt"]


def test_failures_are_in_the_journal(tmp_path):
    ingest([tmp_path / "absent.txt"], library=tmp_path / "library")
    with Library.open(tmp_path / "library").connection() as database:
        (row,) = database.execute("SELECT origin, reason FROM failures").fetchall()
    assert row[0].endswith("absent.txt")
    assert row[1]


def test_progress_ends_with_every_byte_read(tmp_path):
    source = write(tmp_path / "news.jsonl", HARBOUR)
    seen = []
    ingest([source], library=tmp_path / "library", on_progress=seen.append)
    assert (seen[-1].done_bytes, seen[-1].articles) == (source.stat().st_size, 1)


def test_a_second_writer_is_refused_with_the_pid_of_the_first(tmp_path):
    library = Library.open(tmp_path / "library", create=True)
    source = write(tmp_path / "news.jsonl", HARBOUR)
    with open_writer(library), pytest.raises(LibraryLocked, match=str(os.getpid())):
        ingest([source], library=tmp_path / "library")


@pytest.mark.timeout(900)
def test_killed_anywhere_nothing_is_lost_doubled_or_out_of_reach(tmp_path):
    script = Path(__file__).parent / "crash_trials.py"
    seed = time.time_ns() % 10_000
    # One of what writes, another next time: each has to be run without a kill first.
    kind = random.Random(seed).choice(
        ["ingest", "remove", "rebuild", "embedder", "repair", "serve"]
    )
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path), "3", str(seed), kind],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    trials = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(trials) == 3, done.stderr
    assert [trial for trial in trials if trial["problems"]] == []
    # Were the kills too late, the test would prove nothing.
    assert sum(trial["killed"] for trial in trials) >= 1


@pytest.mark.timeout(300)
def test_a_process_that_keeps_asking_sees_what_another_ingests_and_removes(tmp_path, monkeypatch):
    # It is about the indexes; the trained reader would ask too seldom to meet the writer.
    monkeypatch.setenv("QA_READER", "sentence")
    library = tmp_path / "library"
    ingest([write(tmp_path / "first.jsonl", HARBOUR)], library=library)
    script = """
import json, sys
from pathlib import Path
from ingest import ingest
from qa.build import open_tools
from qa.index.sync import drain
from qa.library.writer import open_writer
folder = Path(sys.argv[1])
for number in range(7):
    path = folder / f"more{number}.jsonl"
    text = f"The lighthouse Number{number}x was painted by crew{number}. " * 40
    rows = [{"id": f"light{number}-{part}", "title": f"Light {number}", "text": f"{part}. {text}",
             "language": "en"} for part in range(10)]
    path.write_text("".join(json.dumps(row) + "\\n" for row in rows))
    ingest([path], library=folder / "library")
    with open_tools(folder / "library") as tools, open_writer(tools.library) as writer:
        if number % 2:
            for part in range(10):
                writer.remove(f"light{number}-{part}")
            drain(writer, tools.embedder, tools.index)
"""
    writer = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with open_pipeline(library) as pipeline:
        asked = 0
        while writer.poll() is None:
            answer = pipeline.ask("How many passengers did the ferry Alma carry?")
            assert answer.short == "212"
            asked += 1
            time.sleep(0.01)
        assert writer.returncode == 0
        assert asked > 10
        seen = pipeline.ask("Who painted the lighthouse Number6x?")
        gone = pipeline.ask("Who painted the lighthouse Number5x?")
        assert "crew6" in seen.text
        # Opening the index anew may take a tenth of the time, so it may lag a little.
        patience = time.monotonic() + 20
        while not any(
            hit.ranks.keys() == {"words", "meaning"}
            for hit in pipeline.ask("Who painted the lighthouse Number6x?").hits
            if hit.passage.article_id.startswith("light6-")
        ):
            assert time.monotonic() < patience
        assert not any(hit.passage.article_id.startswith("light5-") for hit in gone.hits)
    with open_tools(library) as tools:
        assert examine(tools.library, tools.index).healthy
