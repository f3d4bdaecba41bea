"""The benchmark of open questions: when an answer holds a nugget, and when it is right."""

import json
from datetime import date

import pytest

from eval.benchmarks.open_questions import Nugget, OpenQuestion, load_open_questions, mark
from ingest import ingest
from qa.library.store import Library
from qa.records.answer import Answer, Hit, Statement
from qa.records.article import Article

FERRY = Article.create("The crews walked out over pay. Nobody was hurt.", id="ferry")
PASSAGE = FERRY.passage(0, len(FERRY.text))
PAY = Nugget((("pay", "wage"), ("walk",)), (("ferry", 0, 30),), vital=True)
HURT = Nugget((("nobody",),), (), vital=False)


def asked(kind="why", *nuggets, short=(), wrong=(), answerable=True):
    return OpenQuestion("1", "Why?", date(2024, 7, 1), kind, nuggets, wrong, short, answerable, ())


def told(text, start=31, end=47, short=""):
    cited = PASSAGE.cite(start, end)
    statement = Statement(text, (cited,), "weak")
    return Answer("Why?", short, (statement,), (Hit(PASSAGE, 1.0),), 0.5, abstained=False)


SILENT = Answer("Why?", "", (), (), 0.1, abstained=True, reason="nothing says so")


@pytest.mark.parametrize(
    ("answer", "vital"),
    [
        (told("They walked out for higher wages."), 1.0),
        (told("They walked out."), 0.0),
        (told("See there.", 0, 30), 1.0),
        (told("See there.", 0, 12), 0.0),
        (SILENT, 0.0),
    ],
)
def test_nugget_is_held_by_its_keys_or_by_most_of_its_evidence(answer, vital):
    assert mark(asked("why", PAY, HURT), answer).vital == vital


def test_answer_that_says_something_false_is_not_right():
    answer = told("They walked out over pay, in June.")
    assert mark(asked("why", PAY), answer).right
    marks = mark(asked("why", PAY, wrong=("in June",)), answer)
    assert (marks.wrong, marks.right) == (True, False)


@pytest.mark.parametrize(("short", "right"), [("Yes", True), ("No", False)])
def test_yes_or_no_has_to_be_said(short, right):
    answer = told("They walked out over pay.", short=short)
    assert mark(asked("yesno", PAY, short=("yes",)), answer).right is right


def test_unanswerable_question_is_right_when_the_answer_abstains():
    assert mark(asked("unanswerable", answerable=False), SILENT).right
    assert not mark(asked("unanswerable", answerable=False), told("Pay.")).right


def test_repeated_sentence_is_redundant():
    twice = told("They walked out over pay.")
    twice = Answer("Why?", "", twice.statements * 2, twice.hits, 0.5, abstained=False)
    assert mark(asked("why", PAY), twice).redundant == 0.5


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ferry")
    row = {"url": "https://post.example/ferry", "title": "Ferry", "text": FERRY.text}
    (folder / "news.jsonl").write_text(json.dumps(row))
    (folder / "bridge.txt").write_text("The bridge is shut. Cracks were seen in it.")
    ingest([folder / "news.jsonl", folder / "bridge.txt"], library=folder / "library")
    library = Library.open(folder / "library")
    yield library
    library.close()


@pytest.mark.parametrize(
    ("name", "quote", "start"),
    [
        ("https://post.example/ferry", "Nobody was hurt.", 31),
        ("bridge.txt", "Cracks were seen in it.", 20),
    ],
)
def test_evidence_names_its_article_by_address_or_end_of_path(
    library, tmp_path, name, quote, start
):
    evidence = [{"article": name, "quote": quote}, [name, start, start + len(quote)]]
    asked = {"id": "1", "question": "Why?", "as_of": "2024-07-01", "kind": "why"}
    nugget = {"evidence": evidence, "vital": True}
    row = {**asked, "nuggets": [nugget], "answerable": True}
    (tmp_path / "open.jsonl").write_text(json.dumps(row))
    (question,) = load_open_questions(tmp_path / "open.jsonl", library)
    place = (library.find(name), start, start + len(quote))
    assert question.nuggets[0].evidence == (place, place)
