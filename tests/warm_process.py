"""Processes forked from one that has imported the app, which takes seconds each time otherwise.

``start(code, *arguments)`` runs the code as ``python -c`` would, with pipes, the environment and
the folder of the caller. Run as a program with the descriptor of a socket, it is what they are
forked from; it ends with the socket, and they end with it.
"""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from functools import cache
from pathlib import Path

__all__ = ["WarmProcess", "start"]


def start(code, *arguments, **environment):
    """The process; of ``environment`` are variables over those of this process."""
    return WarmProcess(code, arguments, {**os.environ, **environment})


class WarmProcess:
    """As much of ``subprocess.Popen`` as tests use, over text pipes, and a file of errors."""

    def __init__(self, code, arguments, environment):
        ends = [os.pipe() for _ in range(3)]
        (stdin, self._input), (output, stdout), (self._ended, ended) = ends
        # A file, since nobody reads it meanwhile.
        stderr, name = tempfile.mkstemp()
        self.stderr = Path(name).open()  # noqa: SIM115
        Path(name).unlink()
        asked = [code, [*map(str, arguments)], environment, str(Path.cwd())]
        # The descriptors travel with the length of the request.
        data = json.dumps(asked).encode("utf-8", "surrogateescape")
        door, passed = _parent(), [stdin, stdout, stderr, ended]
        socket.send_fds(door, [len(data).to_bytes(8, "big")], passed)
        door.sendall(data)
        for each in passed:
            os.close(each)
        self.pid = int.from_bytes(door.recv(8, socket.MSG_WAITALL), "big")
        self.stdin = os.fdopen(self._input, "w")
        self.stdout = os.fdopen(output)
        self.returncode = None

    def wait(self, timeout=None):
        if self.returncode is None:
            if not select.select([self._ended], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("a forked process", timeout)
            status = os.read(self._ended, 8)
            os.close(self._ended)
            self.returncode = (
                os.waitstatus_to_exitcode(int.from_bytes(status, "big")) if status else -9
            )
        return self.returncode

    def poll(self):
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def kill(self):
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout=None):
        """What it wrote and was not read, when it has ended."""
        self.stdin.close()
        self.wait(timeout)
        with self.stdout, self.stderr:
            return self.stdout.read(), self.stderr.read()


@cache
def _parent():
    """The socket of the process they are forked from, which is started at the first."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.warm_process", str(theirs.fileno())],
            cwd=Path(__file__).parents[1],
            pass_fds=[theirs.fileno()],
        )

    def end():
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def main():
    """Fork for each request; tell of each child how it ended."""
    door = socket.socket(fileno=int(sys.argv[1]))
    _import_app()
    woken, waking = os.pipe()
    os.set_blocking(waking, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waking)
    children = {}
    while True:
        ready, _, _ = select.select([door, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _tell(children)
        if door in ready:
            length, passed, _, _ = socket.recv_fds(door, 8, 4)
            if not length:
                break
            data = door.recv(int.from_bytes(length, "big"), socket.MSG_WAITALL)
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for each in (woken, waking, passed[3], *children.values()):
                    os.close(each)
                door.close()
                _become(passed[:3], *json.loads(data))
            children[pid] = passed[3]
            for each in passed[:3]:
                os.close(each)
            door.sendall(pid.to_bytes(8, "big"))
    for pid in children:
        os.kill(pid, signal.SIGKILL)


def _tell(children):
    """The status of each child that ended goes to who waits for it."""
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        ended = children.pop(pid)
        os.write(ended, status.to_bytes(8, "big"))
        os.close(ended)


def _import_app():
    import ui.cli.app
    import ui.cli.serving
    import ui.server
    from ui.screen.gradio_import import import_gradio

    import_gradio()
    import ui.screen.app  # noqa: F401


def _become(streams, code, arguments, environment, folder):
    """Run the code, and end."""
    for number, each in enumerate(streams):
        os.dup2(each, number)
        os.close(each)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["-c", *arguments]
    status = 0
    try:
        exec(compile(code, "<string>", "exec"), {"__name__": "__main__"})
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:
        traceback.print_exc()
        status = 1
    finally:
        threading._shutdown()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
