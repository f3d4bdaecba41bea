"""Paths as files to read: which there are, and how each is opened. Knows no format."""

import io
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from ingest.loaders import split_suffix
from ingest.sandbox.messages import Job
from ingest.unpack import Meter
from ingest.walk import EMPTY, Found, Unwalked, walk
from qa.errors import UnreadableSource

__all__ = ["NAMELESS", "SourceFile", "files_of"]

NAMELESS = "a source without a name; give a file, a folder or an address (is a variable not set?)"


class SourceFile:
    """A regular file; ``size`` is what it had, in bytes, when it was listed.

    Open it, or use it as a context manager, to have its ``stream`` and its ``job``.
    """

    def __init__(self, path: str, size: int) -> None:
        self.path = path
        self.size = size
        self.job: Job | None = None
        self.stream: Meter | None = None

    @property
    def done(self) -> int:
        """Bytes of ``size`` that have been read so far."""
        return min(self.stream.count, self.size) if self.stream else 0

    def read_ahead(self, limit: int) -> bool:
        """Whether all of it is in memory now, which takes a file of at most ``limit`` bytes.

        Raises OSError and UnreadableSource.
        """
        if self.stream is None and 0 < self.size <= limit:
            with open_regular(self.path) as file:
                data = file.read(limit + 1) or b""
            if 0 < len(data) <= limit:
                self._begin(io.BytesIO(data), len(data))
        return self.stream is not None

    def open(self) -> tuple[Job, Meter]:
        """The job and the stream. Raises OSError and UnreadableSource."""
        if self.stream is None:
            file = open_regular(self.path)
            self._begin(file, os.fstat(file.fileno()).st_size)
        assert self.job
        assert self.stream
        return self.job, self.stream

    def close(self) -> None:
        """Close the stream."""
        if self.stream:
            self.stream.close()

    def _begin(self, stream: io.RawIOBase | io.BufferedIOBase, size: int) -> None:
        suffix, packed = split_suffix(self.path)
        self.job = Job(Path(self.path).name, suffix, packed, size=size)
        self.stream = Meter(stream)


def files_of(name: str) -> Iterator[Found | Unwalked]:
    """The files that a path stands for; one Unwalked if it stands for none."""
    if not name:
        # As a path it would be the current folder.
        yield Unwalked(name, NAMELESS)
        return
    try:
        path = Path(name)
        if path.is_dir():
            yield from walk(name)
        elif path.is_file():
            size = path.stat().st_size
            yield Found(name, size, "" if size else EMPTY)
        elif path.is_symlink() or path.exists():
            yield Unwalked(name, "not a file or folder (a broken link, a device or a pipe)")
        else:
            yield Unwalked(name, f"no such file or folder: {name!r}; is the path spelled right?")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        yield Unwalked(name, f"cannot be read: {error}")


def open_regular(path: str) -> io.FileIO:
    """Open a file that cannot keep its reader waiting. It was one when it was listed; what lies
    there now may be another thing. Raises OSError and UnreadableSource.
    """

    def opener(name: str, flags: int) -> int:
        descriptor = os.open(name, flags | os.O_NONBLOCK | os.O_NOCTTY)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise UnreadableSource("not a regular file (a device, pipe or socket)")
        return descriptor

    return io.FileIO(path, opener=opener)
