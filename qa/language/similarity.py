"""Whether two texts are one: word shingles, their MinHash signature, what one holds of the other.

Knows strings only; where signatures are kept and what they join is in ``clusters``.
"""

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

import qa.thresholds as thresholds
from qa.language.lexicon import NEGATIONS
from qa.language.numerals import values
from qa.language.sentences import sentences

__all__ = [
    "METHOD",
    "Shingles",
    "Wording",
    "are_copies",
    "containment",
    "overlap",
    "shingles",
    "sign",
]

_WORDS = 5
# Below it, other texts differ as little as copies do: tables, notices, forms with other numbers.
_BRIEF = 50
# Two rows to a band find a text that holds a fifth of another; unrelated news share one shingle
# in a thousand, so that hardly any pair is compared in vain.
_BANDS, _ROWS = 64, 2
_SEED = 1
# Characters of a text that are compared with another version of it.
_BEGINNING = 20_000
# Odd, with bits all over (2**64 by the golden ratio), so that the order of words counts.
_MIX = np.uint64(0x9E3779B97F4A7C15)
METHOD = f"rensa 3: {_WORDS} words, {_BANDS} x {_ROWS}, {_BRIEF}, {thresholds.COPY_SHINGLES}"
"""Changes when the same articles would get other signatures or clusters."""

# What is written without spaces is compared by its characters.
_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\\w+")
# The last is what "n't" leaves.
_NEGATIONS = NEGATIONS | {"t"}
# Not where a sentence begins, which has a capital anyway.
_NAME = re.compile(r"(?<=[\w,;’'] )[^\W\d_a-z][\w’'-]+")
# Where an outlet puts its dateline and its reporter's name, in characters.
_OPENING = 60
_SENTENCE_END = re.compile(r"\d|[.!?。！？][\"'”’»)\]]*$")


Shingles = NDArray[np.uint64]


def shingles(title: str, text: str) -> Shingles:
    """Every five words in a row of the text, in any case, as hashes in order, each once; empty
    without words.

    A text of fewer than fifty different ones is a single shingle together with its title, so that
    it is a copy only of what reads the same.

    >>> len(shingles("Tide", "High tide at six!")), len(shingles("Tide", ""))
    (1, 0)
    """
    words = _words(text)
    runs = np.sort(_runs(_hashes(words)))
    # A fifth of the time that np.unique takes.
    hashes: Shingles = runs[np.diff(runs, prepend=~runs[:1]) != 0]
    if len(hashes) >= _BRIEF or not words:
        return hashes
    return _hashes([" ".join((*_words(title), *words))])


def sign(title: str, text: str) -> tuple[int, ...]:
    """The bands of the MinHash signature of the shingles (Broder 1997; Leskovec et al., chapter 3):
    64-bit numbers, some of which texts have in common that are much alike. None without words.

    They depend on nothing but the words: not on the process, nor on what was signed before.
    """
    from rensa import RMinHash

    hashes = shingles(title, text)
    if not len(hashes):
        return ()
    (rows,) = RMinHash.digest_matrix_from_flat_token_hashes(
        hashes, [0, len(hashes)], _BANDS * _ROWS, _SEED
    ).to_rows()
    bands = struct.unpack(f"={_BANDS}q", struct.pack(f"={_BANDS * _ROWS}I", *rows))
    return bands[:1] if len(hashes) == 1 else tuple(sorted(set(bands)))


def are_copies(one: Shingles, other: Shingles) -> bool:
    """Whether the longer text holds most of the shorter one, which may be its first paragraphs."""
    return containment(one, other) >= thresholds.COPY_SHINGLES


def containment(one: Shingles, other: Shingles) -> float:
    """The share of the shingles of the shorter text that the longer one has, in [0, 1].

    Jaccard's share of all shingles cannot tell a text cut to a fifth from one that quotes it.
    """
    common = np.intersect1d(one, other, assume_unique=True)
    return len(common) / (min(len(one), len(other)) or 1)


def overlap(one: str, other: str) -> float:
    """The share of the runs of three words of the shorter text that the longer one has, in [0, 1];
    of long texts their beginnings are compared. It tells a corrected text from another text.

    >>> overlap("The ferry carried 212 people to Selby.", "The ferry carried 213 people to Selby.")
    0.4
    """
    runs = [_triples(text[:_BEGINNING]) for text in (one, other)]
    return len(runs[0] & runs[1]) / (min(map(len, runs)) or 1)


def _triples(text: str) -> frozenset[tuple[str, ...]]:
    words = _words(text)
    return frozenset(tuple(words[at : at + 3]) for at in range(max(1, len(words) - 2)))


class Wording:
    """An article's text, or a part of it, as it is compared with passages of its copies."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = frozenset(_words(text))

    @cached_property
    def _parts(self) -> list[tuple[str, frozenset[str]]]:
        """The sentences, each with its words."""
        parts = (self._text[low:high] for low, high in sentences(self._text))
        return [(part, frozenset(_words(part))) for part in parts]

    def carries(self, passage: str, *, opening: bool = False) -> bool:
        """Whether it says all that the passage says: each sentence in nearly the same words, with
        every number, name and negation. ``opening`` tells that the passage opens its article.

        >>> text = Wording("Nine sailors died when the ferry sank off the cape on Monday night.")
        >>> text.carries("Nine sailors died as the ferry sank off the cape on Monday.")
        True
        >>> text.carries("Ten sailors died as the ferry sank off the cape on Monday.")
        False
        """
        passage_sentences = _sentences_of(passage, opening)
        return bool(passage_sentences) and all(map(self._says, passage_sentences))

    def share(self, passage: str, *, opening: bool = False) -> float:
        """The share of the passage's sentences that it carries, in [0, 1]."""
        passage_sentences = _sentences_of(passage, opening)
        return sum(map(self._says, passage_sentences)) / max(1, len(passage_sentences))

    def _says(self, sentence: "_Sentence") -> bool:
        # What all sentences together have no words for, none of them says.
        if not sentence.is_worded(self._words):
            return False
        similar_parts = [part for part in self._parts if sentence.is_worded(part[1])]
        if similar_parts:
            return any(
                sentence.is_told(*part) and sentence.negated == part[1] & _NEGATIONS
                for part in similar_parts
            )
        # A copy may join two sentences, or part one.
        for number in range(len(self._parts)):
            neighbours = self._parts[max(0, number - 1) : number + 2]
            words = frozenset[str]().union(*(part[1] for part in neighbours))
            if sentence.is_worded(words) and sentence.is_told(
                " ".join(part[0] for part in neighbours), words
            ):
                return True
        return False


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a passage: its words, those of its names and negations, its numbers."""

    words: frozenset[str]
    named: frozenset[str]
    negated: frozenset[str]
    numbers: frozenset[float]

    def is_worded(self, words: frozenset[str]) -> bool:
        return len(self.words & words) >= thresholds.COPY_SENTENCE * len(self.words)

    def is_told(self, text: str, words: frozenset[str]) -> bool:
        return self.named | self.negated <= words and (
            not self.numbers or self.numbers <= values(text)
        )


# A passage is compared with many articles, one after the other.
@lru_cache(maxsize=64)
def _sentences_of(passage: str, opening: bool) -> tuple[_Sentence, ...]:
    lead = _OPENING if opening else 0
    parts = [(passage[low:high], max(0, lead - low)) for low, high in sentences(passage)]
    # A line that only names the place or the reporter says nothing.
    full_sentences = [
        part for part in parts if not part[1] or _SENTENCE_END.search(part[0])
    ] or parts
    return tuple(_sentence(*part) for part in full_sentences)


def _sentence(text: str, lead: int) -> _Sentence:
    """Names in the first ``lead`` characters count for nothing: they may be the place, the outlet
    and the reporter.
    """
    words = frozenset(_words(text))
    names = _NAME.findall(text, lead)
    name_words = frozenset(word for name in names for word in _words(name))
    return _Sentence(words, name_words, words & _NEGATIONS, values(text))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _hashes(words: Sequence[str]) -> Shingles:
    from rensa import RMinHash

    # Python's own hash differs from process to process.
    return np.array(RMinHash.hash_token_sets([words])[0], dtype=np.uint64)


def _runs(hashes: Shingles) -> Shingles:
    """One hash for every few words in a row; none when there are fewer."""
    count = max(0, len(hashes) - _WORDS + 1)
    runs = np.zeros(count, dtype=np.uint64)
    for first in range(_WORDS):
        runs = (runs ^ hashes[first : first + count]) * _MIX
    return runs
