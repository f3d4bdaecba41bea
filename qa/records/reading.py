"""What was retrieved for a question, and what was read in it."""

from dataclasses import dataclass

from qa.records.answer import Hit
from qa.records.article import Passage
from qa.records.serialization import Record
from qa.records.trace import Step

__all__ = ["Reading", "Retrieval", "Span"]


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
class Reading(Record):
    """What a reader makes of the hits: a new order, spans best first, and how sure it is.

    ``confidence`` in [0, 1] is how likely the first span answers the question; with no span, or
    when the reader would abstain, ``reason`` says why. ``weighed`` tells that spans are scored
    by the probability of their answer, which equal answers share. ``steps`` go into the trace.
    """

    hits: tuple[Hit, ...]
    spans: tuple[Span, ...]
    confidence: float
    reason: str = ""
    weighed: bool = False
    steps: tuple[Step, ...] = ()
