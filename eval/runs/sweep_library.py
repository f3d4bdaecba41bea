"""The libraries and pipelines of a sweep: one for each point of its grid."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from eval.runs.pipelines import ask_function, with_parts
from eval.runs.run import Ask
from ingest.split import split
from qa.build import open_library, open_pipeline, open_tools
from qa.index.sync import drain
from qa.library.drafts import Draft
from qa.library.store import Library
from qa.library.writer import open_writer

__all__ = ["open_point", "split_again"]


@contextmanager
def open_point(
    library: str | Path | None, values: Mapping[str, str], folder: Path
) -> Iterator[tuple[Ask, Library]]:
    """A library (default: the setting) as it answers with these values of the knobs.

    For ``split.size`` a copy with passages of that size is made in ``folder``, once for each size.
    """
    if size := values.get("split.size"):
        copy = folder / f"library-{size}"
        with open_library(library) as source:
            split_again(source, copy, int(size))
        library = copy
    with open_pipeline(library) as pipeline:
        hits = values.get("retrieve.k")
        measured = with_parts(pipeline, hits=int(hits) if hits else None)
        yield ask_function(measured), measured.library


def split_again(source: Library, folder: Path, size: int) -> None:
    """Copy the articles of a library into the one in ``folder``, with passages of at most ``size``
    characters; what is there already stays.
    """
    with open_tools(folder, create=True) as tools, open_writer(tools.library) as writer:
        for summary in source.summaries():
            article = source.article(summary.id)
            passages = split(article, minimum=size * 2 // 3, maximum=size)
            writer.put([Draft(article, tuple(passages))])
        drain(writer, tools.embedder, tools.index)
