"""Which articles of a library carry one text: the tables of signatures, bands and clusters.

Two articles are joined when their signatures share a band and ``copies`` finds them to be copies; a
cluster is whatever is joined directly or through others, so it depends on the articles that are
there and never on the order in which they came. A change of an article leaves its cluster *loose*
(without a number), and ``settle`` joins what is loose again, in the same transaction.
"""

import struct
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from qa.language.similarity import METHOD, Shingles, are_copies, shingles, sign
from qa.library.store import Library
from qa.library.tables.connection import Connection
from qa.library.tables.rows import placeholders, to_day
from qa.records.article import Copy

__all__ = [
    "Member",
    "all_clusters",
    "clear_signatures",
    "clusters_of",
    "copies_of",
    "copies_of_run",
    "drop_signature",
    "faults",
    "members",
    "passages_of",
    "settle",
    "without_signature",
    "write_signature",
]

_COPY = "a.id, a.title, a.url, a.source, a.published"
_EARLIEST_FIRST = "a.published IS NULL, a.published, a.key"
# More copies of one text than this are not looked at when a question is answered.
_MEMBERS = 100


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a cluster, with the key of one of its passages."""

    copy: Copy
    passage: int


def copies_of(library: Library, article_id: str) -> tuple[Copy, ...]:
    """The other articles of its cluster, the earliest published first, undated ones last."""
    rows = _rows(
        library,
        f"""SELECT {_COPY} FROM signatures s JOIN articles a ON a.key = s.article
            WHERE s.cluster = (SELECT cluster FROM signatures JOIN articles ON key = article
                               WHERE id = ?) AND a.id <> ? ORDER BY {_EARLIEST_FIRST}""",
        article_id,
        article_id,
    )
    return tuple(_copy(row) for row in rows)


def all_clusters(library: Library) -> list[tuple[Copy, ...]]:
    """Every cluster of two articles or more, the earliest article of each first; largest first."""
    clusters: dict[int, list[Copy]] = defaultdict(list)
    for number, *row in _rows(
        library,
        f"""SELECT s.cluster, {_COPY} FROM signatures s JOIN articles a ON a.key = s.article
            WHERE s.cluster IN (SELECT cluster FROM signatures GROUP BY cluster HAVING count(*) > 1)
            ORDER BY {_EARLIEST_FIRST}""",
    ):
        clusters[number].append(_copy(row))
    return sorted(map(tuple, clusters.values()), key=len, reverse=True)


def copies_of_run(library: Library, run_id: int) -> int:
    """How many articles that a run of the journal stored are copies of one stored before them."""
    ((count,),) = _rows(
        library,
        """SELECT count(*) FROM signatures s JOIN articles a ON a.key = s.article
           WHERE s.cluster <> s.article
             AND a.ingested >= (SELECT started FROM runs WHERE key = ?)""",
        run_id,
    )
    return int(count)


def clusters_of(library: Library, passages: list[int]) -> dict[int, int]:
    """The number of the cluster of each passage key whose article has a copy."""
    return dict(
        _rows(
            library,
            f"""SELECT p.key, s.cluster FROM passages p JOIN signatures s USING (article)
                WHERE p.key IN ({placeholders(passages)})
                  AND EXISTS (SELECT 1 FROM signatures o
                              WHERE o.cluster = s.cluster AND o.article <> s.article)""",
            *passages,
        )
    )


def members(library: Library, cluster: int) -> list[Member]:
    """The first hundred articles of a cluster that have passages, the earliest published first."""
    rows = _rows(
        library,
        f"""SELECT min(p.key), {_COPY} FROM signatures s JOIN articles a ON a.key = s.article
            JOIN passages p ON p.article = a.key
            WHERE s.cluster = ? GROUP BY a.key ORDER BY {_EARLIEST_FIRST} LIMIT {_MEMBERS}""",
        cluster,
    )
    return [Member(_copy(row), key) for key, *row in rows]


def passages_of(library: Library, article_id: str) -> list[int]:
    """The keys of an article's passages in reading order; empty when it is gone."""
    rows = _rows(
        library,
        """SELECT p.key FROM passages p JOIN articles a ON a.key = p.article
           WHERE a.id = ? ORDER BY p.start""",
        article_id,
    )
    return [row[0] for row in rows]


def faults(library: Library) -> int:
    """How many articles lack a signature, or have one that was made from something else."""
    ((count,),) = _rows(
        library,
        """SELECT count(*) FROM (
               SELECT a.key FROM articles a LEFT JOIN signatures s ON s.article = a.key
               WHERE s.cluster IS NULL OR s.hash <> a.hash OR s.method <> ?
               UNION
               SELECT article FROM (
                   SELECT article, length(bands) / 8 AS n FROM signatures
                   UNION ALL SELECT article, -count(*) FROM bands GROUP BY article)
               GROUP BY article HAVING sum(n) <> 0)""",
        METHOD,
    )
    return int(count)


def without_signature(library: Library, limit: int) -> list[int]:
    """The keys of up to ``limit`` articles without a signature of the present kind."""
    rows = _rows(
        library,
        """SELECT a.key FROM articles a LEFT JOIN signatures s ON s.article = a.key
           WHERE s.cluster IS NULL OR s.hash <> a.hash OR s.method <> ? LIMIT ?""",
        METHOD,
        limit,
    )
    return [row[0] for row in rows]


# Within a transaction of the writer


def write_signature(database: Connection, key: int) -> None:
    """Sign an article that has no signature; it is loose then."""
    title, text, content = database.execute(
        "SELECT title, text, hash FROM articles WHERE key = ?", (key,)
    ).fetchone()
    bands = sign(title, text)
    database.execute(
        "INSERT INTO signatures VALUES (?, ?, ?, ?, NULL)", (key, METHOD, content, _pack(bands))
    )
    database.executemany("INSERT INTO bands VALUES (?, ?)", [(band, key) for band in bands])


def drop_signature(database: Connection, key: int) -> None:
    """Forget the signature of an article, if it has one, and leave its cluster loose."""
    row = database.execute(
        "SELECT bands, cluster FROM signatures WHERE article = ?", (key,)
    ).fetchone()
    if row is None:
        return
    packed_bands, cluster = row
    bands = _unpack(packed_bands)
    database.execute(
        f"DELETE FROM bands WHERE band IN ({placeholders(bands)}) AND article = ?", (*bands, key)
    )
    database.execute("DELETE FROM signatures WHERE article = ?", (key,))
    # Without it, what is left of the cluster may fall apart.
    database.execute("UPDATE signatures SET cluster = NULL WHERE cluster = ?", (cluster,))


def clear_signatures(database: Connection) -> None:
    """Forget all of them."""
    database.execute("DELETE FROM bands")
    database.execute("DELETE FROM signatures")


def settle(database: Connection) -> None:
    """Join every loose article with its copies. A cluster's number is its smallest article key."""
    loose = database.execute(
        "SELECT article, bands FROM signatures WHERE cluster IS NULL ORDER BY article"
    ).fetchall()
    database.execute("UPDATE signatures SET cluster = article WHERE cluster IS NULL")
    shingles_of: dict[int, Shingles] = {}

    def of(key: int) -> Shingles:
        if key not in shingles_of:
            sql = "SELECT title, text FROM articles WHERE key = ?"
            shingles_of[key] = shingles(*database.execute(sql, (key,)).fetchone())
        return shingles_of[key]

    cluster_of: dict[bytes, int] = {}
    for key, packed_bands in loose:
        twin = cluster_of.setdefault(packed_bands, key)
        if twin != key and np.array_equal(of(twin), of(key)):
            # The same words have the same copies, which were found for the first of them.
            if packed_bands:
                _join(database, key, twin)
            continue
        for candidates in _candidates(database, key, _unpack(packed_bands)):
            if any(are_copies(of(key), of(other)) for other in candidates):
                _join(database, key, candidates[0])


def _candidates(database: Connection, key: int, bands: tuple[int, ...]) -> list[list[int]]:
    """The articles that share a band with it, by cluster; those of its own cluster left out."""
    keys_in_band: dict[int, list[int]] = defaultdict(list)
    for cluster, other in database.execute(
        f"""SELECT s.cluster, s.article FROM signatures s WHERE s.article IN
                (SELECT article FROM bands WHERE band IN ({placeholders(bands)}))
              AND s.cluster <> (SELECT cluster FROM signatures WHERE article = ?)""",
        (*bands, key),
    ):
        keys_in_band[cluster].append(other)
    return list(keys_in_band.values())


def _join(database: Connection, one: int, other: int) -> None:
    low, high = sorted(
        database.execute("SELECT cluster FROM signatures WHERE article = ?", (key,)).fetchone()[0]
        for key in (one, other)
    )
    database.execute("UPDATE signatures SET cluster = ? WHERE cluster = ?", (low, high))


def _rows(library: Library, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with library.connection() as database:
        return database.execute(sql, values).fetchall()


def _copy(row: Any) -> Copy:
    id_, title, url, source, publication_day = row
    return Copy(id_, title, url, source, to_day(publication_day))


def _pack(bands: tuple[int, ...]) -> bytes:
    return struct.pack(f"={len(bands)}q", *bands)


def _unpack(packed_bands: bytes) -> tuple[int, ...]:
    return struct.unpack(f"={len(packed_bands) // 8}q", packed_bands)
