"""What every vector index does: Chroma in the library folder, where all vectors are compared or,
when there are many, a graph is followed, Chroma behind HTTP, and pgvector, with its graph and
without.
"""

import socket
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from datetime import date
from pathlib import Path
from urllib.request import urlopen

import numpy as np
import pytest

from qa.errors import ConfigError, EmbedderMismatch, IndexUnavailable
from qa.index.embedders import HashingEmbedder
from qa.index.vector_index import ChromaIndex
from qa.index.vector_table import VectorTable
from qa.library.postgres.database import PostgresDatabase
from qa.library.postgres.opening import open_postgres
from qa.protocols import VectorEntry
from qa.records.question import Scope

THREE = HashingEmbedder(3)
ANY = Scope()
EAST = np.array([1, 0, 0], np.float32)
NORTH = np.array([0, 1, 0], np.float32)
BETWEEN = np.array([0.6, 0.8, 0], np.float32)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The URL of a real Chroma server with a folder of its own."""
    script = Path(sys.executable).parent / "chroma"
    if not script.exists():
        pytest.skip("no chroma script beside this Python")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    folder = tmp_path_factory.mktemp("server")
    command = [script, "run", "--path", folder, "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                urlopen(f"{url}/api/v2/heartbeat").close()
                break
            except OSError:
                assert process.poll() is None, "the Chroma server ended"
                time.sleep(0.1)
        yield url
    finally:
        process.kill()
        process.wait()


@pytest.fixture(params=["embedded", "graph", "server", "table", "table graph"])
def make(request, tmp_path, monkeypatch, opened):
    """``make()``: another index object over the same vectors, as another process has it."""
    if request.param.startswith("table"):
        url = request.getfixturevalue("database_url")
        open_postgres(url, create=True)[0].close()
        if request.param == "table graph":
            monkeypatch.setattr("qa.index.vector_table._EXACT", 0)

        def make_table(embedder=THREE):
            opened.append(VectorTable(PostgresDatabase(url), embedder))
            return opened[-1]

        return make_table
    target = tmp_path
    if request.param == "graph":
        monkeypatch.setattr("qa.index.vector_index._EXACT", 0)
    if request.param == "server":
        target = request.getfixturevalue("server")
    name = f"test-{uuid.uuid4().hex}"

    def make(embedder=THREE):
        opened.append(ChromaIndex(target, embedder, name=name))
        return opened[-1]

    return make


def entry(key, **known):
    return VectorEntry(**{"key": key, "article_id": "a", "version": 1, "start": 0,
                          "published": 0, "source": "", **known})  # fmt: skip


def put(index, vectors, **known):
    index.upsert([entry(key, **known) for key in vectors], np.stack([*vectors.values()]))


def keys(matches):
    return [match.key for match in matches]


def until(true, seconds=20):
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return true()


# Search


def test_nearest_come_first(index):
    put(index, {1: NORTH, 2: EAST, 3: BETWEEN})
    assert keys(index.search(EAST, 3, ANY)) == [2, 3, 1]


def test_similarity_is_the_cosine(index):
    put(index, {1: EAST * 5, 2: BETWEEN, 3: NORTH, 4: -EAST})
    found = [match.similarity for match in index.search(EAST, 4, ANY)]
    assert found == pytest.approx([1, 0.6, 0, -1], abs=1e-5)


def test_at_most_k(index):
    put(index, {1: NORTH, 2: EAST, 3: BETWEEN})
    assert keys(index.search(EAST, 2, ANY)) == [2, 3]


def test_fewer_when_there_are_not_so_many(index):
    put(index, {1: NORTH})
    assert keys(index.search(EAST, 100, ANY)) == [1]


def test_nothing_in_an_empty_index(index):
    assert index.search(EAST, 5, ANY) == []


def test_zero_vector_is_near_nothing(index):
    put(index, {1: EAST})
    assert index.search(np.zeros(3, np.float32), 5, ANY) == []


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(since=date(2024, 1, 2)), {2, 3}),
        (Scope(since=date(2024, 1, 3)), {3}),
        (Scope(until=date(2024, 1, 2)), {2, 4}),
        (Scope(since=date(2024, 1, 2), until=date(2024, 1, 2)), {2}),
        (Scope(sources=("GAZETTE",)), {1, 2}),
        (Scope(sources=("gazette", "courier")), {1, 2, 3}),
        (Scope(sources=("gazette",), since=date(2020, 1, 1)), {2}),
        (Scope(sources=("nobody",)), set()),
        (Scope(sources=("",)), {4}),
        (Scope(since=date(2024, 1, 3), undated=True), {1, 3}),
        (Scope(until=date(2024, 1, 2), undated=True), {1, 2, 4}),
        (Scope(sources=("gazette",), since=date(2024, 1, 3), undated=True), {1}),
    ],
    ids=str,
)
def test_scope_leaves_out_the_rest(index, scope, expected):
    put(index, {1: EAST}, source="gazette")
    put(index, {2: EAST}, source="gazette", published=20240102)
    put(index, {3: EAST}, source="courier", published=20240103)
    put(index, {4: EAST}, source="", published=20200103)
    assert set(keys(index.search(EAST, 5, scope))) == expected


# Upsert, delete, count, entries


def test_count(index):
    assert index.count() == 0
    put(index, {1: EAST, 2: NORTH})
    assert index.count() == 2


def test_entries_come_back_as_they_went_in(index):
    first = entry(7, article_id="ä/1", version=3, start=12, published=20240101, source="écho")
    index.upsert([first, entry(8)], np.stack([EAST, NORTH]))
    assert index.entries() == {7: first, 8: entry(8)}


def test_existing_key_is_replaced(index):
    put(index, {1: EAST, 2: BETWEEN}, version=1)
    put(index, {1: NORTH}, version=2)
    assert keys(index.search(EAST, 2, ANY)) == [2, 1]
    assert (index.count(), index.entries()[1].version) == (2, 2)


def test_nothing_to_add_is_fine(index):
    index.upsert([], np.zeros((0, 3), np.float32))
    assert index.count() == 0


def test_deleted_vectors_are_not_found(index):
    put(index, {1: EAST, 2: NORTH})
    index.delete([1])
    assert keys(index.search(EAST, 5, ANY)) == [2]


@pytest.mark.parametrize("unknown", [[], [99], [1, 99]], ids=str)
def test_deleting_what_is_not_there_is_fine(index, unknown):
    put(index, {1: EAST, 2: EAST})
    index.delete(unknown)
    assert sorted(index.entries()) == [key for key in (1, 2) if key not in unknown]


def test_more_than_chroma_takes_in_one_call(index):
    # Chroma refuses more than 5,461 records in a call.
    count = 5600
    vectors = np.random.default_rng(0).normal(size=(count, 3)).astype(np.float32)
    index.upsert([entry(key) for key in range(1, count + 1)], vectors)
    assert index.count() == count
    assert keys(index.search(vectors[4999], 1, ANY)) == [5000]
    assert len(index.unreachable(range(1, count + 1))) <= count / 1000
    index.delete(range(1, count + 1))
    assert index.count() == 0


def test_every_vector_is_reached(index):
    put(index, {1: EAST, 2: NORTH, 3: -EAST})
    assert index.unreachable([1, 2, 3]) == []


def test_what_is_not_there_is_unreachable(index):
    put(index, {1: EAST})
    assert index.unreachable([1, 2]) == [2]


def test_empty_index_has_nothing_unreachable(index):
    assert index.unreachable([]) == []


def crowd(count, dimension=16):
    """Vectors that lie near each other, as those of texts do."""
    rows = np.random.default_rng(5).normal(size=(count, dimension)).astype(np.float32)
    rows = 0.25 * rows + 1
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_vectors_added_a_second_time_are_all_found(make):
    index = make(HashingEmbedder(16))
    rows = crowd(800)
    entries = [entry(key) for key in range(800)]
    assert index.upsert(entries, rows) == []
    assert index.upsert(entries[200:], rows[200:]) == list(range(200, 800))
    missed = [key for key, row in enumerate(rows) if key not in keys(index.search(row, 10, ANY))]
    assert len(missed) <= 1  # approximate search misses one in some thousands
    assert index.unreachable(range(800)) == missed
    assert index.count() == 800


def test_folder_of_few_vectors_gives_exactly_the_nearest_whenever_it_is_opened(tmp_path):
    rows = crowd(600)
    first = ChromaIndex(tmp_path, HashingEmbedder(16))
    first.upsert([entry(key) for key in range(600)], rows)
    first.upsert([entry(key) for key in range(300)], rows[:300])
    expected = np.argsort(-(rows @ rows.T), axis=1, kind="stable")[:, :20]
    first.close()
    for _ in range(2):
        index = ChromaIndex(tmp_path, HashingEmbedder(16))
        for row, nearest in zip(rows[::7], expected[::7], strict=True):
            matches = index.search(row, 20, ANY)
            assert {match.key for match in matches} == {*nearest.tolist()}
        assert index.unreachable(range(600)) == []
        index.close()


def test_vector_that_is_set_apart_is_found_by_comparison(index, make):
    put(index, {1: EAST, 2: NORTH}, source="gazette", published=20240102)
    index.set_apart([2, 99])
    for other in (index, make()):
        assert keys(other.search(NORTH, 2, ANY)) == [2, 1]
        assert keys(other.search(NORTH, 1, ANY)) == [2]
        assert keys(other.search(NORTH, 2, Scope(sources=("Gazette",)))) == [2, 1]
        assert keys(other.search(NORTH, 2, Scope(sources=("courier",)))) == []
        assert keys(other.search(NORTH, 2, Scope(since=date(2024, 1, 3)))) == []
        assert other.unreachable([1, 2]) == []
    assert index.count() == 2
    assert index.entries()[2] == entry(2, source="gazette", published=20240102)


def test_vector_set_apart_is_one_like_any_other_once_it_is_replaced_or_gone(index):
    put(index, {1: EAST, 2: NORTH})
    index.set_apart([1, 2])
    put(index, {2: EAST})
    index.delete([1])
    assert keys(index.search(NORTH, 5, ANY)) == [2]
    assert index.search(NORTH, 5, ANY)[0].similarity == pytest.approx(0, abs=1e-5)


def test_zero_vectors_and_equal_ones_are_not_unreachable(index):
    same = dict.fromkeys(range(10, 200), EAST)
    put(index, {1: np.zeros(3, np.float32), **same})
    assert index.unreachable([1, *same]) == []


# Clear, close, share


def test_cleared_index_is_empty_and_takes_new_vectors(index):
    put(index, {1: EAST})
    index.clear()
    assert index.count() == 0
    put(index, {2: NORTH})
    assert keys(index.search(EAST, 5, ANY)) == [2]


def test_index_that_was_never_used_is_cleared(index):
    index.clear()
    assert index.count() == 0


def test_closed_index_opens_again_when_used(index):
    put(index, {1: EAST})
    index.close()
    index.close()
    assert keys(index.search(EAST, 5, ANY)) == [1]


def test_closed_index_holds_no_file_and_no_connection(index, tmp_path):
    def held():
        names = []
        for descriptor in Path("/proc/self/fd").iterdir():
            with suppress(FileNotFoundError):  # the one by which we look
                names.append(str(descriptor.readlink()))
        return sorted(name for name in names if name.startswith(("socket:", str(tmp_path))))

    put(index, {1: EAST})
    index.close()
    # Chroma's own threads keep a few from the first use on, and close files when they like.
    first = len(held())
    put(index, {2: EAST})
    index.close()
    assert until(lambda: len(held()) <= first, seconds=60)


def test_vectors_of_another_embedder_are_refused_by_name(index, make):
    put(index, {1: EAST})
    with pytest.raises(EmbedderMismatch, match=r"hashing-3.*hashing-4") as raised:
        make(HashingEmbedder(4)).search(np.ones(4, np.float32), 5, ANY)
    assert "article-qa rebuild" in str(raised.value)


def test_cleared_index_takes_on_the_embedder_in_use(index, make):
    put(index, {1: EAST})
    index.close()
    other = make(HashingEmbedder(4))
    other.clear()
    assert other.count() == 0


def test_what_one_writes_the_other_sees(index, make):
    put(index, {1: EAST})
    reader = make()
    assert reader.count() == 1
    put(index, {2: NORTH})

    def seen():
        reader.refresh(2)
        return keys(reader.search(NORTH, 1, ANY)) == [2]

    assert until(seen)


def test_what_one_clears_the_other_sees(index, make):
    put(index, {1: EAST})
    reader = make()
    assert reader.count() == 1
    index.clear()
    put(index, {2: EAST})

    def seen():
        reader.refresh(2)
        return keys(reader.search(EAST, 5, ANY)) == [2]

    assert until(seen)


def test_healthy_index_passes_the_check(index):
    put(index, {1: EAST})
    index.check()


# Out of order


@pytest.mark.parametrize(
    "url", ["nonsense", "ftp://127.0.0.1:8000", "http://", "http://127.0.0.1:port",
            "http://127.0.0.1:99999", "http://[::1"],
)  # fmt: skip
def test_address_that_is_none_is_a_mistake_in_the_setting(url):
    with pytest.raises(ConfigError, match="QA_CHROMA_URL is"):
        ChromaIndex(url, THREE)


def test_server_that_is_not_there(tmp_path):
    port = free_port()
    index = ChromaIndex(f"http://127.0.0.1:{port}", THREE)
    with pytest.raises(IndexUnavailable, match=f"127.0.0.1:{port} did not answer"):
        index.count()


@pytest.fixture
def damaged(tmp_path):
    """A library folder whose index crashes a process that opens it by a segmentation fault."""
    index = ChromaIndex(tmp_path, THREE)
    # Chroma writes the graph's files from the thousandth vector on.
    vectors = np.random.default_rng(0).normal(size=(1100, 3)).astype(np.float32)
    index.upsert([entry(key) for key in range(1100)], vectors)
    index.close()
    (header,) = (tmp_path / "chroma").rglob("header.bin")
    header.write_bytes(header.read_bytes()[:50])
    return tmp_path


def test_damaged_folder_is_found_by_a_child_and_mended_by_clear(damaged):
    index = ChromaIndex(damaged, THREE)
    with pytest.raises(IndexUnavailable, match="doctor --repair"):
        index.check()
    index.clear()
    put(index, {1: EAST})
    assert keys(index.search(EAST, 5, ANY)) == [1]
    index.close()


SEARCH = """
import sys
from pathlib import Path
import numpy as np
from qa.index.embedders import HashingEmbedder
from qa.errors import IndexUnavailable
from qa.index.vector_index import ChromaIndex
from qa.index.vector_table import VectorTable
from qa.library.postgres.database import PostgresDatabase
from qa.library.postgres.opening import open_postgres
from qa.records.question import Scope
try:
    ChromaIndex(Path(sys.argv[1]), HashingEmbedder(3)).search(np.ones(3, np.float32), 5, Scope())
except IndexUnavailable as error:
    print("unavailable")
"""


def test_index_is_checked_before_it_is_opened_when_the_last_writer_died(damaged, python):
    (damaged / "writer.lock").write_text("12345")
    out, _ = python(SEARCH, damaged).communicate()
    assert out == "unavailable\n"


def test_index_is_checked_before_it_is_opened_when_its_files_changed(damaged, python):
    out, _ = python(SEARCH, damaged).communicate()
    assert out == "unavailable\n"


def test_file_in_the_place_of_the_folder(tmp_path):
    (tmp_path / "chroma").write_text("x")
    index = ChromaIndex(tmp_path, THREE)
    with pytest.raises(IndexUnavailable, match=str(tmp_path)):
        index.count()
