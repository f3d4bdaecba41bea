"""Whether a sentence or passage has to do with a question, by its words alone."""

import qa.thresholds as thresholds
from qa.language.sentences import sentences
from qa.language.words import stems
from qa.readers.candidates import candidates
from qa.readers.neural.encode import heading
from qa.records.article import Passage
from qa.records.question import ExpectedAnswer
from qa.records.reading import Span

__all__ = ["may_contradict", "shares_topic", "topic_share"]


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


def topic_share(span: Span, terms: frozenset[str]) -> float:
    """The share of stems that a span's sentence or its article's heading holds; 0 without stems."""
    sentence_stems = stems(f"{heading(span.passage)} {span.quote}")
    return len(terms & sentence_stems) / len(terms) if terms else 0.0


def may_contradict(expected: ExpectedAnswer, passage: Passage) -> bool:
    """Whether a sentence of it, with the article's heading, holds as many of the question's words
    as one must that tells another answer; True for a question without words to go by.

    >>> wanted = ExpectedAnswer("number", terms={"sailor": 1.0, "die": 1.0, "ferri": 1.0})
    >>> may_contradict(wanted, Passage("a", 0, 28, "On the ferry, nine sailors died."[:28]))
    True
    >>> may_contradict(wanted, Passage("a", 0, 23, "The sailors ate apples."))
    False
    """
    terms = frozenset(expected.terms)
    least = thresholds.RIVAL_TERMS * len(terms)
    rest = terms - stems(heading(passage))
    known = len(terms) - len(rest)
    return known >= least or any(
        known + len(rest & stems(passage.text[start:end])) >= least
        for start, end in sentences(passage.text)
    )
