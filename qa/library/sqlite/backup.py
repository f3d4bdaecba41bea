"""A library folder saved in one file, while others ask and write, and made from it again.

The file is a database of SQLite like the folder's own, with one more table for the files of runs
and accepted questions. Indexes are left out, for they can be made again, and so are settings.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from qa.errors import LibraryError
from qa.library.sqlite.schema import connect
from qa.runtime.permissions import make_private_file, make_private_folder

__all__ = ["restore_folder", "save_folder"]

_NAME = "library.db"
# Folders whose files are saved: evaluation runs, and questions that were accepted for evaluating.
_FOLDERS = ("gold", "runs")


def save_folder(folder: Path, file: Path) -> None:
    """Write the database of a folder, as it is at one moment, to a file that is not there yet.

    Raises LibraryError for one that is, for a folder without a library, and for a damaged one.
    """
    source = folder / _NAME
    if not source.is_file():
        raise LibraryError(f"no library in {folder}; there is nothing to back up")
    if file.exists():
        raise LibraryError(f"{file} exists already; name a file that does not")
    with (
        _unfinished(file, f"cannot back up {source} to {file}") as unfinished,
        closing(sqlite3.connect(source, timeout=60)) as reading,
        closing(sqlite3.connect(unfinished)) as writing,
    ):
        reading.backup(writing)
        # One file, without a log beside it.
        writing.execute("PRAGMA journal_mode = DELETE")
        _check(writing, source)
        writing.execute("CREATE TABLE saved_files (folder TEXT, name TEXT, content BLOB)")
        writing.executemany("INSERT INTO saved_files VALUES (?, ?, ?)", _files(folder))
        writing.commit()


def _files(folder: Path) -> Iterator[tuple[str, str, bytes]]:
    for name in _FOLDERS:
        for path in sorted((folder / name).glob("*")):
            if path.is_file() and not path.is_symlink():
                yield name, path.name, path.read_bytes()


def restore_folder(file: Path, folder: Path) -> None:
    """Make a library folder from such a file. Raises LibraryError for a file that is none, or is
    damaged, and for a folder that has a library already.
    """
    target = folder / _NAME
    if target.exists():
        raise LibraryError(f"there is a library in {folder} already; restore into another folder")
    if not file.is_file():
        raise LibraryError(f"no backup at {file}")
    problem = f"cannot restore {file} to {folder}"
    with _unfinished(target, problem, make_folder=True) as unfinished:
        shutil.copyfile(file, unfinished)
        # Raises LibraryError for the database of another program; brings an older one up to date.
        with closing(connect(unfinished)) as database:
            _check(database, file)
            _write_files(database, folder)
            # Nothing is in the indexes yet.
            database.execute("UPDATE passages SET indexed = FALSE")
            database.execute("UPDATE meta SET value = 0 WHERE name = 'lexical_key'")
            for table in ("removals", "lexical_removals"):
                database.execute(f"DELETE FROM {table}")
            database.execute("PRAGMA journal_mode = DELETE")


def _write_files(database: sqlite3.Connection, folder: Path) -> None:
    """Put back the files that were saved, and take them out of the database. Raises LibraryError
    for one that would lie elsewhere.
    """
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'saved_files'").fetchone():
        return  # an older backup
    saved = database.execute("SELECT folder, name, content FROM saved_files").fetchall()
    for where, name, content in saved:
        if where not in _FOLDERS or Path(name).name != name or name in (".", ".."):
            raise LibraryError(f"the backup names the file {where}/{name}; nothing was restored")
        make_private_folder(folder / where)
        make_private_file(folder / where / name)
        (folder / where / name).write_bytes(content)
    database.execute("DROP TABLE saved_files")


@contextmanager
def _unfinished(target: Path, problem: str, *, make_folder: bool = False) -> Iterator[Path]:
    """A private file beside the target, which takes its place when the block ends, and is deleted
    when it raises. Raises LibraryError with the problem and its reason.
    """
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        if make_folder:
            make_private_folder(target.parent)
        unfinished.unlink(missing_ok=True)
        make_private_file(unfinished)
        yield unfinished
        unfinished.replace(target)
    except (sqlite3.Error, OSError) as error:
        unfinished.unlink(missing_ok=True)
        raise LibraryError(f"{problem} ({error})") from error
    except LibraryError:
        unfinished.unlink(missing_ok=True)
        raise


def _check(database: sqlite3.Connection, file: Path) -> None:
    (verdict,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise LibraryError(f"{file} is damaged ({verdict}); nothing was written")
