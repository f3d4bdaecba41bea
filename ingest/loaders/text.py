"""Text, Markdown and markup that reads like it, with or without front matter, kept as written."""

import re
from collections.abc import Iterator

from ingest.parsing.article import MAX_NAME, make_article
from ingest.parsing.dates import opening_day
from ingest.parsing.encoding import decode
from ingest.parsing.fields import facts_in
from ingest.parsing.source import MAX_TEXT, Entry, Source
from qa.errors import SourceTooLarge

__all__ = ["load_text"]

# Characters of a first line that may still be a title.
MAX_TITLE = 120
# Characters of front matter; what is longer is text between two rules.
MAX_FRONT_MATTER = 2**16

# The fence of front matter in TOML, as Hugo has it.
_TOML = "+++"
# Each repeats one class of characters at most, so that no text takes more than one pass.
_KEY = re.compile(r"[A-Za-z][\w .-]*")
# How AsciiDoc and Org mark the title of a document.
_TITLE_LINE = re.compile(r"(?:=|#\+title:)[ \t]+(\S.*)", re.IGNORECASE)
_FENCE_OR_HEADING = re.compile(r"^(?:```|~~~| {0,3}#{1,6}[ \t])", re.MULTILINE)


def load_text(source: Source) -> Iterator[Entry]:
    r"""One article. Its title is that of the front matter, else the first Markdown heading,
    else a short first line, else the file name. Its day may stand in the first lines. Line ends
    become ``\n``.
    """
    text = decode(source.read(), source.charset).removeprefix("\ufeff")
    # Before anything is copied: a character may take four bytes of memory.
    size = len(text) - text.count("\r\n")
    if size > MAX_TEXT + MAX_FRONT_MATTER:
        raise SourceTooLarge(
            f"a text of {size:,} characters; the limit is {MAX_TEXT:,} for one article. "
            "Split it into several"
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    matter, body = split_front_matter(text)
    facts = facts_in(matter)
    title = facts["title"] or _heading(body) or _first_line(body) or source.stem
    url = facts["url"] or source.url
    if facts["published"] is None and (day := opening_day(body)):
        facts |= {"published": day, "dated_by": "first lines"}
    yield Entry(make_article(source, body, **{**facts, "title": title, "url": url}))


def split_front_matter(text: str) -> tuple[dict[str, object], str]:
    r"""The ``key: value`` lines between two ``---`` at the start, or the ``key = value`` lines
    between two ``+++``, and the text after them.

    What does not look like that throughout is text: a ``---`` is a rule in Markdown, too.

    >>> split_front_matter("---\ntitle: 'Rain'\n---\nIt fell.")
    ({'title': 'Rain'}, 'It fell.')
    """
    lines, end = _fenced(text)
    sign, tables = ("=", ("[",)) if text.startswith(_TOML) else (":", ())
    matter: dict[str, object] = {}
    key = ""
    for line in lines:
        item, pair = _item(line), _pair(line, sign)
        if item is not None and key:
            listed = matter[key]
            if not isinstance(listed, list):
                listed = matter[key] = []
            listed.append(item)
        elif pair:
            key, value = pair
            matter[key] = _value(value)
        elif line.strip() and not line.startswith(("#", " ", "\t", *tables)):
            return {}, text
    return matter, text[end:]


def _fenced(text: str) -> tuple[list[str], int]:
    """The lines between the two fences and where the text after them starts; 0 without fences."""
    lines = text[:MAX_FRONT_MATTER].split("\n")
    if len(text) > MAX_FRONT_MATTER:
        lines.pop()  # it may go on
    fences = (_TOML,) if text.startswith(_TOML) else ("---", "...")
    if not lines or not _is_fence(lines[0], fences[0]):
        return [], 0
    end = start = len(lines[0]) + 1
    for line in lines[1:]:
        if any(_is_fence(line, fence) for fence in fences):
            return text[start:end].splitlines(), end + len(line) + 1
        end += len(line) + 1
    return [], 0


def _is_fence(line: str, mark: str) -> bool:
    return line.startswith(mark) and not line[len(mark) :].strip(" \t")


def _item(line: str) -> str | None:
    line = line.lstrip(" \t")
    return _scalar(line[1:]) if line.startswith(("- ", "-\t")) else None


def _pair(line: str, sign: str) -> tuple[str, str] | None:
    key, colon, value = line.partition(sign)
    key = key.rstrip(" \t")
    if not colon or not _KEY.fullmatch(key) or (value and value[0] not in " \t"):
        return None
    return key.lower(), value


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
    """The first Markdown heading that is not in a block of code; none if that is no title."""
    fence = ""
    for found in _FENCE_OR_HEADING.finditer(body):
        mark = found[0]
        if fence:
            fence = "" if mark == fence else fence
        elif mark in ("```", "~~~"):
            fence = mark
        else:
            end = body.find("\n", found.end())
            line = body[found.end() : end if end >= 0 else len(body)].strip(" \t")
            if line and not line[0].isspace():
                title = line.rstrip("#").rstrip(" \t") or line[0]
                return title if len(title) <= MAX_NAME else ""
    return ""


def _first_line(body: str) -> str:
    """The first line if it is short and more follows; not the start of a wrapped paragraph."""
    first, _, rest = body.lstrip().partition("\n")
    following = rest.partition("\n")[0].strip()
    wrapped = following[:1].islower()
    if marked := _TITLE_LINE.fullmatch(first.strip()):
        first = marked[1]
    return first.strip() if len(first) <= MAX_TITLE and rest.strip() and not wrapped else ""
