"""Text, Markdown and markup that reads like it, with or without front matter, kept as written."""

import re
from collections.abc import Iterator

from ingest.documents.facts import facts_of
from ingest.parsing.article import MAX_NAME, make_article
from ingest.parsing.dates import days_in, opening_day
from ingest.parsing.encoding import decode
from ingest.parsing.fields import facts_in
from ingest.parsing.source import MAX_TEXT, Entry, Source
from qa.errors import SourceTooLarge

__all__ = ["load_text"]

# Characters of a first line that may still be a title.
MAX_TITLE = 120
# Characters of front matter; what is longer is text between two rules.
MAX_FRONT_MATTER = 2**16

# Characters that may say who wrote a text, where it appeared, and when.
_OPENING = 2000
# Names before a day that tell where a text appeared.
_WORDS_OF_OUTLET = 6

# The fence of front matter in TOML, as Hugo has it.
_TOML = "+++"
# Each repeats one class of characters at most, so that no text takes more than one pass.
_KEY = re.compile(r"[A-Za-z][\w .-]*")
# How AsciiDoc and Org mark the title of a document.
_TITLE_LINE = re.compile(r"(?:=|#\+title:)[ \t]+(\S.*)", re.IGNORECASE)
_FENCE_OR_HEADING = re.compile(r"^(?:```|~~~| {0,3}#{1,6}[ \t])", re.MULTILINE)


def load_text(source: Source) -> Iterator[Entry]:
    r"""One article. Its title is that of the front matter, else the first Markdown heading,
    else a short first line that is more than a day and where it appeared, else the file name. Its
    day and author may stand in the first lines. Line ends become ``\n``.
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
    first_lines = [line for line in map(str.strip, body[:_OPENING].split("\n")) if line]
    opening = facts_of(stated_title="", stated_author="", page_title=title, first_lines=first_lines)
    facts["author"] = facts["author"] or opening.author
    if facts["published"] is None and (day := opening_day(body) or opening.published):
        facts |= {"published": day, "dated_by": "first lines"}
    yield Entry(make_article(source, body, **{**facts, "title": title, "url": url}))


def split_front_matter(text: str) -> tuple[dict[str, object], str]:
    r"""The ``key: value`` lines between two ``---`` at the start, or the ``key = value`` lines
    between two ``+++``, and the text after them; without fences the lines before the first empty
    one, if they name a title and a day, author, outlet or address.

    What does not look like that throughout is text: a ``---`` is a rule in Markdown, too.

    >>> split_front_matter("---\ntitle: 'Rain'\n---\nIt fell.")
    ({'title': 'Rain'}, 'It fell.')
    """
    lines, end = _fenced(text)
    if not end:
        return _headed(text)
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


def _headed(text: str) -> tuple[dict[str, object], str]:
    """The ``key: value`` lines at the start, each of them one, and the text after them."""
    head, gap, _ = text[:MAX_FRONT_MATTER].lstrip("\n").partition("\n\n")
    pairs = [_pair(line, ":") for line in head.split("\n")]
    matter = {pair[0]: _value(pair[1]) for pair in pairs if pair}
    facts = facts_in(matter)
    others = any(facts[name] for name in ("published", "author", "publisher", "url"))
    if not gap or len(matter) < len(pairs) or not facts["title"] or not others:
        return {}, text
    return matter, text[len(text) - len(text.lstrip("\n")) + len(head) + len(gap) :]


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
    """The first line if it is short and more follows; not the start of a wrapped paragraph, nor
    where and when a text appeared if its title follows.
    """
    first, _, rest = body.lstrip().partition("\n")
    following = rest.lstrip("\n").partition("\n")[0].strip()
    if _is_masthead(first.strip()) and 0 < len(following) <= MAX_TITLE:
        return _first_line(rest) or first.strip()
    wrapped = rest.partition("\n")[0].strip()[:1].islower()
    if marked := _TITLE_LINE.fullmatch(first.strip()):
        first = marked[1]
    return first.strip() if len(first) <= MAX_TITLE and rest.strip() and not wrapped else ""


def _is_masthead(line: str) -> bool:
    """Whether a line is a day, alone or after the few words that say where a text appeared.

    >>> _is_masthead("The Marlow Post, 12 March 2025"), _is_masthead("Ferry strike of May 2025")
    (True, False)
    """
    if len(line) > MAX_TITLE:
        return False
    for start, _, length in days_in(line):
        before = line[:start].rstrip()
        is_named = before.endswith((",", "|", "-", "\u2013", "\u2014", "\u00b7", "("))
        few = len(before.split()) <= _WORDS_OF_OUTLET
        if not line[start + length :].strip(" .)") and few and (is_named or not before):
            return True
    return False
