"""XML with what is made to harm refused: as a tree, or as the parser of feeds reads it quickly.

That parser searches what stands before the first element by patterns that take the square of its
length, or the cube, and the names of authors likewise. What would take it long is refused here.
"""

import re
from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING

from ingest.parsing.encoding import decode
from ingest.parsing.markup import MAX_DEPTH, check_attributes
from ingest.parsing.source import MAX_FILE, megabytes, parsing
from qa.errors import SourceTooLarge, UnreadableSource

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = [
    "NO_FEED",
    "clean_xml",
    "count_entries",
    "local_name",
    "mended_xml",
    "other_kind",
    "parse_xml",
    "with_media_texts",
    "with_signs_escaped",
]

NO_FEED = "XML that is not a feed and holds no article; RSS, Atom, NITF and NewsML are read"
# Characters before the first element: a declaration, comments, the names of some signs.
MAX_PROLOG = 16_000
# Start and end tags. Each start tag becomes a record of 1 kB; long feeds have 10,000.
MAX_TAGS = 500_000
# Characters of what an author is called, everything within included.
MAX_AUTHOR = 10_000

_DECLARED = re.compile(rb"\s*+<\?xml[^>]{1,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{1,40})")
_DECLARATION = re.compile(r"\s*+<\?xml\s[^>]*+>")
_ELEMENT = re.compile(r"<\w")
_START_OR_END = re.compile(r"<(/?)\w[^<>]*+>")
_SPACE = re.compile(r"\s+")
_ENTITY = re.compile(r"<!ENTITY\s++(\w++)\s++\"([^\"]*+)\"")
_REFERENCE = re.compile(r"&(\w++);")
_ENTRY = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ENTRY_END = re.compile(rb"</(?:[\w.-]{1,40}:)?(?:item|entry)\s{0,9}>", re.IGNORECASE)
# What begins no reference; within a declaration it may.
_BARE = re.compile(rb"&(?!#?\w{1,31};|%)")
_SECTION = b"<![CDATA["
# The tag in which a section of raw text begins, and any tag.
_TAG_BEFORE = re.compile(rb"<([\w.:-]{1,60})(?:\s[^<>]{0,500})?>\s{0,99}$")
_TAG = re.compile(rb"<(/?)([\w.:-]{1,60})(?:\s[^<>]*+)?>")
_MEDIA_TEXT = b"<media:text"
_MEDIA_TEXT_START = re.compile(rb"<media:text\s[^<>]*+(?<!/)>")
_NEXT_MEDIA_TEXT = re.compile(rb"</media:text>\s*+<media:text>")
_ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?(\w[\w.-]{0,40})")
_LOCATION = re.compile(rb"<(?:[\w.-]{1,40}:)?loc>", re.IGNORECASE)
_OUTLINE = re.compile(rb"<outline\s[^<>]{0,2000}?xmlUrl", re.IGNORECASE)
_AUTHOR = re.compile(
    r"<(?=(?:[\w.-]{1,40}:)?(?:author|creator|contributor|name|email|managingeditor|webmaster"
    r"|publisher|owner)\b)",
    re.IGNORECASE,
)


def parse_xml(data: bytes, *, charset: str | None = None) -> "Element":
    """The tree of a document that declares no signs of its own (entities), as none needs to.

    Raises UnreadableSource for what is not well-formed or nests too deep, SourceTooLarge for what
    is over another limit.
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

    Raises UnreadableSource for what has no element or nests too deep, SourceTooLarge for what is
    over another limit.
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
    parts = [first, *(part.partition("]]>")[2] for part in sections)]
    tags = sum(part.count("<") for part in parts)
    if tags > MAX_TAGS:
        raise SourceTooLarge(
            f"XML of {tags:,} tags; the limit is {MAX_TAGS:,}. Split it into several"
        )
    _check_depth(chain.from_iterable(map(_START_OR_END.finditer, parts)))
    check_attributes(text)


def _check_depth(tags: Iterable[re.Match[str]]) -> None:
    depth = 0
    for tag in tags:
        depth += -1 if tag[1] else not tag[0].endswith("/>")
        if depth > MAX_DEPTH:
            raise UnreadableSource(
                f"XML of more than {MAX_DEPTH:,} elements in each other; are they closed?"
            )


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


def with_signs_escaped(data: bytes) -> bytes:
    """A document in which ``&`` stands for itself where it begins no reference to a sign."""
    first, *sections = data.split(_SECTION)
    parts = (section.partition(b"]]>") for section in sections)
    mended = (inside + end + _BARE.sub(b"&amp;", rest) for inside, end, rest in parts)
    return _SECTION.join([_BARE.sub(b"&amp;", first), *mended])


def with_media_texts(data: bytes) -> bytes:
    """A feed whose ``media:text`` have no attributes, which the parser would keep instead of the
    text; those that follow each other are one.
    """
    if _MEDIA_TEXT not in data:
        return data
    return _NEXT_MEDIA_TEXT.sub(b"\n", _MEDIA_TEXT_START.sub(b"<media:text>", data))


def count_entries(data: bytes) -> int:
    """How many entries a feed begins, outside sections of raw text."""
    first, *sections = data.split(_SECTION)
    parts = (part.partition(b"]]>") for part in sections)
    # A section that does not end may hide entries.
    rest = (after if end else inside for inside, end, after in parts)
    return sum(len(_ENTRY.findall(part)) for part in (first, *rest))


def mended_xml(data: bytes) -> bytes:
    """A feed whose sections of raw text end within their elements, and whose last entry ends.

    What is whole stays as it is, to the byte.
    """
    first, *sections = data.split(_SECTION)
    mended = [first]
    for section in sections:
        tag = _TAG_BEFORE.search(mended[-1][-700:])
        mended.append(_ended(section, tag[1] if tag else b""))
    return _closed(_SECTION.join(mended))


def _ended(section: bytes, tag: bytes) -> bytes:
    """A section of raw text that ends before the element it stands in does."""
    close = section.find(b"]]>")
    element_end = section.find(b"</%b>" % tag) if tag else -1
    # Markup within may have an element of that name; one that ends the entry has not.
    if close >= 0 and not _ENTRY_END.search(section, 0, close):
        return section
    if element_end < 0:
        return section if close >= 0 else section + b"]]>"
    return section[:element_end] + b"]]>" + section[element_end:]


def _closed(data: bytes) -> bytes:
    """With the end of the entry that is open at the end of the data, if there is one."""
    starts = [found.start() for found in _ENTRY.finditer(data)]
    if not starts or _ENTRY_END.search(data, starts[-1]):
        return data
    data = data.rstrip()
    # The end of a tag that was cut.
    if data.rfind(b"<") > data.rfind(b">"):
        data = data[: data.rfind(b"<")]
    before, *sections = data[starts[-1] :].split(_SECTION)
    outside = before + b"".join(section.partition(b"]]>")[2] for section in sections)
    tags: list[bytes] = []
    for found in _TAG.finditer(outside):
        if found[1] and tags and tags[-1] == found[2]:
            tags.pop()
        elif not found[1] and not found[0].endswith(b"/>"):
            tags.append(found[2])
    return data + b"".join(b"</%b>" % tag for tag in reversed(tags))


def other_kind(data: bytes) -> str:
    """What XML that is no feed is instead, with the way out; empty if that is not known."""
    root = _ROOT.search(data.partition(b"?>")[2])
    name = root[1].lower() if root else b""
    if name in (b"urlset", b"sitemapindex"):
        count = len(_LOCATION.findall(data))
        return (
            f"a sitemap: it names {count:,} addresses and holds no article; "
            "ingest the pages that it names"
        )
    if name == b"opml":
        count = len(_OUTLINE.findall(data))
        return f"a list of {count:,} feeds (OPML), no article; ingest the feeds that it names"
    return ""
