"""Plain text and Markdown, with or without front matter. The body is kept as it is written."""

import re
from collections.abc import Iterator

from ingest.loaders.article import make_article
from ingest.loaders.decode import decode
from ingest.loaders.fields import facts_in
from ingest.loaders.source import Entry, Source

__all__ = ["load_text"]

# Characters of a first line that may still be a title.
MAX_TITLE = 120

_FENCE = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_PAIR = re.compile(r"([A-Za-z][\w .-]*?)[ \t]*:(?:[ \t]+(.*)|)\Z")
_ITEM = re.compile(r"[ \t]*-[ \t]+(.*)\Z")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(\S.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_CODE = re.compile(r"^(```|~~~).*?(?:^\1|\Z)", re.DOTALL | re.MULTILINE)


def load_text(source: Source) -> Iterator[Entry]:
    r"""One article. Its title is that of the front matter, else the first Markdown heading,
    else a short first line, else the file name. Line ends become ``\n``.
    """
    text = decode(source.read(), source.charset).removeprefix("\ufeff")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    matter, body = split_front_matter(text)
    facts = facts_in(matter)
    title = facts["title"] or _heading(body) or _first_line(body) or source.stem
    url = facts["url"] or source.url
    yield Entry(make_article(source, body, **{**facts, "title": title, "url": url}))


def split_front_matter(text: str) -> tuple[dict[str, object], str]:
    r"""The ``key: value`` lines between two ``---`` at the start, and the text after them.

    What does not look like that throughout is text: a ``---`` is a rule in Markdown, too.

    >>> split_front_matter("---\ntitle: 'Rain'\n---\nIt fell.")
    ({'title': 'Rain'}, 'It fell.')
    """
    found = _FENCE.match(text)
    if found is None:
        return {}, text
    matter: dict[str, object] = {}
    key = ""
    for line in found[1].splitlines():
        item, pair = _ITEM.match(line), _PAIR.match(line)
        if item and key:
            listed = matter[key]
            matter[key] = [*(listed if isinstance(listed, list) else []), _scalar(item[1])]
        elif pair:
            key = pair[1].lower()
            matter[key] = _value(pair[2] or "")
        elif line.strip() and not line.startswith(("#", " ", "\t")):
            return {}, text
    return matter, text[found.end() :]


def _value(written: str) -> object:
    written = written.strip()
    if written.startswith("[") and written.endswith("]"):
        return [_scalar(part) for part in written[1:-1].split(",")]
    return _scalar(written)


def _scalar(written: str) -> str:
    written = written.strip()
    if len(written) > 1 and written[0] == written[-1] and written[0] in "\"'":
        return written[1:-1]
    return "" if written.lower() in {"null", "~"} else written


def _heading(body: str) -> str:
    found = _HEADING.search(_CODE.sub("", body) if "```" in body or "~~~" in body else body)
    return found[1] if found else ""


def _first_line(body: str) -> str:
    """The first line if it is short and more follows; not the start of a wrapped paragraph."""
    first, _, rest = body.lstrip().partition("\n")
    following = rest.partition("\n")[0].strip()
    wrapped = following[:1].islower()
    return first.strip() if len(first) <= MAX_TITLE and rest.strip() and not wrapped else ""
