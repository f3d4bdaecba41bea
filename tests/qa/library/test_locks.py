"""One writer at a time, between processes; a lock never outlives its holder."""

import threading

import pytest

from qa.errors import LibraryLocked
from qa.library.locks import index_lock, writer_died, writer_lock
from qa.library.store import Library
from qa.library.writer import open_writer

HOLD = """
import sys
from pathlib import Path
from qa.library.locks import writer_lock
with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(python, tmp_path):
    """Another process that holds the writer lock until it reads a line."""
    process = python(HOLD, tmp_path)
    assert process.stdout.readline() == "held\n"
    return process


def test_second_writer_is_told_who_writes(holder, tmp_path):
    with pytest.raises(LibraryLocked, match=f"process {holder.pid} is writing") as raised:
        writer_lock(tmp_path).__enter__()
    assert raised.value.pid == holder.pid


def test_second_writer_of_one_process_is_refused_too(library_folder):
    library = Library.open(library_folder, create=True)
    with open_writer(library), pytest.raises(LibraryLocked), open_writer(library):
        pass
    library.close()


def test_waiting_writer_writes_after_the_first(holder, tmp_path):
    got = threading.Event()

    def write():
        with writer_lock(tmp_path, wait=True):
            got.set()

    thread = threading.Thread(target=write)
    thread.start()
    early = got.wait(0.3)
    holder.communicate("done\n")
    thread.join(10)
    assert (early, got.is_set()) == (False, True)


def test_writer_that_ended_well_leaves_no_trace(holder, tmp_path):
    holder.communicate("done\n")
    assert not writer_died(tmp_path)
    with writer_lock(tmp_path) as died:
        assert not died


def test_killed_writer_lets_go_and_is_noticed(holder, tmp_path):
    assert not writer_died(tmp_path)
    holder.kill()
    holder.wait()
    assert writer_died(tmp_path)
    with writer_lock(tmp_path) as died:
        assert died


def test_death_is_told_until_a_writer_has_looked(holder, tmp_path):
    holder.kill()
    holder.wait()
    with writer_lock(tmp_path):
        assert not writer_died(tmp_path)
    assert not writer_died(tmp_path)


def test_writer_that_failed_counts_as_dead(tmp_path):
    with pytest.raises(KeyError), writer_lock(tmp_path):
        raise KeyError
    assert writer_died(tmp_path)


def test_no_writer_yet_is_no_death(tmp_path):
    assert not writer_died(tmp_path)


def test_searches_share_the_index(tmp_path):
    with index_lock(tmp_path, exclusive=False), index_lock(tmp_path, exclusive=False):
        pass


@pytest.mark.parametrize(("first", "second"), [(True, False), (False, True), (True, True)])
def test_write_to_the_index_waits_and_is_waited_for(tmp_path, first, second):
    got = threading.Event()

    def enter():
        with index_lock(tmp_path, exclusive=second):
            got.set()

    thread = threading.Thread(target=enter)
    with index_lock(tmp_path, exclusive=first):
        thread.start()
        early = got.wait(0.2)
    thread.join(10)
    assert (early, got.is_set()) == (False, True)
