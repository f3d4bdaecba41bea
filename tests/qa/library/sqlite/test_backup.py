"""A library folder saved in one file while it is used, and made from it again."""

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
