"""Evaluate on the screen: what is offered first, what is warned of, what a reader sees, drafts."""

import json

import pytest

from ingest import ingest
from qa.build import open_library
from qa.library.users import keep_user
from tests.browser.conftest import PHONE
from ui.evaluations import Evaluations
from ui.gold_review import GoldReview
from ui.guard.access import hash_of
from ui.service import open_service

PASSWORD = "correct horse"
TEXT = (
    "The ferry Maid of Orlen sank off Cape Tarrow on 3 March 2021. Nine sailors died in the storm. "
    "The harbour master Ilse Brandvold resigned on 9 March 2021."
)


@pytest.fixture
def ferry_library(tmp_path):
    """A library of one article, with none of those that the demo's questions are about."""
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps({"id": "ferry", "title": "Ferry lost", "text": TEXT}))
    assert ingest([rows], library=tmp_path / "library").failed == ()
    return tmp_path / "library"


def test_gold_about_other_articles_is_measured_with_a_warning(serve, visit, ferry_library):
    page = visit(f"{serve(ferry_library)}/evaluate", ready="#gold input")
    page.locator("#gold-warning").get_by_text("None of the articles").wait_for()
    assert page.locator("#gold input").input_value() == "Demo questions"
    assert page.get_by_role("button", name="Measure").is_enabled()


def test_own_gold_comes_first_and_without_a_warning(serve, visit, ferry_library):
    with open_library(ferry_library) as library:
        GoldReview(library).accept("one", "Who resigned?", ["Ilse Brandvold"], ["ferry"])
    page = visit(f"{serve(ferry_library)}/evaluate", ready="#gold input")
    page.wait_for_function("document.querySelector('#gold input').value === 'Reviewed here'")
    page.locator("#gold input").click()
    offered = page.get_by_role("option").all_text_contents()
    assert [each.strip(" ✓\n") for each in offered] == ["Reviewed here", "Demo questions"]
    assert page.locator("#gold-warning .note").count() == 0


def test_reader_sees_no_button_that_is_not_for_readers(serve, visit, ferry_library):
    with open_library(ferry_library) as library:
        for role in ("reader", "admin"):
            keep_user(library, role, role, hash_of(PASSWORD))
    server = serve(ferry_library)
    page = visit(f"{server}/login", ready="h1")
    page.get_by_label("Name").fill("reader")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_selector("#panels")
    page.goto(f"{server}/evaluate")
    page.locator("#run input").wait_for()
    page.wait_for_timeout(1000)
    for name in ("Measure", "Cancel"):
        assert page.get_by_role("button", name=name, exact=True).count() == 0
    for field in ("#gold", "#own", "#sample", "#reader-choice"):
        assert not page.locator(field).is_visible()
    assert page.locator("#drafting a").count() == 0
    page.goto(f"{server}/library")
    page.locator(".listing table").wait_for()
    for name in ("Repair", "Fetch", "Add source", "Edit", "Remove"):
        assert page.get_by_role("button", name=name, exact=True).count() == 0


def test_comparison_has_an_address(serve, visit, ferry_library):
    with open_library(ferry_library) as library:
        GoldReview(library).accept("one", "Who resigned?", ["Ilse Brandvold"], ["ferry"])
    with open_service(ferry_library) as service:
        evaluations = Evaluations(service)
        old, new = (
            [*evaluations.measure("Reviewed here", sample=None, reader=reader, composer="extract")][
                -1
            ]
            for reader in ("sentence", "span")
        )
    page = visit(f"{serve(ferry_library)}/evaluate?run={new}&base={old}", ready=".compared")
    assert page.locator("#run input").input_value() == new
    page.reload()
    page.locator(".compared").wait_for()
    assert (
        page.locator("#run input").input_value(),
        page.locator("#base input").input_value(),
    ) == (new, old)
    page.locator("#base input").click()
    page.get_by_role("option", name=new).click()
    page.wait_for_function("!document.querySelector('.compared')")
    page.wait_for_function(f"location.search === '?run={new}'")


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_drafts_are_accepted_and_dropped(serve, visit, ferry_library, options):
    server = serve(ferry_library)
    page = visit(f"{server}/gold", ready="form.draft", **options)
    drafts = page.locator("form.draft")
    before = drafts.count()
    question = drafts.first.get_by_label("Question").input_value()
    drafts.first.get_by_role("button", name="Accept").click()
    page.get_by_text("Accepted.").wait_for()
    assert drafts.count() == before - 1
    page.goto(f"{server}/gold")
    page.get_by_text("Accepted questions (1)").wait_for()
    assert question in page.locator("section[aria-labelledby=accepted]").inner_text()
    gone = drafts.first.get_by_label("Question").input_value()
    left = drafts.count()
    drafts.first.get_by_role("button", name="Drop").click()
    page.wait_for_function(f"document.querySelectorAll('form.draft').length === {left - 1}")
    page.reload()
    assert gone not in [each.input_value() for each in drafts.get_by_label("Question").all()]
    page.get_by_role("button", name=f"Drop {question}").click()
    page.get_by_text("None yet.").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
