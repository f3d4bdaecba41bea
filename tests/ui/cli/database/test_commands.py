"""A library at postgresql://, on the command line: ingest, ask, workers, and the way there."""

import json

import pytest

ARTICLE = {
    "id": "ferry",
    "title": "Ferry lost off Cape Tarrow",
    "text": "The ferry Maid of Orlen sank off Cape Tarrow on 3 March 2021. Nine sailors died.",
    "published": "2021-03-04",
    "source": "Gazette",
}


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "ferry.jsonl"
    made.write_text(json.dumps(ARTICLE))
    return made


def test_database_is_taken_in_asked_and_examined(article_qa, file, database_url, monkeypatch):
    monkeypatch.setenv("QA_READER", "sentence")
    monkeypatch.setenv("QA_LIBRARY", database_url)
    assert "1 article added" in article_qa("ingest", file).out
    asked = article_qa("ask", "Where did the Maid of Orlen sink?", "--json")
    assert "Cape Tarrow" in asked.json["statements"][0]["text"]
    listed = article_qa("list", "--json").json
    assert [each["id"] for each in listed] == ["ferry"]
    assert "healthy" in article_qa("doctor").out
    assert article_qa("remove", "ferry").status == 0
    assert article_qa("list", "--json").json == []


def test_jobs_wait_for_workers_and_are_shown(article_qa, file, tmp_path, database_url):
    at = ("--library", database_url)
    assert (
        "2 jobs left to workers"
        in article_qa("ingest", file, tmp_path / "none.txt", "--enqueue", *at).out
    )
    assert "2 waiting, 0 running" in article_qa("jobs", *at).out
    worked = article_qa("work", "--until-empty", *at)
    assert f"done: {file}: 1 added" in worked.out
    shown = article_qa("jobs", "--json", *at).json
    assert (shown["counts"]["done"], shown["counts"]["waiting"]) == (1, 1)
    assert "no such file" in shown["failed"][0]["outcome"]


def test_folder_is_copied_into_a_database_and_back(article_qa, file, tmp_path, database_url):
    article_qa("ingest", file, "--library", tmp_path / "first")
    there = article_qa("copy", tmp_path / "first", database_url)
    assert (there.status, "articles 1" in there.out) == (0, True)
    assert article_qa("copy", database_url, tmp_path / "second").status == 0
    shown = [
        article_qa("show", "ferry", "--json", "--library", place).json
        for place in (tmp_path / "first", database_url, tmp_path / "second")
    ]
    assert shown[0] == shown[1] == shown[2]
    assert "healthy" in article_qa("doctor", "--library", database_url).out
    again = article_qa("copy", tmp_path / "first", database_url)
    assert (again.status, "not empty" in again.err) == (1, True)


def test_folder_is_backed_up_and_restored(article_qa, file, tmp_path):
    article_qa("ingest", file, "--library", tmp_path / "first")
    assert article_qa("backup", tmp_path / "b.db", "--library", tmp_path / "first").status == 0
    restored = article_qa("restore", tmp_path / "b.db", "--library", tmp_path / "second")
    assert "1 article restored" in restored.out
    assert "healthy" in article_qa("doctor", "--library", tmp_path / "second").out


def test_folder_has_no_queue_and_a_database_no_backup(article_qa, file, tmp_path, database_url):
    article_qa("ingest", file)
    assert "is a folder" in article_qa("jobs").err
    article_qa("ingest", file, "--library", database_url)
    assert "pg_dump" in article_qa("backup", tmp_path / "b.db", "--library", database_url).err
