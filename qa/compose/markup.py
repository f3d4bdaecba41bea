"""What a statement must not carry: links, images, tags and signs that nobody sees. Strings only."""

import re
from collections.abc import Sequence

__all__ = ["without_markup"]

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
_TAG = re.compile(
    r"<(script|style)\b.*?</\1\s*>|<!--.*?(?:-->|$)|</?[a-zA-Z!?][^<>]*(?:>|$)",
    re.DOTALL | re.IGNORECASE,
)
_IMAGE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)?|\[[^\]]*\])")
_LINK = re.compile(r"\[([^\[\]]*)\]\((?!\d+\))[^)]*\)?")
_REFERENCE = re.compile(r"^\s*\[[^\]]+\]:\s*\S+.*$", re.MULTILINE)
_ADDRESS = re.compile(
    r"(?:\b(?:https?|ftp|file|javascript|data|mailto|vbscript):|\bwww\.|(?<![\w/])//(?=\w))[^\s<>\"“”]+"
    r"|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/[^\s<>\"“”]*",
    re.IGNORECASE,
)
_CLOSING = ".,;:!?)]}'’*_"


def without_markup(text: str, quotes: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The statement as bare text, and what was taken out of it.

    Tags, images and the targets of links always go; an address stays if a quotation holds
    exactly it.

    >>> without_markup("It rained <b>all</b> day, see https://x.example/a.", ["It rained."])
    ('It rained all day, see.', ('<b>', '</b>', 'https://x.example/a'))
    """
    removed: list[str] = []

    def gone(found: re.Match[str]) -> str:
        removed.append(found.group())
        return found[1] if found.re is _LINK else ""

    def unless_quoted(found: re.Match[str]) -> str:
        address = found.group().rstrip(_CLOSING)
        if any(re.search(rf"{re.escape(address)}(?![\w/?&=#%-])", quote) for quote in quotes):
            return found.group()
        removed.append(address)
        return found.group()[len(address) :]

    text = _INVISIBLE.sub("", text)
    before = None
    # What is left when a tag goes may be one.
    while text != before:
        before = text
        for pattern in (_TAG, _IMAGE, _LINK, _REFERENCE):
            text = pattern.sub(gone, text)
    text = _ADDRESS.sub(unless_quoted, text)
    if removed:
        text = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split()))
    return text, tuple(removed)
