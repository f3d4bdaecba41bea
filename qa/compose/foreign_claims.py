"""Which of several answers only a notice of another outlet puts in the place of the others."""

from collections.abc import Sequence
from typing import NamedTuple

from qa.compose.corrections import errata
from qa.records.reading import Span

__all__ = ["ForeignClaim", "without_claim"]


class ForeignClaim(NamedTuple):
    """The answers without the claim, and the spans of the claim; none if there is none."""

    answers: list[list[Span]]
    claim: list[Span]


def without_claim(answers: list[list[Span]]) -> ForeignClaim:
    """The answers, spans of each together, without the first one if it is meant to correct another
    that its outlet never gave: such a notice corrects nothing, it only disagrees.
    """
    for place, rivals in enumerate(answers[1:], start=1):
        if _is_foreign_claim(answers[0], rivals):
            return ForeignClaim([rivals, *answers[1:place], *answers[place + 1 :]], answers[0])
    return ForeignClaim(answers, [])


def _is_foreign_claim(spans: Sequence[Span], rivals: Sequence[Span]) -> bool:
    outlets = {span.passage.source for span in rivals if not _in_notice(span, rivals[0].text)}
    return bool(outlets) and all(
        _in_notice(span, rivals[0].text) and span.passage.source not in outlets for span in spans
    )


def _in_notice(span: Span, error: str) -> bool:
    """Whether the span's sentence tells the error or what is put in its place."""
    low, high = (place - span.passage.start for place in span.sentence)
    return any(
        low < end and start < high
        for notice in errata(span.passage.text, error)
        for start, end in (notice.error, notice.sentence)
    )
