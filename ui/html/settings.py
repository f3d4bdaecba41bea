"""The pages of settings and invitations. The markup is in ``templates/settings.jinja``."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from qa.library.accounts.preferences import AuditLine
from qa.library.accounts.tokens import Token
from qa.library.users import Role
from qa.runtime.templates import macros
from ui.html.pages import markup_page
from ui.html.plain_text import clause_text
from ui.locales.wording import LANGUAGES, N_, TEMPLATE_WORDS
from ui.locales.wording import gettext as _

__all__ = ["invitation_page", "settings_page"]


# What each may do, the least first.
_ROLES: tuple[tuple[Role, str, str], ...] = (
    ("reader", N_("reader"), N_("asks questions")),
    ("editor", N_("editor"), N_("also changes articles, sources and gold questions")),
    ("admin", N_("admin"), N_("also changes settings, users and their tokens")),
)


def settings_page(
    name: str,
    tokens: Sequence[Token],
    sessions: Sequence[Mapping[str, Any]],
    admin: Mapping[str, Any] | None,
) -> str:
    """What somebody of that name can set (empty: who did not log in by name); ``admin`` is what
    admins see besides: answering, choices, users, invited and audit.
    """
    return markup_page(_("Settings"), str(_MACROS["settings"](name, tokens, sessions, admin)))


def invitation_page(name: str, problem: str) -> str:
    """Asks the invited for a password; without a name the invitation is over."""
    return markup_page(_("Welcome"), str(_MACROS["invitation"](name, problem)))


def _role_label(role: object) -> str:
    return next((_(label) for name, label, _means in _ROLES if name == role), str(role))


def _audit_text(line: AuditLine) -> str:
    """What was changed, in the language of the screen."""
    values = {
        key: _role_label(value) if key == "role" else value
        for key, value in line.clause.values.items()
    }
    return clause_text(replace(line.clause, values=values))


def _is_over(token: Token) -> bool:
    return token.ends <= datetime.now(UTC)


_MACROS = macros(
    "ui.html",
    "settings",
    **TEMPLATE_WORDS,
    audit_text=_audit_text,
    is_over=_is_over,
    languages=LANGUAGES.items,
    roles=lambda: _ROLES,
    role_label=_role_label,
)
