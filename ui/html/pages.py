"""Whole pages that need no app: the login, messages, and what the interface offers.

The markup is in ``templates/page.jinja``.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from qa.runtime.templates import macros

__all__ = ["docs_page", "login_page", "markup_page", "message_page"]


def markup_page(title: str, markup: str) -> str:
    """A page of markup that other templates made, in which every value was escaped."""
    return str(_MACROS["wide_page"](title, markup))


def login_page(*, wrong: str = "", tokens: bool = False, wanted: str = "/") -> str:
    """Asks for a name and password; ``tokens`` says that a token alone will do, ``wanted`` is the
    path to go to then.
    """
    return str(_MACROS["login"](wrong, tokens, wanted))


def message_page(title: str, words: str, *, back: bool = False) -> str:
    """A page with one message; ``back`` adds a link to the questions."""
    return str(_MACROS["message"](title, words, back))


def docs_page(described: Mapping[str, Any]) -> str:
    """The interface as OpenAPI describes it: every route, what it takes and what it gives."""
    return str(_MACROS["interface"](described))


_MACROS = macros(
    "ui.html",
    "page",
    json=lambda schema: json.dumps(schema, indent=2),
    # Every second part stood between double backticks.
    prose=lambda words: re.split("``(.+?)``", words),
)
