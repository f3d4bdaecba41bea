"""Takes what was deleted out of the tables of a database for good, and looks whether it is gone."""

import re
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from qa.library.postgres.driver import load_driver
from qa.library.tables.connection import Connection, TableSearch

__all__ = ["rewrite_tables", "search_tables"]

# Our tables, whatever their schema, with what a statement calls them.
_OURS = """
    SELECT c.oid::regclass::text FROM pg_class c
    WHERE c.relkind = 'r' AND c.relnamespace =
        (SELECT relnamespace FROM pg_class WHERE oid = 'meta'::regclass)
    ORDER BY c.oid::regclass::text
"""
# What stands in columns most often is kept here, too, for the planner.
_STATISTICS = "pg_catalog.pg_statistic"
# How often it is tried while an open transaction still sees what was deleted, seconds between, and
# those that the others wait with us for who has the table.
_ATTEMPTS, _WAIT, _PATIENCE = 5, 1.0, 3.0


class NoticeSource(Protocol):
    """A connection that hands on what its server remarks."""

    def add_notice_handler(self, callback: Callable[[Any], None]) -> None:
        """From now on it is called with each notice."""

    def remove_notice_handler(self, callback: Callable[[Any], None]) -> None:
        """No longer."""


def rewrite_tables(database: Connection, notices: NoticeSource) -> list[str]:
    """Write them anew, and the planner's statistics; returns the names of those that still have
    deleted rows: a transaction is open that sees them or has the table, or it is not ours.
    """
    details: list[str] = []
    # Of each table that is written anew the server tells how many deleted rows had to stay.

    def handler(notice: Any) -> None:
        details.append(notice.message_detail or "")

    notices.add_notice_handler(handler)
    try:
        tables = [name for (name,) in database.execute(_OURS).fetchall()]
        names = [*tables, _STATISTICS]
        database.execute("SELECT set_config('lock_timeout', ?, FALSE)", (f"{_PATIENCE}s",))
        for attempt in range(_ATTEMPTS):
            time.sleep(_WAIT if attempt else 0)
            names = [name for name in names if not _rewrite(database, name, details)]
            if not names:
                break
    finally:
        database.execute("RESET lock_timeout")
        notices.remove_notice_handler(handler)
    return names


def search_tables(
    database: Connection, phrases: Sequence[str], passage_keys: Sequence[int]
) -> TableSearch:
    """The tables that have one of the phrases in a text, or one of the passages in an index."""
    tables = [name for (name,) in database.execute(_OURS).fetchall()]
    size = 0
    remaining = []
    for table in tables:
        sql = "SELECT pg_total_relation_size(?::regclass)"
        size += int(database.execute(sql, (table,)).fetchone()[0])
        columns = database.execute(
            """SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = ?::regclass
               AND attnum > 0 AND NOT attisdropped AND atttypid = 'text'::regtype""",
            (table,),
        ).fetchall()
        if any(_has_phrase(database, table, column, phrases) for (column,) in columns):
            remaining.append(table)
    for table in ("passages", "passage_words", "vectors"):
        sql = f"SELECT EXISTS (SELECT 1 FROM {table} WHERE key = ANY(?))"
        if database.execute(sql, (list(passage_keys),)).fetchone()[0]:
            remaining.append(table)
    return TableSearch(len(tables), size, tuple(dict.fromkeys(remaining)))


def _rewrite(database: Connection, table: str, details: list[str]) -> bool:
    """Whether nothing deleted is left in it."""
    details.clear()
    options = "FULL, VERBOSE" if table == _STATISTICS else "FULL, VERBOSE, ANALYZE"
    try:
        database.execute(f"VACUUM ({options}) {table}")
    except load_driver().errors.LockNotAvailable:
        return False
    # The number comes first, in whatever language the server speaks. A table that is not ours is
    # left out with a warning that has no detail.
    numbers = [re.search(r"\d+", detail) for detail in details]
    counts = [int(number[0]) for number in numbers if number]
    return bool(counts) and not any(counts)


def _has_phrase(database: Connection, table: str, column: str, phrases: Sequence[str]) -> bool:
    sql = f"""SELECT EXISTS (SELECT 1 FROM {table}, unnest(?::text[]) AS phrase
                             WHERE strpos({column}, phrase) > 0)"""
    return bool(database.execute(sql, (list(phrases),)).fetchone()[0])
