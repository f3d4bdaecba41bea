"""What was done for an answer: steps, what they cost, and which days were searched."""

import time
from dataclasses import dataclass, field
from datetime import date

from qa.records.serialization import Record

__all__ = ["Step", "Usage", "Window", "elapsed_ms"]


@dataclass(frozen=True, slots=True)
class Step(Record):
    """One line of a trace: what was done, what came of it, how long it took (milliseconds).

    ``end_time``, in seconds of ``time.perf_counter``, means something in the process where the step
    was done, and is not stored.
    """

    name: str
    detail: str
    took_ms: float = 0.0
    end_time: float = field(
        default_factory=time.perf_counter,
        init=False,
        repr=False,
        compare=False,
        metadata={"stored": False},
    )


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
    def days(self) -> str:
        """Which days it is, in words.

        >>> Window(until=date(2024, 1, 1)).days
        'until 2024-01-01'
        """
        if self.since and self.until:
            return f"{self.since}" if self.since == self.until else f"{self.since} to {self.until}"
        if self.since:
            return f"from {self.since} on"
        return f"until {self.until}" if self.until else "any day"

    @property
    def text(self) -> str:
        """What was said and which days that is.

        >>> Window(since=date(2024, 1, 1), said="since the election of 2024").text
        '“since the election of 2024” taken as from 2024-01-01 on'
        """
        return f"“{self.said}” taken as {self.days}" if self.said else self.days


def elapsed_ms(start_time: float) -> float:
    """Milliseconds since ``started``, a reading of ``time.perf_counter``."""
    return (time.perf_counter() - start_time) * 1000
