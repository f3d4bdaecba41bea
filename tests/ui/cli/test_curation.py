"""The commands of librarians: edit and erase."""

import io
import json
import sys

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


@pytest.mark.parametrize(
    ("reply", "options", "left"), [("n", (), 1), ("y", (), 0), ("", ("-y",), 0)]
)
def test_erasure_asks_at_a_terminal(article_qa, filled, monkeypatch, reply, options, left):
    terminal = io.StringIO(f"{reply}\n")
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stdin", terminal)
    article_qa("erase", "lake", *options)
    assert article_qa("list").out.count("Lake frozen") == left


def test_erasure_that_leaves_a_trace_fails(article_qa, filled, library_folder):
    (library_folder / "notes.txt").write_text(ROWS[0]["text"])
    done = article_qa("erase", "lake", "--json")
    assert done.status == 1
    assert done.json["remaining"] == ["notes.txt"]


def test_collection_is_made_filled_asked_and_deleted(article_qa, filled):
    assert article_qa("collection", "put", "Birds", "--note", "What flies").status == 0
    assert article_qa("collection", "add", "Birds", "owls").out == "1 article added to Birds\n"
    assert "Birds  1 article, 1 by hand  What flies" in article_qa("collection", "list").out
    asked = article_qa("ask", "When do owls fly?", "--collection", "Birds", "--json").json
    assert {hit["passage"]["article_id"] for hit in asked["hits"]} == {"owls"}
    article_qa("collection", "put", "Rows", "--from", "rows.jsonl")
    assert article_qa("collection", "list", "--json").json[1]["articles"] == 2
    article_qa("collection", "take", "Birds", "owls")
    article_qa("collection", "delete", "Rows")
    (left,) = article_qa("collection", "list", "--json").json
    assert (left["name"], left["articles"]) == ("Birds", 0)
    unknown = article_qa("ask", "When?", "--collection", "Fish")
    assert unknown.status == 1
    assert "no collection is called 'Fish'" in unknown.err
    assert article_qa("collection", "limit", "ada", "Birds").status == 2


def test_question_is_saved_asked_again_and_deleted(article_qa, filled, monkeypatch):
    monkeypatch.setenv("QA_READER", "sentence")
    saved = article_qa("question", "add", "When do owls fly?").out
    id_ = saved.split()[1].rstrip(":")
    asked = article_qa("question", "ask").out
    assert asked.startswith("first answer: When do owls fly?")
    assert article_qa("question", "ask").out == ""
    changed = [{**ROWS[1], "text": "Owls fly at noon, and loudly."}]
    filled.write_text("\n".join(map(json.dumps, changed)))
    article_qa("ingest", filled)
    asked = article_qa("question", "ask").out
    assert asked.startswith("changed: When do owls fly?\n")
    assert "before: Owls fly at night" in asked
    (listed,) = article_qa("question", "list", "--json").json
    assert [answer["number"] for answer in listed["answers"]] == [2, 1]
    assert "private address" in article_qa("question", "add", "Who?", "--webhook",
                                           "http://127.0.0.1/").err  # fmt: skip
    article_qa("question", "delete", id_)
    assert article_qa("question", "list").out == ""
    assert "no saved question" in article_qa("question", "delete", id_).err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--outlet", "Times"), "of the outlet 'Times' so far; `article-qa list` shows which"),
        (("--outlet", "owl gazete"), "of the outlet 'owl gazete' so far; like it are: Owl Gazette"),
        (("--language", "tlh"), "of the language 'tlh' so far; none says its"),
        (("--outlet", "Owl Gazette", "--outlet", ""), ""),
    ],
)
def test_rule_that_no_article_meets_is_made_and_said_to_be(article_qa, filled, options, words):
    article_qa("edit", "owls", "--outlet", "Owl Gazette")
    made = article_qa("collection", "put", "Birds", *options)
    assert (made.status, made.out.startswith("Birds has ")) == (0, True)
    assert words in made.err
    assert bool(words) == bool(made.err)
