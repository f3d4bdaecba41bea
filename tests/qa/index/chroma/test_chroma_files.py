"""The files of the graph are known by their checksums, and hold nothing else."""

import os

import numpy as np
import pytest

from qa.index.chroma.chroma_client import ChromaConnection
from qa.index.chroma.chroma_files import record_checksums, same_checksums


@pytest.fixture
def graph(tmp_path):
    """A file of a graph, recorded as it is."""
    file = tmp_path / "chroma" / "segment" / "data_level0.bin"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"links" * 100)
    record_checksums(tmp_path)
    return file


def test_what_was_recorded_is_the_same(tmp_path, graph):
    assert same_checksums(tmp_path)


def test_flipped_byte_is_seen_although_size_and_time_are_the_same(tmp_path, graph):
    state = graph.stat()
    graph.write_bytes(b"Links" + graph.read_bytes()[5:])
    os.utime(graph, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert not same_checksums(tmp_path)


def test_file_that_came_or_went_is_seen(tmp_path, graph):
    other = graph.with_name("length.bin")
    other.write_bytes(b"")
    assert not same_checksums(tmp_path)
    record_checksums(tmp_path)
    assert same_checksums(tmp_path)
    other.unlink()
    assert not same_checksums(tmp_path)


def test_changed_file_is_recorded_anew(tmp_path, graph):
    graph.write_bytes(b"other links")
    record_checksums(tmp_path)
    assert same_checksums(tmp_path)


def test_nothing_recorded_is_nothing_to_compare_with(tmp_path, graph):
    (tmp_path / "index.checksums").unlink()
    assert same_checksums(tmp_path)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a": 1}', '{"a": ["x", 2, 3]}', "7"])
def test_unreadable_record_is_none(tmp_path, graph, content):
    (tmp_path / "index.checksums").write_text(content)
    same_checksums(tmp_path)
    record_checksums(tmp_path)
    assert same_checksums(tmp_path)


def test_folder_without_an_index_has_nothing_to_compare(tmp_path):
    record_checksums(tmp_path)
    assert same_checksums(tmp_path)


@pytest.mark.parametrize("count", [5, 1100])
def test_what_lies_behind_the_rows_in_use_is_cleared(tmp_path, count):
    """Chroma leaves there what the memory of the process held; rows are written by thousands."""
    index = ChromaConnection(tmp_path, "rows", {"embedder": "random", "dimension": 8})
    vectors = np.random.default_rng(0).normal(size=(count, 8)).astype(np.float32)
    ids = [f"row {number}" for number in range(count)]
    index.run(lambda rows: rows.add(ids=ids, embeddings=vectors), write=True)
    (segment,) = (tmp_path / "chroma").glob("*/")
    header = np.frombuffer((segment / "header.bin").read_bytes()[12:36], "u8")
    room, in_use, row_bytes = map(int, header)
    assert in_use == (count if count > 1000 else 0)
    kept = {}
    for name, width in (("data_level0.bin", row_bytes), ("length.bin", 4)):
        kept[name] = (segment / name).read_bytes()[: in_use * width]
        assert len(kept[name]) == in_use * width
        (segment / name).write_bytes((kept[name] + b"14 Quarry Lane " * 90000)[: room * width])
    record_checksums(tmp_path)
    for name, rows in kept.items():
        content = (segment / name).read_bytes()
        assert content.startswith(rows)
        assert not any(content[len(rows) :])
    index.close()
    found = index.run(lambda rows: rows.query(query_embeddings=vectors[:3], n_results=1))
    assert found["ids"] == [[each] for each in ids[:3]]
    index.close()
    assert same_checksums(tmp_path)
