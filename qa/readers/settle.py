"""How far to read: until the answer is settled, and then only what could still contradict it.

Knows numbers and words, no model.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import log

import qa.thresholds as thresholds
from qa.language.sentences import sentences
from qa.language.words import stems
from qa.readers.encode import heading
from qa.readers.vote import Decision
from qa.readers.weigh import Scan, features, weigh
from qa.records.answer import Hit
from qa.records.article import Passage
from qa.records.question import ExpectedAnswer

__all__ = ["is_settled", "joined", "may_contradict", "unread_behind"]


def is_settled(scan: Scan, hits: Sequence[Hit], decision: Decision) -> bool:
    """Whether a span of these hits, all of which were scanned, is likely enough to be the answer.

    Of answers in other forms each further passage may tell more.
    """
    form, choices = weigh(scan, hits, decision)
    if form != "span" or not choices:
        return False
    return decision.confidence(features(choices, scan)) >= thresholds.SETTLED


def may_contradict(expected: ExpectedAnswer, passage: Passage) -> bool:
    """Whether a sentence of it, with the article's heading, holds as many of the question's words
    as one must that tells another answer; True for a question without words to go by.

    >>> wanted = ExpectedAnswer("number", terms={"sailor": 1.0, "die": 1.0, "ferri": 1.0})
    >>> may_contradict(wanted, Passage("a", 0, 28, "On the ferry, nine sailors died."[:28]))
    True
    >>> may_contradict(wanted, Passage("a", 0, 23, "The sailors ate apples."))
    False
    """
    terms = frozenset(expected.terms)
    least = thresholds.RIVAL_TERMS * len(terms)
    rest = terms - stems(heading(passage))
    known = len(terms) - len(rest)
    return known >= least or any(
        known + len(rest & stems(passage.text[start:end])) >= least
        for start, end in sentences(passage.text)
    )


def joined(first: Scan, second: Scan) -> Scan:
    """The scan of the hits of both, those of the second behind those of the first."""
    count = len(first.scores)
    moved = [replace(each, hit=each.hit + count) for each in second.candidates]
    return Scan([*first.scores, *second.scores], [*first.candidates, *moved])


def unread_behind(read: Sequence[Hit], unread: Sequence[Hit]) -> tuple[Hit, ...]:
    """Both, in this order; the scores of those that were not read end below those of the others."""
    if not read or not unread:
        return (*read, *unread)
    lowest, best = min(hit.score for hit in read), max(unread[0].score, 1e-9)
    return (
        *read,
        *(replace(hit, score=lowest + log(max(hit.score, 1e-9) / best)) for hit in unread),
    )
