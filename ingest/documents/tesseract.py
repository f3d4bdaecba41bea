"""The text in pictures, as the Tesseract library sees it, where the system has that library.

The library is called in this process, since one that parses may start no program: whatever a
picture does to it, it does within the limits of the sandbox.
"""

import ctypes
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from statistics import median_low
from typing import Any

from ingest.documents.segments import Segment, Sheet, Word
from qa.errors import EmptySource, SourceTooLarge, UnreadableSource

__all__ = ["INSTALL", "MAX_PIXELS", "Tesseract", "has_tesseract", "open_tesseract"]

INSTALL = "install Tesseract to have pictures read (apt install tesseract-ocr)"
# A page of A2 at 300 dots an inch.
MAX_PIXELS = 36_000_000
# Pages of a picture file.
_MOST_PAGES = 200
# Milliseconds for a page; one of text takes a tenth.
_DEADLINE = 20_000
# Dots an inch of a picture that does not say it.
_USUAL_RESOLUTION, _POINTS = 200, 72
# In percent: words of less are mostly specks; a page with a lower mean is a photograph.
_LEAST_WORD, _LEAST_PAGE = 30.0, 55.0
# Letters and digits of a page of text.
_LEAST_LETTERS = 12
_TESSERACT = (
    "libtesseract.so.5",
    "libtesseract.so.4",
    "libtesseract.5.dylib",
    "libtesseract.dylib",
)
_LEPTONICA = ("liblept.so.5", "libleptonica.so.6", "libleptonica.6.dylib", "libleptonica.dylib")
_FOLDERS = ("", "/opt/homebrew/lib/", "/usr/local/lib/")
# Of the library's page iterators: levels, and the segmentation that turns pages upright.
_BLOCK, _LINE, _WORD = 0, 2, 3
_AUTO_TURNED = 1
_TIFF = (b"II*\0", b"MM\0*")

_Library = Any


def has_tesseract() -> bool:
    """Whether Tesseract is installed, told without loading it. Languages are another matter."""
    folders = [os.environ.get("PATH") or os.defpath, "/opt/homebrew/bin", "/usr/local/bin"]
    return shutil.which("tesseract", path=os.pathsep.join(folders)) is not None


@cache
def _library(names: tuple[str, ...]) -> _Library | None:
    # Not looked for by name, since that starts programs.
    for name in (folder + name for folder in _FOLDERS for name in names):
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None


@contextmanager
def open_tesseract(languages: str) -> Iterator["Tesseract"]:
    """The library for languages such as ``eng+deu``. Raises EmptySource, which says what to
    install, when there is no library or no data for one of them.
    """
    tesseract, leptonica = _library(_TESSERACT), _library(_LEPTONICA)
    if not languages:
        raise EmptySource("no text, only pictures, and QA_OCR names no language to read them in")
    if tesseract is None or leptonica is None:
        raise EmptySource(f"no text, only pictures; {INSTALL}, or run OCR on it first")
    tesseract.TessBaseAPICreate.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(tesseract.TessBaseAPICreate())
    try:
        if tesseract.TessBaseAPIInit3(handle, None, languages.encode()):
            packages = " ".join(f"tesseract-ocr-{each}" for each in languages.split("+"))
            raise EmptySource(
                f"no text, only pictures, and Tesseract lacks data for {languages!r}, as QA_OCR "
                f"names them (apt install {packages})"
            )
        tesseract.TessBaseAPISetPageSegMode(handle, _AUTO_TURNED)
        yield Tesseract(tesseract, leptonica, handle)
    finally:
        tesseract.TessBaseAPIEnd(handle)
        tesseract.TessBaseAPIDelete(handle)


class Tesseract:
    """The open library; made by ``open_tesseract``."""

    def __init__(self, library: _Library, leptonica: _Library, handle: ctypes.c_void_p) -> None:
        self._library = library
        self._leptonica = leptonica
        self._handle = handle

    def read_pixels(self, pixels: bytes, width: int, height: int, stride: int, dpi: int) -> Sheet:
        """What stands on a page of grey pixels, one byte each, ``stride`` bytes a line."""
        self._library.TessBaseAPISetImage(self._handle, pixels, width, height, 1, stride)
        self._library.TessBaseAPISetSourceResolution(self._handle, dpi)
        return self._recognised(width, height, dpi)

    def read_picture(self, data: bytes) -> Iterator[Sheet]:
        """What stands on each page of a picture file. Raises SourceTooLarge and
        UnreadableSource.
        """
        for picture in self._pages(data):
            width, height, dpi = (
                self._number(name, picture) for name in ("Width", "Height", "XRes")
            )
            if width * height > MAX_PIXELS:
                raise _too_large(width, height)
            dpi = dpi if 70 <= dpi <= 1200 else _USUAL_RESOLUTION
            self._library.TessBaseAPISetImage2(self._handle, picture)
            self._library.TessBaseAPISetSourceResolution(self._handle, dpi)
            yield self._recognised(width, height, dpi)

    def _number(self, name: str, picture: ctypes.c_void_p) -> int:
        return int(self._leptonica[f"pixGet{name}"](picture))

    def _pages(self, data: bytes) -> Iterator[ctypes.c_void_p]:
        """The pictures of a file, most of which have one."""
        size = ctypes.c_size_t(len(data))
        width, height, none = ctypes.c_int(), ctypes.c_int(), ctypes.c_int()
        # Told by the first bytes, before room is made for the pixels.
        references = [ctypes.byref(each) for each in (none, width, height, none, none, none)]
        if self._leptonica.pixReadHeaderMem(data, size, *references):
            raise UnreadableSource("not a readable picture; is it damaged?")
        if width.value * height.value > MAX_PIXELS:
            raise _too_large(width.value, height.value)
        offset = ctypes.c_size_t(0)
        many = data.startswith(_TIFF)
        name = "pixReadMemFromMultipageTiff" if many else "pixReadMem"
        read = self._leptonica[name]
        read.restype = ctypes.c_void_p
        for number in range(_MOST_PAGES + 1):
            more = (ctypes.byref(offset),) if many else ()
            picture = ctypes.c_void_p(read(data, size, *more))
            if not picture:
                raise UnreadableSource("not a readable picture; is it damaged?")
            if number == _MOST_PAGES:
                raise SourceTooLarge(f"a picture of more than {_MOST_PAGES} pages; split it")
            try:
                yield picture
            finally:
                self._leptonica.pixDestroy(ctypes.byref(picture))
            if not many or not offset.value:
                return

    def _recognised(self, width: int, height: int, dpi: int) -> Sheet:
        """The lines of the picture that is set, none when it looks like no text."""
        library = self._library
        library.TessMonitorCreate.restype = ctypes.c_void_p
        monitor = ctypes.c_void_p(library.TessMonitorCreate())
        library.TessMonitorSetDeadlineMSecs(monitor, _DEADLINE)
        failed = library.TessBaseAPIRecognize(self._handle, monitor)
        library.TessMonitorDelete(monitor)
        reading = _Reading(library, width, height, _POINTS / dpi)
        lines = [] if failed else [*reading.lines(self._handle)]
        letters = sum(c.isalnum() for line in lines for word in line.words for c in word.text)
        if letters < _LEAST_LETTERS or library.TessBaseAPIMeanTextConf(self._handle) < _LEAST_PAGE:
            lines = []
        return Sheet(tuple(lines), 0.0, reading.top)


class _Reading:
    """The words of a recognised page, ``width`` by ``height`` pixels of ``scale`` points each,
    and where they stand when the page is turned so that they are upright.
    """

    def __init__(self, library: _Library, width: int, height: int, scale: float) -> None:
        self._library = library
        self._width, self._height, self._scale = width, height, scale
        # How far the text is turned clockwise, in quarters of a circle.
        self._turn = 0

    @property
    def top(self) -> float:
        """The upper edge of the page, in points."""
        return (self._width if self._turn % 2 else self._height) * self._scale

    def lines(self, handle: ctypes.c_void_p) -> Iterator[Segment]:
        """The lines as segments, block after block."""
        library = self._library
        library.TessBaseAPIGetIterator.restype = ctypes.c_void_p
        library.TessResultIteratorGetPageIterator.restype = ctypes.c_void_p
        library.TessResultIteratorGetUTF8Text.restype = ctypes.c_void_p
        library.TessResultIteratorConfidence.restype = ctypes.c_float
        words = ctypes.c_void_p(library.TessBaseAPIGetIterator(handle))
        if not words:
            return
        place = ctypes.c_void_p(library.TessResultIteratorGetPageIterator(words))
        turn, none, slant = ctypes.c_int(), ctypes.c_int(), ctypes.c_float()
        references = [ctypes.byref(each) for each in (turn, none, none, slant)]
        library.TessPageIteratorOrientation(place, *references)
        self._turn = turn.value % 4
        blocks: list[list[_ReadLine]] = []
        try:
            while True:
                if library.TessPageIteratorIsAtBeginningOf(place, _BLOCK) or not blocks:
                    blocks.append([])
                if library.TessPageIteratorIsAtBeginningOf(place, _LINE) or not blocks[-1]:
                    blocks[-1].append(self._line(place))
                if word := self._word(words, place):
                    blocks[-1][-1].words.append(word)
                if not library.TessResultIteratorNext(words, _WORD):
                    break
        finally:
            library.TessResultIteratorDelete(words)
        for block in blocks:
            yield from _segments(block)

    def _line(self, place: ctypes.c_void_p) -> "_ReadLine":
        _, bottom, _, top = self._box(place, _LINE)
        numbers = [ctypes.c_int() for _ in range(4)]
        references = [ctypes.byref(each) for each in numbers]
        if not self._library.TessPageIteratorBaseline(place, _LINE, *references):
            return _ReadLine(bottom, top - bottom)
        left, one, right, other = (each.value for each in numbers)
        middle = self._upright((left + right) / 2, (one + other) / 2)
        return _ReadLine(middle[1], top - bottom)

    def _word(self, words: ctypes.c_void_p, place: ctypes.c_void_p) -> Word | None:
        library = self._library
        if library.TessResultIteratorConfidence(words, _WORD) < _LEAST_WORD:
            return None
        text = ctypes.c_void_p(library.TessResultIteratorGetUTF8Text(words, _WORD))
        if not text:
            return None
        written = ctypes.string_at(text).decode("utf-8", "replace").strip()
        library.TessDeleteText(text)
        left, _, right, _ = self._box(place, _WORD)
        return Word(written, left, right) if written else None

    def _box(self, place: ctypes.c_void_p, level: int) -> tuple[float, float, float, float]:
        """Left, bottom, right and top of the word or line at hand."""
        numbers = [ctypes.c_int() for _ in range(4)]
        references = [ctypes.byref(each) for each in numbers]
        self._library.TessPageIteratorBoundingBox(place, level, *references)
        left, top, right, bottom = (each.value for each in numbers)
        one, other = self._upright(left, top), self._upright(right, bottom)
        return (
            min(one[0], other[0]),
            min(one[1], other[1]),
            max(one[0], other[0]),
            max(one[1], other[1]),
        )

    def _upright(self, x: float, y: float) -> tuple[float, float]:
        """A point of the picture, in pixels from its upper left corner, as one of the upright
        page, in points from its lower left one.
        """
        match self._turn:
            case 1:
                x, y = y, self._width - x
            case 2:
                x, y = self._width - x, self._height - y
            case 3:
                x, y = self._height - y, x
        return x * self._scale, self.top - y * self._scale


class _ReadLine:
    """A line that is being read: where it stands and how high it is, in points, and its words."""

    def __init__(self, base: float, height: float) -> None:
        self.base = base
        self.height = height
        self.words: list[Word] = []


def _segments(block: list[_ReadLine]) -> Iterator[Segment]:
    """The lines of a block, all of one size: their letters differ in height, not their font."""
    lines = [line for line in block if line.words]
    if not lines:
        return
    size = max(1.0, median_low(line.height for line in lines))
    for line in lines:
        bottom = line.base - 0.2 * size
        yield Segment(
            tuple(line.words), line.words[0].left, line.words[-1].right, bottom, bottom + size, size
        )


def _too_large(width: int, height: int) -> SourceTooLarge:
    return SourceTooLarge(
        f"a picture of {width:,} x {height:,} pixels; the limit is {MAX_PIXELS:,} in all. Scale it "
        "down"
    )
