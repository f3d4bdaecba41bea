"""How one article goes into the tables: as new, as the next version of another, or not at all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Literal

from qa.library import duplicates as clusters
from qa.library.tables import word_counts
from qa.library.tables.connection import Connection
from qa.library.tables.identity import Identities, StoredRow, find_row, is_same
from qa.library.tables.rows import (
    CHECKED_COLUMNS,
    COLUMNS,
    passage_checksum,
    row_checksum,
    text_checksum,
)
from qa.library.tables.stated import with_edits
from qa.records.article import Article, Passage

__all__ = [
    "Draft",
    "Outcome",
    "drop_passages",
    "key_rows",
    "put_draft",
    "rewrite_metadata",
    "storable",
    "utc_now",
    "write_passages",
]


Outcome = Literal["added", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class Draft:
    """An article on its way in, with its passages as offsets.

    ``origin`` names where it came from; with ``alone`` the origin holds this article only, so
    other content there under a derived id is its next version.
    """

    article: Article
    passages: tuple[Passage, ...]
    origin: str | None = None
    alone: bool = False


def put_draft(database: Connection, draft: Draft, identities: Identities) -> Outcome:
    article = replace(draft.article, ingested=datetime.now(UTC), version=1)
    origin = storable(draft.origin) if draft.origin else None
    stored_row, article = identities.settle(database, article, origin, alone=draft.alone)
    if stored_row is None:
        values = _row(article)
        marks = ", ".join("?" * (len(values) + 3))
        cursor = database.execute(
            f"""INSERT INTO articles ({CHECKED_COLUMNS}, hash, origin) VALUES ({marks})
                RETURNING key""",
            (*values, row_checksum(*values), article.content_hash, origin),
        )
        key = int(cursor.fetchone()[0])
    else:
        if stored_row.article and is_same(stored_row.article, article):
            return "unchanged"
        key = stored_row.key
        article = replace(article, id=stored_row.id, version=stored_row.version + 1)
        article = with_edits(database, article)
        # As it stands there, with the edits.
        stored_row = find_row(database, "key", key) or stored_row
        if stored_row.article and is_same(stored_row.article, article):
            return "unchanged"
        drop_passages(database, stored_row)
        if stored_row.article:
            record = stored_row.article.to_json()
            database.execute(
                """INSERT INTO versions VALUES (?, ?, ?, ?, ?) ON CONFLICT (id, version) DO UPDATE
                   SET retired = excluded.retired, record = excluded.record,
                       checksum = excluded.checksum""",
                (stored_row.id, stored_row.version, utc_now(), record, text_checksum(record)),
            )
        _update(database, key, article)
        database.execute("UPDATE articles SET origin = ? WHERE key = ?", (origin, key))
    write_passages(database, key, draft.passages)
    if stored_row and not stored_row.article:
        # Which words the damaged text had is not known.
        word_counts.make(database)
    else:
        word_counts.add(database, article)
    clusters.drop_signature(database, key)
    clusters.write_signature(database, key)
    return "added" if stored_row is None else "updated"


def rewrite_metadata(database: Connection, stored_row: StoredRow, article: Article) -> None:
    """Other metadata for an article whose text stays; its passages are to be indexed again."""
    sql = "SELECT start, stop FROM passages WHERE article = ? ORDER BY key"
    spans = database.execute(sql, (stored_row.key,)).fetchall()
    drop_passages(database, stored_row)
    _update(database, stored_row.key, article)
    _write_spans(database, stored_row.key, spans)
    word_counts.add(database, article)
    clusters.drop_signature(database, stored_row.key)
    clusters.write_signature(database, stored_row.key)


def _update(database: Connection, key: int, article: Article) -> None:
    assignments = ", ".join(f"{name} = ?" for name in CHECKED_COLUMNS.split(", "))
    values = _row(article)
    database.execute(
        f"UPDATE articles SET {assignments}, hash = ? WHERE key = ?",
        (*values, row_checksum(*values), article.content_hash, key),
    )


def _row(article: Article) -> tuple[object, ...]:
    values = (getattr(article, name) for name in COLUMNS.split(", "))
    return tuple(map(_stored, values))


def _stored(value: object) -> object:
    if isinstance(value, bool):
        return 1 if value else None
    return value.isoformat() if isinstance(value, date) else value


def drop_passages(database: Connection, stored_row: StoredRow) -> None:
    """The passages of an article go now; what the indexes have of them is left to be removed. The
    words of a damaged article stay counted, since it is not known which they were.
    """
    if stored_row.article:
        word_counts.subtract(database, stored_row.article)
    for table in ("removals", "lexical_removals"):
        database.execute(
            f"""INSERT INTO {table} SELECT key FROM passages WHERE article = ?
                ON CONFLICT DO NOTHING""",
            (stored_row.key,),
        )
    database.execute("DELETE FROM passages WHERE article = ?", (stored_row.key,))


def write_passages(database: Connection, key: int, passages: Iterable[Passage]) -> None:
    _write_spans(database, key, [(passage.start, passage.end) for passage in passages])


def _write_spans(database: Connection, key: int, spans: Sequence[tuple[int, int]]) -> None:
    database.executemany(
        "INSERT INTO passages (article, start, stop) VALUES (?, ?, ?)",
        [(key, *span) for span in spans],
    )
    database.execute("UPDATE articles SET spans = ? WHERE key = ?", (passage_checksum(spans), key))


def key_rows(keys: Sequence[int]) -> list[tuple[int]]:
    return [(key,) for key in keys]


def storable(text: str) -> str:
    """A file name need not be UTF-8; what is not is written out."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def utc_now() -> str:
    return datetime.now(UTC).isoformat()
