"""The page on which gold questions are reviewed. The markup is in ``templates/gold.jinja``."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from qa.runtime.templates import macros
from ui.html.markup import article_link
from ui.html.pages import markup_page
from ui.locales.wording import TEMPLATE_WORDS
from ui.locales.wording import gettext as _

__all__ = ["gold_page"]


class _Question(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def answers(self) -> Sequence[str]: ...
    @property
    def articles(self) -> Sequence[str]: ...
    @property
    def as_of(self) -> date | None: ...


def gold_page(
    drafts: Sequence[_Question],
    accepted: Sequence[_Question],
    titles: Mapping[str, str],
    seed: int,
) -> str:
    """Drafts to be accepted, changed or dropped, then those that were accepted; ``titles`` are
    those of the articles that drafts are about, ``seed`` that by which the drafts were drawn.
    """
    return markup_page(
        _("Gold questions"), str(_MACROS["gold"](drafts, accepted, titles, seed + 1))
    )


_MACROS = macros("ui.html", "gold", **TEMPLATE_WORDS, article_link=article_link)
