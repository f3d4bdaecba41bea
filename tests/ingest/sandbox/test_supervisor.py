"""What a hostile file costs: its own failure, within limits of time and memory, and no more."""

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from ingest import ingest
from ingest.sandbox.supervisor import MAX_FAULTS
from ingest.sources import Failure, Intake, Loaded
from qa.build import ParseLimits

DEMO = Path(__file__).parents[3] / "demo" / "articles"
TIGHT = ParseLimits(memory=128, seconds=60)
# A million objects: some 200 MB, of 8 MB of text.
GLUTTON = '{"text": "x", "more": [%s{}]}' % ('{"a":1},' * 950_000)
# Never done.
ENDLESS = "def load(source):\n    while True:\n        pass\n    yield"


def line(text):
    return json.dumps({"text": text})


def summary(results):
    """Texts, and the last parts of origins of failures, in order."""
    return [
        result.article.text if isinstance(result, Loaded) else result.origin.rpartition("/")[2]
        for result in results
    ]


def reasons(results):
    return [result.reason for result in results if isinstance(result, Failure)]


# Time


def test_file_that_takes_too_long_is_named_and_the_others_go_in(odd_loader, tmp_path):
    odd_loader(ENDLESS)
    (tmp_path / "a.txt").write_text("One.")
    (tmp_path / "b.odd").write_text("Two.")
    (tmp_path / "c.txt").write_text("Three.")
    results = list(Intake([tmp_path], limits=ParseLimits(memory=8192, seconds=2)))
    assert summary(results) == ["One.", "b.odd", "Three."]
    (reason,) = reasons(results)
    assert "2 seconds" in reason
    assert "QA_PARSE_SECONDS" in reason


def test_seconds_are_those_of_the_processor(odd_loader, tmp_path):
    # So that nothing fails for other work of the machine.
    odd_loader(
        "import time\nfrom ingest.loaders.text import load_text\n"
        "def load(source):\n    time.sleep(3)\n    yield from load_text(source)"
    )
    (tmp_path / "a.odd").write_text("One.")
    results = list(Intake([tmp_path], limits=ParseLimits(memory=8192, seconds=2)))
    assert summary(results) == ["One."]


def test_settings_are_the_limits_of_an_ingest(odd_loader, tmp_path, library_folder, monkeypatch):
    odd_loader(ENDLESS)
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    monkeypatch.setenv("QA_PARSE_SECONDS", "1.5")
    monkeypatch.setenv("QA_PARSE_MEMORY", "4096")
    (tmp_path / "a.txt").write_text("It rained on Monday.")
    page = tmp_path / "b.odd"
    page.write_text("Two.")
    report = ingest([page, tmp_path / "a.txt"], library=library_folder)
    assert report.added == 1
    assert [failure.origin for failure in report.failed] == [str(page)]
    assert "1.5 seconds" in report.failed[0].reason


def test_slow_member_of_an_archive_costs_that_member_alone(odd_loader, tmp_path):
    odd_loader(ENDLESS)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("a.txt", "One.")
        archive.writestr("b.odd", "Two.")
        archive.writestr("c.jsonl", line("Three.") + "\n" + line("Four."))
    path = tmp_path / "all.zip"
    results = list(Intake([path], limits=ParseLimits(memory=8192, seconds=2)))
    assert summary(results) == ["One.", "all.zip!b.odd", "Three.", "Four."]


# Memory


def test_document_that_takes_too_much_memory_is_named_and_the_others_go_in(tmp_path):
    (tmp_path / "a.json").write_text(f"[{GLUTTON}]")
    (tmp_path / "b.txt").write_text("Two.")
    results = list(Intake([tmp_path], limits=TIGHT))
    assert summary(results) == ["a.json", "Two."]
    (reason,) = reasons(results)
    assert "QA_PARSE_MEMORY, 128 MB" in reason


@pytest.mark.parametrize("packed", [False, True])
def test_line_at_fault_is_skipped_and_those_after_it_are_read(tmp_path, packed):
    written = "\n".join([line("One."), "", GLUTTON, "", line("Five."), "oops", line("Seven.")])
    path = tmp_path / ("news.jsonl.gz" if packed else "news.jsonl")
    path.write_bytes(gzip.compress(written.encode(), 1) if packed else written.encode())
    results = list(Intake([path], limits=TIGHT))
    name = path.name
    assert summary(results) == ["One.", f"{name}:3", "Five.", f"{name}:6", "Seven."]
    assert "QA_PARSE_MEMORY" in reasons(results)[0]


def test_row_at_fault_is_skipped_with_all_its_lines(tmp_path):
    path = tmp_path / "news.csv"
    rows = [
        'title,"text\n(the body)",text',
        'a,,"One.\nTwo."',
        "",
        'b,"many\n\ncells",' + "\U0001f40dxxxxxxxxxxx," * 950_000,
        'c,,"Three\n\nlines."',
        "",
        "d,,Four.",
    ]
    path.write_text("\n".join(rows))
    results = list(Intake([path], limits=TIGHT))
    assert summary(results) == ["One.\nTwo.", "news.csv:6", "Three\n\nlines.", "Four."]
    assert "QA_PARSE_MEMORY" in reasons(results)[0]


def test_entry_at_fault_in_an_archive_is_skipped(tmp_path):
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("a.jsonl", "\n".join([line("One."), GLUTTON, line("Three.")]))
        archive.writestr("b.json", f"[{GLUTTON}]")
        archive.writestr("c.jsonl", "\n".join([line("Four."), line("Five.")]))
    assert summary(Intake([path], limits=TIGHT)) == [
        "One.",
        "all.zip!a.jsonl:2",
        "Three.",
        "all.zip!b.json",
        "Four.",
        "Five.",
    ]


def test_line_at_fault_in_standard_input_is_skipped(tmp_path):
    path = tmp_path / "news.jsonl"
    path.write_text("\n".join([line("One."), GLUTTON, line("Three.")]))
    with path.open("rb") as stdin:
        assert summary(Intake(["-"], stdin=stdin, limits=TIGHT)) == ["One.", "-:2", "Three."]


def test_file_full_of_entries_at_fault_is_given_up(tmp_path):
    path = tmp_path / "news.jsonl"
    lines = [line("One."), *[GLUTTON] * (MAX_FAULTS + 2), line("Last.")]
    path.write_text("\n".join(lines))
    (tmp_path / "z.txt").write_text("Next.")
    results = list(Intake([tmp_path], limits=TIGHT))
    faults = [f"news.jsonl:{number}" for number in range(2, 2 + MAX_FAULTS)]
    assert summary(results) == ["One.", *faults, "news.jsonl", "Next."]
    assert f"given up after {MAX_FAULTS}" in reasons(results)[-1]


# What stays as it was


def test_demo_is_parsed_within_half_of_the_memory():
    results = list(Intake([DEMO], limits=ParseLimits(memory=512, seconds=60)))
    assert len(results) > 40
    assert reasons(results) == []


def test_progress_moves_within_a_big_file(tmp_path):
    path = tmp_path / "news.jsonl"
    path.write_text("\n".join(line(f"Number {number} of many.") for number in range(10_000)))
    intake = Intake([path])
    steps = sorted({intake.done for _ in intake})
    assert len(steps) > 3
    assert steps[-1] == intake.total
