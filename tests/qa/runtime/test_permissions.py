"""What is written is its owner's alone, whatever the umask."""

import os
import stat

import numpy as np
import pytest

from qa.chat.budget import Ledger
from qa.library.store import Library
from qa.library.writer import open_writer
from qa.protocols import VectorEntry
from qa.runtime.permissions import make_private_folder


@pytest.fixture(autouse=True)
def _open_umask():
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder):
    """Every mode that lets others in, by the path under the folder."""
    return {
        str(path.relative_to(folder)): oct(path.stat().st_mode & 0o777)
        for path in (folder, *folder.rglob("*"))
        if path.stat().st_mode & 0o077
    }


def widen(folder):
    """As an older version left it."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_library_is_its_owners_while_it_is_open_and_after(make_library, tmp_path, ferry):
    folder = tmp_path / "above" / "library"
    tools = make_library(ferry, folder=folder)
    # So many that Chroma writes its graph to files.
    many = [VectorEntry(number, "x", 1, 0, 0, "") for number in range(1100)]
    vectors = np.random.default_rng(0).random((1100, tools.embedder.dimension), np.float32)
    tools.index.upsert(many, vectors)
    with open_writer(tools.library) as writer:
        run = writer.begin_run()
        writer.journal_failure(run, "x", "y")
        Ledger(folder, None, 1.0).reserve(0.1, ferry.published)
        assert {"library.db-wal", "library.db-shm", "spending"} <= {
            path.name for path in folder.iterdir()
        }
        assert [*folder.glob("chroma/*/*.bin")]
        assert modes(folder.parent) == {}
    tools.index.close()
    tools.library.close()
    assert modes(folder.parent) == {}


def test_folder_that_was_there_is_narrowed_with_its_first_writing(library_folder):
    library_folder.mkdir(mode=0o777)
    Library.open(library_folder, create=True).close()
    assert modes(library_folder) == {}


@pytest.mark.parametrize("create", [True, False])
def test_library_of_an_older_version_is_narrowed_when_it_is_written(
    make_library, library_folder, ferry, create
):
    tools = make_library(ferry)
    tools.index.close()
    (library_folder / "runs").mkdir()
    (library_folder / "runs" / "2024.json").touch()
    widen(library_folder)
    library = Library.open(library_folder, create=create)
    if not create:
        assert modes(library_folder)  # reading changes nothing
        with open_writer(library):
            pass
    library.close()
    assert modes(library_folder) == {}


def test_other_things_in_the_folder_stay_as_they_are(make_library, library_folder, ferry):
    library_folder.mkdir(mode=0o755)
    (library_folder / "notes.txt").touch(mode=0o644)
    make_library(ferry)
    assert modes(library_folder) == {".": "0o755", "notes.txt": "0o644"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_is_another_users_is_left(make_library, library_folder, ferry):
    make_library(ferry)
    run = library_folder / "runs"
    run.mkdir(mode=0o755)
    os.chown(run, 4321, -1)
    with open_writer(Library.open(library_folder)):
        pass
    assert modes(library_folder) == {"runs": "0o755"}


def test_links_are_not_followed(make_library, library_folder, tmp_path, ferry):
    make_library(ferry)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    (elsewhere / "file").touch(mode=0o644)
    (library_folder / "runs").symlink_to(elsewhere)
    with open_writer(Library.open(library_folder)):
        pass
    assert modes(elsewhere) == {".": "0o755", "file": "0o644"}


def test_folders_above_are_private_too(tmp_path):
    make_private_folder(tmp_path / "a" / "b")
    assert modes(tmp_path / "a") == {}


def test_path_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        make_private_folder(tmp_path / "file")


def test_bits_beside_those_of_others_are_kept(library_folder):
    library_folder.mkdir()
    library_folder.chmod(0o2775)
    Library.open(library_folder, create=True).close()
    assert stat.S_IMODE(library_folder.stat().st_mode) == 0o2700
