"""OpenDocument texts (.odt): paragraphs, headings, lists and tables, in the order of the page."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.documents.facts import facts_of
from ingest.loaders.documents.package import Package
from ingest.parsing.article import MAX_NAME, make_article
from ingest.parsing.source import MAX_TEXT, Entry, Source
from ingest.parsing.xml import local_name, parse_xml
from qa.errors import EmptySource, SourceTooLarge, UnreadableSource
from qa.language.cleaning import one_line

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["load_odt"]

_CONTENT, _META, _MANIFEST = "content.xml", "meta.xml", "META-INF/manifest.xml"
# What is not of the text: what was taken out of it, notes on it, and what is beside it.
_SILENT = frozenset(
    ("tracked-changes", "annotation", "annotation-end", "forms", "sequence-decls", "note",
     "variable-decls", "user-field-decls", "dde-connection-decls", "index-title-template")
)  # fmt: skip
# Elements in each other. Writers nest lists to ten levels.
MAX_DEPTH = 200
# Paragraphs among which author and day are looked for.
_FIRST = 8
# Blanks that one sign stands for.
_MOST_BLANKS = 100


def load_odt(source: Source) -> Iterator[Entry]:
    """One article. Its title, author and day are those of its first lines, or its properties where
    those are a person's. The day it was made is not the day it was published. What tracked
    changes took out stays out, and comments and footnotes with it.
    """
    data = source.read()
    if not data.strip():
        raise EmptySource("the file is empty")
    package = Package(data, "OpenDocument text")
    if _MANIFEST in package.names and b"encryption-data" in package.read(_MANIFEST):
        raise UnreadableSource("the document is protected by a password; save a copy without one")
    tree = parse_xml(package.read(_CONTENT))
    blocks = [*_bounded(_blocks(tree))]
    if not blocks:
        raise EmptySource("the document has no text")
    stated = _facts(package)
    first = {name: text for name, text in reversed(blocks) if len(text) <= MAX_NAME}
    facts = facts_of(
        stated_title=stated.get("title", ""),
        stated_author=stated.get("initial-creator") or stated.get("creator", ""),
        page_title=first.get("title") or first.get("h", ""),
        title_is_certain="title" in first,
        first_lines=[text for _, text in blocks[:_FIRST]],
    )
    yield Entry(
        make_article(
            source,
            "\n\n".join(text for _, text in blocks),
            title=facts.title or source.stem,
            author=facts.author,
            published=facts.published,
            dated_by=facts.dated_by,
            language=stated.get("language"),
            url=source.url,
        )
    )


def _facts(package: Package) -> dict[str, str]:
    if _META not in package.names:
        return {}
    facts: dict[str, str] = {}
    for element in parse_xml(package.read(_META)).iter():
        if (text := one_line(element.text or "")) and len(text) <= MAX_NAME:
            facts.setdefault(local_name(element), text)
    return facts


def _blocks(element: "Element", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Titles, headings (``h``), paragraphs (``p``) and tables with their texts, none empty."""
    if depth > MAX_DEPTH:
        raise UnreadableSource(f"a document of more than {MAX_DEPTH} elements in each other")
    for child in element:
        name = local_name(child)
        if name in ("h", "p"):
            if text := _text(child).strip():
                yield ("title" if _style(child) == "Title" else name), text
        elif name == "table":
            if rows := "\n".join(_rows(child)):
                yield name, rows
        elif name not in _SILENT:
            yield from _blocks(child, depth + 1)


def _style(paragraph: "Element") -> str:
    styles = (value for key, value in paragraph.items() if key.endswith("}style-name"))
    return next(styles, "")


def _rows(table: "Element") -> Iterator[str]:
    """A row per line, its cells apart by a bar, none empty."""
    for row in table.iter():
        if local_name(row) == "table-row":
            cells = (one_line(" ".join(map(_text, _paragraphs(cell)))) for cell in row)
            if line := " | ".join(filter(None, cells)):
                yield line


def _paragraphs(cell: "Element") -> Iterator["Element"]:
    """Those of a cell; those of a table in it are told with its own rows."""
    return (child for child in cell if local_name(child) in ("h", "p"))


def _text(element: "Element", depth: int = 0) -> str:
    """What stands in a paragraph, its signs for blanks, tabs and line ends written out."""
    if depth > MAX_DEPTH:
        raise UnreadableSource(f"a paragraph of more than {MAX_DEPTH} elements in each other")
    parts = [element.text or ""]
    for child in element:
        name = local_name(child)
        if name == "s":
            parts.append(" " * _count(child))
        elif name == "tab":
            parts.append("\t")
        elif name == "line-break":
            parts.append("\n")
        elif name and name not in _SILENT:
            parts.append(_text(child, depth + 1))
        parts.append(child.tail or "")
    return "".join(parts)


def _count(blanks: "Element") -> int:
    written = next((value for key, value in blanks.items() if key.endswith("}c")), "1")
    return min(int(written), _MOST_BLANKS) if written.isdecimal() and len(written) < 9 else 1


def _bounded(blocks: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    size = 0
    for name, text in blocks:
        size += len(text)
        if size > MAX_TEXT:
            raise SourceTooLarge(
                f"more than {MAX_TEXT:,} characters, the limit for one article; split the document"
            )
        yield name, text
