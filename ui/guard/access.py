"""Who somebody is: passwords, tokens, sessions, and what a trusted proxy says. Knows nothing of
HTTP.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from qa.library.accounts.sessions import begin_session, end_session, find_session
from qa.library.accounts.tokens import find_token
from qa.library.store import Library
from qa.library.users import Role, find_user, is_user_name, users
from ui.background.work_pool import WorkPool
from ui.guard.login_lockout import Lockout, lockout_of
from ui.guard.proxies import client_key

__all__ = ["ANYBODY", "Access", "Who", "digest_of", "hash_of"]

_SHORTEST = 8
_SESSION = timedelta(hours=12)
# A hash takes 64 MiB and four threads on purpose: one at a time leaves something to the others.
_VERIFYING, _WAITING, _WAITING_EACH = 1, 32, 8


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody and what they may do. The name is empty for who comes with the token, or when
    nobody has to log in. Of ``collections`` a reader sees the articles and nothing else; empty is
    everything.
    """

    name: str
    role: Role
    collections: tuple[str, ...] = ()

    @property
    def edits(self) -> bool:
        """Whether they may change what is in the library."""
        return self.role != "reader"

    @property
    def administers(self) -> bool:
        """Whether they may change who may do what, and what answers."""
        return self.role == "admin"


ANYBODY = Who("", "admin")


def hash_of(password: str) -> str:
    """The argon2id hash to keep. Raises ValueError for fewer than eight characters."""
    if len(password) < _SHORTEST:
        raise ValueError(f"a password has at least {_SHORTEST} characters")
    return PasswordHasher().hash(password)


def digest_of(key: str) -> str:
    """By what a session or token is known: its key is long and random, so a plain hash will do."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass
class Access:
    """Tells who comes. Sessions are kept in the library, for twelve hours. With ``proxied``,
    trusted proxies tell who comes, and nobody else gets in without logging in.
    """

    library: Library
    token: str = ""
    proxied: bool = False
    lockout: Lockout = field(init=False)
    _passwords: WorkPool = field(
        default_factory=lambda: WorkPool(
            "passwords", workers=_VERIFYING, waiting=_WAITING, share=_WAITING_EACH
        )
    )

    def __post_init__(self) -> None:
        self.lockout = lockout_of(self.library)

    def closed(self) -> bool:
        """Whether one has to say who one is: as soon as there is a token or a user."""
        return bool(self.token or self.proxied or users(self.library))

    def by_token(self, given: str) -> Who | None:
        """Whoever holds the token is an admin."""
        right = hmac.compare_digest(given.encode(), self.token.encode())
        return Who("", "admin") if self.token and right else None

    def by_bearer(self, given: str, address: str) -> Who | None:
        """Whoever holds the token, or one of a user, as often as one may guess it from an address.

        Raises TooManyAttempts.
        """
        place = client_key(address)
        self.lockout.attempt("", place)
        who = self.by_token(given) or self._by_user_token(given)
        if who:
            self.lockout.succeed("", place)
        return who

    async def log_in(self, name: str, password: str, address: str) -> Who | None:
        """The same as ``by_password``, as often as one may guess it for a name from an address.

        Raises TooManyAttempts, whether there is such a user or not, and Unavailable when too many
        log in at this moment.
        """
        place = client_key(address)
        self.lockout.check(name, place)

        def verify() -> Who | None:
            self.lockout.attempt(name, place)
            who = self.by_password(name, password)
            if who:
                self.lockout.succeed(name, place)
            return who

        return await self._passwords.run(verify, key=place)

    def by_password(self, name: str, password: str) -> Who | None:
        """The user, if the password is right; an empty name with the token will do too."""
        if not name:
            return self.by_token(password)
        user, nobody = find_user(self.library, name), _nobody()
        try:
            # For an unknown name as much work is done as for a known one.
            PasswordHasher().verify(user.hash if user else nobody, password)
        except (VerificationError, InvalidHashError):
            return None
        return Who(user.name, user.role) if user else None

    def begin(self, who: Who) -> str:
        """Open a session; returns what the cookie is to hold. Raises LibraryError where nothing can
        be written.
        """
        key = secrets.token_urlsafe(32)
        stamp = self._stamp(who)
        begin_session(self.library, digest_of(key), who.name, who.role, stamp, _SESSION)
        return key

    def by_session(self, key: str) -> Who | None:
        """Who opened it; None once it is over, or the user has another password, role, or none."""
        session = find_session(self.library, digest_of(key))
        who = Who(session.name, session.role) if session else None
        if session is None or who is None or session.stamp != self._stamp(who):
            return None
        return who

    def by_proxy(self, name: str) -> Who | None:
        """Whom a trusted proxy let in: the user of that name, a reader where there is none."""
        if not self.proxied or not is_user_name(name):
            return None
        user = find_user(self.library, name)
        return Who(name, user.role if user else "reader")

    def end(self, key: str) -> None:
        """Close a session."""
        end_session(self.library, digest_of(key))

    def _by_user_token(self, given: str) -> Who | None:
        token = find_token(self.library, digest_of(given), "program")
        user = find_user(self.library, token.name) if token else None
        return Who(user.name, user.role) if user else None

    def _stamp(self, who: Who) -> str:
        """What changes with the user's role and password; of who came with the token, the token."""
        if not who.name:
            return digest_of(self.token)
        user = find_user(self.library, who.name)
        return digest_of(f"{user.role} {user.hash}") if user else "gone"


_NOBODY: list[str] = []


def _nobody() -> str:
    """A hash that no password has."""
    if not _NOBODY:
        _NOBODY.append(PasswordHasher().hash(secrets.token_hex()))
    return _NOBODY[0]
