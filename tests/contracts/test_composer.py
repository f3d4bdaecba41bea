"""What every composer does with a reading."""

from datetime import date

import pytest

from qa.asking import Question, Reading, Span
from qa.compose.extract import ExtractComposer
from qa.records import Article, Hit
from qa.seams import Composition

COMPOSERS = {"extract": ExtractComposer}
QUESTION = Question("How many sailors died?", date(2024, 1, 1))
TEXT = "Nine sailors died.\nThe pump\nhad broken. Nobody knew. The ship was old. It was raining 🌧."
ARTICLE = Article.create(TEXT, id="a", title="Ferry", published=date(2024, 1, 1))
COPY = Article.create("A copy: Nine sailors died. The end.", id="b")


@pytest.fixture(params=COMPOSERS)
def composer(request):
    return COMPOSERS[request.param]()


def span(article, words, sentence, score):
    passage = article.passage(0, len(article.text))
    start, low = article.text.index(words), article.text.index(sentence)
    return Span(passage, start, start + len(words), (low, low + len(sentence)), score)


NINE = span(ARTICLE, "Nine", "Nine sailors died.", 0.9)
PUMP = span(ARTICLE, "The pump\nhad", "The pump\nhad broken.", 0.85)
RAIN = span(ARTICLE, "raining", "It was raining 🌧.", 0.1)
AGAIN = span(COPY, "Nine", "Nine sailors died.", 0.88)


def reading(*spans, reason=""):
    passages = dict.fromkeys(each.passage for each in spans)
    return Reading(tuple(Hit(each, 1.0) for each in passages), spans, 0.8, reason)


def compose(composer, *spans, reason=""):
    *texts, last = composer.compose(QUESTION, reading(*spans, reason=reason))
    return texts, last


def test_composition_comes_last_and_once(composer):
    texts, last = compose(composer, NINE, PUMP)
    assert isinstance(last, Composition)
    assert all(isinstance(text, str) for text in texts)


def test_text_as_it_comes_is_the_text_of_the_statements(composer):
    texts, last = compose(composer, NINE, PUMP)
    streamed = " ".join("".join(texts).split()) if len(texts) == 1 else " ".join(texts)
    assert streamed == " ".join(statement.text for statement in last.statements)


def test_short_answer_is_the_best_span(composer):
    assert compose(composer, NINE, PUMP)[1].short == "Nine"


@pytest.mark.parametrize("spans", [(NINE,), (PUMP, RAIN), (NINE, AGAIN, PUMP)], ids=len)
def test_every_statement_is_cited_and_every_citation_quotes_exactly(composer, spans):
    texts = {"a": ARTICLE.text, "b": COPY.text}
    for statement in compose(composer, *spans)[1].statements:
        assert statement.citations
        for citation in statement.citations:
            assert texts[citation.article_id][citation.start : citation.end] == citation.quote


def test_statement_holds_the_short_answer(composer):
    last = compose(composer, NINE, PUMP)[1]
    assert last.short in last.statements[0].text


def test_reading_with_a_reason_is_abstained_from(composer):
    texts, last = compose(composer, NINE, reason="No passage found mentions 'x'")
    assert texts == []
    assert last == Composition(reason="No passage found mentions 'x'")


def test_reading_without_spans_is_abstained_from(composer):
    texts, last = compose(composer)
    assert (texts, last.short, last.statements) == ([], "", ())
    assert last.reason


# Extracts


def test_line_ends_of_the_article_are_spaces_in_the_statement_alone():
    last = compose(ExtractComposer(), PUMP)[1]
    assert last.statements[0].text == "The pump had broken."
    assert last.statements[0].citations[0].quote == "The pump\nhad broken."


def test_sentence_that_stands_twice_is_one_statement_with_two_citations():
    (statement,) = compose(ExtractComposer(), NINE, AGAIN)[1].statements
    assert [citation.article_id for citation in statement.citations] == ["a", "b"]


def test_sentence_far_behind_the_best_is_left_out():
    assert [each.text for each in compose(ExtractComposer(), NINE, RAIN)[1].statements] == [
        "Nine sailors died."
    ]


def test_at_most_three_sentences():
    others = [
        span(ARTICLE, words, sentence, 0.84)
        for words, sentence in (("Nobody", "Nobody knew."), ("old", "The ship was old."))
    ]
    assert len(compose(ExtractComposer(), NINE, PUMP, *others)[1].statements) == 3


def test_citation_carries_what_is_known_of_the_article():
    ((citation,),) = (each.citations for each in compose(ExtractComposer(), NINE)[1].statements)
    assert (citation.title, citation.published) == ("Ferry", date(2024, 1, 1))
