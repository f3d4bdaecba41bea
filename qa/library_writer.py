"""Everything that changes a library. One writer at a time, each change one transaction."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Literal

from qa import clusters
from qa.errors import ArticleNotFound
from qa.library import COLUMNS, Library, to_article
from qa.lock import writer_lock
from qa.records import Article, Passage, derive_id

__all__ = ["Draft", "LibraryWriter", "Outcome", "open_writer"]

Outcome = Literal["added", "updated", "unchanged"]
_Found = tuple[int, Article] | None
# Articles signed between two commits.
_BATCH = 500


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


@contextmanager
def open_writer(library: Library, *, wait: bool = False) -> Iterator["LibraryWriter"]:
    """Write to the library until the block ends. Raises LibraryLocked, unless ``wait``."""
    with writer_lock(library.folder, wait=wait) as died:
        yield LibraryWriter(library, died)


@dataclass(frozen=True, slots=True)
class LibraryWriter:
    """The changing half of a library; get one from ``open_writer``.

    ``after_death`` tells that the writer before did not end well.
    """

    library: Library
    after_death: bool = False

    def put(self, drafts: Iterable[Draft]) -> list[Outcome]:
        """Store articles, all or none; their passages become *pending*.

        The same content again is ``unchanged``. Other content under a known id is a new version:
        the old text is kept, its passages go.
        """
        with self._transaction() as database:
            outcomes = [_put(database, draft) for draft in drafts]
            clusters.settle(database)
            return outcomes

    def remove(self, *article_ids: str) -> None:
        """Take articles and their versions out, all or none. Raises ArticleNotFound."""
        with self._transaction() as database:
            for article_id in article_ids:
                found = _find(database, "id", article_id)
                if found is None:
                    raise ArticleNotFound(article_id)
                key, article = found
                _drop_passages(database, key, article)
                clusters.drop_signature(database, key)
                database.execute("DELETE FROM articles WHERE key = ?", (key,))
                database.execute("DELETE FROM versions WHERE id = ?", (article_id,))
            clusters.settle(database)

    def sign_articles(self, *, anew: bool = False) -> None:
        """Sign what has no signature yet, as in a library from before there were any, and find
        the copies; with ``anew`` forget all signatures first.
        """
        if anew:
            with self._transaction() as database:
                clusters.clear_signatures(database)
        while keys := clusters.unsigned(self.library, _BATCH):
            with self._transaction() as database:
                for key in keys:
                    clusters.drop_signature(database, key)
                    clusters.write_signature(database, key)
                clusters.settle(database)

    def mark_indexed(self, keys: Sequence[int]) -> None:
        """The vectors of these passages are in the index."""
        with self._transaction() as database:
            database.executemany("UPDATE passages SET indexed = 1 WHERE key = ?", _each(keys))

    def mark_removed(self, keys: Sequence[int]) -> None:
        """The vectors of these keys are gone from the index."""
        with self._transaction() as database:
            database.executemany("DELETE FROM removals WHERE key = ?", _each(keys))

    def mark_pending(self, keys: Sequence[int]) -> None:
        """These passages need their vectors again."""
        with self._transaction() as database:
            database.executemany("UPDATE passages SET indexed = 0 WHERE key = ?", _each(keys))

    def mark_all_pending(self) -> None:
        """The index is empty: every passage needs its vector, none is to be deleted."""
        with self._transaction() as database:
            database.execute("UPDATE passages SET indexed = 0")
            database.execute("DELETE FROM removals")

    def rebuild_full_text(self) -> None:
        """Make the full-text index again from the articles."""
        with self._transaction() as database:
            database.execute("INSERT INTO passage_text (passage_text) VALUES ('delete-all')")
            for (key,) in database.execute("SELECT key FROM articles").fetchall():
                found = _find(database, "key", key)
                assert found is not None
                _write_full_text(database, *found)

    def begin_run(self) -> int:
        """Open a line in the journal; returns its key."""
        with self._transaction() as database:
            cursor = database.execute("INSERT INTO runs (started) VALUES (?)", (_now(),))
            return int(cursor.lastrowid or 0)

    def end_run(self, run: int, counts: Mapping[Outcome, int]) -> None:
        """Close the line with how many articles were added, updated and unchanged."""
        with self._transaction() as database:
            database.execute(
                "UPDATE runs SET finished = ?, added = ?, updated = ?, unchanged = ? WHERE key = ?",
                (_now(), counts["added"], counts["updated"], counts["unchanged"], run),
            )

    def journal_failure(self, run: int, origin: str, reason: str) -> None:
        """Note a source that failed, when it fails."""
        with self._transaction() as database:
            database.execute(
                "INSERT INTO failures VALUES (?, ?, ?)", (run, _storable(origin), _storable(reason))
            )

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; readers learn from the generation that something may have changed."""
        with self.library.connection() as database:
            database.execute("BEGIN IMMEDIATE")
            yield database
            database.execute("UPDATE meta SET value = value + 1 WHERE name = 'generation'")
            database.execute("COMMIT")


def _put(database: sqlite3.Connection, draft: Draft) -> Outcome:
    article = replace(draft.article, ingested=datetime.now(UTC), version=1)
    origin = _storable(draft.origin) if draft.origin else None
    found = _find(database, "id", article.id)
    if draft.alone and article.has_content_id:
        found, article = _by_origin(database, found, article, origin)
    if found is None:
        cursor = database.execute(
            f"INSERT INTO articles ({COLUMNS}, hash, origin) VALUES ({', '.join('?' * 13)})",
            (*_row(article), article.content_hash, origin),
        )
        key = int(cursor.lastrowid or 0)
    else:
        key, old = found
        if _same(old, article):
            return "unchanged"
        article = replace(article, id=old.id, version=old.version + 1)
        _drop_passages(database, key, old)
        database.execute(
            "INSERT INTO versions VALUES (?, ?, ?, ?)",
            (old.id, old.version, _now(), old.to_json()),
        )
        assignments = ", ".join(f"{name} = ?" for name in COLUMNS.split(", "))
        database.execute(
            f"UPDATE articles SET {assignments}, hash = ?, origin = ? WHERE key = ?",
            (*_row(article), article.content_hash, origin, key),
        )
    database.executemany(
        "INSERT INTO passages (article, start, stop) VALUES (?, ?, ?)",
        [(key, passage.start, passage.end) for passage in draft.passages],
    )
    _write_full_text(database, key, article)
    clusters.drop_signature(database, key)
    clusters.write_signature(database, key)
    return "added" if found is None else "updated"


def _same(old: Article, new: Article) -> bool:
    """Whether a reader would see no difference: what ``Article.content_hash`` covers."""
    return old == replace(new, id=old.id, version=old.version, ingested=old.ingested)


def _by_origin(
    database: sqlite3.Connection, found: _Found, article: Article, origin: str | None
) -> tuple[_Found, Article]:
    """What an article without id and URL is a version of: the place it came from decides.

    Its id says which content it had at first. Found under that id with other content by now, and
    elsewhere, it is another article, which gets an id of its own.
    """
    if found and not _same(found[1], article):
        place = database.execute(
            "SELECT origin FROM articles WHERE key = ?", (found[0],)
        ).fetchone()
        if place[0] != origin:
            article = replace(article, id=derive_id(f"{article.id} {origin}"))
            found = _find(database, "id", article.id)
    return found or _find(database, "origin", origin), article


def _find(
    database: sqlite3.Connection, column: Literal["id", "key", "origin"], value: object
) -> _Found:
    row = database.execute(
        f"SELECT {COLUMNS}, key FROM articles WHERE {column} = ?", (value,)
    ).fetchone()
    return (row[-1], to_article(row)) if row else None


def _row(article: Article) -> tuple[object, ...]:
    values = (getattr(article, name) for name in COLUMNS.split(", "))
    return tuple(value.isoformat() if isinstance(value, date) else value for value in values)


def _drop_passages(database: sqlite3.Connection, key: int, article: Article) -> None:
    """Passages and full text go now; their vectors are left to be removed."""
    rows = _passage_rows(database, key)
    # A contentless full-text table deletes by the very values it was given.
    database.executemany(
        "INSERT INTO passage_text (passage_text, rowid, title, body) VALUES ('delete', ?, ?, ?)",
        [(row[0], article.title, article.text[row[1] : row[2]]) for row in rows],
    )
    database.execute("INSERT INTO removals SELECT key FROM passages WHERE article = ?", (key,))
    database.execute("DELETE FROM passages WHERE article = ?", (key,))


def _write_full_text(database: sqlite3.Connection, key: int, article: Article) -> None:
    database.executemany(
        "INSERT INTO passage_text (rowid, title, body) VALUES (?, ?, ?)",
        [
            (row[0], article.title, article.text[row[1] : row[2]])
            for row in _passage_rows(database, key)
        ],
    )


def _passage_rows(database: sqlite3.Connection, key: int) -> list[tuple[int, int, int]]:
    return database.execute(
        "SELECT key, start, stop FROM passages WHERE article = ?", (key,)
    ).fetchall()


def _each(keys: Sequence[int]) -> list[tuple[int]]:
    return [(key,) for key in keys]


def _storable(text: str) -> str:
    """A file name need not be UTF-8; what is not is written out."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _now() -> str:
    return datetime.now(UTC).isoformat()
