"""The pages of a document as one article: columns, heads, paragraphs, title, author and day."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from ingest.documents.facts import facts_of
from ingest.documents.paragraphs import Paragraph, paragraphs_of
from ingest.documents.reading_order import split_blocks
from ingest.documents.running_heads import without_heads
from ingest.documents.segments import Sheet
from ingest.parsing.article import make_article
from ingest.parsing.source import Source
from qa.records.article import Article

__all__ = ["RECOGNISED", "article_of"]

# What stands before the text of a page that was recognised in a picture.
RECOGNISED = "[Page {number}: text recognised in a picture]"
# Paragraphs among which the title is looked for, and how much larger than the text it is.
_FIRST, _TITLE_SIZE = 6, 1.15


def article_of(
    source: Source,
    sheets: Sequence[Sheet],
    *,
    recognised: Collection[int] = (),
    properties: Mapping[str, str] | None = None,
) -> Article | None:
    """The article on these pages, None if there is no text.

    ``recognised`` are the numbers, from 0, of pages whose text was recognised in pictures, which
    is said before it. ``properties`` are what the document says of itself: Title, Author.
    """
    pages = without_heads(sheets)
    paragraphs = paragraphs_of([split_blocks(page.segments) for page in pages])
    if not paragraphs:
        return None
    stated = properties or {}
    facts = facts_of(
        stated_title=stated.get("Title", ""),
        stated_author=stated.get("Author", ""),
        page_title=_title(paragraphs),
        first_lines=[paragraph.text for paragraph in paragraphs[:_FIRST]],
        heads=pages[0].heads,
    )
    return make_article(
        source,
        "\n\n".join(_marked(paragraphs, recognised)),
        title=facts.title or source.stem,
        author=facts.author,
        published=facts.published,
        dated_by=facts.dated_by,
        url=source.url,
    )


def _marked(paragraphs: Sequence[Paragraph], recognised: Collection[int]) -> list[str]:
    """The texts, with a line before the first of each page that was recognised."""
    texts: list[str] = []
    page = -1
    for paragraph in paragraphs:
        if paragraph.page != page and paragraph.page in recognised:
            texts.append(RECOGNISED.format(number=paragraph.page + 1))
        page = paragraph.page
        texts.append(paragraph.text)
    return texts


def _title(paragraphs: Sequence[Paragraph]) -> str:
    """The largest of the first paragraphs, if it is larger than the text."""
    sizes: Counter[float] = Counter()
    for paragraph in paragraphs:
        sizes[paragraph.size] += len(paragraph.text)
    ((body_size, _),) = sizes.most_common(1)
    first = max(paragraphs[:_FIRST], key=lambda each: each.size)
    return first.text if first.size > _TITLE_SIZE * body_size else ""
