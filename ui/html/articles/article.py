"""One article as a page: its text with the cited characters marked, passages, versions and what
differs between them, edits, copies, where it is cited.

The markup is in ``templates/article.jinja``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlencode

from qa.language.cleaning import one_line
from qa.library.curation.citing import CitingAnswer
from qa.library.curation.edits import Edit, EditState
from qa.library.recheck import Change, last_change
from qa.records.article import Article, Citation, Copy, Passage
from qa.records.clauses import Clause
from qa.runtime.templates import macros
from qa.stories.article_corrections import ArticleCorrection
from ui.html.articles.difference import Run, difference
from ui.html.markup import article_link, passage_link, seal, story_link, web_address
from ui.html.plain_text import clause_text
from ui.locales.wording import N_, TEMPLATE_WORDS
from ui.locales.wording import gettext as _

__all__ = ["ArticleContext", "article_page", "difference_page"]

_FIELDS = {
    "title": N_("Title"),
    "source": N_("Outlet"),
    "published": N_("Date"),
    "updated": N_("Updated"),
    "author": N_("Author"),
    "url": N_("Address"),
    "language": N_("Language"),
}
# Characters of a passage that are listed.
_SNIPPET = 90
# Characters of what changed that are shown at once.
_MOST_SHOWN = 1200
_STATES: dict[EditState, str] = {
    "valid": N_("valid"),
    "edited again": N_("edited again"),
    "taken back": N_("taken back"),
    "the source changed it": N_("the source changed it"),
}


@dataclass(frozen=True, slots=True)
class ArticleContext:
    """What is known of an article beside its own words. ``citing`` are answers of whoever looks,
    ``citing_others`` counts those of others; ``read_from`` is what it was read from, None where
    that is not to be told. ``corrections`` are those of its newest version, which whoever looks may
    edit if it is ``editable``; ``corrected`` are sentences of others that this one corrects.
    """

    copies: Sequence[Copy] = ()
    edits: Sequence[Edit] = ()
    citing: Sequence[CitingAnswer] = ()
    citing_others: int = 0
    read_from: Clause | None = None
    corrections: Sequence[ArticleCorrection] = ()
    corrected: Sequence[Citation] = ()
    editable: bool = False


def article_page(
    versions: Sequence[Article],
    passages: Sequence[Passage],
    span: tuple[int, int] | None = None,
    sealed: str = "",
    *,
    version: int = 0,
    context: ArticleContext | None = None,
) -> str:
    """An article as text, with ``span`` marked. ``versions`` is never empty, the current last.

    The span is marked in the newest version that still has the characters that were ``sealed``;
    in the current one, unmarked and with a word about it, when none has them. Without a span
    ``version`` is shown, if it is kept (0: the current one).
    """
    shown, note = versions[-1], ""
    if span:
        holding = [article for article in versions if _holds(article, span, sealed)]
        if holding:
            shown = holding[-1]
        else:
            span, note = None, _("The quoted characters are in no version that is kept.")
    elif version:
        shown = next((each for each in versions if each.version == version), shown)
    if shown.version != versions[-1].version:
        note = _(
            "This is version %(shown)s of %(last)s: the text changed since.",
            shown=shown.version,
            last=versions[-1].version,
        )
    title = one_line(shown.title) or _("Untitled")
    context = context or ArticleContext()
    newest = versions[-1].text
    # Of an older version the sentences stand elsewhere.
    corrections = context.corrections if shown is versions[-1] else ()
    return str(
        _MACROS["article"](
            title,
            note,
            shown,
            _pieces(shown.text, span, corrections),
            _last_change(versions),
            [
                (each.notice, newest[slice(*each.sentence)] if each.sentence else "")
                for each in context.corrections
            ],
            passages,
            _history(versions),
            context,
            story_link(shown.id),
            context.editable and shown is versions[-1],
        )
    )


def difference_page(old: Article, new: Article) -> str:
    """What changed from one version of an article to another, metadata and text."""
    fields = [
        (label, getattr(old, name), getattr(new, name))
        for name, label in _FIELDS.items()
        if getattr(old, name) != getattr(new, name)
    ]
    title = one_line(new.title) or _("Untitled")
    return str(_MACROS["compared"](title, old, new, fields, difference(old.text, new.text)))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of an article's text, and what the sentence that ends there should say instead."""

    text: str
    cited: bool = False
    right: str = ""


def _pieces(
    text: str, span: tuple[int, int] | None, corrections: Sequence[ArticleCorrection]
) -> list[_Piece]:
    """The text cut around what is cited and behind the sentences that were corrected."""
    start, end = span or (0, 0)
    rights: dict[int, str] = {}
    for each in corrections:
        if each.sentence:
            place = each.sentence[1]
            rights[end if start < place < end else place] = each.right
    bounds = sorted({0, start, end, *rights, len(text)})
    return [
        _Piece(text[low:high], span == (low, high), rights.get(high, ""))
        for low, high in pairwise(bounds)
    ]


@dataclass(frozen=True, slots=True)
class _LastChange:
    """When an article was last changed, and what in it: the address of that, and the runs where
    they are few.
    """

    change: Change
    address: str
    runs: Sequence[Run]


def _last_change(versions: Sequence[Article]) -> _LastChange | None:
    change = last_change(versions)
    if change is None:
        return None
    changed = [
        (old, new)
        for old, new in pairwise(versions)
        if (old.title, old.text) != (new.title, new.text)
    ]
    if not changed:
        return _LastChange(change, "", ())
    old, new = changed[-1]
    runs = difference(old.text, new.text)
    few = sum(len(run.text) for run in runs) <= _MOST_SHOWN
    address = _address(new.id, before=old.version, after=new.version)
    return _LastChange(change, address, runs if few else ())


def _history(versions: Sequence[Article]) -> list[tuple[Article, str, str]]:
    """The versions, the newest first, each with its address and that of what changed in it."""
    earlier = {new.version: old.version for old, new in pairwise(versions)}
    return [
        (
            each,
            _address(each.id, version=each.version) if each is not versions[-1] else "",
            _address(each.id, before=earlier[each.version], after=each.version)
            if each.version in earlier
            else "",
        )
        for each in reversed(versions)
    ]


def _beginning(passage: str) -> str:
    """The first words of a passage, with a sign where more follow."""
    line = one_line(passage)
    return line if len(line) <= _SNIPPET else line[:_SNIPPET].rsplit(" ", 1)[0] + " …"


def _state_label(state: EditState) -> str:
    return _(_STATES[state])


def _address(article_id: str, **asked: int) -> str:
    return f"article?{urlencode({'id': article_id, **asked}, errors='replace')}"


def _holds(article: Article, span: tuple[int, int], sealed: str) -> bool:
    start, end = span
    inside = 0 <= start < end <= len(article.text)
    return inside and (not sealed or seal(article.text[start:end]) == sealed)


_MACROS = macros(
    "ui.html",
    "article",
    **TEMPLATE_WORDS,
    article_link=article_link,
    beginning=_beginning,
    clause_text=clause_text,
    field_label=_FIELDS.__getitem__,
    one_line=one_line,
    passage_link=passage_link,
    state_label=_state_label,
    web_address=web_address,
)
