"""Who wrote a page, as far as that is sure: from its data, its markup, the line by its headline."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from ingest.pages.blocks import Block
from ingest.pages.structured_data import Item, names_in
from ingest.parsing.dates import days_in
from ingest.parsing.names import BY, is_person, joined_names, name_parts

__all__ = ["authors_of", "confirmed"]


# Names of ``<meta>`` without their punctuation.
_META = (
    "author", "articleauthor", "articleauthorname", "parselyauthor", "sailthruauthor", "dccreator",
    "dctermscreator", "dccreatoraut", "byl", "authors", "citationauthor", "twitterdata1author",
    "ogarticleauthor", "ogauthor", "rbauthor", "cxenseparseauthor", "authorname", "bylines",
)  # fmt: skip
_LINE = 160
_PARAGRAPH = 140
# Paragraphs, and captions as long, that a byline may stand before; sentences of this length count
# for half of one.
_PARAGRAPHS = 2
_SENTENCE = 70
_STOPS = (".", "!", "?", "。")
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_BYLINE_NAMES = re.compile(r"\b(?:byline|by-line|author|autor|writer|dateline|contributor)")
_OTHERS = re.compile(
    r"author-?(?:bio|box|card|desc|image)|bio\b|comment|caption|credit|source"
    r"|(?:^|\s)(?:card|teaser|more)(?=\s|\Z)"
)


def authors_of(
    item: Item,
    meta: Mapping[str, str],
    blocks: Sequence[Block],
    headline: int | None,
    sites: Sequence[str],
) -> str | None:
    """The authors with commas between them, None when nobody is surely one.

    ``sites`` are names of the outlet, which is no author beside people.
    """
    stated = names_in(item.get("author")) or names_in(item.get("creator"))
    for names in (
        stated,
        *([meta[key]] for key in _META if key in meta),
        *_marked(blocks, headline),
        *_bylines(blocks, headline),
    ):
        if author := joined_names(names, sites, trusted=names is stated):
            return author
    return None


def confirmed(
    name: str | None, blocks: Sequence[Block], headline: int | None, sites: Sequence[str]
) -> str | None:
    """A guessed author if each is named like a person in a line by the headline or at the end of
    the article, else None.
    """
    people = joined_names([name or ""], sites, trusted=False)
    if not people:
        return None
    lines = [b.text for b in _near(blocks, headline) if not _OTHERS.search(b.hints)]
    sure = all(any(person in line for line in lines) for person in people.split(", "))
    return people if sure else None


def _marked(blocks: Sequence[Block], headline: int | None) -> Iterable[list[str]]:
    """Names in elements that are marked as the author's, by the headline."""
    near = [block for block in _near(blocks, headline) if block.people]
    if near:
        yield [name for block in near[:3] for name in block.people]


def _bylines(blocks: Sequence[Block], headline: int | None) -> Iterable[list[str]]:
    """The lines by the headline that begin with "By" or are called bylines, without their day."""
    for block in _near(blocks, headline):
        called = _BYLINE_NAMES.search(block.hints) and not _OTHERS.search(block.hints)
        by = BY.match(block.text)
        if not called and not by:
            continue
        # A name may stand in an element of its own, beside one with the day or the role.
        pieces = [BY.sub("", part) for part in block.parts] if len(block.parts) > 1 else []
        for text in pieces if _are_glued(block) else (block.text, *pieces):
            day = next(days_in(text), None)
            text = text[: day[0]] if day else text
            for reading in (text, re.split(r"\s[-–—|]\s|\s\(|, (?=[a-z])", text)[0]):
                names = name_parts(reading)
                if names and all(is_person(name) for name in names[:1]):
                    yield [reading]


def _are_glued(block: Block) -> bool:
    """Whether elements of a line stand so that the end of one name runs into what follows."""
    pairs = (f"{before}{after}" for before, after in pairwise(block.parts))
    return any(pair in block.text and pair.replace(" ", "").isalpha() for pair in pairs)


def _near(blocks: Sequence[Block], headline: int | None) -> Iterable[Block]:
    """Short lines of the article from just above the headline to the first paragraph, and the
    last lines of the article.
    """
    start = max((headline or 0) - 6, 0)
    paragraphs = 0.0
    for block in blocks[start:]:
        if block.aside:
            continue
        if block.linked * 2 < len(block.text):
            paragraphs += _weight(block)
            if paragraphs >= _PARAGRAPHS:
                break
        if paragraphs >= 1 and block.tag in _HEADINGS:
            break  # of what follows the article, or of its parts
        if len(block.text) <= _LINE:
            yield block
    last = max(
        (n for n, b in enumerate(blocks) if not b.aside and len(b.text) >= _PARAGRAPH), default=0
    )
    for block in blocks[last + 1 : last + 5]:
        if block.tag in _HEADINGS:
            return
        if not block.aside and len(block.text) <= _LINE:
            yield block


def _weight(block: Block) -> float:
    """How much of a paragraph a block is."""
    if len(block.text) >= _PARAGRAPH:
        return 1.0
    return 0.5 * (len(block.text) >= _SENTENCE and block.text.endswith(_STOPS))
