"""Lines that name who wrote an article or took its picture: part of the page, not of the story."""

import re

from qa.language.dates import is_date

__all__ = ["asks_for_authors", "bylines"]

# A line of its own that ends without a stop and holds little more than a name.
_BYLINE = re.compile(
    r"^[ \t]*(?:By|Von|Par|Words by|Text by|Photos? by|Photograph(?:s|y)? by|Pictures? by)"
    r"[ \t]+(?=[^\W\d_a-z])(?:\S+[ \t]*){1,7}(?<![.!?:;,”\"])[ \t]*$",
    re.MULTILINE,
)
# One that holds a name and the day of publication.
_DAY_LINE = re.compile(
    r"^[*_ \t]*[^\W\d_a-z][\w’'.&-]*(?:[ \t]+[^\W\d_a-z][\w’'.&-]*){0,5},[ \t]+"
    r"(\d{1,2} [^\W\d_]+ \d{4}|[^\W\d_]+ \d{1,2}, \d{4})[.*_ \t]*$",
    re.MULTILINE,
)
_AUTHORS = re.compile(
    r"\b(wrote|written|writes?|authors?|reporters?|journalists?|correspondents?|bylines?"
    r"|photograph\w*|took the (?:photo|picture)\w*)\b",
    re.IGNORECASE,
)


def bylines(text: str) -> tuple[tuple[int, int], ...]:
    r"""The half-open ranges of such lines.

    >>> bylines("Rain\nBy Rosamund Teale\nBy Monday it had stopped.")
    ((5, 22),)
    >>> bylines("It stopped.\nRosamund Teale, 3 May 2024\nIn Tarrow, 3 May 2024 was dry.")
    ((12, 38),)
    """
    day_lines = (match for match in _DAY_LINE.finditer(text) if is_date(match[1]))
    return tuple(sorted(match.span() for match in (*_BYLINE.finditer(text), *day_lines)))


def asks_for_authors(question: str) -> bool:
    """Whether such a line may be the answer.

    >>> asks_for_authors("Who wrote about the clock?")
    True
    """
    return _AUTHORS.search(question) is not None
