"""Other values of the quantity that was asked for."""

from datetime import date

import pytest

from qa.question.understand import understand
from qa.readers.rivals import possible_rivals
from qa.readers.span import SpanReader
from qa.records.answer import Hit
from qa.records.article import Article
from qa.records.reading import Span


def span(words, sentence, name, score=0.5):
    article = Article.create(sentence, id=name, source=name, published=date(2024, 3, 12))
    low = sentence.index(words)
    passage = article.passage(0, len(sentence))
    return Span(passage, low, low + len(words), (0, len(sentence)), score)


FIRST = span("2,150", "The county said 2,150 people had been evacuated from Alder.", "Post")
OTHER = span("1,400", "Crews moved 1,400 people out of their homes in Alder.", "Herald", 0.01)


def test_other_number_of_the_same_things_in_another_article_is_a_rival():
    assert possible_rivals([FIRST, OTHER]) == [OTHER]


@pytest.mark.parametrize(
    ("words", "sentence", "name"),
    [
        ("86", "They led 86 cows out of Alder.", "Herald"),
        ("2,150", "At least 2,150 people had to leave.", "Herald"),
        ("150", "The county said 2,150 people had left.", "Herald"),
        ("1,400", "First 1,400 people were counted.", "Post"),
    ],
    ids=["other things", "same number", "piece of a number", "same article"],
)
def test_what_is_no_rival(words, sentence, name):
    assert possible_rivals([FIRST, span(words, sentence, name)]) == []


def test_names_have_no_rivals_and_nothing_has_none():
    assert possible_rivals([span("Alder", "They left Alder.", "Post"), OTHER]) == []
    assert possible_rivals([]) == []


def test_sentence_is_looked_at_once():
    twice = span("1,400 people", OTHER.passage.text, "Herald", 0.005)
    assert possible_rivals([FIRST, OTHER, twice]) == [OTHER]


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        (OTHER.passage.text, ["1,400"]),
        ("Some 350 people work in the mill of Thornby.", []),
    ],
)
def test_sentence_that_answers_by_itself_makes_a_rival(sentence, told):
    articles = [
        Article.create(text, id=name, source=name, published=date(2024, 3, 12))
        for name, text in (("Post", FIRST.passage.text), ("Herald", sentence))
    ]
    question = understand("How many people were evacuated from Alder?", as_of=date(2024, 3, 13))
    hits = [Hit(each.passage(0, len(each.text)), 0.1) for each in articles]
    reading = SpanReader.shipped().read(question, hits)
    assert [each.text.removesuffix(" people") for each in reading.rivals] == told
