"""Wrong passwords: who has to wait before the next try. Knows neither users nor HTTP.

An account is locked for one address alone, so that nobody locks others out: neither the owner of
the account elsewhere, nor those behind the same address.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol

from qa.library.postgres.shared_counts import SharedLoginLockout
from qa.library.store import Library
from qa.library.tables.lockout_policy import (
    MEMORY,
    MOST_ACCOUNTS,
    OTHERS,
    account_digest,
    lock_delay,
    refusal,
)
from qa.runtime.location import is_database

__all__ = ["Lockout", "LoginLockout", "lockout_of"]

_MOST_ADDRESSES = 10_000


class Lockout(Protocol):
    """Ten free attempts for each account and address; then every failure doubles the delay, from
    half a minute to a quarter of an hour. After an hour without one they are forgotten.

    An attempt counts as a failure until it is known to be none, so that many at once are counted.
    Safe to share between threads.
    """

    def check(self, account: str, address: str) -> None:
        """Raises TooManyAttempts, with the seconds to wait, while the pair is locked."""

    def attempt(self, account: str, address: str) -> None:
        """Count an attempt. Raises TooManyAttempts while the pair is locked."""

    def succeed(self, account: str, address: str) -> None:
        """The attempt was right: the failures of this pair are forgotten."""


def lockout_of(library: Library) -> Lockout:
    """One that all processes share which serve a library in a database; of a folder, our own."""
    return SharedLoginLockout(library.database) if is_database(library.location) else LoginLockout()


@dataclass
class _Failures:
    count: int = 0
    last: float = 0.0
    locked_until: float = 0.0


@dataclass
class LoginLockout:
    """Counts in the memory of this process."""

    _addresses: OrderedDict[str, OrderedDict[str, _Failures]] = field(default_factory=OrderedDict)
    _guard: Lock = field(default_factory=Lock)

    def check(self, account: str, address: str) -> None:
        """Raises TooManyAttempts, with the seconds to wait, while the pair is locked."""
        with self._guard:
            self._check(account, address)

    def attempt(self, account: str, address: str) -> None:
        """Count an attempt. Raises TooManyAttempts while the pair is locked."""
        now = time.monotonic()
        with self._guard:
            self._check(account, address)
            accounts = self._addresses.setdefault(address, OrderedDict())
            self._addresses.move_to_end(address)
            while len(self._addresses) > _MOST_ADDRESSES:
                self._addresses.popitem(last=False)
            failures = accounts.setdefault(self._slot(account, accounts), _Failures())
            failures.count, failures.last = failures.count + 1, now
            failures.locked_until = now + lock_delay(failures.count)

    def succeed(self, account: str, address: str) -> None:
        """The attempt was right: the failures of this pair are forgotten."""
        with self._guard:
            accounts = self._addresses.get(address, OrderedDict())
            accounts.pop(account_digest(account), None)
            if not accounts:
                self._addresses.pop(address, None)

    def _check(self, account: str, address: str) -> None:
        now = time.monotonic()
        accounts = self._addresses.get(address)
        if accounts is None:
            return
        for name in [name for name, each in accounts.items() if each.last < now - MEMORY]:
            del accounts[name]
        failures = accounts.get(self._slot(account, accounts))
        if failures is not None and failures.locked_until > now:
            raise refusal(failures.locked_until - now)

    @staticmethod
    def _slot(account: str, accounts: OrderedDict[str, _Failures]) -> str:
        name = account_digest(account)
        return name if name in accounts or len(accounts) < MOST_ACCOUNTS else OTHERS
