"""The pages of settings and invitations. The markup is in ``templates/settings.jinja``."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from qa.library.accounts.tokens import Token
from qa.library.users import Role
from qa.runtime.templates import macros
from ui.html.pages import markup_page
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


def _role_label(role: Role) -> str:
    return {name: label for name, label, _means in _ROLES}[role]


def _is_over(token: Token) -> bool:
    return token.ends <= datetime.now(UTC)


_MACROS = macros(
    "ui.html",
    "settings",
    **TEMPLATE_WORDS,
    is_over=_is_over,
    languages=LANGUAGES.items,
    roles=lambda: _ROLES,
    role_label=_role_label,
)
