"""The SQLite library, the truth, read only: articles, versions, passages; and the word index.

Writing is in ``writer``, behind the writer lock. Knows nothing of vectors, except which passages
still await theirs (*pending*) and which vectors lost their passage (*removals*).
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from qa.errors import (
    ArticleDamaged,
    ArticleNotFound,
    LibraryDamaged,
    LibraryError,
)
from qa.language.cleaning import canonical_url
from qa.library.lexical.tantivy_index import TantivyIndex
from qa.library.sqlite.catalog import Catalog
from qa.library.sqlite.database import Database
from qa.library.sqlite.rows import (
    CHECKED_COLUMNS,
    StoredColumns,
    Summary,
    placeholders,
    scope_condition,
    to_article,
    to_day,
    to_passage,
    to_summary,
    to_version,
)
from qa.protocols import LexicalIndex
from qa.records.article import Article, Passage
from qa.records.question import Scope
from qa.runtime.permissions import make_private_file, make_private_folder, restrict_library

__all__ = ["Library", "Summary"]

_NAME = "library.db"


class Library:
    """The database of one library folder; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lexical_index: LexicalIndex = TantivyIndex(folder)
        self._database = Database(folder / _NAME)

    @classmethod
    def open(cls, folder: Path | str, *, create: bool = False) -> "Library":
        """Open the library in ``folder``. Raises LibraryError for none, unless ``create``, and
        for one that cannot be read.
        """
        folder = Path(folder).expanduser().absolute()
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
        library = cls(folder)
        library.generation()  # opens, and so checks, the file now
        return library

    @property
    def read_only(self) -> bool:
        """Whether it can be asked, but not changed."""
        return self._database.read_only

    def close(self) -> None:
        """Close the connections; using the library again opens new ones."""
        self.lexical_index.close()
        self._database.close()

    def connection(self) -> AbstractContextManager[sqlite3.Connection]:
        """A connection for this thread alone until the block ends.

        Raises LibraryError for what goes wrong with the file, in the block too.
        """
        return self._database.connection()

    def words(self) -> LexicalIndex:
        """The word index as of the last change of the library."""
        self.lexical_index.refresh(self.generation())
        return self.lexical_index

    @contextmanager
    def catalog(self) -> Iterator[Catalog]:
        """What the records say of the articles. Raises LibraryError and IndexUnavailable, in the
        block too.
        """
        with self.connection() as database:
            yield Catalog(database, self.words())

    def lexical_key(self) -> int:
        """The last passage key that the word index has taken over; 0 before the first."""
        return int(self._one("SELECT value FROM meta WHERE name = 'lexical_key'")[0])

    def generation(self) -> int:
        """A number that grows whenever what can be found has changed."""
        return int(self._one("SELECT value FROM meta WHERE name = 'generation'")[0])

    def article(self, article_id: str) -> Article:
        """The current version. Raises ArticleNotFound, and ArticleDamaged for one that is not as
        it was stored.
        """
        row = self._row(f"SELECT {CHECKED_COLUMNS} FROM articles WHERE id = ?", article_id)
        if row is None:
            raise ArticleNotFound(article_id)
        return to_article(row)

    def title(self, article_id: str) -> str:
        """The title alone, damaged or not. Raises ArticleNotFound."""
        row = self._row("SELECT title FROM articles WHERE id = ?", article_id)
        if row is None:
            raise ArticleNotFound(article_id)
        return str(row[0])

    def find(self, name: str) -> str | None:
        """The id of the article that is meant by an id, an address, or the end of the path that it
        was read from; None if there is none.
        """
        # An id is found by its index, the others by looking at every article.
        if self._row("SELECT 1 FROM articles WHERE id = ?", name):
            return name
        try:
            url = canonical_url(name)
        except ValueError:
            url = name
        row = self._row(
            """SELECT id FROM articles
               WHERE url = ?2 OR origin = ?1 OR substr(origin, -length(?1) - 1) = '/' || ?1
               ORDER BY key LIMIT 1""",
            name,
            url,
        )
        return row[0] if row else None

    def versions(self, article_id: str) -> list[Article]:
        """Every version kept, oldest first, the current one last; empty when the id is unknown.

        Raises ArticleDamaged if one of them is not as it was stored.
        """
        sql = "SELECT record, checksum FROM versions WHERE id = ? ORDER BY version"
        rows = self._rows(sql, article_id)
        current = self._row(f"SELECT {CHECKED_COLUMNS} FROM articles WHERE id = ?", article_id)
        return [to_version(article_id, *row) for row in rows] + (
            [to_article(current)] if current else []
        )

    def summaries(self) -> list[Summary]:
        """All articles, newest publication first, undated last."""
        rows = self._rows(
            """SELECT id, title, url, published, updated, author, source, language, ingested,
                      version, length(text),
                      (SELECT count(*) - 1 FROM signatures WHERE cluster =
                          (SELECT cluster FROM signatures WHERE article = a.key)),
                      count(p.key), coalesce(sum(NOT p.indexed), 0)
               from articles a LEFT JOIN passages p ON p.article = a.key
               GROUP BY a.key ORDER BY published IS NULL, published DESC, a.key"""
        )
        return [to_summary(row) for row in rows]

    def counts(self) -> dict[str, int]:
        """How many articles, passages, pending ones, removals, passages without words there are."""
        names = ("articles", "passages", "pending", "removals", "pending words")
        row = self._one(
            """SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages),
                      (SELECT count(*) FROM passages WHERE NOT indexed),
                      (SELECT count(*) FROM removals),
                      (SELECT count(*) FROM passages WHERE key >
                          (SELECT value FROM meta WHERE name = 'lexical_key'))"""
        )
        return dict(zip(names, row, strict=True))

    def coverage(self, scope: Scope) -> tuple[int, date | None, date | None]:
        """How many articles the scope admits, with their first and last day of publication."""
        where, values = scope_condition(scope)
        row = self._one(
            f"SELECT count(*), min(published), max(published) FROM articles a WHERE {where}",
            *values,
        )
        return row[0], to_day(row[1]), to_day(row[2])

    def sources(self, within: Scope) -> list[str]:
        """The outlets of a scope, whatever its days, those with most articles first."""
        where, values = scope_condition(replace(within, since=None, until=None))
        sql = f"""SELECT source FROM articles a WHERE source IS NOT NULL AND {where}
                  GROUP BY source ORDER BY count(*) DESC, source"""
        return [row[0] for row in self._rows(sql, *values)]

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """The passages that still exist, by key; the others are left out, and so are those of
        damaged articles.
        """
        passages_by_key: dict[int, Passage] = {}
        for key, start, stop, *row in self._passage_rows(keys):
            try:
                passage = to_passage(to_article(row), start, stop)
            except ArticleDamaged:
                continue
            if passage:
                passages_by_key[key] = passage
        return passages_by_key

    def damages(self, keys: Sequence[int]) -> list[ArticleDamaged]:
        """The damaged articles among those that have these passages."""
        damages: dict[str, ArticleDamaged] = {}
        for _, _, _, *row in self._passage_rows(keys):
            try:
                to_article(row)
            except ArticleDamaged as error:
                damages[error.article_id] = error
        return list(damages.values())

    def passages_of(self, article_id: str) -> list[StoredColumns]:
        """The passages of one article in reading order. Raises ArticleNotFound, ArticleDamaged."""
        article = self.article(article_id)
        rows = self._rows(
            """SELECT p.key, p.start, p.stop FROM passages p JOIN articles a ON a.key = p.article
               WHERE a.id = ? ORDER BY p.start""",
            article_id,
        )
        keyed_passages = [(key, to_passage(article, start, stop)) for key, start, stop in rows]
        return [StoredColumns(key, passage) for key, passage in keyed_passages if passage]

    def holding(self, quote: str) -> list[str]:
        """The ids of the articles in whose text these exact characters stand, oldest first."""
        rows = self._rows("SELECT id FROM articles WHERE instr(text, ?) ORDER BY key", quote)
        return [row[0] for row in rows]

    def days(self, keys: Sequence[int], scope: Scope) -> dict[int, date | None]:
        """The day of publication of each passage that exists and that the scope admits."""
        where, values = scope_condition(scope)
        rows = self._rows(
            f"""SELECT p.key, a.published FROM passages p JOIN articles a ON a.key = p.article
                WHERE p.key IN ({placeholders(keys)}) AND {where}""",
            *keys,
            *values,
        )
        return {row[0]: to_day(row[1]) for row in rows}

    def keys(self) -> dict[int, tuple[str, int, int]]:
        """Every indexed passage key with its article id, version and start."""
        rows = self._rows(
            """SELECT p.key, a.id, a.version, p.start FROM passages p
               JOIN articles a ON a.key = p.article WHERE p.indexed"""
        )
        return {row[0]: (row[1], row[2], row[3]) for row in rows}

    def is_current(self, article: Article) -> bool:
        """Whether exactly this content is stored under the article's id, undamaged."""
        sql = f"SELECT {CHECKED_COLUMNS} FROM articles WHERE id = ? AND hash = ?"
        row = self._row(sql, article.id, article.content_hash)
        try:
            return row is not None and to_article(row).content_hash == article.content_hash
        except ArticleDamaged:
            return False

    def _passage_rows(self, keys: Sequence[int]) -> list[tuple[Any, ...]]:
        return self._rows(
            f"""SELECT p.key, p.start, p.stop, {CHECKED_COLUMNS} FROM passages p
                JOIN articles a ON a.key = p.article WHERE p.key IN ({placeholders(keys)})""",
            *keys,
        )

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self.connection() as database:
            return database.execute(sql, values).fetchall()

    def _row(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        rows = self._rows(sql, *values)
        return rows[0] if rows else None

    def _one(self, sql: str, *values: object) -> tuple[Any, ...]:
        row = self._row(sql, *values)
        if row is None:
            raise LibraryDamaged(self.folder / _NAME, "a row is missing")
        return row


def _has_log(file: Path) -> bool:
    log = file.with_name(f"{file.name}-wal")
    return log.exists() and log.stat().st_size > 0
