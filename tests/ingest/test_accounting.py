"""Every file is accounted for: taken in, unchanged, left out with the reason, or failed."""

import zipfile

from ingest import ingest
from ingest.accounting import FileCounts, LeftOutFiles
from ingest.sandbox.messages import LeftOut
from ingest.sources import Intake

LINES = b'{"text": "One.", "id": "one"}\n{"text": "Two.", "id": "two"}\n'


def test_files_are_counted_by_what_became_of_them(tmp_path):
    folder, library = tmp_path / "news", tmp_path / "library"
    folder.mkdir()
    (folder / "old.txt").write_text("It rained.")
    ingest([folder], library=library)
    (folder / "new.jsonl").write_bytes(LINES + b"broken\n")
    (folder / "bad.pdf").write_bytes(b"%PDF-no")
    (folder / "broken.jsonl").write_bytes(b"broken\n" * 3)
    (folder / "empty.txt").touch()
    (folder / ".hidden.txt").write_text("It snowed.")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("x")
    with zipfile.ZipFile(folder / "z.zip", "w") as archive:
        for name, text in {"in.md": "A storm.", "p.mp4": "x", "e.txt": "", ".h.txt": "x"}.items():
            archive.writestr(name, text)
    report = ingest([folder], library=library)
    assert report.files == FileCounts(taken_in=2, unchanged=1, left_out=6, failed=2)
    assert report.left_out_reasons == {
        "empty": 2, "hidden": 2, "a hidden folder": 1, "unknown suffix '.mp4'": 1,
    }  # fmt: skip
    assert {file.origin.removeprefix(str(folder)) for file in report.left_out} == {
        "/empty.txt", "/.hidden.txt", "/.git", "/z.zip!p.mp4", "/z.zip!e.txt", "/z.zip!.h.txt",
    }  # fmt: skip
    assert not report.nothing_read


def test_what_is_named_is_read_though_it_is_hidden(tmp_path):
    (tmp_path / ".a.txt").write_text("It rained.")
    (loaded,) = Intake([tmp_path / ".a.txt"])
    assert loaded.article.text == "It rained."


def test_empty_file_is_left_out_wherever_it_is_named(tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "b.txt").touch()
    named, below = Intake([folder / "b.txt"]), Intake([folder])
    assert [*named, *below] == []
    assert named.left_out == below.left_out
    assert named.left_out.files == [LeftOut(str(folder / "b.txt"), "empty")]


def test_archive_without_files_is_a_failure(tmp_path):
    zipfile.ZipFile(tmp_path / "a.zip", "w").close()
    (failure,) = Intake([tmp_path])
    assert "holds no files" in failure.reason


def test_nothing_is_read_of_a_folder_without_articles(tmp_path):
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "photo.jpg").write_bytes(b"x")
    assert ingest([tmp_path / "news"], library=tmp_path / "library").nothing_read


def test_files_left_out_without_end_are_counted(monkeypatch):
    monkeypatch.setattr("ingest.accounting._MAX_LISTED", 2)
    files = LeftOutFiles()
    for number in range(5):
        files.add(LeftOut(f"{number}.jpg", "unknown suffix '.mp4'"))
    assert (files.count, len(files.files)) == (5, 2)
    assert files.by_reason == {"unknown suffix '.mp4'": 5}
