"""What a file is by its first bytes, whatever its name or its server calls it."""

import re

__all__ = ["OPEN_SUFFIXES", "suffix_of_content"]

# Names under which anything may come: what servers and people call text, what they call a PDF
# though it is the page that says why there is none, and no name at all.
_TEXTS = frozenset(
    {"", ".htm", ".html", ".json", ".jsonl", ".markdown", ".md", ".ndjson", ".pdf", ".txt"}
)
_FEEDS = frozenset({".atom", ".rdf", ".rss", ".xml"})
_FEED_ROOTS = frozenset({b"feed", b"opml", b"rdf", b"rss", b"sitemapindex", b"urlset"})
# Suffixes that do not settle what is in a file.
OPEN_SUFFIXES = _TEXTS | _FEEDS
_PDF = b"%PDF-"
_ZIP = b"PK\x03\x04"
# What may stand before the first element of a page or of a feed.
_BEFORE_ROOT = re.compile(
    rb"\s++|<\?(?:[^?]|\?(?!>))*+\?>|<!--(?:[^-]|-(?!->))*+-->|<![A-Za-z][^<>]*+>"
)
_HTML_TYPE = re.compile(rb"<!doctype\s+html", re.IGNORECASE)
_ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?([A-Za-z]\w{0,40})[\s/>]")
_PIECE_OF_PAGE = frozenset({b"article", b"body", b"div", b"h1", b"head", b"p"})
_OBJECT = re.compile(rb"\{\s*+(?:\"|\}\s*+\Z)")
_ARRAY = re.compile(rb"\[\s*+[{\[\]\"]")
_LINES = re.compile(rb"\{[^\n]*\}[ \t]*+\r?\n\s*+\{")


def suffix_of_content(head: bytes, suffix: str) -> str:
    """The suffix of the loader for a file that begins with ``head``: the given one, in lower case,
    unless the content plainly says otherwise.

    >>> suffix_of_content(b"%PDF-1.7 ...", ".html"), suffix_of_content(b"Rain fell.", ".html")
    ('.pdf', '.html')
    """
    if suffix not in OPEN_SUFFIXES:
        return suffix
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(_PDF):
        return ".pdf"
    if head.startswith(_ZIP) and b"word/" in head:
        return ".docx"
    if head.startswith((b"{", b"[")):
        return _suffix_of_json(head, suffix)
    if head.startswith(b"<"):
        return _suffix_of_markup(head, suffix)
    return suffix


def _suffix_of_json(head: bytes, suffix: str) -> str:
    if head.startswith(b"["):
        return ".json" if _ARRAY.match(head) and suffix not in (".md", ".markdown") else suffix
    if not _OBJECT.match(head) or suffix in (".md", ".markdown"):
        return suffix
    if _LINES.match(head):
        return ".jsonl"
    # What is one line may be the first of many; the loader of lines reads both.
    return suffix if suffix in (".json", ".jsonl", ".ndjson") else ".jsonl"


def _suffix_of_markup(head: bytes, suffix: str) -> str:
    position, is_page = 0, False
    while before := _BEFORE_ROOT.match(head, position):
        is_page = is_page or _HTML_TYPE.match(before[0]) is not None
        position = before.end()
    root = _ROOT.match(head, position)
    name = root[1].lower() if root else b""
    if name in _FEED_ROOTS:
        return suffix if suffix in _FEEDS else ".xml"
    if is_page or name == b"html":
        return suffix if suffix in (".htm", ".html") else ".html"
    if not suffix and name in _PIECE_OF_PAGE:
        return ".html"
    return suffix
