"""Whether quotations support a statement, by what can be checked without a model: its words,
numbers, dates, names and negations. Strings only.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.agree import bare_words, compatible, dates, values
from qa.readers.question import stem
from qa.retrieve.lexical import STOP_WORDS
from qa.sentences import sentences
from qa.text import one_line

__all__ = ["Judgement", "judge"]

# Shares of the statement's words: enough to be supported, and enough to speak of the same thing
# so that a negation counts. Chosen on one half of QAGS, reported on the other.
_ENOUGH = 0.78
_SAME = 0.7
_NEGATED = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|neither|nor|without|cannot|\w+n['’]t|den(?:y|ies|ied)"
    r"|refused|failed|false|untrue)\b",
    re.IGNORECASE,
)
_ROUNDED = 0.03


@dataclass(frozen=True, slots=True)
class Judgement:
    """``score`` in [0, 1]: the share of the statement's words that the nearest sentences of the
    quotations hold, 0 with any fault. ``faults`` name what contradicts or is missing, in words
    for people.
    """

    score: float
    faults: tuple[str, ...] = ()

    @property
    def supported(self) -> bool:
        """Whether the statement may stand."""
        return not self.faults and self.score >= _ENOUGH


def judge(statement: str, quotes: Sequence[str]) -> Judgement:
    """How far the quotations together support the statement.

    A statement that is itself quoted is supported entirely; one without quotations not at all.
    Every number, date and name of it must stand in the quotations, and the sentence nearest to it
    must not be negated where it is not, or the other way round.

    >>> judge("Nine sailors died.", ["In all, 9 sailors died at sea."]).supported
    True
    >>> judge("Ten sailors died.", ["In all, 9 sailors died at sea."]).faults
    ('the quotation has no 10',)
    """
    if not quotes:
        return Judgement(0.0, ("nothing is quoted",))
    together = " ".join(one_line(quote) for quote in quotes)
    if one_line(statement).strip(" .") in together:
        return Judgement(1.0)
    faults = (
        *(f"the quotation has no {number:g}" for number in _numbers(statement, together)),
        *(f"the quotation has no {day}" for day in _dates(statement, together)),
        *(f"the quotation does not name {name}" for name in _names(statement, together)),
        *_negation(statement, together),
    )
    own = _stems(statement)
    held = frozenset().union(*(_stems(_nearest(own, quote)) for quote in quotes))
    share = len(own & held) / len(own) if own else 0.0
    return Judgement(0.0 if faults else share, faults)


def _numbers(statement: str, together: str) -> list[float]:
    held = values(together)
    # "One" is mostly no number.
    statement = re.sub(r"\b[Oo]ne\b", " ", statement)
    return sorted(
        number
        for number in values(statement)
        if not any(abs(number - other) <= _tolerance(number) * abs(other) for other in held)
    )


def _tolerance(number: float) -> float:
    # Years and small counts are never rounded; 1.2 million for 1,203,000 is.
    return 0.0 if number < 100 or (1500 <= number <= 2100 and number == int(number)) else _ROUNDED


def _dates(statement: str, together: str) -> list[str]:
    held = dates(together)
    return [
        text
        for text, day in dates(statement).items()
        if not any(compatible(day, other) for other in held.values())
    ]


def _names(statement: str, together: str) -> list[str]:
    held = {stem(word) for word in bare_words(together)}
    found = []
    for place, match in enumerate(re.finditer(r"[^\W\d_][\w’'-]*", statement)):
        word = match.group()
        opens = place == 0 or statement[: match.start()].rstrip().endswith((".", "!", "?", ":"))
        plain = word.lower() in STOP_WORDS or not word[0].isupper()
        if not plain and not opens and stem(word) not in held and dates(word) == {}:
            found.append(word)
    return found


def _negation(statement: str, together: str) -> list[str]:
    own = _stems(statement)
    nearest = _nearest(own, together)
    if len(own & _stems(nearest)) < _SAME * len(own):
        return []
    # What the sentence says beyond the words of the statement may be negated for itself.
    shared = [
        match.span() for match in re.finditer(r"[\w'’-]+", nearest) if _stems(match.group()) & own
    ]
    clause = nearest[shared[0][0] : shared[-1][1]] if shared else ""
    said, quoted = (len(_NEGATED.findall(text)) % 2 for text in (statement, clause))
    if said == quoted:
        return []
    return ["the quotation is negated" if quoted else "the quotation is not negated"]


def _nearest(own: frozenset[str], quote: str) -> str:
    """The sentence of the quotation that shares most words with the statement."""
    parts = [quote[low:high] for low, high in sentences(quote)]
    return max(parts, key=lambda part: len(own & _stems(part)), default="")


def _stems(text: str) -> frozenset[str]:
    return frozenset(
        stem(word)
        for word in bare_words(text)
        if word not in STOP_WORDS and not _NEGATED.fullmatch(word) and not values(word)
    )
