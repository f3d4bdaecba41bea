"""How often each client does something. Knows nothing of what it is."""

import math
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Protocol

from qa.library.postgres.shared_counts import RATE_SECONDS, SharedRateLimiter
from qa.library.store import Library
from qa.runtime.location import is_database

__all__ = ["RateLimit", "RateLimiter", "rate_limit_of"]

_MOST_CLIENTS = 10_000


class RateLimit(Protocol):
    """Counts what each client did in the last minute. Clients that did nothing are forgotten."""

    def wait(self, client: str, limit: int) -> int:
        """Seconds until the client may go on; 0 if it may now, and then this is counted.

        ``limit`` is at least 1.
        """


def rate_limit_of(library: Library) -> RateLimit:
    """One that all processes share which serve a library in a database; of a folder, our own."""
    return SharedRateLimiter(library.database) if is_database(library.location) else RateLimiter()


@dataclass
class RateLimiter:
    """Counts in the memory of this process."""

    _times: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)

    def wait(self, client: str, limit: int) -> int:
        """Seconds until the client may go on; 0 if it may now, and then this is counted.

        ``limit`` is at least 1.
        """
        now = time.monotonic()
        self._forget(now - RATE_SECONDS)
        times = self._times.setdefault(client, deque())
        while times and times[0] <= now - RATE_SECONDS:
            times.popleft()
        if len(times) >= limit:
            return max(1, math.ceil(times[-limit] + RATE_SECONDS - now))
        times.append(now)
        self._times.move_to_end(client)
        return 0

    def _forget(self, before: float) -> None:
        """Those who were last counted long ago stand first."""
        while self._times:
            times = next(iter(self._times.values()))
            if times and times[-1] > before and len(self._times) < _MOST_CLIENTS:
                break
            self._times.popitem(last=False)
