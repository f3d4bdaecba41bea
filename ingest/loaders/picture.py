"""Pictures of text: scans and photographs of pages, read by Tesseract where it is installed."""

from collections.abc import Iterator

from ingest.documents.pages import article_of
from ingest.documents.segments import Sheet
from ingest.documents.tesseract import open_tesseract
from ingest.parsing.source import Entry, Progress, Source
from qa.errors import EmptySource

__all__ = ["load_picture"]


def load_picture(source: Source) -> Iterator[Entry | Progress]:
    """One article. Raises EmptySource when there is no text in the picture, and where Tesseract
    is not installed.
    """
    data = source.read()
    sheets: list[Sheet] = []
    with open_tesseract(source.ocr_languages) as tesseract:
        for sheet in tesseract.read_picture(data):
            sheets.append(sheet)
            yield Progress()
    article = article_of(source, sheets, recognised=range(len(sheets)))
    if article is None:
        raise EmptySource("no text was recognised in the picture")
    yield Entry(article)
