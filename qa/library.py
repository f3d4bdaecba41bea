"""The SQLite library: articles, versions, passages, full text. The truth, read only.

Writing is in ``library_writer``, behind the writer lock. Knows nothing of vectors, except which
passages still await theirs (*pending*) and which vectors lost their passage (*removals*).
"""

import sqlite3
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from qa.asking import Scope
from qa.errors import ArticleNotFound, LibraryError
from qa.jsonable import Record
from qa.records import Article, Passage
from qa.schema import connect
from qa.text import canonical_url

__all__ = ["COLUMNS", "Library", "Pending", "Stored", "Summary", "to_article"]

COLUMNS = "id, title, text, url, published, updated, author, source, language, ingested, version"


@dataclass(frozen=True, slots=True)
class Stored:
    """A passage under the key by which every index knows it."""

    key: int
    passage: Passage


@dataclass(frozen=True, slots=True)
class Pending:
    """A passage that awaits its vector, with what the vector index keeps beside it."""

    key: int
    passage: Passage
    version: int


@dataclass(frozen=True, slots=True)
class Summary(Record):
    """One line of a listing: the article's metadata without its text.

    ``copies`` counts the other articles that carry the same text.
    """

    id: str
    title: str
    url: str | None
    published: date | None
    updated: date | None
    author: str | None
    source: str | None
    language: str | None
    ingested: datetime
    version: int
    characters: int
    copies: int
    passages: int
    pending: int


class Library:
    """The database of one library folder; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._idle: deque[sqlite3.Connection] = deque()

    @classmethod
    def open(cls, folder: Path | str, *, create: bool = False) -> "Library":
        """Open the library in ``folder``. Raises LibraryError for none, unless ``create``."""
        folder = Path(folder).expanduser().absolute()
        if create:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise LibraryError(f"cannot make the library folder {folder}: {error}") from error
        elif not (folder / "library.db").is_file():
            raise LibraryError(
                f"no library in {folder}; make one with `article-qa ingest PATH --library {folder}`"
            )
        library = cls(folder)
        library.generation()  # opens, and so checks, the file now
        return library

    def close(self) -> None:
        """Close the connections; using the library again opens new ones."""
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """A connection for this thread alone until the block ends."""
        try:
            database = self._idle.pop()
        except IndexError:
            database = connect(self.folder / "library.db")
        try:
            yield database
        finally:
            if database.in_transaction:
                database.rollback()
            self._idle.append(database)

    def generation(self) -> int:
        """A number that grows whenever what can be found has changed."""
        return int(self._one("SELECT value FROM meta WHERE name = 'generation'")[0])

    def article(self, article_id: str) -> Article:
        """The current version. Raises ArticleNotFound."""
        row = self._row(f"SELECT {COLUMNS} FROM articles WHERE id = ?", article_id)
        if row is None:
            raise ArticleNotFound(article_id)
        return to_article(row)

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
        """Every version kept, oldest first, the current one last; empty when the id is unknown."""
        rows = self._rows("SELECT record FROM versions WHERE id = ? ORDER BY version", article_id)
        current = self._row(f"SELECT {COLUMNS} FROM articles WHERE id = ?", article_id)
        return [Article.from_json(row[0]) for row in rows] + (
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
               FROM articles a LEFT JOIN passages p ON p.article = a.key
               GROUP BY a.key ORDER BY published IS NULL, published DESC, a.key"""
        )
        return [
            Summary(
                id=row[0],
                title=row[1],
                url=row[2],
                published=_day(row[3]),
                updated=_day(row[4]),
                author=row[5],
                source=row[6],
                language=row[7],
                ingested=datetime.fromisoformat(row[8]),
                version=row[9],
                characters=row[10],
                copies=max(row[11], 0),
                passages=row[12],
                pending=row[13],
            )
            for row in rows
        ]

    def counts(self) -> dict[str, int]:
        """How many articles, passages, pending passages and outstanding removals there are."""
        row = self._one(
            """SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages),
                      (SELECT count(*) FROM passages WHERE NOT indexed),
                      (SELECT count(*) FROM removals)"""
        )
        return dict(zip(("articles", "passages", "pending", "removals"), row, strict=True))

    def coverage(self, scope: Scope) -> tuple[int, date | None, date | None]:
        """How many articles the scope admits, with their first and last day of publication."""
        where, values = _scope_sql(scope)
        row = self._one(
            f"SELECT count(*), min(published), max(published) FROM articles a WHERE {where}",
            *values,
        )
        return row[0], _day(row[1]), _day(row[2])

    def sources(self) -> list[str]:
        """The outlets by name, those with most articles first."""
        rows = self._rows(
            """SELECT source FROM articles WHERE source IS NOT NULL
               GROUP BY source ORDER BY count(*) DESC, source"""
        )
        return [row[0] for row in rows]

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """The passages that still exist, by key; the others are left out."""
        found: dict[int, Passage] = {}
        for row in self._rows(
            f"""SELECT p.key, p.start, p.stop, {COLUMNS} FROM passages p
                JOIN articles a ON a.key = p.article WHERE p.key IN ({_marks(keys)})""",
            *keys,
        ):
            found[row[0]] = to_article(row[3:]).passage(row[1], row[2])
        return found

    def passages_of(self, article_id: str) -> list[Stored]:
        """The passages of one article in reading order."""
        article = self.article(article_id)
        rows = self._rows(
            """SELECT p.key, p.start, p.stop FROM passages p JOIN articles a ON a.key = p.article
               WHERE a.id = ? ORDER BY p.start""",
            article_id,
        )
        return [Stored(key, article.passage(start, stop)) for key, start, stop in rows]

    def holding(self, quote: str) -> list[str]:
        """The ids of the articles in whose text these exact characters stand, oldest first."""
        rows = self._rows("SELECT id FROM articles WHERE instr(text, ?) ORDER BY key", quote)
        return [row[0] for row in rows]

    def days(self, keys: Sequence[int], scope: Scope) -> dict[int, date | None]:
        """The day of publication of each passage that exists and that the scope admits."""
        where, values = _scope_sql(scope)
        rows = self._rows(
            f"""SELECT p.key, a.published FROM passages p JOIN articles a ON a.key = p.article
                WHERE p.key IN ({_marks(keys)}) AND {where}""",
            *keys,
            *values,
        )
        return {row[0]: _day(row[1]) for row in rows}

    def match(self, expression: str, k: int, scope: Scope) -> list[tuple[int, float]]:
        """The best ``k`` passage keys for an FTS5 expression with their BM25 (higher is better)."""
        where, values = _scope_sql(scope)
        # CROSS JOIN: words first, then the articles of what matched; the planner would turn it.
        joined = """CROSS JOIN passages p ON p.key = f.rowid
                    CROSS JOIN articles a ON a.key = p.article"""
        rows = self._rows(
            f"""SELECT f.rowid, -f.rank FROM passage_text f {joined if scope else ""}
                WHERE f.passage_text MATCH ? AND {where} ORDER BY f.rank LIMIT ?""",
            expression,
            *values,
            k,
        )
        return [(row[0], row[1]) for row in rows]

    def keys(self) -> dict[int, tuple[str, int, int]]:
        """Every indexed passage key with its article id, version and start."""
        rows = self._rows(
            """SELECT p.key, a.id, a.version, p.start FROM passages p
               JOIN articles a ON a.key = p.article WHERE p.indexed"""
        )
        return {row[0]: (row[1], row[2], row[3]) for row in rows}

    def full_text_faults(self) -> int:
        """How many passages lack their full-text row, or the reverse."""
        return int(
            self._one(
                """SELECT (SELECT count(*) FROM passages
                           WHERE key NOT IN (SELECT id FROM passage_text_docsize))
                        + (SELECT count(*) FROM passage_text_docsize
                           WHERE id NOT IN (SELECT key FROM passages))"""
            )[0]
        )

    def pending(self, limit: int, *, after: int = 0) -> list[Pending]:
        """Up to ``limit`` passages past the key ``after`` that await their vectors, by key."""
        rows = self._rows(
            """SELECT key, article, start, stop FROM passages
               WHERE NOT indexed AND key > ? ORDER BY key LIMIT ?""",
            after,
            limit,
        )
        articles = {
            key: to_article(self._one(f"SELECT {COLUMNS} FROM articles WHERE key = ?", key))
            for key in {row[1] for row in rows}
        }
        return [
            Pending(key, articles[article].passage(start, stop), articles[article].version)
            for key, article, start, stop in rows
        ]

    def pending_keys(self) -> set[int]:
        """The keys of all passages that await their vectors."""
        return {row[0] for row in self._rows("SELECT key FROM passages WHERE NOT indexed")}

    def removals(self, limit: int = -1) -> list[int]:
        """Up to ``limit`` keys whose vectors are to be deleted (all of them for -1)."""
        return [row[0] for row in self._rows("SELECT key FROM removals LIMIT ?", limit)]

    def is_current(self, article: Article) -> bool:
        """Whether exactly this content is stored under the article's id."""
        sql = "SELECT 1 FROM articles WHERE id = ? AND hash = ?"
        return self._row(sql, article.id, article.content_hash) is not None

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self.connection() as database:
            try:
                return database.execute(sql, values).fetchall()
            except sqlite3.DatabaseError as error:
                raise LibraryError(
                    f"{self.folder / 'library.db'} cannot be read ({error}); restore a backup of "
                    "it, or move it away and ingest again"
                ) from error

    def _row(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        rows = self._rows(sql, *values)
        return rows[0] if rows else None

    def _one(self, sql: str, *values: object) -> tuple[Any, ...]:
        (row,) = self._rows(sql, *values)
        return row


def to_article(row: Sequence[Any]) -> Article:
    """The article of a row of ``COLUMNS``."""
    return Article(
        id=row[0],
        title=row[1],
        text=row[2],
        url=row[3],
        published=_day(row[4]),
        updated=_day(row[5]),
        author=row[6],
        source=row[7],
        language=row[8],
        ingested=datetime.fromisoformat(row[9]),
        version=row[10],
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _scope_sql(scope: Scope) -> tuple[str, list[str]]:
    """The scope as a condition on ``articles a``, with its values."""
    conditions, values = ["1"], []
    undated = " OR a.published IS NULL" if scope.undated else ""
    for day, sign in ((scope.since, ">="), (scope.until, "<=")):
        if day:
            conditions.append(f"(a.published {sign} ?{undated})")
            values.append(day.isoformat())
    if scope.sources:
        conditions.append(f"folded(a.source) IN ({_marks(scope.sources)})")
        values.extend(source.lower() for source in scope.sources)
    return " AND ".join(conditions), values
