"""A library in PostgreSQL: what is its own, beside what every library does."""

import sys
import threading

import pytest

from qa.errors import ConfigError, LibraryError, LibraryReadOnly, LibraryTooNew
from qa.library.conversations import begin, conversations
from qa.library.postgres.database import PostgresDatabase
from qa.library.postgres.schema import VERSION
from qa.library.store import Library
from qa.library.writer import open_writer
from qa.records.question import Scope


@pytest.fixture
def database(database_url):
    library = Library.open(database_url, create=True)
    yield library.database
    library.close()


def test_no_library_is_an_error_that_says_how_to_make_one(database_url):
    with pytest.raises(LibraryError, match=r"article-qa ingest PATH --library postgresql://"):
        Library.open(database_url)


def test_no_server_is_an_error_without_the_password():
    with pytest.raises(LibraryError, match=r"app@127.0.0.1:1/articles cannot be reached") as raised:
        Library.open("postgresql://app:secret@127.0.0.1:1/articles")
    assert "secret" not in str(raised.value)


def test_without_the_driver_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigError, match=r"article-qa\[postgres\]"):
        Library.open("postgresql://127.0.0.1/articles")


def test_tables_of_another_program_are_left_alone(database_url):
    other_program = PostgresDatabase(database_url)
    with other_program.connection() as connection:
        connection.execute("CREATE TABLE articles (body TEXT)")
    other_program.close()
    with pytest.raises(LibraryError, match="another program"):
        Library.open(database_url, create=True)


def test_library_of_a_later_version_is_refused(database_url, database):
    with database.connection() as connection:
        sql = "UPDATE meta SET value = ? WHERE name = 'schema'"
        connection.execute(sql, (VERSION + 1,))
    with pytest.raises(LibraryTooNew, match="upgrade article-qa"):
        Library.open(database_url)


def test_transaction_that_raises_leaves_nothing(database):
    def fail():
        with database.transaction() as connection:
            connection.execute("INSERT INTO users VALUES ('ilse', 'reader', 'x')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.connection() as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (0,)


def test_one_writes_at_a_time_and_the_next_goes_on_from_there(database):
    entered, order = threading.Event(), []

    def write():
        entered.set()
        with database.transaction():
            order.append("second")

    with database.transaction():
        thread = threading.Thread(target=write)
        thread.start()
        entered.wait(60)
        order.append("first")
    thread.join(60)
    assert order == ["first", "second"]


def test_connection_that_was_cut_is_replaced(database, monkeypatch):
    monkeypatch.setattr("qa.library.postgres.database._PING_AFTER", 0)
    with database.connection() as connection:
        number = connection.raw.info.backend_pid
    cutter = PostgresDatabase(database.url)
    with cutter.connection() as connection:
        connection.execute("SELECT pg_terminate_backend(?, 60000)", (number,))
    cutter.close()
    with database.connection() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_replica_is_asked_and_not_written(database_url, database):
    reading = Library.open(f"{database_url}?options=-cdefault_transaction_read_only%3Don")
    assert reading.read_only
    assert reading.coverage(Scope())[0] == 0
    with pytest.raises(LibraryReadOnly), open_writer(reading):
        pass
    with pytest.raises(LibraryReadOnly):
        begin(reading, "Ferry")
    assert conversations(reading) == []
    reading.close()


@pytest.mark.parametrize("name", ["ÉCHO DU NORD", "Ведомости", "ΑΘΗΝΑ"])
def test_outlets_of_every_alphabet_are_found_in_small_letters(make_library, ferry, name):
    library = make_library(ferry.from_outlet(name)).library
    assert library.coverage(Scope(sources=(name.lower(),)))[0] == 1
    assert library.coverage(Scope(sources=(name,)))[0] == 1
