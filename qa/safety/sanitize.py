"""What a statement must not carry: links, images, tags and signs that nobody sees. Strings only."""

import re
from collections.abc import Sequence

from qa.language.cleaning import INVISIBLE, TAGS
from qa.safety.addresses import without_addresses

__all__ = ["without_markup"]

_INVISIBLE = re.compile(f"[{INVISIBLE}{TAGS}]")
_TAG = re.compile(
    r"<(script|style)\b.*?</\1\s*>|<!--.*?(?:-->|$)|</?[a-zA-Z!?][^<>]*(?:>|$)",
    re.DOTALL | re.IGNORECASE,
)
_IMAGE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)?|\[[^\]]*\])")
_LINK = re.compile(r"\[([^\[\]]*)\]\((?!\d+\))[^)]*\)?")
_REFERENCE = re.compile(r"^\s*\[[^\]]+\]:\s*\S+.*$", re.MULTILINE)


def without_markup(text: str, quotes: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The statement as bare text, and what was taken out of it.

    Tags, images and the targets of links always go; an address stays if one of the ``quotes``
    holds exactly it.

    >>> without_markup("It rained <b>all</b> day, see https://x.example/a.", ["It rained."])
    ('It rained all day, see.', ('<b>', '</b>', 'https://x.example/a'))
    """
    removed_markup: list[str] = []

    def remove_match(match: re.Match[str]) -> str:
        removed_markup.append(match.group())
        return match[1] if match.re is _LINK else ""

    text = _INVISIBLE.sub("", text)
    previous_text = None
    # What is left when a tag goes may be one.
    while text != previous_text:
        previous_text = text
        for pattern in (_TAG, _IMAGE, _LINK, _REFERENCE):
            text = pattern.sub(remove_match, text)
    text, addresses = without_addresses(text, quotes)
    removed_markup += addresses
    if removed_markup:
        text = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split()))
    return text, tuple(removed_markup)
