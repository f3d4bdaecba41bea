"""The records between a question and its answer: scope, question, retrieval, span, reading."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from qa.jsonable import Record
from qa.records import Hit, Passage, Step, Usage, Window

__all__ = ["Plan", "Question", "Reading", "Relation", "Retrieval", "Scope", "Span"]

Relation = Literal[
    "each",
    "earlier",
    "later",
    "before",
    "after",
    "order",
    "more",
    "less",
    "difference",
    "agreement",
]


@dataclass(frozen=True, slots=True)
class Scope(Record):
    """Which articles may be searched. ``since`` and ``until`` are inclusive days of publication;
    with either set, undated articles are out unless ``undated``. ``sources`` empty means every
    source.
    """

    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()
    undated: bool = False

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise ValueError(
                f"the window ends (until {self.until}) before it begins (since {self.since})"
            )

    def __bool__(self) -> bool:
        return bool(self.since or self.until or self.sources)


@dataclass(frozen=True, slots=True)
class Question(Record):
    """A question as it is searched: ``as_of`` is the day it is asked.

    With ``timely``, articles published near that day are preferred; none is left out for it.
    ``window`` is what it says of days, or what the caller said instead; with ``timeline`` the
    answer's statements come in the order of their days.
    """

    text: str
    as_of: date
    scope: Scope = field(default_factory=Scope)
    timely: bool = False
    window: Window | None = None
    timeline: bool = False


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


@dataclass(frozen=True, slots=True)
class Plan(Record):
    """The questions to be asked, and how their answers make one.

    ``each``: one after the other. ``earlier`` and ``later``, ``more`` and ``less``: which of two.
    ``before`` and ``after``: whether the first is so to the second; ``order``: which of both.
    ``labels`` are what the parts are called in a comparison; for ``agreement`` they are the
    outlets, empty when they were not named, and there is one question for all of them. ``usage``
    is what a chat model consumed for the plan.
    """

    parts: tuple[str, ...]
    relation: Relation = "each"
    labels: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)
