"""The title of a page without the name of its site."""

import re
from collections.abc import Sequence

from ingest.pages.blocks import words_of
from ingest.parsing.article import MAX_NAME
from ingest.parsing.source import host_of
from qa.language.cleaning import one_line

__all__ = ["heading_in", "outlet_in", "title_of"]

_SEPARATOR = re.compile(r" (?:[-–—•·«›‹:~⋆*]|::|--) | ?\| ?| ?» ?")
# Letters of a site's name as its host spells it: "The Valley Herald", valleyherald.example.
_LETTERS = re.compile(r"[\W_]+")
# What is shorter is an abbreviation, which many words begin with.
_SHORTEST = 3
_MOST_WORDS = 5
_SECTION_WORDS = 3
_HEADING_WORDS = 3
# Letters of an article before a name ("The"), and of the shortest name that may have one.
_ARTICLE = 3
_LONG_NAME = 6
_LONGEST_SECTION = 10
# Letters up to which the part of a host before a country's is no name ("co.uk").
_SECOND_LEVEL = 3
# The share of words that a title and the heading that says more have in common.
_COMMON = 0.75
# Letters of a section or an outlet before a title.
_PREFIX = 15


def title_of(
    shown: str, stated: Sequence[str], *, sites: Sequence[str] = (), url: str | None = None
) -> str:
    """The title that readers see, else the first of those that the page states; or empty.

    ``shown`` is its main heading. ``sites`` are names of the site; they and what the host of
    ``url`` spells are taken off both ends of a title.
    """
    known = {_letters(site) for site in sites if _letters(site)}
    labels = {_letters(label) for label in (host_of(url) or "").split(".")[:-1]}
    labels = {label for label in labels if len(label) >= _SHORTEST}
    candidates = [
        _without_site(one_line(title), known, labels)
        for title in stated
        if 0 < len(title) <= MAX_NAME
    ]
    heading = one_line(shown) if len(shown) <= MAX_NAME else ""
    if heading and _is_site(heading, known, labels):
        heading = ""
    # A heading that a stated title holds is that title as it is shown.
    if heading and any(_holds(title, heading) for title in candidates):
        return heading
    return next(filter(None, candidates), "") or heading


def outlet_in(title: str, *, names: Sequence[str], url: str | None = None) -> str:
    """The part at an end of a title that is the name of its outlet; empty if nothing shows it.

    It is one if the page has the same name elsewhere, among ``names``, or its host is called so.
    What only stands beside the headline may as well be a section.

    >>> outlet_in("Rain | The Pell Observer", names=[], url="https://pellobserver.example/rain")
    'The Pell Observer'
    >>> outlet_in("Rain | Sport", names=["The Pell Observer"], url="https://sport.pell.example/1")
    ''
    """
    parts = [part.strip() for part in _SEPARATOR.split(title[:MAX_NAME])]
    known = [*map(_letters, names), *_own_labels(host_of(url) or "")]
    known = [name for name in known if len(name) >= _SHORTEST]
    ends = (parts[-1], parts[0]) if len(parts) > 1 else ()
    return next((part for part in ends if any(_is_named(part, name) for name in known)), "")


def heading_in(title: str, lines: Sequence[str]) -> str:
    """The line of a page without headings that is its title, without the site; empty if none is.

    >>> heading_in("Echo Online: Rain on the hill", ["Home", "Rain on the hill", "It fell."])
    'Rain on the hill'
    """
    parts = [title.partition(": ")[2], *_SEPARATOR.split(title)]
    longest = max((part for part in parts if part in lines), key=len, default="")
    return longest if len(words_of(longest)) >= _HEADING_WORDS else ""


def _holds(title: str, heading: str) -> bool:
    """Whether one is the other, or the other with something before or after it, or the heading
    says the same in more words.
    """
    one, other = _letters(title), _letters(heading)
    if one == other:
        return True
    # A title of a few words, or one that is cut off, says less than the heading.
    if one and other.startswith(one) and (len(words_of(title)) < 4 or title.endswith(("…", "..."))):
        return True
    shared, fewer = (
        words_of(title) & words_of(heading),
        min(len(words_of(title)), len(words_of(heading))),
    )
    if len(shared) >= _COMMON * fewer and len(words_of(heading)) >= len(words_of(title)):
        return True
    # A character of a script without spaces says as much as three letters.
    several = len(words_of(heading)) >= 3 or len(heading) >= 12 or len(heading.encode()) >= 18
    if several and title.endswith(f": {heading}"):
        return True
    before = len(one) - len(other)
    return several and (one.startswith(other) or (one.endswith(other) and before <= _PREFIX))


def _without_site(title: str, known: set[str], labels: set[str]) -> str:
    before, _, last = title.rpartition("_")
    if before and _is_site(last, known, labels):
        title = before
    site, colon, rest = title.partition(": ")
    if colon and _letters(site) in known:
        title = rest
    bar = ""
    while parts := [*_SEPARATOR.finditer(title)]:
        first, last = title[: parts[0].start()], title[parts[-1].end() :]
        # Between a title and its site stands a section.
        is_section = bar == parts[-1][0].strip() == "|" and len(words_of(last)) <= _SECTION_WORDS
        if _is_site(last, known, labels) or (is_section and len(words_of(first)) > _MOST_WORDS):
            bar = "" if is_section else parts[-1][0].strip()
            title = title[: parts[-1].start()].strip()
        elif _is_site(first, known, labels):
            title = title[parts[0].end() :].strip()
        else:
            break
    return title


def _is_site(part: str, known: set[str], labels: set[str]) -> bool:
    letters = _letters(part)
    if not letters or letters in known or letters in labels:
        return True
    if len(words_of(part)) > _MOST_WORDS:
        return False
    # The host's name with its domain, or with "News" behind it; or half of either.
    spellings = [name for name in known | labels if len(name) > _SHORTEST + 1]
    return any(
        letters.startswith(name) or (len(letters) > _SHORTEST + 1 and name.startswith(letters))
        for name in spellings
    )


def _is_named(part: str, name: str) -> bool:
    """Whether part of a title is a name, with an article before one of both or without."""
    longer, shorter = sorted((_letters(part), name), key=len, reverse=True)
    if len(shorter) < _LONG_NAME:
        return longer == shorter
    return longer.endswith(shorter) and len(longer) - len(shorter) <= _ARTICLE


def _own_labels(host: str) -> list[str]:
    """The part of a host that its owner is called by: not "sport", which stands before it. Where
    that may be either, only one too long for a section.

    >>> _own_labels("sport.pell.example"), _own_labels("pellobserver.co.example")
    (['pell'], ['pellobserver'])
    >>> _own_labels("sport.a.example")
    []
    """
    *before, own = host.split(".")[:-1] or [""]
    if before and len(own) <= _SECOND_LEVEL:
        is_sure = len(before) > 1 or len(before[-1]) > _LONGEST_SECTION
        return [_letters(before[-1])] if is_sure else []
    return [_letters(own)]


def _letters(text: str) -> str:
    return _LETTERS.sub("", text).casefold()
