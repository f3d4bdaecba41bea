"""The article of a web page as trafilatura tells it from what surrounds it."""

import json
import logging
import re
from typing import Any

from ingest.parsing.markup import Element

__all__ = ["extract_article"]

# Characters of metadata from which it may tell the author. Its rules go over a name in time that
# grows with the square of its length, and over JSON-LD that is broken with the cube.
_MAX_META = 1500
_MAX_LINKED = 20_000
_MAX_BROKEN = 2000

_ARTICLE_BODY = re.compile(r'"articleBody"\s*+:\s*+"(?:[^"\\]++|\\.)*+"')


def extract_article(markup: str, tree: Element, *, author: str | None) -> tuple[str, str | None]:
    """The main text, empty if none is told, and an author where the page states none.

    ``tree`` is that of the markup, ``author`` the one that the page states. Its title and dates
    are guesses (the first part of ``<title>``, any date in the text) and are not used.
    """
    import trafilatura

    # It logs an error for a page without text, which is an answer here and no fault.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found: Any = trafilatura.bare_extraction(
            markup,
            include_comments=False,
            with_metadata=not author and _has_short_metadata(tree),
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception:  # it recurses and indexes on odd pages; the plain text is left to us
        return "", None
    if found is None:
        return "", None
    return _spaced(found.text or ""), (found.author or "").replace("; ", ", ") or None


def _has_short_metadata(tree: Element) -> bool:
    contents = [element.get("content") or "" for element in tree.iter("meta")]
    titles = [element.text_content() for element in (*tree.iterfind(".//title"),)]
    if any(len(text) > _MAX_META for text in contents + titles):
        return False
    room, broken = _MAX_LINKED, _MAX_BROKEN
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        text = _ARTICLE_BODY.sub("", script.text or "")
        room -= len(text)
        try:
            json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            broken -= len(text)
        if min(room, broken) < 0:
            return False
    return True


def _spaced(text: str) -> str:
    """Paragraphs apart by a blank line; the items of a list and the rows of a table together."""
    spaced = []
    before = ""
    for line in filter(None, map(str.strip, text.split("\n"))):
        together = line.startswith(("- ", "| ")) and before.startswith(line[:2])
        spaced += ["\n" if together else "\n\n", line]
        before = line
    return "".join(spaced).strip()
