"""Which articles a question may use, by the names of outlets and collections that it comes with."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from qa.errors import OutletNotFound
from qa.library.curation.collections import known_collections
from qa.library.store import Library
from qa.library.tables.rows import scope_condition
from qa.records.question import Scope

__all__ = ["known_scope", "nearest_first", "nearest_outlets"]

# How much of two names is the same where one is likely a slip for the other.
_NEAR = 0.6
# Outlets that a message names.
_MOST_LISTED = 20


def known_scope(
    library: Library, outlets: Sequence[str], collections: str | Sequence[str] = ()
) -> Scope:
    """What the names mean, outlets in any case. Raises CollectionNotFound, and OutletNotFound for
    an outlet of which none of those articles is, unless there is no article at all; the empty name,
    of those without one, is always known.
    """
    names = known_collections(library, collections)
    scope = Scope(sources=tuple(outlets), collections=names)
    if not any(outlets):
        return scope
    outlet = library.database.dialect.outlet
    where, values = scope_condition(scope, library.database.dialect)
    with library.reading() as database:
        rows = database.execute(f"SELECT DISTINCT {outlet} FROM articles a WHERE {where}", values)
        known_names = {"", *(row[0] for row in rows.fetchall())}
    for name in outlets:
        if name.lower() not in known_names and library.coverage(Scope())[0]:
            raise OutletNotFound(_missing_text(name, library.sources(Scope(collections=names))))
    return scope


def nearest_outlets(library: Library, name: str) -> list[str]:
    """The outlets whose names one may have meant by another, the likeliest first."""
    return [each for each in nearest_first(name, library.sources(Scope())) if _is_near(name, each)]


def nearest_first(name: str, names: Iterable[str]) -> list[str]:
    """The names, those first that this one is likely a slip for; the others as they were.

    >>> nearest_first("harbor post", ["Courier", "Gazette", "Harbour Post"])
    ['Harbour Post', 'Courier', 'Gazette']
    """
    return sorted(names, key=lambda each: -_likeness(name, each) if _is_near(name, each) else 0.0)


def _missing_text(name: str, outlets: Sequence[str]) -> str:
    """That there is no such outlet, and some of those that there are, the likeliest first."""
    more = len(outlets) - _MOST_LISTED
    rest = f", and {more:,} more, which `article-qa list` shows" if more > 0 else ""
    names = ", ".join(nearest_first(name, outlets)[:_MOST_LISTED]) or "none"
    return f"no outlet is called {name!r}; there are {names}{rest}"


def _is_near(name: str, other: str) -> bool:
    return _likeness(name, other) >= _NEAR


def _likeness(name: str, other: str) -> float:
    return SequenceMatcher(None, name.lower(), other.lower()).ratio()
