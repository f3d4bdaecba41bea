"""The trained reader: a small network scores every passage, and the passages vote.

One pass of the encoder per question and passage gives relevance, start and end scores that were
trained to be comparable across the passages of a question (shared normalisation with "no
answer", Clark and Gardner 2018), as multi-passage readers do (Wang et al. 2019, "Multi-passage
BERT"); whether the passage answers the question at all, in what form, and which sentences a good
answer quotes. Equal answers add up, copies count once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Self, TypeVar

import qa.thresholds as thresholds
from qa.language.multilingual.identify import is_latin
from qa.protocols import QuestionStates
from qa.readers.disputes import with_disputes
from qa.readers.exclusions import asks_for_authors, bylines
from qa.readers.neural.decode import (
    Marked,
    evidence,
    items,
    sentence_around,
    span_candidates,
    with_sentences,
    without_repeats,
)
from qa.readers.neural.encode import Encoder, heading
from qa.readers.neural.inference import Inference, Judged
from qa.readers.neural.network import Network, Scores
from qa.readers.relevance import may_contradict, shares_topic
from qa.readers.rivals import rivals
from qa.readers.sentence import SentenceReader
from qa.readers.vote import Candidate, Choice, Decision, sigmoid
from qa.readers.weigh import (
    HitScores,
    Scan,
    asks_verdict,
    brevity,
    features,
    is_settled,
    joined,
    rank_sentences,
    unread_behind,
    weigh,
    worth,
)
from qa.records.answer import Hit
from qa.records.article import Passage
from qa.records.clauses import clause
from qa.records.question import Question
from qa.records.reading import UNANSWERED, Evidence, Reading, Span
from qa.records.trace import Step
from qa.safety.injection import overlaps
from qa.safety.untrusted import untrusted_in

__all__ = ["SpanReader"]

_MODELS = Path(__file__).resolve().parents[1] / "models"
# Sentences that are verdicts for yes or no, of each passage and in all.
_JUDGED_EACH, _JUDGED = 2, 8
# Of each answer, and in all: candidates that become spans.
_EACH, _SPANS = 6, 24
_Place = TypeVar("_Place", Marked, Candidate)


class SpanReader:
    """Finds the span that answers the question, or says that no passage holds one."""

    def __init__(
        self,
        network: Network,
        encoder: Encoder,
        decision: Decision,
        inference: Inference | None = None,
    ) -> None:
        """Without ``inference`` a question of yes or no is answered by sentences alone."""
        self._network = network
        self._inference = inference
        self._encoder = encoder
        self.decision = decision

    @classmethod
    def shipped(cls) -> Self:
        """With the weights that come with the package. Raises ModelError if they cannot start."""
        network = Network(_MODELS / "reader" / "model.onnx")
        return cls(
            network,
            Encoder(_MODELS / "minilm" / "tokenizer.json"),
            Decision.load(_MODELS / "reader" / "decision.json"),
            Inference(network, _MODELS / "inference" / "model.onnx"),
        )

    def read(self, question: Question, hits: Sequence[Hit]) -> Reading:
        """Hits by relevance, spans best first, and the probability that the first is right.

        Raises ModelError when the network fails.
        """
        if not hits:
            return Reading((), (), 0.0, UNANSWERED)
        if not is_latin(question.text):
            # The network read no other script.
            return SentenceReader().read(question, hits)
        numbers, scan = self._scan_until_settled(question, hits)
        reading = self.decide(question, [hits[number] for number in numbers], scan)
        found = tuple(rivals(question, reading, self._score_alone))
        reading = replace(reading, rivals=found)
        if question.kind == "conflict":
            reading = with_disputes(question, reading, self._score_alone, self._affirm)
        if len(numbers) == len(hits):
            return reading
        unread = [hit for number, hit in enumerate(hits) if number not in numbers]
        counts = {"some": len(numbers), "all": len(hits)}
        step = Step.of("settled", clause("by %(some)s of %(all)s passages", **counts))
        return replace(reading, hits=unread_behind(reading.hits, unread), steps=(step,))

    def states(self, question: str) -> QuestionStates:
        """The network's states of the question's tokens. Raises ModelError when it fails."""
        ids, places = self._encoder.encode_question(question)
        return QuestionStates(tuple(places), self._network.states(ids))

    def _scan_until_settled(
        self, question: Question, hits: Sequence[Hit]
    ) -> tuple[Sequence[int], Scan]:
        """The numbers of the hits that were read, in order, and what the network says of them."""
        scan = Scan([], [])
        for stop in thresholds.READ_STAGES if question.kind == "fact" else ():
            count = len(scan.scores)
            if stop >= len(hits):
                break
            scan = joined(scan, self.scan(question, hits[count:stop]))
            if is_settled(scan, hits[:stop], self.decision):
                rivals = [
                    number
                    for number in range(stop, len(hits))
                    if may_contradict(question.expected, hits[number].passage)
                ]
                rest = self.scan(question, [hits[number] for number in rivals])
                return [*range(stop), *rivals], joined(scan, rest)
        rest = self.scan(question, hits[len(scan.scores) :])
        return range(len(hits)), joined(scan, rest)

    def scan(self, question: Question, hits: Sequence[Hit]) -> Scan:
        """The network's part: what it says of every hit, and the candidates in it."""
        passages = [hit.passage for hit in hits]
        windows_of = self._encoder.encode_all(
            question.text, [(heading(passage), passage.text) for passage in passages]
        )
        windows = [(number, window) for number, part in enumerate(windows_of) for window in part]
        scores = self._network.score([window for _, window in windows])
        # Articles state things to people. What is said to a machine is no answer.
        about_authors = asks_for_authors(question.text)
        excluded = [
            (
                *untrusted_in(hit, question.text),
                *(() if about_authors else bylines(hit.passage.text)),
            )
            for hit in hits
        ]
        found = [HitScores() for _ in hits]
        candidates: list[Candidate] = []
        for (number, window), score in zip(windows, scores, strict=True):
            text, own = passages[number].text, found[number]
            own.relevance = max(own.relevance, score.relevance)
            sentences = _outside(excluded[number], evidence(text, window, score))
            own.evidence = without_repeats([*own.evidence, *sentences])
            if score.answerable > own.answerable:
                own.answerable, own.forms = score.answerable, score.forms
                own.items = [*_outside(excluded[number], items(text, window, score))]
            candidates += _outside(
                excluded[number], span_candidates(number, passages[number], window, score)
            )
        scan = Scan(found, candidates)
        # What was so on one day and is not on another, or is disputed, is told by sentences.
        has_word = question.kind not in ("change", "conflict")
        if self._inference and has_word and asks_verdict(found):
            self._judge(self._inference, question, hits, scan)
        return scan

    def _judge(
        self, inference: Inference, question: Question, hits: Sequence[Hit], scan: Scan
    ) -> None:
        """Read the sentences that a good answer would quote once more, each with the one before
        it, for what they say to a question of yes or no.
        """
        ranked = sorted(
            (
                (each, number)
                for number, own in enumerate(rank_sentences(scan, hits, self.decision))
                for each in own[:_JUDGED_EACH]
            ),
            key=lambda place: -place[0].score,
        )[:_JUDGED]
        texts = [
            (
                heading(hits[number].passage),
                with_sentences(hits[number].passage.text, each.start, each.end),
            )
            for each, number in ranked
        ]
        windows = [part[0] for part in self._encoder.encode_all(question.text, texts)]
        for (each, number), verdict in zip(ranked, inference.judge(windows), strict=True):
            scan.scores[number].verdicts.append(Judged(each.start, each.end, each.score, verdict))

    def decide(self, question: Question, hits: Sequence[Hit], scan: Scan) -> Reading:
        """The rest: votes, confidence, order. Needs no network."""
        form, choices = weigh(scan, hits, self.decision)
        confidence = self.decision.confidence(features(choices, scan)) if choices else 0.0
        reason = UNANSWERED if confidence < self.decision.threshold else ""
        return Reading(
            tuple(_order_hits(hits, scan, self.decision)),
            tuple(_spans(choices, hits)),
            confidence,
            reason,
            weighed=True,
            form=form,
            items=tuple(_items(choices, hits, scan)) if form == "list" else (),
            evidence=tuple(_evidence(hits, scan, self.decision)),
            brevity=brevity(scan.scores),
        )

    def relevant(self, question: Question, evidence: Sequence[str]) -> list[bool]:
        """Whether it shares more than a name with the question, or the network finds it near.

        Raises ModelError when the network fails.
        """
        verdicts = [shares_topic(question.expected, each) for each in evidence]
        if unclear := [number for number, verdict in enumerate(verdicts) if not verdict]:
            scores_of = self._score_alone(question.text, [evidence[number] for number in unclear])
            for number, scores in zip(unclear, scores_of, strict=True):
                best = max((each.relevance for each in scores), default=0.0)
                verdicts[number] = best >= thresholds.RELEVANT
        return verdicts

    def _affirm(self, question: str, text: str) -> float:
        """How likely the text says yes to the question; 1 where nothing tells."""
        if self._inference is None:
            return 1.0
        window = self._encoder.encode_all(question, [("", text)])[0][0]
        return self._inference.judge([window])[0].yes

    def _score_alone(self, question: str, texts: Sequence[str]) -> list[list[Scores]]:
        """What the network says of the windows of each text, in one run, without a heading: all
        that an article holds would be near by that.
        """
        windows_of = self._encoder.encode_all(question, [("", text) for text in texts])
        scores = iter(self._network.score([*chain.from_iterable(windows_of)]))
        return [[*islice(scores, len(windows))] for windows in windows_of]


def _outside(ranges: tuple[tuple[int, int], ...], places: Iterable[_Place]) -> Iterator[_Place]:
    """The places that overlap none of the ranges."""
    return (each for each in places if not overlaps(ranges, each.start, each.end))


def _spans(choices: Sequence[Choice], hits: Sequence[Hit]) -> Iterator[Span]:
    """The candidates of each choice with their sentences, the choices in order."""
    room = _SPANS
    for choice in choices:
        for item in choice.candidates[: min(_EACH, room)]:
            yield _span(hits[item.hit].passage, item, choice.weight)
            room -= 1


def _items(choices: Sequence[Choice], hits: Sequence[Hit], scan: Scan) -> Iterator[Span]:
    """The members of a list, from the hit of the likeliest answer; none where it has but one."""
    if not choices:
        return
    number = choices[0].candidates[0].hit
    passage, found = hits[number].passage, scan.scores[number].items
    for each in found if len(found) > 1 else ():
        yield _span(passage, each, choices[0].weight)


def _span(passage: Passage, place: Marked | Candidate, weight: float) -> Span:
    """A place in a passage's text as one of its article, with the sentence around it."""
    low, high = sentence_around(passage.text, place.start, place.end)
    return Span(
        passage,
        passage.start + place.start,
        passage.start + place.end,
        (passage.start + low, passage.start + high),
        weight,
    )


def _evidence(hits: Sequence[Hit], scan: Scan, decision: Decision) -> Iterator[Evidence]:
    for hit, own in zip(hits, rank_sentences(scan, hits, decision), strict=True):
        passage = hit.passage
        for each in own:
            low, high = passage.start + each.start, passage.start + each.end
            yield Evidence(passage.article_id, low, high, sigmoid(each.score))


def _order_hits(hits: Sequence[Hit], scan: Scan, decision: Decision) -> Iterator[Hit]:
    scores = worth(scan, hits, decision.order)
    for number in sorted(range(len(hits)), key=lambda number: (-scores[number], number)):
        yield replace(hits[number], score=scores[number])
