"""What stands around the answers: the greeting with examples, where to look, progress, problems.

The markup is in ``templates/welcome.jinja``.
"""

from collections.abc import Sequence
from datetime import date
from urllib.parse import quote

from qa.runtime.templates import macros
from ui.html.export import EXPORTS

__all__ = [
    "exports_html",
    "filters_html",
    "measuring_html",
    "problem_html",
    "run_frame_html",
    "run_links_html",
    "welcome_html",
]

_MOST_OUTLETS = 40


def welcome_html(examples: Sequence[str], articles: int) -> str:
    """Questions to begin with, made of the collection itself."""
    return str(_MACROS["welcome"](examples, articles))


def filters_html(outlets: Sequence[str], first: date | None, last: date | None) -> str:
    """Where to look: two days, the outlets, whether days in the question count, and whether the
    answer comes in order of time. The page reads what is set there.
    """
    return str(_MACROS["filters"](outlets[:_MOST_OUTLETS], first, last))


def exports_html(conversation: str) -> str:
    """Links to the conversation as a file."""
    return str(_MACROS["exports"](quote(conversation, safe=""), list(EXPORTS)))


def problem_html(words: str) -> str:
    """Why something did not work."""
    return str(_MACROS["problem"](words))


def measuring_html(done: int, total: int) -> str:
    """How far an evaluation is."""
    return str(_MACROS["measuring"](done, total, f"{done / max(total, 1):.3f}"))


def run_links_html(name: str) -> str:
    """Links to a run and its report as files."""
    return str(_MACROS["run_links"](name))


def run_frame_html(name: str) -> str:
    """The report of a run, in a frame."""
    return str(_MACROS["run_frame"](name))


_MACROS = macros("ui.html", "welcome")
