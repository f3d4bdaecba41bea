"""Passage vectors in Chroma: embedded in the library folder, or on a Chroma server.

Everything in it is derived and can be rebuilt from the library. Chroma's distances become
similarities here, once.

A graph of neighbours (HNSW, Malkov and Yashunin 2018) leads no search to about one vector in a
thousand, and Chroma links what it has not yet written out anew, and differently, whenever a folder
is opened. So the vectors of a library of ordinary size are compared one by one, which is exact and
takes no longer; the graph is for the others.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from qa.errors import EmbedderMismatch, IndexUnavailable
from qa.index.chroma.chroma_client import ChromaConnection
from qa.index.exact_search import ComparedVectors, unit_rows
from qa.index.vector_metadata import entry_of, metadata_of, where_clause
from qa.index.vector_snapshot import load_snapshot, save_snapshot
from qa.library.locks import index_lock
from qa.protocols import Embedder, Match, VectorEntry, Vectors
from qa.records.question import Scope

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection as VectorCollection
    from chromadb.api.types import QueryResult

__all__ = ["ChromaIndex"]

# Chroma refuses more than 5,461 records a call; smaller calls let searches in between.
_BATCH = 1000
_NAME = "passages"
# Vectors of a folder up to which a search compares all of them: reading these takes half a second,
# a search among them 1 ms (256 dimensions), where the graph takes 4 to 9.
_EXACT = 10_000
# Marks a vector that is compared by itself, since the graph leads no search to it.
_APART_FLAG = "apart"
# How many neighbours a search for a vector itself looks at: first few, then as many as an answer's
# search does.
_WIDTHS = (10, 100)
# Cosine distance of vectors that are one, as far as their 32 bits tell.
_EQUAL = 1e-5

_T = TypeVar("_T")


class ChromaIndex:
    """One collection, cosine space, made for one embedder. Safe to share between threads."""

    def __init__(
        self,
        target: Path | str,
        embedder: Embedder,
        *,
        name: str = _NAME,
    ) -> None:
        """``target`` is a library folder (Chroma runs embedded) or the URL of a Chroma server."""
        made_for: dict[str, str | int] = {
            "embedder": embedder.fingerprint,
            "dimension": embedder.dimension,
        }
        self._folder = target if isinstance(target, Path) else None
        self._made_for = {"collection": name, **made_for}
        self._chroma = ChromaConnection(target, name, made_for, self._read_compared)
        # Those compared one by one, with the state of the index they were read in.
        self._compared: tuple[object, ComparedVectors] | None = None
        self._changes = 0

    def upsert(self, entries: Sequence[VectorEntry], vectors: Vectors) -> list[int]:
        """Add or replace, in step with the rows of ``vectors``; returns the keys replaced.

        What is there is deleted and added anew: changed in place, one vector in a hundred or so
        loses its links in the graph, and no search finds it any more.
        """
        replaced_ids: list[int] = []
        for first in range(0, len(entries), _BATCH):
            part = entries[first : first + _BATCH]
            rows = cast(Any, vectors[first : first + _BATCH])
            ids = [str(entry.key) for entry in part]
            metadatas = [metadata_of(entry) for entry in part]
            replaced_ids += map(int, self._write(_replace(ids, rows, metadatas)))
        return replaced_ids

    def delete(self, keys: Sequence[int]) -> None:
        """Take vectors out; unknown keys are ignored."""
        for ids in _batches(keys):
            self._write(_delete(ids))

    def search(self, vector: Vectors, k: int, scope: Scope) -> list[Match]:
        """The nearest ``k`` within the scope, best first; none for a zero vector."""
        if not vector.any():
            return []
        exact_vectors = self._compared_vectors()
        if exact_vectors.is_everything:
            nearest = exact_vectors.best_within(vector, k, scope)
        else:
            where = where_clause(scope)
            result = self._chroma.run(_query(vector[None, :], k, where))
            distances = (result["distances"] or [[]])[0]
            # Chroma returns cosine distances; above this line higher is better.
            nearest = {
                id_: 1.0 - float(distance)
                for id_, distance in zip(result["ids"][0], distances, strict=True)
            }
            if exact_vectors.ids:
                allowed_ids = self._chroma.run(_ids_within(where)) if where else None
                nearest |= exact_vectors.best(vector, k, allowed_ids)
        best = sorted(nearest.items(), key=lambda each: -each[1])
        return [Match(int(id_), similarity) for id_, similarity in best[:k]]

    def entries(self) -> dict[int, VectorEntry]:
        """Everything the index holds, by key."""
        stored_entries = self._chroma.run(lambda collection: collection.get(include=["metadatas"]))
        return {
            int(key): entry_of(int(key), metadata)
            for key, metadata in zip(
                stored_entries["ids"], stored_entries["metadatas"] or [], strict=True
            )
        }

    def unreachable(self, keys: Sequence[int]) -> list[int]:
        """Those of the keys that a search for their own vector does not find, and those that are
        not there at all; vectors of zeros, which are near nothing, are left out.

        A search that finds a hundred vectors like it to the last digit has found it.
        """
        missed_ids: list[int] = []
        exact_ids = self._compared_vectors().numbers
        for ids in _batches(keys):
            rest = [id_ for id_ in ids if id_ not in exact_ids]
            if rest:
                missed_ids += map(int, self._chroma.run(_find_missed(rest)))
        return missed_ids

    def set_apart(self, keys: Sequence[int]) -> None:
        """From now on a search compares its vector with each of these, whatever the graph does.

        For vectors that the graph hides however they are added: thousands that are nearly one.
        """
        for ids in _batches(keys):
            self._write(_mark_apart(ids))

    def count(self) -> int:
        """How many vectors there are."""
        return self._chroma.run(lambda collection: int(collection.count()))

    def clear(self) -> None:
        """Forget everything, and take on the embedder in use."""
        self._chroma.clear()

    def refresh(self, generation: int) -> None:
        """See what another process wrote before this generation of the library, soon."""
        self._chroma.refresh(generation)

    def check(self) -> None:
        """Look in a child process whether using the index would fail, or crash the process.

        Raises IndexUnavailable.
        """
        self._chroma.check()

    def close(self) -> None:
        """Let go of files and connections; using the index again opens them."""
        if self._folder is not None and self._changes and self._is_read_before_changes():
            # So that the next process need not open Chroma.
            with suppress(IndexUnavailable, EmbedderMismatch):
                self._chroma.run(self._read_compared)
        self._chroma.close()

    def warm(self) -> None:
        """Read what a search compares now rather than in the first one. Raises IndexUnavailable,
        EmbedderMismatch.
        """
        self._compared_vectors()

    def _write(self, operation: "Callable[[VectorCollection], _T]") -> _T:
        try:
            return self._chroma.run(operation, write=True)
        finally:
            self._changes += 1

    def _compared_vectors(self) -> ComparedVectors:
        def current(collection: "VectorCollection") -> ComparedVectors:
            # Opening it may have read them.
            if self._compared is None or self._compared[0] != self._state():
                self._read_compared(collection)
            assert self._compared is not None
            return self._compared[1]

        cached_vectors, state = self._compared, self._state()
        if cached_vectors and cached_vectors[0] == state:
            return cached_vectors[1]
        if snapshot := self._load_snapshot():
            self._compared = (state, snapshot)
            return snapshot
        return self._chroma.run(current)

    def _load_snapshot(self) -> ComparedVectors | None:
        if self._folder is None or not _EXACT:
            return None
        with index_lock(self._folder, exclusive=False):
            return load_snapshot(self._folder, self._made_for)

    def _read_compared(self, collection: "VectorCollection") -> None:
        """Everything where there is little enough of it, else what is set apart."""
        state = self._state()
        vector_limit = _EXACT if self._chroma.is_embedded else 0
        is_everything = collection.count() <= vector_limit
        where = None if is_everything else cast(Any, {_APART_FLAG: 1})
        stored_entries = collection.get(where=where, include=["embeddings", "metadatas"])
        keys, metadatas = stored_entries["ids"], stored_entries["metadatas"] or []
        entries = [entry_of(int(key), each) for key, each in zip(keys, metadatas, strict=True)]
        arrays: dict[str, Any] = {
            "ids": np.array([entry.key for entry in entries], np.int64),
            "rows": np.asarray(stored_entries["embeddings"], np.float32),
            "days": np.array([entry.published for entry in entries], np.int64),
            "outlets": np.array([entry.source for entry in entries], np.str_),
        }
        exact_vectors = ComparedVectors(**arrays, is_everything=is_everything)
        if is_everything and self._folder is not None:
            save_snapshot(self._folder, self._made_for, arrays)
        self._compared = (state, exact_vectors)

    def _is_read_before_changes(self) -> bool:
        return self._compared is None or self._compared[0] != self._state()

    def _state(self) -> tuple[int, int]:
        """Changes when the vectors may be others than those that were read."""
        return self._changes, self._chroma.closings


def _batches(keys: Sequence[int]) -> list[list[str]]:
    return [
        [str(key) for key in keys[first : first + _BATCH]] for first in range(0, len(keys), _BATCH)
    ]


def _query(
    vectors: Vectors, k: int, where: dict[str, Any] | None = None
) -> "Callable[[VectorCollection], QueryResult]":
    return lambda collection: collection.query(
        query_embeddings=cast(Any, vectors), n_results=k, where=where, include=["distances"]
    )


def _replace(
    ids: list[str], rows: Any, metadatas: Any
) -> "Callable[[VectorCollection], list[str]]":
    def replace(collection: "VectorCollection") -> list[str]:
        known_ids = list(collection.get(ids=ids, include=[])["ids"]) if ids else []
        if known_ids:
            collection.delete(ids=known_ids)
        if ids:
            collection.add(ids=ids, embeddings=rows, metadatas=metadatas)
        return known_ids

    return replace


def _delete(ids: list[str]) -> "Callable[[VectorCollection], object]":
    return lambda collection: collection.delete(ids=ids)


def _ids_within(where: dict[str, Any]) -> "Callable[[VectorCollection], list[str]]":
    return lambda collection: list(collection.get(where=where, include=[])["ids"])


def _find_missed(ids: list[str]) -> "Callable[[VectorCollection], list[str]]":
    def missed_ids(collection: "VectorCollection") -> list[str]:
        stored_entries = collection.get(ids=ids, include=["embeddings"])
        rows = unit_rows(np.asarray(stored_entries["embeddings"], np.float32))
        number = {id_: row for row, id_ in enumerate(stored_entries["ids"]) if rows[row].any()}
        for width in _WIDTHS:
            if number:
                results = _query(rows[[*number.values()]], width)(collection)
                for id_, neighbours, distances in zip(
                    list(number), results["ids"], results["distances"] or [], strict=True
                ):
                    if id_ in neighbours or (len(neighbours) == width and distances[-1] < _EQUAL):
                        del number[id_]
        return [*number, *(set(ids) - set(stored_entries["ids"]))]

    return missed_ids


def _mark_apart(ids: list[str]) -> "Callable[[VectorCollection], None]":
    def mark(collection: "VectorCollection") -> None:
        stored_ids = collection.get(ids=ids, include=[])["ids"]
        if stored_ids:
            collection.update(ids=stored_ids, metadatas=[{_APART_FLAG: 1} for _ in stored_ids])

    return mark
