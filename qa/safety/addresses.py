"""Addresses in what a chat model says: of pages, of mail, telephone and account numbers.

Strings only. An answer needs none: its sources are shown beside it. So an address stands in a
statement only if the question asks for one, and an article gives it.
"""

import re
from collections.abc import Sequence

__all__ = ["AddressGuard", "asks_for_address", "leads_nowhere", "without_addresses"]

_ADDRESS_QUESTION = re.compile(
    r"\b(?:web ?(?:site|page|address)|home ?page|e-?mail|mail address|url|links?|domain|internet"
    r"|address|(?:tele)?phone|hot ?line|helpline|number to (?:call|ring)|account|iban|wallet"
    r"|contact|get in touch|(?:sign up|register|donate|book|apply|enrol|report)\w*)\b"
    r"|\bwhere (?:can|do|does|should) (?:I|one|we|you|people|readers|fans|viewers)\b",
    re.IGNORECASE,
)
_TOP = (
    r"(?:com|org|net|info|biz|edu|gov|mil|int|io|ai|app|dev|example|test|xyz|top|shop|store|online|"
    r"site|club|live|click|link|page|web|news|cloud|me|tv|co|uk|de|fr|nl|es|it|ru|cn|eu|ch|at|be|"
    r"pl|se|no|fi|dk|ie|us|ca|in|au|nz|jp|ly|gg|to|cc|su|onion|eth)"
)
# A point, or what is written for one to hide it.
_POINT = r"(?:\.|\s?[\[({]\s?(?:\.|dot)\s?[\])}]\s?)"
_AT = r"(?:@|\s?[\[({]\s?(?:@|at)\s?[\])}]\s?)"
_END = r"[^\s<>\"“”]*"
_ADDRESSES = (
    # Any scheme, also written to hide it; what begins with www or two slashes.
    re.compile(
        rf"(?:\bh(?:tt|xx|\*\*)ps?(?:\[?:\]?|\s+colon\s+)|\b(?:ftp|file|javascript|data|mailto|"
        rf"vbscript|tel|sms|bitcoin|ethereum):|\bwww\d?{_POINT}|(?<![\w/])//(?=\w))[^\s<>\"“”]+",
        re.IGNORECASE,
    ),
    re.compile(rf"[\w.+-]+{_AT}[\w-]+(?:{_POINT}[\w-]+)+", re.IGNORECASE),
    re.compile(r"\b[\w.+-]+\s+at\s+[\w-]+(?:\s+dot\s+[\w-]+)+", re.IGNORECASE),
    # In words; "the dot com boom" is none.
    re.compile(r"\b(?!the\b)[\w-]+(?:\s+dot\s+[\w-]+)*\s+dot\s+(?:com|org|net|example|io)\b", re.I),
    re.compile(rf"\b[\w-]+(?:\.[\w-]+)*\.[a-z]{{2,}}/{_END}", re.IGNORECASE),
    re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,4})?\b"),
    re.compile(r"\b(?:0x[0-9a-fA-F]{20,}|(?:bc1|[13])[a-km-zA-HJ-NP-Z0-9]{25,60})\b"),
    re.compile(r"(?<![\w.,$€£])(?:\+|00)\d[\d ()./-]{6,18}\d\b|\b(?:\d{4}[ -]){3}\d{4}\b"),
    re.compile(r"(?<![\w.,$€£-])(?:\(\d{2,5}\)[ -]?|\d{3}[ .-])\d{3,4}[ .-]\d{4}\b"),
    re.compile(r"(?<![\w.,$€£:-])0\d{1,4}[ /-]\d{3,4}(?:[ -]?\d{2,4}){1,2}\b"),
)
# A bare domain. Firms have such names: "Booking.com" is called Booking then.
_DOMAIN = re.compile(rf"(?<![\w@.-])((?:[\w-]+{_POINT})+){_TOP}(?![\w-])(?:[:/?#]{_END})?")
_CAPITAL_DOMAIN = re.compile(r"(?<![\w@.-])((?:[A-Z0-9-]+\.)+)(?:COM|ORG|NET|IO|EXAMPLE)\b")
_NAME = re.compile(r"([A-Z][\w-]+)\.(?:com?\.)?")
_NOWHERE = re.compile(
    r"(?:\b(?:at|to|on|via|from|by|under|is|are|was|and|or|of|with|in|account|number|call|visit|see|"
    r"write|e-?mail|open|click)|:)\W*$|^\W*$",
    re.IGNORECASE,
)
_CLOSING = ".,;:!?)]}'’*_"


def asks_for_address(question: str) -> bool:
    """Whether an address may be what the question wants.

    >>> asks_for_address("What is the museum's website?"), asks_for_address("Who won?")
    (True, False)
    """
    return _ADDRESS_QUESTION.search(question) is not None


def without_addresses(text: str, quotes: Sequence[str] = ()) -> tuple[str, tuple[str, ...]]:
    """The text without addresses, and those that were taken out; one stays if a quotation holds
    exactly it. Of a firm that is called by its domain the name stays.

    >>> without_addresses("Ask Booking.com or ada@x.example.")
    ('Ask Booking or .', ('ada@x.example', 'Booking.com'))
    """
    removed_addresses: list[str] = []

    def unless_quoted(match: re.Match[str]) -> str:
        address = match.group().rstrip(_CLOSING)
        if any(re.search(rf"{re.escape(address)}(?![\w/?&=#%-])", quote) for quote in quotes):
            return match.group()
        removed_addresses.append(address)
        name = _NAME.fullmatch(match[1]) if match.re is _DOMAIN else None
        return (name[1] if name and "/" not in address else "") + match.group()[len(address) :]

    for pattern in (*_ADDRESSES, _DOMAIN, _CAPITAL_DOMAIN):
        text = pattern.sub(unless_quoted, text)
    return text, tuple(removed_addresses)


def leads_nowhere(text: str) -> bool:
    """Whether a statement without its address says nothing any more.

    >>> leads_nowhere("The list is at."), leads_nowhere("The list is long.")
    (True, False)
    """
    return _NOWHERE.search(text) is not None


class AddressGuard:
    """Text as it streams, without the addresses that are single words; feed it pieces of any size.

    A word is shown up to its first sign that is no letter, and the rest of it once it has ended.

    >>> guard = AddressGuard()
    >>> guard.feed("Nine died, see https://a.exa"), guard.feed("mple/x now") + guard.finish()
    ('Nine died, see https', ' now')
    """

    def __init__(self) -> None:
        self._word = ""
        self._shown = 0

    def feed(self, text: str) -> str:
        """What can be shown now."""
        return "".join(map(self._read, text))

    def finish(self) -> str:
        """The rest, at the end of the text."""
        rest, _ = without_addresses(self._word)
        shown_part = self._word[: self._shown]
        self._word, self._shown = "", 0
        return rest.removeprefix(shown_part)

    def _read(self, character: str) -> str:
        if character.isspace():
            return self.finish() + character
        self._word += character
        if character.isalpha() and self._shown == len(self._word) - 1:
            self._shown += 1
            return character
        return ""
