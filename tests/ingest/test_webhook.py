"""What a webhook is told, and which addresses are never told anything."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from ingest.webhook import post_json
from qa.errors import FetchFailed, FetchRefused


@pytest.fixture
def hook():
    """A server that keeps what it is sent; ``hook.status`` is what it answers."""
    requests = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            requests.append((self.path, self.headers["content-type"], json.loads(body)))
            self.send_response(server.status)
            self.send_header("location", "http://127.0.0.1:1/")
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.status, server.requests = 204, requests
    server.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_json_is_posted(hook):
    post_json(f"{hook.address}/x?a=b c", {"question": "Überfahrt?"}, allow_private=True)
    assert hook.requests == [("/x?a=b%20c", "application/json", {"question": "Überfahrt?"})]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_refusal_and_redirect_are_failures(hook, status):
    hook.status = status
    with pytest.raises(FetchFailed, match=f"answered {status}"):
        post_json(hook.address, {}, allow_private=True)
    assert len(hook.requests) == 1


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "http://127.0.0.1/", "http://u:p@a.example/", "nonsense"]
)
def test_address_that_is_never_visited_is_told_nothing(url):
    with pytest.raises(FetchRefused):
        post_json(url, {})


def test_name_of_a_private_machine_is_told_nothing(hook):
    with pytest.raises(FetchRefused, match=r"private address 127\.0\.0\.1"):
        post_json("http://inside.example/", {}, resolve=lambda host, port: ["127.0.0.1"])
    assert hook.requests == []


def test_nobody_there_is_a_failure():
    with pytest.raises(FetchFailed, match="cannot be told"):
        post_json("http://127.0.0.1:1/", {}, allow_private=True)
