"""What every test gets: an empty place to stand, no network, and tiny articles made for it."""

import ipaddress
import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from eval.benchmarks.growth.postgres_server import CannotStart, started
from ingest.loaders import LOADERS
from ingest.split import split
from qa.build import LibraryTools
from qa.index.embedders import HashingEmbedder
from qa.index.sync import drain
from qa.index.vector_index import ChromaIndex
from qa.index.vector_table import VectorTable
from qa.library.drafts import Draft
from qa.library.store import Library
from qa.library.writer import open_writer
from qa.records.article import Article
from qa.runtime.location import is_database

# The same examples on every run and no time limit: a build does not fail for a busy machine.
settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")

ROOT = Path(__file__).resolve().parents[1]
# Programs that tests run in processes of their own, which they set up for themselves alone.
collect_ignore_glob = ["*/*_trials.py", "*/crash_library.py"]
_FOREIGN = ("QA_", "LANGSMITH_", "LANGCHAIN_", "OPENAI_")


@pytest.fixture(scope="session", autouse=True)
def _shut_off(tmp_path_factory):
    """No setting of the developer, no ``.env`` and no network, for fixtures of any scope."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(_FOREIGN)]:
            patch.delenv(name)
        patch.setenv("LANGSMITH_TRACING", "false")
        empty = tmp_path_factory.mktemp("empty")
        patch.chdir(empty)
        patch.setenv("QA_LIBRARY", str(empty / "library"))
        patch.setenv("XDG_CONFIG_HOME", str(empty / "config"))
        patch.setenv("XDG_DATA_HOME", str(empty / "data"))
        # Processes that tests start find the packages from wherever they stand.
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setattr(socket.socket, "connect", _local_only(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", _local_only(socket.socket.connect_ex))
        patch.setattr(socket, "getaddrinfo", _resolve_local(socket.getaddrinfo))
        yield


@pytest.fixture(autouse=True)
def _own_place(_shut_off, tmp_path, monkeypatch):
    """Each test stands in a folder of its own and has a library of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QA_LIBRARY", str(tmp_path / "library"))


def _local_only(connect):
    def connect_locally(self, address):
        local = self.family == socket.AF_UNIX or ipaddress.ip_address(address[0]).is_loopback
        if not local and address[0] != "localhost":
            raise RuntimeError(f"a test reached for the network: {address}")
        return connect(self, address)

    return connect_locally


def _resolve_local(getaddrinfo):
    def resolve(host, port, family=0, type=0, proto=0, flags=0):  # noqa: A002
        if host not in (None, "localhost", b"localhost"):
            # Numbers stand for themselves; no name server is asked for them.
            flags |= socket.AI_NUMERICHOST
        try:
            return getaddrinfo(host, port, family, type, proto, flags)
        except socket.gaierror as error:
            raise RuntimeError(f"a test reached for a name server: {host!r}") from error

    return resolve


@pytest.fixture
def library_folder(tmp_path):
    """The folder that ``QA_LIBRARY`` names; nothing is in it yet."""
    return tmp_path / "library"


@pytest.fixture
def location(tmp_path):
    """Where a test's library is. Suites of what every library does name it once for each kind."""
    return tmp_path / "library"


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server of the tests' own, for as long as they run."""
    try:
        server = started()
    except CannotStart as error:
        pytest.skip(f"no PostgreSQL here: {error}")
    yield server
    server.stop()


@pytest.fixture
def database_url(postgres):
    """The address of an empty database."""
    return postgres.emptied()


@pytest.fixture
def store():
    """``store(tools, *articles)``: what an ingest does with articles; returns the outcomes."""
    return _store


def _store(tools, *articles):
    with open_writer(tools.library) as writer:
        outcomes = writer.put(Draft(article, tuple(split(article))) for article in articles)
        drain(writer, tools.embedder, tools.index)
    return outcomes


@pytest.fixture
def make_library(location):
    """``make_library(*articles)``: a tools over a library in which they are stored."""
    opened = []

    def make(*articles, embedder=None, folder=location):
        library = Library.open(folder, create=True)
        embedder = embedder or HashingEmbedder()
        if is_database(folder):
            index = VectorTable(library.database, embedder)
        else:
            index = ChromaIndex(folder, embedder)
        tools = LibraryTools(library, embedder, index)
        opened.append(tools)
        if articles:
            _store(tools, *articles)
        return tools

    yield make
    for tools in opened:
        tools.index.close()
        tools.library.close()


@dataclass
class Ran:
    """How a command of the command line ended, and what it printed."""

    status: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def article_qa(capsys, monkeypatch):
    """``article_qa("ask", …)`` as the shell would, with output that is not a terminal."""
    from ui.cli.app import main

    monkeypatch.setenv("QA_EMBEDDER", "hashing")

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["article-qa", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            status = 0
        except SystemExit as stop:
            status = stop.code or 0
        return Ran(status, *capsys.readouterr())

    return run


@pytest.fixture
def python():
    """``python(code, *arguments)``: a process of its own that runs it, with pipes; ended after."""
    started = []

    def run(code, *arguments):
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def ferry():
    """Three sentences with a date, numbers and a name."""
    return Article.create(
        "The ferry Maid of Orlen sank off Cape Tarrow on 3 March 2021. "
        "Nine sailors died and 41 passengers were rescued. "
        "The captain, Ilse Brandvold, had reported a broken pump.",
        id="ferry",
        title="Ferry lost off Cape Tarrow",
        url="https://gazette.example/ferry",
        published=date(2021, 3, 4),
        source="Gazette",
    )


@pytest.fixture(scope="session")
def bridge():
    """A price, and characters outside the Basic Multilingual Plane before it."""
    return Article.create(
        "Good news for Kessel 🎉🎉. Repairs to the Kessel Bridge will cost 12 million euros, "
        "the council said. The bridge reopens in June.",
        id="bridge",
        title="Kessel Bridge to be repaired",
        url="https://courier.example/bridge",
        published=date(2023, 5, 20),
        source="Courier",
    )


@pytest.fixture(scope="session")
def orchard():
    """An article without a date, a source or a URL."""
    return Article.create(
        "The pear orchards of Linden valley bloomed late. "
        "Growers blamed a frost in April and expect a small harvest.",
        id="orchard",
        title="Late bloom in Linden",
    )


@pytest.fixture
def odd_loader(monkeypatch):
    """``odd_loader(code)``: files that end in ``.odd`` are parsed by its ``load(source)``."""

    def give(code):
        monkeypatch.setitem(LOADERS, ".odd", LOADERS[".txt"])
        program = (
            f"{code}\nimport ingest.loaders\ningest.loaders.LOADERS['.odd'] = load\n"
            "from ingest.sandbox.child import main\nmain()"
        )
        monkeypatch.setattr("ingest.sandbox.worker._COMMAND", (sys.executable, "-P", "-c", program))

    return give
