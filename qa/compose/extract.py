"""Answers in the articles' own words: the sentences that hold the best spans."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import qa.thresholds as thresholds
from qa.compose.conflicts import disputes_of, weigh_answers
from qa.compose.digest import digest, is_headline, sides_of
from qa.compose.units import with_unit
from qa.language.cleaning import one_line
from qa.language.equivalence import form
from qa.language.phrases import join_members
from qa.language.words import stems
from qa.protocols import Composition
from qa.records.answer import Statement
from qa.records.article import Citation
from qa.records.kinds import QuestionKind
from qa.records.question import Question
from qa.records.reading import UNANSWERED, Reading, Span

__all__ = ["ExtractComposer"]

_STATEMENTS, _MOST = 3, 6
# Kinds of questions that several sentences answer together.
_DIGESTED: tuple[QuestionKind, ...] = (
    "digest",
    "list",
    "count",
    "compare",
    "change",
    "conflict",
    "outlet-said",
    "article-summary",
)
_AGREEING = 2


@dataclass(frozen=True, slots=True)
class ExtractComposer:
    """One to three sentences, the best first, each quoted exactly and cited.

    Other outlets that give the same answer in a text of their own are cited with it; one that
    gives another number, date or name with a comparable probability makes a conflict.
    """

    def compose(self, question: Question, reading: Reading) -> Iterator[str | Composition]:
        """Each sentence as it is chosen, then the composition; only that when it abstains."""
        if reading.reason or not reading.spans:
            yield from _both_sides(reading)
            return
        answers, conflicts = weigh_answers(question, reading)
        if reading.form == "sentences":
            # A headline tells nothing that its article does not.
            whole = [spans for spans in answers if not is_headline(one_line(spans[0].quote))]
            answers = whole or answers
        members = [[item] for item in reading.items]
        listed_answers = members or answers[:1]
        statements = digest(question, reading) if question.kind in _DIGESTED else []
        if reading.form == "list" or not statements:
            told = [
                _statement(spans, reading)
                for spans in _quoted_answers(answers, listed_answers, _STATEMENTS)
            ]
            statements = [*_without_overlap([*told, *statements])][: max(_MOST, len(told))]
        for number, statement in enumerate(statements):
            yield f" {statement.text}" if number else statement.text
        for conflict in conflicts:
            yield f" {conflict.text}"
        parts = tuple(with_unit(spans[0], question.expected.unit) for spans in listed_answers)
        yield Composition(
            short=_short(question, reading, parts),
            parts=parts,
            statements=tuple(statements),
            conflicts=conflicts,
        )


def _both_sides(reading: Reading) -> Iterator[str | Composition]:
    """Where nothing else answers: what articles disagree about, if that was asked, else why not."""
    disputes = disputes_of(reading)
    sides = dict.fromkeys(side for dispute in disputes for side in dispute.sides)
    for number, side in enumerate(sides):
        yield f" {side.text}" if number else side.text
    for dispute in disputes:
        yield f" {dispute.text}"
    reason = "" if disputes else reading.reason or UNANSWERED
    yield Composition(reason=reason, statements=tuple(sides), conflicts=disputes)


def _short(question: Question, reading: Reading, parts: Sequence[str]) -> str:
    """The answer alone: yes, no, the span or the members of a list; none for whole sentences, nor
    where one thing was found and several are to be counted, nor in a digest where sentences are as
    likely asked for, or of somebody by name: another name does not tell who that is; nor in a
    comparison what a sentence about both sides says of one of them.
    """
    if reading.form in ("yes", "no"):
        return reading.form.capitalize()
    if reading.form == "sentences" or (question.kind == "count" and len(parts) == 1):
        return ""
    if reading.form == "list" and question.kind in ("compare", "conflict"):
        # Two things that are weighed against each other are no list.
        return ""
    short = join_members(parts)
    if question.kind == "digest":
        is_by_name = form(short) == "name" and "name" in map(form, question.topics)
        return "" if is_by_name or reading.brevity < thresholds.DIGEST_SHORT else short
    sentence_stems, short_stems = (set(stems(text)) for text in (reading.spans[0].quote, short))
    sides = [side for side in sides_of(question) if side & sentence_stems]
    return "" if len(sides) > 1 and not any(side & short_stems for side in sides) else short


def _quoted_answers(
    answers: Sequence[list[Span]], listed_answers: Sequence[list[Span]], most: int
) -> list[list[Span]]:
    """What is quoted: the answers given, and others that are nearly as likely."""
    quoted_answers = [*listed_answers]
    for spans in answers[1:]:
        if (
            len(quoted_answers) >= most
            or spans[0].score < thresholds.FURTHER_STATEMENT * answers[0][0].score
        ):
            break
        if spans not in quoted_answers:
            quoted_answers.append(spans)
    return quoted_answers


def _without_overlap(statements: Sequence[Statement]) -> Iterator[Statement]:
    """The statements in order, without those that quote what one before quotes."""
    earlier: list[Statement] = []
    for statement in statements:
        if not any(_overlap(statement, other) for other in earlier):
            earlier.append(statement)
            yield statement


def _overlap(one: Statement, other: Statement) -> bool:
    """Whether two statements quote some of the same words of an article, or the same words."""
    return one.text in other.text or any(
        citation.article_id == other_citation.article_id
        and citation.start < other_citation.end
        and other_citation.start < citation.end
        for citation in one.citations[:1]
        for other_citation in other.citations
    )


def _statement(spans: Sequence[Span], reading: Reading) -> Statement:
    """The best sentence of an answer, cited wherever it stands, and where others say the same."""
    best = spans[0]
    text = one_line(best.quote)
    equal_spans = [best, *(span for span in reading.spans if one_line(span.quote) == text)]
    citations: dict[Citation, None] = dict.fromkeys(
        span.passage.cite(*span.sentence) for span in equal_spans
    )
    outlets = {span.passage.source for span in equal_spans}
    cited_articles = {
        article for span in equal_spans for article in _carriers(span.passage.article_id, reading)
    }
    agreeing = 0
    for span in spans:
        passage = span.passage
        # A copy of a text that is cited already adds no weight to it.
        independent = passage.source not in outlets and passage.article_id not in cited_articles
        if passage.source and independent and agreeing < _AGREEING:
            agreeing += 1
            outlets.add(passage.source)
            cited_articles |= _carriers(passage.article_id, reading)
            citations[passage.cite(*span.sentence)] = None
    return Statement(text, tuple(citations), "quoted")


def _carriers(article_id: str, reading: Reading) -> set[str]:
    """The article and its copies."""
    hits = (hit for hit in reading.hits if hit.passage.article_id == article_id)
    return {article_id, *(copy.article_id for hit in hits for copy in hit.copies)}
