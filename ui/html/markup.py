"""Addresses to be linked. What comes from articles and people is data: an address opens a page
and does nothing else, and none shows a path of this machine.
"""

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Literal
from urllib.parse import quote, urlencode, urlsplit

from qa.language.cleaning import one_line
from qa.records.article import Citation, Passage, derive_id

__all__ = [
    "article_link",
    "hide_paths",
    "original_link",
    "own_path",
    "passage_link",
    "remote_words",
    "seal",
    "story_link",
    "web_address",
]

# A host and perhaps a port. A name before the host ("good.example@evil.example") only deceives.
_HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9a-fA-F:.]+\](:\d+)?")
# An absolute path, in quotation marks with whatever is in it, or bare up to where it may end.
_PATH = re.compile(r"""(?<=')/[^'\n]+/[^'\n]*(?=')|(?<=")/[^"\n]+/[^"\n]*(?=")"""
                   r"""|(?<![\w/:.<&…-])/(?:[^\s/'",;:()]+/)+[^\s'",;:()]*""")  # fmt: skip
# Ways out of the command line and its variables, and what they are elsewhere; the last ones are for
# whatever has no other.
_WAYS = {
    re.compile(way): other
    for way, other in {
        "`article-qa list`": "the library (GET /api/articles)",
        "`article-qa collection list`": "the page of collections (GET /api/collections)",
        "`article-qa source list`": "the library (GET /api/sources)",
        "`article-qa user list`": "the page of settings (GET /api/users)",
        " with `article-qa source remove [^`]*`": " (DELETE /api/sources)",
        "with `article-qa remove`": "in the library (DELETE /api/articles/ID)",
        "`article-qa doctor --repair`": "the repair in the library",
        "run `article-qa rebuild`, or set QA_EMBEDDER back": "an editor can set it up anew with "
        "“Repair” in the library, or whoever runs the server can set the embedder back",
        "--follow fetches what it names": "name those addresses themselves",
        "QA_CHAT_BUDGET_DAY is": "the most that chat may cost a day (see the settings) is",
        "QA_CHAT_BUDGET_RUN is": "the most that chat may cost in one run (see the settings) is",
        "QA_CHAT_TOKENS=": "the limit of tokens of passages (see the settings), ",
        "QA_CHAT_PRICE": "the price in the settings",
        "QA_CHAT=provider:model": "set one in the settings as provider:model",
        "QA_(?:CHAT|READER)(?![A-Z_])": "what answers (see the settings)",
        "QA_OCR": "the setting of the server for pictures",
        "raise QA_PARSE_(?:SECONDS|MEMORY)": "whoever runs the server can raise the limit",
        "QA_PARSE_MEMORY": "the memory for parsing",
        "`article-qa [^`]*`": "the command line of the server",
        r"(?<!\w)QA_[A-Z_]+": "a setting of the server",
    }.items()
}
_REST_ADDRESS = re.compile(r" \((?:GET|DELETE) /api/[^)]*\)")
# An assistant has tools, and neither a command line nor REST.
_TOOL_WAYS = {
    re.compile("`article-qa list` shows them all"): "search_articles gives their ids",
    **{way: _REST_ADDRESS.sub("", other) for way, other in _WAYS.items()},
}
# Browsers take a backslash for a slash, and two of them for the beginning of a host.
_PATH_HERE = re.compile(r"/(?![/\\])[!-\[\]-~]*")
_FRAGMENT_WORDS = 5


def web_address(url: str | None) -> str:
    """The address, if it is one of the web, else nothing: ``javascript:`` and friends are dropped,
    and what would be read as the address of another host.

    >>> web_address("javascript:alert(1)"), web_address("https://a.example/x")
    ('', 'https://a.example/x')
    """
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    web = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.netloc)
    return url if url and web and url.isprintable() else ""


def own_path(address: str) -> str:
    """The address, if it is a path of this server, else its first page.

    >>> own_path("/c/0123456789abcdef"), own_path("//evil.example"), own_path("https://a.example/")
    ('/c/0123456789abcdef', '/', '/')
    """
    return address if _PATH_HERE.fullmatch(address) else "/"


def hide_paths(words: str, *folders: Path) -> str:
    """The words with no more of the paths of this machine than their last part; ``folders`` are
    known to be such, whatever characters are in their names.

    >>> hide_paths("/srv/qa/gold.jsonl, line 1: see https://a.example/x/y")
    '…/gold.jsonl, line 1: see https://a.example/x/y'
    """
    known = {each for path in folders for each in (path.absolute(), path.resolve())}
    for folder in sorted(known, key=lambda each: -len(str(each))):
        if len(folder.parts) > 1:
            known_path = re.escape(str(folder)) + r"[^\s'\",;:()]*"
            words = re.sub(known_path, lambda path: f"…/{PurePosixPath(path.group()).name}", words)
    return _PATH.sub(lambda path: f"…/{PurePosixPath(path.group()).name}", words)


def remote_words(words: object, *folders: Path, place: Literal["rest", "tools"] = "rest") -> str:
    """What went wrong as people read it who have a screen or REST and no command line here: without
    paths of this machine (as ``hide_paths``), and with ways out that are theirs; at the place
    ``tools`` those of an assistant.

    >>> remote_words("no article with the id 'x'; `article-qa list` shows them all")
    "no article with the id 'x'; the library (GET /api/articles) shows them all"
    """
    told = hide_paths(str(words), *folders)
    # Addresses of REST look like paths.
    for way, other in (_TOOL_WAYS if place == "tools" else _WAYS).items():
        told = way.sub(other, told)
    return told


def original_link(cited: Citation | Passage) -> str:
    """The address of the original, with a fragment by which browsers mark the quoted words there.

    Empty without an address. https://wicg.github.io/scroll-to-text-fragment/
    """
    address = web_address(cited.url)
    if not address:
        return ""
    words = one_line(cited.quote if isinstance(cited, Citation) else cited.text).split()
    first, last = words[:_FRAGMENT_WORDS], words[-_FRAGMENT_WORDS:]
    ends = [words] if len(words) <= 2 * _FRAGMENT_WORDS else [first, last]
    # A hyphen has a meaning of its own in such a fragment, and quote() lets it pass.
    parts = [quote(" ".join(end), safe="").replace("-", "%2D") for end in ends]
    return f"{address.partition('#')[0]}#:~:text={','.join(parts)}"


def article_link(article_id: str, span: tuple[int, int] | None = None, quoted: str = "") -> str:
    """The address of the article here, opened at characters of it; relative to the server's own."""
    asked: dict[str, str | int] = {"id": article_id}
    if span:
        asked |= {"start": span[0], "end": span[1], "seal": seal(quoted)}
    return f"article?{_query(asked)}" + ("#cited" if span else "")


def story_link(article_id: str) -> str:
    """The address of the story that an article is a part of."""
    return f"story?{_query({'id': article_id})}"


def passage_link(cited: Citation | Passage) -> str:
    """The address of the article here, opened at the cited characters."""
    quoted = cited.quote if isinstance(cited, Citation) else cited.text
    return article_link(cited.article_id, (cited.start, cited.end), quoted)


def seal(quoted: str) -> str:
    """What tells whether a version of an article still has the characters that were quoted."""
    return derive_id(quoted)[:8]


def _query(asked: Mapping[str, str | int]) -> str:
    return urlencode(asked, errors="replace")
