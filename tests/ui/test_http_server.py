"""The server as a process of its own, over raw sockets: slow clients, many, and how it all ends."""

import json
import signal
import socket
from contextlib import closing
from threading import Thread
from time import sleep

import pytest

from tests.serving import free_port
from tests.warm_process import start
from ui.guard.request_kind import ASKING, CHANGING

PATIENCE = 60

# A server whose answers to questions that begin with "Slow" take no second step until a line comes
# on standard input. It says on standard output what happens.
SERVER = """
import os, sys, threading
from contextlib import contextmanager
import ui.server
from ui.service import open_service
from ui.http_server import ServerLimits
from ui.guard.request_body import BodyLimits

go = threading.Event()
def say(words): os.write(1, (words + "\\n").encode())
def listen():
    for line in sys.stdin:
        go.set()
threading.Thread(target=listen, daemon=True).start()

@contextmanager
def open_slow(library):
    with open_service(library) as service:
        stream = service.pipeline.stream
        def slowly(question, **options):
            try:
                for number, step in enumerate(stream(question, **options)):
                    yield step
                    if question.startswith("Slow") and not number:
                        say("begun")
                        go.wait()
            except GeneratorExit:
                say("given up")
                raise
        abandon = service.asking.abandon
        def told(key):
            abandon(key)
            say("left " + key)
        service.pipeline.stream, service.asking.abandon = slowly, told
        yield service

ui.server.open_service = open_slow
ui.server.serve(
    sys.argv[1], port=int(sys.argv[2]), limits=eval(sys.argv[3]), announce=lambda line: None
)
say("served")
"""


class Server:
    """The process; ``heard`` waits for a line of it."""

    def __init__(self, process, port):
        self.process, self.port = process, port
        self.connections = []

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self.connections.append(connection)
        return connection

    def heard(self):
        return self.process.stdout.readline().strip()

    def go(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def ask(self, question, **body):
        """A connection on which the question was sent."""
        return self.post("/api/ask", {"question": question, **body})

    def post(self, path, body, *headers):
        sent = json.dumps(body)
        lines = "".join(f"{line}\r\n" for line in headers)
        return self.send(
            f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n{lines}"
            f"content-length: {len(sent)}\r\nconnection: close\r\n\r\n{sent}"
        )

    def send(self, text):
        connection = self.connect()
        connection.sendall(text.encode())
        return connection

    def get(self, path, *headers):
        lines = "\r\n".join(("host: localhost", "connection: close", *headers))
        return all_of(self.send(f"GET {path} HTTP/1.1\r\n{lines}\r\n\r\n"))


def all_of(connection):
    """What comes on a connection until its end."""
    parts = []
    with closing(connection):
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts).decode()


def status_of(reply):
    return int(reply.split(" ", 2)[1]) if reply else None


@pytest.fixture
def server(make_library, ferry, library_folder, monkeypatch):
    """``server(limits="ServerLimits()")``"""
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    monkeypatch.setenv("QA_READER", "sentence")
    make_library(ferry)
    servers = []

    def serve(limits="ServerLimits()"):
        port = free_port()
        process = start(SERVER, library_folder, port, limits)
        started = Server(process, port)
        servers.append(started)
        while process.poll() is None:
            try:
                started.connect().close()
                return started
            except ConnectionError:
                # Not there yet; the port may be that of one that is just going.
                pass
        raise AssertionError(process.stderr.read())

    yield serve
    for each in servers:
        each.process.kill()
        each.process.communicate()
        for connection in each.connections:
            connection.close()


def test_answers_that_are_begun_are_finished_before_the_end(server):
    served = server("ServerLimits(finishing=60)")
    whole, stream = served.ask("Slow one?"), served.ask("Slow two?", stream=True)
    assert [served.heard(), served.heard()] == ["begun", "begun"]
    served.process.send_signal(signal.SIGTERM)
    # It hears of the signal in its own time; from then on others are refused.
    while status_of(refused := all_of(served.ask("Who came late?"))) == 200:
        pass
    assert status_of(refused) == 503
    assert "retry-after" in refused.lower()
    assert "the server is stopping" in refused
    served.go()
    assert '"abstained"' in all_of(whole)
    assert "event: answer" in all_of(stream)
    assert served.heard() == "served"
    assert served.process.wait(PATIENCE) == 0
    assert "Traceback" not in served.process.stderr.read()


def test_answers_that_cannot_be_waited_for_end_with_a_word(server):
    served = server("ServerLimits(finishing=0.1)")
    whole, stream = served.ask("Slow one?"), served.ask("Slow two?", stream=True)
    chat = {"messages": [{"role": "user", "content": "Slow three?"}], "stream": True}
    chatting = served.post("/v1/chat/completions", chat)
    assert [served.heard() for _ in range(3)] == ["begun"] * 3
    served.process.send_signal(signal.SIGINT)
    ended = all_of(stream)
    assert "event: found" in ended
    assert 'event: error\ndata: {"error": "the server is stopping' in ended
    assert '"type": "server_error"' in all_of(chatting)
    whole = all_of(whole)
    assert (status_of(whole), "the server is stopping" in whole) == (503, True)
    # The work never ends, and holds up nobody.
    assert served.process.wait(PATIENCE) == 0


def test_second_signal_ends_it_at_once(server):
    served = server("ServerLimits(finishing=10_000)")
    served.ask("Slow one?")
    assert served.heard() == "begun"
    served.process.send_signal(signal.SIGTERM)
    while status_of(all_of(served.ask("Who came late?"))) == 200:
        pass
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(PATIENCE) == 128 + signal.SIGTERM


UNFINISHED = [
    ("", None),
    ("GET / HT", 408),
    ("GET / HTTP/1.1\r\nhost: localhost\r\nx-slow: ", 408),
    ("POST /api/ask HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n{", 408),
    (
        "POST /api/articles HTTP/1.1\r\nhost: localhost\r\n"
        "transfer-encoding: chunked\r\n\r\n1\r\n{\r\n",
        408,
    ),
    ("GET / HTTP/1.1\r\nhost: localhost\r\nx-large: " + "x" * 70_000, 431),
]


DRIPPING = [
    "GET / HTTP/1.1\r\nhost: localhost\r\nx-slow: ",
    "POST /api/ask HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100000\r\n\r\n{",
    # Refused before its body is there, of which more and more comes.
    "DELETE /nothing HTTP/1.1\r\nhost: evil\r\ncontent-length: 100000\r\n\r\n",
    # After a first request that was a whole one.
    "GET /api/health HTTP/1.1\r\nhost: localhost\r\n\r\nGET / HTTP/1.1\r\n",
]


def test_request_that_never_ends_is_ended(server):
    # Long enough for the whole ones of a busy machine.
    served = server("ServerLimits(headers=2, body=BodyLimits(patience=2))")
    dripping = [Thread(target=drip, args=(served.send(sent),), daemon=True) for sent in DRIPPING]
    for each in dripping:
        each.start()
    unfinished = [(sent, said, served.send(sent)) for sent, said in UNFINISHED]
    for sent, said, connection in unfinished:
        assert status_of(all_of(connection)) == said, sent[:80]
    for sent, each in zip(DRIPPING, dripping, strict=True):
        each.join(PATIENCE)
        assert not each.is_alive(), sent
    assert status_of(served.get("/api/health")) == 200


def drip(connection):
    """Send byte after byte until nobody takes them any more."""
    try:
        while True:
            connection.sendall(b"x")
            sleep(0.05)
    except OSError:
        pass


def test_too_many_connections_are_told_to_come_again(server):
    served = server("ServerLimits(connections=3)")
    idle = [served.connect() for _ in range(3)]
    refused = served.get("/api/health")
    assert status_of(refused) == 503
    assert "too many connections" in refused
    assert "retry-after" in refused.lower()
    more = [served.connect() for _ in range(4)]
    assert more[-1].recv(1) == b""
    for each in (*idle, *more):
        each.close()
    while status_of(served.get("/api/health")) != 200:
        pass


ODD = [
    ("GET / HTTP/1.1", ["sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==", "upgrade: websocket"], 400),
    ("POST /api/ask HTTP/1.1", ["content-length: abc"], 400),
    ("POST /api/ask HTTP/1.1", ["content-length: -1"], 400),
    ("POST /api/ask HTTP/1.1", ["origin: http://["], 403),
    ("GET / HTTP/1.1", ["host: ["], 400),
    ("GET /%zz HTTP/1.1", [], 400),
    ("GET /%ff HTTP/1.1", [], 400),
    ("GET /assets/%00 HTTP/1.1", [], 400),
    ("GET /?%zz=%ff HTTP/1.1", [], 200),
    ("GET /api/me HTTP/1.1", ['cookie: =;"\\;article_qa'], 200),
    ("BREW / HTTP/1.1", [], 400),
    ("GET /?page=nothing HTTP/1.1", [], 422),
    ("POST /gradio_api/call/nothing HTTP/1.1", ["content-type: application/json"], 404),
    # Past the queue there would be no limit.
    ("POST /gradio_api/run/ask HTTP/1.1", ["content-type: application/json"], 404),
]


def test_odd_requests_are_answered_and_told_what_is_wrong(server):
    served = server()
    for line, headers, said in ODD:
        ending = "upgrade" if "upgrade: websocket" in headers else "close"
        host = [] if any(each.startswith("host") for each in headers) else ["host: localhost"]
        json_body = any(each.startswith("content-type") for each in headers)
        body, length = ('{"data": ["Who?"]}', ["content-length: 18"]) if json_body else ("", [])
        sent = "\r\n".join((line, *host, *headers, *length, f"connection: {ending}", "", body))
        with closing(served.send(sent)) as connection:
            assert status_of(connection.recv(65536).decode()) == said, sent


def test_questions_count_together_by_every_door_and_whatever_is_claimed(server, monkeypatch):
    monkeypatch.setenv("QA_RATE", "2")
    served = server()
    question = "How many sailors died?"
    for _ in range(2):
        assert status_of(all_of(served.ask(question))) == 200
    config = json.loads(served.get("/config").partition("\r\n\r\n")[2])
    screen = [each["id"] for each in config["dependencies"] if each["api_name"] == "answer"]
    assert len(screen) == 1
    # What counts as a question or a change is known by its name.
    assert {*ASKING, *CHANGING} <= {each["api_name"] for each in config["dependencies"]}
    doors = {
        "/v1/chat/completions": {"messages": [{"role": "user", "content": question}]},
        "/mcp": {
            "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": {"name": "ask_articles", "arguments": {"question": question}},
        },
        "/gradio_api/call/ask": {"data": [question]},
        "/gradio_api/call/ask/": {"data": [question]},
        "/gradio_api/call/v2/ask": {"question": question},
        "/gradio_api/run/ask": {"data": [question]},
        "/gradio_api/api/ask": {"data": [question]},
        "/gradio_api/%61pi/ask": {"data": [question]},
        "/gradio_api/queue/join": {
            "data": [question, "{}", ""], "fn_index": screen[0], "session_hash": "x",
        },
    }  # fmt: skip
    for number, (path, body) in enumerate(doors.items()):
        claim = f"x-forwarded-for: 198.51.100.{number}"
        assert status_of(all_of(served.post(path, body, claim))) == 429, path
    # Looking something up is no question.
    assert status_of(served.get("/article?id=ferry")) == 200


def test_page_that_is_closed_frees_its_place(server):
    """A question on the screen, whose page is gone, ends as any other."""
    served = server()
    config = json.loads(served.get("/config").partition("\r\n\r\n")[2])
    (screen,) = [each["id"] for each in config["dependencies"] if each["api_name"] == "answer"]
    asked = {"data": ["Slow one?", "{}", None], "fn_index": screen, "session_hash": "page"}
    joined = all_of(served.post("/gradio_api/queue/join", asked))
    assert status_of(joined) == 200
    page = served.send(
        "GET /gradio_api/queue/data?session_hash=page HTTP/1.1\r\nhost: localhost\r\n\r\n"
    )
    assert served.heard() == "begun"
    page.close()
    assert served.heard() == "left page"
    served.go()
    assert served.heard() == "given up"
