"""Workers and replicas of the app in processes of their own."""

import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

__all__ = ["App", "Worker", "wait_for"]

_COMMAND = [sys.executable, "-m", "ui.cli"]


class Worker:
    """One ``article-qa work``, started again whenever it ends, as a supervisor does it."""

    def __init__(self, url: str, on_done: Callable[[Path], None], *options: str) -> None:
        self._command = [*_COMMAND, "work", "--library", url, *options]
        self._on_done = on_done
        self._ended = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self.starts = 0
        self._thread = threading.Thread(target=self._supervise, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it; its job under way goes back to the queue."""
        self._ended.set()
        if self._process:
            self._process.terminate()
        self._thread.join(120)

    def _supervise(self) -> None:
        while not self._ended.is_set():
            self.starts += 1
            self._process = subprocess.Popen(
                self._command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
            assert self._process.stdout
            for line in self._process.stdout:
                # What a worker prints is what it acknowledges.
                state, _, rest = line.partition(": ")
                if state == "done":
                    self._on_done(Path(rest.rsplit(": ", 1)[0]))
            self._process.wait()
            self._ended.wait(0.5)


class App:
    """One ``article-qa serve``."""

    def __init__(self, url: str, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [*_COMMAND, "serve", "--library", url, "--port", str(port)],
            env={**os.environ, "QA_RATE": "0"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def ready(self) -> bool:
        """Whether it says that it can answer."""
        return self.post("/api/ready", None) is not None

    def post(self, path: str, body: bytes | None) -> str | None:
        """What it replies, to a GET without a body; None for an error."""
        headers = {"content-type": "application/json"}
        request = urllib.request.Request(self.address + path, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return str(reply.read(), "utf-8")
        except (urllib.error.URLError, OSError):
            return None

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(60)


def wait_for(reached: Callable[[], bool], *, seconds: float, what: str) -> float:
    """Seconds until it was so. Raises TimeoutError."""
    began = time.monotonic()
    while not reached():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"not within {seconds:.0f} seconds: {what}")
        time.sleep(0.1)
    return time.monotonic() - began
