"""What the statements of a library need of its database: SQLite in a folder, or PostgreSQL.

They are written once, in what both understand, with a question mark for each value; what they name
differently is in ``Dialect``.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

__all__ = ["Connection", "Cursor", "Database", "Dialect", "ReplicaState", "TableSearch"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """Pieces of SQL that mean the same in either database."""

    key_list: str
    """The integers in one bound value, a JSON array, as a subquery."""
    outlet: str
    """The outlet of ``articles a`` in small letters, empty for none."""
    join_texts: str
    """The aggregate that joins texts with what stands between them."""
    position: str
    """The function that tells where a text holds another, 0 for nowhere."""


@dataclass(frozen=True, slots=True)
class TableSearch:
    """How many tables of so many bytes were searched, and the names of those in which something
    was found.
    """

    tables: int = 0
    size: int = 0
    remaining: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplicaState:
    """How a replica that is read from is: whether it answers, and how far it is behind the primary,
    in bytes of changes and in seconds; None where one of the two cannot be asked.
    """

    reachable: bool
    bytes_behind: int | None = None
    seconds_behind: float | None = None


class Cursor(Protocol):
    """The rows of a statement, as tuples."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""

    def fetchone(self) -> Any:
        """The next row, None after the last."""

    def fetchall(self) -> list[Any]:
        """The rows that are left."""

    def __iter__(self) -> Iterator[Any]:
        """The rows one by one."""


class Connection(Protocol):
    """One connection, for one thread at a time; each statement is a transaction of its own, but
    for those in ``Database.transaction``.
    """

    @property
    def dialect(self) -> Dialect:
        """What this database names in its own way."""

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Cursor:
        """Run a statement with a value for each question mark."""

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> Cursor:
        """Run it for each row of values."""


class Database(Protocol):
    """Where a library is kept; safe to share between threads."""

    @property
    def location(self) -> str:
        """What messages call it: the path of the file, or its address without a password."""

    @property
    def dialect(self) -> Dialect:
        """What this database names in its own way."""

    @property
    def read_only(self) -> bool:
        """Whether it can be asked, but not changed."""

    def connection(self) -> AbstractContextManager[Connection]:
        """A connection for this thread alone until the block ends. Raises LibraryError for what
        goes wrong with the database, in the block too.
        """

    def reading(self) -> AbstractContextManager[Connection]:
        """The same for reading articles and indexes only: of a replica where one is set and knows
        everything that this process has written.
        """

    def replica_state(self) -> ReplicaState | None:
        """How the replica is; None where there is none."""

    def transaction(self) -> AbstractContextManager[Connection]:
        """The same in one transaction that writes, the only one at a time: all of the block, or
        nothing when it raises.
        """

    def snapshot(self) -> AbstractContextManager[Connection]:
        """A connection that until the block ends sees the database as it is now."""

    def number_on(self, database: Connection, /) -> None:
        """Within a transaction: let new rows be numbered after those that were put in with keys."""

    def turn(self, name: str) -> AbstractContextManager[None]:
        """While only one process does what has this name; others wait. In a folder nobody waits:
        whoever writes has it alone.
        """

    def schema_versions(self) -> tuple[int, int]:
        """That of its tables, and that which this program wants."""

    def faults(self) -> list[str]:
        """What the database itself finds wrong with what it holds; empty when nothing is."""

    def reindex(self) -> None:
        """Make its own indexes anew from the tables."""

    def compact(self) -> list[str]:
        """Write everything anew without what was deleted, of which bytes are left until then;
        returns the names of the tables in which some are left all the same.
        """

    def search_tables(self, phrases: Sequence[str], passage_keys: Sequence[int]) -> TableSearch:
        """Look for these exact characters, and for these passages, in everything that is stored. A
        folder has files, which are searched as such: nothing is looked at.
        """

    def close(self) -> None:
        """Close the connections; using it again opens new ones."""
