"""The words of the passages in a Tantivy folder of the library.

Everything in it is derived and can be rebuilt from the tables. Searches take no lock: they see the
index as it was at its last commit, and another process's commit once they are told that the library
has changed. Only who holds the writer lock of the library writes.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from qa.errors import IndexUnavailable
from qa.library.lexical import analysis
from qa.library.lexical.segment_files import META, link_files, verify_files
from qa.library.lexical.tantivy_package import is_failure, load_tantivy
from qa.protocols import LexicalEntry, Match, Place
from qa.records.question import Scope
from qa.runtime.permissions import make_private_folder, restrict

if TYPE_CHECKING:
    from tantivy import Index, IndexWriter, Query, Searcher, TextAnalyzer

__all__ = ["TantivyIndex"]

_FOLDER = "words"
# Bytes in which a writer collects before it makes a segment of them.
_HEAP = 64_000_000

_T = TypeVar("_T")


class TantivyIndex:
    """The word index of one library folder. Safe to share between threads; one at a time writes."""

    def __init__(self, folder: Path) -> None:
        self._home = folder / _FOLDER
        self._guard = Lock()
        self._index: Index | None = None
        self._analyzer: TextAnalyzer | None = None
        self._generation = -1
        # Of a folder that cannot be written: Tantivy writes a lock wherever it reads.
        self._copy: tempfile.TemporaryDirectory[str] | None = None

    def upsert(self, entries: Sequence[LexicalEntry]) -> None:
        """Add or replace passages, all or none."""
        keys = [entry.key for entry in entries]

        def write(index: "Index", writer: "IndexWriter") -> None:
            writer.delete_documents_by_query(analysis.of_keys(index.schema, keys))
            for entry in entries:
                writer.add_document(analysis.document(entry))

        if entries:
            self._write(write)

    def delete(self, keys: Sequence[int]) -> None:
        """Take passages out, all or none; unknown keys are ignored."""
        if keys and self.count():
            self._write(
                lambda index, writer: writer.delete_documents_by_query(
                    analysis.of_keys(index.schema, keys)
                )
            )

    def search(self, words: Sequence[str], k: int, scope: Scope) -> list[Match]:
        """The best ``k`` passages within the scope that have any of the words, best first."""

        def find(index: "Index", analyzer: "TextAnalyzer") -> list[Match]:
            searcher = index.searcher()
            query = analysis.any_word(index.schema, searcher, analyzer, words)
            if query is None:
                return []
            query = analysis.within_scope(index.schema, query, scope)
            hits = searcher.search(query, k, count=False).hits
            keys = searcher.fast_field_values("key", [address for _, address in hits])
            matches = [
                Match(int(key or 0), score) for key, (score, _) in zip(keys, hits, strict=True)
            ]
            return sorted(matches, key=lambda match: (-match.similarity, match.key))

        return self._read(find, [])

    def having(
        self, words: str, *, place: Place = "text", apart: int = 0, limit: int | None = None
    ) -> list[int]:
        """The keys of passages in which the words stand in a row, in no order, up to ``limit``."""

        def find(index: "Index", analyzer: "TextAnalyzer") -> list[int]:
            searcher = index.searcher()
            query = analysis.phrase(index.schema, searcher, analyzer, words, place, apart)
            return _keys(searcher, query, limit) if query else []

        return self._read(find, [])

    def words_of(self, text: str) -> list[str]:
        """The words of a text as the index has them, in order."""
        return analysis.words_of(self._analysis(), text)

    def keys(self) -> list[int]:
        """The keys of all passages that it holds."""
        all_query = load_tantivy().Query.all_query()
        return self._read(lambda index, _: _keys(index.searcher(), all_query, None), [])

    def count(self) -> int:
        """How many passages it holds. Raises IndexUnavailable for a damaged index."""
        return self._read(lambda index, _: index.searcher().num_docs, 0)

    def check(self) -> None:
        """Read every file of it. Raises IndexUnavailable if one is not as it was written."""
        try:
            if (self._home / META).exists():
                verify_files(self._home)
        except (ValueError, OSError, KeyError, TypeError) as error:
            raise self._unavailable(error) from error
        self.count()

    def clear(self) -> None:
        """Forget everything, whatever is there."""
        self.close()
        try:
            if self._home.is_dir():
                shutil.rmtree(self._home)
        except OSError as error:
            raise self._unavailable(error) from error

    def refresh(self, generation: int) -> None:
        """See what another process wrote before this generation of the library."""
        if generation == self._generation:
            return
        if self._copy is not None:
            self.close()
        elif self._index is not None:
            self._read(lambda index, _: index.reload(), None)
        self._generation = generation

    def close(self) -> None:
        """Let go of files; using the index again opens them."""
        with self._guard:
            self._index = None
            if self._copy is not None:
                self._copy.cleanup()
                self._copy = None

    def _read(self, operation: "Callable[[Index, TextAnalyzer], _T]", nothing: _T) -> _T:
        """Run against the open index; once more, opened anew, if that fails, as when another
        process cleared it meanwhile. ``nothing`` is what an index that is not there gives.
        """
        failure: BaseException | None = None
        while True:
            try:
                index = self._opened()
                return operation(index, self._analysis()) if index else nothing
            except BaseException as error:
                if not is_failure(error):
                    raise
                self.close()
                if failure is not None:
                    raise self._unavailable(error) from error
                failure = error

    def _write(self, operation: "Callable[[Index, IndexWriter], object]") -> None:
        """Commit what the operation writes: a process that is killed leaves the last commit."""
        self.count()  # raises for a damaged index
        try:
            index = self._opened() or self._made()
            writer = index.writer(_HEAP, 1)
            operation(index, writer)
            writer.commit()
            writer.wait_merging_threads()
            index.reload()
            if self._copy is None:
                restrict(self._home)
        except BaseException as error:
            if not is_failure(error):
                raise
            raise self._unavailable(error) from error

    def _opened(self) -> "Index | None":
        with self._guard:
            if self._index is None and (self._home / META).exists():
                folder = self._home
                if not os.access(folder, os.W_OK):
                    folder = self._made_copy()
                    link_files(self._home, folder)
                verify_files(folder)
                self._index = self._open(folder)
            return self._index

    def _made(self) -> "Index":
        with self._guard:
            folder = self._home
            if os.access(self._home.parent, os.W_OK):
                make_private_folder(folder)
            else:
                folder = self._made_copy()
            self._index = self._open(folder)
            return self._index

    def _made_copy(self) -> Path:
        # A thread of the index may still write its lock while the folder is deleted.
        self._copy = tempfile.TemporaryDirectory(prefix="article-qa-", ignore_cleanup_errors=True)
        return Path(self._copy.name)

    def _open(self, folder: Path) -> "Index":
        index: Index = load_tantivy().Index(analysis.make_schema(), str(folder))
        index.register_tokenizer(analysis.ANALYZER, self._analysis())
        # It is told when to look for what others wrote.
        index.config_reader("manual")
        index.reload()
        return index

    def _analysis(self) -> "TextAnalyzer":
        self._analyzer = self._analyzer or analysis.make_analyzer()
        return self._analyzer

    def _unavailable(self, error: BaseException) -> IndexUnavailable:
        way_out = "run `article-qa doctor --repair`, which makes it anew from the articles"
        if "no space left" in str(error).lower():
            way_out = "make room on the disk and run it again"
        reason = " ".join(str(error).split())
        return IndexUnavailable(
            f"the word index in {self._home} cannot be used ({reason}); {way_out}"
        )


def _keys(searcher: "Searcher", query: "Query", limit: int | None) -> list[int]:
    hits = searcher.search(query, limit or max(1, searcher.num_docs), count=False).hits
    keys = searcher.fast_field_values("key", [address for _, address in hits])
    return [int(key or 0) for key in keys]
