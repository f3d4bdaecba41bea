"""What may be asked next and first: fixed forms, and only what the articles at hand answer."""

from dataclasses import replace
from datetime import date

import pytest

from qa.question.suggest import MOST_NEXT, first_questions, next_questions
from qa.question.understand import understand
from qa.records.answer import Hit
from qa.records.article import Article

ASKED = replace(
    understand("Why was the Kessel Bridge closed?", as_of=date(2024, 2, 1)),
    topics=("Kessel Bridge",),
)


def hit(name, day, text="The Kessel Bridge was closed.", title=""):
    article = Article.create(text, id=name, title=title, published=day)
    return Hit(article.passage(0, len(text)), 1.0)


HITS = [
    hit("one", date(2024, 1, 1), title="Bridge closed"),
    hit("two", date(2024, 1, 9), title="Bridge open"),
    hit("far", date(2024, 1, 9), text="It rained.", title="Rain"),
]


def test_topic_of_several_articles_is_followed_then_what_is_cited():
    assert next_questions(ASKED, HITS, ["two", "one"]) == [
        "What is the latest on the Kessel Bridge?",
        "Which articles mention the Kessel Bridge?",
        "Summarise “Bridge open”.",
    ]


@pytest.mark.parametrize(
    ("asked", "topic", "told", "phrase"),
    [
        (
            "Who is mayor of Orlen?",
            "mayor of Orlen",
            "Reke, the mayor of Orlen, left.",
            "the mayor",
        ),
        ("Who is the mayor of Orlen?", "mayor of Orlen", "Reke is mayor of Orlen.", "the mayor"),
        ("Who is mayor of Orlen?", "mayor of Orlen", "Reke is mayor of Orlen.", "mayor"),
        ("Who runs Orlen?", "Orlen", "Reke runs the Orlen ferry.", "Orlen"),
    ],
)
def test_topic_has_the_article_that_is_written_before_it(asked, topic, told, phrase):
    question = replace(ASKED, text=asked, topics=(topic,))
    hits = [hit(name, date(2024, 1, n), told) for n, name in enumerate(("one", "two"), start=1)]
    latest, mentions = next_questions(question, hits, ["one"])
    assert latest.startswith(f"What is the latest on {phrase}")
    assert mentions.startswith(f"Which articles mention {phrase}")


def test_topic_of_one_article_or_without_a_name_is_not_followed():
    titles = ["Summarise “Bridge closed”.", "Summarise “Rain”."]
    assert next_questions(ASKED, [HITS[0], HITS[2]], []) == titles
    rain = replace(ASKED, topics=("the rain",))
    assert next_questions(rain, HITS, ["far"]) == ["Summarise “Rain”."]


def test_what_was_asked_is_not_asked_again():
    change = replace(ASKED, kind="change", text="Summarise “Bridge open”.")
    assert next_questions(change, HITS, ["two"]) == ["Which articles mention Kessel Bridge?"]
    whole = replace(ASKED, article="two", topics=())
    assert next_questions(whole, HITS, ["two"]) == []


@pytest.mark.parametrize("title", ["", "He said “no”", "x" * 200])
def test_title_that_cannot_be_quoted_is_left_out(title):
    assert next_questions(replace(ASKED, topics=()), [hit("a", None, title=title)], []) == []
    assert first_questions([title]) == ["What is in here?"]


def test_at_most_three():
    many = [hit(f"{n}", date(2024, 1, n + 1), title=f"Part {n}") for n in range(9)]
    assert len(next_questions(ASKED, many, [])) == MOST_NEXT
