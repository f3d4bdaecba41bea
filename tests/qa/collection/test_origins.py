"""Outlets and authors as questions name them."""

import pytest

from qa.collection.origins import named_authors, named_outlets, without_names
from tests.counting import calls_of

OUTLETS = [
    "Harbour Post", "Valley Gazette", "Orlen Today", "Times of Tarrow", "Radio Orlen", "La Dépêche",
    "usatoday.com", "cnn.com", "edition.cnn.com", "latimes.com", "bbc.co.uk", "theweek.co.uk",
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did the Gazette say?", ["Valley Gazette"]),
        ("how many articles has the gazette", ["Valley Gazette"]),
        ("Articles of the VALLEY GAZETTE", ["Valley Gazette"]),
        ("Harbour Post's articles", ["Harbour Post"]),
        ("articles from La Depeche", ["La Dépêche"]),
        ("Who wrote the USA TODAY explainer?", ["usatoday.com"]),
        ("When did CNN publish it?", ["cnn.com", "edition.cnn.com"]),
        ("Stories of the Los Angeles Times", ["latimes.com"]),
        ("What did The Week report?", ["theweek.co.uk"]),
        ("What did the Post and the Gazette say?", ["Harbour Post", "Valley Gazette"]),
        # Not outlets.
        ("What happened in the week?", []),
        ("What happened in Orlen today?", []),
        ("Who governs Tarrow?", []),
        ("Who runs the Post Office?", []),
        ("How many articles mention the Gazette?", []),
        ("Which articles are about the BBC?", []),
        ("Is the harbour closed?", []),
        ("", []),
    ],
)
def test_outlets_are_recognised(question, expected):
    assert list(named_outlets(question, OUTLETS)) == expected


def test_end_that_two_outlets_share_names_neither():
    assert named_outlets("What did the Post say?", ["Harbour Post", "Evening Post"]) == {}


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("Articles by Ann Low", ["Ann Low", "Ann Low and Odd Berg"]),
        ("articles by ánn low", ["Ann Low", "Ann Low and Odd Berg"]),
        ("What has Berg written?", ["Ann Low and Odd Berg"]),
        ("How many articles mention Ann Low?", []),
        ("How low is the river?", []),
    ],
)
def test_authors_are_recognised(question, lines):
    assert list(named_authors(question, ["Ann Low", "Ann Low and Odd Berg", "Mira Holt"])) == lines


def test_names_are_taken_out_of_a_topic():
    assert without_names("the flood, by Ann Low of the Gazette", ["Gazette", "Ann Low"]) == (
        "the flood,"
    )


@pytest.mark.parametrize("look", [named_outlets, named_authors])
def test_words_of_a_question_and_outlets_add_up_and_do_not_multiply(look):
    outlets = [f"Paper {number} of Orlen" for number in range(5000)]
    both = calls_of(lambda: look("Gazette " * 250, outlets))
    words = calls_of(lambda: look("Gazette " * 250, outlets[:10]))
    names = calls_of(lambda: look("Gazette", [f"{outlet}!" for outlet in outlets]))
    assert both <= 1.5 * (words + names)
