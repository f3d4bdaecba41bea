"""Takes articles out of a library and its index."""

from collections.abc import Sequence

from qa.index.doctor import recover
from qa.index.sync import drain
from qa.library.writer import LibraryWriter
from qa.protocols import Embedder, VectorIndex

__all__ = ["remove"]


def remove(
    writer: LibraryWriter, embedder: Embedder, index: VectorIndex, article_ids: Sequence[str]
) -> dict[str, str]:
    """Take articles out of the library and the index; returns their titles by id.

    Finishes first what a writer that died left behind. Raises ArticleNotFound before anything is
    removed if one of them is not there.
    """
    recover(writer, embedder, index)
    titles = {id_: writer.library.title(id_) for id_ in article_ids}
    for id_ in titles:
        writer.remove(id_)
    drain(writer, embedder, index)
    return titles
