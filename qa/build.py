"""Picks the concrete classes. The only module that reads the settings."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import TYPE_CHECKING

import qa.thresholds as thresholds
from qa.errors import ConfigError, ModelError
from qa.protocols import Composer, Embedder, Judge, Reader, VectorIndex
from qa.readers.fallback import SubstituteReader
from qa.readers.sentence import SentenceReader
from qa.readers.span import SpanReader
from qa.runtime.location import is_database, local_folder
from qa.runtime.openai_client import provider_of
from qa.settings import STORED, STORED_VARIABLES, Settings, load_settings

# All else is imported where it is used: meanwhile the reader's network loads.
if TYPE_CHECKING:
    from qa.chat.models import ChatModel
    from qa.library.store import Library
    from qa.pipeline import Pipeline
    from qa.retrieve.fusion import FusedRetriever

__all__ = [
    "COMPOSERS",
    "READERS",
    "STORED",
    "STORED_VARIABLES",
    "LibraryTools",
    "ParseLimits",
    "ServerAccess",
    "make_composer",
    "open_chat_model",
    "open_judge",
    "open_library",
    "open_pipeline",
    "open_tools",
    "parse_limits",
    "renew_pipeline",
    "server_access",
    "settings_of",
]

READERS: dict[str, Callable[[], Reader]] = {"span": SpanReader.shipped, "sentence": SentenceReader}


def _extract_composer(settings: Settings, folder: Path) -> Composer:
    from qa.compose.extract import ExtractComposer

    return ExtractComposer()


def _chat_composer(settings: Settings, folder: Path) -> Composer:
    from qa.chat.factory import chat_composer

    return chat_composer(settings, folder)


COMPOSERS: dict[str, Callable[[Settings, Path], Composer]] = {
    "extract": _extract_composer,
    "chat": _chat_composer,
}


@dataclass(frozen=True, slots=True)
class LibraryTools:
    """What works on a library need: the library, and the embedder and index that go with it."""

    library: "Library"
    embedder: Embedder
    index: VectorIndex


@dataclass(frozen=True, slots=True)
class ServerAccess:
    """Who gets into the server, as it is set: the token (empty: none), how many questions a minute
    one client may ask (0: any number), the proxies whose word is taken for where a client is, and
    the header in which they tell who logged in there (empty: none).
    ``library`` is what it serves: a folder, or an address.
    """

    library: str | Path
    token: str = field(repr=False)
    rate: int
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    auth_header: str = ""


def settings_of(library: str | Path | None = None) -> Settings:
    """What is set for a library (default: the setting), also in itself. Raises ConfigError."""
    from qa.library.accounts.stored import stored_preferences

    return load_settings(library, stored_preferences)


def server_access(library: str | Path | None = None) -> ServerAccess:
    """Who gets into the server over a library (default: the setting)."""
    settings = settings_of(library)
    token = settings.token.get_secret_value()
    location, header = library or settings.library, settings.proxied_user_header()
    return ServerAccess(location, token, settings.rate, settings.proxies, header)


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """What a source may take to be parsed: megabytes of memory, and seconds for one file or one
    page of pictures; and the languages in which those are read (``eng+deu``), empty for none.
    """

    memory: int
    seconds: float
    ocr_languages: str = ""


def parse_limits(library: str | Path | None = None) -> ParseLimits:
    """The limits as set for a library folder (default: the setting). Raises ConfigError."""
    settings = settings_of(library)
    return ParseLimits(settings.parse_memory, settings.parse_seconds, settings.ocr)


@contextmanager
def open_library(library: str | Path | None = None) -> "Iterator[Library]":
    """Open a library folder (default: the setting) without its index, to look things up."""
    from qa.library.store import Library

    opened_library = Library.open(library or settings_of().library)
    try:
        yield opened_library
    finally:
        opened_library.close()


@contextmanager
def open_tools(
    library: str | Path | None = None, *, create: bool = False
) -> Iterator[LibraryTools]:
    """Open a library (default: the setting) with its embedder and index. Raises LibraryError if
    there is none, unless ``create``; ConfigError for a bad setting.
    """
    tools = _open(settings_of(library), library, create=create)
    try:
        yield tools
    finally:
        tools.index.close()
        tools.library.close()


def open_pipeline(library: str | Path | None = None) -> "Pipeline":
    """A pipeline over a library folder (default: the setting ``QA_LIBRARY``).

    Close it, or use it as a context manager. Raises LibraryError if there is no library there.

    >>> from qa import open_pipeline
    >>> with open_pipeline(library="DIR") as pipeline:  # doctest: +SKIP
    ...     print(pipeline.ask("Who won the final?").text)
    """
    settings = settings_of(library)
    reader = _start_reader(settings)
    from qa.chat.factory import answering_parts
    from qa.pipeline import Parts, Pipeline

    # Made before anything is opened, for the sake of a setting that is wrong.
    folder = local_folder(library or settings.library)
    answering = answering_parts(settings, folder)
    tools = _open(settings, library, replica=settings.replica_of(library))
    parts = Parts(
        library=tools.library,
        retriever=_retriever(tools),
        reader=reader.result(),
        **answering,
        names=_names(settings, tools.embedder.fingerprint),
    )
    return Pipeline(parts, on_close=tools.index.close, on_warm=tools.index.warm)


def renew_pipeline(pipeline: "Pipeline") -> "Pipeline":
    """A pipeline over the same open library that answers as is set now; closing the given one
    closes the library of both. Raises ConfigError for a setting that cannot be used.
    """
    from qa.chat.factory import answering_parts

    folder, names = pipeline.library.folder, pipeline.parts.names
    settings = settings_of(pipeline.library.location)
    same = settings.reader == names["reader"]
    reader = pipeline.parts.reader if same else _start_reader(settings).result()
    changes = answering_parts(settings, folder)
    return pipeline.with_parts(reader=reader, **changes, names=_names(settings, names["embedder"]))


def _names(settings: Settings, embedder: str) -> dict[str, str]:
    return {
        "reader": settings.reader,
        "composer": "chat" if settings.chat else "extract",
        **({"chat": settings.chat} if settings.chat else {}),
        "embedder": embedder,
        "hits": str(settings.hits),
    }


def make_composer(name: str, library: str | Path) -> Composer:
    """One of ``COMPOSERS`` as the settings want it, for that library.

    Raises ConfigError when it cannot be made.
    """
    return COMPOSERS[name](settings_of(library), local_folder(library))


def open_judge(name: str, library: str | Path | None = None) -> Judge:
    """The chat model ``provider:model`` as a judge of statements, within the budgets of the
    settings for that library (default: the setting). Raises ConfigError when it cannot be made.
    """
    from qa.chat.factory import chat_judge

    settings = settings_of(library)
    folder = local_folder(library or settings.library)
    judge = chat_judge(settings, folder, name)
    assert judge
    return judge


def open_chat_model(
    name: str, library: str | Path | None = None, *, reply_tokens: int = 0
) -> "ChatModel":
    """The chat model ``provider:model`` with the key and the address that are set for the library
    (default: the setting), and replies of at most so many tokens (0: as many as an answer's).
    Raises ConfigError when it cannot be made.
    """
    from qa.chat.factory import REPLY_TOKENS, chat_model

    return chat_model(settings_of(library), name, reply_tokens or REPLY_TOKENS)


def _open(
    settings: Settings, library: str | Path | None, *, create: bool = False, replica: str = ""
) -> LibraryTools:
    from qa.index.vector_index import ChromaIndex
    from qa.library.store import Library
    from qa.library.writer import take_over_words

    # The embedder first: a bad setting should leave no folder behind.
    embedder = _embedder(settings)
    server = settings.chroma_server()
    opened = Library.open(library or settings.library, create=create, replica=replica)
    take_over_words(opened)
    index: VectorIndex = ChromaIndex(server or opened.folder, embedder)
    if is_database(opened.location) and not server:
        from qa.index.vector_table import VectorTable

        index = VectorTable(opened.database, embedder)
    return LibraryTools(opened, embedder, index)


def _embedder(settings: Settings) -> Embedder:
    from qa.index.embedders import make_embedder

    if provider_of(settings.embedder) != "openai":
        return make_embedder(settings.embedder)
    key, base_url = settings.openai_access()
    return make_embedder(settings.embedder, key=key, base_url=base_url)


def _retriever(tools: LibraryTools) -> "FusedRetriever":
    from qa.retrieve.dense import DenseLeg
    from qa.retrieve.fusion import FusedRetriever
    from qa.retrieve.lexical import LexicalLeg

    return FusedRetriever(
        tools.library,
        {
            "words": (LexicalLeg(tools.library), 1.0),
            "meaning": (
                DenseLeg(tools.embedder, tools.index, tools.library),
                thresholds.MEANING_WEIGHT,
            ),
        },
    )


def _start_reader(settings: Settings) -> Future[Reader]:
    """The reader that is set, while it loads. Raises ConfigError for one that there is not."""
    if settings.reader not in READERS:
        raise ConfigError(f"QA_READER is {settings.reader!r}; known: {', '.join(READERS)}")
    pool = ThreadPoolExecutor(1, "reader")
    try:
        return pool.submit(_reader, settings.reader)
    finally:
        pool.shutdown(wait=False)


def _reader(name: str) -> Reader:
    try:
        return READERS[name]()
    except ModelError as error:
        return SubstituteReader(SentenceReader(), f"read without the trained reader: {error}")
