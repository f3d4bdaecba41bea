"""Who wrote a page, as far as that is sure: from its data, its markup, the line by its headline."""

import re
from collections.abc import Iterable, Mapping, Sequence

from ingest.pages.blocks import Block
from ingest.pages.structured_data import Item, names_in
from ingest.parsing.dates import days_in
from qa.language.cleaning import one_line
from qa.language.lexicon import MONTHS, STOP_WORDS, WEEKDAYS

__all__ = ["authors_of", "confirmed", "joined_names"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Names of ``<meta>`` without their punctuation.
_META = (
    "author", "articleauthor", "articleauthorname", "parselyauthor", "sailthruauthor", "dccreator",
    "dctermscreator", "dccreatoraut", "byl", "authors", "citationauthor", "twitterdata1author",
    "ogarticleauthor", "ogauthor", "rbauthor", "cxenseparseauthor", "authorname", "bylines",
)  # fmt: skip
# "By" before a name in the languages of most news on the web.
_BY = re.compile(
    r"\A(?:(?:article|story|words|text|texte|texto|written|posted|published|reported|report|foto"
    r"|photos?|analysis|opinion)\s+)?(?:by|von|par|por|di|da|door|av|af|autor(?:in|es)?|author"
    r"|auteur|szerző|yazan|автор)\b\s*:?\s*",
    re.IGNORECASE,
)
# Words of a page's own parts, which stand where names do.
_NO_NAMES = (
    _words(
        """username user follow following share subscribe login register sign read more comments
    comment print email contact updated published posted date time views staff admin
    administrator editor team redaktion redaction redazione redacción newsroom guest unknown
    none null anonymous anonymus profile about http https www com home menu reply edit
    archive show minute minutes min facebook twitter linkedin instagram whatsapp photo
    photos image video"""
    )
    | {day.lower() for day in WEEKDAYS}
    | (frozenset(MONTHS) - {"may", "april", "june", "mar", "jan"})
)
_SPLIT = re.compile(r"[;|•·/]| & |,? (?:and|und|et|y|e|og|och|en|with|mit) ")
_NAME_WORD = re.compile(r"(?:[^\W\d_]++[.'’-]?+)++")
# Particles of names that are not in capitals.
_PARTICLES = _words("""de da di del della der den von van vom zu la le el al bin ibn ten ter dos""")
_DEGREES = re.compile(
    r",? \(?(?:M\.?D\.?|Ph\.?\s?D\.?|MA|M\.A\.|BSc|MSc|MPH|RN|Jr\.?|Sr\.?|Esq\.?)\)?(?=,|\Z)"
)
_MOST_WORDS = 5
_LONGEST = 60
_LINE = 160
_PARAGRAPH = 140
# Paragraphs, and captions as long, that a byline may stand before.
_PARAGRAPHS = 2
_BYLINE_NAMES = re.compile(r"\b(?:byline|by-line|author|autor|writer|dateline|contributor)")
_OTHERS = re.compile(r"author-?(?:bio|box|card|desc|image)|bio\b|comment|caption|credit|source")


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


def confirmed(name: str | None, blocks: Iterable[Block], sites: Sequence[str]) -> str | None:
    """A guessed author if each is named like a person in a line of the article, else None."""
    people = joined_names([name or ""], sites, trusted=False)
    if not people:
        return None
    lines = [
        b.text
        for b in blocks
        if not b.aside and len(b.text) <= _LINE and not _OTHERS.search(b.hints)
    ]
    sure = all(any(person in line for line in lines) for person in people.split(", "))
    return people if sure else None


def joined_names(
    names: Iterable[str], sites: Sequence[str] = (), *, trusted: bool = True
) -> str | None:
    """Names as one string, each once; what is no name is left out.

    Of people and organisations only the people stay. ``trusted`` names are said to be such: they
    may have one word, or belong to an organisation.

    >>> joined_names(["By Erin Banks and Joe Smith, Reuters"])
    'Erin Banks, Joe Smith'
    """
    parts = [part for name in names for part in _parts(name)]
    known = {site.casefold() for site in sites}
    people = [part for part in parts if _is_person(part) and part.casefold() not in known]
    if not people and trusted:
        people = [part for part in parts if part.casefold() not in _NO_NAMES and not part.isdigit()]
    return ", ".join(dict.fromkeys(people)) or None


def _parts(name: str) -> list[str]:
    name = _BY.sub("", one_line(name[:1000]))
    if "://" in name or "@" in name:
        return []
    parts: list[str] = []
    for piece in _SPLIT.split(_DEGREES.sub("", name)):
        surname_first = re.fullmatch(
            r"([^\W\d_-]+(?:-[^\W\d_]+)?), ((?:[^\W\d_]+|[A-Z]\.)(?: [A-Z]\.)?)", piece
        )
        # "Kooman, F." is one person, "Reuters, AP" and "Ann Lee, Bo Ek" are two.
        single = surname_first and surname_first[2].endswith(".")
        parts += [piece] if single else piece.split(",")
    stripped = (part.strip(" ,:;–—-\"'“”") for part in parts)
    # The full stop of an initial is part of the name.
    return [p if re.search(r"\b\w\.\Z", p) else p.rstrip(".") for p in stripped if p.strip(".")]


def _is_person(name: str) -> bool:
    words = name.split()
    if not 2 <= len(words) <= _MOST_WORDS or len(name) > _LONGEST:
        # Names without spaces between their parts.
        return bool(re.fullmatch(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af·]{2,8}", name))
    if any(word.strip(".,").casefold() in _NO_NAMES for word in words):
        return False
    if not all(_NAME_WORD.fullmatch(word) for word in words):
        return False
    capitals = [
        word for word in words if word[:1].isupper() or word[:1].lower() == word[:1].upper()
    ]
    others = [word for word in words if word not in capitals]
    return (
        len(capitals) >= 2
        and all(word.casefold().split("'")[0] in _PARTICLES for word in others)
        and not any(
            word.casefold() in STOP_WORDS
            for word in capitals
            if word.isalpha() and len(word) > 2 and word != "Will"
        )
    )


def _marked(blocks: Sequence[Block], headline: int | None) -> Iterable[list[str]]:
    """Names in elements that are marked as the author's, by the headline."""
    near = [block for block in _near(blocks, headline) if block.people]
    if near:
        yield [name for block in near[:3] for name in block.people]


def _bylines(blocks: Sequence[Block], headline: int | None) -> Iterable[list[str]]:
    """The lines by the headline that begin with "By" or are called bylines, without their day."""
    for block in _near(blocks, headline):
        called = _BYLINE_NAMES.search(block.hints) and not _OTHERS.search(block.hints)
        by = _BY.match(block.text)
        if not called and not by:
            continue
        # A name may stand in an element of its own, beside one with the day or the role.
        pieces = [_BY.sub("", part) for part in block.parts] if len(block.parts) > 1 else []
        for text in (block.text, *pieces):
            day = next(days_in(text), None)
            text = text[: day[0]] if day else text
            for reading in (text, re.split(r"\s[-–—|]\s|\s\(|, (?=[a-z])", text)[0]):
                names = _parts(reading)
                if names and all(_is_person(name) for name in names[:1]):
                    yield [reading]


def _near(blocks: Sequence[Block], headline: int | None) -> Iterable[Block]:
    """Short lines of the article from just above the headline to the first paragraph, and the
    last lines of the article.
    """
    start = max((headline or 0) - 6, 0)
    paragraphs = 0
    for block in blocks[start:]:
        if block.aside:
            continue
        if len(block.text) >= _PARAGRAPH and block.linked * 2 < len(block.text):
            paragraphs += 1
            if paragraphs == _PARAGRAPHS:
                break
        if len(block.text) <= _LINE:
            yield block
    last = max(
        (n for n, b in enumerate(blocks) if not b.aside and len(b.text) >= _PARAGRAPH), default=0
    )
    yield from (b for b in blocks[last + 1 : last + 5] if not b.aside and len(b.text) <= _LINE)
