"""What was retrieved for a question, and what was read in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from typing import Literal

import qa.thresholds as thresholds
from qa.records.answer import Hit
from qa.records.article import Citation, Passage
from qa.records.clauses import clause
from qa.records.serialization import Record
from qa.records.trace import Step

__all__ = ["UNANSWERED", "AnswerForm", "Evidence", "Reading", "Retrieval", "Span"]

AnswerForm = Literal["span", "list", "yes", "no", "sentences"]
"""What answers a question: words of a passage, several of them, yes, no, or whole sentences."""
UNANSWERED = clause("none of the articles says this").message
"""The reason of those who found no answer, as against other reasons to give none."""


@dataclass(frozen=True, slots=True)
class Retrieval(Record):
    """What a search found: hits best first, and the lines it adds to the trace."""

    hits: tuple[Hit, ...]
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Span(Record):
    """A candidate answer found by a reader, in article offsets, inside the sentence that holds it.

    ``text`` is ``passage.text`` at ``[start:end]``; ``sentence`` is the half-open sentence range;
    ``score`` is comparable across the passages of one question.
    """

    passage: Passage
    start: int
    end: int
    sentence: tuple[int, int]
    score: float

    def __post_init__(self) -> None:
        low, high = self.sentence
        if not self.passage.start <= low <= self.start < self.end <= high <= self.passage.end:
            raise ValueError(f"span [{self.start}:{self.end}] is outside its sentence or passage")

    @property
    def text(self) -> str:
        """The characters of the span."""
        return self.passage.text[self.start - self.passage.start : self.end - self.passage.start]

    @property
    def quote(self) -> str:
        """The characters of the sentence around it."""
        low, high = self.sentence
        return self.passage.text[low - self.passage.start : high - self.passage.start]


@dataclass(frozen=True, slots=True)
class Evidence(Record):
    """How likely, in [0, 1], a good answer quotes the sentence ``[start:end]`` of an article."""

    article_id: str
    start: int
    end: int
    score: float

    @property
    def odds(self) -> float:
        """The score as log odds, within 21 of 0."""
        share = min(max(self.score, 1e-9), 1 - 1e-9)
        return log(share / (1 - share))


@dataclass(frozen=True, slots=True)
class Reading(Record):
    """What a reader makes of the hits: a new order, spans best first, and how sure it is.

    ``confidence`` in [0, 1] is how likely the first span answers the question; with no span, or
    when the reader would abstain, ``reason`` says why. ``weighed`` tells that spans are scored
    by the probability of their answer, which equal answers share. ``form`` tells what answers; the
    members of a list are ``items``, in their order, and for yes, no and sentences the spans are
    whole sentences. ``rivals`` are those spans of other articles that answer as well, with another
    value of the quantity that the first gives, best first. ``disputes`` are numbers of two articles
    that contradict each other, whatever they count, where disagreement is asked for. ``evidence``
    judges sentences of the hits, empty when nobody did. ``brevity`` in [0, 1] is how likely a short
    answer is asked for, against whole sentences. ``steps`` go into the trace.
    """

    hits: tuple[Hit, ...]
    spans: tuple[Span, ...]
    confidence: float
    reason: str = ""
    weighed: bool = False
    form: AnswerForm = "span"
    items: tuple[Span, ...] = ()
    rivals: tuple[Span, ...] = ()
    disputes: tuple[tuple[Span, Span], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    brevity: float = 1.0
    steps: tuple[Step, ...] = ()

    def judged(self, article_id: str, start: int, end: int) -> float | None:
        """Log odds that a good answer quotes something of the article's ``[start:end]``; None if
        nobody judged it.
        """
        return max((each.odds for each in self._evidence_in(article_id, start, end)), default=None)

    def is_answering(self, citation: Citation) -> bool:
        """Whether the citation holds a sentence that a good answer quotes; where a short answer is
        asked for, only if that is as likely right.
        """
        if self.brevity >= thresholds.DIGEST_SHORT and self.confidence < thresholds.VERIFIED:
            return False
        cited = self._evidence_in(citation.article_id, citation.start, citation.end)
        return any(each.score >= thresholds.ANSWERING for each in cited)

    def _evidence_in(self, article_id: str, start: int, end: int) -> Iterator[Evidence]:
        for each in self.evidence:
            if each.article_id == article_id and each.start < end and start < each.end:
                yield each
