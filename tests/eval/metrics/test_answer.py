from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.answer import contains, exact_match, normalize, token_f1

WORDS = st.lists(
    st.sampled_from(
        ["rain", "Rain!", "the", "a", "An", "fell", "7,000", '"dry"', "the-rain", "“a”"]
    )
).map(" ".join)
# Everything, but often what the definition speaks of.
TEXT = st.one_of(
    WORDS, st.text(st.sampled_from("aAnNtThHeE .,'\"-_“é€\t\n7"), max_size=12), st.text()
)


@pytest.mark.parametrize("metric", [exact_match, token_f1, contains])
def test_the_gold_itself_is_perfect(metric):
    assert metric("The Salt Ledger", ["Neon Orchard", 'the "Salt Ledger"']) == 1.0


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


# The definition of the official SQuAD script, written anew: by characters and lists, not by
# patterns and counters.


def written_anew(text):
    kept = "".join(c for c in text.lower() if c not in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
    runs = [
        "".join(run) for _, run in groupby(kept, key=lambda c: c.isalnum())
    ]  # an article is a whole run of letters and digits
    return " ".join("".join(" " if run in ("a", "an", "the") else run for run in runs).split())


def overlap_anew(predicted, gold):
    said, left = written_anew(predicted).split(), written_anew(gold).split()
    if not said or not left:
        return float(said == left)
    size, common = len(left), 0
    for token in said:
        if token in left:
            left.remove(token)
            common += 1
    return 2 * common / (len(said) + size)


@given(TEXT)
def test_normalize_agrees_with_the_definition(text):
    assert normalize(text) == written_anew(text)


@given(predicted=TEXT, golds=st.lists(TEXT, max_size=3))
def test_exact_match_agrees_with_the_definition(predicted, golds):
    anew = [written_anew(gold) for gold in golds]
    assert exact_match(predicted, golds) == (written_anew(predicted) in anew)


@given(predicted=TEXT, golds=st.lists(TEXT, max_size=3))
def test_f1_agrees_with_the_definition(predicted, golds):
    anew = max((overlap_anew(predicted, gold) for gold in golds), default=0.0)
    assert token_f1(predicted, golds) == pytest.approx(anew)
