"""Who may use a library over the network. Knows names, roles and hashes, not how to hash."""

from dataclasses import dataclass
from typing import Literal, get_args

from qa.errors import UserNotFound
from qa.language.cleaning import clean_line
from qa.library.store import Library

__all__ = [
    "ROLES",
    "Role",
    "User",
    "checked_role",
    "find_user",
    "is_user_name",
    "keep_user",
    "remove_user",
    "users",
]

Role = Literal["reader", "editor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class User:
    """A name with a role. A reader asks; an editor also changes what is in the library; an admin
    also says who may, and what answers.
    """

    name: str
    role: Role
    hash: str


def keep_user(library: Library, name: str, role: str, hash_: str) -> User:
    """Add a user, or give a known one another role and password.

    Raises ValueError for an empty name or an unknown role.
    """
    known_role = checked_role(role)
    if not is_user_name(name):
        raise ValueError(f"the name {name!r} is empty, or has a colon or odd white space in it")
    with library.connection() as database:
        database.execute(
            """INSERT INTO users VALUES (?, ?, ?)
               ON CONFLICT (name) DO UPDATE SET role = excluded.role, hash = excluded.hash""",
            (name, known_role, hash_),
        )
    return User(name, known_role, hash_)


def checked_role(role: str) -> Role:
    """The role of that name. Raises ValueError for an unknown one."""
    known_role = next((each for each in ROLES if each == role), None)
    if known_role is None:
        raise ValueError(f"the role {role!r} is none of {', '.join(ROLES)}")
    return known_role


def is_user_name(name: str) -> bool:
    """Whether somebody may be called that."""
    return bool(name) and name == clean_line(name) and ":" not in name


def remove_user(library: Library, name: str) -> None:
    """Take one out. Raises UserNotFound."""
    with library.connection() as database:
        removed_rows = database.execute("DELETE FROM users WHERE name = ?", (name,)).rowcount
    if not removed_rows:
        raise UserNotFound(name)


def find_user(library: Library, name: str) -> User | None:
    """The user of that name, None if there is none."""
    return next((user for user in users(library) if user.name == name), None)


def users(library: Library) -> list[User]:
    """All of them by name."""
    with library.connection() as database:
        rows = database.execute("SELECT name, role, hash FROM users ORDER BY name").fetchall()
    return [User(*row) for row in rows]
