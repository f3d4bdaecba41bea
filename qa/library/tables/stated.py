"""What sources stated of articles that somebody edited, and what of an edit stays when its article
comes again. Within a transaction of the writer.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from qa.library.tables.connection import Connection
from qa.records.article import Article

__all__ = ["Statements", "as_stated", "statements", "with_edits"]

Statements = dict[str, dict[str, str | None]]
"""What the source stated of each edited field, by the id of the article."""


def statements(database: Connection) -> Statements:
    """Of all articles that are edited."""
    stated_value: Statements = {}
    sql = "SELECT article, field, stated FROM edits WHERE state = 'valid'"
    for article_id, field, value in database.execute(sql).fetchall():
        stated_value.setdefault(article_id, {})[field] = value
    return stated_value


def as_stated(article: Article, stated_value: Statements) -> Article:
    """The article as its source has it."""
    stated_fields = stated_value.get(article.id, {})
    fields: dict[str, Any] = {name: _value(name, text) for name, text in stated_fields.items()}
    return replace(article, **fields)


def with_edits(database: Connection, article: Article) -> Article:
    """A newer state of an article, from its source, with the edits that stay: those of fields of
    which the source states what it stated when they were made. The others end.
    """
    sql = "SELECT number, field, stated, value FROM edits WHERE article = ? AND state = 'valid'"
    values: dict[str, Any] = {}
    for number, field, stated_value, value in database.execute(sql, (article.id,)).fetchall():
        if getattr(article, field) == _value(field, stated_value):
            values[field] = _value(field, value)
        else:
            database.execute(
                "UPDATE edits SET state = 'the source changed it' WHERE article = ? AND number = ?",
                (article.id, number),
            )
    return replace(article, **values)


def _value(field: str, text: str | None) -> str | date | None:
    if field == "published":
        return date.fromisoformat(text) if text else None
    return text
