"""What is set in a library folder, read without opening the library."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

__all__ = ["read_preferences"]


def read_preferences(folder: Path) -> dict[str, str]:
    """What is set in a library folder that is not open; nothing where there is no library."""
    file = folder / "library.db"
    if not file.is_file():
        return {}
    log = file.with_name("library.db-wal")
    # Nothing is written beside a file that nobody can write, not even locks.
    is_fixed = not os.access(folder, os.W_OK) and not (log.is_file() and log.stat().st_size)
    mode = "mode=ro&immutable=1" if is_fixed else "mode=ro"
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?{mode}", uri=True)) as database:
            return dict(database.execute("SELECT name, value FROM preferences").fetchall())
    except sqlite3.Error:
        # From before there were any, or damaged: whoever opens it says so.
        return {}
