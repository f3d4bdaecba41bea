"""Puts sources into the queue of a library in a database: each file of a folder is one job."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.files import NAMELESS, files_of
from ingest.sandbox.parse import unread
from ingest.sources import is_elsewhere
from ingest.walk import Found
from qa.build import open_tools
from qa.errors import ConfigError
from qa.library.postgres.jobs import JobOptions, enqueue_jobs
from qa.library.store import Library
from qa.runtime.location import is_database

__all__ = ["enqueue", "job_database"]


def enqueue(
    sources: Sequence[str], options: JobOptions, *, library: str | Path | None = None
) -> int:
    """Let these sources wait for workers; returns how many jobs were added. Workers have to find
    files under the same paths. Raises ConfigError for a library in a folder, for a source without a
    name, and for standard input, which no other process can read.
    """
    if "-" in sources:
        raise ConfigError("standard input cannot wait for a worker; save it in a file first")
    if "" in sources:
        raise ConfigError(f"'': {NAMELESS}")
    # Made if it is not there, as by an ingest.
    with open_tools(library, create=True) as tools:
        job_database(tools.library)
        return enqueue_jobs(tools.library.database, _each(sources), options)


def job_database(library: Library) -> None:
    """Raise ConfigError for a library that has no queue."""
    if not is_database(library.location):
        raise ConfigError(
            f"the library {library.name} is a folder, in which one process writes at a time; jobs "
            "and workers need a library at postgresql://…"
        )


def _each(sources: Sequence[str]) -> Iterator[str]:
    """Addresses as they are; of folders the files that are read, by their whole paths."""
    for name in sources:
        if is_elsewhere(name):
            yield name
            continue
        for file in files_of(name):
            path = os.path.normpath(Path(file.path).absolute())
            named = file.path == name
            left_out = file.left_out if isinstance(file, Found) else ""
            # What is named is tried, so that its job says why it cannot be read.
            if not left_out and (named or not unread(path)):
                yield path
