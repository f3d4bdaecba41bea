"""Whether a sentence has to do with a question, by its words alone. Strings only."""

from qa.language.words import stems
from qa.readers.candidates import candidates
from qa.records.question import ExpectedAnswer

__all__ = ["shares_topic"]


def shares_topic(expected: ExpectedAnswer, evidence: str) -> bool:
    """Whether evidence holds a word of the question that is no name, or one of its names beside
    something of the form that it asks for. True for a question without words to go by.

    >>> wanted = ExpectedAnswer("number", ("sailor",), {"sailor": 1.0})
    >>> shares_topic(wanted, "In all, nine sailors were lost.")
    True
    >>> shares_topic(wanted, "Zephyr coins will double in value.")
    False
    """
    terms = frozenset(expected.terms)
    common = terms & stems(evidence)
    if not terms or common - expected.names:
        return True
    if not terms - expected.names:
        return bool(common)
    return bool(common) and expected.kind != "phrase" and bool(candidates(evidence, expected))
