"""Asking without a look at the screen, without a mouse, and while an answer comes."""

import pytest

from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import axe, faults  # noqa: F401
from tests.browser.test_addresses import LOOKS, WIDTHS, is_at_top
from tests.browser.test_ask import LEAFLETS, LONG, fits

SEISMOLOGY = "Who leads the seismology team?"
HEARD = """() => {
    window.heard = [];
    new MutationObserver(() => heard.push(document.querySelector("#live").textContent))
        .observe(document.querySelector("#live"), { childList: true });
}"""


def test_screen_reader_hears_each_step_and_the_answer(demo, visit, ask):
    page = visit(demo)
    page.evaluate(HEARD)
    ask(page, LEAFLETS)
    heard = page.evaluate("heard")
    assert heard[0] == "Searching"
    assert heard[1].endswith(" passages found")
    assert "90,000 leaflets" in heard[-1]
    assert "[1]" not in heard[-1]
    ask(page, "Who won the 1998 World Cup?")
    assert page.evaluate("heard").pop().startswith("No answer found in the articles None of the")


@WIDTHS
def test_answer_comes_to_the_top_and_the_composer_stays(demo, visit, ask, options):
    page = visit(demo, **options)
    ask(page, LEAFLETS)
    is_at_top(page, "#now-asked .turn")
    composer = page.locator("#question").bounding_box()
    ask(page, SEISMOLOGY)
    is_at_top(page, "#now-asked .turn")
    # Pixels have fractions.
    assert abs(page.locator("#question").bounding_box()["y"] - composer["y"]) < 1


@LOOKS
def test_question_waits_in_sight_while_another_runs(held, visit, faults, options):  # noqa: F811
    page = visit(held, **options)
    box = page.locator("#question textarea")
    box.fill(LONG)
    box.press("Enter")
    page.locator("#now").wait_for()
    # The box is emptied together with that.
    page.get_by_role("button", name="Stop").wait_for()
    box.fill(SEISMOLOGY)
    box.press("Enter")
    page.get_by_text(f"Next: {SEISMOLOGY}").wait_for()
    box.fill("What does the blue heron weigh?")
    # The Ask of the panel waits in the same way.
    page.get_by_text("Where to look").click()
    page.locator("#where").get_by_role("button", name="Ask", exact=True).click()
    assert not page.locator("#where form").is_visible()
    page.get_by_label("Do not ask: What does the blue heron weigh?").click()
    assert page.locator("#waiting li").count() == 1
    stop = page.get_by_role("button", name="Stop").bounding_box()
    width, height = page.viewport_size["width"], page.viewport_size["height"]
    assert stop["x"] + stop["width"] <= width
    assert stop["y"] + stop["height"] <= height
    assert fits(page)
    assert faults(page) == []
    box.press("Escape")
    page.get_by_text("Stopped.").wait_for()
    assert box.input_value() == LONG
    # Once another question has its answer, it is its turn.
    box.fill(LEAFLETS)
    box.press("Enter")
    page.wait_for_function(
        "said => document.querySelector('#now-asked .turn:not(#now) .question')"
        "?.textContent === said",
        arg=SEISMOLOGY,
    )
    assert page.locator("#waiting li").count() == 0


def test_last_question_comes_back_with_an_arrow(demo, visit, ask):
    page = visit(demo)
    ask(page, LEAFLETS)
    page.locator("#question textarea").press("ArrowUp")
    assert page.locator("#question textarea").input_value() == LEAFLETS


def test_tabs_are_changed_with_arrows(demo, visit):
    page = visit(demo)
    page.get_by_role("tab", name="Ask").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/library")
    page.keyboard.press("End")
    page.wait_for_url("**/evaluate")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"{demo}/")


@LOOKS
def test_keys_are_listed(demo, visit, faults, options):  # noqa: F811
    page = visit(demo, **options)
    page.wait_for_selector(".welcome")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keyboard shortcuts").is_visible()
    assert fits(page)
    assert faults(page) == []
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()


def test_answer_is_copied_with_its_sources_linked_edited_and_asked_again(demo, visit, ask):
    page = visit(demo, permissions=["clipboard-read", "clipboard-write"])
    ask(page, LEAFLETS)
    page.wait_for_url("**#q1")
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_text("Copied, with its sources.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(LEAFLETS)
    assert "[1] The Meridian Dispatch, 2017-06-01" in copied
    assert "https://meridiandispatch.example/" in copied
    page.locator("a[data-link]").click()
    page.get_by_text("Link copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.get_by_role("button", name="Edit question").click()
    assert page.locator("#question textarea").input_value() == LEAFLETS
    page.locator("#question textarea").fill("")
    page.get_by_role("button", name="Ask again").click()
    page.wait_for_selector("#q2")
    assert page.locator(".question").all_inner_texts() == [LEAFLETS, LEAFLETS]


@LOOKS
def test_where_to_look_can_be_used_by_everybody(demo, visit, faults, options):  # noqa: F811
    page = visit(demo, **options)
    page.get_by_text("Where to look").click()
    form = page.locator("#where form")
    assert form.get_by_text("For the next question.").is_visible()
    assert fits(page)
    assert faults(page) == []
    form.get_by_label("Search outlets").fill("harbour")
    page.wait_for_function("document.querySelectorAll('.outlets label:not([hidden])').length < 4")
    form.get_by_text("Harbour Post", exact=True).click()
    form.get_by_label("Search outlets").fill("unknown")
    form.get_by_text("Unknown outlet", exact=True).click()
    form.get_by_text("Undated articles too").click()
    said = page.locator("#where-said .chip").all_inner_texts()
    assert said == ["undated too", "Harbour Post", "unknown outlet"]
    assert faults(page) == []


def test_print_has_the_answer_and_its_sources_with_addresses_alone(demo, visit, ask):
    page = visit(demo)
    page.get_by_text("Where to look").click()
    page.locator("#where input[name=since]").fill("2016-01-01")
    ask(page, LEAFLETS)
    assert not page.locator("p.on-paper").is_visible()
    page.emulate_media(media="print")
    assert page.locator("p.on-paper").inner_text() == "From 1 Jan 2016"
    assert page.locator("p.on-paper").is_visible()
    for part in (".banner", "#side", "#composer", ".feedback", ".actions", ".chips", ".searched"):
        assert not page.locator(part).first.is_visible(), part
    assert page.get_by_role("tab").locator("visible=true").count() == 0
    assert page.locator(".answer").is_visible()
    assert page.locator(".card .address").first.inner_text().startswith("https://meridiandispatch")
    # Browsers print no backgrounds.
    number = page.locator(".card .number").first
    assert number.evaluate("each => getComputedStyle(each).color") == "rgb(0, 0, 0)"


@LOOKS
def test_first_visit_says_what_this_is(serve, visit, faults, options, tmp_path):  # noqa: F811
    page = visit(serve(tmp_path / "new"), **options)
    first = page.locator("#first-visit")
    first.get_by_role("heading", name="This library is empty").wait_for()
    assert first.get_by_text("What an answer looks like").is_visible()
    assert ".docx" in first.inner_text()
    assert fits(page)
    assert faults(page) == []


@pytest.mark.parametrize("options", [PHONE], ids=["phone"])
def test_question_asked_in_an_empty_library_is_told_that_it_is_empty(
    serve, visit, ask, options, tmp_path
):
    page = visit(serve(tmp_path / "new"), **options)
    ask(page, LEAFLETS)
    assert "The library is empty" in page.locator("#now-asked .abstained").inner_text()
