"""Everything that changes a library. One writer at a time, each change one transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from qa.errors import ArticleNotFound, IndexUnavailable, LibraryLocked, LibraryReadOnly
from qa.library import duplicates as clusters
from qa.library.drafts import (
    Draft,
    Outcome,
    drop_passages,
    key_rows,
    put_draft,
    storable,
    utc_now,
    write_passages,
)
from qa.library.locks import writer_died, writer_lock
from qa.library.pending import removed_words, unindexed_words
from qa.library.store import Library
from qa.library.tables import word_counts
from qa.library.tables.connection import Connection
from qa.library.tables.identity import Identities, find_row
from qa.records.article import Passage
from qa.runtime.location import is_database
from qa.runtime.permissions import restrict_library

__all__ = ["LibraryWriter", "open_writer", "take_over_words"]

# Articles signed between two commits.
_BATCH = 500
# Passages that the word index takes in one commit.
_WORDS_BATCH = 10_000


@contextmanager
def open_writer(library: Library, *, wait: bool = False) -> Iterator["LibraryWriter"]:
    """Write to the library until the block ends; what was stored is then found by its words.
    Raises LibraryLocked, unless ``wait``, and LibraryReadOnly.
    """
    if library.read_only:
        raise LibraryReadOnly(library.name)
    with _turn(library, wait=wait) as died:
        writer = LibraryWriter(library, died)
        yield writer
        writer.index_words()


@contextmanager
def _turn(library: Library, *, wait: bool) -> Iterator[bool]:
    """While we may write; whether the writer before died. In a database many write, each change
    in turn, and what one leaves half done is rolled back.
    """
    if is_database(library.location):
        yield False
        return
    with writer_lock(library.folder, wait=wait) as died:
        restrict_library(library.folder)
        yield died


def take_over_words(library: Library) -> None:
    """Make the word index of a library that has none though it has articles, as one of an earlier
    version; left to the next writer where one is writing, or ended badly.
    """
    index = library.lexical_index
    try:
        if index.count() or not library.counts()["passages"]:
            return
    except IndexUnavailable:
        # The search says so, and how it is mended.
        return
    if library.read_only:
        # In a copy, which goes when the library is closed.
        after = 0
        while pending := unindexed_words(library, _WORDS_BATCH, after=after):
            after = pending[-1].key
            index.upsert(pending)
    elif is_database(library.location) or not writer_died(library.folder):
        with suppress(LibraryLocked), open_writer(library):
            """Its end makes the index."""


@dataclass(slots=True)
class LibraryWriter:
    """The changing half of a library; get one from ``open_writer``.

    ``after_death`` tells that the writer before did not end well, until what it left is mended.
    """

    library: Library
    after_death: bool = False

    def put(self, drafts: Iterable[Draft], identities: Identities | None = None) -> list[Outcome]:
        """Store articles, all or none; their passages become *pending*.

        The same content again is ``unchanged``. Other content under a known id is a new version:
        the old text is kept, its passages go; unless it is another article, which is kept apart
        and noted in ``identities``, those of a run. A damaged article is replaced, and not kept.
        """
        identities = identities or Identities()
        with self.transaction() as database:
            outcomes = [put_draft(database, draft, identities) for draft in drafts]
            clusters.settle(database)
            return outcomes

    def remove(self, *article_ids: str) -> None:
        """Take articles and their versions out, all or none. Raises ArticleNotFound."""
        with self.transaction() as database:
            for article_id in article_ids:
                stored_row = find_row(database, "id", article_id)
                if stored_row is None:
                    raise ArticleNotFound(article_id)
                drop_passages(database, stored_row)
                clusters.drop_signature(database, stored_row.key)
                database.execute("DELETE FROM articles WHERE key = ?", (stored_row.key,))
                database.execute("DELETE FROM versions WHERE id = ?", (article_id,))
                for table in ("edits", "collection_articles"):
                    database.execute(f"DELETE FROM {table} WHERE article = ?", (article_id,))
                if not stored_row.article:
                    word_counts.make(database)
            clusters.settle(database)

    def sign_articles(self, *, anew: bool = False) -> None:
        """Sign what has no signature yet, as in a library from before there were any, and find
        the copies; with ``anew`` forget all signatures first.
        """
        if anew:
            with self.transaction() as database:
                clusters.clear_signatures(database)
        while keys := clusters.without_signature(self.library, _BATCH):
            with self.transaction() as database:
                for key in keys:
                    clusters.drop_signature(database, key)
                    clusters.write_signature(database, key)
                clusters.settle(database)

    def mark_indexed(self, keys: Sequence[int]) -> None:
        """The vectors of these passages are in the index."""
        with self.transaction() as database:
            database.executemany("UPDATE passages SET indexed = TRUE WHERE key = ?", key_rows(keys))

    def mark_removed(self, keys: Sequence[int]) -> None:
        """The vectors of these keys are gone from the index."""
        with self.transaction() as database:
            database.executemany("DELETE FROM removals WHERE key = ?", key_rows(keys))

    def mark_pending(self, keys: Sequence[int]) -> None:
        """These passages need their vectors again."""
        with self.transaction() as database:
            database.executemany(
                "UPDATE passages SET indexed = FALSE WHERE key = ?", key_rows(keys)
            )

    def mark_all_pending(self) -> None:
        """The index is empty: every passage needs its vector, none is to be deleted."""
        with self.transaction() as database:
            database.execute("UPDATE passages SET indexed = FALSE")
            database.execute("DELETE FROM removals")

    def index_words(self) -> int:
        """Bring the word index in step: removed passages out, new ones in; returns how many went
        in. One that is damaged or gone is made anew.

        Killed anywhere, it finishes when called again: what the index has done already may be
        repeated.
        """
        with self.library.database.turn("words"):
            return self._index_words()

    def _index_words(self) -> int:
        library, index = self.library, self.library.lexical_index
        try:
            intact = index.count() > 0 or library.lexical_key() == 0
        except IndexUnavailable:
            intact = False
        if not intact:
            self._forget_words()
        while keys := removed_words(library, _WORDS_BATCH):
            index.delete(keys)
            with self.transaction() as database:
                sql = "DELETE FROM lexical_removals WHERE key = ?"
                database.executemany(sql, key_rows(keys))
        count = 0
        while pending := unindexed_words(library, _WORDS_BATCH, after=library.lexical_key()):
            index.upsert(pending)
            with self.transaction() as database:
                sql = "UPDATE meta SET value = ? WHERE name = 'lexical_key'"
                database.execute(sql, (pending[-1].key,))
            count += len(pending)
        return count

    def rebuild_words(self) -> int:
        """Make the word index and the counts of words again from the articles that are not
        damaged; returns how many passages the index has.
        """
        with self.transaction() as database:
            word_counts.make(database)
        self._forget_words()
        return self.index_words()

    def _forget_words(self) -> None:
        # In this order: killed in between, it is all taken over again.
        with self.transaction() as database:
            database.execute("UPDATE meta SET value = 0 WHERE name = 'lexical_key'")
            database.execute("DELETE FROM lexical_removals")
        self.library.lexical_index.clear()

    def cut_again(self, article_id: str, passages: Sequence[Passage]) -> None:
        """Give an article these passages instead of those it has. Raises ArticleNotFound."""
        with self.transaction() as database:
            stored_row = find_row(database, "id", article_id)
            if stored_row is None:
                raise ArticleNotFound(article_id)
            drop_passages(database, replace(stored_row, article=None))
            write_passages(database, stored_row.key, passages)

    def drop_stray_passages(self) -> None:
        """Drop the passages of articles that are not there."""
        strays = "SELECT key FROM passages WHERE article NOT IN (SELECT key FROM articles)"
        with self.transaction() as database:
            for table in ("removals", "lexical_removals"):
                database.execute(f"INSERT INTO {table} {strays} ON CONFLICT DO NOTHING")
            database.execute(f"DELETE FROM passages WHERE key IN ({strays})")

    def forget_versions(self, versions: Iterable[tuple[str, int]]) -> None:
        """Drop earlier versions, by article id and number; nothing cites them."""
        with self.transaction() as database:
            database.executemany("DELETE FROM versions WHERE id = ? AND version = ?", versions)

    def rebuild_table_indexes(self) -> None:
        """Make the database's own indexes anew from the tables."""
        self.library.database.reindex()

    def begin_run(self) -> int:
        """Open a line in the journal; returns its key."""
        with self.transaction() as database:
            sql = "INSERT INTO runs (started) VALUES (?) RETURNING key"
            return int(database.execute(sql, (utc_now(),)).fetchone()[0])

    def end_run(self, run_id: int, counts: Mapping[Outcome, int]) -> None:
        """Close the line with how many articles were added, updated and unchanged."""
        with self.transaction() as database:
            database.execute(
                "UPDATE runs SET finished = ?, added = ?, updated = ?, unchanged = ? WHERE key = ?",
                (utc_now(), counts["added"], counts["updated"], counts["unchanged"], run_id),
            )

    def journal_failure(self, run_id: int, origin: str, reason: str) -> None:
        """Note a source that failed, when it fails."""
        with self.transaction() as database:
            database.execute(
                "INSERT INTO failures VALUES (?, ?, ?)",
                (run_id, storable(origin), storable(reason)),
            )

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All or nothing; readers learn from the generation that something may have changed."""
        with self.library.database.transaction() as database:
            yield database
            database.execute("UPDATE meta SET value = value + 1 WHERE name = 'generation'")
