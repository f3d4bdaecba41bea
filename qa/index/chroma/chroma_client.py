"""A collection of vectors in Chroma: opened, locked, closed, and opened anew when it fails.

The only module that knows chromadb. It knows nothing of passages.
"""

import itertools
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from qa.errors import EmbedderMismatch, IndexUnavailable
from qa.index.chroma.chroma_files import (
    delete_tree,
    is_read_only,
    record_checksums,
    same_checksums,
    writable_copy,
)
from qa.index.chroma.chroma_package import close_client, is_failure, load_chromadb, server_address
from qa.library.locks import index_lock, writer_died
from qa.runtime.permissions import make_private_file, make_private_folder, restrict

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

__all__ = ["ChromaConnection"]

# The width keeps the first hundred neighbours complete. The links keep near-identical passages,
# wire copies say, from hiding one another: with Chroma's default of 16, a sixth of 590 such
# vectors could not be found at all, with 64 none, and building takes no longer.
_GRAPH = {"space": "cosine", "ef_search": 200, "max_neighbors": 64}

# What a child process does to find out whether a folder can be opened and searched: a damaged
# graph may crash whoever walks through it, so every vector is searched for, up to 20,000.
_PROBE = """
import sys
import chromadb
from chromadb.config import Settings
settings = Settings(_env_file=None, anonymized_telemetry=False)
client = chromadb.PersistentClient(sys.argv[1], settings=settings)
for collection in client.list_collections():
    for first in range(0, min(collection.count(), 20_000), 500):
        rows = collection.get(limit=500, offset=first, include=["embeddings"])["embeddings"]
        collection.query(query_embeddings=rows, n_results=10, include=[])
"""

_T = TypeVar("_T")
_open_paths: set[str] = set()
_open_guard = threading.Lock()


class ChromaConnection:
    """One collection, cosine space, made for one embedder. Safe to share between threads."""

    def __init__(
        self,
        target: Path | str,
        name: str,
        embedder: Mapping[str, str | int],
        on_open: "Callable[[Collection], None]" = lambda collection: None,
    ) -> None:
        """``target`` is a library folder (Chroma runs embedded) or the URL of a Chroma server;
        ``embedder`` has its fingerprint and its dimension. ``closings`` counts how often it was
        closed, after which anything may be there. ``on_open`` gets what was opened while no other
        process can write: later, vectors that another one changed cannot be read.
        """
        self._target = target if isinstance(target, Path) else server_address(target)
        self._name = name
        self._embedder = embedder
        self._on_open = on_open
        self._guard = threading.Lock()
        self._client: ClientAPI | None = None
        self._collection: Collection | None = None
        self._path = ""
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        self._generation = -1
        self._opened_at, self._open_took = 0.0, 0.0
        self.closings = 0

    @property
    def is_embedded(self) -> bool:
        """Whether it lies in a folder, not on a server."""
        return isinstance(self._target, Path)

    def run(self, operation: "Callable[[Collection], _T]", *, write: bool = False) -> _T:
        """Run against the open collection; once more, opened anew, if that fails.

        What another process wrote or cleared meanwhile can make an open client fail.
        Raises IndexUnavailable, EmbedderMismatch.
        """
        failure: BaseException | None = None
        while True:
            self._open()
            with self._lock(exclusive=write):
                if self._collection is None:  # closed by another thread just now
                    continue
                try:
                    result = operation(self._collection)
                    if write:
                        self._record()
                    return result
                except BaseException as error:
                    if not is_failure(error):
                        raise
                    if failure is not None:
                        raise self._unavailable(error) from error
                    failure = error
            self.close()

    def clear(self) -> None:
        """Forget everything, and take on the embedder in use."""
        self.close()
        with self._guard, self._lock(exclusive=True):
            try:
                if isinstance(self._target, Path):
                    # The folder may be damaged, and Chroma leaves files of deleted collections.
                    delete_tree(self._target / "chroma")
                    self._record()
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
        """Let go of files and connections; using the collection again opens them."""
        # The exclusive lock waits for the searches of other threads to end.
        with self._guard, self._lock(exclusive=True):
            client, self._client, self._collection = self._client, None, None
            self.closings += 1
            if client is not None:
                close_client(client)
                if isinstance(self._target, Path) and self._copy is None:
                    restrict(self._target / "chroma")
            with _open_guard:
                _open_paths.discard(self._path)
            if self._copy is not None:
                self._copy.cleanup()
                self._copy = None

    def check(self) -> None:
        """Open the embedded folder in a child process, since a damaged one can crash ours.

        Raises IndexUnavailable.
        """
        if not isinstance(self._target, Path) or not (self._target / "chroma").exists():
            return
        with self._lock(exclusive=True), writable_copy(self._target / "chroma") as folder:
            probe = subprocess.run(
                # What lies in the current folder is neither imported nor read.
                [sys.executable, "-P", "-c", _PROBE, str(folder.absolute())],
                cwd="/",
                capture_output=True,
                text=True,
                check=False,
                timeout=600,
            )
        if probe.returncode:
            last = (probe.stderr.strip().splitlines() or ["it crashed"])[-1]
            raise self._unavailable(RuntimeError(last))

    def _open(self) -> None:
        with self._guard:
            if self._collection is not None:
                return
            start_time = time.monotonic()
            if isinstance(self._target, Path) and not self._is_trusted(self._target):
                self.check()
            with self._lock(exclusive=True):
                try:
                    self._client = self._client or self._connect()
                    collection = self._find(self._client)
                    # Loads the graph, so that later searches only read memory.
                    if collection.count():
                        probe = np.ones((1, int(self._embedder["dimension"])), dtype=np.float32)
                        collection.query(query_embeddings=cast(Any, probe), n_results=1, include=[])
                    self._on_open(collection)
                    self._record()
                except BaseException as error:
                    if isinstance(error, EmbedderMismatch) or not is_failure(error):
                        raise
                    raise self._unavailable(error) from error
                self._collection = collection
            self._opened_at = time.monotonic()
            self._open_took = self._opened_at - start_time

    @staticmethod
    def _is_trusted(folder: Path) -> bool:
        """Whether the folder is as it was left by whoever used it last, and they ended well."""
        return not writer_died(folder) and same_checksums(folder)

    def _record(self) -> None:
        if isinstance(self._target, Path) and self._copy is None:
            # Chroma makes its files as the umask has it.
            restrict(self._target / "chroma")
            record_checksums(self._target)

    def _connect(self) -> "ClientAPI":
        chromadb, settings = load_chromadb()
        if isinstance(self._target, tuple):
            host, port, ssl = self._target
            return cast(
                "ClientAPI",
                chromadb.HttpClient(host=host, port=port, ssl=ssl, settings=settings),
            )
        path = self._target / "chroma"
        if is_read_only(self._target):
            # Chroma writes wherever it reads: it gets a copy, which goes when it is closed.
            self._copy = tempfile.TemporaryDirectory(prefix="article-qa-")
            path = Path(self._copy.name) / "chroma"
            shutil.copytree(self._target / "chroma", path)
        make_private_folder(path)
        make_private_file(path / "chroma.sqlite3")
        # Clients of one path share a cache that never sees other processes. A spelling of the
        # path that nobody else has open gives a client that reads the folder afresh.
        with _open_guard:
            spellings = (str(path) + "/." * number for number in itertools.count())
            self._path = next(spelling for spelling in spellings if spelling not in _open_paths)
            _open_paths.add(self._path)
        return cast("ClientAPI", chromadb.PersistentClient(self._path, settings=settings))

    def _find(self, client: "ClientAPI") -> "Collection":
        # An existing collection keeps its own metadata, whatever is passed here.
        collection = client.get_or_create_collection(
            self._name,
            embedding_function=None,
            metadata=dict(self._embedder),
            configuration=cast(Any, {"hnsw": _GRAPH}),
        )
        metadata = collection.metadata or {}
        if any(metadata.get(key) != value for key, value in self._embedder.items()):
            raise EmbedderMismatch(
                stored=f"{metadata.get('embedder')} ({metadata.get('dimension')} dimensions)",
                current=f"{self._embedder['embedder']} ({self._embedder['dimension']} dimensions)",
            )
        return collection

    def _lock(self, *, exclusive: bool) -> AbstractContextManager[None]:
        if isinstance(self._target, Path):
            return index_lock(self._target, exclusive=exclusive)
        return nullcontext()

    def _unavailable(self, error: BaseException) -> IndexUnavailable:
        if isinstance(self._target, Path):
            where = f"the vector index in {self._target / 'chroma'} cannot be used"
            way_out = "run `article-qa doctor --repair`, which rebuilds it from the library"
            if "no space left" in str(error).lower() or "disk is full" in str(error).lower():
                way_out = "make room on the disk and run it again"
        else:
            where = f"the Chroma server at {self._target[0]}:{self._target[1]} did not answer"
            way_out = "start it, or unset QA_CHROMA_URL to use the embedded index"
        reason = " ".join(str(error).split())
        return IndexUnavailable(f"{where} ({type(error).__name__}: {reason}); {way_out}")
