"""Who wrote a document and when, and what it is called, from its first lines and its properties.

Properties are often those of a template or a program. What they say of the title counts when
the page says it, too, or says nothing; a name counts as a person's when it looks like one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingest.parsing.article import MAX_NAME
from ingest.parsing.dates import parse_day
from qa.language.cleaning import one_line

__all__ = ["Facts", "facts_of"]

# Lines before the text that say who, when and where; characters of such a line.
_FIRST_LINES, _LONGEST = 8, 120
# Words that stand in such a line beside a day.
_WORDS_BESIDE = 8
_STOPS = (".", "!", "?", "\u3002")
# The share of a title's words that must stand on the page.
_SHARED = 0.6
_UNTITLED = re.compile(
    r"(?:microsoft |ms )?(?:word|excel|powerpoint|office)\b.*|untitled.*|unbenannt\w*|sans titre.*"
    r"|(?:new )?(?:doc|document|dokument|presentation|slide|page|layout|template|scan)[\s_-]*\d*"
    r"|\S+\.(?:docx?|dotx?|pdf|odt|rtf|indd|qxp|qxd|pages|pptx?|txt|html?)",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"\b(?:anonymous|unknown|unspecified|default|user|username|admin\w*|owner|author|guest|system"
    r"|root|office|microsoft|adobe|word|python|editor|scanner|template)\b",
    re.IGNORECASE,
)
_NAME = r"[^\W\d_a-z][\w.'’-]*(?:[ ](?:[a-z]{1,3}[ ]){0,2}[^\W\d_a-z][\w.'’-]*){1,3}"
_BYLINE = re.compile(
    rf"(?:By|Von|Par|Por|Di|Door|Text:|Words:)[ ]"
    rf"({_NAME}(?:(?:,| and| und| et| y| e| en) {_NAME}){{0,4}})"
    r"(?=$|[ ]?[,|\u2013\u2014\u00b7(-])"
)
_MONTH_NAME = r"[^\W\d_]{3,12}\.?"
_DAY = re.compile(
    rf"\d{{4}}-\d\d-\d\d|\d{{1,2}}(?:st|nd|rd|th|\.)? (?:de )?{_MONTH_NAME},? (?:de )?\d{{4}}"
    rf"|{_MONTH_NAME} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{1,2}}\.\d{{1,2}}\.\d{{4}}"
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a document; an empty title and None for what is not."""

    title: str
    author: str | None
    published: date | None

    @property
    def dated_by(self) -> str | None:
        """What ``published`` rests on, as ``Article`` names it."""
        return "first lines" if self.published else None


def facts_of(
    *,
    stated_title: str,
    stated_author: str,
    page_title: str,
    first_lines: Sequence[str],
    heads: Sequence[str] = (),
    title_is_certain: bool = False,
) -> Facts:
    """The facts of a document.

    ``stated_`` is what its properties say; ``page_title`` what is set as a title, empty if
    nothing is, and ``title_is_certain`` whether nothing else can be it. ``first_lines`` are its
    first paragraphs, ``heads`` what stands above and below.
    """
    lines = []
    for line in first_lines[:_FIRST_LINES]:
        if len(line) > _LONGEST or (line.endswith(_STOPS) and len(_words(line)) > _WORDS_BESIDE):
            break  # the text begins
        lines.append(line)
    around = [line for line in lines if line != page_title]
    return Facts(
        _title(
            "" if title_is_certain else one_line(stated_title), one_line(page_title), first_lines
        ),
        _author(one_line(stated_author), around, first_lines),
        _day([*around, *heads]),
    )


def _title(stated: str, on_page: str, first_lines: Sequence[str]) -> str:
    stated = "" if len(stated) > MAX_NAME or _UNTITLED.fullmatch(stated) else stated
    on_page = "" if len(on_page) > MAX_NAME else on_page
    if not on_page or not stated:
        return on_page or stated or _first_line(first_lines)
    words = {*_words(stated)}
    shared = words & {*_words(" ".join([on_page, *first_lines[:_FIRST_LINES]]))}
    return stated if len(shared) >= _SHARED * len(words) and words else on_page


def _first_line(lines: Sequence[str]) -> str:
    """The first line if it is short, ends no sentence, and more follows."""
    first = lines[0] if len(lines) > 1 else ""
    is_title = len(first) <= _LONGEST and not first.endswith((".", ",", ";", ":", "!"))
    return first if is_title and "\n" not in first else ""


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _author(stated: str, lines: Sequence[str], first_lines: Sequence[str]) -> str | None:
    """The author in a line that names one; else the stated one, if that may be a person."""
    for line in lines:
        if match := _BYLINE.match(line):
            return match[1]
    if not stated or len(stated) > _LONGEST or _NOBODY.search(stated):
        return None
    if re.fullmatch(rf"{_NAME}(?:(?:[,;&]| and| und| et) ?{_NAME})*", stated):
        return stated
    return stated if any(stated in line for line in first_lines[:_FIRST_LINES]) else None


def _day(lines: Sequence[str]) -> date | None:
    """The one day that the lines around the title name; None if they name several."""
    days = {
        day
        for line in lines
        for match in _DAY.finditer(line)
        if len(_words(line.replace(match[0], ""))) <= _WORDS_BESIDE and (day := parse_day(match[0]))
    }
    return days.pop() if len(days) == 1 else None
