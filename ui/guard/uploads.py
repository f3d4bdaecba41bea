"""Files that people sent, each in a private folder of whoever sent it, until they are used.

Knows nothing of HTTP. A client names a file by its place below its own folder, never by a path of
this machine, so that nobody can name what somebody else sent, or what the server holds.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

__all__ = ["Uploads", "open_uploads", "safe_name"]

_LONGEST_NAME = 150
# Whoever sent a file and did not use it within a day will not.
_KEEP_SECONDS = 24 * 3600


def safe_name(name: str | None) -> str:
    r"""The last part of a file name as somebody sent it, fit to be a file here: never empty, never
    a folder, without control characters, at most 150 bytes long with its suffix kept.

    >>> safe_name("../../etc/pass\x00wd"), safe_name("C:\\a\\b.txt"), safe_name(".."), safe_name("")
    ('passwd', 'b.txt', 'file', 'file')
    """
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    last = "".join(sign for sign in last if sign.isprintable()).strip()
    stem, dot, suffix = last.rpartition(".")
    suffix = f".{suffix}" if dot and suffix and len(suffix.encode()) < _LONGEST_NAME // 2 else ""
    room = _LONGEST_NAME - len(suffix.encode())
    stem = last.removesuffix(suffix).encode()[:room].decode(errors="ignore")
    return f"{stem}{suffix}" if stem.strip(". ") else f"file{suffix}"


@dataclass(frozen=True, slots=True)
class Uploads:
    """The files that came to one server while it runs; get it from open_uploads."""

    folder: Path

    def new_folder(self, owner: str) -> Path:
        """An empty folder for what ``owner`` sends at once. What nobody used for a day goes."""
        for old in self.folder.glob("*/*"):
            with suppress(FileNotFoundError):
                if old.stat().st_mtime < time.time() - _KEEP_SECONDS:
                    shutil.rmtree(old, ignore_errors=True)
        home = self._home(owner)
        home.mkdir(mode=0o700, exist_ok=True)
        made = home / secrets.token_hex(16)
        made.mkdir(mode=0o700)
        return made

    def keep_only(self, folder: Path, paths: Sequence[str | Path]) -> None:
        """Of a new folder, make these files private and delete the others. Raises ValueError for
        none.
        """
        if not paths:
            raise ValueError("no file came")
        given = {Path(path) for path in paths}
        for path in folder.rglob("*"):
            if path.is_dir():
                path.chmod(0o700)
            elif path in given:
                path.chmod(0o600)
            else:
                path.unlink()

    def handle(self, owner: str, path: str | Path) -> str:
        """What ``owner`` is to call a file of theirs."""
        return Path(path).relative_to(self._home(owner)).as_posix()

    def find(self, owner: str, handle: object) -> Path | None:
        """The file that ``owner`` calls so; None for whatever is no regular file of theirs."""
        if not isinstance(handle, str) or "\0" in handle or "\\" in handle:
            return None
        parts = PurePosixPath(handle).parts
        if not parts or handle != "/".join(parts) or not {"/", "..", "."}.isdisjoint(parts):
            return None
        return self._regular(self._home(owner).joinpath(*parts))

    def owns(self, owner: str, path: str | Path) -> bool:
        """Whether a path of this machine is a file that ``owner`` sent."""
        found = Path(path)
        inside = found.is_relative_to(self._home(owner)) and ".." not in found.parts
        return inside and self._regular(found) is not None

    def discard(self, paths: Iterable[str | Path]) -> None:
        """Delete what was sent together with these files; paths elsewhere are left alone."""
        for path in paths:
            with suppress(ValueError):
                parts = Path(path).relative_to(self.folder).parts
                if len(parts) > 2 and ".." not in parts:
                    shutil.rmtree(self.folder.joinpath(*parts[:2]), ignore_errors=True)
        # The screen makes an empty file for each one that it hands on.
        for stray in self.folder.glob("tmp*"):
            with suppress(OSError):
                stray.unlink()

    def _home(self, owner: str) -> Path:
        # No name of a user says anything about a path.
        return self.folder / hashlib.sha256(owner.encode(errors="replace")).hexdigest()[:32]

    def _regular(self, path: Path) -> Path | None:
        try:
            # A link anywhere on the way would lead elsewhere.
            regular = path.resolve(strict=True) == path and path.is_file()
        except (OSError, ValueError, RuntimeError):
            return None
        return path if regular else None


@contextmanager
def open_uploads(library: Path) -> Iterator[Uploads]:
    """A private folder below the library folder, deleted at the end with all that is in it.

    What servers left there that run no more is deleted at the beginning.
    """
    parent = library.resolve() / "uploads"
    parent.mkdir(mode=0o700, exist_ok=True)
    parent.chmod(0o700)
    with _locked(parent, wait=True):
        for left in parent.iterdir():
            _delete_unused(left)
        # Made with mode 0700.
        folder = Path(tempfile.mkdtemp(dir=parent))
        descriptor = os.open(folder, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield Uploads(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def _delete_unused(folder: Path) -> None:
    if folder.is_symlink() or not folder.is_dir():
        folder.unlink(missing_ok=True)
        return
    # A server that runs holds the lock of its folder.
    with suppress(BlockingIOError), _locked(folder):
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(folder: Path, *, wait: bool = False) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)
