"""Rich text (.rtf), as old word processors and wire services write it."""

import re
from collections.abc import Iterator
from typing import Any

from ingest.documents.facts import facts_of
from ingest.parsing.article import make_article
from ingest.parsing.encoding import encoding_mark
from ingest.parsing.source import Entry, Source, parsing
from qa.errors import EmptySource, SourceTooLarge, UnreadableSource

__all__ = ["load_rtf"]

# Characters besides pictures: the parser takes a microsecond for each. Novels have 2 million.
MAX_MARKUP = 4_000_000
# Paragraphs among which author and day are looked for.
_FIRST = 8
# Characters in which it states its facts.
_HEAD = 2**16
# Characters between two semicolons of a table of fonts, which the parser searches many times.
_MAX_FONT = 2000

# What pictures are written in; no words are that long.
_DIGITS = re.compile(r"[0-9A-Fa-f\s]++")
_PICTURE = 256
# By fields the parser looks for links, in a time that grows with their number squared, and their
# addresses are not of the text. A word of no meaning takes their place.
_FIELD = re.compile(r"\\field(?![a-zA-Z])")
_CODE_PAGE = re.compile(rb"\\ansicpg(\d{1,5})")
_INFO = re.compile(r"\{\\(title|author)\s((?:[^{}\\]|\\'[0-9a-fA-F]{2}|\\u-?\d{1,5} ?){0,2000}+)\}")
_SURROGATES = re.compile("[\ud800-\udfff]+")


def load_rtf(source: Source) -> Iterator[Entry]:
    """One article, its title, author and day found as in ``load_odt``."""
    data = source.read()
    if not data.strip():
        raise EmptySource("the file is empty")
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf") or encoding_mark(data[3:]):
        raise UnreadableSource("not rich text, which begins with {\\rtf; is its suffix right?")
    page = _CODE_PAGE.search(data[:4096])
    charset = f"cp{page[1].decode()}" if page else "cp1252"
    try:
        markup = data.decode(charset, "replace")
    except LookupError:
        markup = data.decode("cp1252", "replace")
    markup = _DIGITS.sub(lambda run: run[0] if len(run[0]) < _PICTURE else " ", markup)
    if len(markup) > MAX_MARKUP:
        raise SourceTooLarge(
            f"rich text of {len(markup):,} characters besides pictures; the limit is "
            f"{MAX_MARKUP:,}. Save its text alone"
        )
    _check_fonts(markup)
    head = "{\\rtf1\\ansi\\ansicpg" + charset.removeprefix("cp") + " "
    stated = {found[1]: _plain(f"{head}{found[2]}}}") for found in _INFO.finditer(markup[:_HEAD])}
    lines = _plain(_FIELD.sub(r"\\fieldtext", markup)).split("\n")
    paragraphs = [line.strip() for line in lines if line.strip()]
    if not paragraphs:
        raise EmptySource("the document has no text")
    facts = facts_of(
        stated_title=stated.get("title", ""),
        stated_author=stated.get("author", ""),
        page_title="",
        first_lines=paragraphs[:_FIRST],
    )
    yield Entry(
        make_article(
            source,
            "\n\n".join(paragraphs),
            title=facts.title or source.stem,
            author=facts.author,
            published=facts.published,
            dated_by=facts.dated_by,
            url=source.url,
        )
    )


def _plain(markup: str) -> str:
    from striprtf import striprtf

    library: Any = striprtf  # which has no types
    with parsing("RTF document"):
        text = str(library.rtf_to_text(markup, errors="replace"))
        # Characters beyond the first 65,536 come in halves.
        return _SURROGATES.sub(
            lambda halves: halves[0].encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
            text,
        )


def _check_fonts(markup: str) -> None:
    start = markup.find("\\fonttbl")
    if start >= 0 and any(
        "\\f" in font and len(font) > _MAX_FONT and font.count("\\f") > 100
        for font in markup[start : start + 2**20].split(";")
    ):
        raise SourceTooLarge("a table of fonts that is longer than any; save its text alone")
