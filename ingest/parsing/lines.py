"""Lines of a stream, each of bounded size. Knows neither JSON nor CSV."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.parsing.encoding import (
    encoding_mark,
    guess_charset,
    has_old_ends,
    refuse_binary,
    text_encoding,
    utf16_without_mark,
)
from ingest.parsing.source import MAX_LINE

__all__ = ["Line", "lines"]

# Bytes looked at before the first line, to tell the encoding.
HEAD = 2**16


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its end; ``text`` is None if it was longer than the limit and so not kept.

    ``quotes`` counts the double quotes of a line that was not kept. Numbers count from 1.
    """

    number: int
    text: str | None
    quotes: int = 0


def lines(
    stream: io.BufferedReader, charset: str | None = None, *, limit: int = MAX_LINE
) -> Iterator[Line]:
    """The lines of a text, at most ``limit`` bytes of it in memory. Decoded as ``decode`` does.

    A line that is not UTF-8 settles the encoding for the lines after it that are not, either.
    Lines may end as they once did on a Macintosh.
    """
    head = stream.peek(HEAD)[:HEAD]
    wide = encoding_mark(head) or utf16_without_mark(head)
    if wide and wide != "utf-8-sig":
        stream = _recoded(stream, wide)
    else:
        refuse_binary(head)
    old_ends = has_old_ends(stream.peek(HEAD)[:HEAD])
    if old_ends:
        stream = io.BufferedReader(_LineFeeds(stream), HEAD)
    declared = text_encoding(charset) or (guess_charset(head) if old_ends and not wide else None)
    fallback = [declared] if declared else []
    number = 0
    while piece := stream.readline(limit + 1):
        number += 1
        if len(piece) > limit:
            yield Line(number, None, _skip_rest(piece, stream))
            continue
        text = _decoded(piece, fallback, head)
        yield Line(number, text.removeprefix("\ufeff") if number == 1 else text)


def _skip_rest(piece: bytes, stream: io.BufferedReader) -> int:
    """Read to the end of the line, keeping nothing but the number of its double quotes."""
    quotes = piece.count(b'"')
    while piece and not piece.endswith(b"\n"):
        piece = stream.readline(HEAD)
        quotes += piece.count(b'"')
    return quotes


def _decoded(piece: bytes, fallback: list[str], head: bytes) -> str:
    try:
        return piece.decode()
    except UnicodeDecodeError:
        if not fallback:
            fallback.append(guess_charset(piece + head))
    try:
        return piece.decode(fallback[0], errors="replace")
    except (LookupError, ValueError):  # a charset that a server made up
        fallback[0] = guess_charset(piece + head)
    return piece.decode(fallback[0], errors="replace")


class _LineFeeds(io.RawIOBase):
    """A stream whose lines end in carriage returns, read as if they ended in line feeds."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        data = self._stream.read1(len(buffer)).replace(b"\r", b"\n")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Recoder(io.RawIOBase):
    """A stream in UTF-16 or UTF-32, read as UTF-8, so that lines end in one byte."""

    def __init__(self, stream: io.BufferedReader, charset: str) -> None:
        self._text = io.TextIOWrapper(stream, charset, errors="replace", newline="")
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        data = self._left or self._text.read(2**14).encode(errors="replace")
        size = min(len(buffer), len(data))
        buffer[:size], self._left = data[:size], data[size:]
        return size

    def close(self) -> None:
        self._text.close()
        super().close()


def _recoded(stream: io.BufferedReader, charset: str) -> io.BufferedReader:
    return io.BufferedReader(_Recoder(stream, charset), HEAD)
