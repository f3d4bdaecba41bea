"""Sentences of the hits that an outlet has taken back. Knows records and words."""

from collections.abc import Sequence
from datetime import date

from qa.compose.corrections import Withdrawal, withdrawals
from qa.language.numerals import values
from qa.language.words import stems
from qa.records.answer import Hit
from qa.records.article import Passage

__all__ = ["Notices", "may_correct"]


class Notices:
    """What the passages of the hits take back, read once."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self._notices = [
            (hit.passage, each) for hit in hits for each in withdrawals(hit.passage.text)
        ]

    def withdraw(self, passage: Passage, sentence: tuple[int, int]) -> bool:
        """Whether one of them takes back a sentence of the passage, in characters of its article:
        the notice's own words about the error, or what its outlet had said before.
        """
        low, high = (place - passage.start for place in sentence)
        return any(
            _takes_back(notice, each, passage, sentence, passage.text[low:high])
            for notice, each in self._notices
        )


def may_correct(notice: Passage, other: Passage) -> bool:
    """Whether one outlet speaks in both, in the notice not earlier: others cannot correct it."""
    days = [each.published or date.min for each in (other, notice)]
    return bool(notice.source) and notice.source == other.source and days == sorted(days)


def _takes_back(
    notice: Passage,
    withdrawal: Withdrawal,
    passage: Passage,
    sentence: tuple[int, int],
    text: str,
) -> bool:
    if passage.article_id == notice.article_id:
        low, high = (notice.start + offset for offset in withdrawal.error)
        return sentence[0] < high and low < sentence[1]
    return (
        may_correct(notice, passage)
        and bool(withdrawal.wrong & values(text))
        and bool(withdrawal.words & stems(text))
    )
