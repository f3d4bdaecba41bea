"""The answer alone, beside the sentences that hold it."""

from dataclasses import replace
from datetime import date

import pytest

from qa.compose.extract import ExtractComposer
from qa.question.understand import understand
from qa.records.answer import Hit
from qa.records.article import Article
from qa.records.reading import UNANSWERED, Evidence, Reading, Span

TEXT = "The weir was raised because the old one leaked."
REASON = (24, 46)


def short_of(kind, brevity):
    passage = Article.create(TEXT, id="weir").passage(0, len(TEXT))
    span = Span(passage, *REASON, (0, len(TEXT)), 0.9)
    reading = Reading(
        (Hit(passage, 1.0),),
        (span,),
        0.9,
        weighed=True,
        evidence=(Evidence("weir", 0, len(TEXT), 0.9),),
        brevity=brevity,
    )
    question = understand("Why was the weir raised?", as_of=date(2024, 5, 1))
    *_, last = ExtractComposer().compose(replace(question, kind=kind), reading)
    assert [statement.text for statement in last.statements] == [TEXT]
    return last.short


@pytest.mark.parametrize(
    ("kind", "brevity", "short"),
    [
        ("digest", 0.9, TEXT[slice(*REASON)]),
        ("digest", 0.5, ""),
        ("fact", 0.5, TEXT[slice(*REASON)]),
    ],
)
def test_digest_has_a_short_answer_only_where_one_is_asked_for(kind, brevity, short):
    assert short_of(kind, brevity) == short


def test_digest_of_somebody_is_not_headed_by_somebody_else():
    text = "The incumbent, Edmund Varga, took 45 per cent; the rest went to Silas Monk."
    passage = Article.create(text, id="vote").passage(0, len(text))
    low = text.index("Edmund")
    span = Span(passage, low, low + len("Edmund Varga"), (0, len(text)), 0.9)
    evidence = (Evidence("vote", 0, len(text), 0.9),)
    reading = Reading((Hit(passage, 1.0),), (span,), 0.9, weighed=True, evidence=evidence)
    question = replace(understand("Who is Silas Monk?"), kind="digest", topics=("Silas Monk",))
    *_, last = ExtractComposer().compose(question, reading)
    assert last.short == ""
    assert [statement.text for statement in last.statements] == [text]


@pytest.mark.parametrize(
    ("answer", "short"), [("£2.40", ""), ("A main meal", "A main meal"), ("Agnes Holt", "")]
)
def test_comparison_is_answered_by_one_of_its_sides_or_by_sentences_alone(answer, short):
    text = "A main meal stays at £2.60, and the vegetarian option at £2.40, Agnes Holt said."
    passage = Article.create(text, id="menu").passage(0, len(text))
    low = text.index(answer)
    span = Span(passage, low, low + len(answer), (0, len(text)), 0.9)
    evidence = (Evidence("menu", 0, len(text), 0.9),)
    reading = Reading((Hit(passage, 1.0),), (span,), 0.9, weighed=True, evidence=evidence)
    asked = understand("Which costs more, the main meal or the vegetarian option?")
    topics = ("main meal", "vegetarian option")
    *_, last = ExtractComposer().compose(replace(asked, kind="compare", topics=topics), reading)
    assert last.short == short
    assert [statement.text for statement in last.statements] == [text]


def two_sides():
    articles = [
        Article.create(text, id=source, source=source, published=date(2024, 5, 1))
        for text, source in (("Some 40 came.", "Post"), ("Only 25 came.", "Herald"))
    ]
    passages = [article.passage(0, len(article.text)) for article in articles]
    places = [("40", passages[0]), ("25", passages[1])]
    pair = tuple(
        Span(passage, (low := passage.text.index(text)), low + 2, (0, len(passage.text)), 0.0)
        for text, passage in places
    )
    return tuple(Hit(passage, 1.0) for passage in passages), pair


def test_dispute_is_told_where_nothing_else_answers():
    hits, pair = two_sides()
    reading = Reading(hits, (), 0.9, UNANSWERED, disputes=(pair,))
    question = replace(understand("Do the papers agree how many came?"), kind="conflict")
    *_, last = ExtractComposer().compose(question, reading)
    assert last.reason == ""
    assert [each.text for each in last.statements] == ["Some 40 came.", "Only 25 came."]
    (conflict,) = last.conflicts
    assert conflict.text == (
        "The articles differ: “40” (Post, 2024-05-01) against “25” (Herald, 2024-05-01)."
    )


def test_what_its_outlet_took_back_is_no_dispute():
    hits, pair = two_sides()
    text = "Our article said only 25 came. The correct figure is 40."
    notice = Article.create(text, id="notice", source="Herald", published=date(2024, 5, 2))
    reading = Reading(
        (*hits, Hit(notice.passage(0, len(text)), 1.0)), (), 0.9, UNANSWERED, disputes=(pair,)
    )
    question = replace(understand("Do the papers agree how many came?"), kind="conflict")
    *_, last = ExtractComposer().compose(question, reading)
    assert (last.reason, last.conflicts) == (UNANSWERED, ())
