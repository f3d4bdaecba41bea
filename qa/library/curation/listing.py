"""The articles of a library as a table that can be filtered, searched, sorted and paged.

Knows nothing of how it is shown. Every value is bound; what is searched reaches the word index as
words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal, get_args

from qa.library.curation.choices import choices
from qa.library.store import Library
from qa.library.tables.catalog import Catalog, Selection
from qa.library.tables.rows import Summary, escape_like, placeholders, to_summary
from qa.records.question import Scope
from qa.records.serialization import Record

__all__ = [
    "SORTS",
    "Filter",
    "Listing",
    "ListingRow",
    "Sort",
    "list_articles",
    "matching_ids",
]

Sort = Literal[
    "published", "title", "source", "author", "language", "ingested", "characters", "copies"
]
SORTS: tuple[Sort, ...] = get_args(Sort)

# What each is ordered by; where it is not known, an article comes last in both directions.
_ORDERS: dict[Sort, str] = {
    "published": "a.published IS NULL, a.published",
    "title": "a.title = '', lower(a.title)",
    "source": "a.source IS NULL, lower(a.source)",
    "author": "a.author IS NULL, lower(a.author)",
    "language": "a.language IS NULL, a.language",
    "ingested": "a.ingested",
    "characters": "length(a.text)",
    "copies": "coalesce(c.copies, 0)",
}
_TABLES = """articles a LEFT JOIN signatures s ON s.article = a.key
    LEFT JOIN (SELECT cluster, count(*) - 1 AS copies FROM signatures GROUP BY cluster) c
        ON c.cluster = s.cluster"""
_SEARCHED_COLUMNS = (
    "lower(a.title || ' ' || coalesce(a.source, '') || ' ' || coalesce(a.author, '') || ' ' "
    "|| coalesce(a.published, '') || ' ' || a.id)"
)
# Rows that one statement asks for by key.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Filter(Record):
    """Which articles are listed; what is empty leaves none out.

    Each of ``words`` stands in title or text, as a word in any form, or somewhere in title, outlet,
    author, day or id. ``outlets``, where an empty name is an unknown one, ``languages`` and
    ``sources`` (names as ``choices`` gives them) are alternatives; ``since`` and ``until`` are
    inclusive days. ``undated``, ``locked`` and ``copied`` list only those without a day, behind a
    paywall, or with copies. ``collections`` are names of sets of articles, of
    which those of any are listed; ``limits`` are such, too, which whoever asks may not go beyond.
    """

    words: str = ""
    outlets: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    undated: bool = False
    locked: bool = False
    copied: bool = False
    collections: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Filter()


@dataclass(frozen=True, slots=True)
class ListingRow(Summary):
    """One line of the table; ``characters`` counts those of its own text, ``passages`` its parts
    and ``pending`` those that wait to be indexed; ``edited`` tells whether somebody changed what
    its source stated.
    """

    locked: bool
    edited: bool


@dataclass(frozen=True, slots=True)
class Listing(Record):
    """Some rows of a table of ``total`` ones."""

    rows: tuple[ListingRow, ...]
    total: int


def list_articles(
    library: Library,
    filter_: Filter,
    *,
    sort: Sort = "published",
    descending: bool = True,
    offset: int = 0,
    limit: int = 100,
) -> Listing:
    """The rows from ``offset`` on, at most ``limit``; without a limit worth naming, all of them.

    Raises ValueError for an unknown order, IndexUnavailable where words cannot be looked up.
    """
    if sort not in _ORDERS:
        raise ValueError(f"{sort!r} is no column to sort by; known: {', '.join(SORTS)}")
    order = f"{_ORDERS[sort]} {'DESC' if descending else 'ASC'}"
    with library.catalog() as catalog:
        where, values = _condition(library, catalog, filter_)
        total = catalog.database.execute(
            f"SELECT count(*) FROM {_TABLES} WHERE {where}", values
        ).fetchone()[0]
        keys = catalog.database.execute(
            f"""SELECT a.key FROM {_TABLES} WHERE {where}
                ORDER BY {order}, a.key LIMIT ? OFFSET ?""",
            (*values, limit, offset),
        ).fetchall()
    return Listing(tuple(_rows(library, [row[0] for row in keys])), total)


def matching_ids(library: Library, filter_: Filter) -> list[str]:
    """The ids of all articles that the filter lets through, the oldest in the library first."""
    with library.catalog() as catalog:
        where, values = _condition(library, catalog, filter_)
        rows = catalog.database.execute(
            f"SELECT a.id FROM {_TABLES} WHERE {where} ORDER BY a.key", values
        ).fetchall()
    return [row[0] for row in rows]


def _condition(library: Library, catalog: Catalog, filter_: Filter) -> tuple[str, list[Any]]:
    scope = Scope(filter_.since, filter_.until, filter_.outlets, collections=filter_.collections)
    selection = Selection(scope, undated=filter_.undated)
    where, values = catalog.condition(selection)
    limit_where, limit_values = catalog.condition(Selection(Scope(collections=filter_.limits)))
    conditions, values = [where, limit_where], [*values, *limit_values]
    if filter_.languages:
        languages = [language for language in filter_.languages if language]
        unknown = " OR a.language IS NULL" if "" in filter_.languages else ""
        conditions.append(f"(a.language IN ({placeholders(languages)}){unknown})")
        values += languages
    if filter_.locked:
        conditions.append("a.locked = 1")
    if filter_.copied:
        conditions.append("c.copies > 0")
    if filter_.sources:
        places_by_name = choices(library).places
        patterns = [
            f"{escape_like(place)}{sign}%"
            for name in filter_.sources
            for place in places_by_name.get(name, ())
            for sign in (":", "!", "/")
        ]
        conditions.append("(" + " OR ".join(["a.origin LIKE ? ESCAPE '\\'"] * len(patterns)) + ")")
        values += patterns
        if not patterns:
            conditions[-1] = "1 = 0"
    for word in filter_.words.split():
        stands, word_values = "1 = 0", list[Any]()
        if catalog.words.words_of(word):
            stands, word_values = catalog.condition(Selection(phrases=(word,)))
        # The lower() of databases may know ASCII only, which leaves a first letter such as É.
        forms = dict.fromkeys((word.lower(), word.lower().capitalize()))
        like = " OR ".join([f"{_SEARCHED_COLUMNS} LIKE ? ESCAPE '\\'"] * len(forms))
        conditions.append(f"({stands} OR {like})")
        values += [*word_values, *(f"%{escape_like(form)}%" for form in forms)]
    return " AND ".join(conditions), values


def _rows(library: Library, keys: Sequence[int]) -> list[ListingRow]:
    """The rows of these articles, in this order."""
    rows: dict[int, ListingRow] = {}
    for first in range(0, len(keys), _BATCH):
        part = keys[first : first + _BATCH]
        with library.connection() as database:
            for key, *row in database.execute(
                f"""SELECT a.key, a.id, a.title, a.url, a.published, a.updated, a.author, a.source,
                        a.language, a.ingested, a.version, length(a.text),
                        (SELECT count(*) - 1 FROM signatures o WHERE o.cluster = s.cluster),
                        (SELECT count(*) FROM passages p WHERE p.article = a.key),
                        (SELECT count(*) FROM passages p WHERE p.article = a.key
                         AND NOT p.indexed),
                        a.locked,
                        (SELECT count(*) FROM edits e
                         WHERE e.article = a.id AND e.state = 'valid')
                    FROM articles a LEFT JOIN signatures s ON s.article = a.key
                    WHERE a.key IN ({placeholders(part)})""",
                tuple(part),
            ).fetchall():
                rows[key] = _row(row)
    return [rows[key] for key in keys if key in rows]


def _row(row: Sequence[Any]) -> ListingRow:
    *columns, locked, edits = row
    summary = to_summary(columns)
    values = {each.name: getattr(summary, each.name) for each in fields(summary)}
    return ListingRow(**values, locked=bool(locked), edited=bool(edits))
