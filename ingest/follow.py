"""What a source names and does not hold: fetched when that is asked for, else said."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

from ingest.sandbox.messages import Failure, Loaded

__all__ = ["MAX_DEPTH", "MAX_FOLLOWED", "followed", "hinted"]

# Addresses that are fetched because one source names them.
MAX_FOLLOWED = 1000
# A sitemap of sitemaps of pages, which name the feed of each.
MAX_DEPTH = 3

_Results: TypeAlias = Iterator[Loaded | Failure]


def followed(
    results: _Results, take_page: Callable[[str], _Results], *, depth: int = MAX_DEPTH
) -> _Results:
    """The results, and instead of each failure that names addresses what ``take_page`` makes of
    those, up to ``MAX_FOLLOWED`` in all and through ``depth`` lists of lists.
    """
    yield from _followed(results, take_page, set(), depth)


def _followed(
    results: _Results, take_page: Callable[[str], _Results], fetched: set[str], depth: int
) -> _Results:
    naming: list[Failure] = []
    for result in results:
        if depth and isinstance(result, Failure) and result.links:
            naming.append(result)
        else:
            yield result
    # When the source is read to its end: one is parsed at a time.
    for failure in naming:
        links = [link for link in failure.links if link not in fetched]
        for number, link in enumerate(links):
            if len(fetched) >= MAX_FOLLOWED:
                reason = f"{len(links) - number:,} of its addresses were not fetched; the limit"
                yield Failure(failure.origin, f"{reason} is {MAX_FOLLOWED:,} for one source")
                break
            fetched.add(link)
            yield from _followed(take_page(link), take_page, fetched, depth - 1)


def hinted(results: _Results) -> _Results:
    """The results, with the way to what they name."""
    for result in results:
        if isinstance(result, Failure) and result.links:
            yield replace(result, reason=f"{result.reason}; --follow fetches what it names")
        else:
            yield result
