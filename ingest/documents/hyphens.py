"""Words that are divided at the end of a line. Knows no page."""

import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

__all__ = ["HYPHENS", "Hyphens"]

HYPHENS = "-\u00ad\u2010\u2011"
_WORD = r"[^\W\d_]+(?:['’][^\W\d_]+)*"
_COMPOUND = re.compile(r"(?<!\w)\w++(?:[-\u2010\u2011]\w++)+")
_PARTS = re.compile(r"[\w'’]++(?:[-\u2010\u2011][\w'’]++)*+")
# Characters of a line at whose end a word is looked for.
_LONGEST = 80
# What follows a word whose second part is left out: "pre- and post-war".
_LEFT_OUT = re.compile(r"(?:and|or|to|und|oder|bis|et|ou|y|o|e|en|of)\b")


class Hyphens:
    """Tells the hyphens of words from those that divide them, by how the document writes the
    word elsewhere, and by which words there are.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        text = "\n".join(lines).lower()
        # What is divided over lines is in neither: a line ends between the two parts.
        self._compounds = {match[0].replace("\u2010", "-") for match in _COMPOUND.finditer(text)}
        self._words = set(re.findall(_WORD, text))

    def join(self, lines: Sequence[str]) -> str:
        """The lines as one, joined by spaces and where words are divided by nothing.

        >>> Hyphens([]).join(["the ri-", "ver rose"]), Hyphens([]).join(["a well-", "known town"])
        ('the river rose', 'a well-known town')
        """
        parts: list[str] = []
        for line in lines:
            if parts:
                parts[-1], between = self._end(parts[-1], line)
                parts.append(between)
            parts.append(line)
        return "".join(parts)

    def _end(self, line: str, following: str) -> tuple[str, str]:
        """The line without a hyphen that only divides, and what stands between it and the next."""
        head, mark = line[:-1], line[-1:]
        before = [match[0] for match in _PARTS.finditer(head[-_LONGEST:])]
        after = _PARTS.match(following[:_LONGEST])
        if not mark or mark not in HYPHENS or not head or head[-1].isspace() or after is None:
            return line, " "
        if mark == "\u00ad":
            return head, ""
        if not before or _LEFT_OUT.match(following):
            return line, " "
        return (head if self._divides(before[-1], after[0]) else line), ""

    def _divides(self, before: str, after: str) -> bool:
        """Whether the hyphen between the two is there because the line ends."""
        if not after[0].islower() or not before[-1].isalpha():
            return False
        joined, compound = (before + after).lower(), f"{before}-{after}".lower()
        if compound in self._compounds or joined in self._words:
            return joined in self._words and compound not in self._compounds
        if re.search(f"[{HYPHENS}]", compound.replace("-", "", 1)):
            return self._known_part(before, after)
        return joined in _vocabulary() or not (_is_word(before) and _is_word(after))

    def _known_part(self, before: str, after: str) -> bool:
        """Whether a word of several parts is divided within one of them: "two-year-" goes on with
        "old", "deep-sea-div-" with "ing".
        """
        last = re.split(f"[{HYPHENS}]", before)[-1]
        first = re.split(f"[{HYPHENS}]", after)[0]
        joined = (last + first).lower()
        return (
            joined in self._words
            or joined in _vocabulary()
            or not (_is_word(last) and _is_word(first))
        )


def _is_word(part: str) -> bool:
    return len(part) > 1 and part.lower() in _vocabulary()


@cache
def _vocabulary() -> frozenset[str]:
    """The whole words that the shipped tokenizer knows: the 20,000 commonest of English and some
    of its neighbours.
    """
    tokenizer = json.loads((files("qa") / "models/static/tokenizer.json").read_bytes())
    return frozenset(word for word in tokenizer["model"]["vocab"] if word.isalpha())
