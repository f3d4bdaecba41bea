"""Word documents (.docx): paragraphs, headings and tables, in the order of the page."""

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.loaders.article import make_article
from ingest.loaders.source import Entry, Source, megabytes, parsing
from qa.errors import EmptySource, SourceTooLarge, UnreadableSource

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
from qa.text import one_line

__all__ = ["load_docx"]

# Bytes of all parts unpacked, pictures too: the parser holds them in memory together.
MAX_UNPACKED = 256 * 2**20
# How an encrypted document starts: Office wraps it into its old container format.
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def load_docx(source: Source) -> Iterator[Entry]:
    """One article. The day a document was made is not the day it was published."""
    data = source.read()
    if data.startswith(_OLE):
        raise UnreadableSource("protected by a password, or an old .doc; save it as plain .docx")
    with parsing("DOCX"):
        _refuse_bomb(data)
        document = _open(data)
        text = "\n\n".join(_blocks(document))
        properties = document.core_properties
        title, author = properties.title, properties.author
    if not text:
        raise EmptySource("the document has no text")
    # The author that the library writes into every new document is nobody.
    author = "" if author == "python-docx" else author
    title = title or _title(document) or source.stem
    yield Entry(make_article(source, text, title=title, author=author, url=source.url))


def _refuse_bomb(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if sum(part.file_size for part in package.infolist()) > MAX_UNPACKED:
            raise SourceTooLarge(
                f"a document that unpacks to more than {megabytes(MAX_UNPACKED)}; "
                "save its text alone"
            )


def _open(data: bytes) -> "Document":
    import docx

    return docx.Document(io.BytesIO(data))


def _blocks(document: "Document") -> Iterator[str]:
    """Paragraphs and tables as text, none empty."""
    from docx.table import Table

    for block in document.iter_inner_content():
        text = _rows(block) if isinstance(block, Table) else block.text
        if text.strip():
            yield text.strip()


def _rows(table: "Table") -> str:
    """A row per line, its cells apart by a bar; a merged cell once."""
    rows = []
    for row in table.rows:
        cells = {id(cell._tc): one_line(cell.text) for cell in row.cells}
        rows.append(" | ".join(filter(None, cells.values())))
    return "\n".join(filter(None, rows))


def _title(document: "Document") -> str:
    """The first paragraph in a title or heading style."""
    for paragraph in document.paragraphs:
        name = (paragraph.style.name or "") if paragraph.style else ""
        if name.startswith(("Title", "Heading")) and paragraph.text.strip():
            return paragraph.text.strip()
    return ""
