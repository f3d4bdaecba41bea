"""The table of articles as a tool: its address, its order, its filters, what is selected."""

import json

import pytest

from ingest import ingest
from qa.build import open_library
from tests.browser.conftest import LOOKS, PHONE
from tests.browser.test_accessibility import axe, faults  # noqa: F401
from tests.browser.test_ask import fits


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """120 articles of two outlets, every tenth undated, one with a long name."""
    folder = tmp_path_factory.mktemp("many")
    rows = [
        {
            "id": f"a{n}",
            "title": f"Report {n:03} " + "on the harbour and its piers " * 9 * (n == 7),
            "text": f"Crane number {n} of the harbour lifts {'tea' if n % 2 else 'salt'}.",
            "source": "Harbour Post" if n % 3 else "Northern Wire",
            "published": f"2024-01-{n % 28 + 1:02}" if n % 10 else "",
        }
        for n in range(120)
    ]  # fmt: skip
    (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert ingest([folder / "rows.jsonl"], library=folder / "library").added == 120
    return folder / "library"


@pytest.fixture(scope="module")
def served(serve, many):
    return serve(many)


@LOOKS
def test_list_is_sorted_filtered_and_paged_by_its_address(served, visit, faults, options):  # noqa: F811
    page = visit(f"{served}/library?sort=title&order=asc", ready="table.articles", **options)
    status = page.locator(".listing-bar [role=status]")
    assert status.inner_text() == "1 to 50 of 120"
    assert page.locator(".articles tbody tr").first.inner_text().strip().startswith("Report 000")
    page.get_by_role("link", name="Next").click()
    page.wait_for_url("**page=2")
    page.get_by_role("link", name="Last").click()
    page.get_by_text("Page 3 of 3").wait_for()
    assert page.get_by_role("link", name="Next").count() == 0
    page.get_by_text("Filter", exact=True).click()
    page.locator(".filter-box .pill", has_text="Northern Wire").click()
    page.wait_for_function("document.querySelector('.listing-bar p').innerText.endsWith('of 40')")
    assert "outlet=Northern" in page.url
    assert "page=" not in page.url
    page.reload()
    page.wait_for_selector("table.articles")
    assert status.inner_text() == "1 to 40 of 40"
    page.go_back()
    page.get_by_text("Page 3 of 3").wait_for()
    page.goto(f"{served}/library?q=harbour+piers")
    page.get_by_text("1 to 1 of 1").wait_for()
    # Until its figures come, Gradio shows an empty chart of its own.
    page.wait_for_selector("#coverage .js-plotly-plot .bars")
    assert faults(page) == []
    assert fits(page)


def test_list_on_a_phone_has_two_lines_each(served, visit):
    page = visit(f"{served}/library", ready="table.articles", **PHONE)
    heights = page.eval_on_selector_all(
        ".articles tbody tr", "rows => rows.map(row => row.getBoundingClientRect().height)"
    )
    assert max(heights) < 75
    assert fits(page)


def test_selected_articles_are_edited_and_removed(served, visit, many, faults):  # noqa: F811
    page = visit(f"{served}/library?q=007", ready="table.articles")
    page.get_by_text("1 to 1 of 1").wait_for()
    page.get_by_label("Select Report 007").check()
    page.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog", name="Edit this article")
    assert faults(page) == []
    dialog.get_by_label("Title").fill("Report 007, the short one")
    dialog.get_by_label("Author").fill("Ilse Moor")
    dialog.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Report 007, the short one").wait_for()
    assert page.get_by_text("edited", exact=True).count() == 1
    page.goto(f"{served}/library?since=2024-01-02&until=2024-01-02")
    page.get_by_text("1 to 5 of 5").wait_for()
    page.get_by_label("Select all on this page").check()
    page.get_by_text("5 selected").wait_for()
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("No article matches.").wait_for()
    assert page.get_by_text("5 articles removed.").is_visible()
    page.locator("#health").get_by_text("115 articles").wait_for()
    with open_library(many) as library:
        assert library.counts()["articles"] == 115


def test_article_is_edited_on_its_page_and_beside_an_answer(served, visit, ask):
    page = visit(f"{served}/a/a20", ready=".text")
    page.get_by_text("Edit", exact=True).click()
    page.get_by_label("Author").fill("Ilse Moor")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("by Ilse Moor").first.wait_for()
    page.get_by_text("Edits (1)").click()
    assert page.get_by_text("Author: “unknown” became “Ilse Moor”").is_visible()
    page.goto(served)
    ask(page, "What does crane number 21 lift?")
    page.locator("a.cite").first.click()
    reader = page.locator("#reader")
    reader.get_by_text("Edit", exact=True).click()
    reader.get_by_label("Title").fill("")
    reader.get_by_role("button", name="Save").click()
    reader.get_by_text("needs a title").wait_for()
    reader.get_by_label("Title").fill("Report of the crane")
    reader.get_by_role("button", name="Save").click()
    reader.get_by_role("heading", name="Report of the crane").wait_for()


def test_list_shows_at_once_what_was_edited_beside_it(served, visit):
    page = visit(f"{served}/library?q=crane+number+31", ready="table.articles")
    page.get_by_role("link", name="Report 031").click()
    reader = page.locator("#reader")
    assert not reader.get_by_role("link", name="Back to the library").is_visible()
    reader.get_by_text("Edit", exact=True).click()
    reader.get_by_label("Outlet").fill("Pier Gazette")
    reader.get_by_role("button", name="Save").click()
    page.locator("table.articles").get_by_text("Pier Gazette").wait_for()
    assert page.locator("table.articles tbody tr").count() == 1
    page.keyboard.press("Escape")
    page.wait_for_url("**/library?q=crane+number+31")


def test_list_is_exported(served, visit):
    page = visit(f"{served}/library?outlet=Northern+Wire", ready="table.articles")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export as CSV").click()
    lines = download.value.path().read_text("utf-8").splitlines()
    assert len(lines) > 30
    assert all("Northern Wire" in line for line in lines[1:])


def test_filtered_list_becomes_a_collection_that_is_asked(served, visit):
    page = visit(f"{served}/library?outlet=Harbour+Post", ready="table.articles")
    page.get_by_role("button", name="Put into a collection").click()
    dialog = page.get_by_role("dialog", name="Put into a collection")
    dialog.get_by_label("Name").fill("Harbour")
    colour = "each => getComputedStyle(each).backgroundColor"
    listed, rule = (dialog.locator(f"[name=what][value={each}]") for each in ("listed", "rule"))
    assert listed.evaluate(colour) != rule.evaluate(colour)
    dialog.get_by_label("What the filters let in, now and later").check()
    dialog.get_by_role("button", name="Put in").click()
    dialog.wait_for(state="hidden")
    page.get_by_text("Put into the collection “Harbour”.").wait_for()
    page.goto(f"{served}/library?collection=Harbour")
    page.get_by_role("button", name="Delete this collection").wait_for()
    assert "unknown" not in page.locator("table.articles").inner_text()
    page.goto(served)
    page.get_by_text("Where to look").click()
    page.locator("#where .pill", has_text="Harbour").last.click()
    assert "Harbour" in page.locator("#where-said").inner_text()


@LOOKS
def test_article_story_and_digest_can_be_used_by_everybody(served, visit, faults, options):  # noqa: F811
    page = visit(f"{served}/a/a12", ready=".text", **options)
    assert page.get_by_text("Its id is").is_visible()
    assert faults(page) == []
    page.get_by_role("link", name="The story").click()
    page.locator(".story").wait_for()
    assert faults(page) == []
    assert fits(page)
    page.get_by_role("link", name="Back to the library").click()
    page.locator("table.articles").wait_for()
    page.goto(f"{served}/digest")
    page.get_by_label("Question to keep asking").fill("What does crane number 12 lift?")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="What does crane number 12 lift?").first.wait_for()
    assert faults(page) == []
    assert fits(page)
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="Delete").first.click()
    assert asked == ["Delete the question “What does crane number 12 lift?” with its answers?"]
    page.reload()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete").first.click()
    page.get_by_text("No question is saved").wait_for()
