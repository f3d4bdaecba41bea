"""Other values of the quantity that was asked for: where articles may contradict each other.

Which sentences are looked at is told by numbers and units; whether one of them answers the question
is for the network to say, which reads it alone.
"""

import re
from collections.abc import Callable, Iterator, Sequence

import qa.thresholds as thresholds
from qa.language.equivalence import QUANTITIES, disagree, form
from qa.language.lexicon import NUMBER_WORDS, SCALES
from qa.language.words import bare_words, holds, stem
from qa.readers.neural.network import Scores
from qa.records.question import Question
from qa.records.reading import Reading, Span

__all__ = ["ScoreAlone", "contradict", "is_whole", "possible_rivals", "rivals", "unit_of"]

ScoreAlone = Callable[[str, Sequence[str]], Sequence[Sequence[Scores]]]
"""What the network says to a question of the windows of each text, without all around it."""


# Sentences that are read again, at most.
_MOST = 6
_NUMERALS = frozenset({*SCALES, *NUMBER_WORDS})
_WORD_BEHIND = re.compile(r"[^\w.!?;:]*([^\W\d_]+)")


def rivals(question: Question, reading: Reading, score_alone: ScoreAlone) -> Iterator[Span]:
    """The spans with another value of the same quantity whose sentence, read without all that
    stands around it, answers the question.
    """
    if reading.reason or reading.form != "span":
        return
    spans = possible_rivals(reading.spans)
    scores_of = score_alone(question.text, [span.quote for span in spans])
    for span, scores in zip(spans, scores_of, strict=True):
        if any(each.answerable >= thresholds.RIVAL_ALONE for each in scores):
            yield span


def possible_rivals(spans: Sequence[Span]) -> list[Span]:
    """For the first span, which is best, those of other articles that give another number of the
    same things, best first, each sentence once; none unless it is a quantity.
    """
    if not spans or form(spans[0].text) not in QUANTITIES:
        return []
    found: dict[tuple[str, tuple[int, int]], Span] = {}
    for span in _rivals(spans[0], spans[1:]):
        found.setdefault((span.passage.article_id, span.sentence), span)
    return [*found.values()][:_MOST]


def _rivals(first: Span, others: Sequence[Span]) -> Iterator[Span]:
    unit = unit_of(first)
    for span in others:
        elsewhere = span.passage.article_id != first.passage.article_id
        same_things = elsewhere and unit and is_whole(span) and unit_of(span) == unit
        if same_things and disagree(first.text, span.text):
            yield span


def contradict(one: Span, other: Span) -> bool:
    """Whether two articles give answers that cannot both be meant. A sentence that holds both sets
    them side by side, not against each other.
    """
    if one.passage.article_id == other.passage.article_id or not disagree(one.text, other.text):
        return False
    pairs = ((one.text, other.quote), (other.text, one.quote))
    return not any(holds(bare_words(quote), bare_words(text)) for text, quote in pairs)


def is_whole(span: Span) -> bool:
    """Whether no number goes on before or behind the span."""
    text, low = span.passage.text, span.passage.start
    around = (
        text[max(0, span.start - low - 2) : span.start - low],
        text[span.end - low : span.end - low + 2],
    )
    return not re.search(r"\d[.,]?$", around[0]) and not re.match(r"[.,]?\d", around[1])


def unit_of(span: Span) -> str:
    """The stem of what is counted: the last word of the span, or the one right behind its number;
    empty for none.
    """
    words = re.findall(r"[^\W\d_]{3,}|[%$€£]", span.text)
    if units := [word for word in words if word.lower() not in _NUMERALS]:
        return stem(units[-1].lower())
    behind = span.passage.text[span.end - span.passage.start :]
    match = _WORD_BEHIND.match(behind)
    return stem(match[1].lower()) if match else ""
