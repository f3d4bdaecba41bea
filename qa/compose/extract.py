"""Answers in the articles' own words: the sentences that hold the best spans."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import qa.thresholds as thresholds
from qa.compose.corrections import errata
from qa.compose.foreign_claims import without_claim
from qa.language.cleaning import one_line
from qa.language.equivalence import disagree
from qa.language.phrases import join_members
from qa.language.words import answer_key, bare_words, holds, stems
from qa.protocols import Composition
from qa.readers.encode import heading
from qa.records.answer import Conflict, Statement
from qa.records.article import Citation, Passage
from qa.records.question import Question
from qa.records.reading import UNANSWERED, Reading, Span

__all__ = ["ExtractComposer", "conflicts_of"]

_STATEMENTS, _SENTENCES = 3, 5
_AGREEING = 2
# What is so now, of which the newest of rival answers tells. On news-train it changes nothing.
_PRESENT = re.compile(
    r"\b(?:is|are|has|have|does|do|can|now|currently|current|today)\b|['’]s (?:the|its|his|her)\b",
    re.IGNORECASE,
)
_PAST_TENSE = re.compile(r"\b(?:was|were|did|had|been|became|former|first|won)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ExtractComposer:
    """One to three sentences, the best first, each quoted exactly and cited.

    Other outlets that give the same answer in a text of their own are cited with it; one that
    gives another number, date or name with a comparable probability makes a conflict.
    """

    def compose(self, question: Question, reading: Reading) -> Iterator[str | Composition]:
        """Each sentence as it is chosen, then the composition; only that when it abstains."""
        if reading.reason or not reading.spans:
            yield Composition(reason=reading.reason or UNANSWERED)
            return
        answers, conflicts = _weigh_answers(question, reading)
        members = [[item] for item in reading.items]
        listed_answers = members or answers[:1]
        statements: list[Statement] = []
        most = _SENTENCES if reading.form == "sentences" else _STATEMENTS
        for spans in _quoted_answers(answers, listed_answers, most):
            statement = _statement(spans, reading)
            if not any(_overlap(statement, previous) for previous in statements):
                yield f" {statement.text}" if statements else statement.text
                statements.append(statement)
        for conflict in conflicts:
            yield f" {conflict.text}"
        parts = tuple(one_line(spans[0].text) for spans in listed_answers)
        yield Composition(
            short=_short(reading, parts),
            parts=parts,
            statements=tuple(statements),
            conflicts=conflicts,
        )


def conflicts_of(question: Question, reading: Reading) -> tuple[Conflict, ...]:
    """Where the passages contradict each other about what is asked, as the reader found it; none
    when it would abstain.
    """
    if reading.reason or not reading.spans:
        return ()
    return _weigh_answers(question, reading)[1]


def _weigh_answers(
    question: Question, reading: Reading
) -> tuple[list[list[Span]], tuple[Conflict, ...]]:
    """The answers in their order, and what contradicts the first."""
    answers = _answers(reading)
    if not reading.weighed or reading.form != "span":
        return answers, ()
    answers, claim = without_claim(answers)
    if claim:
        is_opposed = _contradicts(answers[0][0], claim[0])
        return answers, (_against(answers[0][0], claim[0]),) if is_opposed else ()
    if correction := _apply_erratum(question, answers, reading):
        corrected_span, error, others = correction
        against = error and _contradicts(corrected_span, error[0])
        answer_order = [spans for spans in ([corrected_span], error, *others) if spans]
        return answer_order, (_against(corrected_span, error[0]),) if against else ()
    answers = _newest_first(question, answers)
    conflict = _conflict(question, answers)
    return answers, (conflict,) if conflict else ()


def _apply_erratum(
    question: Question, answers: list[list[Span]], reading: Reading
) -> tuple[Span, list[Span], list[list[Span]]] | None:
    """What a notice puts in the place of the first answer; where that answer stands, nowhere if
    the notice alone tells it; the other answers. None if nothing corrects it that was known on the
    day that is asked about.
    """
    first = answers[0][0]
    for hit in reading.hits:
        passage = hit.passage
        if passage.published and (passage.published - question.as_of).days > 1:
            continue
        for each in errata(passage.text, first.text):
            error, sentence, right = (
                (passage.start + low, passage.start + high) for low, high in each
            )
            # What a notice tells of the error is no evidence for it.
            uncorrected_spans, *others = (
                [span for span in spans if not _meets(span, passage, error)] for spans in answers
            )
            if not uncorrected_spans or _corrects(passage, uncorrected_spans[0].passage):
                corrected_span = Span(passage, *right, sentence, first.score)
                return corrected_span, uncorrected_spans, others
    return None


def _meets(span: Span, passage: Passage, place: tuple[int, int]) -> bool:
    """Whether a span's sentence meets that place of the article of a passage."""
    (low, high), (start, end) = span.sentence, place
    return span.passage.article_id == passage.article_id and low < end and start < high


def _corrects(notice: Passage, other: Passage) -> bool:
    """Whether one outlet speaks in both, in the notice not earlier: others cannot correct it."""
    days = [each.published or date.min for each in (other, notice)]
    return bool(notice.source) and notice.source == other.source and days == sorted(days)


def _answers(reading: Reading) -> list[list[Span]]:
    """The spans that give the same answer together, the answers in order of their best."""
    answers: dict[str, list[Span]] = {}
    for span in reading.spans:
        key = answer_key(span.text) if reading.weighed else one_line(span.quote)
        answers.setdefault(key, []).append(span)
    return list(answers.values())


def _newest_first(question: Question, answers: list[list[Span]]) -> list[list[Span]]:
    """The answers, for what is so now with the newest of those that contradict each other and are
    as good in front; what appeared after the day that is asked about is no newer.
    """
    if not _PRESENT.search(question.text) or _PAST_TENSE.search(question.text):
        return answers
    first = answers[0][0]
    question_terms = frozenset(question.expected.terms)

    def rivals(spans: Sequence[Span]) -> bool:
        best = spans[0]
        topic_share = min(_topic_share(side, question_terms) for side in (first, best))
        likely = best.score / first.score if first.score else 0.0
        same = (likely >= thresholds.RIVAL_ANSWER and topic_share >= thresholds.RIVAL_TERMS) or (
            likely >= thresholds.NEWER_ANSWER and topic_share >= thresholds.NEWER_TERMS
        )
        return same and _contradicts(first, best)

    newest = max(
        [answers[0], *filter(rivals, answers[1:])],
        key=lambda spans: _freshness(spans, question.as_of),
    )
    return [newest, *(spans for spans in answers if spans is not newest)]


def _freshness(spans: Sequence[Span], as_of: date) -> int:
    """The day on which an answer was last given, 0 if unknown or later than ``as_of``."""
    days = (span.passage.published for span in spans)
    return max((day.toordinal() for day in days if day and (day - as_of).days <= 1), default=0)


def _short(reading: Reading, parts: Sequence[str]) -> str:
    """The answer alone: yes, no, the span or the members of a list; none for whole sentences."""
    if reading.form in ("yes", "no"):
        return reading.form.capitalize()
    if reading.form == "sentences":
        return ""
    return join_members(parts)


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


def _conflict(question: Question, answers: Sequence[list[Span]]) -> Conflict | None:
    """The first answer against the likeliest one that contradicts it, if there is one."""
    first = answers[0][0]
    question_terms = frozenset(question.expected.terms)
    for spans in answers[1:]:
        span = spans[0]
        if span.score < thresholds.RIVAL_ANSWER * first.score:
            return None
        same_topic = all(
            _topic_share(side, question_terms) >= thresholds.RIVAL_TERMS for side in (first, span)
        )
        if same_topic and _contradicts(first, span):
            return _against(first, span)
    return None


def _against(first: Span, other: Span) -> Conflict:
    """The newer side first; of the same age, the likelier."""
    sides = sorted((first, other), key=_age)
    return Conflict(
        tuple(
            Statement(one_line(side.quote), (side.passage.cite(*side.sentence),), "quoted")
            for side in sides
        ),
        tuple(one_line(side.text) for side in sides),
    )


def _topic_share(span: Span, question_terms: frozenset[str]) -> float:
    """The share of the question's words that its sentence or the article's heading holds."""
    sentence_stems = stems(f"{heading(span.passage)} {span.quote}")
    return len(question_terms & sentence_stems) / len(question_terms) if question_terms else 0.0


def _contradicts(one: Span, other: Span) -> bool:
    if one.passage.article_id == other.passage.article_id or not disagree(one.text, other.text):
        return False
    # A sentence that holds both answers sets them side by side, not against each other.
    pairs = ((one.text, other.quote), (other.text, one.quote))
    return not any(holds(bare_words(quote), bare_words(text)) for text, quote in pairs)


def _overlap(one: Statement, other: Statement) -> bool:
    """Whether two statements quote some of the same words of an article, or the same words."""
    return one.text in other.text or any(
        citation.article_id == other_citation.article_id
        and citation.start < other_citation.end
        and other_citation.start < citation.end
        for citation in one.citations[:1]
        for other_citation in other.citations
    )


def _age(span: Span) -> int:
    return -(span.passage.published or date.min).toordinal()


def _statement(spans: Sequence[Span], reading: Reading) -> Statement:
    """The best sentence of an answer, cited wherever it stands, and where others say the same."""
    best = spans[0]
    text = one_line(best.quote)
    equal_spans = [span for span in reading.spans if one_line(span.quote) == text]
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
