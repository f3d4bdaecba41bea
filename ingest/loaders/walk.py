"""The files under a folder. Knows nothing of what they hold."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Found", "Unwalked", "walk"]


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file and its size in bytes."""

    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Unwalked:
    """What cannot be looked into, and why."""

    path: str
    reason: str


def walk(folder: str) -> Iterator[Found | Unwalked]:
    """Every file below, sorted by name in each folder, without hidden files and folders.

    Linked files are followed. Linked folders are not, so that no walk is endless or leaves the
    folder that was named.
    """
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Unwalked(folder, f"the folder cannot be read: {error.strerror or error}")
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from walk(entry.path)
        else:
            yield _file(entry, folder)


def _file(entry: "os.DirEntry[str]", folder: str) -> Found | Unwalked:
    try:
        if entry.is_dir():
            return Unwalked(entry.path, _linked_folder(entry.path, folder))
        if entry.is_file():
            return Found(entry.path, entry.stat().st_size)
    except OSError as error:
        return Unwalked(entry.path, f"cannot be read: {error.strerror or error}")
    if entry.is_symlink():
        return Unwalked(entry.path, "a symbolic link to something that is not there")
    return Unwalked(entry.path, "not a regular file (a device, pipe or socket)")


def _linked_folder(path: str, folder: str) -> str:
    target = os.path.realpath(path)
    if (os.path.realpath(folder) + os.sep).startswith(target + os.sep):
        return "a symbolic link back to a folder above it (a loop); it is not followed"
    return f"a symbolic link to the folder {target}; name that folder itself to take it in"
