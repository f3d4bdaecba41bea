"""Article sources into a library."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.run import IngestReport, ingest

__all__ = ["IngestReport", "ingest"]


def __getattr__(name: str) -> Any:
    # Loaded on first use, so that importing the package stays quick.
    if name in __all__:
        from ingest import run

        return getattr(run, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
