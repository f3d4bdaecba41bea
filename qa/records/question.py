"""The records between a question and its answer: scope, question, retrieval, span, reading."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from qa.records.clauses import Clause, clause
from qa.records.kinds import CollectionKind, QuestionKind
from qa.records.serialization import Record
from qa.records.trace import Usage, Window

__all__ = [
    "AnswerKind",
    "CollectionRequest",
    "ExpectedAnswer",
    "Plan",
    "Question",
    "Relation",
    "Scope",
]

AnswerKind = Literal["number", "date", "name", "phrase"]
Relation = Literal[
    "each",
    "earlier",
    "later",
    "before",
    "after",
    "order",
    "more",
    "less",
    "difference",
    "agreement",
]


@dataclass(frozen=True, slots=True)
class Scope(Record):
    """Which articles may be searched. ``since`` and ``until`` are inclusive days of publication;
    with either set, undated articles are out unless ``undated``. ``sources`` empty means every
    source; an empty name among them stands for articles of an unknown one. ``collections`` are
    names of sets of articles, which together are searched; empty means every article.
    """

    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()
    undated: bool = False
    collections: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise ValueError(
                f"the window ends (until {self.until}) before it begins (since {self.since})"
            )

    def __bool__(self) -> bool:
        return bool(self.since or self.until or self.sources or self.collections)


@dataclass(frozen=True, slots=True)
class ExpectedAnswer(Record):
    """What a question asks for, by its own words.

    ``kind`` of answer; ``focus``: stems of the noun asked for ("leaflets" in "how many leaflets");
    ``terms``: stem of each word that counts, with its weight; ``names``: stems of the names and
    numbers in the question, which an answer must be about, in no order; ``unit``: which sort of
    number, empty for a count.
    """

    kind: AnswerKind
    focus: tuple[str, ...] = ()
    terms: Mapping[str, float] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    unit: str = ""

    def weight_in(self, text_stems: Set[str]) -> float:
        """The weight of the terms that are among the stems of a text; 0 for none."""
        return sum(self.terms[term] for term in self.terms.keys() & text_stems)


@dataclass(frozen=True, slots=True)
class Question(Record):
    """A question as it is searched: ``as_of`` is the day it is asked, ``kind`` what kind of answer
    it asks for, ``expected`` the form of that by its words, ``topics`` are its phrases that name
    what it is about (the sides of a comparison), in order. Made by ``understand``.

    ``article`` is the id of the one that is read as a whole, empty when all are searched;
    ``cited_before`` are the ids of articles that the answer before cites, which are preferred.

    With ``timely``, articles published near that day are preferred; none is left out for it.
    ``window`` is what it says of days, or what the caller said instead; with ``timeline`` the
    answer's statements come in the order of their days.
    """

    text: str
    as_of: date
    expected: ExpectedAnswer
    scope: Scope = field(default_factory=Scope)
    timely: bool = False
    window: Window | None = None
    timeline: bool = False
    kind: QuestionKind = "fact"
    topics: tuple[str, ...] = ()
    article: str = ""
    cited_before: tuple[str, ...] = ()

    @property
    def limits(self) -> Iterator[Clause]:
        """As of when it is asked, and which days, outlets and collections are searched."""
        scope, window = self.scope, self.window
        yield clause("asked as of %(day)s", day=self.as_of)
        if window and not window.said:
            yield _published(scope.since, scope.until)
            yield (
                clause("undated articles kept")
                if scope.undated
                else clause("undated articles left out")
            )
        elif window:
            yield window.clause
            yield (
                clause("only articles of these days")
                if window.strict
                else clause("articles in or near it preferred")
            )
            yield clause("undated articles kept")
        if scope.sources:
            names = ", ".join(each or "unknown outlet" for each in scope.sources)
            yield clause("only %(names)s", names=names)
        if scope.collections:
            yield clause("only the collection %(names)s", names=", ".join(scope.collections))


@dataclass(frozen=True, slots=True)
class CollectionRequest(Record):
    """What a question asks of the library's own records.

    ``topic`` is the part of the question that names the subject: "the ferry strike" in "When was
    the article about the ferry strike published?"; empty when it names none.
    """

    kind: CollectionKind
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Plan(Record):
    """The questions to be asked, and how their answers make one.

    ``each``: one after the other. ``earlier`` and ``later``, ``more`` and ``less``: which of two.
    ``before`` and ``after``: whether the first is so to the second; ``order``: which of both.
    ``labels`` are what the parts are called in a comparison; for ``agreement`` they are the
    outlets, empty when they were not named, and there is one question for all of them. ``usage``
    is what a chat model consumed for the plan.
    """

    parts: tuple[str, ...]
    relation: Relation = "each"
    labels: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)


def _published(since: date | None, until: date | None) -> Clause:
    if since and until:
        return clause(
            "published from %(day_first)s to %(day_last)s", day_first=since, day_last=until
        )
    if since:
        return clause("published from %(day)s to the last", day=since)
    if until:
        return clause("published from the first to %(day)s", day=until)
    return clause("published from the first to the last")
