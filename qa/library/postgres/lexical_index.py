"""The words of the passages in PostgreSQL: candidates by a GIN index, ranked by BM25.

Derived from the other tables and rebuildable, as the index in a folder is. Everything it holds is
written in transactions of the database, so that other processes and replicas see it whole.
"""

from collections.abc import Sequence

from qa.errors import IndexUnavailable
from qa.language.dates import day_number
from qa.library.lexical.analysis import Analyzer, make_analyzer, words_of
from qa.library.postgres.database import PostgresDatabase
from qa.library.postgres.lexical_query import (
    candidates,
    phrase_query,
    places_and_weights,
    query_terms,
    query_weights,
    row_worth,
)
from qa.library.postgres.scope import index_condition
from qa.library.tables.connection import Connection
from qa.protocols import LexicalEntry, Match, Place
from qa.records.question import Scope

__all__ = ["PostgresWords"]

# In ``lexemes``, how many passages there are.
_TOTAL = ""
# What a word that begins with what is looked for is worth, whichever it is.
_BEGINNING_WORTH = 1.7
# Questions have some dozens of words; beyond these the rest is left out.
_MOST_WORDS = 500


class PostgresWords:
    """The word index of one database. Safe to share between threads and processes."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database
        self._cached_analyzer: Analyzer | None = None

    def upsert(self, entries: Sequence[LexicalEntry]) -> None:
        """Add or replace passages, all or none."""
        if not entries:
            return
        # The last of those under one key counts.
        by_key = {entry.key: entry for entry in entries}
        analyzer = self._analyzer()
        pairs = [places_and_weights(analyzer, entry) for entry in by_key.values()]
        keys = [*by_key]
        with self._database.transaction() as database:
            _delete(database, keys)
            database.execute(
                """INSERT INTO passage_words
                   SELECT key, published, source, words::tsvector, weights::sparsevec
                   FROM unnest(?::bigint[], ?::int[], ?::text[], ?::text[], ?::text[])
                        AS t (key, published, source, words, weights)""",
                (
                    keys,
                    [day_number(entry.published) for entry in by_key.values()],
                    [(entry.source or "").lower() for entry in by_key.values()],
                    [words for words, _ in pairs],
                    [weights for _, weights in pairs],
                ),
            )
            _count(database, keys, 1)

    def delete(self, keys: Sequence[int]) -> None:
        """Take passages out, all or none; unknown keys are ignored."""
        if keys:
            with self._database.transaction() as database:
                _delete(database, list(keys))

    def search(self, words: Sequence[str], k: int, scope: Scope) -> list[Match]:
        """The best ``k`` passages within the scope that have any of the words, best first."""
        terms = query_terms(self._analyzer(), words[:_MOST_WORDS])
        with self._database.reading() as database:
            lexemes = [_TOTAL, *terms.lexemes()]
            counts = dict(
                database.execute(
                    "SELECT lexeme, passages FROM lexemes WHERE lexeme = ANY(?)", (lexemes,)
                ).fetchall()
            )
            total = counts.pop(_TOTAL, 0)
            query = candidates(terms, counts)
            if not query:
                return []
            bonuses = [
                (phrase, row_worth(row, counts, total)) for row, phrase in terms.row_queries()
            ]
            bonuses += [(each, _BEGINNING_WORTH) for each in terms.beginning_queries()]
            extra = "".join(
                " + CASE WHEN words @@ ?::tsquery THEN ?::float8 ELSE 0 END" for _ in bonuses
            )
            where, values = index_condition(scope)
            rows = database.execute(
                f"""SELECT key, -(weights <#> ?::sparsevec){extra} AS score FROM passage_words
                    WHERE words @@ ?::tsquery AND {where} ORDER BY score DESC, key LIMIT ?""",
                (
                    query_weights(terms, counts, total),
                    *(value for bonus in bonuses for value in bonus),
                    query,
                    *values,
                    k,
                ),
            ).fetchall()
        return [Match(key, float(score)) for key, score in rows]

    def having(
        self, words: str, *, place: Place = "text", apart: int = 0, limit: int | None = None
    ) -> list[int]:
        """The keys of passages in which the words stand in a row, in no order, up to ``limit``."""
        query = phrase_query(self._analyzer(), words, place, apart)
        if not query:
            return []
        sql = "SELECT key FROM passage_words WHERE words @@ ?::tsquery LIMIT ?"
        with self._database.reading() as database:
            return [row[0] for row in database.execute(sql, (query, limit)).fetchall()]

    def words_of(self, text: str) -> list[str]:
        """The words of a text as the index has them, in order."""
        return words_of(self._analyzer(), text)

    def keys(self) -> list[int]:
        """The keys of all passages that it holds."""
        with self._database.connection() as database:
            rows = database.execute("SELECT key FROM passage_words").fetchall()
        return [row[0] for row in rows]

    def count(self) -> int:
        """How many passages it holds."""
        with self._database.connection() as database:
            sql = "SELECT passages FROM lexemes WHERE lexeme = ?"
            row = database.execute(sql, (_TOTAL,)).fetchone()
        return int(row[0]) if row else 0

    def check(self) -> None:
        """Count its passages. Raises IndexUnavailable if there are others than it says."""
        with self._database.connection() as database:
            ((rows,),) = database.execute("SELECT count(*) FROM passage_words").fetchall()
        if rows != (count := self.count()):
            raise IndexUnavailable(
                f"the word index in {self._database.location} has {rows} passages and says "
                f"{count}; run `article-qa doctor --repair`, which makes it anew from the articles"
            )

    def clear(self) -> None:
        """Forget everything."""
        with self._database.transaction() as database:
            database.execute("TRUNCATE passage_words, lexemes")

    def refresh(self, generation: int) -> None:
        """Nothing to do: every statement sees what was committed before it."""

    def close(self) -> None:
        """Let go of connections; using the index again opens them."""
        self._database.close()

    def _analyzer(self) -> Analyzer:
        self._cached_analyzer = self._cached_analyzer or make_analyzer()
        return self._cached_analyzer


def _delete(database: Connection, keys: list[int]) -> None:
    _count(database, keys, -1)
    # A word that no passage has is not kept.
    database.execute(
        """DELETE FROM lexemes WHERE passages <= 0 AND lexeme IN (
               SELECT unnest(tsvector_to_array(words)) FROM passage_words WHERE key = ANY(?))""",
        (keys,),
    )
    database.execute("DELETE FROM passage_words WHERE key = ANY(?)", (keys,))


def _count(database: Connection, keys: list[int], sign: int) -> None:
    """Count the words of these passages, and the passages, once more or no longer."""
    database.execute(
        """INSERT INTO lexemes
           SELECT lexeme, ? * count(*) FROM (
               SELECT unnest(array_append(tsvector_to_array(words), ?)) AS lexeme
               FROM passage_words WHERE key = ANY(?)) each GROUP BY lexeme
           ON CONFLICT (lexeme) DO UPDATE SET passages = lexemes.passages + excluded.passages""",
        (sign, _TOTAL, keys),
    )
