"""HTML as a tree or as plain text. Knows neither pages nor articles."""

import re
from html import unescape
from typing import Any

from ingest.parsing.source import MAX_TEXT, parsing
from qa.errors import SourceTooLarge, UnreadableSource
from qa.language.cleaning import one_line

__all__ = [
    "MAX_DEPTH",
    "Element",
    "check_attributes",
    "check_markup",
    "parse_markup",
    "plain_text",
    "readable_line",
    "readable_text",
]

Element = Any  # of lxml, which has no types

# Tags of a page. The largest documents on the web have half of that.
MAX_TAGS = 1_000_000
# Attributes of one tag: the parser compares each with all before it.
MAX_ATTRIBUTES = 1000
# Elements in each other: the parser looks through all that are open. It builds no deeper trees.
MAX_DEPTH = 2048
# Characters that are parsed at once: what a refused page still costs, since the parser goes on to
# their end.
_CHUNK = 2**15

# Times that markup is escaped once more than it should be.
_MAX_LAYERS = 3

# Tags of prose, and references to signs, as they show in a text whose markup was escaped twice.
_TAG_IN_TEXT = re.compile(
    r"</?(?:p|br|div|span|a|b|i|u|em|strong|ul|ol|li|h[1-6]|blockquote|img|figure|table|t[dhr])"
    r"(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"&(?:#\d{2,7}|#x[\da-f]{2,6}|(?!lt;|gt;)[a-z]{2,8}\d?);", re.IGNORECASE)

_BLOCK = re.compile(
    "address|article|aside|blockquote|body|center|d[dlt]|details|div|fieldset|fig(caption|ure)|"
    "footer|form|h[1-6r]|header|li|main|nav|[ou]l|p|pre|section|table|tbody|t[dhr]|thead"
)
_SPACE = re.compile(r"\s+")
# What no XML holds.
_UNFIT = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_SILENT = re.compile("head|iframe|noscript|object|s(cript|elect|tyle|vg)|te(mplate|xtarea)")
# A start tag as the standard reads it, as far as one attribute too many. It is read once: nothing
# is given back, and what was read is not looked at for another tag.
_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]*+))?+"""
# Tags by which a text shows that it is HTML: nobody writes them who does not mean them.
_HTML = re.compile(
    r"</(?:p|div|span|a|b|i|u|em|strong|li|[ou]l|h[1-6]|blockquote|fig(?:ure|caption)|table|t[rdh]|"
    r"section|article|small|su[pb]|cite|iframe|script|style)\s*+>"
    r"|<(?:br|hr|img|p|div)(?:\s[^<>]*+)?/?>",
    re.IGNORECASE,
)
_PAGE = re.compile(r"\s*+(?:<\?xml|<!doctype|<html|<head|<body)", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</?(?:p|div|li|h[1-6]|td|section)[\s>]", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-z][a-z0-9]{1,31}|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
_TAG = re.compile(rf"<[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE}){{0,{MAX_ATTRIBUTES}}}+({_ATTRIBUTE})?")


def check_markup(markup: str) -> None:
    """Raise SourceTooLarge for markup that takes a parser much longer than its length says."""
    tags = markup.count("<")
    if tags > MAX_TAGS:
        raise SourceTooLarge(
            f"HTML of {tags:,} tags; the limit is {MAX_TAGS:,}. Save its text alone"
        )
    check_attributes(markup)


def check_attributes(markup: str) -> None:
    """Raise SourceTooLarge for a tag of HTML or XML with more than ``MAX_ATTRIBUTES``."""
    if any(tag.end(1) >= 0 for tag in _TAG.finditer(markup)):
        raise SourceTooLarge(
            f"a tag of more than {MAX_ATTRIBUTES:,} attributes, the limit for one; "
            "save the text alone"
        )


def parse_markup(markup: str) -> Element:
    """The tree of a page."""
    from lxml import html

    # As bytes, since lxml refuses text that declares an encoding of its own; without controls,
    # since its trees take none when they are changed.
    fit = _bytes(_UNFIT.sub("", markup))
    tree = html.document_fromstring(fit or b"<p>", parser=_parser(None))
    for element in tree.iter() if "&#" in markup else ():
        if element.text and _UNFIT.search(element.text):
            element.text = _UNFIT.sub("", element.text)
        if element.tail and _UNFIT.search(element.tail):
            element.tail = _UNFIT.sub("", element.tail)
    return tree


def plain_text(markup: str) -> str:
    r"""The text of a piece of HTML, its paragraphs separated by blank lines.

    Builds no tree, since that takes a hundred times the bytes of the tags. Raises SourceTooLarge
    for too many tags or too much text.

    >>> plain_text("<p>Rain<br>fell.</p><p>It was <b>wet</b> &amp; cold.</p>")
    'Rain\nfell.\n\nIt was wet & cold.'
    """
    if not markup or markup.isspace():
        return ""
    if "<" not in markup and "&" not in markup:
        return _tidy([_SPACE.sub(" ", markup)])
    check_markup(markup)
    with parsing("HTML text"):
        parser = _parser(_TextTarget())
        for start in range(0, len(markup), _CHUNK):
            parser.feed(_bytes(markup[start : start + _CHUNK]))
        return _tidy(parser.close())


def readable_text(written: str, *, is_markup: bool = True) -> str:
    r"""The text of HTML, also where it was escaped more than once: no tags and references are left.

    Where there is markup at the first layer, tags at the second are what the text is about. What
    may be HTML or not (``is_markup`` False) stays as it is unless it shows tags or references.

    >>> readable_text("&lt;p&gt;Hartley &amp;amp; Sons&lt;/p&gt;")
    'Hartley & Sons'
    >>> readable_text("<p>Write &lt;p&gt; for a paragraph.</p>")
    'Write <p> for a paragraph.'
    >>> readable_text("1 < 2\nR&D &amp; more", is_markup=False)
    '1 < 2\nR&D & more'
    """
    if not is_markup:
        written = _unescaped(written)
        if "<" not in written or not _HTML.search(written):
            return written
        if not _PARAGRAPH.search(written):
            written = written.replace("\n", "<br>\n")
    text = _piece_text(written)
    for _ in range(_MAX_LAYERS):
        if "<" in written or not _TAG_IN_TEXT.search(text):
            break
        # Its own tags do not make the next layer the last one.
        written = _TAG_IN_TEXT.sub("", text)
        text = _piece_text(text)
    return _without_references(text)


def _piece_text(markup: str) -> str:
    # Told that it is no head: a script at its start would be taken for one, with what follows.
    is_page = "<" not in markup or _PAGE.match(markup)
    return plain_text(markup if is_page else f"<body>{markup}")


def _unescaped(text: str) -> str:
    """A text without references to signs, as far as tags show that it is markup."""
    for _ in range(_MAX_LAYERS):
        if "&" not in text or ("<" in text and _HTML.search(text)):
            break
        before, text = text, _ENTITY.sub(lambda entity: unescape(entity[0]), text)
        if text == before:
            break
    return text


def readable_line(markup: str) -> str:
    """A title or a name, given as text or as markup, escaped or not, in one line.

    >>> readable_line("Gates &amp;amp;amp; <b>locks</b>"), readable_line("Votes < half")
    ('Gates & locks', 'Votes < half')
    """
    return one_line(readable_text(markup))


def _without_references(text: str) -> str:
    for _ in range(_MAX_LAYERS):
        if "&" not in text or not _REFERENCE.search(text):
            break
        text = _REFERENCE.sub(lambda found: unescape(found[0]), text)
        text = text.replace("\xa0", " ")
    return text


def _bytes(markup: str) -> bytes:
    return markup.encode(errors="replace")


def _parser(target: "_TextTarget | None") -> Any:
    from lxml import html

    # Huge, since pages with unclosed tags nest deeper than the 256 levels allowed otherwise.
    return html.HTMLParser(encoding="utf-8", remove_comments=True, huge_tree=True, target=target)


class _TextTarget:
    """Takes the parser's events, in its order, and keeps what is text."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._silent = 0
        self._size = 0
        self._depth = 0

    def start(self, tag: str, attributes: object) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UnreadableSource(
                f"HTML of more than {MAX_DEPTH:,} tags in each other, from which no text can be "
                "told; are they closed?"
            )
        if _SILENT.fullmatch(tag):
            self._silent += 1
        elif _BLOCK.fullmatch(tag):
            self._parts.append("\n\n")
        elif tag == "br":
            self._parts.append("\n")

    def end(self, tag: str) -> None:
        self._depth -= 1
        if _SILENT.fullmatch(tag):
            self._silent -= 1
        elif _BLOCK.fullmatch(tag):
            self._parts.append("\n\n")

    def data(self, text: str) -> None:
        if self._silent:
            return
        text = _SPACE.sub(" ", text)
        self._size += len(text)
        if self._size > 2 * MAX_TEXT:  # twice, for spaces that will go
            raise SourceTooLarge(
                f"HTML with more than {MAX_TEXT:,} characters of text, the limit for one article"
            )
        self._parts.append(text)

    def close(self) -> list[str]:
        return self._parts


def _tidy(parts: list[str]) -> str:
    lines = (one_line(line) for line in "".join(parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
