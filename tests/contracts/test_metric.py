"""What every measure of an answer does."""

import pytest

from eval.gold.questions import Gold
from eval.metrics.evidence import Lookup
from eval.metrics.judges import WordsJudge
from eval.metrics.registry import METRICS, score
from qa.records.answer import Answer, Hit, Statement
from qa.records.article import Article

FERRY = Article.create("Nine sailors died.", id="ferry")
PASSAGE = FERRY.passage(0, len(FERRY.text))
PERFECT = Answer(
    question="How many died?",
    short="Nine",
    statements=(Statement(FERRY.text, (PASSAGE.cite(0, 18),), "verified"),),
    hits=(Hit(PASSAGE, 1.0),),
    confidence=1.0,
    abstained=False,
)
SILENT = Answer("How many died?", "", (), (Hit(PASSAGE, 1.0),), 0.0, True, "unknown")
WRONG = Answer("How many died?", "Ten", (Statement("Ten died."),), (), 1.0, False)
GOLD = Gold("q", "How many died?", ("nine", "nine; sailors"), ("ferry",), kind="multi")
UNANSWERABLE = Gold("u", "Who sang?", ())


def measured(gold, answer):
    return score(gold, answer, WordsJudge(), Lookup(supporting=1))


@pytest.mark.parametrize("name", measured(GOLD, PERFECT))
def test_perfect_is_one(name):
    assert measured(GOLD, PERFECT)[name] == 1.0


@pytest.mark.parametrize("gold", [GOLD, UNANSWERABLE], ids=["gold", "unanswerable"])
@pytest.mark.parametrize("answer", [PERFECT, SILENT, WRONG], ids=["perfect", "silent", "wrong"])
def test_values_lie_between_zero_and_one_or_do_not_apply(gold, answer):
    for value in measured(gold, answer).values():
        assert value is None or 0 <= value <= 1


@pytest.mark.parametrize("name", measured(GOLD, WRONG))
def test_wrong_answer_without_hits_is_never_one_nor_dropped(name):
    # It did not abstain, which was right, and cited nothing, of which nothing can be said.
    expected = {"abstention": 1.0, "citation_precision": None, "quotation_located": None}
    assert measured(GOLD, WRONG)[name] == expected.get(name, 0.0)


@pytest.mark.parametrize("name", ["exact_match", "f1", "contains"])
def test_abstaining_from_an_answerable_question_scores_zero(name):
    assert measured(GOLD, SILENT)[name] == 0.0


def test_abstaining_is_right_exactly_when_there_is_no_answer():
    assert measured(UNANSWERABLE, SILENT)["abstention"] == 1.0
    assert measured(UNANSWERABLE, PERFECT)["abstention"] == 0.0
    assert measured(GOLD, SILENT)["abstention"] == 0.0


@pytest.mark.parametrize("name", ["exact_match", "f1", "contains", "article:R@5", "passage:RR@10"])
def test_measures_of_an_answer_do_not_apply_where_there_is_none(name):
    assert measured(UNANSWERABLE, SILENT)[name] is None


def test_every_measure_is_in_the_scores():
    assert set(METRICS) <= set(measured(GOLD, PERFECT))
