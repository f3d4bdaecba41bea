"""The commands of librarians: edit and erase."""

import json

import pytest

ROWS = [
    {
        "id": "lake",
        "title": "Lake frozen",
        "text": "The lake froze. Odile Varga fell in.",
    },
    {"id": "owls", "title": "Owls", "text": "Owls fly at night without a sound."},
]


@pytest.fixture
def filled(article_qa, tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text("\n".join(map(json.dumps, ROWS)))
    assert article_qa("ingest", rows).status == 0
    return rows


def test_article_is_edited_and_stays_so_when_it_is_read_again(article_qa, filled):
    done = article_qa("edit", "lake", "--title", "Quillmere frozen", "--date", "1929-01-04")
    assert done.out == "edited lake: Quillmere frozen\n"
    article_qa("ingest", filled)
    shown = article_qa("show", "lake", "--json").json
    assert (shown["title"], shown["published"]) == ("Quillmere frozen", "1929-01-04")
    assert "say so already" in article_qa("edit", "lake", "--title", "Quillmere frozen").out


@pytest.mark.parametrize(
    ("options", "reason"), [((), "nothing to change"), (("--date", "May"), "no day")]
)
def test_edit_that_cannot_be_is_explained(article_qa, filled, options, reason):
    done = article_qa("edit", "lake", *options)
    assert done.status == 2
    assert reason in done.err


def test_erasure_says_what_it_did_and_proves_it(article_qa, filled, library_folder):
    done = article_qa("erase", "lake")
    assert done.status == 0
    assert "erased lake: Lake frozen" in done.out
    assert "verified absent: " in done.out
    for path in library_folder.rglob("*"):
        assert not path.is_file() or b"Varga" not in path.read_bytes()
    assert article_qa("list").out.count("Owls") == 1
    assert article_qa("erase", "lake").status == 1


def test_erasure_that_leaves_a_trace_fails(article_qa, filled, library_folder):
    (library_folder / "notes.txt").write_text(ROWS[0]["text"])
    done = article_qa("erase", "lake", "--json")
    assert done.status == 1
    assert done.json["remaining"] == ["notes.txt"]
