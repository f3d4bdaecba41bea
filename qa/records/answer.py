"""The records that cross a stage, and their JSON. Knows nothing of where anything is kept.

Offsets are Python string offsets (code points) into ``Article.text``, half open. Every record is
frozen, checked where it is born, and survives ``from_json(to_json())`` unchanged.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from qa.records.article import Citation, Copy, Passage
from qa.records.clauses import Clause, clause
from qa.records.kinds import QuestionKind
from qa.records.serialization import Record
from qa.records.trace import Step, Usage, Window

__all__ = ["Answer", "Conflict", "Disagreement", "Hit", "Statement", "Support"]

Support = Literal["verified", "recorded", "quoted", "weak", "unsupported"]
"""``verified``: its quotations say it, and the reader finds that it answers the question;
``recorded``: the library's own record says it (a title, day, author, outlet or count), and what is
cited shows which article is meant; ``quoted``: the quotations say it, nothing more is claimed;
``weak``: nothing in them contradicts it; ``unsupported``: they do not say it.
"""

Disagreement = Literal["differ", "changed", "corrected"]
"""``differ``: of one time, the articles say different things; ``changed``: a later day has another
value; ``corrected``: the outlet itself took the older one back.
"""
_HEADINGS: dict[Disagreement, Clause] = {
    "differ": clause("The articles differ"),
    "changed": clause("This has changed"),
    "corrected": clause("This was corrected"),
}
# What stands between the values of two sides.
_LINKS: dict[Disagreement, Clause] = {
    "differ": clause("%(newer)s against %(older)s"),
    "changed": clause("%(newer)s, before that %(older)s"),
    "corrected": clause("%(newer)s, not %(older)s"),
}

# Steps of the trace that are told beside the answer.
_NOTED = ("chat", "damage", "library")


@dataclass(frozen=True, slots=True)
class Hit(Record):
    """A retrieved passage; ``score`` is higher-is-better, comparable within one list only.

    ``ranks`` says at which place (from 1) each leg of the search had it, or a copy of it.
    ``copies`` are the other articles of the scope that carry the passage, earliest first.
    ``injections`` are the half-open ranges of the passage's text that address a machine, in order;
    None when nobody has looked for them yet.
    """

    passage: Passage
    score: float
    ranks: Mapping[str, int] = field(default_factory=dict)
    copies: tuple[Copy, ...] = ()
    injections: tuple[tuple[int, int], ...] | None = None


@dataclass(frozen=True, slots=True)
class Statement(Record):
    """One thing an answer says, with what it rests on; without citations it is unsupported, unless
    the library's record says it.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    support: Support = "unsupported"

    def __post_init__(self) -> None:
        if self.support in ("verified", "quoted") and not self.citations:
            raise ValueError(f"a statement without a citation cannot be {self.support}")


@dataclass(frozen=True, slots=True)
class Conflict(Record):
    """Sources that disagree: two or more statements, newest article first, and what each says
    instead of the other: ``answers`` holds as many spans, or none when nobody picked them out.
    ``relation`` says how they stand to each other.
    """

    sides: tuple[Statement, ...]
    answers: tuple[str, ...] = ()
    relation: Disagreement = "differ"

    @property
    def heading(self) -> Clause:
        """The relation in words, without a full stop."""
        return _HEADINGS[self.relation]

    @property
    def text(self) -> str:
        """One English sentence that names what each side says, its outlet and its day."""
        return self.text_in(Clause.text)

    def text_in(self, wording: Callable[[Clause], str]) -> str:
        """The same in the language of ``wording``."""
        values = self.answers or tuple(side.text for side in self.sides)
        *newer_parts, sentence = (
            wording(_side_clause(value, side))
            for value, side in zip(values, self.sides, strict=True)
        )
        for part in reversed(newer_parts):
            link = clause(_LINKS[self.relation].message, newer=part, older=sentence)
            sentence = wording(link)
        return f"{wording(self.heading)}: {sentence}."


@dataclass(frozen=True, slots=True)
class Answer(Record):
    """The answer to one question. ``short`` is the span or name alone, for scoring.

    Every citation points into an article among ``hits``. An abstained answer says why in
    ``reason``, has no statements, and still carries the nearest hits; the answer to a question of
    several parts says there which of them are left open; ``reason_clauses`` is the same for a
    screen of any language, empty where it is known as text alone. ``window`` is what was made of
    the days in the question, None when it names none. ``rewritten`` is the question that was
    searched instead, for a follow-up; empty when it is the question itself. ``kind`` is what was
    asked for.
    ``injections`` quotes prompt injections in the hits: none was obeyed, and nothing rests on them.
    ``next_questions`` are what may be asked next and is answered, at most three.
    """

    question: str
    short: str
    statements: tuple[Statement, ...]
    hits: tuple[Hit, ...]
    confidence: float
    abstained: bool
    reason: str = ""
    conflicts: tuple[Conflict, ...] = ()
    trace: tuple[Step, ...] = ()
    took_ms: float = 0.0
    usage: Usage = field(default_factory=Usage)
    window: Window | None = None
    rewritten: str = ""
    kind: QuestionKind = "fact"
    next_questions: tuple[str, ...] = ()
    # Answers that were kept earlier call them orders.
    injections: tuple[Citation, ...] = field(default=(), metadata={"earlier": "orders"})
    reason_clauses: tuple[Clause, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:
            raise ValueError(f"confidence {self.confidence} is not in [0, 1]")
        if self.abstained and (self.statements or self.short or not self.reason):
            raise ValueError("an abstained answer has a reason and states nothing")
        retrieved_ids = {hit.passage.article_id for hit in self.hits}
        all_citations = (*self.citations, *self.injections)
        stray = {citation.article_id for citation in all_citations} - retrieved_ids
        if stray:
            raise ValueError(f"citations of articles that were not retrieved: {sorted(stray)}")

    @property
    def text(self) -> str:
        """The statements as running text, then where sources disagree and what is left open; for
        an abstained answer, its reason.
        """
        if self.abstained:
            return self.reason
        sentences = [statement.text for statement in self.statements]
        sentences += [conflict.text for conflict in self.conflicts]
        return " ".join([*sentences, self.reason] if self.reason else sentences)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of how the answer came about, as that a chat model was refused;
        mostly nothing.
        """
        return tuple(step.detail for step in self.noted_steps)

    @property
    def noted_steps(self) -> tuple[Step, ...]:
        """The steps that tell these notes."""
        return tuple(step for step in self.trace if step.name in _NOTED)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every distinct citation in the order of first use, those of conflicts included."""
        sides = (side for conflict in self.conflicts for side in conflict.sides)
        all_statements = (*self.statements, *sides)
        return tuple(
            dict.fromkeys(
                citation for statement in all_statements for citation in statement.citations
            )
        )

    @property
    def cited_articles(self) -> tuple[tuple[Citation, ...], ...]:
        """The citations of each article, articles and citations in the order of first use: they
        are numbered from 1 wherever an answer is read, so that one article is one source.
        """
        quotations: dict[str, list[Citation]] = {}
        for citation in self.citations:
            quotations.setdefault(citation.article_id, []).append(citation)
        return tuple(map(tuple, quotations.values()))

    @property
    def source_numbers(self) -> dict[Citation, int]:
        """The number of the article of each citation."""
        articles = enumerate(self.cited_articles, start=1)
        return {citation: number for number, citations in articles for citation in citations}

    def numbers_of(self, statement: Statement) -> tuple[int, ...]:
        """The numbers of the articles that a statement of the answer cites, each once."""
        numbers = self.source_numbers
        return tuple(dict.fromkeys(numbers[citation] for citation in statement.citations))

    @property
    def told_injections(self) -> tuple[Citation, ...]:
        """The prompt injections of articles that are cited, or if none is of the nearest one: those
        of others touch no word of the answer.
        """
        article_ids = {citation.article_id for citation in self.citations}
        article_ids = article_ids or {hit.passage.article_id for hit in self.hits[:1]}
        return tuple(each for each in self.injections if each.article_id in article_ids)

    def copies(self, citation: Citation) -> tuple[Copy, ...]:
        """The other articles that carry the text cited, earliest first."""
        copies_by_id: dict[str, Copy] = {}
        for hit in self.hits:
            passage = hit.passage
            is_inside = passage.start <= citation.start and citation.end <= passage.end
            if passage.article_id == citation.article_id and is_inside:
                copies_by_id |= {copy.article_id: copy for copy in hit.copies}
        return tuple(copies_by_id.values())

    @property
    def source_counts(self) -> tuple[int, int]:
        """How many outlets stand behind the citations, and with how many texts: copies of one text
        are one source.
        """
        texts: list[set[str]] = []
        outlets: set[str] = set()
        for citation in self.citations:
            carriers: list[Citation | Copy] = [citation, *self.copies(citation)]
            outlets |= {each.source or each.article_id for each in carriers}
            articles = {each.article_id for each in carriers}
            other_texts = [text for text in texts if not text & articles]
            texts = [*other_texts, articles.union(*(text for text in texts if text & articles))]
        return len(outlets), len(texts)

    @property
    def sourcing(self) -> str:
        """The same in words (``4 outlets, 1 text``). Empty when each outlet has its own text."""
        outlets, texts = self.source_counts
        if outlets <= texts:
            return ""
        return f"{outlets} outlets, {texts} text{'s' if texts > 1 else ''}"


def _side_clause(value: str, side: Statement) -> Clause:
    """What one side says, with its outlet and day."""
    cited = side.citations[0] if side.citations else None
    outlet, day = (cited.source, cited.published) if cited else (None, None)
    if outlet and day:
        return clause("“%(value)s” (%(outlet)s, %(day)s)", value=value, outlet=outlet, day=day)
    if outlet:
        return clause("“%(value)s” (%(outlet)s, undated)", value=value, outlet=outlet)
    if day:
        return clause("“%(value)s” (unknown source, %(day)s)", value=value, day=day)
    return clause("“%(value)s” (unknown source, undated)", value=value)
