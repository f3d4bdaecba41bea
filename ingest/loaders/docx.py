"""Word documents (.docx): paragraphs, headings, tables and text boxes, in the order of the page,
as they read when every tracked change is accepted.
"""

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ingest.documents.facts import facts_of
from ingest.documents.word_text import Paragraph, paragraphs_of
from ingest.loaders.documents.package import refuse_bomb
from ingest.parsing.article import make_article
from ingest.parsing.source import MAX_TEXT, Entry, Source, parsing
from qa.errors import EmptySource, SourceTooLarge, UnreadableSource

if TYPE_CHECKING:
    from docx.document import Document

__all__ = ["load_docx"]

# How an encrypted document starts: Office wraps it into its old container format.
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# Paragraphs among which title, author and day are looked for.
_FIRST = 8


def load_docx(source: Source) -> Iterator[Entry]:
    """One article. Its title is its Title paragraph, else that of its properties, unless a
    program wrote it there, else its first heading; its day is the one in its first lines. The day
    a document was made is not the day it was published.
    """
    data = source.read()
    if data.startswith(_OLE):
        raise UnreadableSource("protected by a password, or an old .doc; save it as plain .docx")
    with parsing("DOCX"):
        refuse_bomb(data)
        document = _open(data)
        paragraphs = list(_bounded(paragraphs_of(document.element.body)))
        properties = document.core_properties
        title, heading = _titles(document, paragraphs)
        facts = facts_of(
            stated_title=properties.title,
            stated_author=properties.author,
            page_title=title or heading,
            title_is_certain=bool(title),
            first_lines=[paragraph.text for paragraph in paragraphs[:_FIRST]],
        )
    if not paragraphs:
        raise EmptySource("the document has no text")
    yield Entry(
        make_article(
            source,
            "\n\n".join(paragraph.text for paragraph in paragraphs),
            title=facts.title or source.stem,
            author=facts.author,
            published=facts.published,
            dated_by=facts.dated_by,
            url=source.url,
        )
    )


def _open(data: bytes) -> "Document":
    import docx

    return docx.Document(io.BytesIO(data))


def _bounded(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """The paragraphs, as long as one article may hold them: merged cells repeat theirs."""
    size = 0
    for paragraph in paragraphs:
        size += len(paragraph.text)
        if size > MAX_TEXT:
            raise SourceTooLarge(
                f"more than {MAX_TEXT:,} characters, the limit for one article; split the document"
            )
        yield paragraph


def _titles(document: "Document", paragraphs: list[Paragraph]) -> tuple[str, str]:
    """The first paragraph in a title style, and the first in a heading style; empty for none."""
    names = {style.style_id: style.name or "" for style in document.styles}
    found = {"Title": "", "Heading": ""}
    for paragraph in paragraphs:
        for start in found:
            if not found[start] and names.get(paragraph.style, "").startswith(start):
                found[start] = paragraph.text
    return found["Title"], found["Heading"]
