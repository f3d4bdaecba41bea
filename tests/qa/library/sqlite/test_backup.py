"""A library folder saved in one file while it is used, and made from it again."""

import sqlite3
from contextlib import closing

import pytest

from qa.errors import LibraryError
from qa.library.conversations import begin, conversations
from qa.library.sqlite.backup import restore_folder, save_folder
from qa.library.store import Library
from qa.library.writer import open_writer


def test_backup_taken_while_another_writes_is_restored_whole(
    make_library, library_folder, ferry, tmp_path
):
    library = make_library(ferry, folder=library_folder).library
    begin(library, "Who sank?")
    with open_writer(library):
        save_folder(library.folder, tmp_path / "saved.db")
    restore_folder(tmp_path / "saved.db", tmp_path / "again")
    restored = Library.open(tmp_path / "again")
    assert restored.article("ferry") == library.article("ferry")
    assert conversations(restored) == conversations(library)
    # Its indexes are made by whoever opens it.
    assert restored.counts()["pending"] == restored.counts()["passages"] > 0
    restored.close()


def test_runs_and_accepted_questions_are_saved_too(make_library, library_folder, ferry, tmp_path):
    library = make_library(ferry, folder=library_folder).library
    for name in ("gold/reviewed.jsonl", "runs/first.json"):
        (library.folder / name).parent.mkdir()
        (library.folder / name).write_text(f"{name}, é")
    save_folder(library.folder, tmp_path / "saved.db")
    restore_folder(tmp_path / "saved.db", tmp_path / "again")
    for name in ("gold/reviewed.jsonl", "runs/first.json"):
        restored = tmp_path / "again" / name
        assert restored.read_text() == f"{name}, é"
        assert restored.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("folder", "name"), [("gold", "../x"), ("..", "x"), ("gold", "..")])
def test_backup_writes_no_file_elsewhere(
    make_library, library_folder, ferry, tmp_path, folder, name
):
    library = make_library(ferry, folder=library_folder).library
    file = tmp_path / "saved.db"
    save_folder(library.folder, file)
    with closing(sqlite3.connect(file)) as database:
        database.execute("INSERT INTO saved_files VALUES (?, ?, 'x')", (folder, name))
        database.commit()
    with pytest.raises(LibraryError, match="names the file"):
        restore_folder(file, tmp_path / "again")
    assert not (tmp_path / "x").exists()


def test_nothing_is_written_over(make_library, library_folder, ferry, tmp_path):
    library = make_library(ferry, folder=library_folder).library
    save_folder(library.folder, tmp_path / "saved.db")
    with pytest.raises(LibraryError, match="exists already"):
        save_folder(library.folder, tmp_path / "saved.db")
    with pytest.raises(LibraryError, match="already"):
        restore_folder(tmp_path / "saved.db", library.folder)


@pytest.mark.parametrize("damage", ["cut", "text", "none"])
def test_file_that_is_no_backup_leaves_no_library(
    make_library, library_folder, ferry, tmp_path, damage
):
    library = make_library(ferry, folder=library_folder).library
    file = tmp_path / "saved.db"
    if damage == "cut":
        save_folder(library.folder, file)
        file.write_bytes(file.read_bytes()[:9000])
    elif damage == "text":
        file.write_text("It rained. " * 1000)
    with pytest.raises(LibraryError, match=r"saved\.db"):
        restore_folder(file, tmp_path / "again")
    with pytest.raises(LibraryError):
        Library.open(tmp_path / "again")


def test_backup_is_for_its_owner_alone(make_library, library_folder, ferry, tmp_path):
    library = make_library(ferry, folder=library_folder).library
    save_folder(library.folder, tmp_path / "saved.db")
    assert (tmp_path / "saved.db").stat().st_mode & 0o077 == 0
