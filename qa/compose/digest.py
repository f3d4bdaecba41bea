"""Answers of several sentences: those that a good answer quotes, each telling something new.

Chosen greedily by how likely each is quoted, less what it repeats of those before it (maximal
marginal relevance, Carbonell and Goldstein 1998). Knows records and words alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import qa.thresholds as thresholds
from qa.compose.withdrawn import Notices
from qa.language.cleaning import one_line
from qa.language.words import stems
from qa.readers.neural.encode import heading
from qa.records.answer import Statement
from qa.records.article import Passage
from qa.records.question import Question
from qa.records.reading import Reading, Span

__all__ = ["digest", "is_headline", "is_sentence", "sides_of"]

# Sentences at most, and those that are looked at.
_MOST, _POOL = 6, 60
# Kinds whose newest sentence comes first.
_NEWEST_FIRST = ("change",)
_ENDS = tuple(".!…。！”\"'’»)]")
_FEWEST_WORDS = 4


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence of a hit, half open in its article, with the log odds that an answer quotes it."""

    passage: Passage
    start: int
    end: int
    odds: float
    words: frozenset[str] = field(repr=False)

    @property
    def text(self) -> str:
        return one_line(
            self.passage.text[self.start - self.passage.start : self.end - self.passage.start]
        )


def digest(question: Question, reading: Reading) -> list[Statement]:
    """The sentences that answer a question together, each once and quoted: the one that answers
    best first, the others by day and place; for what is so now the newest first. Empty when no
    hit holds a whole sentence.
    """
    notices = Notices(reading.hits)
    lines = sorted(
        (
            line
            for line in _lines(reading)
            if not notices.withdraw(line.passage, (line.start, line.end))
        ),
        key=lambda line: -line.odds,
    )
    opener = _opener(question, reading, lines)
    others = [line for line in _on_topic(question, lines) if line is not opener]
    chosen = _choose(question, others[:_POOL], opener)
    return [_statement(line, lines, reading) for line in _in_order(question, chosen)]


def sides_of(question: Question) -> list[frozenset[str]]:
    """What a comparison sets against each other: of each side the stems that no other has; empty
    where nothing is compared.
    """
    if question.kind != "compare" or len(question.topics) < 2:
        return []
    topics = [frozenset(stems(topic)) for topic in question.topics]
    own = [
        topic.difference(*(other for place, other in enumerate(topics) if place != number))
        for number, topic in enumerate(topics)
    ]
    return [side for side in own if side]


def is_sentence(text: str) -> bool:
    """Whether a line tells something: no headline, no question, no scrap.

    >>> is_sentence("The ferry sank off Cape Tarrow."), is_sentence("What we know")
    (True, False)
    """
    return not is_headline(text) and "?" not in text and len(text.split()) >= _FEWEST_WORDS


def is_headline(text: str) -> bool:
    """Whether a line ends as no sentence does."""
    return not text.endswith(_ENDS)


def _lines(reading: Reading) -> Iterator[_Line]:
    passages = {
        (hit.passage.article_id, hit.passage.start): hit.passage for hit in reversed(reading.hits)
    }
    taken: set[tuple[str, int, int]] = set()
    for each in reading.evidence:
        place = (each.article_id, each.start, each.end)
        passage = next(
            (
                passage
                for (id_, start), passage in passages.items()
                if id_ == each.article_id and start <= each.start and each.end <= passage.end
            ),
            None,
        )
        if passage is None or place in taken:
            continue
        taken.add(place)
        line = _Line(passage, each.start, each.end, each.odds, frozenset())
        if is_sentence(line.text):
            yield replace(line, words=frozenset(stems(line.text)))


def _on_topic(question: Question, lines: Sequence[_Line]) -> Iterator[_Line]:
    """The lines whose passages, with their headings, hold enough of the question's words against
    the passage that holds most.
    """
    places = {(line.passage.article_id, line.passage.start): line.passage for line in lines}
    shares = {
        place: question.expected.weight_in(stems(f"{heading(passage)} {passage.text}"))
        for place, passage in places.items()
    }
    least = thresholds.DIGEST_TOPIC * max(shares.values(), default=0.0)
    for line in lines:
        if shares[line.passage.article_id, line.passage.start] >= least:
            yield line


def _opener(question: Question, reading: Reading, lines: Sequence[_Line]) -> _Line | None:
    """The sentence that answers best: that of the first span, or the likeliest; of one article
    that is summed up the first, which no summary of news beats by much (Nenkova 2005).
    """
    if question.article:
        return min(lines, key=lambda line: line.start, default=None)
    first: Span | None = reading.spans[0] if reading.spans else None
    if first and reading.form != "sentences":
        for line in lines:
            same = line.passage.article_id == first.passage.article_id
            if same and line.start <= first.start and first.end <= line.end:
                return line
    return lines[0] if lines else None


def _choose(question: Question, pool: Sequence[_Line], opener: _Line | None) -> list[_Line]:
    """The opener, then whatever adds most, as long as it is likely enough and new."""
    if opener is None:
        return []
    chosen, candidates = [opener], [*pool]
    best = max([opener.odds, *(line.odds for line in pool[:1])])
    for side in _sides(question, opener, pool):
        chosen.append(side)
        candidates.remove(side)
    while len(chosen) < _MOST:
        rated = [
            (line.odds - thresholds.DIGEST_REPEATS * repeated, number)
            for number, line in enumerate(candidates)
            if line.odds >= best - thresholds.DIGEST_BEHIND
            and (repeated := _repeats(line, chosen)) < thresholds.DIGEST_SAME
        ]
        if not rated:
            break
        line = candidates[max(rated)[1]]
        chosen.append(line)
        candidates.remove(line)
    return chosen


def _sides(question: Question, opener: _Line, pool: Sequence[_Line]) -> Iterator[_Line]:
    """For a comparison the likeliest sentence of each side that the opener does not name."""
    taken = {opener}
    for own in sides_of(question):
        if any(own & line.words for line in taken):
            continue
        side = next((line for line in pool if line not in taken and own & line.words), None)
        if side:
            taken.add(side)
            yield side


def _repeats(line: _Line, chosen: Sequence[_Line]) -> float:
    """The largest share of its words that one of the chosen has too."""
    return max(
        (
            len(line.words & other.words) / max(1, min(len(line.words), len(other.words)))
            for other in chosen
        ),
        default=0.0,
    )


def _in_order(question: Question, chosen: Sequence[_Line]) -> list[_Line]:
    if question.kind in _NEWEST_FIRST:
        return sorted(chosen, key=lambda line: (-_day(line), line.passage.article_id, line.start))
    return [
        *chosen[:1],
        *sorted(chosen[1:], key=lambda line: (_day(line), line.passage.article_id, line.start)),
    ]


def _day(line: _Line) -> int:
    return (line.passage.published or date.min).toordinal()


def _statement(line: _Line, lines: Sequence[_Line], reading: Reading) -> Statement:
    """The sentence, cited wherever it stands."""
    equal = [other for other in lines if other.text == line.text and other is not line]
    citations = dict.fromkeys(each.passage.cite(each.start, each.end) for each in (line, *equal))
    return Statement(line.text, tuple(citations), "quoted")
