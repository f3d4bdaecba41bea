"""The article of a web page as trafilatura tells it from what surrounds it, with what it misses:
leads that stand above the body, paragraphs between others; and without what stands there twice.
"""

import logging
import re
from collections.abc import Sequence
from typing import Any

from ingest.pages.blocks import Block
from ingest.pages.facts import Page
from ingest.pages.prune import prune
from ingest.pages.structured_data import text_in
from ingest.parsing.markup import Element, plain_text

__all__ = ["extract_article", "is_beyond", "letters_of", "stated_body"]

# Letters at the end of a text by which it is found again.
_END = 80
# Characters of metadata from which it may tell the author. Its rules go over a name in time that
# grows with the square of its length.
_MAX_META = 1500
_MAX_SCRIPTS = 20_000
# Names of what stands above an article's body and belongs to it.
_LEAD_NAMES = re.compile(
    r"\b(?:standfirst|lead|lede|summary|sub-?title|dek|deck|intro(?:duction)?|abstract|chapo"
    r"|vorspann|anrei(?:ss|ß)er|excerpt|description|sub-?head(?:line)?|entradilla|sommario|ingress"
    r"|preamble|teaser-?text|nut-?graph?)\b|article-?(?:lead|summary|intro)"
)
_NO_TEXT_NAMES = re.compile(r"caption|credit|byline|author|date|time|tag|button|label|crumb|photo")
_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»)\]]*\Z")
# Characters of a lead, of a paragraph that is missed, and of one that does not stand there twice
# by chance.
_LEAD = 40
_MISSED = 80
_TWICE = 50
# Letters of a line by which it is known again, and different paragraphs that copy a text.
_KNOWN = 15
_RUN = 3
# Names of what is shown on some screens only.
_SCREENS = re.compile(
    r"\b(?:mobile|desktop|phone|tablet|print|amp)\b|(?:^|[\s_-])(?:hide|hidden|visible|show|only|d-none)"
    r"(?:$|[\s_-])|d-(?:sm|md|lg|xl)"
)
_RULE = re.compile(r"\|[\s|:-]*")
# What comes before the body and is looked at.
_MOST_ABOVE = 40
# Paragraphs that are looked for in the text.
_MOST_CHECKS = 300


def extract_article(page: Page, *, author: str | None) -> tuple[str, str | None]:
    """The main text, empty if none is told, and a guess at the author where none is known.

    Takes out of ``page.tree`` what no reader is shown.
    """
    import trafilatura

    # It logs an error for a page without text, which is an answer here and no fault.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    guess = not author and _has_short_metadata(page.tree)
    prune(page.tree)
    try:
        found: Any = trafilatura.bare_extraction(
            page.tree,
            include_comments=False,
            with_metadata=guess,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception:  # it recurses and indexes on odd pages; the plain text is left to us
        return "", None
    if found is None:
        return "", None
    lines = [
        line
        for line in map(str.strip, (found.text or "").split("\n"))
        if line and not _RULE.fullmatch(line)
    ]
    return _spaced(_once(_completed(lines, page), page.blocks)), (found.author or "").replace(
        "; ", ", "
    ) or None


def stated_body(page: Page) -> str:
    """The text of the article as the page's own data has it (``articleBody``), else empty."""
    body = text_in(page.item.get("articlebody"))
    if "<" in body or "&" in body:
        return plain_text(body)
    lines = (" ".join(line.split()) for line in body.splitlines())
    return "\n\n".join(filter(None, lines))


def is_beyond(page: Page, body: str) -> bool:
    """Whether the page shows no reader the end of ``body``, as behind a paywall."""
    shown = letters_of("".join(block.text for block in page.blocks))
    return letters_of(body)[-_END:] not in shown


def letters_of(text: str) -> str:
    """The letters and digits of a text, folded: what two copies of it have in common."""
    return re.sub(r"[\W_]+", "", text).casefold()


def _has_short_metadata(tree: Element) -> bool:
    contents = [element.get("content") or "" for element in tree.iter("meta")]
    titles = [element.text_content() for element in (*tree.iterfind(".//title"),)]
    scripts = sum(len(s.text or "") for s in tree.iter("script") if "json" in (s.get("type") or ""))
    return scripts <= _MAX_SCRIPTS and all(len(text) <= _MAX_META for text in contents + titles)


def _once(lines: Sequence[str], blocks: Sequence[Block]) -> list[str]:
    """Without the copies of paragraphs that are made for other screens: those whose markup says so,
    and those of several paragraphs in a row. What stands there twice for itself stays.
    """
    letters = [letters_of(line) for line in lines]
    screens = {letters_of(b.text) for b in blocks if _SCREENS.search(b.hints)}
    earlier: dict[str, int] = {}
    copied = [False] * len(lines)
    run: list[int] = []
    for number, key in enumerate(letters):
        if len(key) < _TWICE:
            continue
        source = earlier.setdefault(key, number)
        if source == number:
            run = []
            continue
        copied[number] = key in screens
        follows = not run or _next_long(letters, earlier[letters[run[-1]]]) == source
        run = [*run, number] if follows else [number]
        if len({letters[n] for n in run}) >= _RUN:
            for n in run:
                copied[n] = True
    return [line for line, copy in zip(lines, copied, strict=True) if not copy]


def _next_long(letters: Sequence[str], number: int) -> int:
    return next((n for n in range(number + 1, len(letters)) if len(letters[n]) >= _TWICE), -1)


def _completed(lines: list[str], page: Page) -> list[str]:
    """With the paragraphs that stand above or between these in the page, and belong to them."""
    places = {key: n for n, line in enumerate(lines) if len(key := letters_of(line)) >= _KNOWN}
    blocks = page.blocks
    at: dict[int, int] = {}
    reached = -1
    for number, block in enumerate(blocks):
        place = places.get(letters_of(block.text), -1)
        # In the order of the text: what stands there earlier is a copy.
        if place > reached:
            at[number] = reached = place
    if not at:
        return lines
    whole = letters_of(" ".join(lines))
    first, last = min(at), max(at)
    start = page.headline + 1 if page.headline is not None else max(first - 3, 0)
    described = letters_of(page.meta.get("description") or page.meta.get("ogdescription") or "")
    kinds = {(blocks[n].tag, blocks[n].hints) for n in at if len(blocks[n].text) >= _MISSED}
    missing: dict[int, list[str]] = {}
    place, checks = -1, 0
    for number in range(min(max(start, first - _MOST_ABOVE), first), last):
        block = blocks[number]
        place = at.get(number, place)
        wanted = _is_lead(block, described) if number < first else _is_missed(block, kinds)
        if number in at or not wanted:
            continue
        checks += 1
        if checks <= _MOST_CHECKS and letters_of(block.text) not in whole:
            missing.setdefault(place, []).append(block.text)
    completed = missing.get(-1, [])
    for number, line in enumerate(lines):
        completed += [line, *missing.get(number, [])]
    return completed


def _is_lead(block: Block, described: str) -> bool:
    if block.aside or len(block.text) < _LEAD or block.linked * 2 > len(block.text):
        return False
    if described and letters_of(block.text) == described:
        return True
    if block.tag.startswith("figc") or _NO_TEXT_NAMES.search(block.hints):
        return False
    sentence = _SENTENCE.search(block.text) is not None
    return sentence or _LEAD_NAMES.search(block.hints) is not None


def _is_missed(block: Block, kinds: set[tuple[str, str]]) -> bool:
    """Whether it is a paragraph like those that were told to be of the article."""
    return (
        (block.tag, block.hints) in kinds
        and not block.aside
        and len(block.text) >= _MISSED
        and block.linked * 2 <= len(block.text)
        and _SENTENCE.search(block.text) is not None
    )


def _spaced(lines: Sequence[str]) -> str:
    """Paragraphs apart by a blank line; the items of a list and the rows of a table together."""
    spaced = []
    before = ""
    for line in lines:
        together = line.startswith(("- ", "| ")) and before.startswith(line[:2])
        spaced += ["\n" if together else "\n\n", line]
        before = line
    return "".join(spaced).strip()
