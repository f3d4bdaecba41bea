"""Documents that are a zip of parts, with what is made to harm refused. Knows none of them."""

import io
import zipfile

from ingest.parsing.source import MAX_FILE, megabytes, parsing
from qa.errors import SourceTooLarge, UnreadableSource

__all__ = ["Package", "refuse_bomb"]

# Bytes of all parts unpacked, pictures too: the parser holds them in memory together.
MAX_UNPACKED = 256 * 2**20
# Parts of a document; the longest have some hundred pictures.
MAX_PARTS = 10_000
# Tags of all parts: an element takes up to a hundred times its bytes. Novels have 1 million.
MAX_TAGS = 2_000_000
# How XML may start, UTF-16 with its mark included. Pictures do not.
_XML = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_CHUNK = 2**20


class Package:
    """The parts of a document by their names.

    Raises UnreadableSource for what is no zip of parts, SourceTooLarge for one over a limit.
    """

    def __init__(self, data: bytes, what: str) -> None:
        self._what = what
        with parsing(what):
            refuse_bomb(data)
            self._parts = zipfile.ZipFile(io.BytesIO(data))
        self.names = dict.fromkeys(self._parts.namelist())

    def read(self, name: str) -> bytes:
        """The bytes of a part. Raises UnreadableSource if it is not there or damaged."""
        if name not in self.names:
            raise UnreadableSource(f"not a readable {self._what}: it lacks {name[:200]!r}")
        with parsing(self._what):
            return self._parts.read(name)


def refuse_bomb(data: bytes) -> None:
    """Raise SourceTooLarge for a document that takes much more memory than it has bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = package.infolist()
        if len(parts) > MAX_PARTS:
            raise _too_large(f"a document of {len(parts):,} parts; the limit is {MAX_PARTS:,}")
        if sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise _too_large(f"a document that unpacks to more than {megabytes(MAX_UNPACKED)}")
        size = tags = 0
        for part in parts:
            with package.open(part) as stream:
                chunk = stream.read(_CHUNK)
                size += part.file_size if chunk[:512].lstrip().startswith(_XML) else 0
                while chunk:
                    tags += chunk.count(b"<")
                    chunk = stream.read(_CHUNK)
            if size > MAX_FILE:
                raise _too_large(f"a document of more than {megabytes(MAX_FILE)} besides pictures")
            if tags > MAX_TAGS:
                raise _too_large(f"a document of more than {MAX_TAGS:,} tags, the limit for one")


def _too_large(what: str) -> SourceTooLarge:
    return SourceTooLarge(f"{what}; save its text alone")
