"""Text and JSON lines from files that may be compressed."""

import gzip
import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, TextIO

__all__ = ["json_lines", "open_text", "rows_by_id"]


def open_text(path: Path) -> TextIO:
    """A file to read as UTF-8 text, with a byte order mark or without, uncompressed on the way if
    its name ends in ``.gz``.
    """
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig")
    return path.open(encoding="utf-8-sig")


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The object of each line. Raises ValueError for a line that is not JSON."""
    with open_text(path) as lines:
        yield from map(json.loads, lines)


def rows_by_id(path: Path, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """The objects of a file of JSON lines that have one of these under ``id``, by it."""
    return {row["id"]: row for row in json_lines(path) if row["id"] in ids}
