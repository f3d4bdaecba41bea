"""What chat models may cost: prices, and a budget for each process and each day.

The day's spending stands in a file of the library folder, which several processes may use at once.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Self

from qa.errors import ConfigError

__all__ = ["PROCESS", "Ledger", "Price", "Tally"]

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens of input and of output."""

    input: float
    output: float

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """From ``input,output``; None for nothing. Raises ConfigError for anything else.

        >>> Price.parse("0.15, 0.60")
        Price(input=0.15, output=0.6)
        """
        if not text.strip():
            return None
        try:
            low, high = (float(part) for part in text.split(","))
        except ValueError:
            low = high = -1.0
        if not (0 <= low < float("inf") and 0 <= high < float("inf")):
            raise ConfigError(
                f"QA_CHAT_PRICE is {text!r}; expected dollars per million tokens of input and "
                "output, such as 0.15,0.60"
            )
        return cls(low, high)

    def of(self, input_tokens: int, output_tokens: int) -> float:
        """The cost of so many tokens, in dollars."""
        return (input_tokens * self.input + output_tokens * self.output) / _MILLION


class Tally:
    """Dollars spent so far; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spent = 0.0

    @property
    def spent(self) -> float:
        return self._spent

    def add(self, dollars: float, limit: float | None = None) -> bool:
        """Add it unless that would pass the limit; says whether it did."""
        with self._lock:
            if limit is not None and self._spent + dollars > limit:
                return False
            self._spent += dollars
            return True


PROCESS = Tally()
"""What this process spent, whichever pipeline did."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Two budgets in dollars, None for no limit. What an answer may cost at most is set aside
    before it is asked for, so that not even answers at the same time pass a budget together.
    """

    folder: Path
    per_run: float | None = None
    per_day: float | None = None
    run: Tally = field(default=PROCESS)

    def reserve(self, dollars: float, today: date) -> str:
        """Set so much aside. Returns why it cannot be done, or nothing; a day's spending that
        cannot be read or written is a reason too.
        """
        if not self.run.add(dollars, self.per_run):
            return _refusal("QA_CHAT_BUDGET_RUN", self.per_run, self.run.spent, dollars)
        try:
            refusal = self._reserve_today(dollars, today)
        except OSError as error:
            refusal = f"the day's spending cannot be kept: {error}"
        if refusal:
            self.run.add(-dollars)
        return refusal

    def _reserve_today(self, dollars: float, today: date) -> str:
        if self.per_day is None:
            return ""
        with _day(self.folder, today) as page:
            if page.spent + dollars > self.per_day:
                return _refusal("QA_CHAT_BUDGET_DAY", self.per_day, page.spent, dollars)
            page.spent += dollars
        return ""

    def settle(self, reserved_cost: float, actual_cost: float, today: date) -> None:
        """Book what an answer did cost in place of what was set aside for it. Raises OSError when
        the day's spending cannot be read or written.
        """
        self.run.add(actual_cost - reserved_cost)
        if self.per_day is not None:
            with _day(self.folder, today) as page:
                page.spent = max(page.spent + actual_cost - reserved_cost, 0.0)


def _refusal(name: str, limit: float | None, spent_dollars: float, dollars: float) -> str:
    return (
        f"{name} is {limit or 0:g} dollars, of which {spent_dollars:.4f} are spent; "
        f"an answer may cost up to {dollars:.4f}"
    )


@dataclass(slots=True)
class _Page:
    spent: float


@contextmanager
def _day(folder: Path, today: date) -> Iterator[_Page]:
    """What was spent today, held alone; written back at the end."""
    descriptor = os.open(folder / "spending", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        day, _, amount = os.pread(descriptor, 64, 0).decode("ascii", "replace").partition(" ")
        page = _Page(_dollars(amount) if day == today.isoformat() else 0.0)
        yield page
        # One write of one length: a killed process leaves the old line or the new one.
        os.pwrite(descriptor, f"{today.isoformat()} {page.spent:.9f}".ljust(63).encode() + b"\n", 0)
    finally:
        os.close(descriptor)


def _dollars(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise OSError("the file `spending` of the library is damaged; remove it") from error
