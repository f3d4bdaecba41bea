"""Brings the indexes in step with the library: what is pending in, what is removed out."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from qa.language.dates import day_number
from qa.library.pending import pending_passages, removed_keys
from qa.library.tables.rows import Pending
from qa.library.writer import LibraryWriter
from qa.protocols import Embedder, VectorEntry, VectorIndex, Vectors

__all__ = ["drain", "rebuild", "restore"]

_BATCH = 2000
# How often a vector that no search finds is made again before it is set apart.
_ROUNDS = 2


def drain(
    writer: LibraryWriter,
    embedder: Embedder,
    index: VectorIndex,
    *,
    on_progress: Callable[[int], None] = lambda count: None,
) -> int:
    """Bring the word index in step, delete the vectors of removed passages, embed and add the
    pending ones; returns how many were embedded. ``on_progress`` gets the size of each batch done.

    Killed anywhere, it finishes when called again: a key leaves *pending* or *removals* only when
    the index has it, or has it no more, and both operations may be repeated. What the index had
    already, as after a kill, is then searched for, and restored if it cannot be found.
    """
    # Of several workers one goes on for all of them, and each ends when nothing is left.
    with writer.library.database.turn("drain"):
        writer.index_words()
        embedded_count, replaced_ids = _add_pending(writer, embedder, index, on_progress)
    if replaced_ids:
        restore(writer, embedder, index, replaced_ids, on_progress=on_progress)
    return embedded_count


def restore(
    writer: LibraryWriter,
    embedder: Embedder,
    index: VectorIndex,
    keys: Sequence[int],
    *,
    on_progress: Callable[[int], None] = lambda count: None,
) -> None:
    """See to it that a search for each of these vectors finds it: what is hidden is made again,
    and set apart if the graph still hides it. Keys without a passage are left alone.
    """
    unreachable_keys = index.unreachable(keys)
    for _ in range(_ROUNDS):
        if not unreachable_keys:
            return
        writer.mark_pending(unreachable_keys)
        _add_pending(writer, embedder, index, on_progress)
        unreachable_keys = index.unreachable(unreachable_keys)
    if unreachable_keys:
        index.set_apart(unreachable_keys)
        # A new generation: other processes are to see it too.
        writer.mark_indexed(unreachable_keys)


def _add_pending(
    writer: LibraryWriter,
    embedder: Embedder,
    index: VectorIndex,
    on_progress: Callable[[int], None],
) -> tuple[int, list[int]]:
    """How many were embedded, and the keys that the index had already."""
    library = writer.library
    while keys := removed_keys(library, _BATCH):
        index.delete(keys)
        writer.mark_removed(keys)

    replaced_ids: list[int] = []

    def store(pending: Sequence[Pending], vectors: Vectors) -> int:
        replaced_ids.extend(index.upsert([_entry(item) for item in pending], vectors))
        writer.mark_indexed([item.key for item in pending])
        on_progress(len(pending))
        return len(pending)

    embedded_count, last = 0, 0
    # One batch is stored while the next is embedded.
    with ThreadPoolExecutor(1) as pool:
        storing: Future[int] | None = None
        while pending := pending_passages(library, _BATCH, after=last):
            last = pending[-1].key
            # The title goes into the vector, never into the text.
            texts = [f"{item.passage.title}. {item.passage.text}" for item in pending]
            vectors = embedder.embed_passages(texts)
            embedded_count += storing.result() if storing else 0
            storing = pool.submit(store, pending, vectors)
        embedded_count += storing.result() if storing else 0
    return embedded_count, replaced_ids


def rebuild(
    writer: LibraryWriter,
    embedder: Embedder,
    index: VectorIndex,
    *,
    on_progress: Callable[[int], None] = lambda count: None,
) -> int:
    """Make the indexes anew from the library, vectors with the embedder in use; returns how many
    vectors.
    """
    writer.rebuild_words()
    writer.mark_all_pending()
    index.clear()
    return drain(writer, embedder, index, on_progress=on_progress)


def _entry(item: Pending) -> VectorEntry:
    passage = item.passage
    return VectorEntry(
        key=item.key,
        article_id=passage.article_id,
        version=item.version,
        start=passage.start,
        published=day_number(passage.published),
        source=(passage.source or "").lower(),
    )
