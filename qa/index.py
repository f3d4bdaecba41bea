"""Passage vectors in Chroma: embedded in the library folder, or on a Chroma server.

The only module that knows chromadb. Everything in it is derived and can be rebuilt from the
library. Chroma's distances become similarities here, once.
"""

import itertools
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlsplit

import numpy as np

from qa.asking import Scope
from qa.errors import ConfigError, EmbedderMismatch, IndexUnavailable
from qa.lock import index_lock, writer_died
from qa.seams import Embedder, Match, VectorEntry, Vectors

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection
    from chromadb.api.types import GetResult, QueryResult

__all__ = ["ChromaIndex"]

# Chroma refuses more than 5,461 records a call; smaller calls let searches in between.
_BATCH = 1000
# The width keeps the first hundred neighbours complete. The links keep near-identical passages,
# wire copies say, from hiding one another: with Chroma's default of 16, a sixth of 590 such
# vectors could not be found at all, with 64 none, and building takes no longer.
_GRAPH = {"space": "cosine", "ef_search": 200, "max_neighbors": 64}
_NAME = "passages"
# Cosine distance up to which two vectors say much the same.
_ALIKE = 0.1

# What a child process does to find out whether a folder can be opened and searched.
_PROBE = """
import sys
import chromadb
from chromadb.config import Settings
client = chromadb.PersistentClient(sys.argv[1], settings=Settings(anonymized_telemetry=False))
for collection in client.list_collections():
    found = collection.get(limit=1, include=["embeddings"])
    if found["ids"]:
        collection.query(query_embeddings=found["embeddings"], n_results=10, include=[])
"""

_T = TypeVar("_T")
_open_paths: set[str] = set()
_open_guard = threading.Lock()


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
        self._target = target if isinstance(target, Path) else _server(target)
        self._embedder = embedder
        self._name = name
        self._guard = threading.Lock()
        self._client: ClientAPI | None = None
        self._collection: Collection | None = None
        self._path = ""
        self._generation = -1
        self._opened_at, self._open_took = 0.0, 0.0

    def upsert(self, entries: Sequence[VectorEntry], vectors: Vectors) -> None:
        """Add or replace, in step with the rows of ``vectors``."""
        for first in range(0, len(entries), _BATCH):
            part = entries[first : first + _BATCH]
            rows = cast(Any, vectors[first : first + _BATCH])
            ids = [str(entry.key) for entry in part]
            metadatas = [_metadata(entry) for entry in part]
            self._run(_upsert(ids, rows, metadatas), write=True)

    def delete(self, keys: Sequence[int]) -> None:
        """Take vectors out; unknown keys are ignored."""
        for first in range(0, len(keys), _BATCH):
            ids = [str(key) for key in keys[first : first + _BATCH]]
            self._run(_delete(ids), write=True)

    def search(self, vector: Vectors, k: int, scope: Scope) -> list[Match]:
        """The nearest ``k`` within the scope, best first; none for a zero vector."""
        if not vector.any():
            return []
        found = self._run(_query(vector[None, :], k, _where(scope)))
        distances = (found["distances"] or [[]])[0]
        # Chroma returns cosine distances; above this line higher is better.
        return [
            Match(int(key), 1.0 - float(distance))
            for key, distance in zip(found["ids"][0], distances, strict=True)
        ]

    def entries(self) -> dict[int, VectorEntry]:
        """Everything the index holds, by key."""
        found = self._run(lambda collection: collection.get(include=["metadatas"]))
        return {
            int(key): VectorEntry(key=int(key), **cast(Any, metadata))
            for key, metadata in zip(found["ids"], found["metadatas"] or [], strict=True)
        }

    def unreachable(self) -> list[int]:
        """Keys that are counted but that no search finds, nor anything much like them.

        Among very many near-identical vectors the graph always hides some behind the others.
        """
        count = self.count()
        if not count:
            return []
        found = self._run(_query(self._probe(), count))
        held = self._run(lambda collection: collection.get(include=[]))
        unseen = sorted(set(held["ids"]) - set(found["ids"][0]), key=int)
        lost: list[int] = []
        for first in range(0, len(unseen), _BATCH):
            ids = unseen[first : first + _BATCH]
            rows = self._run(_vectors(ids))
            nearest = self._run(_query(np.asarray(rows["embeddings"], dtype=np.float32), 1))
            lost += [
                int(key)
                for key, distances in zip(rows["ids"], nearest["distances"] or [], strict=True)
                if not distances or distances[0] > _ALIKE
            ]
        return lost

    def count(self) -> int:
        """How many vectors there are."""
        return self._run(lambda collection: int(collection.count()))

    def clear(self) -> None:
        """Forget everything, and take on the embedder in use."""
        self.close()
        with self._guard, self._lock(exclusive=True):
            try:
                if isinstance(self._target, Path):
                    # The folder may be damaged, and Chroma leaves files of deleted collections.
                    shutil.rmtree(self._target / "chroma", ignore_errors=True)
                else:
                    client = self._client = self._connect()
                    names = [collection.name for collection in client.list_collections()]
                    if self._name in names:
                        client.delete_collection(self._name)
            except Exception as error:
                raise self._unavailable(error) from error

    def refresh(self, generation: int) -> None:
        """See what another process wrote before this generation of the library.

        Chroma's embedded client does not notice other writers, so it is opened anew; at most a
        tenth of the time goes into that, and until then new passages are found by words alone.
        """
        if not isinstance(self._target, Path) or generation == self._generation:
            return
        if time.monotonic() - self._opened_at > 10 * self._open_took:
            self.close()
            self._generation = generation

    def close(self) -> None:
        """Let go of files and connections; using the index again opens them."""
        # The exclusive lock waits for the searches of other threads to end.
        with self._guard, self._lock(exclusive=True):
            client, self._client, self._collection = self._client, None, None
            if client is not None:
                _close(client)
            with _open_guard:
                _open_paths.discard(self._path)

    def _run(self, operation: "Callable[[Collection], _T]", *, write: bool = False) -> _T:
        """Run against the open collection; once more, opened anew, if that fails.

        What another process wrote or cleared meanwhile can make an open client fail.
        """
        failure: Exception | None = None
        while True:
            self._open()
            with self._lock(exclusive=write):
                if self._collection is None:  # closed by another thread just now
                    continue
                try:
                    return operation(self._collection)
                except Exception as error:
                    if failure is not None:
                        raise self._unavailable(error) from error
                    failure = error
            self.close()

    def _open(self) -> None:
        with self._guard:
            if self._collection is not None:
                return
            started = time.monotonic()
            if isinstance(self._target, Path) and writer_died(self._target):
                self.check()
            with self._lock(exclusive=True):
                try:
                    self._client = self._client or self._connect()
                    collection = self._find(self._client)
                    # Loads the graph, so that later searches only read memory.
                    if collection.count():
                        _query(self._probe(), 1)(collection)
                except EmbedderMismatch:
                    raise
                except Exception as error:
                    raise self._unavailable(error) from error
                self._collection = collection
            self._opened_at = time.monotonic()
            self._open_took = self._opened_at - started

    def check(self) -> None:
        """Open the embedded folder in a child process, since a damaged one can crash ours.

        Raises IndexUnavailable.
        """
        if not isinstance(self._target, Path) or not (self._target / "chroma").exists():
            return
        with self._lock(exclusive=True):
            probe = subprocess.run(
                [sys.executable, "-c", _PROBE, str(self._target / "chroma")],
                capture_output=True,
                text=True,
                check=False,
                timeout=600,
            )
        if probe.returncode:
            last = (probe.stderr.strip().splitlines() or ["it crashed"])[-1]
            raise self._unavailable(RuntimeError(last))

    def _connect(self) -> "ClientAPI":
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        if isinstance(self._target, tuple):
            host, port, ssl = self._target
            return chromadb.HttpClient(host=host, port=port, ssl=ssl, settings=settings)
        path = self._target / "chroma"
        path.mkdir(parents=True, exist_ok=True)
        # Clients of one path share a cache that never sees other processes. A spelling of the
        # path that nobody else has open gives a client that reads the folder afresh.
        with _open_guard:
            spellings = (str(path) + "/." * number for number in itertools.count())
            self._path = next(spelling for spelling in spellings if spelling not in _open_paths)
            _open_paths.add(self._path)
        return chromadb.PersistentClient(self._path, settings=settings)

    def _find(self, client: "ClientAPI") -> "Collection":
        ours = {
            "embedder": self._embedder.fingerprint,
            "dimension": self._embedder.dimension,
        }
        # An existing collection keeps its own metadata, whatever is passed here.
        collection = client.get_or_create_collection(
            self._name,
            embedding_function=None,
            metadata=ours,
            configuration=cast(Any, {"hnsw": _GRAPH}),
        )
        stored = collection.metadata or {}
        if any(stored.get(key) != value for key, value in ours.items()):
            raise EmbedderMismatch(
                stored=f"{stored.get('embedder')} ({stored.get('dimension')} dimensions)",
                current=f"{ours['embedder']} ({ours['dimension']} dimensions)",
            )
        return collection

    def _probe(self) -> Vectors:
        """Any vector, for a search whose result does not matter."""
        return np.ones((1, self._embedder.dimension), dtype=np.float32)

    def _lock(self, *, exclusive: bool) -> AbstractContextManager[None]:
        if isinstance(self._target, Path):
            return index_lock(self._target, exclusive=exclusive)
        return nullcontext()

    def _unavailable(self, error: Exception) -> IndexUnavailable:
        if isinstance(self._target, Path):
            where = f"the vector index in {self._target / 'chroma'} cannot be used"
            way_out = "run `article-qa doctor --repair`, which rebuilds it from the library"
        else:
            where = f"the Chroma server at {self._target[0]}:{self._target[1]} did not answer"
            way_out = "start it, or unset QA_CHROMA_URL to use the embedded index"
        return IndexUnavailable(f"{where} ({type(error).__name__}: {error}); {way_out}")


def _close(client: Any) -> None:
    # Chroma's own close leaves its connections to a server open.
    servers = [client._server, client._admin_client._server]
    client.close()
    for server in servers:
        if session := getattr(server, "_session", None):
            session.close()


def _server(url: str) -> tuple[str, int, bool]:
    example = f"QA_CHROMA_URL is {url!r}; it should read like http://127.0.0.1:8000"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ConfigError(example) from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(example)
    ssl = parts.scheme == "https"
    return parts.hostname, port or (443 if ssl else 80), ssl


def _query(
    vectors: Vectors, k: int, where: dict[str, Any] | None = None
) -> "Callable[[Collection], QueryResult]":
    return lambda collection: collection.query(
        query_embeddings=cast(Any, vectors), n_results=k, where=where, include=["distances"]
    )


def _vectors(ids: list[str]) -> "Callable[[Collection], GetResult]":
    return lambda collection: collection.get(ids=ids, include=["embeddings"])


def _upsert(ids: list[str], rows: Any, metadatas: Any) -> "Callable[[Collection], None]":
    return lambda collection: collection.upsert(ids=ids, embeddings=rows, metadatas=metadatas)


def _delete(ids: list[str]) -> "Callable[[Collection], object]":
    return lambda collection: collection.delete(ids=ids)


def _metadata(entry: VectorEntry) -> dict[str, str | int]:
    return {
        "article_id": entry.article_id,
        "version": entry.version,
        "start": entry.start,
        "published": entry.published,
        "source": entry.source,
    }


def _where(scope: Scope) -> dict[str, Any] | None:
    conditions: list[dict[str, Any]] = []
    if scope.since or scope.until:
        # Zero stands for an unknown day, which lies in no window.
        since = int(f"{scope.since:%Y%m%d}") if scope.since else 1
        days: list[dict[str, Any]] = [{"published": {"$gte": since}}]
        if scope.until:
            days.append({"published": {"$lte": int(f"{scope.until:%Y%m%d}")}})
        inside = {"$and": days} if len(days) > 1 else days[0]
        conditions.append({"$or": [inside, {"published": 0}]} if scope.undated else inside)
    if scope.sources:
        conditions.append({"source": {"$in": [source.lower() for source in scope.sources]}})
    if len(conditions) > 1:
        return {"$and": conditions}
    return conditions[0] if conditions else None
