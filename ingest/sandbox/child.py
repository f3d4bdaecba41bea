"""The process that parses: jobs come through its standard input, messages leave through its output.

Started by ``ingest.sandbox.worker``, never by hand. It reads no file: bytes to parse are asked for.
"""

import importlib
import io
import json
import mmap
import os
import sys
from typing import NoReturn

from ingest.loaders.sniff import suffix_of_content
from ingest.sandbox.confine import confine
from ingest.sandbox.messages import HEADER, MAX_FRAME, Job, Message
from ingest.sandbox.offset_stream import OffsetStream
from ingest.sandbox.parse import LinePosition, messages

__all__ = ["OUT_OF_MEMORY", "main"]

# The exit status for want of memory.
OUT_OF_MEMORY = 77
# What takes long to import is imported before the time for a file begins.
_PARSERS = {
    ".atom": "feedparser",
    ".docx": "docx",
    ".htm": "trafilatura",
    ".html": "trafilatura",
    ".mht": "trafilatura",
    ".mhtml": "trafilatura",
    ".pdf": "pypdfium2",
    ".rdf": "feedparser",
    ".rss": "feedparser",
    ".shtml": "trafilatura",
    ".warc": "trafilatura",
    ".xhtml": "trafilatura",
    ".xml": "feedparser",
}


def main() -> None:
    """Work off jobs until the parent is gone."""
    parent, memory, page = map(int, sys.argv[1:])
    confine(parent=parent, memory=memory)
    shared = memoryview(mmap.mmap(page, mmap.PAGESIZE))
    _work(_Channel(), LinePosition(shared[:16].cast("Q")), memory)


def _work(channel: "_Channel", position: LinePosition, memory: int) -> NoReturn:
    channel.send({"kind": "ready"})
    while True:
        job = Job(**json.loads(channel.receive()))
        head = channel.receive()
        _import_parser(channel, job.suffix if job.packed else suffix_of_content(head, job.suffix))
        try:
            for message in messages(job, _Remote(channel, job.size, head), position):
                if message["kind"] == "start":
                    _import_parser(channel, message["suffix"])
                if message.get("unexplained") and _is_worn(memory):
                    message["reason"] += f" (Or is QA_PARSE_MEMORY, {memory:,} MB, too little?)"
                channel.send(message)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        # What parsers leave behind must not be held against the files to come.
        channel.send({"kind": "end", "worn": _is_worn(memory)})


def _import_parser(channel: "_Channel", suffix: str) -> None:
    name = _PARSERS.get(suffix)
    if name and name not in sys.modules:
        channel.send({"kind": "importing"})
        try:
            importlib.import_module(name)
        except ModuleNotFoundError:
            pass  # its loader says so
        except (ImportError, MemoryError, OSError):  # a library for which there is no room
            os._exit(OUT_OF_MEMORY)
        channel.send({"kind": "imported"})


def _is_worn(memory: int) -> bool:
    """Whether this process once took more than half of ``memory``, in megabytes; False where the
    system does not say.
    """
    try:
        with open("/proc/self/status", "rb") as stream:  # noqa: PTH123 - after each file
            peak = next(line for line in stream if line.startswith(b"VmPeak:"))
    except (OSError, StopIteration):
        return False
    return int(peak.split()[1]) > memory * 2**10 / 2


class _Channel:
    """Frames through what were standard input and output; what anybody prints goes nowhere."""

    def __init__(self) -> None:
        self._input, self._output = os.dup(0), os.dup(1)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in range(3):
            os.dup2(nowhere, number)
        os.close(nowhere)

    def send(self, message: Message) -> None:
        """Send a message; the process ends when nobody is there to read it."""
        data = json.dumps(message, ensure_ascii=False).encode("utf-8", "replace")
        if len(data) > MAX_FRAME:
            reason = f"an entry of more than {MAX_FRAME // 2**20} MB, the limit for one"
            failure = {"kind": "failure", "place": message.get("place", ""), "reason": reason}
            data = json.dumps(failure).encode()
        left = memoryview(HEADER.pack(len(data)) + data)
        try:
            while left:
                left = left[os.write(self._output, left) :]
        except OSError:
            os._exit(0)

    def receive(self) -> bytes:
        """The next frame; the process ends when there is none."""
        (size,) = HEADER.unpack(self._exactly(HEADER.size))
        return self._exactly(size)

    def _exactly(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            piece = os.read(self._input, size - len(data))
            if not piece:
                os._exit(0)
            data += piece
        return bytes(data)


class _Remote(OffsetStream):
    """The file at hand, which lies with the parent. Its ``head`` came with the job."""

    def __init__(self, channel: _Channel, size: int, head: bytes) -> None:
        super().__init__()
        self._channel = channel
        self._size = size
        self._head = head

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        bases = {io.SEEK_SET: 0, io.SEEK_CUR: self._offset, io.SEEK_END: self._size}
        self._offset = max(0, bases[whence] + offset)
        return self._offset

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._piece(len(buffer))
        buffer[: len(data)] = data
        self._offset += len(data)
        return len(data)

    def _piece(self, size: int) -> bytes:
        if self._offset < len(self._head):
            return self._head[self._offset : self._offset + size]
        if self._size and self._offset >= self._size:
            return b""
        self._channel.send({"kind": "read", "offset": self._offset, "size": size})
        return self._channel.receive()


if __name__ == "__main__":
    main()
