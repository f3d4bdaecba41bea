"""The files under a folder. Knows nothing of what they hold."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["EMPTY", "Found", "Unwalked", "walk"]

# Why a file of no bytes is not read.
EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file and its size in bytes; ``left_out`` says why it is not to be read, if so."""

    path: str
    size: int
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Unwalked:
    """What cannot be looked into, and why."""

    path: str
    reason: str


def walk(folder: str) -> Iterator[Found | Unwalked]:
    """Every file below, sorted by name in each folder; the hidden and the empty as left out, and
    a hidden folder as if it were a file.

    Linked files are followed. Linked folders are not, so that no walk is endless or leaves the
    folder that was named.
    """
    # A list of our own instead of recursion: folders nest deeper than calls may.
    pending: list[os.DirEntry[str] | str] = [folder]
    while pending:
        entry = pending.pop()
        if isinstance(entry, str):
            path = entry
        elif entry.name.startswith("."):
            yield _hidden(entry)
            continue
        elif entry.is_dir(follow_symlinks=False):
            path = entry.path
        else:
            yield _file(entry)
            continue
        try:
            entries = sorted(os.scandir(path), key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            yield Unwalked(path, f"the folder cannot be read: {error.strerror or error}")
            continue
        pending += entries


def _hidden(entry: "os.DirEntry[str]") -> Found:
    try:
        if entry.is_dir(follow_symlinks=False):
            return Found(entry.path, 0, "a hidden folder")
        return Found(entry.path, entry.stat(follow_symlinks=False).st_size, "hidden")
    except OSError:
        return Found(entry.path, 0, "hidden")


def _file(entry: "os.DirEntry[str]") -> Found | Unwalked:
    try:
        if entry.is_dir():
            return Unwalked(entry.path, _linked_folder(entry.path))
        if entry.is_file():
            size = entry.stat().st_size
            return Found(entry.path, size, "" if size else EMPTY)
    except OSError as error:
        return Unwalked(entry.path, f"cannot be read: {error.strerror or error}")
    if not os.path.exists(entry.path):  # noqa: PTH110 - a path of any length
        return Unwalked(entry.path, "a symbolic link to something that is not there")
    return Unwalked(entry.path, "not a regular file (a device, pipe or socket)")


def _linked_folder(path: str) -> str:
    target, folder = os.path.realpath(path), os.path.realpath(os.path.dirname(path))  # noqa: PTH120
    if (folder + os.sep).startswith(target + os.sep):
        return "a symbolic link back to a folder above it (a loop); it is not followed"
    return f"a symbolic link to the folder {target}; name that folder itself to take it in"
