"""Servers of the app in processes of their own, for the tests that come over the wire."""

import socket
import time
import urllib.request
from contextlib import contextmanager

from tests.warm_process import start

# As the command ``article-qa``.
SERVE = "from ui.cli.app import main; main()"

_PATIENCE = 240


@contextmanager
def servers():
    """``serve(folder, *arguments, **environment)``: the address of a server over that library,
    with ``program=PATH`` of a program that takes the arguments of ``article-qa``.

    All of them end with the block.
    """
    started = []

    def serve(folder, *arguments, program=None, **environment):
        port = free_port()
        options = ["serve", "--library", folder, "--port", str(port), *arguments]
        code = f"import runpy; runpy.run_path({str(program)!r}, run_name='__main__')"
        process = start(code if program else SERVE, *options, **environment)
        started.append(process)
        address = f"http://127.0.0.1:{port}"
        patience = time.monotonic() + _PATIENCE
        while process.poll() is None and time.monotonic() < patience:
            try:
                urllib.request.urlopen(f"{address}/api/health", timeout=5).close()
            except OSError:
                time.sleep(0.1)
            else:
                return address
        process.kill()
        raise AssertionError(f"the server did not come up: {process.communicate()[1]}")

    try:
        yield serve
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.communicate(timeout=120)


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]
