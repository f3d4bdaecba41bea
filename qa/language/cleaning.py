"""Text as it may be stored and shown, one spelling for each web address, and the one table of
characters that deceive: controls, signs that nobody sees, letters that pass for others.

Standard library only. Sources of the table: Unicode 16.0, general categories Cc, Cs and Cf and the
property Default_Ignorable_Code_Point; confusables.txt of UTS #39 for the Latin letters.
"""

import re
from urllib.parse import unquote, urlsplit, urlunsplit

__all__ = [
    "CONFUSABLES", "CONTROLS", "INVISIBLE", "TAGS", "ZERO_WIDTH", "canonical_url", "clean_line",
    "clean_text", "one_line", "redact_secret", "replace_controls",
]  # fmt: skip


def clean_text(text: str) -> str:
    """Without NUL characters, and with U+FFFD for what is not a character (lone surrogates)."""
    text = text.replace("\0", "")
    if text.isascii():
        return text
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def one_line(text: str) -> str:
    """Every run of white space as one space, none at the ends."""
    return " ".join(text.split())


def redact_secret(text: str, secret: str) -> str:
    """Without the secret, if it is long enough to be one.

    >>> redact_secret("no such key: sk-12345", "sk-12345")
    'no such key: ***'
    """
    return text.replace(secret, "***") if len(secret) >= 4 else text


def clean_line(text: str) -> str:
    """One line: control characters and runs of white space become single spaces."""
    return one_line(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", clean_text(text)))


_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|mc_cid|mc_eid|cmpid|ns_\w+)$", re.IGNORECASE)


def canonical_url(url: str) -> str:
    """The same page under one spelling: host in lower case, no fragment, port or tracking tags.

    Raises ValueError for a URL that cannot be parsed.

    >>> canonical_url("HTTPS://News.Example:443/a/?b=1&utm_medium=rss#c")
    'https://news.example/a/?b=1'
    """
    parts = urlsplit(clean_line(url).replace(" ", "%20"))
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    if parts.port and parts.port != {"http": 80, "https": 443}.get(scheme):
        host = f"{host}:{parts.port}"
    pairs = parts.query.split("&")
    query = "&".join(pair for pair in pairs if not _TRACKING.match(unquote(pair.partition("=")[0])))
    return urlunsplit((scheme, host, parts.path or "/", query, ""))


# Characters that deceive

# What drives a terminal or reorders what is read: C0 and C1 without tab, line feed and carriage
# return, bidirectional overrides and isolates, halves of characters. The inside of a class.
CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
# The letters that once named languages; with them any text can be written unseen.
TAGS = "\U000e0000-\U000e007f"
# Nobody sees these, and no language needs them between its letters.
INVISIBLE = "\u00ad\u034f\u115f\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
# These join and separate letters where scripts (Arabic, Indic, emoji) need it.
ZERO_WIDTH = "\u200c\u200d"
# Cyrillic, Greek and Armenian letters that pass for Latin ones.
CONFUSABLES = str.maketrans(
    "аеорсухіјѕһԁԛԝАВЕЅЈКМНОРСТУХІոαοεινρτυκΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijshdqwABESJKMHOPCTYXInaoeivptukABEZHIKMNOPTYX",
)
_CONTROL = re.compile(f"[{CONTROLS}]")


def replace_controls(text: str) -> str:
    r"""The text with U+FFFD for each control character; as many characters as before.

    >>> replace_controls("\x1b[31mred\u202e")
    '\ufffd[31mred\ufffd'
    """
    return text if text.isascii() and text.isprintable() else _CONTROL.sub("\ufffd", text)
