"""Compressed files and archives as streams. Nothing is ever written to disk.

Every stream given out is bounded: what grows out of proportion is refused while it is read.
"""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ingest.parsing.source import megabytes
from qa.errors import SourceError, SourceTooLarge, UnreadableSource

__all__ = ["Inflater", "Member", "Meter", "gunzip", "members", "open_member"]

# A file that unpacks to more than this …
BOMB_SIZE = 50 * 2**20
# … at more than this rate is made to harm: text packs 3 to 20 times smaller.
BOMB_RATIO = 200
MAX_MEMBERS = 10_000
# Bytes of all members, unpacked.
MAX_ARCHIVE = 4 * 2**30
_BUFFER = 2**16
# How gzip data starts, and what zlib calls it.
_MAGIC = b"\x1f\x8b"
_GZIP = zlib.MAX_WBITS + 16


class Meter(io.RawIOBase):
    """A stream that counts the bytes read from it."""

    def __init__(self, stream: io.RawIOBase | io.BufferedIOBase) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        size = self._stream.readinto(buffer) or 0
        self.count += size
        return size

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Members:
    """Undoes gzip as ``gzip -d`` does: members one after the other, then nothing but what is no
    member (zeros, garbage), which is passed over.
    """

    def __init__(self) -> None:
        self._state = zlib.decompressobj(_GZIP)
        self._left = b""
        self._more_inside = False
        self._over = False

    @property
    def eof(self) -> bool:
        """False while the end of a member has not come."""
        return self._state.eof

    def unpack(self, data: bytes, room: int) -> bytes:
        """At most ``room`` bytes of what ``data``, and what is left from before, unpacks to."""
        self._left += data
        unpacked = b""
        while len(unpacked) < room and self._in_member():
            piece = self._state.decompress(self._left, room - len(unpacked))
            # What is packed best comes out long after its last byte went in.
            self._more_inside = len(piece) == room - len(unpacked) and not self._state.eof
            self._left = self._state.unused_data or self._state.unconsumed_tail
            unpacked += piece
        return unpacked

    def _in_member(self) -> bool:
        if self._state.eof:
            self._left = b"" if self._over else self._left.lstrip(b"\0")
            if len(self._left) < len(_MAGIC) and _MAGIC.startswith(self._left):
                return False
            if not self._left.startswith(_MAGIC):
                self._over = True
                return False
            self._state = zlib.decompressobj(_GZIP)
        return bool(self._left) or self._more_inside


class _GzipStream:
    """A stream of gzip data, unpacked; closes the packed one, too."""

    def __init__(self, stream: Meter) -> None:
        self._stream = stream
        self._members = _Members()

    def read1(self, size: int) -> bytes:
        """Some bytes, none at the end. Raises EOFError if that comes too early."""
        data = self._members.unpack(b"", size)
        while not data:
            packed = self._stream.read(_BUFFER)
            if not packed:
                if not self._members.eof:
                    raise EOFError
                return b""
            data = self._members.unpack(packed, size)
        return data

    def close(self) -> None:
        self._stream.close()


class _Unpacked(io.RawIOBase):
    """What comes out of a decompressor, with its failures in our words, and a bomb refused."""

    def __init__(
        self, inner: _GzipStream | zipfile.ZipExtFile, stored: Callable[[], int], *, what: str
    ) -> None:
        self._inner = inner
        self._stored = stored
        self._what = what
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._inner.read1(len(buffer))
        except EOFError as error:
            raise UnreadableSource(
                f"the {self._what} data ends too early; what came before the end was read"
            ) from error
        except (OSError, zlib.error, zipfile.BadZipFile) as error:
            raise UnreadableSource(f"damaged {self._what} data ({error})") from error
        self._size += len(data)
        _refuse_bomb(self._size, self._stored())
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        super().close()


def gunzip(stream: io.BufferedReader) -> io.BufferedReader:
    """The stream unpacked. Reading raises UnreadableSource or SourceTooLarge."""
    meter = Meter(stream)
    unpacked = _Unpacked(_GzipStream(meter), lambda: meter.count, what="gzip")
    return io.BufferedReader(unpacked, _BUFFER)


class Inflater:
    """Undoes the content encoding of an HTTP answer as its chunks come in."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding.strip().lower()
        self._state: Any = None
        if self._encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise UnreadableSource(f"the server packed it with {encoding!r}, which is not read")

    @property
    def complete(self) -> bool:
        """False while the end of what was packed has not come."""
        return self._state is None or bool(self._state.eof)

    def unpack(self, chunk: bytes, room: int) -> bytes:
        """At most ``room`` bytes; the rest is lost, so it must be more than will be kept."""
        if self._encoding in ("", "identity"):
            return chunk
        if self._encoding != "deflate":
            self._state = self._state or _Members()
            return bytes(self._state.unpack(chunk, room))
        if self._state is None:
            # Deflate has a header by the standard; some servers send it bare.
            headed = chunk[0] & 15 == 8 and int.from_bytes(chunk[:2]) % 31 == 0
            self._state = zlib.decompressobj(zlib.MAX_WBITS if headed else -zlib.MAX_WBITS)
        return bytes(self._state.decompress(chunk, room))


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive; why it must not be read (``problem``), or need not (``left_out``)."""

    info: zipfile.ZipInfo
    problem: SourceError | None = None
    left_out: str = ""

    @property
    def name(self) -> str:
        return self.info.filename


def members(archive: zipfile.ZipFile, size: int) -> Iterator[Member]:
    """The files of an archive of ``size`` bytes, in its order; the hidden and empty as left out.

    Raises SourceTooLarge if the archive as a whole is out of proportion.
    """
    found = archive.infolist()
    _refuse_archive(found, size)
    for info in found:
        if info.is_dir():
            continue
        if _is_hidden(info.filename):
            yield Member(info, left_out="hidden")
        else:
            problem = _problem(info)
            yield Member(info, problem, "" if info.file_size or problem else "empty")


def open_member(archive: zipfile.ZipFile, member: Member) -> io.BufferedReader:
    """A member as a stream. Reading raises UnreadableSource or SourceTooLarge."""
    info = member.info  # not its name, which two members may share
    try:
        inner = archive.open(info)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise UnreadableSource(f"cannot be unpacked ({error})") from error
    assert isinstance(inner, zipfile.ZipExtFile)
    return io.BufferedReader(_Unpacked(inner, lambda: info.compress_size, what="zip"), _BUFFER)


def _refuse_archive(found: list[zipfile.ZipInfo], size: int) -> None:
    if len(found) > MAX_MEMBERS:
        raise SourceTooLarge(
            f"an archive of {len(found):,} files; the limit is {MAX_MEMBERS:,}. Unpack it "
            "and name the folder"
        )
    if sum(info.file_size for info in found) > MAX_ARCHIVE:
        raise SourceTooLarge(
            f"an archive that unpacks to more than {megabytes(MAX_ARCHIVE)}; unpack it "
            "and name the folder"
        )
    if sum(info.compress_size for info in found) > size:
        raise SourceTooLarge("an archive whose files overlap, which only a zip bomb has")


def _is_hidden(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return any(part.startswith(".") and part != ".." for part in parts) or parts[0] == "__MACOSX"


def _problem(info: zipfile.ZipInfo) -> SourceError | None:
    name = info.filename.replace("\\", "/")
    if ".." in name.split("/") or name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return UnreadableSource("its name leads out of the archive; such files are not read")
    if info.flag_bits & 1:
        return UnreadableSource("protected by a password; unpack the archive first")
    if stat.S_ISLNK(info.external_attr >> 16):
        return UnreadableSource("a symbolic link; links in archives are not followed")
    if info.file_size > BOMB_SIZE and info.file_size > BOMB_RATIO * info.compress_size:
        return _bomb()
    return None


def _refuse_bomb(size: int, stored: int) -> None:
    if size > BOMB_SIZE and size > BOMB_RATIO * stored:
        raise _bomb()


def _bomb() -> SourceTooLarge:
    return SourceTooLarge(
        f"unpacks to more than {megabytes(BOMB_SIZE)}, over {BOMB_RATIO} times its size, which is "
        "how zip bombs look; unpack it first if you trust it"
    )
