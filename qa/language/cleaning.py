"""Text as it may be stored, and one spelling for each web address. Standard library only."""

import re
from urllib.parse import unquote, urlsplit, urlunsplit

__all__ = ["canonical_url", "clean_line", "clean_text", "one_line", "redact_secret"]


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
