"""The files in which the embedded index keeps its graph: their checksums and their unused ends.

Chroma loads them as they are: a flipped byte can crash the process or lead searches astray. What
is not as it was left is looked at before it is loaded. Chroma also makes them longer than they
need be, and leaves in the rest whatever the memory of the process held before, text of articles
say: that is cleared.
"""

import json
import os
import shutil
import struct
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.runtime.permissions import make_private_file

__all__ = ["delete_tree", "is_read_only", "record_checksums", "same_checksums", "writable_copy"]

_FILE = "index.checksums"
_CHUNK = 1 << 20
# How `header.bin` begins: version, start of the lowest level, rows there is room for, rows in
# use, bytes of a row (hnswlib, `hnswalg.h`, as Chroma 1 keeps it).
_HEADER = struct.Struct("<iQQQQ")


def record_checksums(folder: Path) -> None:
    """Note how the files of the graph are now, their unused ends cleared; under the exclusive
    index lock of ``folder``.
    """
    recorded_checksums = _read_record(folder)
    files: dict[str, list[int]] = {}
    for path in _graph_files(folder):
        name, state = str(path.relative_to(folder)), path.stat()
        entry = (recorded_checksums or {}).get(name)
        # What was not written since need not be read again.
        if entry and entry[:2] == [state.st_size, state.st_mtime_ns]:
            files[name] = entry
        else:
            _clear_unused(path)
            state = path.stat()
            files[name] = [state.st_size, state.st_mtime_ns, _checksum(path)]
    if files != recorded_checksums:
        scratch = folder / f"{_FILE}.new"
        make_private_file(scratch)
        scratch.write_text(json.dumps(files), "utf-8")
        scratch.replace(folder / _FILE)


def same_checksums(folder: Path) -> bool:
    """Whether the files of the graph are as they were recorded; also when nothing was recorded,
    or there are none.
    """
    recorded_checksums = _read_record(folder)
    files = _graph_files(folder)
    if recorded_checksums is None or not files:
        return True
    files_by_name = {str(path.relative_to(folder)): path for path in files}
    return files_by_name.keys() == recorded_checksums.keys() and all(
        path.stat().st_size == recorded_checksums[name][0]
        and _checksum(path) == recorded_checksums[name][2]
        for name, path in files_by_name.items()
    )


def _graph_files(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "chroma").glob("*/*") if path.is_file())


def _read_record(folder: Path) -> dict[str, list[int]] | None:
    """What was recorded by file; None when nothing was, or it cannot be read."""
    try:
        files = json.loads((folder / _FILE).read_text("utf-8"))
        return {
            str(name): [int(size), int(modification_time), int(checksum)]
            for name, (size, modification_time, checksum) in files.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def _clear_unused(path: Path) -> None:
    """Overwrite with zeros what lies behind the rows in use of a file of rows."""
    try:
        header = path.with_name("header.bin").read_bytes()
        version, _, room, count, row_bytes = _HEADER.unpack_from(header)
    except (OSError, struct.error):
        return
    widths = {"data_level0.bin": row_bytes, "length.bin": 4}
    if version != 1 or path.name not in widths or count > room:
        return
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(count * widths[path.name])
        while (rest := size - file.tell()) > 0:
            file.write(bytes(min(rest, _CHUNK)))


def _checksum(path: Path) -> int:
    total = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            total = zlib.crc32(chunk, total)
    return total


def is_read_only(folder: Path) -> bool:
    return not os.access(folder, os.W_OK)


@contextmanager
def writable_copy(folder: Path) -> Iterator[Path]:
    """The folder, or a copy of one that is read-only until the block ends."""
    if not is_read_only(folder.parent):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="article-qa-") as copy:
        yield Path(shutil.copytree(folder, Path(copy) / "chroma"))


def delete_tree(folder: Path) -> None:
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder)
    else:
        folder.unlink(missing_ok=True)
