"""A library copied from one database into another, and compared with it row by row.

Copied is what cannot be made again. The indexes of words and vectors can: in the copy every passage
awaits them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Any

from qa.errors import LibraryError
from qa.library.tables.connection import Connection, Database

__all__ = ["copy_tables"]

# Rows between source and target at a time.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class _Table:
    """Its columns, the first so many of which order its rows, and tell them apart if they are
    ``distinct``.
    """

    name: str
    columns: str
    keys: int = 1
    distinct: bool = True


# In an order in which each refers to those above it.
_TABLES = (
    _Table(
        "articles",
        "key, id, version, hash, checksum, spans, origin, title, url, published, updated, author, "
        "source, language, dated_by, locked, ingested, text",
    ),
    _Table("versions", "id, version, retired, record, checksum", keys=2),
    _Table("passages", "key, article, start, stop"),
    _Table("runs", "key, started, finished, added, updated, unchanged"),
    _Table("failures", "run, origin, reason", keys=3, distinct=False),
    _Table("feedback", "key, record"),
    _Table("signatures", "article, method, hash, bands, cluster"),
    _Table("bands", "band, article", keys=2),
    _Table("conversations", "id, owner, title, started, changed"),
    _Table("exchanges", "conversation, number, record", keys=2),
    _Table("users", "name, role, hash"),
    _Table("subscriptions", "url, revision, record"),
    _Table("sessions", "digest, name, role, stamp, began, ends"),
    _Table("tokens", "id, digest, purpose, name, role, label, made, ends"),
    _Table("preferences", "name, value"),
    _Table("audit", "id, at, who, what"),
    _Table(
        "edits", "article, number, field, stated, earlier, value, editor, edited, state", keys=2
    ),
    _Table("collections", "name, note"),
    _Table("collection_articles", "collection, article", keys=2),
    _Table(
        "collection_rules", "collection, number, outlet, language, since, until, origin", keys=2
    ),
    _Table("saved_questions", "id, owner, record"),
    _Table("saved_answers", "question, number, record", keys=2),
    _Table("user_collections", "name, collection", keys=2),
    _Table("words", "word, articles"),
)


def copy_tables(source: Database, target: Database) -> dict[str, int]:
    """Copy everything, all or nothing, as it was when the copy began; returns how many rows each
    table has. Raises LibraryError where the target holds something already, or does not give back
    what was put in.
    """
    with source.snapshot() as reading, target.transaction() as writing:
        for table in _TABLES:
            if writing.execute(f"SELECT 1 FROM {table.name} LIMIT 1").fetchone():
                raise LibraryError(
                    f"the library {target.location} is not empty (it has {table.name}); copy into "
                    "one that is not there yet"
                )
        counts = {table.name: _copy(table, reading, writing) for table in _TABLES}
        target.number_on(writing)
        # The keys that the index of words in the source holds are new to the one in the target.
        writing.execute("UPDATE meta SET value = 0 WHERE name = 'lexical_key'")
        writing.execute("UPDATE meta SET value = value + 1 WHERE name = 'generation'")
        for table in _TABLES:
            _compare(table, reading, writing, target.location)
    return counts


def _copy(table: _Table, reading: Connection, writing: Connection) -> int:
    marks = ", ".join("?" * len(table.columns.split(", ")))
    sql = f"INSERT INTO {table.name} ({table.columns}) VALUES ({marks})"
    rows, count = _rows(table, reading), 0
    while batch := list(islice(rows, _BATCH)):
        writing.executemany(sql, batch)
        count += len(batch)
    return count


def _compare(table: _Table, reading: Connection, writing: Connection, location: str) -> None:
    for one, other in zip_longest(_rows(table, reading), _rows(table, writing)):
        if one != other:
            key = (one or other or ())[: table.keys]
            raise LibraryError(
                f"the row {key} of {table.name} in {location} is not what was copied; nothing was "
                "kept, try again, and look at the disks if it stays so"
            )


def _rows(table: _Table, database: Connection) -> Iterator[tuple[Any, ...]]:
    """The rows in an order that is the same everywhere, a few at a time in memory."""
    names = ", ".join(table.columns.split(", ")[: table.keys])
    marks = ", ".join("?" * table.keys)
    last: tuple[Any, ...] = ()
    while True:
        after = f"WHERE ({names}) > ({marks})" if last else ""
        rows = database.execute(
            f"""SELECT {table.columns} FROM {table.name} {after} ORDER BY {names}
                {f"LIMIT {_BATCH}" if table.distinct else ""}""",
            last,
        ).fetchall()
        yield from rows
        if len(rows) < _BATCH or not table.distinct:
            return
        last = tuple(rows[-1][: table.keys])
