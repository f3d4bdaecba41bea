"""A folder of ordinary size is searched without opening Chroma, and never as it once was."""

import subprocess
import sys
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.index.chroma.chroma_client import ChromaConnection
from qa.index.embedders import HashingEmbedder
from qa.index.exact_search import ComparedVectors
from qa.index.vector_index import ChromaIndex
from qa.protocols import VectorEntry
from qa.records.question import Scope

EAST = np.array([1, 0, 0], np.float32)
NORTH = np.array([0, 1, 0], np.float32)
ANY = Scope()


def entry(key, *, published=0, source=""):
    return VectorEntry(key, f"article {key}", 1, 0, published, source)


def keys(index, vector=EAST, scope=ANY):
    return [match.key for match in index.search(vector, 5, scope)]


@pytest.fixture
def folder(tmp_path):
    """A folder in which two vectors were left."""
    index = ChromaIndex(tmp_path, HashingEmbedder(3))
    entries = [entry(1, published=20240613, source="gazette"), entry(2, source="courier")]
    index.upsert(entries, np.array([EAST, NORTH]))
    index.close()
    return tmp_path


@pytest.fixture
def closed_chroma(monkeypatch):
    """Chroma cannot be opened."""
    monkeypatch.setattr(ChromaConnection, "_open", lambda self: pytest.fail("Chroma was opened"))


def test_folder_is_searched_without_opening_chroma(folder, closed_chroma):
    index = ChromaIndex(folder, HashingEmbedder(3))
    assert keys(index) == [1, 2]
    assert keys(index, scope=Scope(sources=("Gazette",))) == [1]
    assert keys(index, scope=Scope(since=date(2024, 1, 1))) == [1]
    assert keys(index, scope=Scope(until=date(2024, 1, 1), undated=True)) == [2]
    assert (folder / "index.vectors").stat().st_mode & 0o77 == 0


def test_what_another_process_writes_is_found(folder):
    reader = ChromaIndex(folder, HashingEmbedder(3))
    assert keys(reader) == [1, 2]
    script = (
        "import sys, numpy as np; from pathlib import Path;"
        "from qa.index.embedders import HashingEmbedder;"
        "from qa.index.vector_index import ChromaIndex; from qa.protocols import VectorEntry;"
        "index = ChromaIndex(Path(sys.argv[1]), HashingEmbedder(3));"
        "index.upsert([VectorEntry(3, 'c', 1, 0, 0, '')], np.array([[1, .1, 0]], np.float32));"
        "index.delete([2]);"
        # Killed, so that nothing is written at its end.
        "import os; os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", script, folder], check=True)
    reader.refresh(1)
    assert keys(reader) == [1, 3]
    reader.close()


@pytest.mark.parametrize("at", [0, 200, -200])
def test_damaged_snapshot_is_not_believed(folder, at):
    file = folder / "index.vectors"
    content = bytearray(file.read_bytes())
    content[at] ^= 0xFF
    file.write_bytes(content)
    index = ChromaIndex(folder, HashingEmbedder(3))
    assert keys(index) == [1, 2]
    index.close()


def test_snapshot_of_another_embedder_is_not_read(folder):
    assert keys(ChromaIndex(folder, HashingEmbedder(3), name="others")) == []


def test_cleared_index_is_empty_although_there_was_a_snapshot(folder):
    index = ChromaIndex(folder, HashingEmbedder(3))
    index.clear()
    assert keys(index) == []
    index.close()
    assert keys(ChromaIndex(folder, HashingEmbedder(3))) == []


days = st.dates(date(2024, 1, 1), date(2024, 1, 9))
scopes = st.builds(
    lambda pair, sources, undated: Scope(
        since=min(pair) if pair else None,
        until=max(pair) if pair else None,
        sources=sources,
        undated=undated,
    ),
    st.none() | st.tuples(days, days),
    st.sampled_from([(), ("A",), ("a", "B")]),
    st.booleans(),
)


@given(st.lists(st.tuples(st.none() | days, st.sampled_from(["a", "b", "c"])), max_size=9), scopes)
def test_scope_admits_what_lies_in_its_days_and_outlets(articles, scope):
    numbers = [int(f"{day:%Y%m%d}") if day else 0 for day, _ in articles]
    vectors = ComparedVectors(
        np.arange(len(articles)),
        np.ones((len(articles), 3), np.float32),
        np.array(numbers, np.int64),
        np.array([outlet for _, outlet in articles], np.str_),
        is_everything=True,
    )

    def is_within(day, outlet):
        windowed = scope.since or scope.until
        in_days = not windowed or (
            scope.undated if day is None else scope.since <= day <= scope.until
        )
        return in_days and (not scope.sources or outlet in map(str.lower, scope.sources))

    expected = [str(key) for key, each in enumerate(articles) if is_within(*each)]
    assert [*vectors.best_within(EAST, 9, scope)] == expected
