"""Capitals as the articles have them."""

import pytest

from qa.question.wording.casing import restore_case


@pytest.mark.parametrize(
    ("question", "restored"),
    [
        ("WHO CLOSED THE SWING BRIDGE IN HALLAM STREET?",
         "Who closed the swing bridge in Hallam Street?"),
        ("why is marlow quay without a bridge", "Why is Marlow Quay without a bridge"),
        ("DID ZANTHOR HELP US?", "Did zanthor help us?"),
    ],
)  # fmt: skip
def test_question_is_written_as_the_articles_write(library, question, restored):
    assert restore_case(question, library) == restored


@pytest.mark.parametrize(
    "question", ["Who closed Hallam Street?", "WHO", "谁关闭了桥？", "NATO talks"]
)
def test_ordinary_writing_stays(library, question):
    assert restore_case(question, library) == question
