"""What became of the articles that an answer cites: corrections, and citations of kept answers.

Knows the library, and nothing of how answers are made.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Literal

from qa.errors import ArticleDamaged
from qa.library.conversations import kept_answers
from qa.library.feedback import kept_feedback
from qa.library.store import Library
from qa.records.answer import Answer, Statement
from qa.records.article import Article, Citation
from qa.records.serialization import Record

__all__ = [
    "AnswerCheck",
    "CitationCheck",
    "Standing",
    "check",
    "check_kept_answers",
    "corrected_on",
    "with_corrections",
]

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


@dataclass(frozen=True, slots=True)
class AnswerCheck(Record):
    """A kept answer against the library as it is now. ``conversation`` is the title of where it was
    given, empty for one that is kept with feedback alone; ``citations`` are numbered from 1 as
    in ``Answer.citations``, which has them all.
    """

    question: str
    conversation: str
    citations: tuple[CitationCheck, ...]

    @property
    def stands(self) -> bool:
        """Whether the articles still say everything."""
        return all(citation.stands for citation in self.citations)


def check_kept_answers(
    library: Library, *, owner: str | None = None, stored_since: datetime | None = None
) -> list[AnswerCheck]:
    """Every answer that conversations keep, the newest conversation first, then those kept with
    feedback alone; answers without citations are left out.

    With ``owner`` only the conversations of that person. With ``stored_since`` only the answers of
    which an article was stored then or later.
    """
    newer = None if stored_since is None else _stored_since(library, stored_since)
    checks = []
    for conversation, answer in _kept_answers(library, owner):
        citations = answer.citations
        if newer is not None and not any(each.article_id in newer for each in citations):
            continue
        if citations:
            checks.append(AnswerCheck(answer.question, conversation, tuple(check(answer, library))))
    return checks


def _kept_answers(library: Library, owner: str | None) -> Iterator[tuple[str, Answer]]:
    given = set()
    for title, answer in kept_answers(library, owner=owner):
        given.add((answer.question, answer.citations))
        yield title, answer
    for feedback in kept_feedback(library) if owner is None else ():
        answer = feedback.answer
        if (answer.question, answer.citations) not in given:
            given.add((answer.question, answer.citations))
            yield "", answer


def _stored_since(library: Library, moment: datetime) -> set[str]:
    """The ids of the articles whose current version was stored then or later."""
    with library.connection() as database:
        sql = "SELECT id FROM articles WHERE ingested >= ?"
        return {row[0] for row in database.execute(sql, (moment.isoformat(),)).fetchall()}


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
