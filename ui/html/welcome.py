"""What stands around the answers: the greeting with examples, where to look, progress, problems.

The markup is in ``templates/welcome.jinja``.
"""

from collections.abc import Sequence
from datetime import date

from qa.runtime.templates import macros

__all__ = [
    "empty_html",
    "filters_html",
    "first_visit_html",
    "measuring_html",
    "problem_html",
    "run_frame_html",
    "run_links_html",
    "side_html",
    "welcome_html",
]

# What is said of the files that are taken in; the loaders know every name of each.
_NAMES = (
    ".txt .md .html .pdf .docx .odt .epub .rtf .json .jsonl .csv .eml .mbox .mhtml .warc .srt, RSS "
    "and Atom feeds, each also as .gz or in a .zip"
)


def welcome_html(examples: Sequence[str], articles: int) -> str:
    """Questions to begin with, made of the collection itself."""
    return str(_MACROS["welcome"](examples, articles))


def empty_html() -> str:
    """What a reader of an empty library is told."""
    return str(_MACROS["empty"]())


def first_visit_html() -> str:
    """What this is, an answer as an example, and which files it takes."""
    return str(_MACROS["first_visit"](_NAMES))


def side_html() -> str:
    """The panel of conversations, which the page fills."""
    return str(_MACROS["side"]())


def filters_html(
    outlets: Sequence[str],
    coverage: tuple[int, date | None, date | None],
    collections: Sequence[str] = (),
) -> str:
    """Where to look: two days, the outlets, the collections, whether days in the question count,
    and whether the answer comes in order of time. The page reads what is set there. ``coverage`` is
    the number of articles with their first and last day.
    """
    return str(_MACROS["filters"](outlets, *coverage[1:], collections))


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
