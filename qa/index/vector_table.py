"""Passage vectors in the database of the library: pgvector.

All are compared while there are few, which is exact; from then on a graph of neighbours (HNSW,
Malkov and Yashunin 2018) over half-precision copies leads to the nearest, and the full ones say how
near they are. Dates and outlets are conditions of the statement.
"""

from collections.abc import Sequence

import numpy as np

from qa.errors import EmbedderMismatch
from qa.library.postgres.scope import index_condition
from qa.library.tables.connection import Connection, Database
from qa.protocols import Embedder, Match, VectorEntry, Vectors
from qa.records.question import Scope

__all__ = ["VectorTable"]

# Vectors up to which there is no graph: comparing them takes some milliseconds.
_EXACT = 10_000
_BATCH = 1000
# How many neighbours a search for a vector itself looks at, and the cosine distance of vectors that
# are one, as far as their 32 bits tell.
_WIDTH, _EQUAL = 100, 1e-5


class VectorTable:
    """The vectors of one library, made by one embedder. Safe to share between threads."""

    def __init__(self, database: Database, embedder: Embedder) -> None:
        self._database = database
        self._embedder = embedder
        self._half = f"embedding::halfvec({embedder.dimension})"

    def upsert(self, entries: Sequence[VectorEntry], vectors: Vectors) -> list[int]:
        """Add or replace, in step with the rows of ``vectors``; returns the keys replaced."""
        replaced_keys: list[int] = []
        for first in range(0, len(entries), _BATCH):
            part = entries[first : first + _BATCH]
            keys = [entry.key for entry in part]
            with self._database.transaction() as database:
                if self._has_graph(database) is None:
                    row = (self._embedder.fingerprint, self._embedder.dimension)
                    database.execute("INSERT INTO embedder VALUES (?, ?)", row)
                sql = "DELETE FROM vectors WHERE key = ANY(?) RETURNING key"
                replaced_keys += sorted(row[0] for row in database.execute(sql, (keys,)))
                database.execute(
                    """INSERT INTO vectors
                           (key, article_id, version, start, published, source, embedding)
                       SELECT key, article_id, version, start, published, source, raw::vector
                       FROM unnest(?::bigint[], ?::text[], ?::int[], ?::int[], ?::int[],
                                   ?::text[], ?::text[])
                            AS t (key, article_id, version, start, published, source, raw)""",
                    (
                        keys,
                        [entry.article_id for entry in part],
                        [entry.version for entry in part],
                        [entry.start for entry in part],
                        [entry.published for entry in part],
                        [entry.source for entry in part],
                        [_text(row) for row in vectors[first : first + _BATCH]],
                    ),
                )
        self._make_graph()
        return replaced_keys

    def delete(self, keys: Sequence[int]) -> None:
        """Take vectors out; unknown keys are ignored."""
        if keys:
            with self._database.transaction() as database:
                database.execute("DELETE FROM vectors WHERE key = ANY(?)", (list(keys),))

    def search(self, vector: Vectors, k: int, scope: Scope) -> list[Match]:
        """The nearest ``k`` within the scope, best first; none for a zero vector."""
        if not vector.any():
            return []
        where, values = index_condition(scope)
        with self._database.reading() as database:
            near = self._half if self._has_graph(database) else "embedding"
            kind = f"halfvec({vector.shape[0]})" if near == self._half else "vector"
            # What is set apart is compared, whatever the graph does.
            rows = database.execute(
                f"""SELECT key, min(distance) AS distance FROM (
                        (SELECT key, embedding <=> ?::vector AS distance FROM vectors
                         WHERE {where} ORDER BY {near} <=> ?::{kind} LIMIT ?)
                        UNION ALL
                        (SELECT key, embedding <=> ?::vector FROM vectors
                         WHERE apart AND {where} ORDER BY 2 LIMIT ?)) near
                    GROUP BY key ORDER BY distance, key LIMIT ?""",
                (text := _text(vector), *values, text, k, text, *values, k, k),
            ).fetchall()
        # pgvector returns cosine distances, which vectors of zeros have none of; above this line
        # higher is better.
        return [Match(key, 1.0 - distance) for key, distance in rows if distance == distance]

    def entries(self) -> dict[int, VectorEntry]:
        """Everything the index holds, by key."""
        sql = "SELECT key, article_id, version, start, published, source FROM vectors"
        with self._database.connection() as database:
            self._has_graph(database)
            return {row[0]: VectorEntry(*row) for row in database.execute(sql)}

    def unreachable(self, keys: Sequence[int]) -> list[int]:
        """Those of the keys that a search for their own vector does not find, and those that are
        not there at all; vectors of zeros, which are near nothing, are left out.

        A search that finds a hundred vectors like it to the last digit has found it.
        """
        missed_keys: list[int] = []
        with self._database.connection() as database:
            has_graph = self._has_graph(database)
            for first in range(0, len(keys), _BATCH):
                part = list(keys[first : first + _BATCH])
                sql = "SELECT key FROM vectors WHERE key = ANY(?)"
                stored_keys = {row[0] for row in database.execute(sql, (part,))}
                missed_keys += [key for key in part if key not in stored_keys]
                if has_graph:
                    missed_keys += [row[0] for row in database.execute(self._missed, (part,))]
        return sorted(missed_keys)

    def set_apart(self, keys: Sequence[int]) -> None:
        """From now on a search compares its vector with each of these, whatever the graph does."""
        with self._database.transaction() as database:
            database.execute("UPDATE vectors SET apart = TRUE WHERE key = ANY(?)", (list(keys),))

    def count(self) -> int:
        """How many vectors there are. Raises EmbedderMismatch."""
        with self._database.connection() as database:
            self._has_graph(database)
            return int(database.execute("SELECT count(*) FROM vectors").fetchone()[0])

    def clear(self) -> None:
        """Forget everything, and take on the embedder in use."""
        with self._database.transaction() as database:
            database.execute("DROP INDEX IF EXISTS vectors_near")
            database.execute("TRUNCATE vectors, embedder")

    def check(self) -> None:
        """Nothing that the database does not see to by itself; raises EmbedderMismatch."""
        self.count()

    def refresh(self, generation: int) -> None:
        """Nothing to do: every statement sees what was committed before it."""

    def warm(self) -> None:
        """Connect now rather than in the first search."""
        with self._database.connection() as database:
            self._has_graph(database)

    def close(self) -> None:
        """Let go of connections; using the index again opens them."""
        self._database.close()

    @property
    def _missed(self) -> str:
        near = self._half.replace("embedding", "other.embedding")
        own = self._half.replace("embedding", "v.embedding")
        return f"""
            SELECT v.key FROM vectors v CROSS JOIN LATERAL (
                SELECT bool_or(key = v.key) AS found, count(*) AS width, max(distance) AS last
                FROM (SELECT other.key, other.embedding <=> v.embedding AS distance
                      FROM vectors other ORDER BY {near} <=> {own} LIMIT {_WIDTH}) each) nearest
            WHERE v.key = ANY(?) AND NOT v.apart AND vector_norm(v.embedding) > 0
              AND nearest.found IS NOT TRUE
              AND NOT (nearest.width = {_WIDTH} AND nearest.last < {_EQUAL})"""

    def _has_graph(self, database: Connection) -> bool | None:
        """Whether there is a graph; None where nothing was ever stored. Raises EmbedderMismatch."""
        row = database.execute(
            "SELECT fingerprint, dimension, to_regclass('vectors_near') IS NOT NULL FROM embedder"
        ).fetchone()
        if row is None:
            return None
        fingerprint, dimension, has_graph = row
        in_use = (self._embedder.fingerprint, self._embedder.dimension)
        if (fingerprint, dimension) != in_use:
            raise EmbedderMismatch(stored=fingerprint, current=in_use[0])
        return bool(has_graph)

    def _make_graph(self) -> None:
        """Where there are many vectors and no graph yet."""
        with self._database.connection() as database:
            if self._has_graph(database) is not False:
                return
            # Counts no further than it has to.
            sql = "SELECT count(*) FROM (SELECT 1 FROM vectors LIMIT ?) first_ones"
            if database.execute(sql, (_EXACT + 1,)).fetchone()[0] <= _EXACT:
                return
        with self._database.transaction() as database:
            database.execute(
                f"CREATE INDEX IF NOT EXISTS vectors_near ON vectors "
                f"USING hnsw (({self._half}) halfvec_cosine_ops)"
            )


def _text(vector: Vectors) -> str:
    """A vector as pgvector reads it."""
    return "[" + ",".join(map(repr, np.asarray(vector, np.float32).tolist())) + "]"
