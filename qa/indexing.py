"""Brings the vector index in step with the library: what is pending in, what is removed out."""

from collections.abc import Callable

from qa.library_writer import LibraryWriter
from qa.seams import Embedder, VectorEntry, VectorIndex

__all__ = ["drain", "rebuild"]

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
    while keys := writer.library.removals(_BATCH):
        index.delete(keys)
        writer.mark_removed(keys)
    embedded = 0
    while pending := writer.library.pending(_BATCH):
        # The title goes into the vector, never into the text.
        texts = [f"{item.passage.title}. {item.passage.text}" for item in pending]
        entries = [
            VectorEntry(
                key=item.key,
                article_id=item.passage.article_id,
                version=item.version,
                start=item.passage.start,
                published=int(f"{item.passage.published:%Y%m%d}") if item.passage.published else 0,
                source=(item.passage.source or "").lower(),
            )
            for item in pending
        ]
        index.upsert(entries, embedder.embed_passages(texts))
        writer.mark_indexed([item.key for item in pending])
        embedded += len(pending)
        on_progress(len(pending))
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
