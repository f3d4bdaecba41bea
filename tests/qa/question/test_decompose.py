"""Which questions are several, and into what they are split."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.question.decompose import split
from qa.question.outlets import by_outlet, outlets_in


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Who leads the bank, and when was it founded?",
            ("Who leads the bank?", "When was it founded?"),
        ),
        (
            "How many died in Alder and how many in Leeds?",
            ("How many died in Alder?", "How many in Leeds?"),
        ),
        (
            "How many died according to the Post, and how many according to the Gazette?",
            ("How many died according to the Post?", "How many according to the Gazette?"),
        ),
        ("When was the bridge closed and why?", ("When was the bridge closed?", "Why?")),
        (
            "When and where was the clock found?",
            ("When was the clock found?", "Where was the clock found?"),
        ),
        ("Who won? And who lost?", ("Who won?", "And who lost?")),
    ],
)
def test_questions_in_one_are_asked_one_by_one(question, parts):
    plan = split(question)
    assert (plan.parts, plan.relation) == (parts, "each")


@pytest.mark.parametrize(
    ("question", "relation", "parts"),
    [
        (
            "Which came first, the flood or the strike?",
            "earlier",
            ("When was the flood?", "When was the strike?"),
        ),
        (
            "Which was built last, the bridge or the tower?",
            "later",
            ("When was the bridge built?", "When was the tower built?"),
        ),
        (
            "Who resigned first, Ada Low or Ilse Brand?",
            "earlier",
            ("Ada Low resigned when?", "Ilse Brand resigned when?"),
        ),
        (
            "Was the flood before or after the strike?",
            "order",
            ("When was the flood?", "When was the strike?"),
        ),
        (
            "Did the ferry sink before the bridge reopened?",
            "before",
            ("When did the ferry sink?", "The bridge reopened when?"),
        ),
        (
            "Who is older, Ada Low or Ilse Brand?",
            "more",
            ("How old is Ada Low?", "How old is Ilse Brand?"),
        ),
        (
            "How many more people died in Alder than in Leeds?",
            "difference",
            ("How many people died in Alder?", "How many people died in Leeds?"),
        ),
        (
            "How much higher was inflation in May 2024 than in May 2023?",
            "difference",
            ("How high was inflation in May 2024?", "How high was inflation in May 2023?"),
        ),
        (
            "Did the Gazette and the Harbour Post agree on how many died?",
            "agreement",
            ("How many died?", "How many died?"),
        ),
    ],
)  # fmt: skip
def test_comparison_asks_for_both_sides(question, relation, parts):
    plan = split(question)
    assert (plan.relation, plan.parts) == (relation, parts)


@pytest.mark.parametrize(
    "question",
    [
        "Who is the man who led the strike and who died in Alder?",
        "What happened when the ferry sank and when the bridge fell?",
        "Which team won the cup and the league?",
        "Who wrote “What and Why” and other plays?",
        "What did Ada Low say about where and when she was born?",
        "Did the council agree to the plan before 2019?",
        "Which two states sued and won?",
        "How many more people came than were invited to the 2019 fair and its ball?",
        "Ada Low resigned on Monday. Who follows her?",
        "Which is the first of the two, and only, bridges?",
        "",
    ],
)
def test_single_question_stays_whole(question):
    plan = split(question)
    assert plan.relation == "each" or len(plan.parts) == 2
    if "more" not in question:
        assert plan.parts == (question,)


@given(st.text(max_size=80))
def test_any_text_has_a_plan(text):
    assert split(text).parts


def test_long_question_comes_to_an_end():
    for text in ("Which came first, a or b? ", "How many more than ", "and when was, ", "Who? "):
        assert split(text * 9000).parts


KNOWN = ["Valley Gazette", "Harbour Post", "Morning Post"]


def test_outlets_are_known_by_part_of_their_names():
    plan = split("Did the Gazette and the Harbour Post agree on how many died?")
    found = by_outlet(plan, plan.labels, KNOWN)
    assert found is not None
    assert found.labels == ("Valley Gazette", "Harbour Post")


@pytest.mark.parametrize("named", [("Gazette", "Herald"), ("Post", "Gazette"), ("Gazette",)])
def test_outlets_that_are_not_two_known_ones_make_no_plan(named):
    plan = split("Did the Gazette and the Post agree on how many died?")
    assert by_outlet(plan, named, KNOWN) is None


def test_outlet_is_asked_where_the_question_says_so():
    assert outlets_in("How many according to the Gazette?", KNOWN) == ("Valley Gazette",)
    assert outlets_in("How many according to the police?", KNOWN) == ()
