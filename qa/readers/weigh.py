"""What the network says of the hits, weighed: the form of the answer, the answers, the features of
the confidence. Knows numbers and records, no model.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import log
from typing import NamedTuple

import numpy as np

import qa.thresholds as thresholds
from qa.protocols import Vectors
from qa.readers.neural.decode import Marked
from qa.readers.neural.inference import Judged
from qa.readers.neural.network import FORMS
from qa.readers.vote import Candidate, Choice, Decision, sigmoid, vote
from qa.records.answer import Hit
from qa.records.reading import AnswerForm

__all__ = [
    "HitScores",
    "Scan",
    "asks_verdict",
    "brevity",
    "features",
    "form_of",
    "is_settled",
    "joined",
    "rank_sentences",
    "sentence_features",
    "unread_behind",
    "weigh",
    "worth",
]

# The span score, in log odds, of a sentence that holds no candidate.
_NO_SPAN = -12.0
# The opening of an article, in characters, tells what happened.
_LEAD = 400
# Log odds over which one sentence is as good as another.
_QUOTED_SURELY = 8.0
_VERDICTS = (FORMS.index("yes"), FORMS.index("no"))


@dataclass(slots=True)
class HitScores:
    """What the network says of one hit, as log odds, by its likeliest window: ``forms`` in the
    order of ``FORMS``; ``items`` are what it holds of an answer's members, and ``evidence`` its
    sentences, in characters of the passage; ``verdicts`` those that were read once more for what
    they say to a question of yes or no.
    """

    relevance: float = -30.0
    answerable: float = -30.0
    forms: Vectors = field(default_factory=lambda: np.zeros(len(FORMS), np.float32))
    items: list[Marked] = field(default_factory=list)
    evidence: list[Marked] = field(default_factory=list)
    verdicts: list[Judged] = field(default_factory=list)


class Scan(NamedTuple):
    """What the network found: scores of each hit, and candidates in no order."""

    scores: list[HitScores]
    candidates: list[Candidate]


def weigh(scan: Scan, hits: Sequence[Hit], decision: Decision) -> tuple[AnswerForm, list[Choice]]:
    """The form of the answer, and the different answers of that form, best first."""
    form = form_of(scan.scores)
    if form in ("span", "list"):
        return form, vote(scan.candidates, [hit.score for hit in hits], decision)
    choices = _sentence_choices(scan, hits, form, decision)
    return form, sorted(choices, key=lambda choice: -choice.weight)


def form_of(scores: Sequence[HitScores]) -> AnswerForm:
    """In which form the hits that answer do so: they count the more, the surer that is. Where it is
    yes or no, and unsure which, sentences answer.
    """
    shares = _form_shares(scores)
    return _verdict_of(scores) if _is_verdict(shares) else FORMS[int(shares.argmax())]


def asks_verdict(scores: Sequence[HitScores]) -> bool:
    """Whether yes or no is the likeliest form of the answer, whichever it be."""
    return bool(scores) and _is_verdict(_form_shares(scores))


def brevity(scores: Sequence[HitScores]) -> float:
    """How likely, in [0, 1], a span answers rather than whole sentences; 1 without hits."""
    if not scores:
        return 1.0
    shares = _form_shares(scores)
    span, sentences = (float(shares[FORMS.index(form)]) for form in ("span", "sentences"))
    return span / (span + sentences)


def _form_shares(scores: Sequence[HitScores]) -> Vectors:
    sure = np.array([each.answerable for each in scores])
    weights = np.exp(sure - np.logaddexp.reduce(sure))
    shares: Vectors = weights @ np.exp([each.forms for each in scores])
    return shares


def _is_verdict(shares: Vectors) -> bool:
    numbers = range(len(FORMS))
    others = max(float(shares[number]) for number in numbers if number not in _VERDICTS)
    return sum(float(shares[number]) for number in _VERDICTS) > others


def _verdict_of(scores: Sequence[HitScores]) -> AnswerForm:
    """What the sentences say together, each the more, the likelier a good answer quotes it:
    neither word where they leave it open, or are unsure which.
    """
    sentences = [each for own in scores for each in own.verdicts]
    if not sentences:
        return "sentences"
    weights = np.exp([min(each.score, _QUOTED_SURELY) for each in sentences])
    verdicts = np.array([each.verdict for each in sentences])
    settled = weights @ (1 - verdicts[:, 2]) / weights.sum()
    yes, no = (weights * (1 - verdicts[:, 2])) @ verdicts[:, :2]
    if settled < thresholds.VERDICT or max(yes, no) < thresholds.YES_OR_NO * (yes + no):
        return "sentences"
    return "yes" if yes > no else "no"


def rank_sentences(scan: Scan, hits: Sequence[Hit], decision: Decision) -> list[list[Marked]]:
    """For each hit its sentences with the log odds that a good answer quotes them, best first."""
    constant, *weights = decision.sentence
    return [
        sorted(
            (
                each._replace(score=constant + float(np.dot(weights, row)))
                for each, row in zip(own.evidence, rows, strict=True)
            ),
            key=lambda each: -each.score,
        )
        for own, rows in zip(scan.scores, sentence_features(scan, hits), strict=True)
    ]


def sentence_features(
    scan: Scan, hits: Sequence[Hit]
) -> list[list[tuple[float, float, float, float]]]:
    """For each sentence of each hit, in the order of ``HitScores.evidence``: the log odds of its
    own evidence, the log of the search's score of the hit against the best hit's, the score of the
    best span in it, and 1 if it stands in the opening of its article. On written questions over
    `news-train` whether the hit answers, and its relevance, added nothing to these.
    """
    best = max((hit.score for hit in hits), default=0.0)
    rows = []
    for number, (hit, own) in enumerate(zip(hits, scan.scores, strict=True)):
        place = log(max(hit.score, 1e-9) / best) if best > 0 else 0.0
        spans = [item for item in scan.candidates if item.hit == number]
        rows.append(
            [
                (each.score, place, _best_span(spans, each), float(_is_lead(hit, each)))
                for each in own.evidence
            ]
        )
    return rows


def _best_span(spans: Sequence[Candidate], place: Marked) -> float:
    inside = (span.score for span in spans if span.start < place.end and place.start < span.end)
    return max(inside, default=_NO_SPAN)


def _is_lead(hit: Hit, place: Marked) -> bool:
    return hit.passage.start + place.start < _LEAD


def _sentence_choices(
    scan: Scan, hits: Sequence[Hit], form: AnswerForm, decision: Decision
) -> Iterator[Choice]:
    """Whole sentences as answers: for yes or no the likeliest of each hit that says so."""
    sentences = rank_sentences(scan, hits, decision)
    for number, (hit, own) in enumerate(zip(hits, scan.scores, strict=True)):
        if form in ("yes", "no"):
            ranked = sorted(
                (
                    (Marked(each.start, each.end, each.score), float(getattr(each.verdict, form)))
                    for each in own.verdicts
                    if max(each.verdict) == getattr(each.verdict, form)
                ),
                key=lambda one: -one[1],
            )[:1]
        else:
            ranked = [(each, sigmoid(each.score)) for each in sentences[number]]
        for each, share in ranked:
            text = hit.passage.text[each.start : each.end]
            candidate = Candidate(number, each.start, each.end, text, each.score, text)
            yield Choice((candidate,), sigmoid(own.answerable) * share)


def features(choices: Sequence[Choice], scan: Scan) -> tuple[float, float]:
    """What the confidence is made of, as log odds: the first choice's weight, and whether any hit
    answers the question.
    """
    first = min(max(choices[0].weight, 1e-4), 1 - 1e-4)
    return log(first / (1 - first)), max(own.answerable for own in scan.scores)


def worth(scan: Scan, hits: Sequence[Hit], order: float) -> list[float]:
    """By what hits are reordered: their relevance, and ``order`` times the log of their scores."""
    return [
        own.relevance + order * log(max(hit.score, 1e-9))
        for hit, own in zip(hits, scan.scores, strict=True)
    ]


def is_settled(scan: Scan, hits: Sequence[Hit], decision: Decision) -> bool:
    """Whether a span of these hits, all of which were scanned, is likely enough to be the answer.

    Of answers in other forms each further passage may tell more.
    """
    form, choices = weigh(scan, hits, decision)
    if form != "span" or not choices:
        return False
    return decision.confidence(features(choices, scan)) >= thresholds.SETTLED


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
