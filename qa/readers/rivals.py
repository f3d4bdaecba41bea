"""Other values of the quantity that was asked for: where articles may contradict each other.

Which sentences are looked at is told by numbers and units; whether one of them answers the question
is for the network to say, which reads it alone.
"""

import re
from collections.abc import Iterator, Sequence

from qa.language.equivalence import QUANTITIES, disagree, form
from qa.language.words import stem
from qa.records.reading import Span

__all__ = ["possible_rivals"]

# Sentences that are read again, at most.
_MOST = 6
_WORD_BEHIND = re.compile(r"[^\w.!?;:]*([^\W\d_]+)")


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
    unit = _unit(first)
    for span in others:
        elsewhere = span.passage.article_id != first.passage.article_id
        same_things = elsewhere and unit and _is_whole(span) and _unit(span) == unit
        if same_things and disagree(first.text, span.text):
            yield span


def _is_whole(span: Span) -> bool:
    """Whether no number goes on before or behind the span."""
    text, low = span.passage.text, span.passage.start
    around = (
        text[max(0, span.start - low - 2) : span.start - low],
        text[span.end - low : span.end - low + 2],
    )
    return not re.search(r"\d[.,]?$", around[0]) and not re.match(r"[.,]?\d", around[1])


def _unit(span: Span) -> str:
    """The stem of what is counted: the last word of the span, or the one right behind its number;
    empty for none.
    """
    words = re.findall(r"[^\W\d_]{3,}|[%$€£]", span.text)
    if words:
        return stem(words[-1].lower())
    behind = span.passage.text[span.end - span.passage.start :]
    match = _WORD_BEHIND.match(behind)
    return stem(match[1].lower()) if match else ""
