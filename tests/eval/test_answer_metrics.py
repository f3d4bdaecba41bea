import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.answer import contains, exact_match, normalize, token_f1

WORDS = st.lists(st.sampled_from(["rain", "Rain!", "the", "fell", "7,000", "“dry”"])).map(" ".join)


@pytest.mark.parametrize("metric", [exact_match, token_f1, contains])
def test_the_gold_itself_is_perfect(metric):
    assert metric("The Salt Ledger", ["Neon Orchard", "the “Salt Ledger”"]) == 1.0


@pytest.mark.parametrize("metric", [exact_match, token_f1, contains])
@given(predicted=WORDS, golds=st.lists(WORDS))
def test_values_lie_between_zero_and_one(metric, predicted, golds):
    assert 0 <= metric(predicted, golds) <= 1


def test_f1_counts_a_token_as_often_as_it_occurs():
    # Sets instead of multisets would give 1.
    assert token_f1("rain rain rain", ["rain"]) == pytest.approx(0.5)


def test_f1_does_not_reward_an_article():
    assert token_f1("the", ["the rain"]) == 0.0


def test_f1_takes_the_best_gold():
    assert token_f1("heavy rain", ["sun", "rain"]) == pytest.approx(2 / 3)


def test_contains_needs_whole_words():
    assert contains("It rained 2,150 mm", ["150"]) == 0.0


@given(WORDS)
def test_normalizing_twice_changes_nothing(text):
    assert normalize(normalize(text)) == normalize(text)
