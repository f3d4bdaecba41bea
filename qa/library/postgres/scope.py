"""A scope as a condition on what the indexes keep of a passage."""

from qa.language.dates import day_number
from qa.library.tables.rows import placeholders
from qa.records.question import Scope

__all__ = ["index_condition"]


def index_condition(scope: Scope) -> tuple[str, list[int | str]]:
    """The scope as a condition on ``published``, a number of which 0 is unknown, and ``source``."""
    conditions, values = ["TRUE"], list[int | str]()
    if scope.since or scope.until:
        low = day_number(scope.since) or 1
        high = day_number(scope.until) or 99_999_999
        conditions.append(
            f"(published BETWEEN ? AND ?{' OR published = 0' if scope.undated else ''})"
        )
        values += [low, high]
    if scope.sources:
        conditions.append(f"source IN ({placeholders(scope.sources)})")
        values += [source.lower() for source in scope.sources]
    return " AND ".join(conditions), values
