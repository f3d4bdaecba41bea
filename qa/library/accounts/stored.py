"""What is set in a library that is not open yet, for whoever is about to open it."""

from collections.abc import Mapping
from pathlib import Path

from qa.library.sqlite.preferences import read_preferences
from qa.runtime.location import is_database, local_folder

__all__ = ["stored_preferences"]


def stored_preferences(location: str | Path) -> Mapping[str, str]:
    """By the names of the variables; nothing where there is no library."""
    if is_database(location):
        from qa.library.postgres.opening import read_stored_preferences

        return read_stored_preferences(str(location))
    return read_preferences(local_folder(location))
