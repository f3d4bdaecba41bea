"""The page of collections. The markup is in ``templates/collections.jinja``."""

from collections.abc import Sequence
from urllib.parse import urlencode

from qa.library.curation.choices import Choices
from qa.library.curation.collections import Collection
from qa.runtime.templates import macros
from ui.html.pages import markup_page
from ui.locales.wording import TEMPLATE_WORDS
from ui.locales.wording import gettext as _

__all__ = ["collections_page"]


def collections_page(collections: Sequence[Collection], choices: Choices | None) -> str:
    """Each with its rules and a link to its articles; with ``choices``, what rules can ask, also
    the forms by which they are made, renamed and removed.
    """
    return markup_page(_("Collections"), str(_MACROS["collections"](collections, choices)))


def _listed(name: str) -> str:
    """The address of the list of its articles."""
    return f"library?{urlencode({'collection': name}, errors='replace')}"


_MACROS = macros("ui.html", "collections", **TEMPLATE_WORDS, listed=_listed)
