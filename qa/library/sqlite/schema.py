"""The tables of ``library.db`` and how an older file becomes a newer one."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from qa.errors import LibraryError, LibraryTooNew
from qa.library.tables import word_counts
from qa.library.tables.account_tables import ACCOUNT_TABLES, FIRST_ADMINS
from qa.library.tables.connection import Dialect
from qa.library.tables.curation_tables import CURATION_TABLES
from qa.library.tables.rows import passage_checksum, row_checksum, text_checksum

__all__ = ["VERSION", "SqliteConnection", "connect", "prepare"]

# One script per version, applied in order; a released script is never edited.
_MIGRATIONS = (
    """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO meta VALUES ('generation', 0);
    CREATE TABLE articles (
        key INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        version INTEGER NOT NULL,
        hash TEXT NOT NULL,
        origin TEXT,
        title TEXT NOT NULL,
        url TEXT, published TEXT, updated TEXT, author TEXT, source TEXT, language TEXT,
        ingested TEXT NOT NULL,
        -- Last, so that reading the other columns does not read through it.
        text TEXT NOT NULL
    );
    CREATE INDEX articles_origin ON articles (origin);
    CREATE TABLE versions (
        id TEXT NOT NULL, version INTEGER NOT NULL, retired TEXT NOT NULL, record TEXT NOT NULL,
        PRIMARY KEY (id, version)
    );
    -- AUTOINCREMENT: a key is never used again, so a vector can never speak for another passage.
    CREATE TABLE passages (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        article INTEGER NOT NULL REFERENCES articles (key),
        start INTEGER NOT NULL,
        stop INTEGER NOT NULL,
        indexed INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX passages_article ON passages (article);
    CREATE INDEX passages_pending ON passages (key) WHERE NOT indexed;
    -- Vectors whose passages are gone but that the index may still hold.
    CREATE TABLE removals (key INTEGER PRIMARY KEY);
    CREATE TABLE runs (
        key INTEGER PRIMARY KEY, started TEXT NOT NULL, finished TEXT,
        added INTEGER NOT NULL DEFAULT 0, updated INTEGER NOT NULL DEFAULT 0,
        unchanged INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE failures (
        run INTEGER NOT NULL REFERENCES runs (key), origin TEXT NOT NULL, reason TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE feedback (key INTEGER PRIMARY KEY, record TEXT NOT NULL);
    """,
    """
    -- What an article is compared by; articles from before are signed by the next ingest.
    CREATE TABLE signatures (
        article INTEGER PRIMARY KEY REFERENCES articles (key),
        method TEXT NOT NULL,
        hash TEXT NOT NULL,
        bands BLOB NOT NULL,
        cluster INTEGER
    );
    CREATE INDEX signatures_cluster ON signatures (cluster);
    CREATE TABLE bands (
        band INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (band, article)
    ) WITHOUT ROWID;
    """,
    # Conversations and users. It depends on no other table, so it may stand anywhere but first.
    """
    CREATE TABLE conversations (
        id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL,
        started TEXT NOT NULL, changed TEXT NOT NULL
    );
    CREATE TABLE exchanges (
        conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        number INTEGER NOT NULL, record TEXT NOT NULL,
        PRIMARY KEY (conversation, number)
    ) WITHOUT ROWID;
    CREATE TABLE users (name TEXT PRIMARY KEY, role TEXT NOT NULL, hash TEXT NOT NULL);
    """,
    # Checksums of articles, of their passages and of their earlier versions: _add_checksums.
    "",
    # How the day of an article is known, and whether a paywall hides its rest: _add_marks.
    "",
    # Addresses that are read again and again. It depends on no other table.
    """
    CREATE TABLE IF NOT EXISTS subscriptions (
        url TEXT PRIMARY KEY, revision INTEGER NOT NULL, record TEXT NOT NULL
    );
    """,
    # Counts of words: word_counts.make.
    """
    CREATE TABLE IF NOT EXISTS words (
        word TEXT PRIMARY KEY, articles INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS articles_language ON articles (language);
    """,
    # The words of passages are in an index beside the database, which takes them over by key up to
    # the last one it has; what it held until now goes: _drop_full_text.
    """
    CREATE TABLE IF NOT EXISTS lexical_removals (key INTEGER PRIMARY KEY);
    INSERT OR REPLACE INTO meta VALUES ('lexical_key', 0);
    """,
    ACCOUNT_TABLES,
    CURATION_TABLES,
    FIRST_ADMINS,
)
# Of articles when they first got a checksum.
_FIRST_COLUMNS = (
    "id, title, text, url, published, updated, author, source, language, ingested, version"
)
VERSION = len(_MIGRATIONS)


class SqliteConnection(sqlite3.Connection):
    """A connection that knows which SQL it speaks."""

    dialect = Dialect(
        key_list="(SELECT value FROM json_each(?))",
        # As bytes: what is not UTF-8 is folded, too. SQLite's own lower() knows ASCII only.
        outlet="coalesce(folded(CAST(a.source AS BLOB)), '')",
        join_texts="group_concat",
        position="instr",
    )


def connect(path: Path) -> SqliteConnection:
    """Open the database at ``path``, creating or migrating it; transactions are explicit.

    Raises LibraryTooNew, LibraryError for a database that is not one of ours, and sqlite3.Error.
    """
    # One thread at a time uses a connection, not always the one that made it.
    connection = sqlite3.connect(
        path,
        isolation_level=None,
        timeout=60,
        check_same_thread=False,
        factory=SqliteConnection,
    )
    try:
        # Before anything is changed, in case it is not ours.
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise LibraryTooNew(path.parent, version, VERSION)
        _refuse_foreign(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        # WAL with NORMAL survives a killed process whole; a power cut may lose the last commit.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        prepare(connection)
        if version < VERSION:
            _migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def prepare(connection: SqliteConnection) -> SqliteConnection:
    """Give an open connection what our statements need; returns it."""
    # What is not UTF-8 is damaged; it is read all the same, so that the checksum can tell.
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    connection.create_function("folded", 1, _fold_case, deterministic=True)
    return connection


def _refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    (ours,) = connection.execute(
        "SELECT count(*) FROM sqlite_master WHERE name IN ('meta', 'articles', 'passages')"
    ).fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and ours < 3:
        raise LibraryError(
            f"{path} is not a library of this program: it has other tables; choose another folder"
        )


def _migrate(connection: SqliteConnection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    # Read again under the write lock: another process may have migrated meanwhile.
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for number, script in enumerate(_MIGRATIONS[version:], start=version + 1):
        for statement in _statements(script):
            connection.execute(statement)
        if number in _PROGRAMS:
            _PROGRAMS[number](connection)
        connection.execute(f"PRAGMA user_version = {number}")
    connection.execute("COMMIT")


def _add_checksums(connection: sqlite3.Connection) -> None:
    """An article that is not as its hash says gets none, so that it is known as damaged."""
    for table, column in (
        ("articles", "checksum"),
        ("articles", "spans"),
        ("versions", "checksum"),
    ):
        _add_column(connection, table, f"{column} TEXT NOT NULL DEFAULT ''")
    for (key,) in connection.execute("SELECT key FROM articles").fetchall():
        hash_, *values = connection.execute(
            f"SELECT hash, {_FIRST_COLUMNS} FROM articles WHERE key = ?", (key,)
        ).fetchone()
        sql = "SELECT start, stop FROM passages WHERE article = ? ORDER BY key"
        spans = passage_checksum(connection.execute(sql, (key,)).fetchall())
        connection.execute(
            "UPDATE articles SET checksum = ?, spans = ? WHERE key = ?",
            (_first_checksum(hash_, values), spans, key),
        )
    for id_, version, record in connection.execute(
        "SELECT id, version, record FROM versions"
    ).fetchall():
        connection.execute(
            "UPDATE versions SET checksum = ? WHERE id = ? AND version = ?",
            (text_checksum(record) if isinstance(record, str) else "", id_, version),
        )


def _add_marks(connection: sqlite3.Connection) -> None:
    """Their checksums stay: what an article does not have does not count."""
    for column in ("dated_by TEXT", "locked INTEGER"):
        _add_column(connection, "articles", column)


def _add_column(connection: sqlite3.Connection, table: str, column: str) -> None:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    if column.partition(" ")[0] not in columns:
        connection.execute(f"ALTER TABLE {table} ADD COLUMN {column}")


def _drop_full_text(connection: sqlite3.Connection) -> None:
    """The FTS5 table of earlier versions, damaged or not, and where SQLite has no FTS5, too."""
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("DELETE FROM sqlite_master WHERE name = 'passage_text'")
    # Read the schema again, without it: SQLite may not even open a damaged one in order to drop it.
    connection.execute("PRAGMA writable_schema = RESET")
    for part in ("data", "idx", "content", "docsize", "config"):
        connection.execute(f"DROP TABLE IF EXISTS passage_text_{part}")


def _first_checksum(hash_: str, values: Sequence[object]) -> str:
    """The checksum of an article from before there were any, if its hash says that it is whole."""
    _, title, text, url, publication_day, update_day, author, source, language, *_ = values
    columns = [text, title, url, author, source, language, str(publication_day), str(update_day)]
    try:
        digest = hashlib.sha256(json.dumps(columns, ensure_ascii=False).encode()).hexdigest()
        return row_checksum(*values) if digest == hash_ else ""
    except (TypeError, ValueError):
        return ""


# What a migration does that SQL alone cannot, by the version it leads to.
_PROGRAMS: dict[int, Callable[[SqliteConnection], None]] = {
    5: _add_checksums,
    6: _add_marks,
    8: word_counts.make,
    9: _drop_full_text,
}


def _fold_case(text: bytes | None) -> str | None:
    return text.decode("utf-8", "replace").lower() if text else None


def _statements(script: str) -> list[str]:
    """Split at semicolons (executescript would commit our transaction)."""
    lines = [line for line in script.splitlines() if not line.lstrip().startswith("--")]
    return [part for part in "\n".join(lines).split(";") if part.strip()]
