"""Connections to a PostgreSQL database: pooled, and with errors that say what to do. Knows no
table.
"""

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qa.errors import LibraryError, LibraryReadOnly
from qa.library.postgres.compaction import rewrite_tables, search_tables
from qa.library.postgres.driver import load_driver
from qa.library.postgres.schema import VERSION, schema_version
from qa.library.tables.connection import Connection, Cursor, Dialect, ReplicaState, TableSearch
from qa.runtime.location import without_password

if TYPE_CHECKING:
    import psycopg

__all__ = ["LAST_COMMITS", "PostgresConnection", "PostgresDatabase"]

_DIALECT = Dialect(
    key_list="(SELECT json_array_elements_text(?::json)::bigint)",
    outlet="coalesce(folded(a.source), '')",
    join_texts="string_agg",
    position="strpos",
)
# Of all programs on a server, ours has these locks: one writes at a time.
_WRITE_LOCK = 0x61727469
# How pgvector follows its graph: on beyond what a condition leaves out, and with enough neighbours
# at hand that few of the nearest are missed.
_SESSION = "SET hnsw.iterative_scan = strict_order; SET hnsw.ef_search = 200"
# What stands for the last transaction that this process committed, by the address of the database.
LAST_COMMITS: dict[str, object] = {}
# Seconds after which a connection that lay idle is asked whether its server is still there, and
# that a server which does not answer is waited for.
_PING_AFTER, _CONNECT_TIMEOUT = 1.0, 10


class PostgresConnection:
    """One connection of psycopg, which takes question marks for values."""

    dialect = _DIALECT

    def __init__(self, raw: "psycopg.Connection[Any]") -> None:
        self.raw = raw
        self.used = time.monotonic()
        # Of a replica, up to where it has followed: a position in the log of the primary.
        self.position = 0

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Cursor:
        """Run a statement with a value for each question mark."""
        if not values:
            return self.raw.execute(sql.encode())
        return self.raw.execute(_translated(sql), values)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> Cursor:
        """Run it for each row of values, all or none of them."""
        cursor = self.raw.cursor()
        cursor.executemany(_translated(sql), rows)
        return cursor


class PostgresDatabase:
    """One database; safe to share between threads."""

    dialect = _DIALECT

    def __init__(self, url: str) -> None:
        self.url = url
        self._idle: deque[PostgresConnection] = deque()

    @property
    def location(self) -> str:
        """The address without its password."""
        return without_password(self.url)

    @property
    def read_only(self) -> bool:
        """Whether it is a replica, or the server takes no changes."""
        with self.connection() as database:
            return bool(database.execute("SHOW transaction_read_only").fetchone()[0] == "on")

    @contextmanager
    def connection(self) -> Iterator[PostgresConnection]:
        """A connection for this thread alone until the block ends. Raises LibraryError for what
        goes wrong with the database, in the block too.
        """
        driver = load_driver()
        database = self._living() or self._connect()
        try:
            yield database
        except driver.ProgrammingError as error:
            if isinstance(
                error, (driver.errors.InsufficientPrivilege, driver.errors.UndefinedTable)
            ):
                raise self._error(error) from error
            raise
        except driver.Error as error:
            raise self._error(error) from error
        finally:
            self._put_back(database)

    @contextmanager
    def transaction(self) -> Iterator[PostgresConnection]:
        """The same in one transaction that writes, the only one at a time: all or nothing."""
        with self.connection() as database:
            database.execute("BEGIN")
            # Locks of a transaction go with it, however it ends.
            database.execute(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})")
            yield database
            database.execute("COMMIT")
            LAST_COMMITS[self.url] = object()

    def reading(self) -> AbstractContextManager[PostgresConnection]:
        """A connection: there is no replica."""
        return self.connection()

    def replica_state(self) -> ReplicaState | None:
        """None."""
        return None

    @contextmanager
    def snapshot(self) -> Iterator[PostgresConnection]:
        """A connection that until the block ends sees the database as it is now."""
        with self.connection() as database:
            database.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield database

    def number_on(self, database: Connection, /) -> None:
        """Let new rows be numbered after those that were put in with keys."""
        for table in ("articles", "passages", "runs", "feedback"):
            database.execute(
                f"""SELECT setval(pg_get_serial_sequence('{table}', 'key'),
                                  (SELECT coalesce(max(key), 0) + 1 FROM {table}), false)"""
            )

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        """While only one process does what has this name; others wait."""
        with self.connection() as database:
            database.execute("SELECT pg_advisory_lock(?, hashtext(?))", (_WRITE_LOCK, name))
            try:
                yield
            finally:
                # One that broke off has lost it.
                if not database.raw.closed:
                    sql = "SELECT pg_advisory_unlock(?, hashtext(?))"
                    database.execute(sql, (_WRITE_LOCK, name))

    def schema_versions(self) -> tuple[int, int]:
        """That of its tables, and that which this program wants."""
        with self.connection() as database:
            return schema_version(database), VERSION

    def faults(self) -> list[str]:
        """Nothing: PostgreSQL checks its pages as it reads them, and its operators have
        ``pg_amcheck``. Where it cannot be asked, why.
        """
        try:
            with self.connection() as database:
                database.execute("SELECT count(*) FROM meta")
        except LibraryError as error:
            return [str(error.__cause__ or error)]
        return []

    def reindex(self) -> None:
        """Make its own indexes anew from the tables."""
        with self.connection() as database:
            for table in ("articles", "passages", "versions", "signatures", "bands", "words"):
                database.execute(f"REINDEX TABLE {table}")

    def compact(self) -> list[str]:
        """Write every table and its indexes anew without what was deleted, while nobody else can
        use the table; returns the names of those with rows that cannot go yet.
        """
        with self.connection() as database:
            return rewrite_tables(database, database.raw)

    def search_tables(self, phrases: Sequence[str], passage_keys: Sequence[int]) -> TableSearch:
        """Look for these exact characters in all texts, and for these passages in the indexes."""
        with self.connection() as database:
            return search_tables(database, phrases, passage_keys)

    def close(self) -> None:
        """Close the connections; using the database again opens new ones."""
        while self._idle:
            self._idle.pop().raw.close()

    def _living(self) -> PostgresConnection | None:
        """An idle connection whose server is still there, as it may have been restarted."""
        while True:
            try:
                database = self._idle.pop()
            except IndexError:
                return None
            if time.monotonic() - database.used < _PING_AFTER or _answers(database):
                return database
            database.raw.close()

    def _connect(self) -> PostgresConnection:
        driver = load_driver()
        try:
            raw = driver.connect(self.url, autocommit=True, connect_timeout=_CONNECT_TIMEOUT)
            raw.execute(_SESSION)
        except driver.Error as error:
            reason = " ".join(str(error).split())
            raise LibraryError(
                f"the database {self.location} cannot be reached ({reason}); look whether it is "
                "running, and whether address, user and password are right"
            ) from error
        return PostgresConnection(raw)

    def _put_back(self, database: PostgresConnection) -> None:
        if database.raw.info.transaction_status != 0 and not database.raw.closed:  # not idle
            with suppress(load_driver().Error):
                database.raw.rollback()
        if database.raw.closed or database.raw.broken:
            database.raw.close()
            return
        database.used = time.monotonic()
        self._idle.append(database)

    def _error(self, error: Exception) -> LibraryError:
        """What an error of PostgreSQL means for the library, and the way out."""
        reason = " ".join(str(error).split())
        state = str(getattr(error, "sqlstate", "") or "")
        if state in ("25006", "42501"):  # a replica; a user that may only read
            return LibraryReadOnly(self.location)
        if state == "53100":
            return LibraryError(f"no room on the disk of the database {self.location} ({reason})")
        if state == "42P01":
            return LibraryError(
                f"the database {self.location} lacks a table ({reason}); restore a backup of it"
            )
        return LibraryError(
            f"the database {self.location} cannot be used ({reason}); try again, and look at what "
            "its server says if it stays so"
        )


def _answers(database: PostgresConnection) -> bool:
    try:
        database.execute("SELECT 1")
    except load_driver().Error:
        return False
    return True


@lru_cache(maxsize=512)
def _translated(sql: str) -> bytes:
    """Our statements hold no question mark but for a value."""
    return sql.replace("%", "%%").replace("?", "%s").encode()
