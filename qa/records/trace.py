"""What was done for an answer: steps, what they cost, and which days were searched."""

import time
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from qa.records.clauses import Clause, clause
from qa.records.serialization import Record

__all__ = ["Step", "Usage", "Window", "elapsed_ms"]


@dataclass(frozen=True, slots=True)
class Step(Record):
    """One line of a trace: what was done, what came of it, how long it took (milliseconds).

    ``clauses`` are what came of it for a screen of any language, empty where that is known as
    text alone. ``end_time``, in seconds of ``time.perf_counter``, means something in the process
    where the step was done, and is not stored.
    """

    name: str
    detail: str
    took_ms: float = 0.0
    clauses: tuple[Clause, ...] = ()
    end_time: float = field(
        default_factory=time.perf_counter,
        init=False,
        repr=False,
        compare=False,
        metadata={"stored": False},
    )

    @classmethod
    def of(cls, name: str, *clauses: Clause, took_ms: float = 0.0) -> Self:
        """A step of which all that came of it can be said in any language."""
        return cls(name, "; ".join(each.text() for each in clauses), took_ms, clauses)

    @classmethod
    def because(cls, name: str, outcome: Clause, reason: Clause) -> Self:
        """The same with the reason for what came of it."""
        return cls(name, f"{outcome.text()}: {reason.text()}", 0.0, (outcome, reason))


@dataclass(frozen=True, slots=True)
class Usage(Record):
    """What a chat model consumed; all zero when none was asked. Cost in US dollars."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0

    def plus(self, other: "Usage") -> "Usage":
        """Both together."""
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cost + other.cost,
        )


@dataclass(frozen=True, slots=True)
class Window(Record):
    """The days of publication that a question is about, inclusive; None is open.

    Articles in or near it are preferred; with ``strict`` the others are left out, as long as
    something in the window answers, or with ``only`` in any case. ``said`` is how the question
    puts it, empty when the caller gave the days.
    """

    since: date | None = None
    until: date | None = None
    strict: bool = False
    said: str = ""
    only: bool = False

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise ValueError(
                f"the window ends (until {self.until}) before it begins (since {self.since})"
            )

    @property
    def clause(self) -> Clause:
        """What was said and which days that is.

        >>> Window(since=date(2024, 1, 1), said="since the election of 2024").clause.text()
        '“since the election of 2024” taken as from 2024-01-01 on'
        """
        if self.since and self.until and self.since != self.until:
            return clause(
                "“%(words)s” taken as %(day_first)s to %(day_last)s",
                words=self.said,
                day_first=self.since,
                day_last=self.until,
            )
        if self.since and self.until:
            return clause("“%(words)s” taken as %(day)s", words=self.said, day=self.since)
        if self.since:
            return clause("“%(words)s” taken as from %(day)s on", words=self.said, day=self.since)
        if self.until:
            return clause("“%(words)s” taken as until %(day)s", words=self.said, day=self.until)
        return clause("“%(words)s” taken as any day", words=self.said)


def elapsed_ms(start_time: float) -> float:
    """Milliseconds since ``started``, a reading of ``time.perf_counter``."""
    return (time.perf_counter() - start_time) * 1000
