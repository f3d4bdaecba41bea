"""What became of the articles that an answer cites: corrections, and citations of kept answers.

Knows the library, and nothing of how answers are made.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Literal

from qa.errors import ArticleDamaged
from qa.library.store import Library
from qa.records.answer import Answer, Statement
from qa.records.article import Article, Citation
from qa.records.serialization import Record

__all__ = ["CitationCheck", "Standing", "check", "corrected_on", "with_corrections"]

Standing = Literal["there", "moved", "changed", "removed", "damaged"]


@dataclass(frozen=True, slots=True)
class CitationCheck(Record):
    """A citation of a kept answer against the library as it is now.

    ``standing``: *there*, the same characters at the same place; *moved*, the same characters
    elsewhere in the newer version, which ``now`` cites; *changed*, no longer in the article, since
    the day ``on``; *removed*, the article is no longer in the library; *damaged*, it does not read
    as it was stored there, so nothing can be told. For the first two ``on`` is the last day on
    which other parts of the article changed, None if they did not.
    """

    citation: Citation
    standing: Standing
    on: date | None = None
    now: Citation | None = None

    @property
    def stands(self) -> bool:
        """Whether the article still says it."""
        return self.standing in ("there", "moved")

    @property
    def text(self) -> str:
        """One line for people.

        >>> CitationCheck(Citation("a", 0, 1, "x"), "changed", date(2024, 9, 6)).text
        'no longer in the article, which was corrected on 2024-09-06'
        """
        day = f"corrected on {self.on}" if self.on else "corrected on an unknown day"
        if self.standing == "removed":
            return "the article is no longer in the library"
        if self.standing == "damaged":
            return "the article is damaged in the library, so that it cannot be compared"
        if self.standing == "changed":
            return f"no longer in the article, which was {day}"
        place = "still there" if self.standing == "there" else "still there, at another place"
        return f"{place}; the article was {day}" if self.on else place


def check(answer: Answer, library: Library) -> list[CitationCheck]:
    """Every citation of an answer that was kept, in the order of ``Answer.citations``."""
    return [_check_citation(citation, library) for citation in answer.citations]


def with_corrections(statements: Sequence[Statement], library: Library) -> tuple[Statement, ...]:
    """The statements, their citations telling on which day the article was corrected, if it was,
    and nothing where an earlier version is damaged.
    """
    days = {
        citation.article_id: _correction(library, citation.article_id)
        for statement in statements
        for citation in statement.citations
    }
    return tuple(
        replace(
            statement,
            citations=tuple(
                replace(citation, corrected=days[citation.article_id])
                for citation in statement.citations
            ),
        )
        for statement in statements
    )


def corrected_on(versions: Sequence[Article]) -> date | None:
    """The last day on which an article was changed after it appeared, from all its versions,
    oldest first: when its title or text last changed, else the day of an update after publication
    that the source states.
    """
    changes = [
        _day_of_change(old, new)
        for old, new in pairwise(versions)
        # Other metadata change with a better loader; readers see title and text.
        if (old.title, old.text) != (new.title, new.text)
    ]
    if changes:
        return changes[-1]
    last = versions[-1] if versions else None
    if last and last.updated and last.published and last.updated > last.published:
        return last.updated
    return None


def _correction(library: Library, article_id: str) -> date | None:
    try:
        return corrected_on(library.versions(article_id))
    except ArticleDamaged:
        return None


def _check_citation(citation: Citation, library: Library) -> CitationCheck:
    try:
        versions = library.versions(citation.article_id)
    except ArticleDamaged:
        return CitationCheck(citation, "damaged")
    if not versions:
        return CitationCheck(citation, "removed")
    text = versions[-1].text
    start, end, quote = citation.start, citation.end, citation.quote
    correction_day = corrected_on(versions)
    if text[start:end] == quote:
        return CitationCheck(citation, "there", correction_day)
    if places := _places(text, quote):
        place = min(places, key=lambda other: abs(other - start))
        moved_citation = replace(
            citation, start=place, end=place + len(quote), corrected=correction_day
        )
        return CitationCheck(citation, "moved", correction_day, moved_citation)
    # The first version without it, after the last one that had it.
    lacking = next(
        (pair for pair in reversed([*pairwise(versions)]) if quote in pair[0].text), None
    )
    return CitationCheck(
        citation, "changed", _day_of_change(*lacking) if lacking else correction_day
    )


def _day_of_change(old: Article, new: Article) -> date | None:
    """As the source states it, else when the newer version was stored."""
    if new.updated and new.updated != old.updated:
        return new.updated
    return new.ingested.date() if new.ingested else None


def _places(text: str, quote: str) -> list[int]:
    places, place = [], text.find(quote)
    while place >= 0:
        places.append(place)
        place = text.find(quote, place + 1)
    return places
