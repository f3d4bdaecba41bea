"""Saved questions as a page: what is said of their answers is said in the language of the page."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from qa.library.curation.saved_questions import SavedAnswer, SavedQuestion
from qa.records.answer import Conflict
from tests.ui.reading import read
from ui.html.articles.digest import digest_feed, digest_page
from ui.locales.wording import speaking

NOW = datetime(2024, 6, 13, tzinfo=UTC)


@pytest.fixture
def digest(ferry, make_answer):
    """A question with an answer whose sources disagree, and one before that."""
    before, answer = make_answer(ferry, 0, 61), make_answer(ferry, 62, 111)
    sides = (answer.statements[0], before.statements[0])
    conflict = Conflict(sides, ("nine", "eight"), relation="corrected")
    answer = replace(answer, short="nine", conflicts=(conflict,))
    saved = SavedQuestion("q", "How many died?")
    return [(saved, [SavedAnswer(2, answer, NOW), SavedAnswer(1, before, NOW)])]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("en", "This was corrected: “nine” (Gazette, 4 Mar 2021), not “eight” (Gazette"),
        ("de", "Das wurde berichtigt: „nine“ (Gazette, 04.03.2021), nicht „eight“ (Gazette"),
    ],
)
def test_what_sources_disagree_about_is_told_in_the_language_of_the_page(digest, code, told):
    with speaking(code):
        page, feed = read(digest_page(digest)).said, digest_feed(digest, "https://qa.example")
    assert told in page
    assert told in feed
    assert ("This was corrected" in page) == (code == "en")


def test_short_answer_comes_before_the_statements(digest):
    said = read(digest_page(digest)).said
    assert said.index("nine") < said.index("Nine sailors died")


def test_side_of_nobody_knows_which_day_is_said_to_be_so(orchard, make_answer):
    statement = make_answer(orchard).statements[0]
    answer = make_answer(orchard, conflicts=(Conflict((statement, statement), ("nine", "two")),))
    saved = [(SavedQuestion("q", "How many?"), [SavedAnswer(1, answer, NOW)])]
    with speaking("de"):
        told = read(digest_page(saved)).said
    assert "„nine“ (unbekannte Quelle, undatiert) gegen „two“" in told
