"""What stands in a statement in the place of something else in the sentence it repeats."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations

import qa.thresholds as thresholds
from qa.language.words import stem
from qa.verify.facts import Facts, Token
from qa.verify.name_check import abbreviates, one_name
from qa.verify.quantity_check import nearly_equal

__all__ = ["is_reworded", "replacements", "wrong_negations"]

_PAIRS = (
    "rise/fall rose/fell increase/decrease increase/decline gain/lose win/lose up/down "
    "more/less more/few high/low higher/lower before/after first/last north/south east/west "
    "accept/reject northern/southern eastern/western begin/end open/close approve/reject "
    "support/oppose man/woman men/women boy/girl father/mother son/daughter brother/sister "
    "husband/wife best/worst most/least major/minor buy/sell guilty/innocent convict/acquit "
    "dead/alive largest/smallest highest/lowest oldest/youngest same/different "
    "public/private left/right male/female win/defeat strong/weak early/late earlier/later"
)
_OPPOSITES = [frozenset(stem(word) for word in pair.split("/")) for pair in _PAIRS.split()]


def replacements(statement: Facts, evidence: Sequence[Facts]) -> Iterator[str]:
    """What stands in the statement in the place of another name, number or opposite."""
    for fact in evidence:
        shared_words = len(
            {token.stem for token in statement.tokens} & {token.stem for token in fact.tokens}
        )
        # A sentence that is repeated nearly whole has each thing in its place.
        other_evidence = (
            () if shared_words >= thresholds.REPEATED * len(statement.tokens) else evidence
        )
        if not other_evidence:
            yield from _name_exchanges(statement, fact)
        for one, other in _swaps(statement, fact):
            yield from _conflict(one, other, statement, other_evidence)


def is_reworded(statement: Facts, fact: Facts, context: Facts) -> bool:
    """Whether an ordinary word stands in the place of another: of the same meaning, or not."""
    for one, other in _swaps(statement, fact):
        mine = [
            token
            for token in one
            if token.content
            and token.kind in ("word", "opener")
            and token.stem not in context.words
        ]
        its = [token for token in other if token.content]
        if mine and its and not {token.stem for token in mine} & fact.words:
            return True
    return False


def wrong_negations(statement: Facts, evidence: Sequence[Facts]) -> Iterator[str]:
    quoted_scopes = [scope for fact in evidence for scope in fact.denied]
    words = frozenset[str]().union(*(fact.words for fact in evidence))
    denied_words = frozenset(word for scope in quoted_scopes for word in scope)
    own = frozenset(word for scope in statement.denied for word in scope)
    for scope in statement.denied:
        known_words = [word for word in scope if word in words]
        if known_words and not denied_words & {*known_words}:
            yield "the quotation is not negated"
            break
    for scope in quoted_scopes:
        shared_words = [word for word in scope if word in statement.words]
        if shared_words and scope[0] in statement.words and not own & {*shared_words}:
            yield "the quotation is negated"
            break


def _name_exchanges(statement: Facts, fact: Facts) -> Iterator[str]:
    """Two names that stand in each other's place in a sentence that is repeated nearly whole."""
    mine, its = _places(statement), _places(fact)
    both = [name for name in mine if name in its]
    for one, other in combinations(both, 2):
        order_changed = (mine[one][0] < mine[other][0]) != (its[one][0] < its[other][0])
        # "In Kessel Reke spoke" is "Reke spoke in Kessel", and "by" turns a sentence round.
        neighbours_equal = any(
            first_neighbour == second_neighbour
            for name in (one, other)
            for first_neighbour, second_neighbour in zip(mine[name][1:], its[name][1:], strict=True)
        )
        passive = any(places[name][1] == "by" for places in (mine, its) for name in (one, other))
        if order_changed and not neighbours_equal and not passive:
            yield f"the quotation has {one} and {other} in each other's place"


def _places(fact: Facts) -> dict[str, tuple[int, str, str]]:
    """The names that stand once in a text: where, and the words before and after."""
    places = {}
    stems = ["", *(token.stem for token in fact.tokens), ""]
    for place, token in enumerate(fact.tokens):
        if token.kind in ("name", "opener") and token.content and stems.count(token.stem) == 1:
            places[token.stem] = (place, stems[place], stems[place + 2])
    return places


def _swaps(statement: Facts, fact: Facts) -> Iterator[tuple[Sequence[Token], Sequence[Token]]]:
    """A few words in the place of a few others, with the same words on both sides."""
    statement_stems = [token.stem for token in statement.tokens]
    evidence_stems = [token.stem for token in fact.tokens]
    blocks = SequenceMatcher(None, statement_stems, evidence_stems, autojunk=False).get_opcodes()
    for place, (tag, low, high, start, end) in enumerate(blocks):
        if tag != "replace" or high - low > 4 or end - start > 4:
            continue
        words_before = place and blocks[place - 1][2] - blocks[place - 1][1]
        words_after = place + 1 < len(blocks) and blocks[place + 1][2] - blocks[place + 1][1]
        if (
            (words_before or not low)
            and (words_after or high == len(statement_stems))
            and words_before + words_after >= 2
        ):
            yield statement.tokens[low:high], fact.tokens[start:end]


def _conflict(
    one: Sequence[Token], other: Sequence[Token], statement: Facts, evidence: Sequence[Facts]
) -> Iterator[str]:
    for kind in ("name", "number"):
        statement_tokens = [token for token in one if token.kind == kind]
        evidence_tokens = [token for token in other if token.kind == kind]
        if (
            not statement_tokens
            or not evidence_tokens
            or any(_same(a, b) for a in statement_tokens for b in evidence_tokens)
        ):
            continue
        # What the quotations have elsewhere may just be said in another order, unless the two
        # have changed places.
        in_evidence = any(
            _same(statement_tokens[0], token) for fact in evidence for token in fact.tokens
        )
        in_statement = any(_same(evidence_tokens[0], token) for token in statement.tokens)
        if not in_evidence or in_statement:
            quoted_word, stated_word = evidence_tokens[0].text, statement_tokens[0].text
            yield f"the quotation has {quoted_word} where the statement has {stated_word}"
    for a in one:
        for b in other:
            if frozenset((a.stem, b.stem)) in _OPPOSITES:
                yield f"the quotation has {b.text} where the statement has {a.text}"


def _same(one: Token, other: Token) -> bool:
    if one.kind == other.kind == "number":
        return nearly_equal(float(one.stem), float(other.stem))
    return one.stem == other.stem or (
        one.text[0].isupper()
        and other.text[0].isupper()
        and (
            one_name(one.text, other.text)
            or abbreviates(one.text, other.text)
            or abbreviates(other.text, one.text)
        )
    )
