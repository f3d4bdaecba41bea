"""Addresses of conversations, answers, articles and panels; the panel of conversations."""

import re
from datetime import date

import pytest

from qa.build import open_library
from qa.library.conversations import begin, conversations, keep
from qa.records.answer import Answer, Hit, Statement
from tests.browser.conftest import LOOKS, PHONE
from tests.browser.test_accessibility import axe, faults  # noqa: F401
from tests.browser.test_ask import LEAFLETS, fits

SEISMOLOGY = "Who leads the seismology team?"
WIDTHS = pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])


def conversation_panel(page):
    """The panel of conversations; on a phone it is opened first."""
    if page.locator("#side-open").is_visible():
        page.locator("#side-open").click()
    panel = page.get_by_role("navigation", name="Conversations")
    panel.locator("#listed .listed").wait_for()
    return panel


def is_at_top(page, turn):
    """Whether an answer is brought to the top of the window."""
    return page.wait_for_function(
        "turn => Math.abs(document.querySelector(turn)?.getBoundingClientRect().top ?? 999) < 60",
        arg=turn,
    )


@WIDTHS
def test_answer_has_an_address_that_back_forward_and_reload_lead_to(demo, visit, ask, options):
    page = visit(demo, **options)
    ask(page, LEAFLETS)
    page.wait_for_url(re.compile("/c/[0-9a-f]{16}#q1$"))
    ask(page, SEISMOLOGY)
    page.wait_for_url("**#q2")
    conversation = page.url
    page.get_by_role("tab", name="Library").click()
    page.wait_for_url("**/library")
    page.go_back()
    page.wait_for_url(conversation)
    assert page.locator(".turn").count() == 2
    page.reload()
    page.wait_for_selector("#past .turn >> nth=1")
    assert page.url == conversation
    other = visit(conversation.replace("#q2", "#q1"), ready="#past .turn", **options)
    is_at_top(other, "#q1")
    other.goto(demo)
    other.wait_for_selector(".welcome")
    assert other.locator(".turn").count() == 0


def test_answer_on_paper_has_its_address_and_the_day(demo, visit, ask):
    page = visit(demo, locale="de-DE")
    ask(page, LEAFLETS)
    page.wait_for_url("**#q1")
    printed = page.locator("#now-asked .printed")
    assert printed.is_hidden()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert re.fullmatch(
        rf"Gedruckt am \d+\. \w+ {date.today().year} von {re.escape(page.url)}",
        printed.inner_text(),
    )


@WIDTHS
def test_article_has_an_address_with_its_characters(demo, visit, ask, options):
    page = visit(demo, **options)
    ask(page, LEAFLETS)
    page.wait_for_url("**#q1")
    answer, quote = page.url, page.locator(".card blockquote").first.inner_text()
    page.locator("a.cite").first.click()
    page.locator("#reader mark").wait_for()
    address = page.url
    assert re.search(r"/a/[^/]+\?seal=[0-9a-f]{8}#\d+-\d+$", address)
    page.go_back()
    page.wait_for_url(answer)
    assert not page.locator("#reader").is_visible()
    page.go_forward()
    page.locator("#reader mark").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_url(answer)
    alone = visit(address, ready="#cited", **options)
    assert alone.locator("#cited").inner_text() == quote
    assert fits(alone)


def test_library_with_its_search_has_an_address(demo, visit):
    page = visit(f"{demo}/library?q=moonquakes", ready="table.articles")
    page.get_by_text("1 to 1 of 1").wait_for()
    page.get_by_label("Search titles and texts").fill("bank")
    page.wait_for_url("**/library?q=bank")
    page.reload()
    page.get_by_text(re.compile("1 to [2-9] of [2-9]")).wait_for()


@pytest.mark.parametrize(
    "path", ["/c/nothing", "/c/0123456789abcdef", "/c/..%2f..%2fetc", "/a/nothing", "/a/%00"]
)
def test_address_of_nothing_says_so(demo, browser, path):
    context = browser.new_context()
    reply = context.request.get(demo + path, headers={"accept": "text/html"})
    assert reply.status in (400, 404)
    assert "etc" not in reply.text()
    context.close()


@LOOKS
def test_conversation_of_somebody_else_can_be_read(
    demo, demo_library, visit, faults, options  # noqa: F811
):  # fmt: skip
    with open_library(demo_library) as library:
        article = next(library.article(e.id) for e in library.summaries() if "leaflets" in e.title)
        start = article.text.index("90,000 leaflets")
        cited = article.passage(0, len(article.text)).cite(start, start + 15)
        statement = Statement("Some 90,000 leaflets.", (cited,), "verified")
        shared = begin(library, LEAFLETS, owner="ada")
        hit = Hit(article.passage(0, len(article.text)), 1.0, {"words": 1})
        keep(
            library,
            shared.id,
            Answer(LEAFLETS, "", (statement,), (hit,), 0.9, abstained=False),
            owner="ada",
        )
    page = visit(f"{demo}/c/{shared.id}", ready=".turn", **options)
    assert "90,000 leaflets" in page.locator(".answer").inner_text()
    assert page.get_by_role("button").count() == 0
    assert fits(page)
    assert faults(page) == []
    page.locator("a.cite").first.click()
    page.locator("#cited").wait_for()


@LOOKS
def test_conversations_are_searched_renamed_and_deleted_in_place(
    demo, visit, ask, faults, options  # noqa: F811
):  # fmt: skip
    page = visit(demo, **options)
    ask(page, SEISMOLOGY)
    page.wait_for_url("**#q1")
    conversation = page.url.partition("#")[0].rpartition("/")[2]
    panel = conversation_panel(page)
    assert panel.get_by_role("heading", name="Today").is_visible()
    # By a word of the answer.
    panel.get_by_label("Search conversations").fill("vollmer")
    line = panel.locator(f"[data-conversation='{conversation}']")
    line.wait_for()
    assert faults(page) == []
    line.locator("summary").click()
    # Nothing of the menu is cut off, however short the list.
    for each in line.locator(".menu a, .menu button").all():
        assert each.evaluate(
            """(item) => {
                const { x, y, width, height } = item.getBoundingClientRect();
                return item.contains(document.elementFromPoint(x + width / 2, y + height / 2));
            }"""
        )
    with page.expect_download() as download:
        line.get_by_role("link", name="Export Markdown").click()
    assert "[^1]:" in download.value.path().read_text("utf-8")
    line.get_by_role("button", name="Rename").click()
    line.get_by_label("Title").fill("Moonquakes")
    page.keyboard.press("Enter")
    line.get_by_role("link", name="Moonquakes").wait_for()
    assert fits(page)
    line.locator("summary").click()
    page.once("dialog", lambda asked: asked.dismiss())
    line.get_by_role("button", name="Delete").click()
    assert line.count() == 1
    page.once("dialog", lambda asked: asked.accept())
    line.get_by_role("button", name="Delete").click()
    page.wait_for_selector(".welcome", state="attached")
    assert line.count() == 0
    assert page.url == f"{demo}/"


@WIDTHS
def test_conversation_is_gone_on_with(demo, visit, ask, options):
    page = visit(demo, **options)
    ask(page, "Who was elected mayor of Greyhaven?")
    page.wait_for_url("**#q1")
    path = page.url.removeprefix(demo).partition("#")[0]
    conversation_panel(page).get_by_role("link", name="New conversation").click()
    page.wait_for_selector(".welcome")
    assert page.url == f"{demo}/"
    conversation_panel(page).locator(f"a[href='{path[1:]}']").click()
    page.wait_for_selector("#past .turn")
    ask(page, "When was she sworn in?")
    assert page.locator("#past .turn").count() == 1
    page.wait_for_url("**#q2")


def test_conversation_with_hostile_words_is_listed_as_words(demo, demo_library, visit):
    title = "<img src=x onerror=hacked=3>\"'"
    with open_library(demo_library) as library:
        begin(library, title)
        assert title in {each.title for each in conversations(library)}
    page = visit(demo)
    conversation_panel(page).get_by_role("link", name=title).wait_for()
    assert page.evaluate("typeof hacked") == "undefined"
