"""The library, the truth, read only: articles, versions, passages; and the word index.

Writing is in ``writer``, behind the writer lock. Knows nothing of vectors, except which passages
still await theirs (*pending*) and which vectors lost their passage (*removals*).
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from qa.errors import ArticleDamaged, ArticleNotFound, LibraryDamaged
from qa.language.cleaning import canonical_url
from qa.library.sqlite.opening import open_folder
from qa.library.tables.catalog import Catalog
from qa.library.tables.connection import Connection, Database
from qa.library.tables.rows import (
    CHECKED_COLUMNS,
    ArticleRows,
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
from qa.runtime.location import is_database, local_folder

__all__ = ["Library", "Summary"]


class Library:
    """A library in a folder, or in a PostgreSQL database; safe to share between threads.

    ``location`` is what it is opened by again, a folder or an address, which may hold a password;
    ``folder`` is where this machine keeps what goes with it, of a folder the folder itself.
    """

    def __init__(
        self, location: Path | str, database: Database, lexical_index: LexicalIndex
    ) -> None:
        self.folder = local_folder(location)
        self.location = location if is_database(location) else self.folder
        self.database = database
        self.lexical_index = lexical_index

    @classmethod
    def open(cls, location: Path | str, *, create: bool = False, replica: str = "") -> "Library":
        """Open the library in a folder, or at ``postgresql://…``, read from its ``replica`` where
        one is given. Raises LibraryError for none, unless ``create``, and for one that cannot be
        read; ConfigError without the database's driver.
        """
        if is_database(location):
            from qa.library.postgres.opening import open_postgres

            library = cls(location, *open_postgres(location, create=create, replica=replica))
        else:
            library = cls(location, *open_folder(location, create=create))
        library.generation()  # opens, and so checks, the database now
        return library

    @property
    def read_only(self) -> bool:
        """Whether it can be asked, but not changed."""
        return self.database.read_only

    def close(self) -> None:
        """Close the connections; using the library again opens new ones."""
        self.lexical_index.close()
        self.database.close()

    @property
    def name(self) -> str:
        """What people are shown: its folder, or its address without a password."""
        return self.database.location if is_database(self.location) else str(self.folder)

    def connection(self) -> AbstractContextManager[Connection]:
        """A connection for this thread alone until the block ends.

        Raises LibraryError for what goes wrong with the database, in the block too.
        """
        return self.database.connection()

    def reading(self) -> AbstractContextManager[Connection]:
        """The same to read articles from, of a replica where there is one."""
        return self.database.reading()

    def words(self) -> LexicalIndex:
        """The word index as of the last change of the library."""
        self.lexical_index.refresh(self.generation())
        return self.lexical_index

    @contextmanager
    def catalog(self) -> Iterator[Catalog]:
        """What the records say of the articles. Raises LibraryError and IndexUnavailable, in the
        block too.
        """
        with self.reading() as database:
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
               WHERE url = ? OR origin = ? OR (length(origin) > ? AND
                   substr(origin, length(origin) - ?) = ?)
               ORDER BY key LIMIT 1""",
            url,
            name,
            len(name),
            len(name),
            f"/{name}",
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
                      count(p.key), count(p.key) FILTER (WHERE NOT p.indexed)
               FROM articles a LEFT JOIN passages p ON p.article = a.key
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
        where, values = scope_condition(scope, self.database.dialect)
        row = self._one(
            f"SELECT count(*), min(published), max(published) FROM articles a WHERE {where}",
            *values,
        )
        return row[0], to_day(row[1]), to_day(row[2])

    def sources(self, within: Scope) -> list[str]:
        """The outlets of a scope, whatever its days, those with most articles first."""
        scope = replace(within, since=None, until=None)
        where, values = scope_condition(scope, self.database.dialect)
        sql = f"""SELECT source FROM articles a WHERE source IS NOT NULL AND {where}
                  GROUP BY source ORDER BY count(*) DESC, source"""
        return [row[0] for row in self._rows(sql, *values)]

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """The passages that still exist, by key; the others are left out, and so are those of
        damaged articles.
        """
        passages_by_key: dict[int, Passage] = {}
        articles = ArticleRows()
        for key, start, stop, *row in self._passage_rows(keys):
            article = articles.undamaged_article(row)
            if article and (passage := to_passage(article, start, stop)):
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
        position = self.database.dialect.position
        sql = f"SELECT id FROM articles WHERE {position}(text, ?) > 0 ORDER BY key"
        rows = self._rows(sql, quote)
        return [row[0] for row in rows]

    def days(self, keys: Sequence[int], scope: Scope) -> dict[int, date | None]:
        """The day of publication of each passage that exists and that the scope admits."""
        where, values = scope_condition(scope, self.database.dialect)
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
        with self.reading() as database:
            return database.execute(sql, values).fetchall()

    def _row(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        rows = self._rows(sql, *values)
        return rows[0] if rows else None

    def _one(self, sql: str, *values: object) -> tuple[Any, ...]:
        row = self._row(sql, *values)
        if row is None:
            raise LibraryDamaged(self.database.location, "a row is missing")
        return row
