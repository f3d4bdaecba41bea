"""What the server writes is its user's alone, whatever the umask."""

import json
import os
import urllib.request

import pytest

from ui.evaluations import Evaluations
from ui.service import open_service


@pytest.fixture(autouse=True)
def _open_umask():
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(folder):
    return [str(path) for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]


def upload(address, name, field):
    body = (
        f'--x\r\ncontent-disposition: form-data; name="{field}"; filename="{name}"\r\n'
        "content-type: text/plain\r\n\r\nThe ferry sank. Nine sailors died.\r\n--x--\r\n"
    )
    request = urllib.request.Request(
        address, body.encode(), {"content-type": "multipart/form-data; boundary=x"}
    )
    with urllib.request.urlopen(request, timeout=100) as reply:
        return json.load(reply)


def test_uploads_and_articles_are_not_open_to_others(serving, tmp_path, make_library, ferry):
    scratch = tmp_path / "scratch"
    scratch.mkdir(mode=0o700)
    folder = make_library(ferry).library.folder
    address = serving(folder, TMPDIR=str(scratch))
    assert upload(f"{address}/api/articles/files", "one.txt", "files")["added"] == 1
    upload(f"{address}/gradio_api/upload", "two.txt", "files")
    assert [*scratch.rglob("two.txt"), *folder.rglob("two.txt")]
    assert open_to_others(scratch) == []
    assert open_to_others(folder) == []


def test_runs_that_are_kept_are_not_open_to_others(
    monkeypatch, make_library, ferry, library_folder, tmp_path
):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    make_library(ferry)
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps({"id": "q", "question": "How many died?", "answers": ["nine"]}))
    with open_service(library_folder) as service:
        [*Evaluations(service).measure(gold, sample=None, reader="sentence", composer="extract")]
    assert [*library_folder.glob("runs/*.json")]
    assert open_to_others(library_folder) == []
