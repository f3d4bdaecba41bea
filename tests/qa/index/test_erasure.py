"""Erasing articles for good: nothing of them is left in any file, and the rest still works.

The same is expected of a folder and of a database, whose files are those of its server.
"""

import json
from dataclasses import replace

import pytest

from qa.errors import ArticleNotFound
from qa.index.doctor import examine
from qa.index.erasure import erase
from qa.library.conversations import begin, exchanges, keep
from qa.library.curation.edits import edit_articles, edits_of
from qa.library.curation.redaction import without_articles
from qa.library.feedback import Feedback, keep_feedback, kept_feedback
from qa.library.writer import open_writer
from qa.records.answer import Answer, Hit, Statement
from qa.records.article import Copy
from qa.records.clauses import clause, english
from qa.runtime.location import is_database

# Files of a server that hold every change until they are overwritten, and say what it did.
CHANGES = ("pg_wal", "log")
SECRET = "Odile Varga lives at 14 Quarry Lane in Thornby, behind the mill"


@pytest.fixture(params=["folder", "postgres"])
def location(request, tmp_path, monkeypatch):
    if request.param == "folder":
        return tmp_path / "library"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return request.getfixturevalue("database_url")


@pytest.fixture
def kept_files(request, location, tmp_path):
    """``kept_files(words)``: the names of all files of the library in which they stand."""
    in_folder = location == tmp_path / "library"
    folder = location if in_folder else request.getfixturevalue("postgres").home
    return lambda words: in_files(folder, words)


@pytest.fixture
def secret(orchard):
    return replace(
        orchard,
        id="secret",
        title=f"A portrait of {SECRET}",
        text=f"{SECRET}. She keeps eleven bees and a heron. Nobody else knows of it. " * 3,
        source="Hearsay Weekly",
    )


def answer_from(*articles):
    hits = tuple(Hit(each.passage(0, len(each.text)), 1.0) for each in articles)
    statements = tuple(
        Statement(f"So it is: {each.text[:40]}", (each.passage(0, 60).cite(0, 40),), "verified")
        for each in articles
    )
    return Answer("Who?", articles[0].text[:12], statements, hits, 0.9, False)


def do_erase(tools, *ids):
    with open_writer(tools.library) as writer:
        return erase(writer, tools.embedder, tools.index, ids)


def checkpoint(library):
    """Let a server write to its files what it has in memory."""
    if is_database(library.location):
        with library.connection() as database:
            database.execute("CHECKPOINT")


def in_files(folder, words):
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file()
        and not {*CHANGES} & {*path.relative_to(folder).parts}
        and words.encode() in path.read_bytes()
    ]


def test_nothing_of_an_erased_article_is_in_any_file(
    make_library, store, secret, ferry, bridge, kept_files
):
    tools = make_library(secret, ferry, bridge)
    store(tools, replace(secret, text=f"{secret.text} She moved away."))
    with open_writer(tools.library) as writer:
        edit_articles(writer, ["secret"], {"author": "Zyprian Quandt"})
    kept = begin(tools.library, "Bees")
    keep(tools.library, kept.id, answer_from(secret, ferry))
    keep(tools.library, kept.id, answer_from(secret))
    keep_feedback(tools.library, Feedback.on(answer_from(secret), "wrong", tools.library))
    runs = tools.library.folder / "runs"
    runs.mkdir()
    (runs / "one.json").write_text(f'{{"quote": "{secret.text}"}}')
    (runs / "other.json").write_text("{}")
    gold = tools.library.folder / "gold"
    gold.mkdir()
    about = json.dumps({"id": "a", "question": "Who?", "articles": [secret.id]})
    (gold / "reviewed.jsonl").write_text(about + '\n{"id": "b", "question": "When?"}\n')
    checkpoint(tools.library)
    assert kept_files("14 Quarry Lane")

    erasure = do_erase(tools, "secret")

    assert erasure.remaining == ()
    assert erasure.proved
    assert erasure.titles == {"secret": secret.title}
    assert (erasure.versions, erasure.edits, erasure.answers) == (2, 1, 3)
    assert erasure.runs == ("one",)
    assert erasure.gold == 1
    assert (gold / "reviewed.jsonl").read_text() == '{"id": "b", "question": "When?"}\n'
    assert erasure.phrases > 3
    checkpoint(tools.library)
    tools.library.close()
    tools.index.close()
    for words in ("14 Quarry Lane", "Odile Varga", "Zyprian Quandt", "Hearsay Weekly", "quandt"):
        assert kept_files(words) == []
    for word in ("varga", "thornby", "heron"):
        assert kept_files(word) == []
    assert examine(tools.library, tools.index).healthy
    assert tools.library.words().having("sailors")
    partly, wholly = [each.answer for each in exchanges(tools.library, kept.id)]
    assert [len(each.citations) for each in (partly, wholly)] == [1, 0]
    assert wholly.abstained
    assert "was erased from the library" in wholly.reason
    assert kept_feedback(tools.library)[0].answer.hits == ()
    assert edits_of(tools.library, "secret") == []


def test_what_another_article_says_too_is_no_trace(make_library, secret, ferry):
    copy = replace(ferry, id="copy", url=None, source="Courier")
    tools = make_library(ferry, copy, secret)
    erasure = do_erase(tools, "copy")
    assert erasure.proved
    assert tools.library.article("ferry").text == ferry.text


def test_trace_that_is_left_is_named(make_library, secret):
    tools = make_library(secret)
    (tools.library.folder / "notes.txt").write_text(secret.text)
    erasure = do_erase(tools, "secret")
    assert not erasure.proved
    assert erasure.remaining == ("notes.txt",)


@pytest.mark.parametrize("location", ["postgres"], indirect=True)
def test_trace_in_a_table_is_named(make_library, secret, store):
    tools = make_library(secret)
    with tools.library.database.transaction() as connection:
        sql = "INSERT INTO failures SELECT ?, 'feed.xml', ?"
        connection.execute("INSERT INTO runs (key, started) VALUES (900, '')")
        connection.execute(sql, (900, f"cannot read: {secret.text}"))
    erasure = do_erase(tools, "secret")
    assert not erasure.proved
    assert erasure.remaining == ("the table failures",)


@pytest.mark.parametrize("location", ["postgres"], indirect=True)
def test_rows_that_an_open_transaction_sees_are_named(make_library, secret, monkeypatch):
    monkeypatch.setattr("qa.library.postgres.compaction._WAIT", 0)
    monkeypatch.setattr("qa.library.postgres.compaction._PATIENCE", 0.1)
    tools = make_library(secret)
    with tools.library.database.snapshot() as reading:
        reading.execute("SELECT count(*) FROM articles").fetchone()
        erasure = do_erase(tools, "secret")
        assert reading.execute("SELECT id FROM articles").fetchall() == [("secret",)]
    assert "the table articles" in erasure.remaining
    assert erasure.unsearched


def test_nothing_is_erased_if_one_is_not_there(make_library, ferry):
    tools = make_library(ferry)
    with pytest.raises(ArticleNotFound):
        do_erase(tools, "ferry", "nobody")
    assert tools.library.article("ferry")


def test_answer_from_other_articles_stays_as_it_is(ferry, bridge):
    answer = answer_from(ferry)
    assert without_articles(answer, {"bridge"}) == answer
    hit = replace(answer.hits[0], copies=(Copy("bridge", "Kessel Bridge"),))
    changed = without_articles(replace(answer, hits=(hit,)), {"bridge"})
    assert changed.short == answer.short
    assert changed.hits[0].copies == ()


def test_reason_that_quotes_an_erased_article_is_gone(ferry, bridge):
    hits = tuple(Hit(each.passage(0, 40), 1.0) for each in (ferry, bridge))
    quotation = clause("The nearest says: “%(sentence)s”", sentence=ferry.text[:40])
    reasons = (clause("none of the articles says this"), quotation)
    answer = Answer("Who?", "", (), hits, 0.0, True, english(reasons), reason_clauses=reasons)
    changed = without_articles(answer, {ferry.id})
    assert ferry.text[:40] not in changed.to_json()
    assert changed.reason == (
        "No answer was found; an article that was near it was erased from the library."
    )
    assert without_articles(answer, {"other"}) == answer
