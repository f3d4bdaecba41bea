"""Who may read what is written: its owner alone, whatever the umask. Knows nothing of stores.

Folders are made for the owner alone (0700), and so are files (0600). What an older version made
for others to read, too, is narrowed when the library is next written to.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

__all__ = ["make_private_file", "make_private_folder", "restrict", "restrict_library"]

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
# What a library folder is made of; the database has files beside it while it is open.
_LIBRARY = {
    ".env",
    "chroma",
    "gold",
    "index.checksums",
    "index.lock",
    "index.vectors",
    "runs",
    "spending",
    "uploads",
    "words",
    "writer.lock",
}
_DATABASE = "library.db"


def make_private_folder(folder: Path) -> None:
    """Make the folder and what is missing above it, for the owner alone; one that exists stays as
    it is. Raises OSError.
    """
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder")


def make_private_file(file: Path) -> None:
    """Make an empty file for the owner alone; one that exists stays as it is. Raises OSError."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return


def restrict(path: Path) -> None:
    """Take a file, or a folder with everything in it, from everybody but its owner.

    Nothing that belongs to another user is touched, and no link is followed.
    """
    for each in (path, *_paths_below(path)):
        _restrict_one(each)


def restrict_library(folder: Path) -> None:
    """Take what a library is made of from everybody but its owner.

    The folder itself is, too, unless it holds other things as well: then those may be shared.
    """
    names = [path.name for path in folder.iterdir()]
    ours = [name for name in names if name in _LIBRARY or name.startswith(_DATABASE)]
    if ours == names and not folder.stat().st_mode & stat.S_ISVTX:
        _restrict_one(folder)
    for name in ours:
        restrict(folder / name)


def _restrict_one(path: Path) -> None:
    try:
        status = path.lstat()
        if (
            status.st_uid == os.geteuid()
            and not stat.S_ISLNK(status.st_mode)
            and status.st_mode & _OTHERS
        ):
            path.chmod(stat.S_IMODE(status.st_mode) & ~_OTHERS)
    except FileNotFoundError:
        return  # the database takes the files beside it away when it is closed


def _paths_below(folder: Path) -> Iterator[Path]:
    if folder.is_symlink():
        return
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            yield Path(parent, name)
