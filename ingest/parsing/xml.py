"""XML with what is made to harm refused: as a tree, or as the parser of feeds reads it quickly.

That parser searches what stands before the first element by patterns that take the square of its
length, or the cube, and the names of authors likewise. What would take it long is refused here.
"""

import re
from typing import TYPE_CHECKING

from ingest.parsing.encoding import decode
from ingest.parsing.markup import check_attributes
from ingest.parsing.source import MAX_FILE, megabytes, parsing
from qa.errors import SourceTooLarge, UnreadableSource

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["NO_FEED", "clean_xml", "local_name", "parse_xml"]

NO_FEED = "XML that is not a feed; RSS and Atom are read"
# Characters before the first element: a declaration, comments, the names of some signs.
MAX_PROLOG = 16_000
# Start and end tags. Each start tag becomes a record of 1 kB; long feeds have 10,000.
MAX_TAGS = 500_000
# Characters of what an author is called, everything within included.
MAX_AUTHOR = 10_000

_DECLARED = re.compile(rb"\s*+<\?xml[^>]{1,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{1,40})")
_DECLARATION = re.compile(r"\s*+<\?xml\s[^>]*+>")
_ELEMENT = re.compile(r"<\w")
_SPACE = re.compile(r"\s+")
_ENTITY = re.compile(r"<!ENTITY\s++(\w++)\s++\"([^\"]*+)\"")
_REFERENCE = re.compile(r"&(\w++);")
_AUTHOR = re.compile(
    r"<(?=(?:[\w.-]{1,40}:)?(?:author|creator|contributor|name|email|managingeditor|webmaster"
    r"|publisher|owner)\b)",
    re.IGNORECASE,
)


def parse_xml(data: bytes, *, charset: str | None = None) -> "Element":
    """The tree of a document that declares no signs of its own (entities), as none needs to.

    Raises UnreadableSource for what is not well-formed, SourceTooLarge for what is over a limit.
    """
    from xml.etree import ElementTree

    text = _decoded(data, charset)
    if "<!ENTITY" in text:
        raise UnreadableSource("XML that declares entities, which only a bomb needs; remove them")
    _check_tags(text)
    with parsing("XML document"):
        return ElementTree.fromstring(text)


def local_name(element: "Element") -> str:
    """The name of an element without its namespace, in lower case; empty for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def clean_xml(data: bytes, charset: str | None) -> bytes:
    """The same document in UTF-8, ``charset`` being what the server declared.

    Raises UnreadableSource for what has no element, SourceTooLarge for what is over a limit.
    """
    text = _decoded(data, charset)
    first = _ELEMENT.search(text)
    if first is None:
        raise UnreadableSource(NO_FEED)
    prolog = _SPACE.sub(lambda space: "\n" if "\n" in space[0] else " ", text[: first.start()])
    if len(prolog) > MAX_PROLOG:
        raise SourceTooLarge(
            f"XML with {len(prolog):,} characters before its first element; the limit is "
            f"{MAX_PROLOG:,}. Remove them"
        )
    _check_tags(text)
    _check_entities(prolog, text)
    _check_authors(text)
    # In a line of its own, so that the parser looks for an encoding in nothing else.
    head = f"<?xml version='1.0' encoding='utf-8'?>\n{prolog.lstrip()}"
    return head.encode(errors="replace") + text[first.start() :].encode(errors="replace")


def _decoded(data: bytes, charset: str | None) -> str:
    """The document without its declaration."""
    declared = _DECLARED.match(data)
    text = decode(data, charset or (declared[1].decode("ascii") if declared else None))
    text = text.removeprefix("\ufeff").lstrip()
    if declaration := _DECLARATION.match(text):
        text = text[declaration.end() :]
    return text


def _check_tags(text: str) -> None:
    first, *sections = text.split("<![CDATA[")
    tags = first.count("<") + sum(part.partition("]]>")[2].count("<") for part in sections)
    if tags > MAX_TAGS:
        raise SourceTooLarge(
            f"XML of {tags:,} tags; the limit is {MAX_TAGS:,}. Split it into several"
        )
    check_attributes(text)


def _check_entities(prolog: str, text: str) -> None:
    sizes = {name: len(value) for name, value in _ENTITY.findall(prolog)}
    if sizes and sum(sizes.get(found[1], 0) for found in _REFERENCE.finditer(text)) > MAX_FILE:
        raise SourceTooLarge(
            f"XML whose entities stand for more than {megabytes(MAX_FILE)}, which only a bomb has"
        )


def _check_authors(text: str) -> None:
    for part in _AUTHOR.split(text)[1:]:
        end = part.find("</")
        if (end if end >= 0 else len(part)) > MAX_AUTHOR:
            raise SourceTooLarge(
                f"a feed with an author of more than {MAX_AUTHOR:,} characters, the limit for one"
            )
