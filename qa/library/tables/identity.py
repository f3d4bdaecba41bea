"""Which stored article another one is: the same, an earlier version of it, or none.

Two different articles never share an id. An id or a link that comes again says that it is the same
article only as far as its source can know: row numbers and the links of sections come again for
others. Where title, day and text speak against it, both are kept, and the clash is noted.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from qa.errors import ArticleDamaged
from qa.language.similarity import overlap
from qa.library.tables.connection import Connection
from qa.library.tables.rows import CHECKED_COLUMNS, to_article
from qa.library.tables.stated import Statements, as_stated, statements
from qa.records.article import Article, derive_id, url_id

__all__ = ["UPLOAD", "Clash", "Identities", "StoredRow", "find_row", "is_same"]

# How the origin of a file begins that came to a server: by its owner and name, for it has no place.
UPLOAD = "upload:"
# Share of runs of words from which on a text is another version of one, and not another text.
_SAME_TEXT = 0.35
# Numbers that count the rows of a file, and ids of our making.
_ROW_NUMBER = re.compile(r"\d{1,6}")
_DERIVED = re.compile(r"[0-9a-f]{16}")
# Clashes that are told one by one; all are counted. Articles of one title that are compared.
_MAX_CLASHES, _MAX_NAMESAKES = 1000, 20


@dataclass(frozen=True, slots=True)
class Clash:
    """An article that came under the ``id`` of another one, and is kept as ``kept_as``."""

    origin: str
    id: str
    kept_as: str


@dataclass(frozen=True, slots=True)
class StoredRow:
    """What is stored under a table key; ``article`` is None when it is damaged."""

    key: int
    id: str
    version: int
    article: Article | None
    origin: str | None = None


def find_row(database: Connection, column: Literal["id", "key"], value: object) -> StoredRow | None:
    """The article in the one row that has the value; None if there is none."""
    return next(_rows(database, column, value), None)


def is_same(old: Article, new: Article) -> bool:
    """Whether a reader would see no difference: what ``Article.content_hash`` covers."""
    return old == replace(new, id=old.id, version=old.version, ingested=old.ingested)


@dataclass(slots=True)
class Identities:
    """What one run stored so far, and what clashed. ``clashes`` holds the first thousand of
    ``clash_count``.
    """

    clashes: list[Clash] = field(default_factory=list)
    clash_count: int = 0
    # The file that each id of this run came from.
    _files: dict[str, int] = field(default_factory=dict)
    # Keys of the articles that were stored before this run, by file, title and day, and by the
    # names of files that hold one article.
    _namesakes: dict[str, dict[int, list[int]]] = field(default_factory=dict)
    _by_name: dict[int, list[int]] | None = None
    # Nobody edits while a run writes.
    _statements: Statements | None = None

    def settle(
        self, database: Connection, article: Article, origin: str | None, *, alone: bool
    ) -> tuple[StoredRow | None, Article]:
        """The stored article that this one is, or is a version of, None if it is new; and the
        article under the id that it is to have. The stored one is as its source stated it.

        Without an origin its id is believed. ``alone`` tells that the origin holds it only.
        """
        row = next(self._stated_rows(database, "id", article.id), None)
        if row and (origin is None or not row.article or is_same(row.article, article)):
            self._note(row.id, origin, alone)
            return row, article
        if origin is None:
            return None, article
        stored = self._stored(database, row, article, origin, alone=alone)
        if stored is None:
            article = self._with_free_id(database, article, origin, taken=row is not None)
        self._note(stored.id if stored else article.id, origin, alone)
        return stored, article

    def _stored(
        self,
        database: Connection,
        row: StoredRow | None,
        article: Article,
        origin: str,
        *,
        alone: bool,
    ) -> StoredRow | None:
        """What is stored of an article that is not stored just so under its id."""
        if alone and article.has_content_id:
            # Its id says which content it had at first; the place it came from decides.
            others = [*self._stated_rows(database, "origin", origin)]
            places = [each for each in others if self._is_earlier_file(each, article, origin)]
            return _identical(places, article) or next(
                iter(places), self._moved(database, article, origin)
            )
        rows = [row] if row else []
        for id_ in _other_ids(article, origin):
            rows += [each for each in self._stated_rows(database, "id", id_) if each.article]
        if not alone and (article.has_content_id or _ROW_NUMBER.fullmatch(article.id)):
            rows += self._namesakes_of(database, article, origin)
        versions = (each for each in rows if self._is_version(each, article, origin, alone=alone))
        return _identical(rows, article) or next(versions, None)

    def _is_version(self, row: StoredRow, article: Article, origin: str, *, alone: bool) -> bool:
        """Whether an article is the next version of one that its id, link or title leads to."""
        old = row.article
        if old is None:
            return False
        by_link = article.id == url_id(article.url)
        if not by_link and old.source and article.source and old.source != article.source:
            return False
        file = _file_of(origin, alone=alone)
        in_place = row.origin is not None and file in (
            row.origin, _file_of(row.origin, alone=False)
        )  # fmt: skip
        if row.id in self._files:
            # Twice in one file are two; twice in one run may be an older and a newer state.
            in_same_file = self._files[row.id] == hash(file)
            return not in_same_file and _is_alike(old, article) and _has_same_text(old, article)
        if in_place and (alone or not (by_link or _may_be_others(article))):
            return True
        if by_link or (in_place and not article.has_content_id):
            return _is_alike(old, article) or _has_same_text(old, article)
        if not _is_alike(old, article):
            return False
        named_alike = _has_same_title(old, article) and not _may_be_others(article)
        return named_alike or _has_same_text(old, article)

    def _is_earlier_file(self, row: StoredRow, article: Article, origin: str) -> bool:
        """Whether what came from the same place is what a file held before. Uploads of one name
        may be different files.
        """
        if row.article is None or not origin.startswith(UPLOAD):
            return True
        old = row.article
        return _has_same_title(old, article) or _has_same_text(old, article)

    def _moved(self, database: Connection, article: Article, origin: str) -> StoredRow | None:
        """What a file of the same name held, elsewhere, if it reads nearly the same."""
        if self._by_name is None:
            self._by_name = defaultdict(list)
            for key, place in database.execute("SELECT key, origin FROM articles"):
                if place and "://" not in place and not re.search(r":\d+$", place):
                    self._by_name[hash(_name_of(place))].append(key)
        keys = self._by_name.get(hash(_name_of(origin)), [])[:_MAX_NAMESAKES]
        for row in (each for key in keys for each in self._stated_rows(database, "key", key)):
            old = row.article
            if (
                old
                and row.id not in self._files
                and old.source == article.source
                and _has_same_title(old, article)
                and _has_same_text(old, article)
            ):
                return row
        return None

    def _namesakes_of(self, database: Connection, article: Article, origin: str) -> list[StoredRow]:
        """The articles of the same title and day that a file held before this run."""
        file = _file_of(origin, alone=False)
        if file not in self._namesakes:
            index: dict[int, list[int]] = defaultdict(list)
            for key, id_, title, day in database.execute(
                "SELECT key, id, title, published FROM articles WHERE origin > ? AND origin < ?",
                (f"{file}:", f"{file};"),
            ).fetchall():
                stated = {"title": title, "published": day} | self._stated(database).get(id_, {})
                index[hash((stated["title"], stated["published"]))].append(key)
            # Sources follow one after the other; what one of them held is forgotten for the next.
            self._namesakes = {file: index}
        day = article.published.isoformat() if article.published else None
        keys = self._namesakes[file].get(hash((article.title, day)), [])[:_MAX_NAMESAKES]
        return [row for key in keys for row in self._stated_rows(database, "key", key)]

    def _with_free_id(
        self, database: Connection, article: Article, origin: str, *, taken: bool
    ) -> Article:
        """The article under its own id, or one that is free where that is another article's."""
        if not taken:
            return article
        for id_ in _other_ids(article, origin):
            if find_row(database, "id", id_) is None:
                break
        else:
            id_ = derive_id(json.dumps([article.id, origin, article.content_hash]))
        if not article.has_content_id:
            self.clash_count += 1
            if len(self.clashes) < _MAX_CLASHES:
                self.clashes.append(Clash(origin, article.id, id_))
        return replace(article, id=id_)

    def _stated(self, database: Connection) -> Statements:
        if self._statements is None:
            self._statements = statements(database)
        return self._statements

    def _stated_rows(
        self, database: Connection, column: Literal["id", "key", "origin"], value: object
    ) -> Iterator[StoredRow]:
        for row in _rows(database, column, value):
            stated = self._stated(database)
            yield replace(row, article=row.article and as_stated(row.article, stated))

    def _note(self, id_: str, origin: str | None, alone: bool) -> None:
        if origin is not None:
            self._files[id_] = hash(_file_of(origin, alone=alone))


def _rows(
    database: Connection, column: Literal["id", "key", "origin"], value: object
) -> Iterator[StoredRow]:
    cursor = database.execute(
        f"SELECT key, origin, {CHECKED_COLUMNS} FROM articles WHERE {column} = ?", (value,)
    )
    for key, origin, *columns in cursor.fetchall():
        try:
            article = to_article(columns)
        except ArticleDamaged:
            version = columns[10] if isinstance(columns[10], int) else 1
            yield StoredRow(key, str(columns[0]), version, None, origin)
        else:
            yield StoredRow(key, article.id, article.version, article, origin)


def _other_ids(article: Article, origin: str) -> Iterator[str]:
    """The ids that an article has where its own is that of another one: by its link, its outlet,
    its file, its title and day.
    """
    day = str(article.published or "")
    if link_id := url_id(article.url):
        yield link_id
    file = _name_of(_file_of(origin, alone=False))
    if not _DERIVED.fullmatch(article.id):
        scopes = filter(None, (article.source, file))
        yield from (f"{scope}:{article.id}" for scope in scopes)
    yield derive_id(json.dumps([article.id, file, article.title, day]))
    yield derive_id(json.dumps([article.id, origin.rpartition(":")[0], article.title, day]))


def _identical(rows: list[StoredRow], article: Article) -> StoredRow | None:
    return next((row for row in rows if row.article and is_same(row.article, article)), None)


def _may_be_others(article: Article) -> bool:
    """Whether the next state of a file may give the article's id to another one."""
    return _ROW_NUMBER.fullmatch(article.id) is not None or article.has_content_id


def _is_alike(old: Article, new: Article) -> bool:
    """Whether title and day do not speak against one article."""
    if old.published and new.published and old.published != new.published:
        return False
    return _has_same_title(old, new) or not (old.title and new.title)


def _has_same_title(old: Article, new: Article) -> bool:
    return bool(old.title) and old.title.casefold() == new.title.casefold()


def _has_same_text(old: Article, new: Article) -> bool:
    return overlap(old.text, new.text) >= _SAME_TEXT


def _file_of(origin: str, *, alone: bool) -> str:
    """The file of an article: its origin without the place in it."""
    return origin if alone else origin.rpartition(":")[0] or origin


def _name_of(origin: str) -> str:
    return re.split(r"[/!]", origin)[-1]
