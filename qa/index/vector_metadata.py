"""What Chroma keeps beside a vector, and how a scope is asked of it. Knows dictionaries alone."""

from typing import Any

from qa.language.dates import day_number
from qa.protocols import VectorEntry
from qa.records.question import Scope

__all__ = ["entry_of", "metadata_of", "where_clause"]


def metadata_of(entry: VectorEntry) -> dict[str, str | int]:
    """The fields of an entry, but for its key."""
    return {
        "article_id": entry.article_id,
        "version": entry.version,
        "start": entry.start,
        "published": entry.published,
        "source": entry.source,
    }


def entry_of(key: int, metadata: Any) -> VectorEntry:
    """What ``metadata_of`` wrote; fields that are damaged or gone read as empty."""
    fields = metadata or {}
    return VectorEntry(
        key,
        str(fields.get("article_id", "")),
        int(fields.get("version", 0)),
        int(fields.get("start", -1)),
        int(fields.get("published", 0)),
        str(fields.get("source", "")),
    )


def where_clause(scope: Scope) -> dict[str, Any] | None:
    """The condition of a scope; None where everything is in it."""
    conditions: list[dict[str, Any]] = []
    if scope.since or scope.until:
        # Zero stands for an unknown day, which lies in no window.
        since = day_number(scope.since) or 1
        days: list[dict[str, Any]] = [{"published": {"$gte": since}}]
        if scope.until:
            days.append({"published": {"$lte": day_number(scope.until)}})
        in_days = {"$and": days} if len(days) > 1 else days[0]
        conditions.append({"$or": [in_days, {"published": 0}]} if scope.undated else in_days)
    if scope.sources:
        conditions.append({"source": {"$in": [source.lower() for source in scope.sources]}})
    if len(conditions) > 1:
        return {"$and": conditions}
    return conditions[0] if conditions else None
