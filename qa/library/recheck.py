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
    "Change",
    "CitationCheck",
    "Standing",
    "check",
    "check_kept_answers",
    "last_change",
    "with_corrections",
]

Standing = Literal["there", "moved", "changed", "removed", "damaged"]


@dataclass(frozen=True, slots=True)
class Change:
    """The day on which an article changed: as its outlet states it, else when we took it in again
    and it read otherwise (``read_again``), which says nothing of who changed what.
    """

    day: date
    read_again: bool

    @property
    def text(self) -> str:
        """What became of the article, and when.

        >>> Change(date(2024, 9, 6), read_again=True).text
        'taken in again on 2024-09-06'
        """
        return f"{'taken in again' if self.read_again else 'corrected'} on {self.day}"


@dataclass(frozen=True, slots=True)
class CitationCheck(Record):
    """A citation of a kept answer against the library as it is now.

    ``standing``: *there*, the same characters at the same place; *moved*, the same characters
    elsewhere in the newer version, which ``now`` cites; *changed*, no longer in the article, since
    the day ``on``; *removed*, the article is no longer in the library; *damaged*, it does not read
    as it was stored there, so nothing can be told. For the first two ``on`` is the last day on
    which other parts of the article changed, None if they did not. ``read_again`` tells that it is
    the day on which we took in the newer text, for want of a statement by the outlet.
    """

    citation: Citation
    standing: Standing
    on: date | None = None
    now: Citation | None = None
    read_again: bool = False

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
        day = (
            Change(self.on, self.read_again).text if self.on else "taken in again on an unknown day"
        )
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
    """The statements, their citations telling on which day the article was corrected, or taken in
    again with another text, if it was; and nothing where an earlier version is damaged.
    """
    changes = {
        citation.article_id: _change_of(library, citation.article_id)
        for statement in statements
        for citation in statement.citations
    }
    return tuple(
        replace(
            statement,
            citations=tuple(
                _with_change(citation, changes[citation.article_id])
                for citation in statement.citations
            ),
        )
        for statement in statements
    )


def last_change(versions: Sequence[Article]) -> Change | None:
    """The last change of an article after it appeared, from all its versions, oldest first: when
    its title or text last changed, else the day of an update after publication that the source
    states.
    """
    changes = [
        _change_between(old, new)
        for old, new in pairwise(versions)
        # Other metadata change with a better loader; readers see title and text.
        if (old.title, old.text) != (new.title, new.text)
    ]
    if changes:
        return changes[-1]
    last = versions[-1] if versions else None
    if last and last.updated and last.published and last.updated > last.published:
        return Change(last.updated, read_again=False)
    return None


def _with_change(citation: Citation, change: Change | None) -> Citation:
    if change is None:
        return replace(citation, corrected=None, read_again=None)
    days = (None, change.day) if change.read_again else (change.day, None)
    return replace(citation, corrected=days[0], read_again=days[1])


def _change_of(library: Library, article_id: str) -> Change | None:
    try:
        return last_change(library.versions(article_id))
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
    change = last_change(versions)
    if text[start:end] == quote:
        return _checked(citation, "there", change)
    if places := _places(text, quote):
        place = min(places, key=lambda other: abs(other - start))
        moved_citation = replace(citation, start=place, end=place + len(quote))
        return _checked(citation, "moved", change, _with_change(moved_citation, change))
    # The first version without it, after the last one that had it.
    lacking = next(
        (pair for pair in reversed([*pairwise(versions)]) if quote in pair[0].text), None
    )
    return _checked(citation, "changed", _change_between(*lacking) if lacking else change)


def _checked(
    citation: Citation, standing: Standing, change: Change | None, now: Citation | None = None
) -> CitationCheck:
    if change is None:
        return CitationCheck(citation, standing, now=now)
    return CitationCheck(citation, standing, change.day, now, change.read_again)


def _change_between(old: Article, new: Article) -> Change | None:
    """As the source states it, else when the newer version was stored."""
    if new.updated and new.updated != old.updated:
        return Change(new.updated, read_again=False)
    return Change(new.ingested.date(), read_again=True) if new.ingested else None


def _places(text: str, quote: str) -> list[int]:
    places, place = [], text.find(quote)
    while place >= 0:
        places.append(place)
        place = text.find(quote, place + 1)
    return places
