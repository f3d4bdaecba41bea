"""The words of a library: which it holds, which are like another, which stand together."""

from collections.abc import Sequence
from typing import Any

from qa.errors import IndexUnavailable, LibraryDamaged
from qa.library.store import Library
from qa.library.tables.rows import placeholders

__all__ = [
    "article_counts",
    "in_language",
    "is_held",
    "languages",
    "stand_in_a_row",
    "stand_together",
    "words_of_length",
]


def is_held(library: Library, word: str) -> bool:
    """Whether some passage has the word, in any of its forms; true if the index is damaged."""
    return _stands(library, word)


def stand_together(library: Library, words: tuple[str, str]) -> bool:
    """Whether some passage has the two words with at most two others between them."""
    return _stands(library, " ".join(words), apart=2)


def stand_in_a_row(library: Library, words: Sequence[str]) -> bool:
    """Whether some passage has the words, one right after the other."""
    return _stands(library, " ".join(words))


def languages(library: Library) -> dict[str, int]:
    """How many articles are in each language, most first; under the empty string, unknown."""
    sql = "SELECT language, count(*) FROM articles GROUP BY language ORDER BY 2 DESC, 1"
    with library.reading() as database:
        return {language or "": count for language, count in database.execute(sql)}


def in_language(library: Library, article_ids: Sequence[str], language: str) -> set[str]:
    """Those of the articles that are in a language, or whose language is unknown."""
    sql = f"""SELECT id FROM articles WHERE id IN ({placeholders(article_ids)})
              AND coalesce(language, '') IN ('', ?)"""
    return {row[0] for row in _rows(library, sql, *article_ids, language)}


def words_of_length(library: Library, shortest: int, longest: int) -> list[str]:
    """The words of so many letters, without capitals and accents; none if they are damaged."""
    # As one value: a row for each of some ten thousand words takes ten times as long.
    sql = "SELECT {join_texts}(word, ' ') FROM words WHERE length(word) BETWEEN ? AND ?"
    return [word for (words,) in _rows(library, sql, shortest, longest) for word in words.split()]


def article_counts(library: Library, words: Sequence[str]) -> dict[str, int]:
    """How many articles have each of these words, as ``words_of_length`` gives them."""
    sql = f"SELECT word, articles FROM words WHERE word IN ({placeholders(words)})"
    return dict(_rows(library, sql, *words))


def _rows(library: Library, sql: str, *values: str | int) -> list[Any]:
    try:
        with library.reading() as database:
            statement = sql.format(join_texts=database.dialect.join_texts)
            return [row for row in database.execute(statement, values) if row[0] is not None]
    except LibraryDamaged:
        # The search says so, and how it is mended.
        return []


def _stands(library: Library, words: str, *, apart: int = 0) -> bool:
    try:
        return bool(library.words().having(words, apart=apart, limit=1))
    except IndexUnavailable:
        # The search says so, and how it is mended.
        return True
