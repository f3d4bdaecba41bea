"""Locks between processes, by ``flock`` on files in the library folder. Knows nothing of stores.

Two locks guard a library. The *writer* lock is held for a whole ingest, removal or rebuild: one
writer at a time. The *index* lock is held for single operations on the embedded Chroma folder,
shared by searches and exclusively by writes: a search in another process while vectors are being
written would make Chroma apply the write twice, in two memories, and lose vectors.
Both vanish with the process that holds them.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import LibraryLocked

__all__ = ["index_lock", "writer_died", "writer_lock"]


@contextmanager
def writer_lock(folder: Path, *, wait: bool = False) -> Iterator[bool]:
    """Hold the writer lock of ``folder``; the file names our pid while we do.

    Yields whether the last writer died holding it, so that what it left should be looked at.
    Raises LibraryLocked with the holder's pid at once, or never with ``wait``.
    """
    descriptor = os.open(folder / "writer.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        # A moment's patience: a process that only looks whether the last writer died is no writer.
        patience = time.monotonic() + 0.3
        while not _acquired(descriptor):
            if not wait and time.monotonic() > patience:
                pid = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
                raise LibraryLocked(folder, int(pid) if pid.isdigit() else None)
            time.sleep(0.05)
        died = bool(os.pread(descriptor, 32, 0).strip())
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield died
        # Not reached when the block raises: the next writer then looks at what we left.
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def writer_died(folder: Path) -> bool:
    """Whether the last writer ended without letting go: its pid stands in an unlocked file."""
    try:
        descriptor = os.open(folder / "writer.lock", os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return bool(os.pread(descriptor, 32, 0).strip()) and _acquired(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def index_lock(folder: Path, *, exclusive: bool) -> Iterator[None]:
    """Hold the index lock of ``folder``, waiting for it."""
    descriptor = os.open(folder / "index.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def _acquired(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
