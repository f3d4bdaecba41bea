"""The vectors of a folder of ordinary size beside Chroma's, so that a question need not open it:
that takes a second, nearly all of it imports.

A snapshot counts for as long as no file of Chroma's has changed. Knows arrays and files, no store.
"""

import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from qa.index.exact_search import ComparedVectors

__all__ = ["load_snapshot", "save_snapshot"]

_FILE = "index.vectors"
# Where SQLite counts the changes of a database, in its header.
_CHANGES = slice(24, 28)


def save_snapshot(
    folder: Path, made_for: Mapping[str, str | int], arrays: Mapping[str, Any]
) -> None:
    """Keep what ``ComparedVectors`` is made of, for everything in the index, under its lock.
    ``made_for`` tells what the vectors are of. Where nothing can be written, nothing is.
    """
    state = _state_of(folder)
    if not state:
        return
    try:
        descriptor, scratch = tempfile.mkstemp(prefix=f"{_FILE}.", dir=folder)
    except OSError:
        return
    try:
        with os.fdopen(descriptor, "wb") as file:
            np.savez(file, **_head(state, made_for), **arrays)
        Path(scratch).replace(folder / _FILE)
    except OSError:
        # A full disk: the index itself has what is asked for.
        Path(scratch).unlink(missing_ok=True)


def load_snapshot(folder: Path, made_for: Mapping[str, str | int]) -> ComparedVectors | None:
    """Everything in the index as it is now, under its lock; None where that is not known."""
    try:
        # Members of the archive carry a checksum, so what is damaged is not read.
        with np.load(folder / _FILE, allow_pickle=False) as stored:
            head = _head(_state_of(folder), made_for)
            if any(str(stored[name]) != value for name, value in head.items()):
                return None
            arrays = {name: stored[name] for name in ("ids", "rows", "days", "outlets")}
        return ComparedVectors(**arrays, is_everything=True)
    except (OSError, EOFError, ValueError, KeyError, IndexError, zipfile.BadZipFile):
        return None


def _head(state: str, made_for: Mapping[str, str | int]) -> dict[str, Any]:
    told = ", ".join(f"{name} {value}" for name, value in sorted(made_for.items()))
    return {"state": state, "made_for": told}


def _state_of(folder: Path) -> str:
    """What changes with every change of Chroma's files; empty where there are none."""
    chroma = folder / "chroma"
    try:
        with (chroma / "chroma.sqlite3").open("rb") as file:
            changes = file.read(100)[_CHANGES].hex()
        files = sorted(path for path in chroma.rglob("*") if path.is_file())
        states = [(path, path.stat()) for path in files]
    except OSError:
        return ""
    names = [
        f"{path.relative_to(chroma)} {state.st_ino} {state.st_size} {state.st_mtime_ns}"
        for path, state in states
    ]
    return "\n".join([changes, *names])
