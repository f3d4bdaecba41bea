"""Tokens of users for programs, and invitations: each known by a digest, with the day it ends."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from qa.errors import TokenNotFound
from qa.library.store import Library
from qa.library.users import Role
from qa.records.serialization import Record

__all__ = ["Token", "end_token", "find_token", "keep_token", "tokens"]

Purpose = Literal["program", "invitation"]


@dataclass(frozen=True, slots=True)
class Token(Record):
    """``program``: whoever sends it is that user; ``invitation``: whoever holds it becomes that
    user, with that role. Times are UTC.
    """

    id: str
    purpose: Purpose
    name: str
    role: Role
    label: str
    made: datetime
    ends: datetime


def keep_token(
    library: Library,
    digest: str,
    purpose: Purpose,
    name: str,
    role: Role,
    *,
    label: str,
    length: timedelta,
) -> Token:
    """Keep one of that length from now. Invitations of that name from before end."""
    now = datetime.now(UTC)
    token = Token(secrets.token_hex(8), purpose, name, role, label, now, now + length)
    with library.connection() as database:
        if purpose == "invitation":
            database.execute("DELETE FROM tokens WHERE purpose = ? AND name = ?", (purpose, name))
        database.execute(
            "INSERT INTO tokens (id, digest, purpose, name, role, label, made, ends) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (token.id, digest, purpose, name, role, label, now.isoformat(), token.ends.isoformat()),
        )
    return token


def find_token(library: Library, digest: str, purpose: Purpose) -> Token | None:
    """The token, None for one that is over or that there never was."""
    with library.connection() as database:
        sql = f"{_SELECT} WHERE digest = ? AND purpose = ? AND ends > ?"
        now = datetime.now(UTC).isoformat()
        row = database.execute(sql, (digest, purpose, now)).fetchone()
    return _token(row) if row else None


def tokens(library: Library, purpose: Purpose, *, name: str | None = None) -> list[Token]:
    """Those of one user (none: of all), the newest first; those that are over, too."""
    with library.connection() as database:
        sql = f"{_SELECT} WHERE purpose = ? AND name = coalesce(?, name) ORDER BY made DESC"
        rows = database.execute(sql, (purpose, name)).fetchall()
    return [_token(row) for row in rows]


def end_token(library: Library, id_: str, *, name: str | None = None) -> None:
    """Forget one; with ``name`` only if it is that user's. Raises TokenNotFound."""
    with library.connection() as database:
        removed_rows = database.execute(
            "DELETE FROM tokens WHERE id = ? AND name = coalesce(?, name)", (id_, name)
        ).rowcount
    if not removed_rows:
        raise TokenNotFound(id_)


_SELECT = "SELECT id, purpose, name, role, label, made, ends FROM tokens"


def _token(row: tuple[str, Purpose, str, Role, str, str, str]) -> Token:
    id_, purpose, name, role, label, made, ends = row
    return Token(
        id_, purpose, name, role, label, datetime.fromisoformat(made), datetime.fromisoformat(ends)
    )
