"""Where articles disagree about a figure, whichever it be: two sentences with other numbers of the
same things. Whether they speak of the same is for the network to say, which is asked each sentence
with its own number left open, then with the other's number, and reads the other.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from math import inf

import qa.thresholds as thresholds
from qa.language.equivalence import QUANTITIES, form
from qa.language.numerals import values
from qa.language.sentences import sentences
from qa.language.words import stems
from qa.readers.candidates import candidates
from qa.readers.relevance import topic_share
from qa.readers.rivals import ScoreAlone, contradict, is_whole, unit_of
from qa.readers.vote import sigmoid
from qa.records.answer import Hit
from qa.records.article import Passage
from qa.records.question import ExpectedAnswer, Question
from qa.records.reading import Reading, Span
from qa.safety.injection import overlaps
from qa.safety.untrusted import untrusted_in

__all__ = ["as_question", "possible_disputes", "with_disputes"]

# Stems that two sentences of one event share at least.
_SHARED = 2
# Pairs that are read, and told, at most.
_MOST, _TOLD = 16, 3

Affirm = Callable[[str, str], float]
"""How likely, in [0, 1], a text affirms what a question of yes or no asks."""

_ENDS = " .!\"”’'"
_ANY_NUMBER = ExpectedAnswer("number")


def with_disputes(
    question: Question, reading: Reading, score_alone: ScoreAlone, affirm: Affirm
) -> Reading:
    """The reading with the disputes of its hits that have to do with the question, the surest
    first; if there are any it is as sure as of the first.

    A pair has to do with it whose numbers the question names, or of which one sentence, with the
    heading of its article, holds as many of the words of its topics as a rival of an answer must.
    """
    topics = frozenset(stems(" ".join(question.topics)))
    named_values = values(question.text)

    def is_near(span: Span) -> bool:
        shares_topics = topic_share(span, topics) >= thresholds.RIVAL_TERMS
        return shares_topics or bool(values(span.text) & named_values)

    scored = [
        (min(_answers(one, other, score_alone), _answers(other, one, score_alone)), one, other)
        for one, other in possible_disputes(question.text, reading.hits)
        if is_near(one) or is_near(other)
    ]
    same_matter = [
        (odds, one, other)
        for odds, one, other in sorted(scored, key=lambda each: -each[0])
        if odds >= thresholds.DISPUTE
        and min(
            affirm(as_question(one, other.text), other.quote),
            affirm(as_question(other, one.text), one.quote),
        )
        >= thresholds.SAME_MATTER
    ]
    if not same_matter:
        return reading
    return replace(
        reading,
        confidence=max(reading.confidence, sigmoid(same_matter[0][0])),
        disputes=tuple((one, other) for _, one, other in same_matter[:_TOLD]),
    )


def possible_disputes(question: str, hits: Sequence[Hit]) -> list[tuple[Span, Span]]:
    """Pairs of numbers of the same things that cannot both be meant, in articles of the same days
    by different outlets, those whose sentences share most words first; if the question names both
    numbers of some pairs, these alone. Empty where nothing is counted twice.
    """
    pairs = {
        (one.quote, other.quote, one.text, other.text): (one, other)
        for one, other in _pairs(question, hits)
    }
    named_values = values(question)
    named = [
        pair for pair in pairs.values() if all(values(span.text) & named_values for span in pair)
    ]
    return sorted(named or pairs.values(), key=_shared_words, reverse=True)[:_MOST]


def as_question(span: Span, number: str = "how many") -> str:
    """The sentence of a number, asking for it, or whether it is another one.

    >>> passage = Passage("a", 0, 30, "Crews moved 1,400 people away.")
    >>> span = Span(passage, 12, 17, (0, 30), 1.0)
    >>> as_question(span), as_question(span, "86")
    ('Crews moved how many people away?', 'Crews moved 86 people away?')
    """
    low, high = span.start - span.sentence[0], span.end - span.sentence[0]
    behind = span.quote[high:].rstrip(_ENDS)
    return f"{span.quote[:low]}{number}{behind}?"


def _answers(one: Span, other: Span, score_alone: ScoreAlone) -> float:
    """Log odds that the other's sentence answers what the one's leaves open."""
    (scores,) = score_alone(as_question(one), [other.quote])
    return max((each.answerable for each in scores), default=0.0)


def _pairs(question: str, hits: Sequence[Hit]) -> Iterator[tuple[Span, Span]]:
    numbers_of = [[*_numbers(question, hit)] for hit in hits]
    for left, right in combinations(range(len(hits)), 2):
        if not _tell_one_event(hits[left].passage, hits[right].passage):
            continue
        for one in numbers_of[left]:
            for other in numbers_of[right]:
                if _may_disagree(one, other):
                    yield one, other


def _numbers(question: str, hit: Hit) -> Iterator[Span]:
    """The quantities of whole sentences of which it is told what is counted; none of what is said
    to a machine.
    """
    passage, excluded = hit.passage, untrusted_in(hit, question)
    for low, high in sentences(passage.text):
        if overlaps(excluded, low, high):
            continue
        sentence = passage.text[low:high]
        for start, end in candidates(sentence, _ANY_NUMBER):
            span = Span(
                passage,
                passage.start + low + start,
                passage.start + low + end,
                (passage.start + low, passage.start + high),
                0.0,
            )
            if form(span.text) in QUANTITIES and is_whole(span) and unit_of(span):
                yield span


def _tell_one_event(one: Passage, other: Passage) -> bool:
    """Whether two articles are of the same days, and of outlets that may disagree."""
    days = (one.published, other.published)
    return (
        one.article_id != other.article_id
        and (one.source != other.source or not one.source)
        and days[0] is not None
        and days[1] is not None
        and abs((days[0] - days[1]).days) <= thresholds.SAME_EVENT_DAYS
    )


def _may_disagree(one: Span, other: Span) -> bool:
    """Whether two numbers cannot both be meant, and may well be of one thing."""
    return (
        unit_of(one) == unit_of(other)
        and contradict(one, other)
        and _ratio(one, other) <= thresholds.DISPUTED_RATIO
        and _shared_words((one, other)) >= _SHARED
    )


def _ratio(one: Span, other: Span) -> float:
    """Of the larger number to the smaller one."""
    low, high = sorted(max(values(span.text), default=0.0) for span in (one, other))
    return high / low if low > 0 else inf


def _shared_words(pair: tuple[Span, Span]) -> int:
    return len(stems(pair[0].quote) & stems(pair[1].quote))
