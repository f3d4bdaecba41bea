"""The panel for asking, as somebody sees it, points at it, and types into it."""

import re
from pathlib import Path

import pytest

from tests.browser.conftest import PHONE

LEAFLETS = "How many leaflets were dropped near al-Tanf, and over how long?"
SCREENSHOTS = Path(__file__).parents[2] / "docs"

# Of several parts, so that its answer takes a while on any machine.
LONG = (
    "How many leaflets were dropped near al-Tanf? Who leads the seismology team? Who was elected "
    "mayor of Greyhaven? What is the Bank of Corvania's key interest rate?"
)


def fits(page):
    """Whether nothing sticks out at the side."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_marker_shows_the_quotation_and_opens_the_exact_characters(demo, visit, ask):
    page = visit(demo)
    ask(page, LEAFLETS)
    quote = page.locator(".card blockquote").first.inner_text()
    assert "90,000 leaflets" in quote
    mark = page.locator("a.cite").first
    mark.hover()
    assert page.locator("#tip").inner_text().endswith(f"“{quote}”".strip("“”"))
    mark.click()
    cited = page.locator("#reader mark")
    cited.wait_for()
    assert cited.inner_text() == quote
    box, view = cited.bounding_box(), page.locator("#reader").bounding_box()
    assert view["y"] <= box["y"] < view["y"] + view["height"]
    assert page.locator(".card.current").count() == 1
    page.keyboard.press("Escape")
    assert not page.locator("#reader").is_visible()


def test_original_opens_at_the_quoted_words(demo, visit, ask):
    page = visit(demo)
    ask(page, LEAFLETS)
    link = page.locator(".card a.original").first.get_attribute("href")
    assert re.match(r"https://meridiandispatch\.example/\S+#:~:text=The%20United", link)


def test_example_is_asked_with_one_click(demo, visit):
    page = visit(demo)
    example = page.locator(".example").first
    question = example.inner_text()
    example.click()
    page.wait_for_selector("#now-asked .turn:not(#now)")
    assert page.locator(".question").inner_text() == question
    assert page.locator(".example").count() == 0


def test_abstention_says_what_was_searched(demo, visit, ask):
    page = visit(demo)
    ask(page, "Who won the 1998 World Cup?")
    said = page.locator(".abstained").inner_text()
    assert "None of the 44 articles" in said
    assert page.get_by_text("Nearest passages, not an answer").is_visible()
    page.get_by_text("What was searched").click()
    assert page.locator(".searched table").get_by_text("search by words").is_visible()


def test_where_to_look_is_changed_and_asked_again(demo, visit, ask):
    page = visit(demo)
    ask(page, LEAFLETS)
    page.get_by_role("button", name="Any date").click()
    assert page.locator("#question textarea").input_value() == LEAFLETS
    assert page.evaluate("document.activeElement.name") == "since"
    page.locator("#where input[name=since]").fill("2018-01-01")
    page.locator("#where .pill", has_text="Harbour Post").click()
    said = page.locator("#where-said .chip")
    assert said.all_inner_texts() == ["from 1 Jan 2018", "Harbour Post"]
    # The panel has an Ask of its own.
    page.locator("#where").get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_selector("#past .turn")
    page.wait_for_selector("#now-asked .turn:not(#now)")
    # It is over the answer no longer; what is set can still be seen.
    assert not page.locator("#where form").is_visible()
    assert page.get_by_role("button", name="Ask", exact=True).locator("visible=true").count() == 1
    assert page.evaluate("document.activeElement.closest('#where') !== null")
    assert said.all_inner_texts() == ["from 1 Jan 2018", "Harbour Post"]
    chips = page.locator("#now-asked .chips .chip").all_inner_texts()
    assert chips == ["From 1 Jan 2018", "Harbour Post"]
    outlets = set(page.locator("#now-asked .card .outlet").all_inner_texts())
    assert outlets <= {"Harbour Post"}


def test_what_a_part_does_not_answer_is_asked_everywhere_with_one_click(demo, visit, ask):
    page = visit(demo)
    page.get_by_text("Where to look").click()
    page.locator("#where input[name=since]").fill("2018-01-01")
    ask(page, LEAFLETS)
    assert "Only a part of the library" in page.locator("#now-asked .abstained").inner_text()
    page.locator("#now-asked .abstained").get_by_role("button", name="Look everywhere").click()
    page.locator("#now-asked .short").wait_for()
    assert "90,000" in page.locator("#now-asked .short").inner_text()
    assert page.locator("#where-said").inner_text() == "everywhere"


def test_follow_up_keeps_the_context_and_shows_what_was_searched(demo, visit, ask):
    page = visit(demo)
    ask(page, "Who was elected mayor of Greyhaven?")
    assert page.locator("#now-asked .short").inner_text() == "Leona Farquhar"
    ask(page, "When was she sworn in?")
    searched = page.locator("#now-asked .rewritten").inner_text()
    assert searched == "Searched as: When was Leona Farquhar sworn in?"
    assert page.locator("#past .turn").count() == 1
    ask(page, "How high did the water reach at Tanner's Weir?")
    assert page.locator("#now-asked .rewritten").count() == 0


def test_days_in_the_question_are_shown_and_can_be_ignored(demo, visit, ask):
    page = visit(demo)
    asked = "What did the Bank of Corvania do with its key rate in June 2024?"
    ask(page, asked)
    chip = page.locator("#now-asked .chip").first
    assert chip.inner_text() == "Preferred: 1 Jun 2024 to 30 Jun 2024 (“in June 2024”)"
    chip.click()
    assert page.locator("#where input[name=since]").input_value() == "2024-06-01"
    page.get_by_role("button", name="Look everywhere").click()
    page.locator("#where .pill", has_text="Use days in the question").click()
    assert page.locator("#where-said").inner_text() == "whatever days it names"
    ask(page, "What did the Bank of Corvania leave unchanged in June 2024?")
    assert not page.locator("#where form").is_visible()
    assert page.locator("#now-asked .chip").first.inner_text() == "Any date"


def test_answer_that_takes_too_long_is_stopped(held, visit):
    page = visit(held)
    page.locator("#question textarea").fill(LONG)
    page.locator("#question textarea").press("Enter")
    page.get_by_role("button", name="Stop").dispatch_event("click")
    page.get_by_text("Stopped.").wait_for()
    assert page.locator("#question textarea").input_value() == LONG
    assert page.locator("#question").get_by_role("button", name="Ask", exact=True).is_visible()


def test_feedback_is_taken(demo, visit, ask):
    page = visit(demo)
    ask(page, LEAFLETS)
    page.get_by_role("button", name="Wrong", exact=True).click()
    page.get_by_text("Thank you, kept.").wait_for()
    page.get_by_label("It should have been").fill("90,000 in two days")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("kept with your answer").wait_for()
    page.reload()
    page.locator("#past [data-verdict=wrong][aria-pressed=true]").wait_for()


def test_new_conversation_during_an_answer_begins_anew(held, visit, ask):
    page = visit(held)
    ask(page, "Who was elected mayor of Greyhaven?")
    page.locator("#question textarea").fill(LONG)
    page.keyboard.press("Enter")
    page.locator("#now").wait_for()
    with page.expect_response(lambda reply: reply.url.endswith("/cancel")):
        page.get_by_role("link", name="New conversation").click()
    page.wait_for_selector(".welcome")
    # Nobody types sooner than Gradio takes note of what was cancelled.
    page.wait_for_timeout(500)
    assert page.locator(".turn").count() == 0
    ask(page, "When was she sworn in?")
    assert page.locator("#past .turn").count() == 0
    assert page.locator("#now-asked .rewritten").count() == 0


def test_reload_loses_neither_conversation_nor_question(held, visit, ask):
    page = visit(held)
    ask(page, "Who was elected mayor of Greyhaven?")
    page.reload()
    page.wait_for_selector("#past .turn")
    assert page.locator("#past .short").inner_text() == "Leona Farquhar"
    ask(page, "When was she sworn in?")
    assert page.locator("#past .turn").count() == 1
    page.locator("#question textarea").fill(LONG)
    page.keyboard.press("Enter")
    page.locator("#now").wait_for()
    page.reload()
    page.wait_for_selector("#past .turn >> nth=1")
    assert page.locator("#question textarea").input_value() == LONG


def test_keyboard_alone_is_enough(demo, visit):
    page = visit(demo)
    page.wait_for_selector(".welcome")
    page.keyboard.press("/")
    page.keyboard.type(LEAFLETS)
    page.keyboard.press("Enter")
    page.wait_for_selector("#now-asked a.cite")
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('a.cite')"):
            break
    assert page.locator("#tip").is_visible()
    page.keyboard.press("Enter")
    page.locator("#reader mark").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('a.cite')")


def test_phone_has_the_sources_below_and_the_article_on_the_whole_screen(demo, visit, ask):
    page = visit(demo, **PHONE)
    assert fits(page)
    ask(page, LEAFLETS)
    assert fits(page)
    answer, card = (
        page.locator(".answer").bounding_box(),
        page.locator(".card").first.bounding_box(),
    )
    assert card["y"] > answer["y"] + answer["height"]
    page.locator("a.cite").first.tap()
    page.locator("#reader mark").wait_for()
    assert page.locator("#reader").bounding_box()["width"] == 390
    page.get_by_role("button", name="Close the article").tap()
    page.locator("a.cite").first.tap()
    page.locator("#reader mark").wait_for()
    page.go_back()
    assert not page.locator("#reader").is_visible()
    assert page.locator("#now-asked .turn").count() == 1
    page.get_by_role("tab", name="Library").tap()
    page.wait_for_selector("table.articles")
    assert fits(page)


def brightness(page, place):
    colour = page.locator(place).first.evaluate("at => getComputedStyle(at).backgroundColor")
    return sum(int(part) for part in re.findall(r"\d+", colour)[:3]) / 3


def test_dark_and_light_follow_the_system_and_the_button(demo, visit, ask):
    page = visit(demo, color_scheme="dark")
    ask(page, LEAFLETS)
    assert brightness(page, "body") < 60
    assert brightness(page, ".card") < 60
    page.get_by_role("button", name="Light or dark").click()
    assert brightness(page, "body") > 200
    page.reload()
    page.wait_for_selector("#question textarea")
    assert brightness(page, "body") > 200


def test_attack_article_runs_nothing_and_breaks_nothing(demo, visit, ask):
    page = visit(demo)
    ask(page, "What does the blue heron of Quillmere weigh?")
    page.locator("a.cite").first.hover()
    assert "Attacker" in page.locator("#tip").inner_text()
    page.locator("a.cite").first.click()
    page.locator("#reader mark").wait_for()
    assert "Watchers of birds say" in page.locator("#reader .text").inner_text()
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Library").click()
    page.get_by_label("Search titles and texts").fill("heron")
    page.get_by_role("tab", name="Ask").click()
    assert page.evaluate("typeof hacked") == "undefined"
    assert page.locator("#question textarea").is_visible()
    assert fits(page)


def test_two_browsers_at_once_keep_to_themselves(demo, visit):
    questions = [LEAFLETS, "Who leads the seismology team?"]
    pages = [visit(demo) for _ in questions]
    for page, question in zip(pages, questions, strict=True):
        page.locator("#question textarea").fill(question)
        page.locator("#question textarea").press("Enter")
    for page, question in zip(pages, questions, strict=True):
        page.wait_for_selector("#now-asked .turn:not(#now)")
        assert page.locator(".question").all_inner_texts() == [question]


WATCH = """() => {
    window.seen = {};
    document.addEventListener("keydown", (event) => {
        if (event.key === "Enter") seen.enter ??= performance.now();
    }, true);
    new MutationObserver(() => {
        if (document.querySelector("#now .card")) seen.hits ??= performance.now() - seen.enter;
        if (document.querySelector("#now-asked .statement, #now-asked .draft")) {
            seen.text ??= performance.now() - seen.enter;
        }
    }).observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
}"""


def test_passages_are_shown_before_the_answer(demo, visit, record_property):
    page = visit(demo)
    page.wait_for_selector(".example")
    page.evaluate(WATCH)
    page.locator("#question textarea").fill(LEAFLETS)
    page.keyboard.press("Enter")
    page.wait_for_function("window.seen.text")
    passages, text = page.evaluate("seen.hits"), page.evaluate("seen.text")
    record_property("first passages and text, ms", f"{passages:.0f}, {text:.0f}")
    assert passages <= text


def test_question_stays_in_sight_however_long_the_conversation(demo, visit, ask):
    page = visit(demo, viewport={"width": 1280, "height": 500})
    ask(page, LEAFLETS)
    ask(page, "Who leads the seismology team?")
    page.evaluate("scrollTo(0, 0)")
    box = page.locator("#question").bounding_box()
    assert box["y"] + box["height"] <= 500


@pytest.mark.parametrize(
    ("name", "question", "options"),
    [
        ("ask", "What is the Bank of Corvania's key interest rate?", {}),
        ("phone", LEAFLETS, PHONE),
    ],
)
def test_screenshots_for_the_readme(demo, visit, ask, tmp_path, name, question, options):
    page = visit(demo, **options)
    ask(page, question)
    page.evaluate("document.activeElement.blur()")
    # The scrolling into view ends.
    page.wait_for_timeout(500)
    if not options:
        page.evaluate("scrollTo(0, 0)")
        page.locator("a.cite").first.hover()
    made = page.screenshot(path=tmp_path / f"screenshot-{name}.png")
    kept = SCREENSHOTS / f"screenshot-{name}.png"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(made)
    assert len(made) < 300_000
