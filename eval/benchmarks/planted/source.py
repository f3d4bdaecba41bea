"""Sentences of articles that trials are made from, with the names in them. Draws nothing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.language.cleaning import one_line
from qa.language.lexicon import MONTH_NAMES, STOP_WORDS, WEEKDAYS, alternatives
from qa.language.sentences import sentences
from qa.records.answer import Statement
from qa.records.article import Article, Passage

__all__ = ["Source", "full_names", "inner_names", "sources"]

_NAME = re.compile(r"(?<=[a-z,’'] )[A-Z][\w’'-]+(?: (?:[A-Z]\. )?[A-Z][\w’'-]+)*")
_FULL = re.compile(r"\b[A-Z][a-z]+(?: [A-Z]\.)?(?: [A-Z][a-z’'-]+){1,2}\b")
_DAYS = {*WEEKDAYS, *MONTH_NAMES}


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence on one line, the passage that holds it, the sentence before it, and a passage
    of another article.
    """

    article: Article
    passages: tuple[Passage, ...]
    place: int
    text: str
    before: str
    stranger: Passage | None = None

    @property
    def passage(self) -> Passage:
        """The passage that the sentence stands in."""
        return self.passages[self.place]

    def says(self, text: str, *passages: Passage) -> Statement:
        """A statement that cites whole passages: its own unless others are given."""
        cited = passages or (self.passage,)
        return Statement(text, tuple(each.cite(each.start, each.end) for each in cited))


def sources(
    article: Article, passages: Sequence[Passage], stranger: Passage | None = None
) -> Iterator[Source]:
    """The plain sentences of 8 to 40 words, in reading order."""
    for place, passage in enumerate(passages):
        before = ""
        for low, high in sentences(passage.text):
            text = one_line(passage.text[low:high])
            words = len(text.split())
            # What lacks half of a quotation, a capital or an end was not cut at a sentence.
            whole = text.count("“") == text.count("”") and text.count('"') % 2 == 0
            if 8 <= words <= 40 and whole and re.match(r"[A-Z“\"]", text) and text.endswith("."):
                yield Source(article, tuple(passages), place, text, before, stranger)
            before = text


def inner_names(text: str) -> list[str]:
    """The names that do not open the sentence, days and months left out.

    >>> inner_names("In March Ilse Brandvold left Kessel.")
    ['Ilse Brandvold', 'Kessel']
    """
    return [
        name
        for name in _NAME.findall(re.sub(rf"\b({alternatives(_DAYS)})\b", "x", text))
        if name.lower() not in STOP_WORDS
    ]


def full_names(text: str) -> list[str]:
    """Names of two or three words."""
    return [name for name in _FULL.findall(text) if name.split()[0].lower() not in STOP_WORDS]
