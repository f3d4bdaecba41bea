"""Brings the vector index in step with the library: what is pending in, what is removed out."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from qa.library import Pending
from qa.library_writer import LibraryWriter
from qa.seams import Embedder, VectorEntry, VectorIndex, Vectors

__all__ = ["drain", "rebuild", "remove"]

_BATCH = 2000


def drain(
    writer: LibraryWriter,
    embedder: Embedder,
    index: VectorIndex,
    *,
    on_progress: Callable[[int], None] = lambda count: None,
) -> int:
    """Delete the vectors of removed passages, embed and add the pending ones; returns how many
    were embedded. ``on_progress`` gets the size of each batch done.

    Killed anywhere, it finishes when called again: a key leaves *pending* or *removals* only when
    the index has it, or has it no more, and both operations may be repeated.
    """
    library = writer.library
    while keys := library.removals(_BATCH):
        index.delete(keys)
        writer.mark_removed(keys)

    def store(pending: Sequence[Pending], vectors: Vectors) -> int:
        index.upsert([_entry(item) for item in pending], vectors)
        writer.mark_indexed([item.key for item in pending])
        on_progress(len(pending))
        return len(pending)

    embedded, last = 0, 0
    # One batch is stored while the next is embedded.
    with ThreadPoolExecutor(1) as pool:
        storing: Future[int] | None = None
        while pending := library.pending(_BATCH, after=last):
            last = pending[-1].key
            # The title goes into the vector, never into the text.
            texts = [f"{item.passage.title}. {item.passage.text}" for item in pending]
            vectors = embedder.embed_passages(texts)
            embedded += storing.result() if storing else 0
            storing = pool.submit(store, pending, vectors)
        embedded += storing.result() if storing else 0
    return embedded


def rebuild(
    writer: LibraryWriter,
    embedder: Embedder,
    index: VectorIndex,
    *,
    on_progress: Callable[[int], None] = lambda count: None,
) -> int:
    """Make the index anew from the library with the embedder in use; returns how many vectors."""
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
        published=int(f"{passage.published:%Y%m%d}") if passage.published else 0,
        source=(passage.source or "").lower(),
    )


def remove(
    writer: LibraryWriter, embedder: Embedder, index: VectorIndex, article_ids: Sequence[str]
) -> dict[str, str]:
    """Take articles out of the library and the index; returns their titles by id.

    Raises ArticleNotFound before anything is removed if one of them is not there.
    """
    titles = {id_: writer.library.article(id_).title for id_ in article_ids}
    for id_ in titles:
        writer.remove(id_)
    drain(writer, embedder, index)
    return titles
