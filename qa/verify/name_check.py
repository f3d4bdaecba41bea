"""Names of a statement against those of quotations: other forms, initials, pronouns."""

import re
from collections.abc import Sequence
from itertools import pairwise

from qa.verify.facts import Facts

__all__ = ["abbreviates", "missing_names", "one_name"]


def missing_names(
    statement: Facts, evidence: Sequence[Facts], context: Facts, outlets: Facts
) -> tuple[list[str], frozenset[str]]:
    """The names of the statement that the quotations do not hold: those that stand nowhere, and
    the stems of those that are said in another form or that pronouns stand for.
    """
    words = frozenset[str]().union(
        *(frozenset(token.stem for token in fact.tokens) for fact in evidence)
    )
    capitals = {token.text for fact in evidence for token in fact.tokens if token.text[0].isupper()}
    refers = any(fact.refers or _is_described(fact, statement) for fact in evidence)
    # The outlet may always be named.
    outlet_stems = {token.stem for token in outlets.tokens}
    outlet_stems |= {token.stem for token in context.tokens} if refers else set()
    strangers, known_names = [], set()
    for token in statement.tokens:
        if token.kind not in ("name", "opener") or not token.content or token.stem in words:
            continue
        if (
            any(one_name(token.text, other) for other in capitals)
            or token.stem in outlet_stems
            or _initials(token.text, evidence, context)
        ):
            known_names.add(token.stem)
        elif token.kind == "name" or _is_name(token.text, (*evidence, context)):
            strangers.append(token.text)
    return strangers, frozenset(known_names)


def _is_described(fact: Facts, statement: Facts) -> bool:
    """Whether it speaks of "the" somebody or something that the statement may call by name."""
    return any(
        previous_token.stem == "the" and token.content and token.stem not in statement.words
        for previous_token, token in pairwise(fact.tokens)
    )


def _is_name(word: str, nearby_facts: Sequence[Facts]) -> bool:
    """Whether a word that opens a sentence is a name in the middle of others."""
    return any(
        token.text == word and token.kind == "name"
        for fact in nearby_facts
        for token in fact.tokens
    )


def one_name(one: str, other: str) -> bool:
    """Forms of one name: Iran and Iranian, Ukraine's and Ukrainian."""
    short, long = sorted((one.lower(), other.lower()), key=len)
    size = min(len(short), 5)
    return size >= 4 and short[:size] == long[:size] and len(long) - len(short) <= 4


def _initials(word: str, evidence: Sequence[Facts], context: Facts) -> bool:
    letters = word.replace(".", "")
    everything = " ".join([*(fact.text for fact in evidence), context.text])
    if letters.isupper() and 2 <= len(letters) <= 6:
        return bool(
            re.search(
                r"\W+(?:(?:of|the|and|for)\W+)*".join(rf"\b{sign}\w*" for sign in letters),
                everything,
            )
        )
    # The other way round: the words of a name whose initials are quoted.
    return any(
        initials[:1] == word[:1] and word[0] in initials
        for initials in re.findall(r"\b(?:[A-Z]\.?){2,6}(?!\w)", everything)
    )


def abbreviates(short: str, long: str) -> bool:
    letters = short.replace(".", "")
    return letters.isupper() and len(letters) > 1 and letters[0] == long[0]
