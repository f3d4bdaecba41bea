"""In which form the hits answer, and what the answers of that form are."""

import numpy as np
import pytest

from qa.readers.neural.decode import Marked
from qa.readers.neural.inference import Judged, Verdict
from qa.readers.neural.network import FORMS
from qa.readers.vote import Decision, sigmoid
from qa.readers.weigh import HitScores, Scan, asks_verdict, brevity, features, form_of, weigh
from qa.records.answer import Hit
from qa.records.article import Article

TEXT = "It rained. Yes, the bridge fell."


LAST = (11, len(TEXT))


def judged(yes, no, place=LAST, score=2.0):
    return Judged(*place, score, Verdict(yes, no, 1 - yes - no))


def says(form, answerable, **fields):
    forms = np.log(np.array([0.92 if each == form else 0.02 for each in FORMS], np.float32))
    sentences = [Marked(0, 10, -3.0), Marked(11, len(TEXT), 2.0)]
    return HitScores(answerable=answerable, forms=forms, evidence=sentences, **fields)


def hits(count):
    articles = [Article.create(TEXT, id=f"a{number}") for number in range(count)]
    return [Hit(article.passage(0, len(TEXT)), 1.0) for article in articles]


@pytest.mark.parametrize("form", ["span", "list", "sentences"])
def test_form_is_that_of_the_hit_that_answers(form):
    other = "span" if form != "span" else "yes"
    assert form_of([says(other, -6.0), says(form, 3.0), says(other, -5.0)]) == form


@pytest.mark.parametrize(
    ("verdicts", "form"),
    [
        ([judged(0.9, 0.05)], "yes"),
        ([judged(0.05, 0.9)], "no"),
        # What no good answer would quote counts for little.
        ([judged(0.9, 0.05), judged(0.05, 0.9, score=-4.0)], "yes"),
        ([judged(0.9, 0.05), judged(0.05, 0.9)], "sentences"),
        ([judged(0.5, 0.45)], "sentences"),
        ([judged(0.3, 0.02)], "sentences"),
        ([], "sentences"),
    ],
)
def test_yes_or_no_is_told_where_the_judged_sentences_are_sure(verdicts, form):
    assert form_of([says("no", 3.0, verdicts=verdicts)]) == form


def test_verdict_is_asked_for_where_yes_and_no_together_are_likeliest():
    assert asks_verdict([says("no", 3.0), says("span", -4.0)])
    assert not asks_verdict([says("no", -4.0), says("span", 3.0)])
    assert not asks_verdict([])


def test_short_answer_is_asked_for_where_a_span_is_likelier_than_sentences():
    assert brevity([says("span", 3.0), says("sentences", -4.0)]) > 0.9
    assert brevity([says("span", -4.0), says("sentences", 3.0)]) < 0.1
    assert brevity([]) == 1


def test_yes_is_shown_by_the_likeliest_sentence_of_each_hit_that_says_so():
    scan = Scan(
        [
            says("yes", 3.0, verdicts=[judged(0.7, 0.1, (0, 10)), judged(0.9, 0.05)]),
            says("no", -2.0, verdicts=[judged(0.2, 0.3)]),
            says("yes", 1.0, verdicts=[judged(0.8, 0.1)]),
        ],
        [],
    )
    form, choices = weigh(scan, hits(3), Decision())
    assert form == "yes"
    assert [choice.candidates[0].hit for choice in choices] == [0, 2]
    assert {choice.text for choice in choices} == {"Yes, the bridge fell."}
    assert choices[0].weight > choices[1].weight


def test_sentences_are_all_candidates_the_likeliest_first():
    form, choices = weigh(Scan([says("sentences", 3.0)], []), hits(1), Decision())
    assert (form, [choice.text for choice in choices]) == (
        "sentences",
        ["Yes, the bridge fell.", "It rained."],
    )


def test_confidence_is_made_of_the_first_choice_and_of_the_hit_that_answers():
    verdicts = [judged(0.9, 0.05)]
    scan = Scan([says("yes", -1.0), says("yes", 3.0, verdicts=verdicts)], [])
    _, choices = weigh(scan, hits(2), Decision())
    odds, answerable = features(choices, scan)
    assert answerable == 3.0
    assert odds == pytest.approx(np.log(choices[0].weight / (1 - choices[0].weight)))


def test_probability_of_even_odds_is_a_half():
    assert sigmoid(0.0) == 0.5
    assert sigmoid(-900.0) == pytest.approx(0.0, abs=1e-12)
