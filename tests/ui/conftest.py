"""Answers made by hand, and a server over a small library."""

import socket
import subprocess
import sys
import time
import urllib.request
from datetime import date

import pytest

from qa.records import Answer, Article, Hit, Statement, Step

ATTACK = '"><img src=x onerror=alert(1)><script>alert(2)</script>\u202e</textarea>&amp;'


@pytest.fixture
def hostile():
    """An article that is made of attacks wherever an article can hold text."""
    return Article(
        id=f"id{ATTACK}",
        title=f"Title {ATTACK}",
        text=f"The ferry {ATTACK} sank off Cape Tarrow. Nine sailors died.",
        url="javascript:alert(3)",
        author=f"Author {ATTACK}",
        source=f"Outlet {ATTACK}",
        published=date(2021, 3, 4),
        language=ATTACK,
    )


@pytest.fixture
def make_answer():
    """``make_answer(article, start, end, **changes)``: one statement that quotes it."""

    def make(article, start=0, end=None, **changes):
        passage = article.passage(0, len(article.text))
        cited = passage.cite(start, end or len(article.text))
        given = {
            "question": "What happened?",
            "short": "",
            "statements": (Statement(cited.quote, (cited,), "verified"),),
            "hits": (Hit(passage, 1.0, {"words": 1}),),
            "confidence": 0.8,
            "abstained": False,
            "trace": (Step("search by words", "1 passage", 2.0),),
        }
        return Answer(**{**given, **changes})

    return make


@pytest.fixture
def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


@pytest.fixture
def serving(free_port):
    """``serving(folder, **environment)``: the address of a server process over that library."""
    started = []

    def serve(folder, *arguments, **environment):
        import os

        process = subprocess.Popen(
            [sys.executable, "-m", "qa", "serve", "--library", folder, "--port", str(free_port),
             *arguments],
            env={**os.environ, "QA_EMBEDDER": "hashing", "QA_READER": "sentence", **environment},
            stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        started.append(process)
        address = f"http://127.0.0.1:{free_port}"
        patience = time.monotonic() + 90
        while process.poll() is None and time.monotonic() < patience:
            try:
                urllib.request.urlopen(f"{address}/api/health", timeout=5).close()
            except OSError:
                time.sleep(0.1)
            else:
                return address
        process.kill()
        raise AssertionError(f"the server did not come up: {process.communicate()[1]}")

    yield serve
    for process in started:
        process.terminate()
        process.communicate(timeout=20)
