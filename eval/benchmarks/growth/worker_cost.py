"""What an article costs, in seconds of the processor, with one worker and with more."""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from eval.benchmarks.growth.postgres_server import DURABLE, started
from eval.benchmarks.growth.sources import state_of, write_files
from qa.library.postgres.jobs import JobOptions, enqueue_jobs
from qa.library.store import Library

__all__ = ["take_in_with"]


def take_in_with(source: Path, workers: int, *, files: int, articles_each: int) -> dict[str, Any]:
    """Take so many articles in with so many workers: seconds of the processor of all workers with
    the parsers that they start, of the server, and of the clock.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="growth-")))
        written = write_files(source, folder, files=files, articles_each=articles_each)
        server = started(**DURABLE)
        stack.callback(server.stop)
        url = server.emptied()
        library = Library.open(url, create=True)
        stack.callback(library.close)
        enqueue_jobs(library.database, [str(each.path) for each in written], JobOptions())
        command = [sys.executable, "-m", "ui.cli", "work", "--library", url, "--until-empty"]
        began = time.monotonic()
        processes = [
            subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(workers)
        ]
        usages = [_ended(process) for process in processes]
        took = time.monotonic() - began
        state = state_of(library, written)
        library.close()
        server_seconds = server.stop()
    return {
        "workers": workers,
        "articles": files * articles_each,
        "workers cpu s": round(sum(usages), 2),
        "server cpu s": round(server_seconds, 2),
        "clock s": round(took, 1),
        **{name: value for name, value in state.items() if name != "articles"},
    }


def _ended(process: "subprocess.Popen[bytes]") -> float:
    """Wait for it; the seconds that it and what it started took."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"a worker ended with status {process.returncode}")
    return usage.ru_utime + usage.ru_stime
