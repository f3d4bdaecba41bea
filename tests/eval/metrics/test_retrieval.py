"""What was found against what should have been. ir-measures computes; we decide what counts."""

import time
from concurrent.futures import ThreadPoolExecutor
from math import log2

import ir_measures
import pytest
from ir_measures import parse_measure

from eval.gold.questions import Gold
from eval.metrics.retrieval import by_article, by_passage, first_support
from qa.records.answer import Hit
from qa.records.article import Article, Copy


def hits(*articles):
    return [Hit(article.passage(0, len(article.text)), 1.0) for article in articles]


FERRY = Article.create("Nine sailors died.", id="ferry")
OTHER = Article.create("Nine cars burned.", id="other")
RAIN = Article.create("It rained.", url="https://www.post.example/rain?utm_source=x")


def test_articles_count_at_their_first_hit(make_gold):
    scores = by_article(make_gold(articles=("ferry", "gone")), hits(OTHER, OTHER, FERRY))
    assert scores["Success@1"] == 0
    assert scores["Success@5"] == 1
    assert scores["R@5"] == 0.5
    assert scores["RR@10"] == 0.5  # the second article, though the third hit
    assert scores["nDCG@10"] == pytest.approx((1 / log2(3)) / (1 + 1 / log2(3)))


def test_question_without_hits_scores_zero_and_is_not_dropped(make_gold):
    assert set(by_article(make_gold(), []).values()) == {0.0}
    assert set(by_passage(make_gold(), [], 1).values()) == {0.0}


def test_measures_do_not_apply_without_gold(make_gold):
    assert by_article(make_gold(articles=()), hits(FERRY)) is None
    assert by_passage(make_gold(answers=()), hits(FERRY)) is None


def test_gold_may_name_an_article_by_its_address(make_gold):
    gold = make_gold(articles=("https://www.post.example/rain",))
    assert by_article(gold, hits(RAIN))["Success@1"] == 1


def test_passage_of_another_article_with_the_same_words_does_not_support(make_gold):
    assert first_support(make_gold(), hits(OTHER, FERRY)) == 2
    assert by_passage(make_gold(), hits(OTHER, FERRY))["RR@10"] == 0.5


def test_passage_of_a_gold_article_without_the_answer_does_not_support(make_gold):
    assert first_support(make_gold(answers=("eleven",)), hits(FERRY)) is None


def test_without_known_articles_any_may_support(make_gold):
    assert first_support(make_gold(articles=()), hits(RAIN, OTHER)) == 2


def test_part_of_a_word_is_no_answer(make_gold):
    assert first_support(make_gold(answers=("in",), articles=()), hits(RAIN)) is None


def test_characters_read_until_the_support_are_counted_whole(make_gold):
    filler = Article.create("Rain fell. " * 540, id="filler")
    long = Article.create("Rain fell. " * 550, id="long")
    within = "Success@6000 characters"
    assert by_passage(make_gold(), hits(filler, FERRY))[within] == 1
    assert by_passage(make_gold(), hits(long, FERRY))[within] == 0
    assert by_passage(make_gold(), hits(filler))[within] == 0


def test_recall_and_ndcg_are_over_all_passages_that_support(make_gold):
    counted = by_passage(make_gold(), hits(OTHER, FERRY, RAIN), 3)
    assert counted["R@5"] == pytest.approx(1 / 3)
    ideal = 1 + 1 / log2(3) + 1 / log2(4)
    assert counted["nDCG@10"] == pytest.approx(1 / log2(3) / ideal)


def test_without_a_count_there_is_no_recall(make_gold):
    marks = by_passage(make_gold(), hits(FERRY))
    assert [marks[name] for name in ("R@5", "R@20", "nDCG@10")] == [None] * 3


def test_copy_of_a_gold_article_counts(make_gold):
    copied = Hit(OTHER.passage(0, len(OTHER.text)), 1.0, copies=(Copy("ferry"),))
    assert by_article(make_gold(), [copied])["Success@1"] == 1
    assert by_passage(make_gold(), [copied], 1)["R@5"] == 1


def test_measures_are_parsed_by_one_thread_at_a_time(monkeypatch):
    at_once, most = 0, 0

    def parse(name):
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        time.sleep(0.001)
        at_once -= 1
        return parse_measure(name)

    monkeypatch.setattr(ir_measures, "parse_measure", parse)
    article = Article.create("Ilse left the harbour at noon.", id="a")
    gold, found = Gold("q", "Who?", ("Ilse",), articles=(article.id,)), hits(article)
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: by_article(gold, found)["Success@1"] == 1, range(16)))
    assert most == 1
