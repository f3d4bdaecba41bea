"""Web pages: the article without what surrounds it, and what the page says of itself."""

import logging
import re
from collections.abc import Iterator
from typing import Any

from ingest.loaders.article import make_article
from ingest.loaders.decode import decode
from ingest.loaders.page import Element, facts_of
from ingest.loaders.source import Entry, Source, parsing
from qa.errors import EmptySource
from qa.text import one_line

__all__ = ["load_html", "plain_text"]

# Bytes in which browsers, too, look for a declared charset (they stop at 1,024).
CHARSET_SAMPLE = 4096

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_BLOCK = re.compile(
    "address|article|aside|blockquote|body|center|d[dlt]|details|div|fieldset|fig(caption|ure)|"
    "footer|form|h[1-6r]|header|li|main|nav|[ou]l|p|pre|section|table|tbody|t[dhr]|thead"
)
_SILENT = re.compile("head|iframe|noscript|object|s(cript|elect|tyle|vg)|te(mplate|xtarea)")


def load_html(source: Source) -> Iterator[Entry]:
    """One article. Comments of readers, menus and footers are left out where they can be told."""
    data = source.read()
    declared = _CHARSET.search(data[:CHARSET_SAMPLE])
    markup = decode(data, source.charset or (declared[1].decode("ascii") if declared else None))
    with parsing("web page"):
        tree = _parse(markup)
        text, author = _extract(markup)
        if not text:
            text = _block_text(tree)
    if not text:
        raise EmptySource("the page has no text; if it is made by scripts, save it as text")
    with parsing("web page"):
        facts = facts_of(tree, source.url)
    facts["author"] = facts["author"] or author
    yield Entry(make_article(source, text, **{**facts, "title": facts["title"] or source.stem}))


def plain_text(markup: str) -> str:
    r"""The text of a piece of HTML, its paragraphs separated by blank lines.

    >>> plain_text("<p>Rain<br>fell.</p><p>It was <b>wet</b> &amp; cold.</p>")
    'Rain\nfell.\n\nIt was wet & cold.'
    """
    if not markup.strip():
        return ""
    with parsing("HTML text"):
        return _block_text(_parse(markup))


def _parse(markup: str) -> Element:
    from lxml import html

    # As bytes, since lxml refuses text that declares an encoding of its own; huge, since pages
    # with unclosed tags nest deeper than the 256 levels that it allows otherwise.
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, huge_tree=True)
    return html.document_fromstring(markup.encode(errors="replace") or b"<p>", parser=parser)


def _extract(markup: str) -> tuple[str, str | None]:
    """The main text and the author as trafilatura finds them. Its title and dates are guesses
    (the first part of ``<title>``, any date in the text) and are not used.
    """
    import trafilatura

    # It logs an error for a page without text, which is an answer here and no fault.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found: Any = trafilatura.bare_extraction(
            markup,
            include_comments=False,
            with_metadata=True,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception:  # it recurses and indexes on odd pages; the plain text is left to us
        return "", None
    if found is None:
        return "", None
    return _spaced(found.text or ""), (found.author or "").replace("; ", ", ") or None


def _spaced(text: str) -> str:
    """Paragraphs apart by a blank line; the items of a list and the rows of a table together."""
    spaced = ""
    before = ""
    for line in filter(None, map(str.strip, text.split("\n"))):
        together = line.startswith(("- ", "| ")) and before.startswith(line[:2])
        spaced += ("\n" if together else "\n\n") + line
        before = line
    return spaced.strip()


def _block_text(tree: Element) -> str:
    """All text of a tree. Walks without recursion, since pages nest as deep as they like."""
    from lxml import etree

    parts: list[str] = []
    silent = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if _SILENT.fullmatch(tag):
            silent += 1 if event == "start" else -1
        elif _BLOCK.fullmatch(tag):
            parts.append("\n\n")
        elif tag == "br" and event == "start":
            parts.append("\n")
        text = element.text if event == "start" else element.tail
        if text and not silent:
            parts.append(re.sub(r"\s+", " ", text))
    lines = (one_line(line) for line in "".join(parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
