"""Which of rival answers is told, and where articles contradict each other about what is asked."""

import re
from collections.abc import Sequence
from datetime import date

import qa.thresholds as thresholds
from qa.compose.corrections import errata
from qa.compose.foreign_claims import without_claim
from qa.compose.withdrawn import Notices, may_correct
from qa.language.cleaning import one_line
from qa.language.words import answer_key
from qa.readers.relevance import topic_share
from qa.readers.rivals import contradict
from qa.records.answer import Conflict, Disagreement, Statement
from qa.records.article import Passage
from qa.records.question import Question
from qa.records.reading import Reading, Span

__all__ = ["conflicts_of", "disputes_of", "weigh_answers"]

# What is so now or is to come, of which the newest of rival answers tells. On news-train it changes
# nothing.
_PRESENT = re.compile(
    r"\b(?:is|are|has|have|does|do|can|will|now|currently|current|today)\b"
    r"|['’]s (?:the|its|his|her)\b",
    re.IGNORECASE,
)
_PAST_TENSE = re.compile(r"\b(?:was|were|did|had|been|became|former|first|won)\b", re.IGNORECASE)

# Days between two reports of the same state of things.
_SAME_NEWS_DAYS = 1


def conflicts_of(question: Question, reading: Reading) -> tuple[Conflict, ...]:
    """Where the passages contradict each other about what is asked, as the reader found it; when it
    would abstain only where disagreement itself is asked for.
    """
    if reading.reason or not reading.spans:
        return disputes_of(reading)
    return weigh_answers(question, reading)[1]


def disputes_of(reading: Reading) -> tuple[Conflict, ...]:
    """The disputes that the reader found, without those of which an outlet took a side back."""
    if not reading.disputes:
        return ()
    notices = Notices(reading.hits)
    return tuple(
        _against(*pair)
        for pair in reading.disputes
        if not any(notices.withdraw(span.passage, span.sentence) for span in pair)
    )


def weigh_answers(
    question: Question, reading: Reading
) -> tuple[list[list[Span]], tuple[Conflict, ...]]:
    """The answers in their order, and what contradicts the first."""
    answers, disputes = _answers(reading), disputes_of(reading)
    if disputes or not reading.weighed or reading.form != "span":
        return answers, disputes
    answers, claim = without_claim(answers)
    if claim:
        is_opposed = contradict(answers[0][0], claim[0])
        return answers, (_against(answers[0][0], claim[0]),) if is_opposed else ()
    if correction := _apply_erratum(question, answers, reading):
        corrected_span, error, others = correction
        against = error and contradict(corrected_span, error[0])
        answer_order = [spans for spans in ([corrected_span], error, *others) if spans]
        corrected = (_against(corrected_span, error[0], "corrected"),) if against else ()
        return answer_order, corrected
    conflict = _conflict(question, answers[0][0], reading.rivals)
    newest = _newest_first(question, answers)
    if newest[0] is not answers[0]:
        conflict = _against(newest[0][0], answers[0][0])
    return newest, (conflict,) if conflict else ()


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
            if not uncorrected_spans or may_correct(passage, uncorrected_spans[0].passage):
                corrected_span = Span(passage, *right, sentence, first.score)
                return corrected_span, uncorrected_spans, others
    return None


def _meets(span: Span, passage: Passage, place: tuple[int, int]) -> bool:
    """Whether a span's sentence meets that place of the article of a passage."""
    (low, high), (start, end) = span.sentence, place
    return span.passage.article_id == passage.article_id and low < end and start < high


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
    if not _asks_state(question):
        return answers
    first = answers[0][0]
    question_terms = frozenset(question.expected.terms)

    def rivals(spans: Sequence[Span]) -> bool:
        best = spans[0]
        least_share = min(topic_share(side, question_terms) for side in (first, best))
        likely = best.score / first.score if first.score else 0.0
        same = (likely >= thresholds.RIVAL_ANSWER and least_share >= thresholds.RIVAL_TERMS) or (
            likely >= thresholds.NEWER_ANSWER and least_share >= thresholds.NEWER_TERMS
        )
        return same and contradict(first, best)

    newest = max(
        [answers[0], *filter(rivals, answers[1:])],
        key=lambda spans: _freshness(spans, question.as_of),
    )
    return [newest, *(spans for spans in answers if spans is not newest)]


def _freshness(spans: Sequence[Span], as_of: date) -> int:
    """The day on which an answer was last given, 0 if unknown or later than ``as_of``."""
    days = (span.passage.published for span in spans)
    return max((day.toordinal() for day in days if day and (day - as_of).days <= 1), default=0)


def _conflict(question: Question, first: Span, rivals: Sequence[Span]) -> Conflict | None:
    """The first answer against the best of its rivals that tells of the same, if there is one: of
    the same days, unless it is asked what is so now.
    """
    question_terms = frozenset(question.expected.terms)
    for span in rivals:
        same_topic = all(
            topic_share(side, question_terms) >= thresholds.RIVAL_TERMS for side in (first, span)
        )
        same_time = (
            _asks_state(question) or abs(_days_between(first, span)) <= thresholds.SAME_EVENT_DAYS
        )
        if same_topic and same_time and contradict(first, span):
            return _against(first, span)
    return None


def _asks_state(question: Question) -> bool:
    """Whether it asks what is so now."""
    return bool(_PRESENT.search(question.text)) and not _PAST_TENSE.search(question.text)


def _days_between(one: Span, other: Span) -> int:
    """From one's publication to the other's; 0 where a day is unknown."""
    days = (one.passage.published, other.passage.published)
    return (days[1] - days[0]).days if days[0] and days[1] else 0


def _against(first: Span, other: Span, relation: Disagreement | None = None) -> Conflict:
    """The newer side first; of the same age, the likelier. What was published on another day, and
    is no report of the morning after, has changed.
    """
    sides = sorted((first, other), key=_age)
    if relation is None:
        has_changed = _days_between(sides[1], sides[0]) > _SAME_NEWS_DAYS
        relation = "changed" if has_changed else "differ"
    return Conflict(
        tuple(
            Statement(one_line(side.quote), (side.passage.cite(*side.sentence),), "quoted")
            for side in sides
        ),
        tuple(one_line(side.text) for side in sides),
        relation,
    )


def _age(span: Span) -> int:
    return -(span.passage.published or date.min).toordinal()
