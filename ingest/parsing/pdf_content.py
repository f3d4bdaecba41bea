"""What the pages of a PDF would take in memory, told before any is read.

The reader loads a page whole, with every form that it draws as often as it draws it: forms that
draw others make gigabytes of two kilobytes. Here the drawing is only counted. What cannot be
followed counts nothing.
"""

import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

from ingest.parsing.source import megabytes
from qa.errors import SourceTooLarge

__all__ = ["check_content"]

Document = Any  # of pypdfium2, which has no types

# Bytes of memory that one page may take, and the sum over all pages, which is a matter of time:
# a gigabyte takes three seconds. Books take 1 MB a page, dense maps 100.
MAX_PAGE = 512 * 2**20
MAX_PAGES_SUM = 8 * 2**30
# Bytes of all streams but pictures, unpacked.
MAX_STREAMS = 256 * 2**20
# Bytes of memory for an object on a page and for a character, measured.
_OBJECT, _CHARACTER = 330, 220
_CHUNK = 2**16
# Forms in each other that the reader follows.
_DEPTH = 40

_OBJECT_START = re.compile(rb"(\d{1,10}) \d{1,5} obj\r\n")
_STREAM_START = re.compile(rb">>stream\r\n")
_LENGTH = re.compile(rb"/Length (\d{1,12})")
_FILTERS = re.compile(rb"/Filter\s*(?:\[([^\[\]]*+)|(/\w+))")
_REFERENCE = re.compile(rb"(\d{1,10}) \d{1,5} R")
_NAMED = re.compile(rb"/([^\s/()<>\[\]{}%]+) ?(\d{1,10}) \d{1,5} R")
_DRAWN = re.compile(rb"/([^\s/()<>\[\]{}%]++)\s++Do\b")
_PAINTED = re.compile(rb"(?<![\w/])(?:Tj|TJ|['\"]|S|s|f\*?|F|B\*?|b\*?|n|sh|Do)(?!\w)")
_STRING = re.compile(rb"\((?:[^()\\]++|\\.)*+\)?|<[0-9A-Fa-f\s]*+>", re.DOTALL)


def check_content(document: Document) -> None:
    """Raise SourceTooLarge for a document with a page, or pages, of too much content."""
    import pypdfium2.raw

    # A copy by the reader itself has every object in one way of writing, and none encrypted.
    copy = io.BytesIO()
    document.save(copy, flags=pypdfium2.raw.FPDF_REMOVE_SECURITY)
    content = _Content(dict(_objects(copy.getbuffer())))
    content.check_streams()
    pages = [content.size_of_page(each) for each in content.pages]
    most = max(pages, default=0)
    if most > MAX_PAGE:
        raise SourceTooLarge(
            f"a PDF with a page that would take {megabytes(most)} of memory; the limit is "
            f"{megabytes(MAX_PAGE)}. Save its text alone"
        )
    # The same page may stand in the document more than once.
    total = sum(pages) * len(document) // max(1, len(pages))
    if total > MAX_PAGES_SUM:
        raise SourceTooLarge(
            f"a PDF whose pages would take {megabytes(total)}; the limit is "
            f"{megabytes(MAX_PAGES_SUM)}. Split it into several"
        )


@dataclass(frozen=True, slots=True)
class _Object:
    """What an object says of itself, and the packed bytes of its stream."""

    head: bytes
    stream: bytes = b""


@dataclass(slots=True)
class _Drawing:
    """What a stream draws itself, in bytes, and which forms by name, how often."""

    size: int
    forms: Counter[bytes]


def _objects(data: memoryview) -> Iterator[tuple[int, _Object]]:
    position = 0
    while start := _OBJECT_START.search(data, position):
        end = _find(data, b"\r\nendobj", start.end())
        stream = _STREAM_START.search(data, start.end(), end)
        if stream is None:
            yield int(start[1]), _Object(bytes(data[start.end() : end]))
            position = end
            continue
        head = bytes(data[start.end() : stream.start()])
        length = _LENGTH.search(head)
        position = stream.end() + (int(length[1]) if length else 0)
        if b"/Subtype/Image" not in head:
            yield int(start[1]), _Object(head, bytes(data[stream.end() : position]))


def _find(data: memoryview, mark: bytes, start: int) -> int:
    found = re.compile(re.escape(mark)).search(data, start)
    return found.start() if found else len(data)


@dataclass
class _Content:
    objects: dict[int, _Object]
    _drawings: dict[int, _Drawing] = field(default_factory=dict)
    _sizes: dict[tuple[int, int], int] = field(default_factory=dict)

    @cached_property
    def pages(self) -> list[int]:
        return [
            number
            for number, each in self.objects.items()
            if re.search(rb"/Type/Page\b", each.head) and not each.stream
        ]

    def size_of_page(self, number: int) -> int:
        head = self.objects[number].head
        forms = self._forms(self._resources(number))
        written = re.search(rb"/Contents ?(?:\[([^\[\]]*+)|(\d+ \d+ R))", head)
        contents = _REFERENCE.findall(written[0]) if written else []
        return sum(self._size(int(each), forms, number, _DEPTH) for each in contents)

    def _resources(self, number: int) -> bytes:
        """The resources of a page or a form; a page may have them from those above it."""
        for _ in range(_DEPTH):
            head = self._head(number)
            if b"/Resources" in head:
                rest = head.partition(b"/Resources")[2]
                reference = re.match(rb" ?(\d{1,10}) \d{1,5} R", rest)
                return self._head(int(reference[1])) if reference else rest
            parent = re.search(rb"/Parent (\d{1,10}) ", head)
            if parent is None:
                break
            number = int(parent[1])
        return b""

    def _forms(self, resources: bytes) -> dict[bytes, int]:
        listed = re.search(rb"/XObject ?(?:<<([^<>]*+)|(\d{1,10}) \d{1,5} R)", resources)
        if listed is None:
            return {}
        named = listed[1] if listed[1] is not None else self._head(int(listed[2]))
        return {name: int(number) for name, number in _NAMED.findall(named)}

    def _head(self, number: int) -> bytes:
        return self.objects[number].head if number in self.objects else b""

    def _size(self, number: int, forms: dict[bytes, int], page: int, depth: int) -> int:
        """Bytes of what a stream draws. A form without resources has those of the page."""
        if number not in self.objects or not depth:
            return 0
        own = self._forms(self._resources(number))
        key = (number, 0 if own else page)
        if key not in self._sizes:
            self._sizes[key] = 0  # a form that draws itself is drawn once
            drawing = self._drawing(number)
            self._sizes[key] = drawing.size + sum(
                count * self._size((own or forms)[name], own or forms, page, depth - 1)
                for name, count in drawing.forms.items()
                if name in (own or forms)
            )
        return self._sizes[key]

    def _drawing(self, number: int) -> _Drawing:
        if number not in self._drawings:
            self._drawings[number] = _drawing_of(_unpacked(self.objects[number]))
        return self._drawings[number]

    def check_streams(self) -> None:
        """Raise SourceTooLarge for more than ``MAX_STREAMS``, fonts and all."""
        room = MAX_STREAMS
        for each in self.objects.values():
            room -= len(_unpacked(each, room + 1))
            if room < 0:
                raise SourceTooLarge(
                    f"a PDF that unpacks to more than {megabytes(MAX_STREAMS)} besides pictures; "
                    "save its text alone"
                )


def _unpacked(item: _Object, room: int = MAX_STREAMS) -> bytes:
    """At most ``room`` bytes of a stream, unpacked as far as it is packed by deflate alone."""
    filters = _FILTERS.search(item.head)
    data = item.stream
    for name in re.findall(rb"/\w+", filters[0])[1:] if filters else ():
        if name not in (b"/FlateDecode", b"/Fl"):
            break
        data = b"".join(_inflate(data, room))
    return data


def _inflate(data: bytes, room: int) -> Iterator[bytes]:
    """Up to where the data is damaged, as the reader does."""
    state = zlib.decompressobj()
    for start in range(0, len(data), _CHUNK):
        chunk = data[start : start + _CHUNK]
        while chunk and room > 0:
            try:
                piece = state.decompress(chunk, min(room, 16 * _CHUNK))
            except zlib.error:
                return
            yield piece
            room -= len(piece)
            chunk = state.unconsumed_tail


def _drawing_of(content: bytes) -> _Drawing:
    # Counted as far as one page may go.
    objects = sum(1 for _ in islice(_PAINTED.finditer(content), MAX_PAGE // _OBJECT + 1))
    characters = 0
    for found in _STRING.finditer(content):
        size = found.end() - found.start() - 2
        characters += size // 2 if content[found.start()] == b"<"[0] else size
        if characters > MAX_PAGE // _CHARACTER:
            break
    return _Drawing(
        objects * _OBJECT + characters * _CHARACTER,
        Counter(found[1] for found in _DRAWN.finditer(content)),
    )
