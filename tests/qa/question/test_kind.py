"""What kind of answer a question asks for, and what it is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import ModelError
from qa.question.kind import KindModel, KindReading, read_kind
from qa.records.kinds import QUESTION_KINDS


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who won the cup?", "fact"),
        ("How many people died in the fire?", "fact"),
        ("Did the council approve the budget?", "yes-no"),
        ("Why did the minister resign?", "digest"),
        ("Summarise the ferry strike.", "digest"),
        ("Which countries signed the treaty?", "list"),
        ("Compare the two candidates, Low and Varga", "compare"),
        ("Is the bridge still closed?", "change"),
        ("How many articles mention the bridge?", "article-count"),
        ("Who wrote the article about the bridge?", "written-by"),
        ("When was the article about the bridge published?", "published-on"),
        ("hello", "greeting"),
    ],
)
def test_plain_question_has_its_kind(question, kind):
    assert read_kind(question).kind == kind


def test_topic_is_the_phrase_that_names_what_is_asked_about():
    assert read_kind("How many articles mention Kestrel Bay?").topics == ("Kestrel Bay",)


def test_question_without_words_is_a_greeting():
    assert read_kind("?!").kind == "greeting"


@pytest.mark.parametrize(
    "question", ["谁当选了港口城市的市长？", "新しい病院はいつ開きますか", "ใครเป็นนายกเทศมนตรีคนใหม่"]
)
def test_question_without_spaces_between_words_is_no_greeting(question):
    assert read_kind(question) == KindReading("fact", read_kind(question).probability, ())


@given(st.text(min_size=1, max_size=200))
def test_any_text_has_a_kind_and_topics_are_parts_of_it(text):
    reading = read_kind(text)
    assert reading.kind in QUESTION_KINDS
    assert 0 <= reading.probability <= 1
    assert all(topic in text for topic in reading.topics)


def test_weights_that_are_no_weights_are_named(tmp_path):
    (tmp_path / "model.npz").write_bytes(b"nothing")
    with pytest.raises(ModelError, match="kinds of questions"):
        KindModel.load(tmp_path / "model.npz")
