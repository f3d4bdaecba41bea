"""Matches within a scope that an index does not know by itself: it knows days and outlets, and the
library knows collections.
"""

from collections.abc import Callable
from dataclasses import replace

from qa.library.store import Library
from qa.protocols import Match
from qa.records.question import Scope

__all__ = ["search_within"]

_WIDEN = 10
# Keys that the library is asked for at once.
_BATCH = 5000


def search_within(
    library: Library, search: Callable[[int, Scope], list[Match]], k: int, scope: Scope
) -> list[Match]:
    """The best ``k`` matches of the scope, best first. ``search`` gives so many of a scope of days
    and outlets; of a collection it is asked for ten times as many, and again, until enough of them
    are in it or there are no more.
    """
    if not scope.collections:
        return search(k, scope)
    depth, plain = k, replace(scope, collections=())
    while True:
        depth *= _WIDEN
        wide = search(depth, plain)
        keys = [match.key for match in wide]
        keys_in_scope: set[int] = set()
        for first in range(0, len(keys), _BATCH):
            keys_in_scope |= library.days(keys[first : first + _BATCH], scope).keys()
        if len(keys_in_scope) >= k or len(wide) < depth:
            return [match for match in wide if match.key in keys_in_scope][:k]
