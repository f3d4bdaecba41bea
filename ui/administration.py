"""What those who run the server change while it runs: what answers, who may log in, with which
tokens. Every change leaves an audit line. Knows nothing of HTTP.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from qa.build import READERS, STORED, STORED_VARIABLES, renew_pipeline, settings_of
from qa.chat.factory import try_chat_model
from qa.errors import UserNotFound
from qa.library.accounts import preferences, sessions, tokens
from qa.library.accounts.sessions import Session
from qa.library.accounts.tokens import Token
from qa.library.users import checked_role, find_user, is_user_name, keep_user, remove_user, users
from qa.records.clauses import Clause, clause, number_clause
from ui.guard.access import Access, Who, digest_of, hash_of
from ui.service import Service

__all__ = ["Administration"]

_INVITATION = timedelta(days=7)
_LONGEST_DAYS = 3650
_SECRET = "OPENAI_API_KEY"


@dataclass(frozen=True, slots=True)
class Administration:
    """The changes to one service, by whoever is named in each."""

    service: Service
    access: Access

    def answering(self) -> dict[str, dict[str, Any]]:
        """What is set, by variable: its value (of a key only whether there is one), and where it
        comes from; what does not come from the settings page cannot be changed there.
        """
        settings = settings_of(self.service.library.location)
        told = {}
        for name in STORED_VARIABLES:
            field = name.removeprefix("QA_").lower()
            value = getattr(settings, field)
            value = bool(value.get_secret_value()) if name == _SECRET else value
            origin = settings.origin(name)
            told[name] = {"value": value, "origin": origin, "fixed": origin not in ("", STORED)}
        return told

    def choices(self) -> dict[str, list[str]]:
        """What can be chosen, by variable."""
        return {"QA_READER": [*READERS], "QA_UNSUPPORTED": ["drop", "flag"]}

    def set_answering(self, changes: Mapping[str, str], who: Who) -> None:
        """Set variables, empty for the value of the program, and answer so from now on.

        Raises ValueError for what cannot be set here, ConfigError for a value that cannot be used;
        then nothing changes. A key goes to no other address than it was given for: with another
        address it has to be given again.
        """
        library = self.service.library
        known, before = self.answering(), preferences.preferences(library)
        for name in changes:
            if name not in known:
                raise ValueError(f"{name!r} is no setting; the page of settings shows them all")
            if known[name]["fixed"]:
                raise ValueError(f"{name} is set by {known[name]['origin']}, which counts more")
        changes = {name: value.strip() for name, value in changes.items()}
        address = changes.get("OPENAI_BASE_URL")
        if address is not None and address != before.get("OPENAI_BASE_URL", ""):
            changes.setdefault(_SECRET, "")
        changed = [name for name in changes if changes[name] != before.get(name, "")]
        try:
            preferences.keep_preferences(library, changes)
            self.service.pipeline = renew_pipeline(self.service.pipeline)
        except Exception:
            preferences.keep_preferences(library, {name: before.get(name, "") for name in changes})
            raise
        for name in changed:
            self._audit(who, _setting_clause(name, changes[name]))

    def try_model(self) -> str:
        """Why the chat model that is set does not reply, in plain words; empty when it does."""
        words = try_chat_model(settings_of(self.service.library.location))
        for variable, label in (("OPENAI_API_KEY", "the key"), ("OPENAI_BASE_URL", "the address"),
                                ("QA_CHAT", "the name of the model")):  # fmt: skip
            words = words.replace(f"check {variable}", f"check {label}")
        return self.service.explain(words)

    def invite(self, name: str, role: str, who: Who) -> str:
        """The key with which somebody becomes that user; it is good for a week.

        Raises ValueError for a name that is none or taken, an unknown role, and a first user who
        is no admin.
        """
        library, role = self.service.library, checked_role(role)
        if not is_user_name(name):
            raise ValueError(f"the name {name!r} is empty, or has a colon or odd white space in it")
        if find_user(library, name):
            raise ValueError(f"there is a user {name!r} already")
        if not users(library) and role != "admin":
            raise ValueError("the first user is an admin; else nobody could add another one")
        key = secrets.token_urlsafe(24)
        tokens.keep_token(
            library, digest_of(key), "invitation", name, checked_role(role), label="",
            length=_INVITATION,
        )  # fmt: skip
        self._audit(who, clause("invited %(name)s as %(role)s", name=name, role=role))
        return key

    def invited(self, key: str) -> Token | None:
        """Whom an invitation is for."""
        return tokens.find_token(self.service.library, digest_of(key), "invitation")

    def accept(self, key: str, password: str) -> Who:
        """Make the user of an invitation. Raises ValueError for a password that is too short, or an
        invitation that is over.
        """
        invitation = self.invited(key)
        if invitation is None:
            raise ValueError("this invitation is over, or was used; ask for another one")
        library = self.service.library
        user = keep_user(library, invitation.name, invitation.role, hash_of(password))
        tokens.end_token(library, invitation.id)
        who = Who(user.name, user.role)
        self._audit(who, clause("accepted the invitation"))
        return who

    def set_role(self, name: str, role: str, who: Who) -> None:
        """Give a user another role. Raises UserNotFound, and ValueError for the last admin."""
        user = find_user(self.service.library, name)
        if user is None:
            raise UserNotFound(name)
        if checked_role(role) != "admin":
            self._keep_an_admin(name)
        keep_user(self.service.library, name, role, user.hash)
        self._audit(who, clause("gave %(name)s the role %(role)s", name=name, role=role))

    def remove(self, name: str, who: Who) -> None:
        """Take a user out with sessions and tokens, or withdraw the invitation of somebody who is
        no user yet; conversations stay. Raises as set_role.
        """
        library = self.service.library
        invitations = tokens.tokens(library, "invitation", name=name)
        for invitation in invitations:
            tokens.end_token(library, invitation.id)
        if invitations and not find_user(library, name):
            self._audit(who, clause("withdrew the invitation of %(name)s", name=name))
            return
        if find_user(library, name):
            self._keep_an_admin(name)
        remove_user(library, name)
        for session in sessions.sessions_of(library, name):
            sessions.end_session(library, session.digest)
        for token in tokens.tokens(library, "program", name=name):
            tokens.end_token(library, token.id)
        self._audit(who, clause("removed the user %(name)s", name=name))

    async def set_password(self, who: Who, old: str, new: str, address: str) -> None:
        """Give oneself another password, which ends all sessions. Raises ValueError for a wrong old
        one, TooManyAttempts for many.
        """
        user = find_user(self.service.library, who.name)
        if user is None:
            raise ValueError("only a user has a password")
        if await self.access.log_in(who.name, old, address) is None:
            raise ValueError("the old password is wrong")
        keep_user(self.service.library, who.name, user.role, hash_of(new))
        self._audit(who, clause("changed their own password"))

    def make_token(self, who: Who, label: str, days: int) -> str:
        """A token by which programs are that user, shown this once. Raises ValueError."""
        if find_user(self.service.library, who.name) is None:
            raise ValueError("only a user has tokens; log in by name")
        if not 1 <= days <= _LONGEST_DAYS:
            raise ValueError(f"a token is good for 1 to {_LONGEST_DAYS} days, not {days}")
        key = f"aq-{secrets.token_urlsafe(32)}"
        tokens.keep_token(
            self.service.library, digest_of(key), "program", who.name, who.role,
            label=label.strip()[:80], length=timedelta(days=days),
        )  # fmt: skip
        self._audit(
            who,
            number_clause(
                "made the token “%(label)s” for %(num)s day",
                "made the token “%(label)s” for %(num)s days",
                days,
                label=label.strip()[:80],
            ),
        )
        return key

    def end_token(self, who: Who, id_: str) -> None:
        """End one of one's own tokens. Raises TokenNotFound."""
        tokens.end_token(self.service.library, id_, name=who.name)
        self._audit(who, clause("ended the token %(id)s", id=id_))

    def sessions(self, who: Who) -> list[Session]:
        """One's own, the newest first."""
        return sessions.sessions_of(self.service.library, who.name) if who.name else []

    def end_session(self, who: Who, digest: str) -> None:
        """End one of one's own sessions, known by the beginning of its digest."""
        for session in self.sessions(who):
            if len(digest) >= 8 and session.digest.startswith(digest):
                sessions.end_session(self.service.library, session.digest, name=who.name)
                self._audit(who, clause("ended a session"))

    def _keep_an_admin(self, name: str) -> None:
        admins = {user.name for user in users(self.service.library) if user.role == "admin"}
        if admins == {name}:
            raise ValueError(f"{name} is the only admin; make another user one first")

    def _audit(self, who: Who, what: Clause) -> None:
        preferences.audit(self.service.library, who.name, what)


def _setting_clause(name: str, value: str) -> Clause:
    if not value:
        return clause("emptied %(setting)s", setting=name)
    if name == _SECRET:
        return clause("set %(setting)s to another one", setting=name)
    return clause("set %(setting)s to %(value)s", setting=name, value=value)
