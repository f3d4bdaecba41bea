"""Picks the concrete classes. The only module that reads the settings."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qa.compose.extract import ExtractComposer
from qa.embedders import make_embedder
from qa.errors import ConfigError
from qa.index import ChromaIndex
from qa.library import Library
from qa.pipeline import Pipeline
from qa.readers.sentence import SentenceReader
from qa.retrieve.dense import DenseLeg
from qa.retrieve.fuse import FusedRetriever
from qa.retrieve.lexical import LexicalLeg
from qa.seams import Embedder, Reader, VectorIndex
from qa.settings import Settings, load_settings

__all__ = ["READERS", "Workshop", "open_library", "open_pipeline", "open_workshop"]

READERS: dict[str, Callable[[], Reader]] = {"sentence": SentenceReader}


@dataclass(frozen=True, slots=True)
class Workshop:
    """What works on a library need: the library, and the embedder and index that go with it."""

    library: Library
    embedder: Embedder
    index: VectorIndex


@contextmanager
def open_library(library: str | Path | None = None) -> Iterator[Library]:
    """Open a library folder (default: the setting) without its index, to look things up."""
    opened = Library.open(library or load_settings().library)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def open_workshop(library: str | Path | None = None, *, create: bool = False) -> Iterator[Workshop]:
    """Open a library folder (default: the setting) with its embedder and index.

    Raises LibraryError if there is none, unless ``create``; ConfigError for a bad setting.
    """
    settings = load_settings()
    embedder = make_embedder(settings.embedder)
    opened = Library.open(library or settings.library, create=create)
    index = ChromaIndex(settings.chroma_url or opened.folder, embedder)
    try:
        yield Workshop(opened, embedder, index)
    finally:
        index.close()
        opened.close()


def open_pipeline(library: str | Path | None = None) -> Pipeline:
    """A pipeline over a library folder (default: the setting ``QA_LIBRARY``).

    Close it, or use it as a context manager. Raises LibraryError if there is no library there.

    >>> from qa import open_pipeline
    >>> with open_pipeline(library="DIR") as pipeline:  # doctest: +SKIP
    ...     print(pipeline.ask("Who won the final?").text)
    """
    settings = load_settings()
    embedder, reader = make_embedder(settings.embedder), _reader(settings)
    opened = Library.open(library or settings.library)
    index = ChromaIndex(settings.chroma_url or opened.folder, embedder)
    return Pipeline(
        library=opened,
        retriever=_retriever(opened, embedder, index),
        reader=reader,
        composer=ExtractComposer(),
        hits=settings.hits,
        on_close=index.close,
    )


def _retriever(library: Library, embedder: Embedder, index: VectorIndex) -> FusedRetriever:
    return FusedRetriever(
        library,
        {
            "words": (LexicalLeg(library), 1.0),
            "meaning": (DenseLeg(embedder, index, library), 0.5),
        },
    )


def _reader(settings: Settings) -> Reader:
    if settings.reader not in READERS:
        raise ConfigError(f"QA_READER is {settings.reader!r}; known: {', '.join(READERS)}")
    return READERS[settings.reader]()
