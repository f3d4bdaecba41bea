"""Rows of the library's tables as records, and the checksums that tell whether they are as stored.

A checksum covers all that can be cited of an article: its id, text and every line of metadata.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from qa.errors import ArticleDamaged
from qa.library.tables.connection import Dialect
from qa.records.article import Article, Passage
from qa.records.question import Scope
from qa.records.serialization import Record

__all__ = [
    "CHECKED_COLUMNS",
    "COLUMNS",
    "ArticleRows",
    "Pending",
    "StoredColumns",
    "Summary",
    "escape_like",
    "passage_checksum",
    "placeholders",
    "row_checksum",
    "scope_condition",
    "text_checksum",
    "to_article",
    "to_day",
    "to_passage",
    "to_summary",
    "to_version",
]

COLUMNS = (
    "id, title, text, url, published, updated, author, source, language, ingested, version, "
    # What most articles do not have.
    "dated_by, locked"
)
# What ``to_article`` takes.
CHECKED_COLUMNS = f"{COLUMNS}, checksum"


_IN_COLLECTION = """(a.id IN (SELECT m.article FROM collection_articles m
        WHERE m.collection IN ({names}))
    OR EXISTS (SELECT 1 FROM collection_rules r WHERE r.collection IN ({names})
        AND (r.outlet IS NULL OR r.outlet = coalesce(a.source, ''))
        AND (r.language IS NULL OR r.language = coalesce(a.language, ''))
        AND (r.since IS NULL OR a.published >= r.since)
        AND (r.until IS NULL OR a.published <= r.until)
        AND (r.origin IS NULL OR substr(a.origin, 1, length(r.origin)) = r.origin)))"""


@dataclass(frozen=True, slots=True)
class StoredColumns:
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


def row_checksum(*values: object) -> str:
    """Hex digest of the values of ``COLUMNS`` as they are stored; those at its end that are None
    do not count, as they did not before there were such columns.
    """
    while values and values[-1] is None:
        values = values[:-1]
    # JSON keeps the parts apart.
    row_text = json.dumps(values, ensure_ascii=False)
    return hashlib.sha256(row_text.encode()).hexdigest()


def text_checksum(text: str) -> str:
    """Hex digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def passage_checksum(spans: Iterable[tuple[int, int]]) -> str:
    """Hex digest of the passages of one article as offsets, in the order of their keys."""
    return text_checksum(";".join(f"{start}-{stop}" for start, stop in spans))


def to_article(row: Sequence[Any]) -> Article:
    """The article of a row of ``CHECKED``. Raises ArticleDamaged if it is not as it was stored."""
    *values, checksum = row
    try:
        if row_checksum(*values) != checksum:
            raise ArticleDamaged(values[0], values[1])
        return Article(
            id=values[0],
            title=values[1],
            text=values[2],
            url=values[3],
            published=to_day(values[4]),
            updated=to_day(values[5]),
            author=values[6],
            source=values[7],
            language=values[8],
            ingested=datetime.fromisoformat(values[9]),
            version=values[10],
            dated_by=values[11],
            locked=bool(values[12]),
        )
    except (ValueError, TypeError, AttributeError) as error:
        # Values of a kind that is never stored.
        raise ArticleDamaged(values[0], values[1]) from error


class ArticleRows:
    """The articles of rows of ``CHECKED``, in which one article comes with each of its passages:
    its text is checked once.
    """

    def __init__(self) -> None:
        self._articles: dict[str, Article | None] = {}

    def undamaged_article(self, row: Sequence[Any]) -> Article | None:
        """The article of a row; None if it is not as it was stored."""
        if row[0] not in self._articles:
            try:
                self._articles[row[0]] = to_article(row)
            except ArticleDamaged:
                self._articles[row[0]] = None
        return self._articles[row[0]]


def to_passage(article: Article, start: Any, stop: Any) -> Passage | None:
    """The passage of a row, None for one that does not lie in the article."""
    try:
        return article.passage(start, stop)
    except (ValueError, TypeError):
        return None


def to_version(article_id: str, record: Any, checksum: Any) -> Article:
    """An earlier version. Raises ArticleDamaged if its record is not as it was stored."""
    try:
        if text_checksum(record) != checksum:
            raise ArticleDamaged(article_id, earlier=True)
        return Article.from_json(record)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ArticleDamaged(article_id, earlier=True) from error


def to_summary(row: Sequence[Any]) -> Summary:
    """The line of one article. Raises ArticleDamaged for what cannot be read."""
    try:
        return Summary(
            id=row[0],
            title=row[1],
            url=row[2],
            published=to_day(row[3]),
            updated=to_day(row[4]),
            author=row[5],
            source=row[6],
            language=row[7],
            ingested=datetime.fromisoformat(row[8]),
            version=row[9],
            characters=row[10],
            copies=max(row[11] or 0, 0),
            passages=row[12],
            pending=row[13],
        )
    except (ValueError, TypeError) as error:
        raise ArticleDamaged(row[0], row[1]) from error


def to_day(value: object) -> date | None:
    """The day of a column, None for none and for what is no day, which the checksum tells."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None


def escape_like(text: str) -> str:
    """The text as LIKE takes it literally, with ESCAPE of a backslash."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def placeholders(values: Sequence[object]) -> str:
    """A question mark for each value, for SQL; NULL, which equals nothing, for none.

    >>> placeholders([4, 5])
    '?, ?'
    """
    return ", ".join("?" * len(values)) or "NULL"


def scope_condition(scope: Scope, dialect: Dialect) -> tuple[str, list[str]]:
    """The scope as a condition on ``articles a``, with its values."""
    conditions, values = ["TRUE"], []
    or_undated = " OR a.published IS NULL" if scope.undated else ""
    for day, sign in ((scope.since, ">="), (scope.until, "<=")):
        if day:
            conditions.append(f"(a.published {sign} ?{or_undated})")
            values.append(day.isoformat())
    if scope.sources:
        conditions.append(f"{dialect.outlet} IN ({placeholders(scope.sources)})")
        values.extend(source.lower() for source in scope.sources)
    if scope.collections:
        names = placeholders(scope.collections)
        conditions.append(_IN_COLLECTION.format(names=names))
        values += [*scope.collections, *scope.collections]
    return " AND ".join(conditions), values
