"""Paths, archives and streams become articles; what is broken becomes one failure."""

import gzip
import io
import json
import os
import subprocess
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from ingest.parsing.source import MAX_LINE
from ingest.sources import Failure, Intake, Loaded

LINES = b'{"text": "One."}\n{"text": "Two."}\n'


def texts(results):
    return [result.article.text for result in results if isinstance(result, Loaded)]


def failures(results):
    return [result for result in results if isinstance(result, Failure)]


def only_failure(path, *others):
    """The one failure of a source, while the good file beside it goes in."""
    good = path.parent / "zz-good.txt"
    good.write_text("It rained.")
    results = list(Intake([path, *others, good]))
    assert texts(results)[-1:] == ["It rained."]
    (failure,) = failures(results)
    return failure


def zipped(path, **files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


# What goes in


def test_folder_is_read_in_order_without_hidden_and_unknown_files(tmp_path):
    for name in ("b.txt", "a/2.md", "a/1.TXT", ".hidden.txt", ".git/x.txt", "film.mp4"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    intake = Intake([tmp_path])
    results = list(intake)
    assert [result.origin for result in results] == [
        str(tmp_path / name) for name in ("a/1.TXT", "a/2.md", "b.txt")
    ]
    assert intake.left_out.by_reason == {
        "unknown suffix '.mp4'": 1,
        "hidden": 1,
        "a hidden folder": 1,
    }


def test_origin_and_alone_tell_files_from_their_entries(tmp_path):
    (tmp_path / "a.txt").write_text("It rained.")
    (tmp_path / "b.jsonl").write_bytes(LINES)
    zipped(tmp_path / "c.zip", **{"d/e.json": '[{"text": "Three."}]'})
    assert [(result.origin, result.alone) for result in Intake([tmp_path])] == [
        (f"{tmp_path}/a.txt", True),
        (f"{tmp_path}/b.jsonl:1", False),
        (f"{tmp_path}/b.jsonl:2", False),
        (f"{tmp_path}/c.zip!d/e.json:1", False),
    ]


@pytest.mark.parametrize("suffix", [".txt", ".md", ".json", ".jsonl"])
def test_any_format_may_be_gzipped(tmp_path, suffix):
    path = tmp_path / f"story{suffix}.gz"
    path.write_bytes(gzip.compress(b'{"title": "Rain", "text": "It fell."}'))
    (result,) = Intake([path])
    assert "It fell." in result.article.text


def test_zip_members_may_be_gzipped_and_hidden_ones_are_left_out(tmp_path):
    path = zipped(
        tmp_path / "a.zip",
        **{
            "n.jsonl.gz": gzip.compress(LINES),
            "__MACOSX/n.txt": "x",
            ".DS_Store": "x",
            "film.mp4": "x",
        },
    )
    intake = Intake([path])
    assert texts(intake) == ["One.", "Two."]
    assert [(file.origin, file.reason) for file in intake.left_out.files] == [
        (f"{path}!__MACOSX/n.txt", "hidden"),
        (f"{path}!.DS_Store", "hidden"),
        (f"{path}!film.mp4", "unknown suffix '.mp4'"),
    ]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b'\n {"text": "One."}', "One."),
        (b'[{"text": "One."}]', "One."),
        (b"<!DOCTYPE html><html><body><p>One.</p></body></html>", "One."),
        (b"One.", "One."),
        (b"\xef\xbb\xbfOne.", "One."),
        (b'{\n  "text": "One."\n}\n', "One."),
    ],
)
def test_standard_input_is_known_by_how_it_starts(data, text):
    stdin = io.BytesIO(data)
    assert texts(Intake(["-"], stdin=stdin)) == [text]
    assert not stdin.closed


def test_empty_standard_input_is_a_failure():
    (failure,) = Intake(["-"], stdin=io.BytesIO(b" \n"))
    assert failure == Failure("-", "nothing came through standard input")


def test_source_without_a_name_is_a_failure_and_not_the_current_folder():
    (failure,) = Intake([""])
    assert failure.origin == "''"
    assert failure.reason.startswith("a source without a name; give a file, a folder")


# Progress and memory


def test_done_grows_to_total(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(LINES * 5_000)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(LINES))
    (tmp_path / "c.txt").write_text(" ")
    zipped(tmp_path / "d.zip", **{"a.txt": "One."})
    intake = Intake([tmp_path, "missing.txt"])
    steps = [intake.done for _ in intake]
    assert steps == sorted(steps)
    assert 0 < steps[0] < intake.total / 2
    assert intake.done == intake.total == sum(path.stat().st_size for path in tmp_path.iterdir())


def test_standard_input_counts_nothing():
    assert Intake(["-", "https://a.example/x"], stdin=io.BytesIO(b"x")).total == 0


def test_large_gzipped_lines_are_never_wholly_in_memory(tmp_path):
    path = tmp_path / "news.jsonl.gz"
    with gzip.open(path, "wt", compresslevel=1) as stream:
        for number in range(3000):
            text = f"{number} {os.urandom(4000).hex()}"
            stream.write(json.dumps({"text": text, "language": "en"}) + "\n")
    tracemalloc.start()
    count = sum(isinstance(result, Loaded) for result in Intake([path]))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 3000
    assert peak < 2 * 2**20  # of 24 MB


def test_line_over_the_limit_is_skipped_without_being_held(tmp_path):
    path = tmp_path / "news.jsonl"
    with path.open("wb") as stream:
        stream.write(LINES)
        stream.write(b'{"text": "')
        for _ in range(50):
            stream.write(b"x" * 2**20)
        stream.write(b'"}\n{"text": "Three."}\n')
    tracemalloc.start()
    results = list(Intake([path]))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert texts(results) == ["One.", "Two.", "Three."]
    assert failures(results)[0].origin == f"{path}:3"
    assert peak < 3 * MAX_LINE


def test_an_unfinished_iteration_leaves_no_file_open(tmp_path):
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(LINES))
    results = iter(Intake([tmp_path]))
    next(results)
    results.close()  # an open file would be a ResourceWarning, and that an error


# What does not go in


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("blank.txt", b" \n", "no text"),
        ("binary.txt", b"\x7fELF\0\0\0\0" * 9, "looks binary"),
        ("broken.pdf", b"%PDF-1.4 oops", "PDF"),
        ("broken.docx", b"PK\x03\x04 oops", "DOCX"),
        ("broken.json", b'{"text":\n"One."\n"', "line 3"),
        ("table.csv", b"a,b\n1,2\n3,4\n", "looked for text"),
        ("catalog.xml", b"<catalog/>", "not a feed"),
        ("film.mp4", b"x", "no loader for '.mp4'"),
        ("story", b"x", "no loader for ''"),
        ("not-a.zip", b"PK oops", "zip archive"),
        ("not-a.txt.gz", b"plain", "gzip"),
        ("huge.txt", b"x" * 50_000_000, "limit is 8,000,000"),
        ("huger.txt", b"x" * 70_000_000, "more than 64 MB"),
        ("nested.zip.gz", gzip.compress(b"PK", mtime=0), ".zip"),
    ],
)  # fmt: skip
def test_broken_file_is_one_failure_and_the_others_go_in(tmp_path, name, data, said):
    path = tmp_path / name
    path.write_bytes(data)
    failure = only_failure(path)
    assert failure.origin == str(path)
    assert said in failure.reason


def test_missing_path_says_so(tmp_path):
    failure = only_failure(tmp_path / "nowhere.txt")
    assert "no such file" in failure.reason


@pytest.mark.parametrize("size", [7, 1_000, 65_536, 10**9])
def test_every_member_of_a_gzip_file_is_read(tmp_path, size):
    path = tmp_path / "news.jsonl.gz"
    data = b"".join(b'{"text": "%d"}\n' % number for number in range(3000))
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    path.write_bytes(b"".join(gzip.compress(piece, 1) for piece in [b"", *pieces, b""]))
    assert texts(Intake([path])) == [str(number) for number in range(3000)]


@pytest.mark.parametrize(
    "rest", [b"\0", b"\0" * 99_999, b"\x1f", b"garbage", b"\0\0" + b"x" * 99_999]
)
def test_what_follows_the_last_gzip_member_is_passed_over(tmp_path, rest):
    path = tmp_path / "story.txt.gz"
    path.write_bytes(gzip.compress(b"It rained. ") + gzip.compress(b"It snowed.") + rest)
    assert texts(Intake([path])) == ["It rained. It snowed."]


def test_second_gzip_member_that_is_cut_is_a_failure(tmp_path):
    path = tmp_path / "news.jsonl.gz"
    path.write_bytes(gzip.compress(LINES) + gzip.compress(LINES)[:-9])
    results = list(Intake([path]))
    assert texts(results)[:2] == ["One.", "Two."]
    assert "too early" in failures(results)[0].reason


def test_gzip_data_that_packs_extremely_well_comes_out_whole(tmp_path):
    path = tmp_path / "story.txt.gz"
    path.write_bytes(gzip.compress(b"ab " * 2_000_000) + gzip.compress(b"End."))
    (result,) = Intake([path])
    assert len(result.article.text) == 6_000_004


def test_truncated_gzip_keeps_what_came_before_the_cut(tmp_path):
    path = tmp_path / "news.jsonl.gz"
    packed = gzip.compress(b"".join(b'{"text": "%d"}\n' % number for number in range(9999)))
    path.write_bytes(packed[: len(packed) // 2])
    results = list(Intake([path]))
    assert texts(results)[:2] == ["0", "1"]
    assert len(texts(results)) > 1000
    (failure,) = failures(results)
    assert "too early" in failure.reason


@pytest.mark.parametrize(
    ("name", "start"),
    [("bomb.txt.gz", b"x"), ("bomb.jsonl.gz", b'{"text": "One."}\n'), ("bomb.csv.gz", b"text\n")],
)
def test_gzip_bomb_is_refused(tmp_path, name, start):
    path = tmp_path / name
    with gzip.open(path, "wb") as stream:
        stream.write(start)
        for _ in range(60):
            stream.write(b" " * 2**20)
    assert "zip bombs" in only_failure(path).reason


def test_zip_bomb_is_refused_and_its_neighbours_go_in(tmp_path):
    path = zipped(tmp_path / "a.zip", **{"a.txt": "One.", "bomb.txt": b" " * 60 * 2**20})
    results = list(Intake([path]))
    assert texts(results) == ["One."]
    (failure,) = failures(results)
    assert (failure.origin, "zip bombs" in failure.reason) == (f"{path}!bomb.txt", True)


@pytest.mark.parametrize(
    "name", ["../up.txt", "a/../../up.txt", "/etc/up.txt", "C:/up.txt", "..\\up.txt"]
)
def test_zip_member_that_leads_out_is_a_failure(tmp_path, name):
    path = zipped(tmp_path / "a.zip", **{name: "Bad.", "good.txt": "Good."})
    results = list(Intake([path]))
    assert texts(results) == ["Good."]
    assert "out of the archive" in failures(results)[0].reason


def test_zip_members_that_are_archives_or_locked_are_failures(tmp_path):
    path = zipped(
        tmp_path / "a.zip", **{"inner.zip": b"PK", "locked.txt": "x", "good.txt": "Good."}
    )
    data = bytearray(path.read_bytes())
    for at in (data.index(b"locked.txt") - 24, data.rindex(b"locked.txt") - 38):
        data[at] |= 1  # the flag of encryption, in both headers
    path.write_bytes(data)
    results = list(Intake([path]))
    assert texts(results) == ["Good."]
    assert [failure.reason.split(";")[0] for failure in failures(results)] == [
        "an archive in an archive",
        "protected by a password",
    ]


def test_zip_with_a_damaged_member_keeps_the_others(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "A damaged text.")
        archive.writestr("b.txt", "A good text.")
    path.write_bytes(path.read_bytes().replace(b"A damaged", b"A d4maged"))
    results = list(Intake([path]))
    assert texts(results) == ["A good text."]
    assert "damaged zip" in failures(results)[0].reason


def test_zip_of_too_many_members_is_refused(tmp_path):
    path = zipped(tmp_path / "a.zip", **{f"{number}.txt": "One." for number in range(10_001)})
    assert "the limit is 10,000" in only_failure(path).reason


def test_zip_that_unpacks_to_too_much_is_refused(tmp_path):
    path = zipped(tmp_path / "a.zip", **{"a.txt": "One.", "b.txt": "Two."})
    data = bytearray(path.read_bytes())
    for name in (b"a.txt", b"b.txt"):
        at = data.rindex(name) - 22  # the size unpacked, in the central directory
        data[at : at + 4] = (3 * 2**30).to_bytes(4, "little")
    path.write_bytes(data)
    assert "unpacks to more than 4096 MB" in only_failure(path).reason


def test_links_loops_and_pipes_end_the_walk_nowhere(tmp_path):
    folder, elsewhere = tmp_path / "folder", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (elsewhere / "linked.txt").write_text("Linked.")
    (folder / "dead.txt").symlink_to("nowhere.txt")
    (folder / "file.txt").symlink_to(elsewhere / "linked.txt")
    (folder / "loop").symlink_to(folder)
    (folder / "other").symlink_to(elsewhere)
    (folder / "self.txt").symlink_to("self.txt")
    os.mkfifo(folder / "pipe.txt")
    results = list(Intake([folder]))
    assert texts(results) == ["Linked."]
    said = {Path(failure.origin).name: failure.reason for failure in failures(results)}
    assert set(said) == {"dead.txt", "loop", "other", "pipe.txt", "self.txt"}
    assert "a loop" in said["loop"]
    assert str(elsewhere) in said["other"]


def test_links_to_devices_and_pipes_are_failures_wherever_they_are_named(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, target in (
        ("zero.txt", "/dev/zero"),
        ("tty.jsonl", "/dev/tty"),
        ("null.zip", "/dev/null"),
    ):
        (folder / name).symlink_to(target)
    os.mkfifo(folder / "pipe.txt.gz")
    (folder / "piped.txt").symlink_to("pipe.txt.gz")
    (folder / "good.txt").write_text("Good.")
    for sources in ([folder], sorted(folder.iterdir())):
        results = list(Intake(sources))
        assert texts(results) == ["Good."]
        assert len(failures(results)) == 5
        assert all("device" in failure.reason for failure in failures(results))


def test_file_that_becomes_a_pipe_after_it_was_listed_keeps_nobody_waiting(tmp_path):
    for name in ("a.txt", "b.txt", "c.txt"):
        # Longer than what is read before its turn.
        (tmp_path / name).write_text(name + "\n" * 70_000)
    results = []
    for result in Intake([tmp_path]):
        if not results:
            (tmp_path / "b.txt").unlink()
            os.mkfifo(tmp_path / "b.txt")
        results.append(result)
    assert texts(results) == ["a.txt", "c.txt"]
    assert "not a regular file" in failures(results)[0].reason


def test_folders_nested_deeper_than_calls_may_be_are_read(tmp_path):
    def shell(command):
        subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True)

    shell(
        "mkdir deep; cd deep; for n in $(seq 1200); do mkdir a; cd -P a; done; echo Deep. > d.txt"
    )
    try:
        assert texts(Intake([tmp_path / "deep"])) == ["Deep."]
    finally:
        shell("rm -rf deep")  # what cleans up after tests calls itself for each


def test_a_folder_of_failures_still_gives_its_articles(tmp_path):
    for number in range(5):
        (tmp_path / f"{number}.pdf").write_bytes(b"oops")
        (tmp_path / f"{number}.txt").write_text(f"Text {number}.")
    results = list(Intake([tmp_path]))
    assert (len(texts(results)), len(failures(results))) == (5, 5)


@pytest.mark.parametrize(
    "url", ["ftp://a.example/x", "file:///etc/hostname", "http://127.0.0.1:9/"]
)
def test_addresses_that_are_not_visited_are_failures(url):
    (failure,) = Intake([url])
    assert failure.origin == url
    assert "://" in failure.reason or "private" in failure.reason
