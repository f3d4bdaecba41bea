"""The trained reader: a small network scores every passage, and the passages vote.

One pass of the encoder per question and passage gives relevance, start and end scores that were
trained to be comparable across the passages of a question (shared normalisation with "no
answer", Clark and Gardner 2018), as multi-passage readers do (Wang et al. 2019, "Multi-passage
BERT"). Equal answers add up, copies count once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import log
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from qa.language.equivalence import QUANTITIES, form
from qa.language.sentences import sentences
from qa.language.words import bare_words, stem, stems, terms
from qa.readers.candidates import has_unit
from qa.readers.encode import Encoded, Encoder, heading
from qa.readers.exclusions import asks_for_authors, bylines
from qa.readers.network import Network, Scores
from qa.readers.relevance import shares_topic
from qa.readers.vote import Candidate, Choice, Decision, vote
from qa.records.answer import Hit
from qa.records.article import Passage
from qa.records.question import ExpectedAnswer, Question
from qa.records.reading import Reading, Span
from qa.safety.injection import overlaps
from qa.safety.untrusted import untrusted_in

__all__ = ["SpanReader"]

_MODELS = Path(__file__).resolve().parents[1] / "models"
# Of each window: the best starts and ends, the spans kept of their pairs, and the longest span.
_EDGES, _KEPT_SPANS, _LONGEST = 8, 8, 30
# Of each answer, and in all: candidates that become spans.
_EACH, _SPANS = 6, 24
_CONTEXT_SIZE = 60
# The relevance, in log odds, that a sentence alone must have. On news-train 119 of 120 sentences
# with the answer have it, and 84 of 120 others of the same articles.
_RELEVANT = -2.0


class Scan(NamedTuple):
    """What the network found: the relevance of each hit, and candidates in no order."""

    relevance: list[float]
    candidates: list[Candidate]


class SpanReader:
    """Finds the span that answers the question, or says that no passage holds one."""

    def __init__(self, network: Network, encoder: Encoder, decision: Decision) -> None:
        self._network = network
        self._encoder = encoder
        self.decision = decision

    @classmethod
    def shipped(cls) -> Self:
        """With the weights that come with the package. Raises ModelError if they cannot start."""
        return cls(
            Network(_MODELS / "reader" / "model.onnx"),
            Encoder(_MODELS / "minilm" / "tokenizer.json"),
            Decision.load(_MODELS / "reader" / "decision.json"),
        )

    def read(self, question: Question, hits: Sequence[Hit]) -> Reading:
        """Hits by relevance, spans best first, and the probability that the first is right.

        Raises ModelError when the network fails.
        """
        if not hits:
            return Reading((), (), 0.0, "No passage shares a word or a meaning with the question")
        return self.decide(question, hits, self.scan(question, hits))

    def scan(self, question: Question, hits: Sequence[Hit]) -> Scan:
        """The network's part: candidates in every hit."""
        passages = [hit.passage for hit in hits]
        expected = question.expected
        windows_of = self._encoder.encode_all(
            question.text, [(heading(passage), passage.text) for passage in passages]
        )
        windows = [(number, window) for number, part in enumerate(windows_of) for window in part]
        scores = self._network.score([window for _, window in windows])
        relevance = [-30.0] * len(hits)
        for (number, _), score in zip(windows, scores, strict=True):
            relevance[number] = max(relevance[number], score.relevance)
        # Articles state things to people. What is said to a machine is no answer.
        about_authors = asks_for_authors(question.text)
        excluded_spans = [
            (
                *untrusted_in(hit, question.text),
                *(() if about_authors else bylines(hit.passage.text)),
            )
            for hit in hits
        ]
        candidates = [
            candidate
            for (number, window), score in zip(windows, scores, strict=True)
            for candidate in _candidates(number, passages[number], window, score, expected)
            if not overlaps(excluded_spans[number], candidate.start, candidate.end)
        ]
        return Scan(relevance, candidates)

    def decide(self, question: Question, hits: Sequence[Hit], scan: Scan) -> Reading:
        """The rest: votes, confidence, order. Needs no network."""
        expected = question.expected
        choices = vote(scan.candidates, [hit.score for hit in hits], self.decision)
        spans = tuple(_spans(choices, hits))
        confidence = 0.0
        if spans:
            confidence = self.decision.confidence(features(expected, choices, hits, scan))
        reason = ""
        if confidence < self.decision.threshold:
            reason = _reason(question, expected, hits, choices, confidence)
        hit_order = tuple(_order_hits(hits, scan, self.decision))
        return Reading(hit_order, spans, confidence, reason, weighed=True)

    def relevant(self, question: Question, evidence: Sequence[str]) -> list[bool]:
        """Whether it shares more than a name with the question, or the network finds it near.

        Raises ModelError when the network fails.
        """
        verdicts = [shares_topic(question.expected, each) for each in evidence]
        if unclear := [number for number, verdict in enumerate(verdicts) if not verdict]:
            # Without its heading: all that an article holds would be near by that.
            windows_of = self._encoder.encode_all(
                question.text, [("", evidence[number]) for number in unclear]
            )
            for number, windows in zip(unclear, windows_of, strict=True):
                scores = self._network.score(windows)
                verdicts[number] = (
                    max((each.relevance for each in scores), default=0.0) >= _RELEVANT
                )
        return verdicts


def features(
    expected: ExpectedAnswer, choices: Sequence[Choice], hits: Sequence[Hit], scan: Scan
) -> tuple[float, ...]:
    """What the confidence is made of: log odds of the first choice, how far the second is behind,
    the best relevance, the share of the question's names missing where the answer stands, and the
    shares of the question's words, rare ones counting more, in its sentence and in all hits.
    """
    first = min(max(choices[0].weight, 1e-4), 1 - 1e-4)
    second = max(choices[1].weight, 1e-4) if len(choices) > 1 else 1e-4
    best = choices[0].candidates[0]
    passage = hits[best.hit].passage
    low, high = _sentence(passage.text, best.start, best.end)
    context_stems = stems(f"{heading(passage)} {passage.text[low:high]}")
    hit_stems = [stems(f"{heading(hit.passage)} {hit.passage.text}") for hit in hits]
    weights = {
        term: log(2 + len(hit_stems) / (1 + sum(term in words for words in hit_stems)))
        for term in expected.terms
    }
    total = sum(weights.values()) or 1.0
    missing = expected.names - hit_stems[best.hit]
    return (
        log(first / (1 - first)),
        log(first / second),
        max(scan.relevance),
        len(missing) / len(expected.names) if expected.names else 0.0,
        sum(weight for term, weight in weights.items() if term in context_stems) / total,
        sum(weight for term, weight in weights.items() if any(term in words for words in hit_stems))
        / total,
    )


def _candidates(
    number: int, passage: Passage, window: Encoded, scores: Scores, expected: ExpectedAnswer
) -> Iterator[Candidate]:
    size = len(window.offsets)
    if not size:
        return
    starts = np.argsort(-scores.start)[:_EDGES].tolist()
    ends = np.argsort(-scores.end)[:_EDGES].tolist()
    # No answer goes over the end of a paragraph.
    lines = np.cumsum([_breaks(passage.text, window, number) for number in range(size)])
    pairs = [
        (float(scores.start[start] + scores.end[end]), start, end)
        for start in starts
        for end in ends
        if start <= end < start + _LONGEST and lines[start] == lines[end]
    ]
    for score, first, last in sorted(pairs, reverse=True)[:_KEPT_SPANS]:
        start, end = window.offsets[first][0], window.offsets[last][1]
        context = passage.text[max(0, start - _CONTEXT_SIZE) : end + _CONTEXT_SIZE]
        yield Candidate(
            hit=number,
            start=start,
            end=end,
            text=passage.text[start:end],
            score=score,
            relevance=scores.relevance,
            around=" ".join(bare_words(context)),
            fits=_fits(expected, passage.text[start:end], passage.text[end : end + 20]),
        )


def _fits(expected: ExpectedAnswer, text: str, text_after: str) -> bool:
    """Whether an answer has the form asked for, as far as questions tell."""
    kind = form(text)
    if expected.kind == "number":
        return kind in QUANTITIES and has_unit(text + text_after, expected.unit)
    if expected.kind == "date":
        return kind in QUANTITIES | {"date", "time"}
    return expected.kind != "name" or kind not in QUANTITIES | {"date", "time"}


def _breaks(text: str, window: Encoded, number: int) -> bool:
    """Whether a paragraph ends before this token: a blank line, or a line end after a stop."""
    low = window.offsets[number - 1] if number else (0, 0)
    gap = text[low[1] : window.offsets[number][0]]
    return "\n" in gap and (gap.count("\n") > 1 or text[low[0] : low[1]] in (*".!?:;", "”", '"'))


def _spans(choices: Sequence[Choice], hits: Sequence[Hit]) -> Iterator[Span]:
    """The candidates of each choice with their sentences, the choices in order."""
    room = _SPANS
    for choice in choices:
        for item in choice.candidates[: min(_EACH, room)]:
            passage = hits[item.hit].passage
            low, high = _sentence(passage.text, item.start, item.end)
            yield Span(
                passage,
                passage.start + item.start,
                passage.start + item.end,
                (passage.start + low, passage.start + high),
                choice.weight,
            )
            room -= 1


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence, or run of sentences, that holds ``[start:end]``."""
    ranges = [(low, high) for low, high in sentences(text) if low < end and start < high]
    return min(start, ranges[0][0]), max(end, ranges[-1][1])


def _order_hits(hits: Sequence[Hit], scan: Scan, decision: Decision) -> Iterator[Hit]:
    worth = [
        relevance + decision.order * log(max(hit.score, 1e-9))
        for hit, relevance in zip(hits, scan.relevance, strict=True)
    ]
    for number in sorted(range(len(hits)), key=lambda number: (-worth[number], number)):
        yield replace(hits[number], score=worth[number])


def _reason(
    question: Question,
    expected: ExpectedAnswer,
    hits: Sequence[Hit],
    choices: Sequence[Choice],
    confidence: float,
) -> str:
    hit_stems = frozenset[str]().union(
        *(stems(f"{heading(hit.passage)} {hit.passage.text}") for hit in hits)
    )
    absent = expected.names - hit_stems
    if missing := [term for term in terms(question.text) if stem(term) in absent]:
        return f"No passage found mentions {', '.join(repr(name) for name in missing)}"
    if not choices:
        return "No passage found holds anything that could be an answer"
    return (
        f"No passage found answers this: the likeliest words, {choices[0].text!r}, "
        f"are right with a probability of only {confidence:.0%}"
    )
