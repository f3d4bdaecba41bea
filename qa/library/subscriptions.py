"""Addresses that are read again and again, kept in the library: when, and what came of it.

Needs no writer lock: ingests may run. Knows nothing of how an address is fetched.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from qa.errors import SourceError, SourceNotFound
from qa.language.cleaning import canonical_url, clean_line
from qa.library.store import Library
from qa.records.clauses import Clause, clause
from qa.records.serialization import Record

__all__ = [
    "Subscription",
    "add_subscription",
    "address_key",
    "interval_text",
    "parse_interval",
    "pause_subscription",
    "remove_subscription",
    "save_subscription",
    "subscriptions",
    "visits",
]

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_INTERVAL = re.compile(r"(\d{1,9}[smhdw])+", re.IGNORECASE)
# Seconds: no host should be asked more often, and nobody waits for longer.
_SHORTEST, _LONGEST = 10, 366 * 86400
# After failures a source waits twice as long each time, at most this long, or as long as its
# interval, whichever is longer; and at most so long because its server asked for it.
_LONGEST_BACK_OFF, _LONGEST_RETRY = timedelta(days=1), 7 * 86400
# Who visits a source has it alone for so long: after a kill others go on then.
_CLAIM = timedelta(minutes=10)
_POSTPONED = timedelta(minutes=1)
_LONGEST_OUTCOME = 2000


@dataclass(frozen=True, slots=True)
class Subscription(Record):
    """One address, what was agreed of it, and what came of visiting it; all times are UTC.

    ``every`` is in seconds. ``outlet`` is the source of its articles, empty: what they say
    themselves. ``visited`` is the last visit and ``refreshed`` the last one that did not fail;
    ``outcome`` tells people what came of the last one, ``outcome_clauses`` the same for a screen of
    any language, empty where it is known as text alone. ``failures`` counts those in a row, since
    ``failing_since``. ``requests`` counts the downloads that were asked for, ``conditional`` those
    of them that asked for news only, ``not_modified`` the answers that there was none.
    ``revision`` counts how often it was written.
    """

    url: str
    every: int
    due: datetime
    outlet: str = ""
    allow_private: bool = False
    added: datetime | None = None
    visited: datetime | None = None
    refreshed: datetime | None = None
    outcome: str = ""
    failures: int = 0
    failing_since: datetime | None = None
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    requests: int = 0
    conditional: int = 0
    not_modified: int = 0
    revision: int = 0
    paused: bool = False
    outcome_clauses: tuple[Clause, ...] = ()

    def is_due(self, now: datetime) -> bool:
        """Whether it is time; so it is when the last visit lies ahead: a clock was set back. Never
        while it is ``paused``.
        """
        if self.paused:
            return False
        return self.due <= now or (self.visited is not None and now < self.visited)

    def claimed(self, now: datetime) -> Self:
        """As it is while somebody visits it."""
        return replace(self, visited=now, due=now + _CLAIM)

    def succeeded(self, now: datetime, *outcome: Clause) -> Self:
        """As it is after a visit that did not fail."""
        return replace(
            self,
            due=now + timedelta(seconds=self.every),
            refreshed=now,
            outcome=", ".join(each.text() for each in outcome)[:_LONGEST_OUTCOME],
            outcome_clauses=outcome,
            failures=0,
            failing_since=None,
        )

    def failed(self, now: datetime, reason: str, retry_after: float = 0) -> Self:
        """As it is after one that did; ``retry_after`` is in seconds, as the server asked."""
        every = timedelta(seconds=self.every)
        # Capped before it is doubled: the exponent has no end.
        wait = min(every * 2 ** min(self.failures + 1, 20), max(every, _LONGEST_BACK_OFF))
        asked = timedelta(seconds=min(max(retry_after, 0), _LONGEST_RETRY))
        return replace(
            self,
            due=now + max(wait, asked),
            outcome=reason[:_LONGEST_OUTCOME],
            outcome_clauses=(),
            failures=self.failures + 1,
            failing_since=self.failing_since or now,
        )

    def postponed(self, now: datetime) -> Self:
        """As it is when the library could not take in what came; that is not its fault."""
        state = clause("waits: another process is writing")
        return replace(self, due=now + _POSTPONED, outcome=state.text(), outcome_clauses=(state,))


def subscriptions(library: Library) -> list[Subscription]:
    """All of them by address."""
    with library.connection() as database:
        rows = database.execute("SELECT record FROM subscriptions ORDER BY url").fetchall()
    return [Subscription.from_json(row[0]) for row in rows]


def visits(library: Library) -> int:
    """A number that changes with whatever changes in them."""
    with library.connection() as database:
        sql = "SELECT coalesce(sum(revision + 1), 0) FROM subscriptions"
        return int(database.execute(sql).fetchone()[0])


def add_subscription(library: Library, subscription: Subscription) -> None:
    """Keep a new one. Raises SourceError if the same address is kept already."""
    row = (address_key(subscription.url), subscription.revision, subscription.to_json())
    with library.connection() as database:
        inserted = database.execute(
            "INSERT INTO subscriptions VALUES (?, ?, ?) ON CONFLICT DO NOTHING", row
        )
        if not inserted.rowcount:
            raise SourceError(
                f"{subscription.url} is a source already; to change it, take it out first with "
                f"`article-qa source remove {subscription.url}`"
            )


def pause_subscription(library: Library, url: str, *, paused: bool) -> Subscription:
    """Let one rest, or be read again, soon. Raises SourceNotFound for an address that is none."""
    while True:
        known = {address_key(each.url): each for each in subscriptions(library)}
        subscription = known.get(address_key(url))
        if subscription is None:
            raise SourceNotFound(url)
        # Somebody who visits it at this moment writes it, too.
        if kept := save_subscription(library, replace(subscription, paused=paused)):
            return kept


def remove_subscription(library: Library, url: str) -> None:
    """Take one out; its articles stay. Raises SourceNotFound for an address that is none."""
    with library.connection() as database:
        sql = "DELETE FROM subscriptions WHERE url = ?"
        removed_rows = database.execute(sql, (address_key(url),)).rowcount
    if not removed_rows:
        raise SourceNotFound(url)


def save_subscription(library: Library, subscription: Subscription) -> Subscription | None:
    """Write what became of one; returns it as it is kept, None if somebody else wrote or removed it
    since it was read.
    """
    newer = replace(subscription, revision=subscription.revision + 1)
    row = (newer.revision, newer.to_json(), address_key(newer.url), subscription.revision)
    with library.connection() as database:
        sql = "UPDATE subscriptions SET revision = ?, record = ? WHERE url = ? AND revision = ?"
        return newer if database.execute(sql, row).rowcount else None


def parse_interval(text: str) -> int:
    """Seconds. Raises ValueError for what is no interval, or out of bounds.

    >>> parse_interval("30m"), parse_interval("1h30m")
    (1800, 5400)
    """
    written = text.strip()
    if not _INTERVAL.fullmatch(written):
        raise ValueError(
            f"{text!r} is no interval; write a number with s, m, h, d or w, such as 30m, 6h or 1d"
        )
    parts = re.findall(r"(\d+)(\w)", written.lower())
    seconds = sum(int(number) * _UNITS[unit] for number, unit in parts)
    if not _SHORTEST <= seconds <= _LONGEST:
        raise ValueError(f"{text!r} is out of bounds; an interval has 10s to 366d")
    return seconds


def interval_text(seconds: int) -> str:
    """An interval as people write it.

    >>> interval_text(1800), interval_text(5400), interval_text(86400)
    ('30m', '1h30m', '1d')
    """
    parts = []
    for unit in "dhms":
        count, seconds = divmod(seconds, _UNITS[unit])
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts)


def address_key(url: str) -> str:
    """The same for every spelling of an address: by it a subscription is known."""
    try:
        return canonical_url(url)
    except ValueError:
        return clean_line(url)
