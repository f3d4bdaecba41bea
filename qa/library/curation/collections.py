"""Collections: named sets of articles of one library, and who is limited to some of them.

An article is in a collection because it was put there, or because one of the collection's rules
lets it in, now or whenever it comes. Needs no writer lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from qa.errors import ArticleNotFound, CollectionNotFound
from qa.language.cleaning import clean_line
from qa.library.curation.choices import choices
from qa.library.store import Library
from qa.library.tables.rows import placeholders, scope_condition, to_day
from qa.records.question import Scope
from qa.records.serialization import Record

__all__ = [
    "Collection",
    "Rule",
    "add_to_collection",
    "check_unused",
    "collections",
    "collections_of_user",
    "delete_collection",
    "is_in_collections",
    "known_collections",
    "limit_user",
    "make_collection",
    "rename_collection",
    "take_from_collection",
]

_LONGEST = 100
_MOST_RULES = 50
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Rule(Record):
    """Which articles come in by themselves: those of the outlet, the language, the inclusive days
    and the source (a name as ``choices`` gives it); None asks nothing, and an empty name is that of
    an unknown one.
    """

    outlet: str | None = None
    language: str | None = None
    since: date | None = None
    until: date | None = None
    source: str | None = None

    def __bool__(self) -> bool:
        return self != Rule()


@dataclass(frozen=True, slots=True)
class Collection(Record):
    """A name, a note for people, the rules, and how many articles there are in it now, ``by_hand``
    of them because they were put there.
    """

    name: str
    note: str = ""
    rules: tuple[Rule, ...] = ()
    articles: int = 0
    by_hand: int = 0


def make_collection(
    library: Library, name: str, *, note: str = "", rules: Sequence[Rule] = ()
) -> Collection:
    """A new collection, or other rules and another note for a known one. Raises ValueError for a
    name or a rule that cannot be.
    """
    line = clean_line(name)
    if not line or len(line) > _LONGEST:
        raise ValueError(f"the name of a collection has 1 to {_LONGEST} characters, not {name!r}")
    if len(rules) > _MOST_RULES:
        raise ValueError(f"a collection has at most {_MOST_RULES} rules")
    if not all(rules):
        raise ValueError("a rule needs an outlet, a language, a day or a source")
    places = choices(library).places if any(rule.source for rule in rules) else {}
    rows: list[tuple[object, ...]] = []
    for rule in rules:
        days = [day and day.isoformat() for day in (rule.since, rule.until)]
        for origin in _origins(rule, places):
            rows.append((line, len(rows), rule.outlet, rule.language, *days, origin))
    with library.database.transaction() as database:
        database.execute(
            """INSERT INTO collections (name, note) VALUES (?, ?)
               ON CONFLICT (name) DO UPDATE SET note = excluded.note""",
            (line, clean_line(note)),
        )
        database.execute("DELETE FROM collection_rules WHERE collection = ?", (line,))
        database.executemany(
            """INSERT INTO collection_rules
               (collection, number, outlet, language, since, until, origin)
               VALUES (?, ?, ?, ?, ?, ?, ?)""",
            rows,
        )
    return next(each for each in collections(library) if each.name == line)


def collections(library: Library) -> list[Collection]:
    """All of them by name."""
    names = _rows(library, "SELECT name, note FROM collections ORDER BY name")
    return [
        Collection(
            name,
            note,
            _rules(library, name),
            library.coverage(Scope(collections=(name,)))[0],
            _rows(library, "SELECT count(*) FROM collection_articles WHERE collection = ?", name)[
                0
            ][0],
        )
        for name, note in names
    ]


def known_collections(library: Library, names: str | Sequence[str]) -> tuple[str, ...]:
    """The names, a single one or several, as those of collections. Raises CollectionNotFound."""
    asked = tuple(dict.fromkeys((names,) if isinstance(names, str) else names))
    if not asked:
        return ()
    sql = f"SELECT name FROM collections WHERE name IN ({placeholders(asked)})"
    known_names = {row[0] for row in _rows(library, sql, *asked)}
    for name in asked:
        if name not in known_names:
            raise CollectionNotFound(name)
    return asked


def check_unused(library: Library, name: str) -> None:
    """Raises ValueError if there is a collection of that name."""
    line = clean_line(name)
    if _rows(library, "SELECT 1 FROM collections WHERE name = ?", line):
        raise ValueError(f"there is a collection {line!r} already")


def is_in_collections(library: Library, article_id: str, names: Sequence[str]) -> bool:
    """Whether an article is in one of them."""
    where, values = scope_condition(Scope(collections=tuple(names)), library.database.dialect)
    sql = f"SELECT 1 FROM articles a WHERE a.id = ? AND {where}"
    return bool(_rows(library, sql, article_id, *values))


def delete_collection(library: Library, name: str) -> None:
    """Its articles stay. Who is limited to it alone is then limited to nothing. Raises
    CollectionNotFound.
    """
    known_collections(library, name)
    with library.database.transaction() as database:
        for table in ("collection_articles", "collection_rules"):
            database.execute(f"DELETE FROM {table} WHERE collection = ?", (name,))
        database.execute("DELETE FROM collections WHERE name = ?", (name,))


def rename_collection(library: Library, name: str, new_name: str) -> Collection:
    """Give a collection another name, for those who are limited to it too; saved questions that are
    asked in it have to be saved again. Raises CollectionNotFound, and ValueError for a name that is
    none or taken.
    """
    known_collections(library, name)
    line = clean_line(new_name)
    if not line or len(line) > _LONGEST:
        raise ValueError(f"a collection has a name of 1 to {_LONGEST} characters")
    if line != name:
        check_unused(library, line)
    with library.database.transaction() as database:
        for table in ("collection_articles", "collection_rules", "user_collections"):
            sql = f"UPDATE {table} SET collection = ? WHERE collection = ?"
            database.execute(sql, (line, name))
        database.execute("UPDATE collections SET name = ? WHERE name = ?", (line, name))
    return next(each for each in collections(library) if each.name == line)


def add_to_collection(library: Library, name: str, article_ids: Sequence[str]) -> int:
    """Put articles in; returns how many were not there by hand already. Raises CollectionNotFound,
    and ArticleNotFound before anything is changed.
    """
    known_collections(library, name)
    _check_articles(library, article_ids)
    with library.connection() as database:
        count_before = _by_hand(database, name)
        database.executemany(
            """INSERT INTO collection_articles (collection, article) VALUES (?, ?)
               ON CONFLICT DO NOTHING""",
            [(name, article_id) for article_id in article_ids],
        )
        return _by_hand(database, name) - count_before


def take_from_collection(library: Library, name: str, article_ids: Sequence[str]) -> int:
    """Take out articles that were put in; what a rule lets in stays. Returns how many it were.
    Raises CollectionNotFound.
    """
    known_collections(library, name)
    with library.connection() as database:
        count_before = _by_hand(database, name)
        database.executemany(
            "DELETE FROM collection_articles WHERE collection = ? AND article = ?",
            [(name, article_id) for article_id in article_ids],
        )
        return count_before - _by_hand(database, name)


def limit_user(library: Library, user: str, names: Sequence[str]) -> None:
    """Let somebody read these collections and nothing else; none: everything again. Raises
    CollectionNotFound.
    """
    known_names = known_collections(library, names)
    with library.database.transaction() as database:
        database.execute("DELETE FROM user_collections WHERE name = ?", (user,))
        database.executemany(
            "INSERT INTO user_collections (name, collection) VALUES (?, ?)",
            [(user, name) for name in known_names],
        )


def collections_of_user(library: Library, user: str) -> tuple[str, ...]:
    """The collections that somebody is limited to; empty: not limited. Where all of them were
    deleted, their names are still given: nothing is in them.
    """
    sql = "SELECT collection FROM user_collections WHERE name = ? ORDER BY collection"
    names = tuple(row[0] for row in _rows(library, sql, user)) if user else ()
    known_names = (
        {row[0] for row in _rows(library, "SELECT name FROM collections")} if names else set()
    )
    return tuple(name for name in names if name in known_names) or names


def _origins(rule: Rule, places: dict[str, tuple[str, ...]]) -> list[str | None]:
    """The beginnings of the origins that a rule names. Raises ValueError for an unknown source."""
    if rule.source is None:
        return [None]
    if rule.source not in places:
        raise ValueError(f"{rule.source!r} is no source of articles of this library")
    return [f"{place}{sign}" for place in places[rule.source] for sign in ":!/"]


def _rules(library: Library, name: str) -> tuple[Rule, ...]:
    """The rules, those of one source as one."""
    rows = _rows(
        library,
        """SELECT outlet, language, since, until, origin FROM collection_rules
           WHERE collection = ? ORDER BY number""",
        name,
    )
    known_names = choices(library).places if any(row[4] for row in rows) else {}
    names = {place: short for short, those in known_names.items() for place in those}
    rules = [
        Rule(
            outlet,
            language,
            to_day(since),
            to_day(until),
            names.get(origin[:-1], origin[:-1]) if origin else None,
        )
        for outlet, language, since, until, origin in rows
    ]
    return tuple(dict.fromkeys(rules))


def _check_articles(library: Library, article_ids: Sequence[str]) -> None:
    known_names: set[str] = set()
    for first in range(0, len(article_ids), _BATCH):
        part = article_ids[first : first + _BATCH]
        sql = f"SELECT id FROM articles WHERE id IN ({placeholders(part)})"
        known_names |= {row[0] for row in _rows(library, sql, *part)}
    for article_id in article_ids:
        if article_id not in known_names:
            raise ArticleNotFound(article_id)


def _by_hand(database: Any, name: str) -> int:
    sql = "SELECT count(*) FROM collection_articles WHERE collection = ?"
    return int(database.execute(sql, (name,)).fetchone()[0])


def _rows(library: Library, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with library.connection() as database:
        return database.execute(sql, values).fetchall()
