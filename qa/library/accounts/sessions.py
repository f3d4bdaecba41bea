"""Who logged in, and until when. A session is known by a digest: the key itself is not kept."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from qa.library.store import Library
from qa.library.users import Role

__all__ = ["Session", "begin_session", "end_session", "find_session", "sessions_of"]

_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Session:
    """``stamp`` is what the user's role and password were like then; times are UTC."""

    digest: str
    name: str
    role: Role
    stamp: str
    began: datetime
    ends: datetime


def begin_session(
    library: Library, digest: str, name: str, role: Role, stamp: str, length: timedelta
) -> Session:
    """Keep a session of that length from now; those that are over are forgotten, and beyond 10,000
    the oldest.
    """
    now = datetime.now(UTC)
    session = Session(digest, name, role, stamp, now, now + length)
    row = (digest, name, role, stamp, now.isoformat(), session.ends.isoformat())
    with library.database.transaction() as database:
        database.execute("DELETE FROM sessions WHERE ends < ?", (now.isoformat(),))
        database.execute(_DELETE_OLDEST, (_MOST - 1,))
        database.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)", row)
    return session


def find_session(library: Library, digest: str) -> Session | None:
    """The session, None for one that is over or that there never was."""
    with library.connection() as database:
        sql = f"{_SELECT} WHERE digest = ? AND ends > ?"
        row = database.execute(sql, (digest, datetime.now(UTC).isoformat())).fetchone()
    return _session(row) if row else None


def sessions_of(library: Library, name: str) -> list[Session]:
    """Those of one user that are not over, the newest first."""
    with library.connection() as database:
        sql = f"{_SELECT} WHERE name = ? AND ends > ? ORDER BY began DESC"
        rows = database.execute(sql, (name, datetime.now(UTC).isoformat())).fetchall()
    return [_session(row) for row in rows]


def end_session(library: Library, digest: str, *, name: str | None = None) -> None:
    """Forget it; with ``name`` only if it is that user's."""
    with library.connection() as database:
        database.execute(
            "DELETE FROM sessions WHERE digest = ? AND name = coalesce(?, name)",
            (digest, name),
        )


_DELETE_OLDEST = """
DELETE FROM sessions WHERE began < (
    SELECT min(began) FROM (SELECT began FROM sessions ORDER BY began DESC LIMIT ?) AS newest
)
"""
_SELECT = "SELECT digest, name, role, stamp, began, ends FROM sessions"


def _session(row: tuple[str, str, Role, str, str, str]) -> Session:
    digest, name, role, stamp, began, ends = row
    return Session(
        digest, name, role, stamp, datetime.fromisoformat(began), datetime.fromisoformat(ends)
    )
