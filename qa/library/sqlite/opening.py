"""Opens the database and the word index of a library folder, or makes them."""

from pathlib import Path

from qa.errors import LibraryDamaged, LibraryError
from qa.library.lexical.tantivy_index import TantivyIndex
from qa.library.sqlite.database import SqliteDatabase
from qa.runtime.permissions import make_private_file, make_private_folder, restrict_library

__all__ = ["open_folder"]

_NAME = "library.db"


def open_folder(location: Path | str, *, create: bool) -> tuple[SqliteDatabase, TantivyIndex]:
    """What a library folder has. Raises LibraryError where there is none, unless ``create``, and
    for what lies in its place.
    """
    folder = Path(location).expanduser().absolute()
    file = folder / _NAME
    if create:
        try:
            make_private_folder(folder)
            make_private_file(file)
            restrict_library(folder)
        except OSError as error:
            raise LibraryError(f"cannot make the library folder {folder}: {error}") from error
    elif not file.exists():
        raise LibraryError(
            f"no library in {folder}; make one with `article-qa ingest PATH --library {folder}`"
        )
    elif file.is_file() and not file.stat().st_size and not _has_log(file):
        raise LibraryDamaged(file, "it is empty")
    if file.exists() and not file.is_file():
        raise LibraryError(f"{file} is not a file; move it away and ingest again")
    return SqliteDatabase(file), TantivyIndex(folder)


def _has_log(file: Path) -> bool:
    log = file.with_name(f"{file.name}-wal")
    return log.exists() and log.stat().st_size > 0
