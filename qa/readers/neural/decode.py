"""From the network's scores of a window to places in the text of its passage."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

import qa.thresholds as thresholds
from qa.language.phrases import names
from qa.language.sentences import sentences
from qa.language.words import bare_words
from qa.protocols import Vectors
from qa.readers.neural.encode import Encoded
from qa.readers.neural.network import Scores
from qa.readers.neural.table_text import cell_around
from qa.readers.vote import Candidate
from qa.records.article import Passage

__all__ = [
    "Marked",
    "evidence",
    "items",
    "sentence_around",
    "span_candidates",
    "with_sentences",
    "without_repeats",
]

# Of each window: the best starts and ends, the spans kept of their pairs, and the longest span.
_EDGES, _KEPT_SPANS, _LONGEST = 8, 8, 30
_CONTEXT_SIZE = 60
_WORD = re.compile(r"[$€£]?\w+(?:[.,’'-]\w+)*%?")


class Marked(NamedTuple):
    """A half-open range in a text, and how likely it is what was looked for, as log odds."""

    start: int
    end: int
    score: float


def span_candidates(
    number: int, passage: Passage, window: Encoded, scores: Scores
) -> Iterator[Candidate]:
    """The best spans of a window of hit ``number``, best first; none goes over the end of a
    paragraph or of a cell.
    """
    size = len(window.offsets)
    if not size:
        return
    starts = np.argsort(-scores.start)[:_EDGES].tolist()
    ends = np.argsort(-scores.end)[:_EDGES].tolist()
    lines = np.cumsum([_breaks(passage.text, window, place) for place in range(size)])
    pairs = [
        (float(scores.start[start] + scores.end[end]), start, end)
        for start in starts
        for end in ends
        if start <= end < start + _LONGEST and lines[start] == lines[end]
    ]
    for score, first, last in sorted(pairs, reverse=True)[:_KEPT_SPANS]:
        start, end = window.offsets[first][0], window.offsets[last][1]
        if start == end:
            # The name of a column, which stands elsewhere.
            continue
        start, end = cell_around(passage.text, start, end)
        context = passage.text[max(0, start - _CONTEXT_SIZE) : end + _CONTEXT_SIZE]
        yield Candidate(
            hit=number,
            start=start,
            end=end,
            text=passage.text[start:end],
            score=score,
            around=" ".join(bare_words(context)),
        )


def items(text: str, window: Encoded, scores: Scores) -> list[Marked]:
    """The runs of words that are part of an answer, in order: the members of a list. A run takes in
    words beside it that are nearly as likely (thresholds with hysteresis, Canny 1986), and the rest
    of a name.
    """
    words = [*_by_word(text, window, scores.inside)]
    best = max((word.score for word in words), default=0.0)
    least = max(best - thresholds.MEMBER_MARGIN, thresholds.MEMBER_LEAST)
    members = {place for place, word in enumerate(words) if word.score > least}
    nearly = {
        place for place, word in enumerate(words) if word.score > least - thresholds.MEMBER_BESIDE
    }
    # Onwards from each member, then back.
    for step, order in ((1, range(len(words))), (-1, range(len(words) - 1, -1, -1))):
        for place in order:
            before = place - step
            if place in nearly and before in members and _joined(text, words, before, place):
                members.add(place)
    for name in names(text) if members else ():
        own = {
            place
            for place, word in enumerate(words)
            if name.start <= word.start and word.end <= name.end
        }
        if own & members:
            members |= own
    runs: list[list[Marked]] = []
    for place in sorted(members):
        if runs and place - 1 in members and _joined(text, words, place - 1, place):
            runs[-1].append(words[place])
        else:
            runs.append([words[place]])
    return [
        Marked(run[0].start, run[-1].end, float(np.mean([word.score for word in run])))
        for run in runs
    ]


def _joined(text: str, words: Sequence[Marked], one: int, other: int) -> bool:
    """Whether no sign that tells members of a list apart stands between two words in a row."""
    first, second = sorted((one, other))
    return not re.search(r"[,;:\n]", text[words[first].end : words[second].start])


def evidence(text: str, window: Encoded, scores: Scores) -> list[Marked]:
    """Each sentence of which the window holds something, in order; its score is the mean over its
    tokens.
    """
    found = []
    places = np.array(window.offsets).reshape(-1, 2)
    for low, high in sentences(text):
        inside = (places[:, 0] < high) & (places[:, 1] > low)
        if inside.any():
            found.append(Marked(low, high, float(scores.evidence[inside].mean())))
    return found


def without_repeats(places: Iterable[Marked]) -> list[Marked]:
    """The places in order, each range once with its best score: windows overlap."""
    best: dict[tuple[int, int], Marked] = {}
    for each in places:
        known = best.get((each.start, each.end))
        if known is None or each.score > known.score:
            best[each.start, each.end] = each
    return [best[place] for place in sorted(best)]


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence, or run of sentences, that holds ``[start:end]``."""
    ranges = [(low, high) for low, high in sentences(text) if low < end and start < high]
    return min(start, ranges[0][0]), max(end, ranges[-1][1])


def with_sentences(text: str, start: int, end: int, before: int = 1, behind: int = 0) -> str:
    """The sentences that hold ``[start:end]``, with so many before and behind them."""
    ranges = sentences(text)
    inside = [number for number, (low, high) in enumerate(ranges) if low < end and start < high]
    first, last = max(0, inside[0] - before), min(len(ranges) - 1, inside[-1] + behind)
    return text[ranges[first][0] : ranges[last][1]]


def _by_word(text: str, window: Encoded, scores: Vectors) -> Iterator[Marked]:
    """The best score of the tokens of each word."""
    if not window.offsets:
        return
    first, last = window.offsets[0][0], window.offsets[-1][1]
    token = 0
    for word in _WORD.finditer(text, first, last):
        while token < len(window.offsets) and window.offsets[token][1] <= word.start():
            token += 1
        own = token
        while own < len(window.offsets) and window.offsets[own][0] < word.end():
            own += 1
        if own > token:
            yield Marked(word.start(), word.end(), float(scores[token:own].max()))


def _breaks(text: str, window: Encoded, number: int) -> bool:
    """Whether a paragraph ends before this token: a blank line, or a line end after a stop; or a
    cell of a table.
    """
    low = window.offsets[number - 1] if number else (0, 0)
    gap = text[low[1] : window.offsets[number][0]]
    return "|" in gap or (
        "\n" in gap and (gap.count("\n") > 1 or text[low[0] : low[1]] in (*".!?:;", "”", '"'))
    )
