"""A story: the texts on one event in order of days, what each adds, and where they differ.

Copies of one text are one source, however many outlets carry it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa.language.sentences import sentences
from qa.library.duplicates import copies_of
from qa.library.recheck import Change, last_change
from qa.library.store import Library
from qa.records.article import Article, Citation, Copy
from qa.records.serialization import Record
from qa.stories.event import articles_on_event
from qa.verify.facts import Facts, Quantity, facts
from qa.verify.quantity_check import nearly_equal

__all__ = ["Difference", "Story", "StoryText", "read_story"]

# Sentences of a text that are compared, those that are shown as new, and differences of a story.
_MOST_SENTENCES, _MOST_NEW, _MOST_DIFFERENCES = 60, 3, 12
# Share of the content words of a sentence that no text before has, from which on it tells news.
_NEWS = 0.6
# Content words that two sentences share, and their share of the shorter one, to be of one matter:
# what is shown is to be right rather than all there is.
_COMMON, _ALIKE_SHARE = 3, 0.5
# Longer sentences are lists or tables.
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class StoryText(Record):
    """One text of a story: the earliest article that carries it, its ``copies``, the sentences of
    it that are ``new``, and on which day it changed itself (``changed``, in words, empty if not).
    """

    article_id: str
    title: str
    outlet: str | None
    day: str | None
    copies: tuple[Copy, ...] = ()
    new: tuple[Citation, ...] = ()
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Difference(Record):
    """Two sentences on one matter that state different numbers, the earlier report first, with
    what each says.
    """

    earlier: Citation
    later: Citation
    earlier_value: str
    later_value: str


@dataclass(frozen=True, slots=True)
class Story(Record):
    """The texts in order of days, undated ones last; ``outlets`` names those that tell it."""

    article_id: str
    texts: tuple[StoryText, ...]
    differences: tuple[Difference, ...]
    outlets: tuple[str, ...]

    @property
    def sourcing(self) -> str:
        """How many outlets tell it with how many texts.

        >>> text = StoryText("a", "Rain", "Gazette", None)
        >>> Story("a", (text,), (), ("Courier", "Gazette")).sourcing
        '2 outlets, 1 text'
        """
        outlets, texts = len(self.outlets), len(self.texts)
        return f"{outlets} outlet{'s'[: outlets != 1]}, {texts} text{'s'[: texts != 1]}"


@dataclass(frozen=True, slots=True)
class _Line:
    citation: Citation
    facts: Facts

    @property
    def content(self) -> frozenset[str]:
        return frozenset(token.stem for token in self.facts.tokens if token.content)


def read_story(library: Library, article_id: str, *, collections: Sequence[str] = ()) -> Story:
    """The story that an article is a part of, with the articles of these collections alone (none:
    of all). Raises ArticleNotFound, ArticleDamaged.
    """
    article = library.article(article_id)
    articles = articles_on_event(library, article, collections=collections)
    event_ids = {each.id for each in articles}
    texts: list[StoryText] = []
    lines_before: list[_Line] = []
    differences: list[Difference] = []
    carried_ids: set[str] = set()
    outlets: dict[str, None] = {}
    for each in articles:
        outlets[each.source or each.id] = None
        if each.id in carried_ids:
            continue
        copies = tuple(copy for copy in copies_of(library, each.id) if copy.article_id in event_ids)
        carried_ids |= {copy.article_id for copy in copies}
        lines = list(_lines(each))
        differences += _differences(lines_before, lines)
        texts.append(
            StoryText(
                article_id=each.id,
                title=each.title,
                outlet=each.source,
                day=each.published.isoformat() if each.published else None,
                copies=copies,
                new=tuple(_news(lines_before, lines)) if texts else (),
                changed=_change_text(last_change(library.versions(each.id))),
            )
        )
        lines_before += lines
    shown_differences = tuple(differences[:_MOST_DIFFERENCES])
    return Story(article_id, tuple(texts), shown_differences, tuple(sorted(outlets)))


def _lines(article: Article) -> Iterator[_Line]:
    for start, end in sentences(article.text)[:_MOST_SENTENCES]:
        if end - start <= _LONGEST:
            citation = article.passage(start, end).cite(start, end)
            yield _Line(citation, facts(citation.quote))


def _news(before: Sequence[_Line], lines: Sequence[_Line]) -> Iterator[Citation]:
    """The sentences that say most of what nobody said before, in their order."""
    words_before = frozenset[str]().union(*(line.content for line in before))
    shares = {
        number: len(line.content - words_before) / len(line.content)
        for number, line in enumerate(lines)
        if len(line.content) >= _COMMON
    }
    best = sorted(shares, key=lambda number: (-shares[number], number))[:_MOST_NEW]
    return (lines[number].citation for number in sorted(best) if shares[number] >= _NEWS)


def _differences(before: Iterable[_Line], lines: Sequence[_Line]) -> Iterator[Difference]:
    for earlier in before:
        for later_line in lines:
            common = earlier.content & later_line.content
            shorter = min(len(earlier.content), len(later_line.content))
            if len(common) < max(_COMMON, _ALIKE_SHARE * shorter):
                continue
            pair = _contradiction(earlier.facts, later_line.facts)
            if pair:
                yield Difference(earlier.citation, later_line.citation, *pair)


def _contradiction(earlier: Facts, newer: Facts) -> tuple[str, str] | None:
    """What two sentences say of the same count or measure, where it is not the same."""
    for one in earlier.quantities:
        for other in newer.quantities:
            if (
                _same_measure(one, other)
                and not _is_told(one, newer.quantities)
                and not _is_told(other, earlier.quantities)
            ):
                return one.text, other.text
    return None


def _same_measure(one: Quantity, other: Quantity) -> bool:
    if one.unit or other.unit:
        return one.unit == other.unit and one.rate == other.rate
    return bool(one.noun) and one.noun == other.noun


def _is_told(quantity: Quantity, others: Sequence[Quantity]) -> bool:
    return any(
        nearly_equal(quantity.value, other.value) or nearly_equal(other.value, quantity.value)
        for other in others
    )


def _change_text(change: Change | None) -> str:
    return change.text if change else ""
