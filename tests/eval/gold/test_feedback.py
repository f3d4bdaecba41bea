"""Verdicts on answers, kept in the library and asked again as gold."""

from dataclasses import replace
from datetime import date

import pytest

from eval.gold.feedback import gold_of
from eval.gold.questions import load_gold
from qa.library.feedback import Feedback, keep_feedback, kept_feedback


def on(answer, verdict, **more):
    return Feedback(verdict, answer, versions={"ferry": 2, "bridge": 1}, **more)


def test_feedback_is_kept_in_the_order_it_came(make_library, ferry, make_answer):
    library = make_library(ferry).library
    answer = replace(make_answer(), hits=(), statements=make_answer().statements[:0])
    given = [
        Feedback.on(answer, "right", library),
        Feedback.on(answer, "wrong", library, better=" eleven ", as_of=date(2024, 6, 13)),
    ]
    for item in given:
        keep_feedback(library, item)
    assert kept_feedback(library) == given
    assert given[1].better == "eleven"


def test_versions_of_what_was_found_are_kept(make_library, ferry, make_answer):
    library = make_library(ferry).library
    answer = make_answer(hits=())
    from qa.records.answer import Hit

    answer = replace(answer, statements=(), hits=(Hit(ferry.passage(0, 10), 1.0),))
    assert Feedback.on(answer, "right", library).versions == {ferry.id: 1}


def test_unknown_verdict_is_a_mistake(make_library, make_answer):
    with pytest.raises(ValueError, match="'so so' is none of right, wrong, wrong evidence"):
        Feedback.on(make_answer(), "so so", make_library().library)


def test_right_answer_is_accepted_with_its_evidence(make_answer):
    (gold,) = gold_of([on(make_answer(), "right", as_of=date(2024, 6, 13))])
    assert (gold.answers, gold.articles, gold.versions) == (("Nine",), ("ferry",), {"ferry": 2})
    assert gold.as_of == date(2024, 6, 13)


def test_wrong_evidence_leaves_the_answer(make_answer):
    (gold,) = gold_of([on(make_answer(), "wrong evidence")])
    assert (gold.answers, gold.articles) == (("Nine",), ())


def test_wrong_answer_becomes_gold_with_the_better_one_alone(make_answer):
    assert gold_of([on(make_answer(), "wrong")]) == []
    (gold,) = gold_of([on(make_answer(), "wrong", better="eleven")])
    assert gold.answers == ("eleven",)


def test_right_abstention_means_that_abstaining_is_right(make_answer):
    (gold,) = gold_of([on(make_answer(short="", text=""), "right")])
    assert not gold.answerable


def test_latest_verdict_on_a_question_counts(make_answer):
    (gold,) = gold_of([on(make_answer(), "right"), on(make_answer(), "wrong", better="ten")])
    assert gold.answers == ("ten",)


def test_verdict_that_takes_back_an_earlier_one_leaves_nothing(make_answer):
    assert gold_of([on(make_answer(), "right"), on(make_answer(), "wrong")]) == []


def test_reason_of_an_abstention_is_no_answer(make_answer):
    assert gold_of([on(make_answer(short="", text=""), "wrong evidence")]) == []


def test_exported_feedback_is_gold(make_answer, tmp_path):
    made = gold_of([on(make_answer(), "right")])
    path = tmp_path / "feedback.jsonl"
    path.write_text("".join(item.to_json() + "\n" for item in made))
    assert load_gold(path) == made
