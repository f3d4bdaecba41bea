"""The files of a Tantivy folder: whether they are as they were written.

Tantivy ends each file of a segment with a checksum, but looks at none when it opens one: a flipped
byte can panic in the process, or lead searches astray. Knows files, not what stands in them.
"""

import json
import struct
import zlib
from pathlib import Path

__all__ = ["META", "link_files", "verify_files"]

META = "meta.json"
"""The file that says which segments there are; a folder without it holds no index."""
# At the end of a file: the length of the footer, and a number that stands for one.
_TAIL = struct.Struct("<II")
_FOOTER_MARK = 1337
_CHUNK = 1 << 20


def verify_files(folder: Path) -> None:
    """Raise ValueError or OSError for a file of the index that is not as it was written."""
    segments = json.loads((folder / META).read_text("utf-8"))["segments"]
    ids = {str(segment["segment_id"]).replace("-", "") for segment in segments}
    for path in sorted(folder.iterdir()):
        if path.name.partition(".")[0] in ids and not _is_whole(path):
            raise ValueError(f"{path.name} is not as it was written")


def link_files(source: Path, target: Path) -> None:
    """Give the folder ``target`` the index of ``source`` without writing there: links to what never
    changes, copies of the rest. Raises OSError.
    """
    for path in source.iterdir():
        if path.name.startswith(".tantivy"):  # locks
            continue
        if path.suffix == ".json":
            (target / path.name).write_bytes(path.read_bytes())
        else:
            (target / path.name).symlink_to(path)


def _is_whole(path: Path) -> bool:
    size = path.stat().st_size
    with path.open("rb") as file:
        if size < _TAIL.size:
            return False
        file.seek(size - _TAIL.size)
        length, mark = _TAIL.unpack(file.read(_TAIL.size))
        rest = size - _TAIL.size - length
        if mark != _FOOTER_MARK or rest < 0:
            return False
        file.seek(rest)
        try:
            expected_checksum = json.loads(file.read(length))["crc"]
        except (ValueError, KeyError, TypeError):
            return False
        file.seek(0)
        checksum = 0
        while rest:
            chunk = file.read(min(_CHUNK, rest))
            if not chunk:
                return False
            checksum = zlib.crc32(chunk, checksum)
            rest -= len(chunk)
    return bool(checksum == expected_checksum)
