"""Files that people sent: whose they are, what they are called, when they go."""

import os
import stat
import time

import pytest

from ui.guard.uploads import open_uploads, safe_name


@pytest.fixture
def uploads(tmp_path):
    with open_uploads(tmp_path) as opened:
        yield opened


def sent(uploads, owner, name="a.txt", content="words"):
    path = uploads.new_folder(owner) / name
    path.write_text(content)
    uploads.keep_only(path.parent, [path])
    return path


def test_file_is_found_by_its_owner_under_its_handle(uploads):
    path = sent(uploads, "ada")
    assert uploads.find("ada", uploads.handle("ada", path)) == path
    assert uploads.owns("ada", path)


def test_file_is_nobody_elses(uploads):
    path = sent(uploads, "ada")
    handle = uploads.handle("ada", path)
    for other in ("", "Ada", "ada ", "../ada", "bob", "\ud800"):
        assert uploads.find(other, handle) is None
        assert not uploads.owns(other, path)


@pytest.mark.parametrize(
    "name",
    ["{home}/{handle}", "{path}", "/{handle}", "./{handle}", "{handle}/", "{handle}/.",
     "//{handle}", "x/../{handle}", "{handle}/../a.txt", "{folder}", "", ".", "..", "/",
     "{handle}\0", "{handle} ", "{windows}", "~", "{missing}"],
)  # fmt: skip
def test_only_the_handle_itself_finds_it(uploads, name):
    path = sent(uploads, "ada")
    handle = uploads.handle("ada", path)
    given = name.format(
        home=path.parents[1].name,
        handle=handle,
        path=path,
        folder=handle.partition("/")[0],
        windows=handle.replace("/", "\\"),
        missing=handle.replace("a.txt", "b.txt"),
    )
    assert uploads.find("ada", given) is None


@pytest.mark.parametrize("handle", [None, 1, b"a", ["a"], {"path": "a"}, "x" * 9999])
def test_what_is_no_name_finds_nothing(uploads, handle):
    assert uploads.find("ada", handle) is None


def test_links_and_folders_are_no_files(uploads, tmp_path):
    path = sent(uploads, "ada")
    (tmp_path / "secret.txt").write_text("secret")
    (path.parent / "link.txt").symlink_to(tmp_path / "secret.txt")
    (path.parent / "inner").symlink_to(tmp_path)
    (path.parent / "folder").mkdir()
    os.mkfifo(path.parent / "pipe")
    token = path.parent.name
    for name in ("link.txt", "inner/secret.txt", "folder", "pipe"):
        assert uploads.find("ada", f"{token}/{name}") is None
        assert not uploads.owns("ada", path.parent / name)
    assert not uploads.owns("ada", tmp_path / "secret.txt")
    assert not uploads.owns("ada", f"{path.parent}/../{token}/a.txt")


def test_what_is_kept_is_private_and_alone(uploads):
    folder = uploads.new_folder("ada")
    (folder / "digest").mkdir(mode=0o777)
    path = folder / "digest" / "a.txt"
    path.write_text("words")
    path.chmod(0o666)
    (folder / "half").write_text("ha")
    uploads.keep_only(folder, [path])
    assert [each for each in folder.rglob("*") if each.is_file()] == [path]
    for each in (*uploads.folder.rglob("*"), uploads.folder, uploads.folder.parent):
        assert stat.S_IMODE(each.stat().st_mode) == (0o700 if each.is_dir() else 0o600)
    with pytest.raises(ValueError, match="no file"):
        uploads.keep_only(folder, [])


def test_discarded_files_are_gone_and_no_other(uploads, tmp_path):
    one, other, elsewhere = sent(uploads, "ada"), sent(uploads, "ada"), tmp_path / "demo.txt"
    elsewhere.write_text("demo")
    outside = f"{one.parents[1]}/../../../../demo.txt"
    uploads.discard([one, elsewhere, tmp_path, uploads.folder, "https://a.example/x", outside])
    assert not one.parent.exists()
    assert other.exists()
    assert elsewhere.exists()


def test_what_nobody_used_for_a_day_goes(uploads):
    old, new = sent(uploads, "ada"), sent(uploads, "ada")
    os.utime(old.parent, (time.time() - 90_000,) * 2)
    uploads.new_folder("bob")
    assert not old.exists()
    assert new.exists()


def test_all_is_gone_at_the_end(tmp_path):
    with open_uploads(tmp_path) as opened:
        path = sent(opened, "ada")
    assert not path.exists()
    assert [*(tmp_path / "uploads").iterdir()] == []


def test_start_deletes_what_dead_servers_left_and_nothing_of_living_ones(tmp_path):
    with open_uploads(tmp_path) as living:
        kept = sent(living, "ada")
        left = tmp_path / "uploads" / "tmpdead" / "home" / "token"
        left.mkdir(parents=True)
        (left / "a.txt").write_text("words")
        (tmp_path / "uploads" / "stray").write_text("words")
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "uploads" / "link").symlink_to(tmp_path / "elsewhere")
        with open_uploads(tmp_path) as other:
            names = {each.name for each in (tmp_path / "uploads").iterdir()}
            assert names == {living.folder.name, other.folder.name}
            assert kept.exists()
        assert (tmp_path / "elsewhere").exists()
    assert not kept.exists()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("lake.txt", "lake.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\b.pdf", "b.pdf"),
        ("a\0b\r\n\x1b[2J.txt", "ab[2J.txt"),
        ("..", "file"),
        (".", "file"),
        ("...", "file"),
        ("", "file"),
        (None, "file"),
        ("/", "file"),
        ("a/", "file"),
        ("   ", "file"),
        (".txt", "file.txt"),
        ("..txt", "file.txt"),
        ("\u202etxt.exe", "txt.exe"),
        ("Łódź 日本.txt", "Łódź 日本.txt"),
        ("\ud800.txt", "file.txt"),
    ],
)
def test_name_is_fit_to_be_a_file(name, safe):
    assert safe_name(name) == safe


@pytest.mark.parametrize("sign", ["x", "é", "日", "\N{PILE OF POO}"])
@pytest.mark.parametrize("suffix", ["", ".txt", ".jsonl.gz", "." + "y" * 5000, "." + "é" * 5000])
def test_long_name_fits_every_file_system_and_keeps_its_suffix(tmp_path, sign, suffix):
    made = safe_name(sign * 5000 + suffix)
    assert len(made.encode()) <= 150
    (tmp_path / made).write_text("words")
    if len(suffix) < 10:
        assert made.endswith(suffix.rpartition(".")[2])
