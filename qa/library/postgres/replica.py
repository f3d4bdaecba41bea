"""A database whose articles and indexes are read from a replica, a standby that follows it.

Who wrote something reads it: a replica that has not followed to where this process has written is
passed over, and the primary read. What others wrote is seen when the replica has it.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock

from qa.errors import ConfigError, LibraryError
from qa.library.postgres.database import LAST_COMMITS, PostgresConnection, PostgresDatabase
from qa.library.postgres.driver import load_driver
from qa.library.tables.connection import ReplicaState

__all__ = ["ReplicatedDatabase"]

# Seconds for which a replica that could not be reached is left alone.
_RETRY_AFTER = 10.0
# Positions as numbers of bytes. Of the primary, to where it has given out room for changes; of a
# replica, to where what it has can be read. One that was promoted follows nobody.
_WRITTEN = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"
_REPLAYED = """
    SELECT pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                                ELSE pg_current_wal_insert_lsn() END, '0/0')::bigint,
           extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float8
"""
_IDENTITY = "SELECT system_identifier::text, current_database() FROM pg_control_system()"


class ReplicatedDatabase(PostgresDatabase):
    """The primary at one address, and replicas at another; safe to share between threads."""

    def __init__(self, url: str, replica_url: str) -> None:
        super().__init__(url)
        self._replica = PostgresDatabase(replica_url)
        self._left_alone_until = 0.0
        # The position that a replica must have reached, and the last commit that it covers.
        self._position = 0
        self._covered: object = None
        self._guard = Lock()

    def check_replica(self) -> None:
        """Raise ConfigError for a replica of another database; one that cannot be reached is not
        looked at.
        """
        with self.connection() as primary:
            expected = primary.execute(_IDENTITY).fetchone()
        try:
            with self._replica.connection() as replica:
                identity = replica.execute(_IDENTITY).fetchone()
        except LibraryError:
            self._leave_alone()
            return
        if identity != expected:
            raise ConfigError(
                f"QA_LIBRARY_READ names {self._replica.location}, which is no replica of "
                f"{self.location}; name a standby of it, or nothing"
            )

    @contextmanager
    def reading(self) -> Iterator[PostgresConnection]:
        """A connection to a replica that has everything which this process wrote, else to the
        primary.
        """
        with ExitStack() as stack:
            replica = self._following(stack)
            yield replica or stack.enter_context(self.connection())

    def replica_state(self) -> ReplicaState:
        """How far it is behind now."""
        try:
            with self._replica.connection() as replica:
                position, seconds = replica.execute(_REPLAYED).fetchone()
        except LibraryError:
            return ReplicaState(reachable=False)
        try:
            # Asked later: a replica is then never ahead.
            with self.connection() as primary:
                (written,) = primary.execute(_WRITTEN).fetchone()
        except LibraryError:
            return ReplicaState(reachable=True)
        behind = max(0, int(written) - int(position))
        # Where nothing is left to follow, the last change is as old as it is.
        return ReplicaState(True, behind, float(seconds or 0.0) if behind else 0.0)

    def close(self) -> None:
        """Close the connections; using the database again opens new ones."""
        super().close()
        self._replica.close()

    def _following(self, stack: ExitStack) -> PostgresConnection | None:
        """A replica's connection, which the stack puts back; None where it must not be read."""
        if time.monotonic() < self._left_alone_until:
            return None
        position = self._required_position()
        try:
            replica = stack.enter_context(self._replica.connection())
            if replica.position < position:
                replica.position = int(replica.execute(_REPLAYED).fetchone()[0])
        except (LibraryError, load_driver().Error):
            self._leave_alone()
            return None
        return replica if replica.position >= position else None

    def _required_position(self) -> int:
        last_commit = LAST_COMMITS.get(self.url)
        if last_commit is not self._covered:
            with self.connection() as primary:
                position = int(primary.execute(_WRITTEN).fetchone()[0])
            with self._guard:
                self._position = max(self._position, position)
                self._covered = last_commit
        return self._position

    def _leave_alone(self) -> None:
        self._left_alone_until = time.monotonic() + _RETRY_AFTER
