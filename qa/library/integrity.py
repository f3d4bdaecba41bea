"""Whether the library is as it was stored: the database, every article and version, the passages,
and the words derived from them.

Looks only. Knows nothing of vectors.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qa.errors import ArticleDamaged
from qa.library.pending import removed_words
from qa.library.store import Library
from qa.library.tables import word_counts
from qa.library.tables.rows import CHECKED_COLUMNS, passage_checksum, to_article, to_version

__all__ = [
    "DamagedVersion",
    "check_word_counts",
    "damaged_articles",
    "damaged_passages",
    "damaged_versions",
    "database_faults",
    "word_index_faults",
]

# Passages up to which the words of all articles are counted again.
_MOST_COMPARED = 20_000
# Keys that one statement takes.
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class DamagedVersion:
    """An earlier version that does not read as it was stored."""

    article_id: str
    version: int


def database_faults(library: Library) -> list[str]:
    """What the database itself finds wrong, up to twenty lines; empty when nothing is."""
    return library.database.faults()


def check_word_counts(library: Library) -> bool:
    """Whether the words of a library without damaged articles are counted right; of a large
    library this is not looked at.
    """
    with library.connection() as database:
        (passages,) = database.execute("SELECT count(*) FROM passages").fetchone()
        return bool(passages > _MOST_COMPARED) or word_counts.agree(database)


def damaged_articles(library: Library) -> list[tuple[ArticleDamaged, str]]:
    """The articles that do not read as they were stored, each with where it came from (empty:
    unknown).
    """
    damages: list[tuple[ArticleDamaged, str]] = []
    for *row, url, origin in _each_article(library, f"{CHECKED_COLUMNS}, url, origin"):
        try:
            to_article(row)
        except ArticleDamaged as error:
            damages.append((error, str(origin or url or "")))
    return damages


def damaged_versions(library: Library) -> list[DamagedVersion]:
    """Earlier versions that do not read as they were stored."""
    damages: list[DamagedVersion] = []
    with library.connection() as database:
        for id_, number, record, checksum in database.execute(
            "SELECT id, version, record, checksum FROM versions"
        ):
            try:
                to_version(id_, record, checksum)
            except ArticleDamaged:
                damages.append(DamagedVersion(id_, number))
    return damages


def damaged_passages(library: Library) -> list[str]:
    """The ids of articles whose passages are not those that were cut from them."""
    damages: list[str] = []
    with library.connection() as database:
        spans: dict[int, list[tuple[int, int]]] = {}
        for article, start, stop in database.execute(
            "SELECT article, start, stop FROM passages ORDER BY key"
        ):
            spans.setdefault(article, []).append((start, stop))
        for key, id_, checksum in database.execute("SELECT key, id, spans FROM articles"):
            if passage_checksum(spans.pop(key, [])) != checksum:
                damages.append(str(id_))
    # Passages of no article at all.
    damages += [f"(no article {key})" for key in spans]
    return damages


def _each_article(library: Library, columns: str) -> Iterator[tuple[Any, ...]]:
    with library.connection() as database:
        keys = [row[0] for row in database.execute("SELECT key FROM articles ORDER BY key")]
        for key in keys:
            row = database.execute(
                f"SELECT {columns} FROM articles WHERE key = ?", (key,)
            ).fetchone()
            if row is not None:
                yield row


def word_index_faults(library: Library) -> int:
    """How many passages the word index lacks, has twice, or has though they are gone; what awaits
    it is no fault. Raises IndexUnavailable for a damaged index.
    """
    words = library.words()
    words.check()
    indexed = words.keys()
    strays = {*indexed}
    with library.connection() as database:
        # Read after the index: what was added meanwhile is then no stray.
        (last,) = database.execute("SELECT value FROM meta WHERE name = 'lexical_key'").fetchone()
        keys = {row[0] for row in database.execute("SELECT key FROM passages")}
    missing = sorted(key for key in keys - strays if key <= last)
    strays -= keys | {*removed_words(library)}
    # What was damaged when the index came to it was left out.
    lacking = sum(
        len(library.passages(missing[first : first + _BATCH]))
        for first in range(0, len(missing), _BATCH)
    )
    return lacking + len(strays) + len(indexed) - len({*indexed})
