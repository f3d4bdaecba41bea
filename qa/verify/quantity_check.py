"""Numbers of a statement against those of quotations: value, unit, rate, and what is counted."""

from collections.abc import Iterator, Sequence

import qa.thresholds as thresholds
from qa.verify.facts import Facts, Quantity

__all__ = ["nearly_equal", "wrong_quantities"]


def wrong_quantities(statement: Facts, evidence: Sequence[Facts]) -> Iterator[str]:
    quoted_quantities = [item for fact in evidence for item in fact.quantities]
    words = frozenset[str]().union(*(fact.words for fact in evidence))
    for item in statement.quantities:
        equal = [other for other in quoted_quantities if nearly_equal(item.value, other.value)]
        if not equal:
            yield f"the quotation has no {item.text}"
        elif not any(_same_unit(item, other, words) for other in equal):
            yield f"the quotation has {equal[0].text} of something else than {item.text} is of"


def _same_unit(item: Quantity, other: Quantity, words: frozenset[str]) -> bool:
    if item.rate and other.rate and item.rate != other.rate:
        return False
    if item.unit and other.unit:
        return item.unit == other.unit
    if other.unit and item.noun:
        return item.noun in words
    return not item.unit or item.unit in words or not other.noun


def nearly_equal(number: float, other: float) -> bool:
    """Equal, or the other one rounded. Years and small counts are never rounded."""
    if number == other:
        return True
    if number < 100 or (1500 <= number <= 2100 and number == int(number)):
        return False
    digits = len(f"{number:.0f}".rstrip("0"))
    places = digits - len(f"{other:.0f}")
    is_rounded = abs(round(other, places) - number) < 1e-6 * number
    return is_rounded and abs(number - other) <= thresholds.ROUNDING * abs(other)
