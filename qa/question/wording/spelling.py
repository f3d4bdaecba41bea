"""Words of a question that the articles lack, and the words of the articles that were meant.

Strings are compared by the optimal string alignment distance (Damerau 1964: a letter too many, too
few, wrong, or two exchanged). What the articles hold, numbers and quotations are never changed.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from qa.language.lexicon import STOP_WORDS
from qa.language.multilingual.segment import pieces, unaccented
from qa.language.words import bare_words, terms
from qa.library.store import Library
from qa.question.wording.vocabulary import (
    article_counts,
    is_held,
    stand_in_a_row,
    stand_together,
    words_of_length,
)
from qa.records.question import Scope

__all__ = ["is_unknown", "suggest_spelling", "unknown_words"]

_VOCABULARY = Path(__file__).resolve().parents[2] / "models" / "minilm" / "tokenizer.json"
_WORD = re.compile(r"(?<![\w-])[^\W\d_]+(?![\w-]*\d)")
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|「[^」]*」|‘[^’]*’")
# Endings, and what stands in their place in the word that has none: "plugged", "summarise".
_DERIVED = (
    (re.compile("(?<=...)(?:e?s|e?d|ing|ly|ness|able|ers?|en(?:s|ed|ing)?)$"), ""),
    (re.compile(r"([bdglmnprt])\1(?:ed|en|ing|ers?)$"), r"\1"),
    (re.compile("i[sz](?:e[sd]?|ing|ation)$"), "y"),
    (re.compile("i[sz](?:e[sd]?|ing|ation)$"), ""),
)
# In letters: shorter words are near to too many others, from the second on two errors are forgiven.
_SHORTEST, _LONG, _LONG_NAME = 4, 8, 9
# An ordinary word was meant for one that is so many times as common; else both may have been meant,
# and forms of one word ("make", "made") are about as common.
_COMMONER = 5
# How many times as rare as its base a derived word is taken to be that is not among the known ones.
_RARER = 10
# Half of what is unknown has to be a slip; else the question is in other words, not in wrong ones.
_SLIPS = 0.5


@dataclass(frozen=True, slots=True)
class _Unknown:
    """A word of the question that no article has; ``name``: written as one; ``ordinary``: a word of
    English as it stands, which is doubted only for what stands beside it.
    """

    text: str
    start: int
    end: int
    name: bool
    ordinary: bool


def suggest_spelling(question: str, library: Library) -> str:
    """The question with the words that the articles have for those they lack; empty when there is
    nothing to mend, or most of what is unknown is like nothing in the articles.
    """
    unknown = [word for word in _unknown(question, library) if len(word.text) >= _SHORTEST]
    changes: dict[int, tuple[int, str]] = {}
    mended: list[_Unknown] = []
    # Ordinary words last: what stands beside them is then known better.
    for word in sorted(unknown, key=lambda word: word.ordinary):
        neighbours = _neighbours(question, word, changes, library)
        if joined := _joined(question, word, library):
            start, end, replacement = joined
        elif meant := _meant(word, neighbours, library):
            start, (end, replacement) = word.start, meant
        else:
            continue
        changes[start] = (end, _as_written(question[start:end], replacement))
        mended += [] if word.ordinary else [word]
    doubtful = [word for word in unknown if not word.ordinary]
    if not changes or len(mended) < _SLIPS * len(doubtful):
        return ""
    text, last = "", 0
    for start, (end, replacement) in sorted(changes.items()):
        if start >= last:
            text += question[last:start] + replacement
            last = end
    return text + question[last:]


def unknown_words(question: str, library: Library) -> list[str]:
    """The words, and numbers, of a question that no article has and that are no ordinary English,
    in order, once each: names above all.
    """
    words = [word.text for word in _unknown(question, library) if not word.ordinary]
    numbers = [number for number in re.findall(r"\d{3,}", question) if not is_held(library, number)]
    return list(dict.fromkeys([*words, *numbers]))


def is_unknown(question: str, library: Library) -> bool:
    """Whether all words of a question that count are such: nothing can be known of it."""
    words = terms(question)
    if not words or any(is_held(library, word) for word in words):
        return False
    return set(words) <= set(unknown_words(question, library))


def _unknown(question: str, library: Library) -> Iterator[_Unknown]:
    quoted = [match.span() for match in _QUOTED.finditer(question)]
    capitals = question.isupper()
    outlet_words: set[str] | None = None
    for match in _WORD.finditer(question):
        word, (start, end) = match[0], match.span()
        in_quotation = any(low < end and start < high for low, high in quoted)
        if in_quotation or len(word) < 3 or word.lower() in STOP_WORDS or pieces(word):
            continue
        if is_held(library, word):
            continue
        if outlet_words is None:
            # What an outlet is called its articles need not say.
            outlet_words = set(bare_words(" ".join(library.sources(Scope()))))
        if word.lower() in outlet_words:
            continue
        name = word[0].isupper() and start > 0 and not capitals and not word.isupper()
        yield _Unknown(word, start, end, name, not name and _is_english(word.lower()))


def _meant(word: _Unknown, neighbours: Sequence[str], library: Library) -> tuple[int, str] | None:
    """Where the word ends, and what was meant; None when nothing is near enough."""
    near = _near_words(word, library)
    for letters in near:
        if word.ordinary and not _is_commoner(letters, word.text.lower()):
            continue
        if any(stand_together(library, (letters, other)) for other in neighbours):
            return word.end, letters
    # Without a neighbour that speaks for it, what is ordinary stays, a name becomes nothing that
    # is ordinary, no word is near to many, and hands seldom slip at the first letter.
    if word.ordinary or len(word.text) == _SHORTEST:
        return None
    same_letter = [letters for letters in near if letters[0] == word.text[0].lower()]
    if same_letter and not (word.name and _is_english(same_letter[0])):
        return word.end, same_letter[0]
    if parts := _parts(word.text.lower(), library):
        return word.end, " ".join(parts)
    if not word.name and (general := _nearest(word.text.lower(), [*_english()], 1)):
        return word.end, min(general, key=lambda letters: _english()[letters])
    return None


def _near_words(word: _Unknown, library: Library) -> list[str]:
    """The words of the articles that may have been meant, the likeliest first."""
    letters = unaccented(word.text.lower())
    most = 2 if len(letters) >= (_LONG_NAME if word.name else _LONG) else 1
    words = words_of_length(library, len(letters) - most, len(letters) + most)
    near = {
        each: gap for each, gap in _nearest(letters, words, most).items() if each not in STOP_WORDS
    }
    counts = article_counts(library, [*near])
    return sorted(
        near, key=lambda each: (near[each], each[0] != letters[0], -counts.get(each, 0), each)
    )


def _nearest(letters: str, words: Sequence[str], most: int) -> dict[str, int]:
    """The words at most so far away, with how far."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    scored = process.extract_iter(
        letters, words, scorer=OSA.distance, processor=None, score_cutoff=most
    )
    return {str(each): int(distance) for each, distance, _ in scored}


def _parts(letters: str, library: Library) -> tuple[str, str] | None:
    """The two words of the articles that these letters are, without the space between them."""
    for place in range(3, len(letters) - 2):
        parts = (letters[:place], letters[place:])
        if stand_in_a_row(library, parts):
            return parts
    return None


def _joined(question: str, word: _Unknown, library: Library) -> tuple[int, int, str] | None:
    """The one word of the articles that this word and the one before or after it are, from where
    to where.
    """
    for pattern, start in ((r"[^\W\d_]+ $", 0), (r" [^\W\d_]+", word.end)):
        part = question[: word.start] if not start else question[start:]
        match = re.search(pattern, part) if not start else re.match(pattern, part)
        if match:
            low, high = (
                (match.start(), word.end) if not start else (word.start, start + match.end())
            )
            whole = question[low:high].replace(" ", "").lower()
            if article_counts(library, [unaccented(whole)]):
                return low, high, whole
    return None


def _neighbours(
    question: str, word: _Unknown, changes: dict[int, tuple[int, str]], library: Library
) -> list[str]:
    """The words that count on both sides, as mended so far, where the articles hold them."""
    words = [
        (match.start(), changes[match.start()][1] if match.start() in changes else match[0])
        for match in re.finditer(r"[^\W_]+", question)
        if match[0].lower() not in STOP_WORDS
    ]
    before = [text for start, text in words if start < word.start][-1:]
    after = [text for start, text in words if start > word.start][:1]
    return [text for text in before + after if is_held(library, text)]


def _as_written(typed: str, replacement: str) -> str:
    """With the capitals of what was typed."""
    if len(typed) > 1 and typed.isupper():
        return replacement.upper()
    return replacement.title() if typed[0].isupper() else replacement


@lru_cache(1)
def _english() -> dict[str, int]:
    """Ordinary words, some names among them, with their ranks by frequency from 1: the whole words
    of the encoder's vocabulary, which stand in that order (Wu et al. 2016).
    """
    data = json.loads(_VOCABULARY.read_text(encoding="utf-8"))
    by_place = sorted(data["model"]["vocab"].items(), key=lambda item: item[1])
    words = [word for word, _ in by_place if word.isalpha() and len(word) > 1]
    return {word: rank for rank, word in enumerate(words, 1)}


def _is_commoner(word: str, other: str) -> bool:
    """Whether the one is so much more common than the other that a slip is likelier; a name that
    is no ordinary word is, if the other is none as it stands.
    """
    ranks = _english()
    if word not in ranks:
        return other not in ranks
    bases = [ranks[form] for form in _forms(other) if form in ranks]
    rank = ranks.get(other) or _RARER * min(bases, default=len(ranks))
    return ranks[word] * _COMMONER <= rank


def _is_english(word: str) -> bool:
    """Whether it, its American spelling, or what it is derived from is an ordinary word."""
    return bool(_forms(word) & _english().keys())


def _forms(word: str) -> set[str]:
    """The word, its American spelling, and what they are derived from."""
    spellings = {word, re.sub("is(?=e|ing|ation)", "iz", word), word.replace("our", "or")}
    return spellings | {pattern.sub(base, each) for each in spellings for pattern, base in _DERIVED}
