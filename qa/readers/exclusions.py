"""Lines that name who wrote an article or took its picture: part of the page, not of the story."""

import re

__all__ = ["asks_for_authors", "bylines"]

# A line of its own that ends without a stop and holds little more than a name.
_BYLINE = re.compile(
    r"^[ \t]*(?:By|Von|Par|Words by|Text by|Photos? by|Photograph(?:s|y)? by|Pictures? by)"
    r"[ \t]+(?=[^\W\d_a-z])(?:\S+[ \t]*){1,7}(?<![.!?:;,”\"])[ \t]*$",
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
    """
    return tuple(match.span() for match in _BYLINE.finditer(text))


def asks_for_authors(question: str) -> bool:
    """Whether such a line may be the answer.

    >>> asks_for_authors("Who wrote about the clock?")
    True
    """
    return _AUTHORS.search(question) is not None
