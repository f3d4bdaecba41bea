"""PDF files: their text in the order in which it is read; scanned pages by OCR."""

import threading
from collections.abc import Iterator
from typing import Any

from ingest.documents.pages import article_of
from ingest.documents.segments import Sheet, sheet_of
from ingest.documents.tesseract import MAX_PIXELS, open_tesseract
from ingest.parsing.pdf_content import check_content
from ingest.parsing.source import MAX_TEXT, Broken, Entry, Progress, Source, parsing
from qa.errors import EmptySource, SourceTooLarge, UnreadableSource

__all__ = ["load_pdf"]

Document = Any  # of pypdfium2, which has no types

# PDFium is not thread-safe, not even with one document per thread.
_LOCK = threading.Lock()
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
# The longest books have 3,000.
MAX_PAGES = 20_000
# Pages that are read from pictures: each may take seconds.
MAX_SCANNED = 200
# Dots an inch at which a scanned page is looked at; points an inch.
_DPI, _POINTS = 300, 72
# The share of a page that is a picture from which on it counts as scanned, if others have text.
_PICTURE = 0.5
# What a PDF begins with, and the bytes in which readers look for it.
_MARK, _HEAD = b"%PDF-", 1024


def load_pdf(source: Source) -> Iterator[Entry | Broken | Progress]:
    """One article. Its title and author are those on the page, or in its properties where those
    are not a program's; its day is the one in its first lines. The day a PDF was made is not the
    day its text was published.

    Where some pages are pictures that cannot be read, a Broken names them.
    """
    data = source.read()
    with _LOCK:
        document = _open(data)
    try:
        with _LOCK, parsing("PDF"):
            sheets = _sheets(document)
            scanned = _scanned(document, sheets)
            properties = document.get_metadata_dict(skip_empty=True)
        unread = ""
        try:
            yield from _recognise(document, sheets, scanned, source.ocr_languages)
        except EmptySource as error:
            if len(scanned) == len(sheets):
                raise
            unread = str(error)
    finally:
        with _LOCK:
            document.close()
    article = article_of(source, sheets, recognised=scanned, properties=properties)
    if article is None:
        raise EmptySource("the PDF has no text, only pictures, and OCR recognised none in them")
    yield Entry(article)
    if unread:
        pages = ", ".join(str(number + 1) for number in scanned[:20])
        more = f" and {len(scanned) - 20:,} more" if len(scanned) > 20 else ""
        yield Broken(f"pages {pages}{more}", unread)


def _open(data: bytes) -> Document:
    import pypdfium2

    if _MARK not in data[:_HEAD]:
        raise UnreadableSource("not a PDF, which begins with %PDF-; is its suffix right?")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD_ERROR:
            raise UnreadableSource(
                "the PDF is protected by a password; save a copy without one"
            ) from error
        detail = str(error).rstrip(".")
        raise UnreadableSource(f"not a readable PDF ({detail}); is it damaged?") from error
    try:
        with parsing("PDF"):
            if len(document) > MAX_PAGES:
                raise SourceTooLarge(
                    f"a PDF of {len(document):,} pages; the limit is {MAX_PAGES:,}. Split it"
                )
            check_content(document)
    except BaseException:
        document.close()
        raise
    return document


def _sheets(document: Document) -> list[Sheet]:
    """What stands on every page."""
    sheets: list[Sheet] = []
    size = 0
    for page in document:
        layer = page.get_textpage()
        size += layer.count_chars()
        if size > MAX_TEXT:
            raise SourceTooLarge(
                f"more than {MAX_TEXT:,} characters, the limit for one article; split the PDF"
            )
        sheets.append(sheet_of(page, layer))
        layer.close()
        page.close()
    return sheets


def _scanned(document: Document, sheets: list[Sheet]) -> list[int]:
    """The numbers of the pages to be read from pictures: in a PDF without any text all of them,
    else those without text that are mostly a picture.
    """
    empty = [number for number, sheet in enumerate(sheets) if not sheet.segments]
    if len(empty) == len(sheets):
        return empty
    return [number for number in empty if _is_picture(document[number])]


def _is_picture(page: Any) -> bool:
    import pypdfium2.raw as pdfium

    width, height = page.get_size()
    area = 0.0
    for image in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = image.get_bounds()
        area += (right - left) * (top - bottom)
    page.close()
    return bool(area >= _PICTURE * width * height)


def _recognise(
    document: Document, sheets: list[Sheet], scanned: list[int], languages: str
) -> Iterator[Progress]:
    """Put what stands on scanned pages into the sheets. Raises EmptySource where there is no OCR,
    SourceTooLarge for more pages than are ever read so.
    """
    if not scanned:
        return
    with open_tesseract(languages) as tesseract:
        if len(scanned) > MAX_SCANNED:
            raise SourceTooLarge(
                f"a PDF with {len(scanned):,} scanned pages; the limit is {MAX_SCANNED:,}. Split "
                "it, or run OCR on it first"
            )
        for number in scanned:
            with _LOCK, parsing("PDF"):
                page = document[number]
                width, height = page.get_size()
                dpi = min(_DPI, 1 + int(_POINTS * (MAX_PIXELS / max(1.0, width * height)) ** 0.5))
                picture = page.render(scale=dpi / _POINTS, grayscale=True)
                pixels = bytes(picture.buffer)
                shape = picture.width, picture.height, picture.stride
                picture.close()
                page.close()
            sheets[number] = tesseract.read_pixels(pixels, *shape, dpi)
            yield Progress()
