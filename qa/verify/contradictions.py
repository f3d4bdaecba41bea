"""What stands in a statement in the place of something else in the sentence it repeats."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations

import qa.thresholds as thresholds
from qa.language.words import stem
from qa.verify.facts import Facts, Token
from qa.verify.name_check import abbreviates, one_name
from qa.verify.quantity_check import near

__all__ = ["replaced", "reworded", "wrong_negations"]

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


def replaced(said: Facts, held: Sequence[Facts]) -> Iterator[str]:
    """What stands in the statement in the place of another name, number or opposite."""
    for fact in held:
        shared = len({token.stem for token in said.tokens} & {token.stem for token in fact.tokens})
        # A sentence that is repeated nearly whole has each thing in its place.
        elsewhere = () if shared >= thresholds.REPEATED * len(said.tokens) else held
        if not elsewhere:
            yield from _exchanged(said, fact)
        for one, other in _swaps(said, fact):
            yield from _conflict(one, other, said, elsewhere)


def reworded(said: Facts, fact: Facts, around: Facts) -> bool:
    """Whether an ordinary word stands in the place of another: of the same meaning, or not."""
    for one, other in _swaps(said, fact):
        mine = [
            token
            for token in one
            if token.content and token.kind in ("word", "opener") and token.stem not in around.words
        ]
        its = [token for token in other if token.content]
        if mine and its and not {token.stem for token in mine} & fact.words:
            return True
    return False


def wrong_negations(said: Facts, held: Sequence[Facts]) -> Iterator[str]:
    quoted = [scope for fact in held for scope in fact.denied]
    words = frozenset[str]().union(*(fact.words for fact in held))
    denied = frozenset(word for scope in quoted for word in scope)
    own = frozenset(word for scope in said.denied for word in scope)
    for scope in said.denied:
        known = [word for word in scope if word in words]
        if known and not denied & {*known}:
            yield "the quotation is not negated"
            break
    for scope in quoted:
        shared = [word for word in scope if word in said.words]
        if shared and scope[0] in said.words and not own & {*shared}:
            yield "the quotation is negated"
            break


def _exchanged(said: Facts, fact: Facts) -> Iterator[str]:
    """Two names that stand in each other's place in a sentence that is repeated nearly whole."""
    mine, its = _places(said), _places(fact)
    both = [name for name in mine if name in its]
    for one, other in combinations(both, 2):
        moved = (mine[one][0] < mine[other][0]) != (its[one][0] < its[other][0])
        # "In Kessel Reke spoke" is "Reke spoke in Kessel", and "by" turns a sentence round.
        kept = any(
            left == right
            for name in (one, other)
            for left, right in zip(mine[name][1:], its[name][1:], strict=True)
        )
        passive = any(places[name][1] == "by" for places in (mine, its) for name in (one, other))
        if moved and not kept and not passive:
            yield f"the quotation has {one} and {other} in each other's place"


def _places(fact: Facts) -> dict[str, tuple[int, str, str]]:
    """The names that stand once in a text: where, and the words before and after."""
    found = {}
    stems = ["", *(token.stem for token in fact.tokens), ""]
    for place, token in enumerate(fact.tokens):
        if token.kind in ("name", "opener") and token.content and stems.count(token.stem) == 1:
            found[token.stem] = (place, stems[place], stems[place + 2])
    return found


def _swaps(said: Facts, fact: Facts) -> Iterator[tuple[Sequence[Token], Sequence[Token]]]:
    """A few words in the place of a few others, with the same words on both sides."""
    left = [token.stem for token in said.tokens]
    right = [token.stem for token in fact.tokens]
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    for place, (tag, low, high, start, end) in enumerate(blocks):
        if tag != "replace" or high - low > 4 or end - start > 4:
            continue
        before = place and blocks[place - 1][2] - blocks[place - 1][1]
        after = place + 1 < len(blocks) and blocks[place + 1][2] - blocks[place + 1][1]
        if (before or not low) and (after or high == len(left)) and before + after >= 2:
            yield said.tokens[low:high], fact.tokens[start:end]


def _conflict(
    one: Sequence[Token], other: Sequence[Token], said: Facts, held: Sequence[Facts]
) -> Iterator[str]:
    for kind in ("name", "number"):
        left = [token for token in one if token.kind == kind]
        right = [token for token in other if token.kind == kind]
        if not left or not right or any(_same(a, b) for a in left for b in right):
            continue
        # What the quotations have elsewhere may just be said in another order, unless the two
        # have changed places.
        elsewhere = any(_same(left[0], token) for fact in held for token in fact.tokens)
        exchanged = any(_same(right[0], token) for token in said.tokens)
        if not elsewhere or exchanged:
            yield f"the quotation has {right[0].text} where the statement has {left[0].text}"
    for a in one:
        for b in other:
            if frozenset((a.stem, b.stem)) in _OPPOSITES:
                yield f"the quotation has {b.text} where the statement has {a.text}"


def _same(one: Token, other: Token) -> bool:
    if one.kind == other.kind == "number":
        return near(float(one.stem), float(other.stem))
    return one.stem == other.stem or (
        one.text[0].isupper()
        and other.text[0].isupper()
        and (
            one_name(one.text, other.text)
            or abbreviates(one.text, other.text)
            or abbreviates(other.text, one.text)
        )
    )
