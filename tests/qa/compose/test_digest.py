"""Answers of several sentences: which are chosen, in which order."""

from datetime import date

import pytest

from qa.compose.digest import digest, is_sentence
from qa.question.understand import understand
from qa.records.answer import Hit
from qa.records.article import Article
from qa.records.reading import Evidence, Reading

MAY = Article.create(
    "The ferry crews walked out on Monday. Why they did\nThe crews demand seven per cent more pay.",
    id="may",
    published=date(2024, 5, 1),
)
JULY = Article.create(
    "The crews and the line agreed on a pay rise. The ferry crews walked out on a Monday in May.",
    id="july",
    published=date(2024, 7, 1),
)


def reading_of(*judged, form="sentences"):
    """A reading of both articles; ``judged`` are pairs of a sentence and its probability."""
    articles = (MAY, JULY)
    hits = tuple(Hit(each.passage(0, len(each.text)), 1.0) for each in articles)
    evidence = tuple(
        Evidence(each.id, start, start + len(sentence), score)
        for sentence, score in judged
        for each in articles
        if (start := each.text.find(sentence)) >= 0
    )
    return Reading(hits, (), 0.9, form=form, evidence=evidence)


WALKED, DEMAND = (
    "The ferry crews walked out on Monday.",
    "The crews demand seven per cent more pay.",
)
AGREED = "The crews and the line agreed on a pay rise."
REPEATED = "The ferry crews walked out on a Monday in May."


def told(question, *judged):
    as_read = digest(understand(question, as_of=date(2024, 8, 1)), reading_of(*judged))
    return [statement.text for statement in as_read]


def test_best_sentence_opens_and_the_others_follow_by_day():
    assert told("Summarise the strike.", (AGREED, 0.9), (WALKED, 0.7), (DEMAND, 0.8)) == [
        AGREED,
        WALKED,
        DEMAND,
    ]


def test_figure_that_its_outlet_took_back_is_not_told_again():
    notice = Article.create(
        "The article said that 61,000 cars cross the bridge. The correct figure is 16,000.",
        id="notice", source="Post", published=date(2024, 5, 3),
    )  # fmt: skip
    wrong = "The bridge carries 61,000 cars a day."
    articles = [
        notice,
        Article.create(wrong, id="old", source="Post", published=date(2024, 5, 1)),
        Article.create(f"{wrong} It was cold.", id="other", source="Wire"),
    ]
    evidence = tuple(
        Evidence(article.id, low, low + len(sentence), 0.9)
        for article in articles
        for sentence in (*notice.text.split(". ", 1), wrong)
        if (low := article.text.find(sentence)) >= 0
    )
    hits = tuple(Hit(each.passage(0, len(each.text)), 1.0) for each in articles)
    reading = Reading(hits, (), 0.9, form="sentences", evidence=evidence)
    asked = understand("What is known about the bridge?", as_of=date(2024, 8, 1))
    told = {(each.citations[0].article_id, each.text) for each in digest(asked, reading)}
    assert told == {("notice", "The correct figure is 16,000."), ("other", wrong)}


def test_what_is_so_now_begins_with_the_newest():
    assert told("Is the strike still on?", (WALKED, 0.9), (AGREED, 0.8)) == [AGREED, WALKED]


def test_what_repeats_another_sentence_is_left_out():
    assert told("Summarise the strike.", (WALKED, 0.9), (REPEATED, 0.8)) == [WALKED]


def test_what_is_far_less_likely_is_left_out():
    assert told("Summarise the strike.", (WALKED, 0.9), (DEMAND, 0.01)) == [WALKED]


def test_headline_is_no_answer():
    assert told("Summarise the strike.", ("Why they did", 0.99), (WALKED, 0.5)) == [WALKED]


def test_every_statement_is_quoted_where_it_stands():
    question = understand("Summarise the strike.", as_of=date(2024, 8, 1))
    (statement,) = digest(question, reading_of((DEMAND, 0.9)))
    assert statement.support == "quoted"
    (citation,) = statement.citations
    assert MAY.text[citation.start : citation.end] == citation.quote == DEMAND


def test_nothing_judged_is_nothing_told():
    assert told("Summarise the strike.") == []


@pytest.mark.parametrize("line", ["What we know", "Is Graceland for sale?", "Iran deal.", ""])
def test_scrap_is_no_sentence(line):
    assert not is_sentence(line)
