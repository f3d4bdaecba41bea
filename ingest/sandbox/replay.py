"""A stream that can be read once, made one that can be read again. Knows nothing of its content."""

import io
import tempfile
from typing import Self

from ingest.sandbox.offset_stream import OffsetStream
from qa.errors import UnreadableSource

__all__ = ["Replay"]

# Bytes kept, those over a megabyte on disk.
MAX_KEPT = 256 * 2**20
_IN_MEMORY = 2**20


class Replay(OffsetStream):
    """Keeps what was read of a stream, so that it can be sought back to, while it is not more
    than ``MAX_KEPT``. The stream itself is left open.
    """

    def __init__(self, stream: io.BufferedReader) -> None:
        super().__init__()
        self._stream = stream
        self._copy = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with it
        self._size = 0

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET or offset > self._size:
            raise UnreadableSource("a stream is read from its start")
        if offset < self._size and self._size > MAX_KEPT:
            raise UnreadableSource("cannot be read again, to go on after what was at fault")
        self._offset = offset
        return offset

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._offset < self._size:
            self._copy.seek(self._offset)
            data = self._copy.read(len(buffer))
        else:
            data = self._stream.read1(len(buffer))
            self._keep(data)
        buffer[: len(data)] = data
        self._offset += len(data)
        return len(data)

    def close(self) -> None:
        self._copy.close()
        super().close()

    def __enter__(self) -> Self:
        return self

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size <= MAX_KEPT:
            self._copy.seek(0, io.SEEK_END)
            self._copy.write(data)
        else:
            self._copy.truncate(0)
