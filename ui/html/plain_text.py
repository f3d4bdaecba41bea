"""Records as lines of plain text. Article text is data: its control characters are written out."""

import json
import re

from qa.language.cleaning import CONTROLS, one_line
from qa.records.article import Citation, Copy, Passage

__all__ = ["copy_line", "escape_controls", "readable_json", "source_line"]

_CONTROLS = re.compile(f"[{CONTROLS}\r]")


def escape_controls(text: str) -> str:
    r"""The text with every control character but newline and tab written out.

    >>> escape_controls("\x1b[31mred")
    '\\x1b[31mred'
    """
    return _CONTROLS.sub(lambda match: ascii(match.group())[1:-1], text)


def readable_json(data: object) -> str:
    r"""JSON for people and programs: indented, and every control character escaped.

    >>> readable_json("\u202ered")
    '"\\u202ered"'
    """
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return _CONTROLS.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def source_line(cited: Citation | Passage) -> str:
    """Outlet, day and title; what is unknown is said to be.

    >>> source_line(Passage("a", 0, 1, "x", title="Rain", source="gazette.example"))
    'gazette.example, undated: Rain'
    """
    day = cited.published.isoformat() if cited.published else "undated"
    if isinstance(cited, Citation) and cited.corrected:
        day += f" (corrected on {cited.corrected})"
    elif isinstance(cited, Citation) and cited.read_again:
        day += f" (taken in again on {cited.read_again})"
    title = one_line(cited.title) or "untitled"
    return escape_controls(f"{cited.source or 'unknown source'}, {day}: {title}")


def copy_line(copy: Copy) -> str:
    """Outlet, day and id of an article that carries the same text.

    >>> copy_line(Copy("c6cb", source="Harbour Post"))
    'Harbour Post, undated (c6cb)'
    """
    day = copy.published.isoformat() if copy.published else "undated"
    return escape_controls(f"{copy.source or 'unknown source'}, {day} ({copy.article_id})")
