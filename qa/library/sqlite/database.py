"""Connections to ``library.db``: pooled, read-only where the folder is, and with errors that say
what to do. Knows no table.
"""

import os
import shutil
import sqlite3
import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Lock

from qa.errors import LibraryDamaged, LibraryError, LibraryFull, LibraryReadOnly, LibraryTooNew
from qa.library.sqlite.schema import VERSION, SqliteConnection, connect, prepare
from qa.library.tables.connection import Connection, ReplicaState, TableSearch

__all__ = ["SqliteDatabase", "library_error"]

# What SQLite lists at most; more say no more.
_MOST_LISTED = 20


class SqliteDatabase:
    """One database file; safe to share between threads."""

    dialect = SqliteConnection.dialect

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: deque[SqliteConnection] = deque()
        self._guard = Lock()
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        self._state: object = None

    @property
    def location(self) -> str:
        """The path of the file."""
        return str(self.path)

    @property
    def read_only(self) -> bool:
        """Whether neither the file nor anything beside it can be written."""
        return not (
            os.access(self.path.parent, os.W_OK)
            and (os.access(self.path, os.W_OK) or not self.path.exists())
        )

    @contextmanager
    def connection(self) -> Iterator[SqliteConnection]:
        """A connection for this thread alone until the block ends.

        Raises LibraryError for what goes wrong with the file, in the block too.
        """
        self._forget_changed()
        try:
            database = self._idle.pop()
        except IndexError:
            database = self._connect()
        try:
            yield database
        except sqlite3.ProgrammingError:
            raise
        except sqlite3.Error as error:
            raise library_error(self.path, error) from error
        finally:
            _end_transaction(database)
            self._idle.append(database)

    def reading(self) -> AbstractContextManager[SqliteConnection]:
        """A connection: there is no replica of a folder."""
        return self.connection()

    def replica_state(self) -> ReplicaState | None:
        """None."""
        return None

    @contextmanager
    def transaction(self) -> Iterator[SqliteConnection]:
        """The same in one transaction that writes, the only one at a time: all or nothing."""
        with self.connection() as database:
            database.execute("BEGIN IMMEDIATE")
            yield database
            database.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[SqliteConnection]:
        """A connection that until the block ends sees the database as it is now."""
        with self.connection() as database:
            database.execute("BEGIN")
            # Before it reads something it sees nothing.
            database.execute("SELECT count(*) FROM meta").fetchone()
            yield database

    def number_on(self, database: Connection, /) -> None:
        """Nothing to do: SQLite numbers on by itself."""

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        """Nobody waits: whoever writes has the folder alone."""
        yield

    def schema_versions(self) -> tuple[int, int]:
        """That of its tables, and that which this program wants."""
        with self.connection() as database:
            (version,) = database.execute("PRAGMA user_version").fetchone()
        return int(version), VERSION

    def faults(self) -> list[str]:
        """What SQLite finds wrong with the file, up to twenty lines."""
        try:
            with self.connection() as database:
                rows = database.execute(f"PRAGMA integrity_check({_MOST_LISTED})").fetchall()
        except LibraryError as error:
            return [str(error.__cause__ or error)]
        return [line for (text,) in rows for line in str(text).splitlines() if line != "ok"]

    def reindex(self) -> None:
        """Make SQLite's own indexes anew from the tables."""
        with self.connection() as database:
            database.execute("REINDEX")

    def compact(self) -> list[str]:
        """Write the file anew without what was deleted; nothing is left."""
        with self.connection() as database:
            database.execute("VACUUM")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return []

    def search_tables(self, phrases: Sequence[str], passage_keys: Sequence[int]) -> TableSearch:
        """Nothing: what is stored is in files, which are searched as such."""
        return TableSearch()

    def close(self) -> None:
        """Close the connections; using the database again opens new ones."""
        while self._idle:
            self._idle.pop().close()
        with self._guard:
            if self._copy is not None:
                self._copy.cleanup()
                self._copy = None

    def _connect(self) -> SqliteConnection:
        try:
            if self.read_only:
                return self._connect_read_only()
            return connect(self.path)
        except sqlite3.Error as error:
            raise library_error(self.path, error) from error
        except OSError as error:
            raise LibraryError(f"{self.path} cannot be opened ({error})") from error

    def _connect_read_only(self) -> SqliteConnection:
        """Without writing beside the file: no lock, no log, no migration."""
        if self._copy is None:
            # Where there is a log, somebody may be writing, or ended without clearing up. Without
            # one the file is read as one that does not change, until it does.
            modes = ["mode=ro"] if self._log.exists() else []
            modes += [] if _size(self._log) else ["immutable=1"]
            for mode in modes:
                try:
                    database, version = _open_uri(self.path, mode)
                except sqlite3.OperationalError as error:
                    if not _needs_writing(error):
                        raise
                    continue
                if version > VERSION:
                    database.close()
                    raise LibraryTooNew(self.path.parent, version, VERSION)
                if version == VERSION:
                    self._state = self._stamp() if mode == "immutable=1" else None
                    return prepare(database)
                database.close()
                break
        copy = connect(self._copied())
        # What is written to it would be lost with it.
        copy.execute("PRAGMA query_only = ON")
        return copy

    def _copied(self) -> Path:
        """A copy in which what is missing can be done; it goes when the library is closed."""
        with self._guard:
            if self._copy is None:
                self._copy = tempfile.TemporaryDirectory(prefix="article-qa-")
                for path in (self.path, self._log):
                    if path.exists():
                        shutil.copyfile(path, Path(self._copy.name) / path.name)
            return Path(self._copy.name) / self.path.name

    @property
    def _log(self) -> Path:
        return self.path.with_name(f"{self.path.name}-wal")

    def _stamp(self) -> object:
        state = self.path.stat()
        return state.st_size, state.st_mtime_ns, _size(self._log)

    def _forget_changed(self) -> None:
        """An immutable file that was written after all is opened anew."""
        if self._state is not None and self._idle and self._state != self._stamp():
            while self._idle:
                self._idle.pop().close()


def library_error(path: Path, error: sqlite3.Error) -> LibraryError:
    """What an error of SQLite means for the library at ``path``, and the way out."""
    name = str(getattr(error, "sqlite_errorname", ""))
    if name.startswith("SQLITE_FULL"):
        return LibraryFull(path.parent, error)
    if name.startswith("SQLITE_IOERR"):
        return (
            LibraryFull(path.parent, error)
            if _is_full(path.parent)
            else LibraryError(
                f"{path} cannot be read or written ({error}); look at the disk it lies on"
            )
        )
    if name.startswith("SQLITE_READONLY"):
        return LibraryReadOnly(path.parent)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LibraryError(f"{path} is in use by another program ({error}); try again")
    return LibraryDamaged(path, error)


def _open_uri(path: Path, mode: str) -> tuple[SqliteConnection, int]:
    database = sqlite3.connect(
        f"{path.as_uri()}?{mode}",
        uri=True,
        isolation_level=None,
        timeout=60,
        check_same_thread=False,
        factory=SqliteConnection,
    )
    try:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        database.close()
        raise
    return database, int(version)


def _needs_writing(error: sqlite3.Error) -> bool:
    name = str(getattr(error, "sqlite_errorname", ""))
    return name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY"))


def _end_transaction(database: sqlite3.Connection) -> None:
    if database.in_transaction:
        # On a full disk SQLite has rolled back itself.
        try:
            database.rollback()
        except sqlite3.OperationalError:
            if database.in_transaction:
                raise


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < 1 << 20
    except OSError:
        return False


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
