"""A reader without any model: the sentence that holds most of the question, and what it wants.

The floor that works on any machine. It knows words and shapes, not meaning.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from operator import itemgetter

import qa.thresholds as thresholds
from qa.language.multilingual.identify import is_latin
from qa.language.multilingual.segment import pieces
from qa.language.sentences import sentences
from qa.language.words import stems
from qa.readers.candidates import candidates
from qa.readers.relevance import shares_topic
from qa.records.answer import Hit
from qa.records.question import ExpectedAnswer, Question
from qa.records.reading import UNANSWERED, AnswerForm, Reading, Span
from qa.safety.injection import overlaps
from qa.safety.untrusted import untrusted_in

__all__ = ["SentenceReader"]

_SPANS = 12
_CLOSE = 40


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence of a hit with its stems, and the stems that stand around and before it."""

    hit: Hit
    place: int
    start: int
    end: int
    own: frozenset[str]
    around: frozenset[str]
    before: frozenset[str]


class SentenceReader:
    """Scores every sentence of the hits by question words, proximity and form of answer."""

    def read(self, question: Question, hits: Sequence[Hit]) -> Reading:
        """Spans best first, one per sentence; a reason when no sentence is near enough."""
        if not hits:
            return Reading((), (), 0.0, UNANSWERED)
        expected = question.expected
        lines = [
            line for place, hit in enumerate(hits) for line in _trusted_lines(hit, place, question)
        ]
        weights = _weights(expected, lines)
        # What a sentence is about decides which are looked at closely.
        ranked_lines = sorted(
            ((_score(line, expected, weights), line) for line in lines), key=itemgetter(0)
        )
        close = [_span(line, expected, score) for score, line in ranked_lines[-_CLOSE:]]
        spans = sorted(close, key=lambda span: -span.score)[:_SPANS]
        top = spans[0].score if spans else 0.0
        in_pieces = bool(pieces(question.text))
        enough = thresholds.SENTENCE_PIECES if in_pieces else thresholds.SENTENCE_ENOUGH
        reason = "" if top >= enough else UNANSWERED
        confidence = 1 / (1 + exp(-3.4 * (top - 0.6)))
        # The order of the search is better than what these scores would make of it.
        # The forms of answers are those of English; elsewhere the sentence is all that is known.
        form: AnswerForm = "span" if is_latin(question.text) else "sentences"
        return Reading(tuple(hits), tuple(spans), confidence, reason, form=form)

    def states(self, question: str) -> None:
        """None: there is no network."""

    def relevant(self, question: Question, evidence: Sequence[str]) -> list[bool]:
        """Whether it shares more than a name with the question."""
        return [shares_topic(question.expected, each) for each in evidence]


def _lines(hit: Hit, place: int) -> list[_Line]:
    passage = hit.passage
    day = passage.published
    # What everybody knows of the sentence: the headline above it and when it appeared.
    title = stems(f"{passage.title} {day:%d %B %Y}" if day else passage.title)
    ranges = sentences(passage.text)
    own = [stems(passage.text[start:end]) for start, end in ranges]
    return [
        _Line(
            hit,
            place,
            passage.start + start,
            passage.start + end,
            own[number],
            title.union(*own),
            title.union(*own[: number + 1]),
        )
        for number, (start, end) in enumerate(ranges)
    ]


def _trusted_lines(hit: Hit, place: int, question: Question) -> list[_Line]:
    first, untrusted_spans = hit.passage.start, untrusted_in(hit, question.text)
    return [
        line
        for line in _lines(hit, place)
        if not overlaps(untrusted_spans, line.start - first, line.end - first)
    ]


def _weights(expected: ExpectedAnswer, lines: Sequence[_Line]) -> dict[str, float]:
    """A term counts the more, the fewer of the sentences found have it; they sum to 1."""
    frequency = Counter(term for line in lines for term in line.own & set(expected.terms))
    raw = {
        term: weight * log(2 + len(lines) / (1 + frequency[term]))
        for term, weight in expected.terms.items()
    }
    total = sum(raw.values()) or 1.0
    return {term: weight / total for term, weight in raw.items()}


def _score(line: _Line, expected: ExpectedAnswer, weights: dict[str, float]) -> float:
    own = sum(weight for term, weight in weights.items() if term in line.own)
    context_weight = sum(
        weight for term, weight in weights.items() if term in line.around - line.own
    )
    score = own + thresholds.SENTENCE_CONTEXT * context_weight
    # An answer about another person, place or number is no answer.
    if absent := expected.names - line.before:
        score *= 1 - 0.5 * len(absent) / len(expected.names)
    return score * (
        1 - thresholds.SENTENCE_PRIOR + thresholds.SENTENCE_PRIOR / (1 + line.place / 5)
    )


def _span(line: _Line, expected: ExpectedAnswer, score: float) -> Span:
    passage = line.hit.passage
    text = passage.text[line.start - passage.start : line.end - passage.start]
    ranges = candidates(text, expected)
    if not ranges and expected.kind != "phrase":
        score *= thresholds.SENTENCE_TYPELESS
    low, high = ranges[0] if ranges else (0, len(text))
    return Span(passage, line.start + low, line.start + high, (line.start, line.end), score)
