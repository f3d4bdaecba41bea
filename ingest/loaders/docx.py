"""Word documents (.docx): paragraphs, headings and tables, in the order of the page."""

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ingest.loaders.documents.package import refuse_bomb
from ingest.parsing.article import make_article
from ingest.parsing.source import MAX_TEXT, Entry, Source, parsing
from qa.errors import EmptySource, SourceTooLarge, UnreadableSource
from qa.language.cleaning import one_line

if TYPE_CHECKING:
    from docx.document import Document

__all__ = ["load_docx"]

# How an encrypted document starts: Office wraps it into its old container format.
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# What a run writes: texts, and the signs for tabs, line ends and hyphens.
_SIGNS = ("w:br", "w:cr", "w:noBreakHyphen", "w:ptab", "w:t", "w:tab")


def load_docx(source: Source) -> Iterator[Entry]:
    """One article. The day a document was made is not the day it was published."""
    data = source.read()
    if data.startswith(_OLE):
        raise UnreadableSource("protected by a password, or an old .doc; save it as plain .docx")
    with parsing("DOCX"):
        refuse_bomb(data)
        document = _open(data)
        text = "\n\n".join(_bounded(_blocks(document)))
        properties = document.core_properties
        title, author = properties.title or _title(document), properties.author
    if not text:
        raise EmptySource("the document has no text")
    # The author that the library writes into every new document is nobody.
    author = "" if author == "python-docx" else author
    yield Entry(
        make_article(source, text, title=title or source.stem, author=author, url=source.url)
    )


def _open(data: bytes) -> "Document":
    import docx

    return docx.Document(io.BytesIO(data))


def _blocks(document: "Document") -> Iterator[str]:
    """Paragraphs and tables as text, none empty."""
    for block in _children(document.element.body, "w:p", "w:tbl"):
        if not len(block):
            continue
        table = block.tag.endswith("}tbl")
        text = "\n".join(_bounded(_rows(block))) if table else _text(block)
        if text.strip():
            yield text.strip()


def _children(element: Any, *names: str) -> Iterator[Any]:
    """The children of these names. The library asks for them by XPath, whose time grows with the
    square of their number when there are several names.
    """
    from docx.oxml.ns import qn

    return iter(element.iterchildren(*map(qn, names)))


def _text(paragraph: Any) -> str:
    """What stands in the runs of a paragraph, and in those of its links."""
    runs = (
        run
        for child in _children(paragraph, "w:r", "w:hyperlink")
        for run in (_children(child, "w:r") if child.tag.endswith("}hyperlink") else (child,))
    )
    return "".join(str(sign) for run in runs for sign in _children(run, *_SIGNS))


def _bounded(texts: Iterable[str]) -> Iterator[str]:
    """The texts, as long as one article may hold them: merged cells repeat theirs."""
    size = 0
    for text in texts:
        size += len(text)
        if size > MAX_TEXT:
            raise SourceTooLarge(
                f"more than {MAX_TEXT:,} characters, the limit for one article; split the document"
            )
        yield text


def _rows(table: Any) -> Iterator[str]:
    """A row per line, its cells apart by a bar, none empty. A cell that is merged over columns
    stands once in its row, one that is merged over rows in each of them.

    The cells are walked here, since the library lists a merged cell for every column that it
    claims to span.
    """
    above: dict[int, str] = {}
    for row in _children(table, "w:tr"):
        column = row.grid_before
        cells: dict[int, str] = {}
        for cell in _children(row, "w:tc"):
            merged = cell.vMerge == "continue" and column in above
            cells[column] = above[column] if merged else _cell_text(cell)
            column += max(1, cell.grid_span)
        above = cells
        if line := " | ".join(filter(None, cells.values())):
            yield line


def _cell_text(cell: Any) -> str:
    return one_line("\n".join(map(_text, _children(cell, "w:p"))))


def _title(document: "Document") -> str:
    """The first paragraph in a title or heading style."""
    names = {style.style_id: style.name or "" for style in document.styles}
    for paragraph in _children(document.element.body, "w:p"):
        name = names.get(paragraph.style or "", "") if len(paragraph) else ""
        if name.startswith(("Title", "Heading")) and (text := _text(paragraph).strip()):
            return text
    return ""
