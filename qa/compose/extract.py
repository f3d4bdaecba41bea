"""Answers in the articles' own words: the sentences that hold the best spans."""

from collections.abc import Iterator
from dataclasses import dataclass

from qa.asking import Question, Reading, Span
from qa.records import Statement
from qa.seams import Composition
from qa.text import one_line

__all__ = ["ExtractComposer"]

_STATEMENTS = 3
# A further sentence is worth its place if it scores nearly as well as the first.
_NEAR = 0.8


@dataclass(frozen=True, slots=True)
class ExtractComposer:
    """One to three sentences, the best first, each quoted exactly and cited."""

    def compose(self, question: Question, reading: Reading) -> Iterator[str | Composition]:
        """Each sentence as it is chosen, then the composition; only that when it abstains."""
        if reading.reason or not reading.spans:
            yield Composition(reason=reading.reason or "nothing in the collection answers this")
            return
        best = reading.spans[0]
        chosen = _choose(reading)
        for span in chosen:
            yield one_line(span.quote)
        yield Composition(
            short=one_line(best.text),
            statements=tuple(_statement(span, reading) for span in chosen),
        )


def _choose(reading: Reading) -> list[Span]:
    chosen: list[Span] = []
    for span in reading.spans:
        if len(chosen) == _STATEMENTS or span.score < _NEAR * reading.spans[0].score:
            break
        if all(one_line(span.quote) != one_line(other.quote) for other in chosen):
            chosen.append(span)
    return chosen


def _statement(span: Span, reading: Reading) -> Statement:
    """The sentence of a span, cited wherever the same sentence stands."""
    text = one_line(span.quote)
    same = [other for other in reading.spans if one_line(other.quote) == text]
    citations = dict.fromkeys(other.passage.cite(*other.sentence) for other in same)
    return Statement(text, tuple(citations), "verified")
