"""What somebody wrote instead of what a source stated of an article: title, day, outlet, author.

An edit is kept with its history, and changes neither text nor version. When the article comes again
from its source, an edit stays as long as the source states the same as when it was made; once the
source itself states something else, that is newer than the edit, and takes its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, get_args

from qa.errors import ArticleDamaged, ArticleNotFound
from qa.language.cleaning import clean_line
from qa.library import duplicates as clusters
from qa.library.drafts import rewrite_metadata, utc_now
from qa.library.store import Library
from qa.library.tables.identity import find_row
from qa.library.writer import LibraryWriter
from qa.records.article import Article
from qa.records.serialization import Record

__all__ = ["FIELDS", "Edit", "EditState", "EditableField", "edit_articles", "edits_of"]

EditableField = Literal["title", "published", "source", "author"]
FIELDS: tuple[EditableField, ...] = get_args(EditableField)
EditState = Literal["valid", "edited again", "taken back", "the source changed it"]

_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Edit(Record):
    """One edit of one field; days are in ISO 8601, None is an unknown value.

    ``stated`` is what the source stated, ``earlier`` what stood there before, ``value`` what has
    stood there since; ``editor`` is empty where nobody logs in. Times are UTC.
    """

    field: EditableField
    stated: str | None
    earlier: str | None
    value: str | None
    editor: str
    edited: datetime
    state: EditState


def edits_of(library: Library, article_id: str) -> list[Edit]:
    """The edits of an article, oldest first; empty when there are none."""
    with library.connection() as database:
        rows = database.execute(
            """SELECT field, stated, earlier, value, editor, edited, state FROM edits
               WHERE article = ? ORDER BY number""",
            (article_id,),
        ).fetchall()
    return [
        Edit(field, stated, earlier, value, editor, datetime.fromisoformat(edited), state)
        for field, stated, earlier, value, editor, edited, state in rows
    ]


def edit_articles(
    writer: LibraryWriter,
    article_ids: Sequence[str],
    changes: Mapping[str, str | date | None],
    *,
    editor: str = "",
) -> list[Article]:
    """Give articles these values, all or none, by the names of their fields; None is unknown.
    Returns the articles whose values changed; their passages become *pending*.

    Raises ArticleNotFound, ArticleDamaged, and ValueError for what is no such field or value.
    """
    values = {field: _checked_value(field, value) for field, value in changes.items()}
    changed_articles = []
    with writer.transaction() as database:
        for article_id in article_ids:
            row = find_row(database, "id", article_id)
            if row is None:
                raise ArticleNotFound(article_id)
            if row.article is None:
                raise ArticleDamaged(article_id)
            new = {
                field: value
                for field, value in values.items()
                if _text(getattr(row.article, field)) != value
            }
            if not new:
                continue
            for field, value in new.items():
                _write(database, row.article, field, value, editor)
            fields: dict[str, Any] = {name: _value(name, new[name]) for name in new}
            article = replace(row.article, **fields)
            rewrite_metadata(database, row, article)
            changed_articles.append(article)
        clusters.settle(database)
    return changed_articles


def _write(database: Any, article: Article, field: str, value: str | None, editor: str) -> None:
    """A line of the history; what the same field was edited to before is no longer valid."""
    earlier = _text(getattr(article, field))
    valid = database.execute(
        "SELECT stated FROM edits WHERE article = ? AND field = ? AND state = 'valid'",
        (article.id, field),
    ).fetchone()
    stated = valid[0] if valid else earlier
    database.execute(
        "UPDATE edits SET state = 'edited again' WHERE article = ? AND field = ? "
        "AND state = 'valid'",
        (article.id, field),
    )
    (number,) = database.execute(
        "SELECT coalesce(max(number), 0) + 1 FROM edits WHERE article = ?", (article.id,)
    ).fetchone()
    database.execute(
        """INSERT INTO edits
           (article, number, field, stated, earlier, value, editor, edited, state)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            article.id, number, field, stated, earlier, value, editor, utc_now(),
            "taken back" if value == stated else "valid",
        ),
    )  # fmt: skip


def _checked_value(field: str, value: str | date | None) -> str | None:
    """The value as it is kept. Raises ValueError for what cannot be one."""
    if field not in FIELDS:
        raise ValueError(f"{field!r} cannot be edited; what can be: {', '.join(FIELDS)}")
    if field == "published":
        text = value.isoformat() if isinstance(value, date) else (value or "").strip()
        try:
            return date.fromisoformat(text).isoformat() if text else None
        except ValueError as error:
            raise ValueError(f"{text!r} is no day; write it as in 2024-06-13") from error
    line = clean_line(str(value or ""))
    if len(line) > _LONGEST:
        raise ValueError(f"the {field} has {len(line)} characters; at most {_LONGEST}")
    if field == "title" and not line:
        raise ValueError("an article needs a title")
    return line or None


def _text(value: str | date | None) -> str | None:
    return value.isoformat() if isinstance(value, date) else value


def _value(field: str, text: str | None) -> str | date | None:
    if field == "published":
        return date.fromisoformat(text) if text else None
    return text
