"""The library as HTML: health, and what became of sources."""

import inspect
import re
import zipfile
from email.message import EmailMessage
from pathlib import Path

from ingest.accounting import FileCounts, UnusedInFile
from ingest.run import IngestReport, Progress, ingest
from ingest.sources import Failure
from qa.errors import EmbedderMismatch
from qa.index import doctor
from qa.index.doctor import Finding, Health
from tests.ui.reading import read
from ui.html.tables import counts_html, health_html, intake_html, progress_html
from ui.locales.wording import speaking


def test_each_source_is_told_with_its_reason():
    failed = (Failure("/uploads/1/b.pdf", "damaged"), Failure("/uploads/2/c.zip!d.txt", "empty"))
    report = IngestReport(added=2, copies=1, failed=failed)
    sources = ["/uploads/0/a.txt", "/uploads/1/b.pdf", "/uploads/2/c.zip"]
    said = read(intake_html(report, sources)).said
    assert "2 articles added, 0 updated, 1 of them a copy of another" in said
    assert "a.txt: taken in" in said
    assert "b.pdf: failed" in said
    assert "c.zip: taken in, but 1 part of it failedd.txt: empty" in said
    assert "damaged" in said
    assert "d.txt: empty" in said
    assert "/uploads" not in said


def test_files_left_out_and_clashes_are_told():
    report = IngestReport(
        added=1,
        files=FileCounts(taken_in=1, left_out=3),
        left_out_reasons={"unknown suffix '.jpg'": 2, "hidden": 1},
        clash_count=2,
    )
    said = read(intake_html(report, ["/uploads/0/a.zip"])).said
    assert "3 files left out (2: unknown suffix '.jpg', 1: hidden)" in said
    assert "2 kept apart from other articles" in said


def test_file_that_is_left_out_has_not_failed(tmp_path):
    file = tmp_path / "a.txt"
    file.touch()
    report = ingest([file], library=tmp_path / "library")
    outcome = intake_html(report, [str(file)])
    assert "a.txt: left out (empty)" in read(outcome).said
    assert "class=failed" not in outcome
    with speaking("de"):
        assert "1 Datei ausgelassen (1: leer)" in read(intake_html(report, [str(file)])).said


def test_source_that_gave_nothing_new_is_unchanged(tmp_path):
    text = {"a.txt": "The lamp was lit.", "b.txt": "The lamp was put out."}
    for name in ("a.txt", "new.txt"):
        (tmp_path / name).write_text(text.get(name, "The keeper slept."))
    for name, members in {"old.zip": ["a.txt"], "half.zip": ["a.txt", "b.txt"]}.items():
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for member in members:
                archive.writestr(member, text[member])
    ingest([tmp_path / "a.txt", tmp_path / "old.zip"], library=tmp_path / "library")
    sources = [str(tmp_path / name) for name in ("a.txt", "new.txt", "old.zip", "half.zip")]
    said = read(intake_html(ingest(sources, library=tmp_path / "library"), sources)).said
    for line in ("a.txt: unchanged", "new.txt: taken in", "old.zip: unchanged", "half.zip: taken"):
        assert line in said
    with speaking("de"):
        assert (
            "a.txt: unverändert"
            in read(
                intake_html(ingest(sources[:1], library=tmp_path / "library"), sources[:1])
            ).said
        )


def test_part_of_a_source_that_was_left_out_is_named(tmp_path):
    mail = EmailMessage()
    mail["Subject"] = "Diary of a keeper"
    mail.set_content("The diary of the keeper of Penmarsh was sold for 18,400 pounds on Monday.")
    mail.add_attachment("The lighthouse will be painted red.", filename="paint.txt")
    file = tmp_path / "diary.eml"
    file.write_bytes(bytes(mail))
    report = ingest([file], library=tmp_path / "library")
    said = read(intake_html(report, [str(file)])).said
    assert "not read: paint.txt (attached to a mail; save it and take it in by itself)" in said


def test_columns_that_were_not_used_are_told_with_their_source():
    unused = (UnusedInFile("/uploads/0/a.csv", "columns", ("views", "<b>")),)
    said = read(intake_html(IngestReport(added=1, unused=unused), ["/uploads/0/a.csv"])).said
    assert "a.csv: taken innot used: columns 'views', '<b>'" in said


def progress(**changes):
    given = {"done_bytes": 1, "total_bytes": 10, "sources": 0, "articles": 1, "embedded": 1}
    return Progress(**{**given, **changes})


def test_progress_tells_how_far_each_source_is():
    failed = (Failure("/uploads/1/b.pdf", "damaged"),)
    sources = ["/uploads/0/a.txt", "/uploads/1/b.pdf", "https://c.example/d", "/uploads/3/e.txt"]
    said = read(progress_html(progress(sources=2, failed=failed), sources)).said
    lines = ["a.txt: read", "b.pdf: failed", "https://c.example/d: reading", "e.txt: waiting"]
    assert sorted(lines, key=said.index) == lines
    assert "1 failed" in said
    assert "damaged" in said


def test_progress_never_passes_the_end():
    assert "value=1.000" in progress_html(progress(done_bytes=20), [])
    assert "value" not in progress_html(progress(total_bytes=0), [])


def test_health_names_what_is_wrong():
    assert "✓ healthy" in read(health_html(Health(1, 2, 2, ()))).said
    wrong = Health(1, 2, 1, (Finding("missing", 1, "passages without vectors"),))
    assert "◐ needs repair" in read(health_html(wrong)).said
    said = read(health_html(wrong)).said
    assert "1 passage is not found by its meaning. Repair puts it in." in said
    assert "passages without vectors" in said
    several = Health(3, 4, 1, (Finding("missing", 2, "passages without vectors"),))
    assert "2 passages are not found by their meaning" in read(health_html(several)).said


def test_index_of_another_model_is_repaired_where_it_is_told():
    error = EmbedderMismatch(stored="static", current="hashing")
    said = read(health_html(Health(1, 2, 0, (Finding("fingerprint", 1, str(error)),)))).said
    assert "no question is answered. Repair sets it up anew from the articles" in said
    assert "“Repair” in the library" in said
    assert "fingerprint" not in said
    assert "article-qa" not in said


def test_health_has_words_for_every_finding_of_the_doctor():
    source = Path(inspect.getsourcefile(doctor)).read_text("utf-8")
    names = {*re.findall(r'Finding\(\s*"([a-z ]+)"', source)}
    names |= {*re.findall(r'^ +\("([a-z ]+)", (?:[a-z_]+, )?"', source, re.MULTILINE)}
    assert len(names) > 12
    for name in names:
        said = read(health_html(Health(1, 2, 2, (Finding(name, 3, "technical"),)))).said
        assert f"{name}technical" not in said.replace("Details", "")
        assert not said.split(".")[0].endswith(name)


def test_lines_that_failed_are_called_lines():
    failed = (
        Failure("/uploads/1/rows.jsonl:2", "no JSON"),
        Failure("/uploads/1/rows.jsonl:4", "x"),
    )
    said = read(intake_html(IngestReport(added=1, failed=failed), ["/uploads/1/rows.jsonl"])).said
    assert "1 article added" in said
    assert "rows.jsonl: taken in, but 2 parts of it failedline 2: no JSONline 4: x" in said


def test_size_is_told_before_the_health():
    assert read(counts_html(42, 77)).said == "42 articles in 77 passages being examined …"
