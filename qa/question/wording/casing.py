"""The capitals of a question that has all or none, as the articles write its words."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from qa.errors import IndexUnavailable
from qa.language.lexicon import STOP_WORDS
from qa.language.words import terms
from qa.library.store import Library
from qa.records.question import Scope

__all__ = ["restore_case"]

# Passages that are looked at: those with most of the question's words.
_PASSAGES = 20
_WORD = re.compile(r"[^\W\d_]+")
# Between two words of one sentence: a capital behind it is no mere beginning.
_INSIDE = (" ", "-", ", ", "; ", "’", "'")


def restore_case(question: str, library: Library) -> str:
    """The question in ordinary writing; unchanged when it has capitals and small letters already.

    Small words stay small, others become what the passages nearest to the question write most.
    """
    if not (question.isupper() or question.islower()) or len(_WORD.findall(question)) < 2:
        return question
    forms = _forms(_near(question, library))
    capitals = question.isupper()

    def ordinary(match: re.Match[str]) -> str:
        word = match[0].lower()
        # "us" and "US", "who" and "WHO": nobody means the rarer one without a capital.
        if word in STOP_WORDS:
            return word
        before = _WORD.findall(question[: match.start()].lower())[-1:]
        pair = f"{before[0]} {word}" if before else word
        return forms.get(pair) or forms.get(word) or (word if capitals else match[0])

    text = _WORD.sub(ordinary, question)
    return text[:1].upper() + text[1:]


def _near(question: str, library: Library) -> Iterable[str]:
    try:
        matches = library.words().search(terms(question.lower()), _PASSAGES, Scope())
    except IndexUnavailable:
        # The search says so, and how it is mended.
        return []
    return [passage.text for passage in library.passages([match.key for match in matches]).values()]


def _forms(texts: Iterable[str]) -> dict[str, str]:
    """Each word, and each behind another, in small letters with how it is mostly written inside a
    sentence.
    """
    counts: dict[str, Counter[str]] = {}
    for text in texts:
        for before, word in pairwise(_WORD.finditer(text)):
            if text[before.end() : word.start()] in _INSIDE:
                lower = word[0].lower()
                for key in (lower, f"{before[0].lower()} {lower}"):
                    counts.setdefault(key, Counter())[word[0]] += 1
    return {key: forms.most_common(1)[0][0] for key, forms in counts.items()}
