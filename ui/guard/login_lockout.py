"""Wrong passwords: who has to wait before the next try. Knows neither users nor HTTP.

An account is locked for one address alone, so that nobody locks others out: neither the owner of
the account elsewhere, nor those behind the same address.
"""

import hashlib
import math
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from qa.errors import TooManyAttempts

__all__ = ["LoginLockout"]

FREE_ATTEMPTS = 10
_FIRST_DELAY = 30.0
_LONGEST_DELAY = 15 * 60.0
# Failures older than that are forgotten.
_MEMORY = 3600.0
_MOST_ADDRESSES = 10_000
# Of accounts that one address tries; all further ones count as one, or trying many names would push
# the first out of the memory.
_MOST_ACCOUNTS = 100
_OTHERS = b"others"


@dataclass
class _Failures:
    count: int = 0
    last: float = 0.0
    locked_until: float = 0.0


@dataclass
class LoginLockout:
    """Ten free attempts for each account and address; then every failure doubles the delay, from
    half a minute to a quarter of an hour.

    An attempt counts as a failure until it is known to be none, so that many at once are counted.
    Safe to share between threads.
    """

    _addresses: OrderedDict[str, OrderedDict[bytes, _Failures]] = field(default_factory=OrderedDict)
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
            if failures.count >= FREE_ATTEMPTS:
                # The exponent is bounded before the power is taken.
                doublings = min(failures.count - FREE_ATTEMPTS, 10)
                delay = min(_FIRST_DELAY * 2**doublings, _LONGEST_DELAY)
                failures.locked_until = now + delay

    def succeed(self, account: str, address: str) -> None:
        """The attempt was right: the failures of this pair are forgotten."""
        with self._guard:
            accounts = self._addresses.get(address, OrderedDict())
            accounts.pop(_digest(account), None)
            if not accounts:
                self._addresses.pop(address, None)

    def _check(self, account: str, address: str) -> None:
        now = time.monotonic()
        accounts = self._addresses.get(address)
        if accounts is None:
            return
        for name in [name for name, each in accounts.items() if each.last < now - _MEMORY]:
            del accounts[name]
        failures = accounts.get(self._slot(account, accounts))
        if failures is not None and failures.locked_until > now:
            wait = math.ceil(failures.locked_until - now)
            raise TooManyAttempts(
                f"too many wrong passwords; try again in {wait} seconds", retry_after=wait
            )

    @staticmethod
    def _slot(account: str, accounts: OrderedDict[bytes, _Failures]) -> bytes:
        name = _digest(account)
        return name if name in accounts or len(accounts) < _MOST_ACCOUNTS else _OTHERS


def _digest(account: str) -> bytes:
    """As long for any name: what was typed may be of any length."""
    return hashlib.sha256(account.encode("utf-8", "surrogatepass")).digest()
