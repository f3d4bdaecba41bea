"""The pages of settings and invitations. The markup is in ``templates/settings.jinja``."""

from collections.abc import Mapping, Sequence
from typing import Any

from qa.library.accounts.tokens import Token
from qa.runtime.templates import macros
from ui.html.pages import markup_page

__all__ = ["invitation_page", "settings_page"]


def settings_page(
    name: str,
    tokens: Sequence[Token],
    sessions: Sequence[Mapping[str, Any]],
    editor: Mapping[str, Any] | None,
) -> str:
    """What somebody of that name can set (empty: who did not log in by name); ``editor`` is what
    editors see besides: answering, choices, users, invited and audit.
    """
    return markup_page("Settings", str(_MACROS["settings"](name, tokens, sessions, editor)))


def invitation_page(name: str, problem: str) -> str:
    """Asks the invited for a password; without a name the invitation is over."""
    return markup_page("Welcome", str(_MACROS["invitation"](name, problem)))


_MACROS = macros("ui.html", "settings")
