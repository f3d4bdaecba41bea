"""Requests and wrong passwords that all processes over one database count together.

Each is one statement, so that many at once are counted, and none waits for an ingest.
"""

import math
import time

from qa.library.tables.connection import Connection, Database
from qa.library.tables.lockout_policy import (
    FREE_ATTEMPTS,
    MEMORY,
    MOST_ACCOUNTS,
    OTHERS,
    account_digest,
    lock_delay,
    refusal,
)

__all__ = ["RATE_SECONDS", "SharedLoginLockout", "SharedRateLimiter"]

# How long what a client did counts.
RATE_SECONDS = 60.0
# Seconds between two clearings of what is forgotten anyway.
_CLEAR_EVERY = 60.0
# By the number of the failure; the last delay is that of all further ones.
_DELAYS = [lock_delay(attempts) for attempts in range(1, 2 * FREE_ATTEMPTS + 1)]
_COUNT = """
    INSERT INTO wrong_passwords AS w
    VALUES (?, coalesce(
        (SELECT account FROM wrong_passwords WHERE address = ? AND account = ?),
        CASE WHEN (SELECT count(*) FROM wrong_passwords
                   WHERE address = ? AND latest > clock_timestamp() - make_interval(secs => ?)) < ?
             THEN ? ELSE ? END), 1, clock_timestamp(), NULL, TRUE)
    ON CONFLICT (address, account) DO UPDATE SET (attempts, latest, locked_until, counted) = (
        SELECT CASE WHEN locked THEN w.attempts ELSE number END,
               CASE WHEN locked THEN w.latest ELSE clock_timestamp() END,
               CASE WHEN locked THEN w.locked_until ELSE clock_timestamp() + make_interval(
                    secs => nullif(delays[least(number, cardinality(delays))], 0)) END,
               NOT locked
        FROM (SELECT coalesce(w.locked_until > clock_timestamp(), FALSE) AS locked,
                     CASE WHEN w.latest < clock_timestamp() - make_interval(secs => ?) THEN 1
                          ELSE w.attempts + 1 END AS number,
                     ?::float8[] AS delays) AS state)
    RETURNING counted, extract(epoch FROM locked_until - clock_timestamp())::float8
"""
_WAIT = """
    SELECT extract(epoch FROM locked_until - clock_timestamp())::float8 FROM wrong_passwords
    WHERE address = ? AND locked_until > clock_timestamp()
      AND account = CASE
          WHEN EXISTS (SELECT 1 FROM wrong_passwords WHERE address = ? AND account = ?) THEN ?
          ELSE ? END
"""
_REQUEST = """
    INSERT INTO request_times AS r VALUES (?, ARRAY[clock_timestamp()], TRUE, clock_timestamp())
    ON CONFLICT (client) DO UPDATE SET (times, counted, latest) = (
        SELECT CASE WHEN cardinality(recent) < ? THEN recent || clock_timestamp() ELSE recent END,
               cardinality(recent) < ?,
               CASE WHEN cardinality(recent) < ? THEN clock_timestamp() ELSE r.latest END
        FROM (SELECT coalesce(array_agg(each ORDER BY each), '{}') AS recent
              FROM unnest(r.times) AS each
              WHERE each > clock_timestamp() - make_interval(secs => ?)) AS window_of_client)
    RETURNING counted, extract(epoch FROM
        times[cardinality(times) - ? + 1] - clock_timestamp())::float8
"""


class _SharedCounts:
    """Of one table, in which what is older than ``memory`` seconds counts no more."""

    def __init__(self, database: Database, table: str, memory: float) -> None:
        self._database = database
        self._memory = memory
        self._deletion = f"DELETE FROM {table} WHERE latest < now() - make_interval(secs => ?)"
        self._clear_time = time.monotonic() + _CLEAR_EVERY

    def _clear(self, database: Connection) -> None:
        """Now and then, delete what counts no more."""
        if time.monotonic() > self._clear_time:
            self._clear_time = time.monotonic() + _CLEAR_EVERY
            database.execute(self._deletion, (self._memory,))


class SharedRateLimiter(_SharedCounts):
    """Counts what each client did in the last minute, at any replica of the app."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "request_times", RATE_SECONDS)

    def wait(self, client: str, limit: int) -> int:
        """Seconds until the client may go on; 0 if it may now, and then this is counted.

        ``limit`` is at least 1.
        """
        with self._database.connection() as database:
            self._clear(database)
            counted, since = database.execute(
                _REQUEST, (client, limit, limit, limit, RATE_SECONDS, limit)
            ).fetchone()
        return 0 if counted else max(1, math.ceil(since + RATE_SECONDS))


class SharedLoginLockout(_SharedCounts):
    """Wrong passwords for each account and address, at any replica of the app."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "wrong_passwords", MEMORY)

    def check(self, account: str, address: str) -> None:
        """Raises TooManyAttempts, with the seconds to wait, while the pair is locked."""
        name = account_digest(account)
        with self._database.connection() as database:
            row = database.execute(_WAIT, (address, address, name, name, OTHERS)).fetchone()
        if row is not None:
            raise refusal(row[0])

    def attempt(self, account: str, address: str) -> None:
        """Count an attempt. Raises TooManyAttempts while the pair is locked."""
        name = account_digest(account)
        slot = (address, address, name, address, MEMORY, MOST_ACCOUNTS, name, OTHERS)
        with self._database.connection() as database:
            self._clear(database)
            counted, wait = database.execute(_COUNT, (*slot, MEMORY, _DELAYS)).fetchone()
        if not counted:
            raise refusal(wait)

    def succeed(self, account: str, address: str) -> None:
        """The attempt was right: the failures of this pair are forgotten."""
        with self._database.connection() as database:
            sql = "DELETE FROM wrong_passwords WHERE address = ? AND account = ?"
            database.execute(sql, (address, account_digest(account)))
