"""Conversations as files."""

import csv
import io
import json
from datetime import UTC, date, datetime

from qa.asking import Scope
from qa.conversations import Conversation, Exchange
from qa.records import Article
from ui.export import as_csv, as_json, as_markdown

NOW = datetime(2024, 6, 13, tzinfo=UTC)
TALK = Conversation("c0ffee", "The *ferry*", NOW, NOW)


def test_markdown_has_the_quotations_as_footnotes(ferry, make_answer):
    said = [Exchange(1, make_answer(ferry, 0, 61)), Exchange(2, make_answer(ferry, 62, 111))]
    lines = as_markdown(TALK, said).splitlines()
    assert lines[0] == "# The \\*ferry\\*"
    assert "Nine sailors died and 41 passengers were rescued.[^2]" in lines
    assert lines[-1].startswith("[^2]: Gazette, 2021-03-04: Ferry lost off Cape Tarrow: “Nine")
    assert lines[-1].endswith("(characters 62 to 111) <https://gazette.example/ferry>")


def test_markdown_of_an_abstention_is_its_reason(ferry, make_answer):
    answer = make_answer(ferry, statements=(), abstained=True, reason="Nothing found.")
    assert "Nothing found." in as_markdown(TALK, [Exchange(1, answer)])


def test_markup_of_an_article_is_text_in_markdown(hostile, make_answer):
    written = as_markdown(TALK, [Exchange(1, make_answer(hostile))])
    assert "<script>" not in written
    assert "<img" not in written


def test_json_is_the_records(ferry, make_answer):
    exchange = Exchange(1, make_answer(ferry))
    data = json.loads(as_json(TALK, [exchange]))
    assert data["title"] == TALK.title
    assert Exchange.from_dict(data["exchanges"][0]) == exchange


def test_csv_has_a_line_for_each_citation(ferry, make_answer):
    (row,) = csv.DictReader(io.StringIO(as_csv(TALK, [Exchange(1, make_answer(ferry, 0, 9))])))
    assert row["quote"] == "The ferry"
    assert (row["start"], row["end"], row["support"]) == ("0", "9", "verified")


def test_question_without_an_answer_has_a_line_with_its_limits(ferry, make_answer):
    answer = make_answer(ferry, statements=(), abstained=True, short="", reason="Nothing found.")
    scope = Scope(date(2030, 1, 1), None, ("Gazette", "Post"))
    said = [Exchange(1, answer, scope)]
    (row,) = csv.DictReader(io.StringIO(as_csv(TALK, said)))
    assert (row["question"], row["reason"], row["quote"]) == (answer.question, "Nothing found.", "")
    assert (row["since"], row["until"], row["sources"]) == ("2030-01-01", "", "Gazette; Post")
    assert "*From 2030-01-01, only Gazette, Post*" in as_markdown(TALK, said).splitlines()


def test_short_answer_and_what_was_searched_are_told(ferry, make_answer):
    answer = make_answer(ferry, short="nine", rewritten="How many sailors died?", confidence=0.7)
    said = [Exchange(1, answer)]
    lines = as_markdown(TALK, said).splitlines()
    assert "**nine** (70% sure)" in lines
    assert "*Searched as “How many sailors died?”*" in lines
    (row,) = csv.DictReader(io.StringIO(as_csv(TALK, said)))
    assert (row["answer"], row["confidence"]) == ("nine", "0.70")
    assert row["searched_as"] == "How many sailors died?"


def test_no_cell_is_a_formula(make_answer):
    article = Article.create("=HYPERLINK(1) is what it wrote.", title="+1")
    (row,) = csv.DictReader(io.StringIO(as_csv(TALK, [Exchange(1, make_answer(article))])))
    assert row["quote"].startswith("'=")
    assert row["title"] == "'+1"
