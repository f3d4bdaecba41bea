"""What is read for a question: a search, the sides of a comparison, a whole article."""

from dataclasses import replace

from qa.question.understand import understand
from qa.records.answer import Hit
from qa.records.article import Article
from qa.records.reading import Retrieval
from qa.retrieve.gather import gather

ARTICLES = [Article.create(f"Text number {number}.", id=str(number)) for number in range(4)]
HITS = [Hit(article.passage(0, len(article.text)), 1.0) for article in ARTICLES]


def search_by(results):
    """A search that knows its results by the question's text."""
    return lambda question, k: Retrieval(tuple(results[question.text][:k]))


def test_each_side_of_a_comparison_is_searched():
    question = replace(understand("Compare Low and Varga"), kind="compare", topics=("Low", "Varga"))
    worse = [replace(hit, score=0.5) for hit in HITS]
    results = {question.text: [HITS[0], worse[1]], "Low": HITS[2:3], "Varga": [HITS[3], worse[0]]}
    hits = gather(search_by(results), None, question, 4).hits
    assert [hit.passage.article_id for hit in hits] == ["0", "2", "3", "1"]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_for_disagreement_the_best_article_is_searched_by_its_title():
    article = Article.create("Nine died.", id="a", title="Nine dead on the Maid")
    best = Hit(article.passage(0, len(article.text)), 1.0)
    question = replace(understand("Do the papers agree how many died?"), kind="conflict")
    results = {question.text: [best], "Nine dead on the Maid": [best, replace(HITS[1], score=0.5)]}
    hits = gather(search_by(results), None, question, 3).hits
    assert [hit.passage.article_id for hit in hits] == ["a", "1"]


def test_other_questions_are_searched_once():
    question = understand("Who won?")
    assert gather(search_by({question.text: HITS}), None, question, 3).hits == tuple(HITS[:3])


def test_whole_article_is_read_in_order(make_library, ferry):
    question = replace(understand("Summarise it"), article="ferry")
    hits = gather(search_by({}), make_library(ferry).library, question, 5).hits
    assert {hit.passage.article_id for hit in hits} == {"ferry"}
    assert [hit.passage.start for hit in hits] == sorted(hit.passage.start for hit in hits)
