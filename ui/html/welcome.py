"""What stands around the answers: the greeting with examples, where to look, progress, problems.

The markup is in ``templates/welcome.jinja``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qa.runtime.templates import macros
from ui.locales.wording import TEMPLATE_WORDS

__all__ = [
    "drafting_html",
    "empty_html",
    "filters_html",
    "first_visit_html",
    "header_html",
    "measuring_html",
    "problem_html",
    "run_frame_html",
    "run_links_html",
    "side_html",
    "welcome_html",
]

# What is said of the files that are taken in; the loaders know every name of each.
_NAMES = ".txt .md .html .pdf .docx .odt .epub .rtf .json .jsonl .csv .eml .mbox .mhtml .warc .srt"


@dataclass(frozen=True, slots=True)
class _Sample:
    """An answer to look at, in the language of its article; ``marked`` is what the quotation says
    of the question.
    """

    question: str = "How many leaflets were dropped near al-Tanf?"
    short: str = "some 90,000"
    before: str = "The United States has dropped"
    marked: str = "some 90,000 leaflets"
    after: str = "over the desert of southern Syria in the space of two days …"
    origin: str = "The Meridian Dispatch"
    day: date = date(2017, 6, 1)


def welcome_html(examples: Sequence[str], articles: int) -> str:
    """Questions to begin with, made of the collection itself."""
    return str(_MACROS["welcome"](examples, articles))


def empty_html() -> str:
    """What a reader of an empty library is told."""
    return str(_MACROS["empty"]())


def first_visit_html() -> str:
    """What this is, an answer as an example, and which files it takes."""
    return str(_MACROS["first_visit"](_NAMES, _Sample()))


def header_html() -> str:
    """What stands above the panels: the name, and the ways to the other pages."""
    return str(_MACROS["header"]())


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


def drafting_html() -> str:
    """The way to drafts of gold questions."""
    return str(_MACROS["drafting"]())


def run_links_html(name: str, base: str | None = None) -> str:
    """Links to a run and its report as files; ``base`` is what it is compared with, if anything."""
    return str(_MACROS["run_links"](name, base or ""))


def run_frame_html(name: str) -> str:
    """The report of a run, in a frame."""
    return str(_MACROS["run_frame"](name))


_MACROS = macros("ui.html", "welcome", **TEMPLATE_WORDS)
