"""The tables of ``library.db`` and how an older file becomes a newer one."""

import sqlite3
from pathlib import Path

from qa.errors import LibraryError, LibraryTooNew

__all__ = ["VERSION", "connect"]

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
    CREATE VIRTUAL TABLE passage_text USING fts5 (
        title, body, content='', tokenize='porter unicode61 remove_diacritics 2'
    );
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
)
VERSION = len(_MIGRATIONS)


def connect(path: Path) -> sqlite3.Connection:
    """Open the database at ``path``, creating or migrating it; transactions are explicit.

    Raises LibraryTooNew, or LibraryError for a file that is not one of ours.
    """
    try:
        # One thread at a time uses a connection, not always the one that made it.
        connection = sqlite3.connect(
            path, isolation_level=None, timeout=60, check_same_thread=False
        )
        connection.execute("PRAGMA journal_mode = WAL")
        # WAL with NORMAL survives a killed process whole; a power cut may lose the last commit.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        (found,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise LibraryError(
            f"{path} cannot be read as a library ({error}); restore a backup of it, or move it "
            "away and ingest again"
        ) from error
    if found > VERSION:
        raise LibraryTooNew(path.parent, found, VERSION)
    if found < VERSION:
        _migrate(connection, path)
    # SQLite's own lower() knows ASCII only.
    connection.create_function("folded", 1, _folded, deterministic=True)
    return connection


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    try:
        connection.execute("BEGIN IMMEDIATE")
        # Read again under the write lock: another process may have migrated meanwhile.
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        for number, script in enumerate(_MIGRATIONS[found:], start=found + 1):
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise LibraryError(
            f"{path} is not a library of this program ({error}); choose another folder"
        ) from error


def _folded(text: str | None) -> str | None:
    return text.lower() if text else text


def _statements(script: str) -> list[str]:
    """Split at semicolons (executescript would commit our transaction)."""
    lines = [line for line in script.splitlines() if not line.lstrip().startswith("--")]
    return [part for part in "\n".join(lines).split(";") if part.strip()]
