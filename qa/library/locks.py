"""Locks between processes, by ``flock`` on files in the library folder. Knows nothing of stores.

Two locks guard a library. The *writer* lock is held for a whole ingest, removal or rebuild: one
writer at a time. The *index* lock is held for single operations on the embedded Chroma folder,
shared by searches and exclusively by writes: a search in another process while vectors are being
written would make Chroma apply the write twice, in two memories, and lose vectors.
Both vanish with the process that holds them.
"""

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import LibraryError, LibraryFull, LibraryLocked, LibraryReadOnly

__all__ = ["index_lock", "writer_died", "writer_lock"]


@contextmanager
def writer_lock(folder: Path, *, wait: bool = False) -> Iterator[bool]:
    """Hold the writer lock of ``folder``; the file names our pid while we do.

    Yields whether the last writer died holding it, so that what it left should be looked at.
    Raises LibraryLocked with the holder's pid at once, or never with ``wait``; LibraryReadOnly,
    LibraryFull or LibraryError when the file cannot be made.
    """
    descriptor = _open_lock(folder / "writer.lock")
    try:
        # A moment's patience: a process that only looks whether the last writer died is no writer.
        patience = time.monotonic() + 0.3
        while not _acquire(descriptor):
            if not wait and time.monotonic() > patience:
                pid = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
                raise LibraryLocked(folder, int(pid) if pid.isdigit() else None)
            time.sleep(0.05)
        died = bool(os.pread(descriptor, 32, 0).strip())
        _write_pid(folder, descriptor)
        yield died
        # Not reached when the block raises: the next writer then looks at what we left.
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def writer_died(folder: Path) -> bool:
    """Whether the last writer ended without letting go: its pid stands in an unlocked file."""
    try:
        # For reading: that is enough for a lock, and a read-only folder allows no more.
        descriptor = os.open(folder / "writer.lock", os.O_RDONLY)
    except OSError:
        return False
    try:
        return bool(os.pread(descriptor, 32, 0).strip()) and _acquire(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def index_lock(folder: Path, *, exclusive: bool) -> Iterator[None]:
    """Hold the index lock of ``folder``, waiting for it; in a read-only folder, if it has one."""
    file = folder / "index.lock"
    if not os.access(folder, os.W_OK) and not file.exists():
        # Nobody writes here, so there is nothing to wait for.
        yield
        return
    descriptor = _open_lock(file)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def _open_lock(file: Path) -> int:
    """The lock file, made if it is not there; for reading only where no more is allowed."""
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            return _opened_to_read(file, error)
        raise _lock_error(file.parent, error) from error


def _opened_to_read(file: Path, cause: OSError) -> int:
    try:
        return os.open(file, os.O_RDONLY)
    except OSError:
        raise LibraryReadOnly(file.parent) from cause


def _write_pid(folder: Path, descriptor: int) -> None:
    try:
        # In this order: where there is no room, the mark of one that died stays.
        pid = str(os.getpid()).encode()
        os.pwrite(descriptor, pid, 0)
        os.ftruncate(descriptor, len(pid))
    except OSError as error:
        if error.errno == errno.EBADF:  # opened to read
            raise LibraryReadOnly(folder) from error
        raise _lock_error(folder, error) from error


def _lock_error(folder: Path, error: OSError) -> LibraryError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return LibraryFull(folder, error)
    return LibraryError(f"the library {folder} cannot be locked ({error}); move that away")


def _acquire(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
