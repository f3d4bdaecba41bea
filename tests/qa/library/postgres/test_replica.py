"""A library that is read from a standby: what was written here is read here, whatever the lag."""

import pytest

from eval.benchmarks.growth.postgres_server import CannotStart
from ingest.split import split
from qa.build import open_pipeline
from qa.errors import ConfigError
from qa.library.drafts import Draft
from qa.library.postgres.database import PostgresDatabase
from qa.library.store import Library
from qa.library.writer import open_writer

KINDS = ["postgresql"]


@pytest.fixture
def standby(postgres, database_url):
    """A server that follows the one of the tests, a streaming replica."""
    try:
        server = postgres.standby()
    except CannotStart as error:
        pytest.skip(f"no standby here: {error}")
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def library(make_library, database_url, standby, ferry):
    """One with an article, of which the standby has everything."""
    make_library(ferry)
    opened = Library.open(database_url, replica=standby.url("articles"))
    wait_until_followed(opened)
    yield opened
    opened.close()


def wait_until_followed(library):
    """Each question to both servers takes a moment, in which a standby goes on."""
    for _ in range(2000):
        state = library.database.replica_state()
        if state.reachable and state.bytes_behind == 0:
            return
    raise AssertionError(library.database.replica_state())


def pause(server, *, paused=True):
    """Let a standby take changes in, but not show them."""
    database = PostgresDatabase(server.url("articles"))
    with database.connection() as connection:
        word = "pause" if paused else "resume"
        connection.execute(f"SELECT pg_wal_replay_{word}()")
    database.close()


def server_of(library):
    with library.reading() as connection:
        return connection.execute("SHOW port").fetchone()[0]


def put(location, article):
    """As an ingest in this process does: through a library of its own."""
    writing = Library.open(location)
    with open_writer(writing) as writer:
        writer.put([Draft(article, tuple(split(article)))])
    writing.close()


def test_articles_are_read_from_the_standby(library, standby, ferry):
    assert server_of(library) == str(standby.port)
    assert library.article("ferry").text == ferry.text
    assert library.words().having("sailors")
    assert library.database.replica_state().bytes_behind == 0
    assert not library.read_only


def test_what_this_process_wrote_is_read_from_the_primary_until_the_standby_has_it(
    library, standby, database_url, postgres, bridge
):
    pause(standby)
    put(database_url, bridge)
    assert library.article("bridge").text == bridge.text
    assert library.words().having("Kessel")
    assert server_of(library) == str(postgres.port)
    assert library.database.replica_state().bytes_behind > 0
    pause(standby, paused=False)
    wait_until_followed(library)
    assert server_of(library) == str(standby.port)
    assert library.article("bridge").text == bridge.text


def test_what_others_wrote_is_seen_when_the_standby_has_it(
    library, standby, database_url, python, bridge
):
    pause(standby)
    writing = python(
        "import sys; from qa.library.store import Library;"
        "from qa.library.writer import open_writer;"
        "library = Library.open(sys.argv[1])\n"
        "with open_writer(library) as writer: writer.remove('ferry')",
        database_url,
    )
    assert writing.wait(100) == 0, writing.stderr.read()
    assert library.article("ferry")
    assert library.database.replica_state().seconds_behind > 0
    pause(standby, paused=False)
    wait_until_followed(library)
    assert library.find("ferry") is None


def test_standby_that_is_gone_is_passed_over(library, standby, postgres, ferry, monkeypatch):
    monkeypatch.setattr("qa.library.postgres.database._PING_AFTER", 0)
    standby.kill()
    assert library.article("ferry").text == ferry.text
    assert server_of(library) == str(postgres.port)
    assert not library.database.replica_state().reachable


def test_replica_of_another_database_is_refused(library, postgres, database_url):
    with pytest.raises(ConfigError, match=r"QA_LIBRARY_READ names .* no replica of"):
        Library.open(database_url, replica=postgres.url())


def test_questions_are_read_from_the_replica_that_is_set(
    library, standby, database_url, monkeypatch
):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    monkeypatch.setenv("QA_LIBRARY", database_url)
    monkeypatch.setenv("QA_LIBRARY_READ", standby.url("articles"))
    with open_pipeline() as pipeline:
        assert server_of(pipeline.library) == str(standby.port)
        assert "41" in pipeline.ask("How many passengers were rescued off Cape Tarrow?").text


def test_replica_of_a_folder_is_refused(make_library, ferry, library_folder, monkeypatch):
    make_library(ferry, folder=library_folder)
    monkeypatch.setenv("QA_LIBRARY_READ", "postgresql://127.0.0.1/articles")
    with pytest.raises(ConfigError, match="QA_LIBRARY_READ"):
        open_pipeline()
