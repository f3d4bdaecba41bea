"""PDF files: their text in paragraphs, in the order in which it is read."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.documents.facts import facts_of
from ingest.documents.paragraphs import Paragraph, paragraphs_of
from ingest.documents.reading_order import split_blocks
from ingest.documents.running_heads import without_heads
from ingest.documents.segments import Sheet, sheet_of
from ingest.parsing.article import make_article
from ingest.parsing.pdf_content import check_content
from ingest.parsing.source import MAX_TEXT, Entry, Source, parsing
from qa.errors import EmptySource, SourceTooLarge, UnreadableSource

__all__ = ["load_pdf"]

Document = Any  # of pypdfium2, which has no types

# PDFium is not thread-safe, not even with one document per thread.
_LOCK = threading.Lock()
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
# The longest books have 3,000.
MAX_PAGES = 20_000
# Paragraphs among which the title is looked for, and how much larger than the text it is.
_FIRST, _TITLE_SIZE = 6, 1.15


def load_pdf(source: Source) -> Iterator[Entry]:
    """One article. Its title and author are those on the page, or in its properties where those
    are not a program's; its day is the one in its first lines. The day a PDF was made is not the
    day its text was published.
    """
    data = source.read()
    with _LOCK:
        sheets, stated = _read(data)
    pages = without_heads(sheets)
    paragraphs = paragraphs_of([split_blocks(page.segments) for page in pages])
    if not paragraphs:
        raise EmptySource("the PDF has no text, only pictures; run OCR on it first")
    facts = facts_of(
        stated_title=stated.get("Title", ""),
        stated_author=stated.get("Author", ""),
        page_title=_page_title(paragraphs),
        first_lines=[paragraph.text for paragraph in paragraphs[:_FIRST]],
        heads=pages[0].heads,
    )
    yield Entry(
        make_article(
            source,
            "\n\n".join(paragraph.text for paragraph in paragraphs),
            title=facts.title or source.stem,
            author=facts.author,
            published=facts.published,
            url=source.url,
        )
    )


def _page_title(paragraphs: Sequence[Paragraph]) -> str:
    """The largest of the first paragraphs, if it is larger than the text."""
    sizes: Counter[float] = Counter()
    for paragraph in paragraphs:
        sizes[paragraph.size] += len(paragraph.text)
    ((body_size, _),) = sizes.most_common(1)
    first = max(paragraphs[:_FIRST], key=lambda each: each.size)
    return first.text if first.size > _TITLE_SIZE * body_size else ""


def _read(data: bytes) -> tuple[list[Sheet], dict[str, str]]:
    """What stands on every page and the document's properties."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD_ERROR:
            raise UnreadableSource(
                "the PDF is protected by a password; save a copy without one"
            ) from error
        raise UnreadableSource(f"not a readable PDF ({error}); is it damaged?") from error
    with parsing("PDF"):
        try:
            if len(document) > MAX_PAGES:
                raise SourceTooLarge(
                    f"a PDF of {len(document):,} pages; the limit is {MAX_PAGES:,}. Split it"
                )
            check_content(document)
            return _sheets(document), document.get_metadata_dict(skip_empty=True)
        finally:
            document.close()


def _sheets(document: Document) -> list[Sheet]:
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
