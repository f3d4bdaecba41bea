"""Questions that an article answers plainly, made of its own sentences. Knows no model."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from qa.language.cleaning import one_line
from qa.language.lexicon import MONTH_NAMES, NUMBER_WORDS, STOP_WORDS, alternatives
from qa.language.sentences import sentences
from qa.language.time_expressions import point
from qa.records.article import Article
from qa.safety.injection import overlaps
from qa.safety.untrusted import untrusted_spans

__all__ = ["Proposal", "propose"]

_MONTHS = alternatives(MONTH_NAMES)
_COUNTS = alternatives(word.capitalize() for word in NUMBER_WORDS[2:13])
_DAY = rf"(?P<day>(?:\d{{1,2}}\s+)?(?:{_MONTHS})(?:\s+\d{{1,2}})?(?:,?\s+\d{{4}})?|\d{{4}})"
# A day in front is moved behind the clause, so that there is one alone.
_DATES = (
    re.compile(rf"(?P<at>On|In)\s+{_DAY},?\s+(?P<rest>\w[^,]+)"),
    re.compile(rf"(?P<rest>\w.+?)\s+(?P<at>on|in)\s+{_DAY}"),
)
_NUMBER = re.compile(
    r"(?P<number>(?:(?:About|Some|Nearly|Almost|More than|At least)\s+)?"
    rf"(?:\d[\d,.]*\d|\d|{_COUNTS}))\s+"
    r"(?P<rest>[a-z]{3,}\s+.+)"
)
_NAME = re.compile(
    r"(?P<name>[A-Z][\w’'-]+(?:\s+(?:of\s+|the\s+|de\s+|van\s+)?[A-Z][\w’'-]+)+)\s+"
    r"(?P<rest>(?:is|was|has|had|won|led|said|will|wrote|became|signed|opened|bought|told|made|took|"
    r"resigned|announced|died|beat|scored|found|built|called|began|left|joined|[a-z]{3,}ed)\s+.+)"
)
_PRONOUN = re.compile(
    r"\b(he|she|it|they|his|her|their|its|this|these|those|that)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question, its answer in the words of the article, and what kind of thing is asked for."""

    question: str
    answer: str
    kind: str


def propose(article: Article) -> Iterator[Proposal]:
    """A question for each sentence of a form that can be turned into one without guessing, and
    that is evidence: not said to machines, nor a correction of what others wrote.

    >>> article = Article.create("Nine sailors died when the ferry sank off Cape Tarrow.")
    >>> [(found.question, found.answer) for found in propose(article)]
    [('How many sailors died when the ferry sank off Cape Tarrow?', 'Nine')]
    """
    if article.language not in (None, "en"):
        return
    excluded_spans = untrusted_spans(article.text, article.source)
    for low, high in sentences(article.text):
        if overlaps(excluded_spans, low, high):
            continue
        sentence = one_line(article.text[low:high])
        if not 6 <= len(sentence.split()) <= 30 or '"' in sentence or "“" in sentence:
            continue
        plain = sentence.rstrip(".")
        for kind, question, answer in _forms(plain):
            if plain.split()[-1].lower() in STOP_WORDS:
                continue
            # A pronoun would point at a sentence that the question does not show.
            if not _PRONOUN.search(question):
                yield Proposal(question, answer, kind)
                break


def _forms(plain: str) -> Iterator[tuple[str, str, str]]:
    if (match := _NUMBER.fullmatch(plain)) and not _begins_with_days(plain):
        yield "number", f"How many {match['rest']}?", match["number"]
    for pattern in _DATES:
        if match := pattern.fullmatch(plain):
            day, rest = match["day"], match["rest"]
            # Where the sentence tells it: then the question is one whatever the rest is like.
            asked = f"{rest[0].upper()}{rest[1:]} {match['at'].lower()} what {_unit(day)}?"
            yield "date", asked, day
    if match := _NAME.fullmatch(plain):
        yield "entity", f"Who or what {match['rest']}?", match["name"]


def _begins_with_days(sentence: str) -> bool:
    """Whether the number is one of days: "Two years ago" is no number of years."""
    words = sentence.split()
    return any(point(" ".join(words[:count]), date.today()) for count in range(2, 5))


def _unit(day: str) -> str:
    """What a written day is one of."""
    if day.isdecimal():
        return "year"
    return "day" if re.search(r"\b\d{1,2}\b", day) else "month"
