"""How long whoever typed wrong passwords has to wait, wherever the attempts are counted."""

import hashlib
import math

from qa.errors import TooManyAttempts

__all__ = [
    "FREE_ATTEMPTS",
    "MEMORY",
    "MOST_ACCOUNTS",
    "OTHERS",
    "account_digest",
    "lock_delay",
    "refusal",
]

FREE_ATTEMPTS = 10
# Seconds after which failures are forgotten.
MEMORY = 3600.0
# Of accounts that one address tries; all further ones count as one, or trying many names would push
# the first out of the memory.
MOST_ACCOUNTS = 100
OTHERS = "others"
_FIRST_DELAY, _LONGEST_DELAY = 30.0, 15 * 60.0


def lock_delay(attempts: int) -> float:
    """Seconds to wait after so many failures in a row.

    >>> [lock_delay(attempts) for attempts in (9, 10, 11, 99)]
    [0.0, 30.0, 60.0, 900.0]
    """
    if attempts < FREE_ATTEMPTS:
        return 0.0
    # The exponent is bounded before the power is taken.
    return min(_FIRST_DELAY * 2.0 ** min(attempts - FREE_ATTEMPTS, 10), _LONGEST_DELAY)


def refusal(seconds: float) -> TooManyAttempts:
    """What whoever has to wait so many seconds is told."""
    wait = math.ceil(seconds)
    return TooManyAttempts(
        f"too many wrong passwords; try again in {wait} second{'s' * (wait > 1)}", retry_after=wait
    )


def account_digest(account: str) -> str:
    """As long for any name: what was typed may be of any length."""
    return hashlib.sha256(account.encode("utf-8", "surrogatepass")).hexdigest()
