"""PDF files: their text in paragraphs. A scan has none; nothing here reads pictures."""

import re
import threading
from collections.abc import Iterable, Iterator
from typing import Any

from ingest.parsing.article import MAX_NAME, make_article
from ingest.parsing.pdf_content import check_content
from ingest.parsing.source import MAX_TEXT, Entry, Source, parsing
from qa.errors import EmptySource, SourceTooLarge, UnreadableSource
from qa.language.cleaning import one_line

__all__ = ["join_lines", "load_pdf"]

Document = Any  # of pypdfium2, which has no types

# PDFium is not thread-safe, not even with one document per thread.
_LOCK = threading.Lock()
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
# The longest books have 3,000.
MAX_PAGES = 20_000
# What PDFium puts where it sees a word divided at the end of a line.
_DIVIDED = re.compile("[\ufffe\x02\u00ad][ \t]*\n?")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u2010]\n(?=[^\W\d_])")


def load_pdf(source: Source) -> Iterator[Entry]:
    """One article. The day a PDF was made is not the day its text was published, so that
    stays unknown.
    """
    data = source.read()
    with _LOCK:
        pages, facts = _read(data)
    text = _join_pages(filter(None, map(join_lines, pages)))
    if not text:
        raise EmptySource("the PDF has no text, only pictures; run OCR on it first")
    yield Entry(
        make_article(
            source,
            text,
            title=_title(facts) or source.stem,
            author=facts.get("Author"),
            url=source.url,
        )
    )


def _title(facts: dict[str, str]) -> str:
    title = facts.get("Title", "")
    return title if len(title) <= MAX_NAME else ""


def _read(data: bytes) -> tuple[list[str], dict[str, str]]:
    """The text of every page and the document's properties."""
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
            return _pages(document), document.get_metadata_dict(skip_empty=True)
        finally:
            document.close()


def _pages(document: Document) -> list[str]:
    pages: list[str] = []
    size = 0
    for page in document:
        layer = page.get_textpage()
        pages.append(layer.get_text_range())
        layer.close()
        page.close()
        size += len(pages[-1])
        if size > MAX_TEXT:
            raise SourceTooLarge(
                f"more than {MAX_TEXT:,} characters, the limit for one article; split the PDF"
            )
    return pages


def _join_pages(pages: Iterable[str]) -> str:
    """A sentence that goes on over the page stays in one paragraph."""
    parts: list[str] = []
    for page in pages:
        open_end = parts and re.match(r"[\w,;]", parts[-1][-1:]) and page[:1].islower()
        parts += [" " if open_end else "\n\n", page]
    return "".join(parts).strip()


def join_lines(page: str) -> str:
    r"""The lines of a page as paragraphs, divided words joined again.

    A paragraph ends at a blank line, or at a line that ends a sentence and is clearly shorter
    than the longest one; a short line that ends none, before a capital, is a heading.

    >>> join_lines("A long line of words that is hyphen-\nated here and\ngoes on.\n\nNext.")
    'A long line of words that is hyphenated here and goes on.\n\nNext.'
    """
    page = page.replace("\r\n", "\n").replace("\r", "\n")
    page = _DIVIDED.sub("", page)
    page = _HYPHEN.sub(_joined, page)
    lines = [one_line(line) for line in page.split("\n")]
    width = max(map(len, lines))
    paragraphs: list[list[str]] = [[]]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line:
            paragraphs[-1].append(line)
        if not line or _ends_paragraph(line, following, width):
            paragraphs.append([])
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs if paragraph)


def _joined(found: re.Match[str]) -> str:
    r"""Divided words go on in lower case; ``Anglo-\nSaxon`` keeps its hyphen."""
    following = found.string[found.end() : found.end() + 1]
    return "" if following.islower() else "-"


def _ends_paragraph(line: str, following: str, width: int) -> bool:
    if len(line) < 0.75 * width and re.search(
        r"[.!?:\u2026\u3002][\"'\u201d\u2019\u00bb)\]]*$", line
    ):
        return True
    heading = len(line) < 0.6 * width and not re.search(r"[,;\u2013\u2014-]$", line)
    return heading and following[:1].isupper() and line[:1].isupper()
