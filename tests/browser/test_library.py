"""The first visit, the panel for the collection and the one for measuring, and logging in."""

import gzip
import json
import shutil
import zipfile
from dataclasses import replace

import docx
import pytest

from ingest import ingest
from ingest.subscriptions.refresh import subscribe
from qa.build import open_library
from qa.library.subscriptions import save_subscription, subscriptions
from qa.library.users import keep_user
from tests.browser.conftest import DEMO
from tests.feed_server import feed_server
from tests.ingest.web import feed
from ui.guard.access import hash_of

TEXT = "The lake of Quillmere froze in January 1929. Skaters crossed it for eleven days."


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A library of one article, to be changed."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "lake.txt").write_text(TEXT)
    ingest([folder / "lake.txt"], library=folder / "library")
    return folder / "library"


@pytest.fixture(scope="module")
def served(serve, small):
    return serve(small)


@pytest.fixture
def files(tmp_path):
    """One of each kind, each with another sentence, and one that is damaged."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "plain.txt").write_text("The kiln at Orrin burns beech wood only.")
    (folder / "marked.md").write_text("# Kiln\n\nThe kiln at Orrin was lit in 1871.")
    (folder / "page.html").write_text(
        "<html><head><title>Ferry</title></head><body><article><h1>Ferry</h1><p>The ferry to "
        "Skerry sails at noon from the eastern pier, as it has done since the spring of 1954, "
        "when the harbour was rebuilt.</p></article></body></html>"
    )
    (folder / "rows.jsonl").write_text(
        json.dumps({"title": "Bees", "text": "Bees sleep at night."})
    )
    (folder / "table.csv").write_text("title,text\nOwls,Owls fly without a sound.\n")
    document = docx.Document()
    document.add_paragraph("The mill at Thornby grinds rye on Mondays.")
    document.save(str(folder / "letter.docx"))
    with zipfile.ZipFile(folder / "packed.zip", "w") as archive:
        archive.writestr("inside.txt", "The clock of Haverleigh has one hand.")
    (folder / "one.json").write_text(json.dumps({"title": "Moths", "text": "Moths like sugar."}))
    (folder / "squeezed.txt.gz").write_bytes(gzip.compress(b"The bell of Orrin is cracked."))
    (folder / "feed.xml").write_text(
        "<rss version='2.0'><channel><title>Harbour Post</title><item><title>Buoy</title>"
        "<link>https://harbour.example/buoy</link><description>The red buoy off Skerry broke "
        "loose.</description></item></channel></rss>"
    )
    shutil.copy(DEMO / "documents" / "kestrel-2-first-results.pdf", folder / "probe.pdf")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 this is none")
    return sorted(str(path) for path in folder.iterdir())


def open_tab(page, name):
    page.get_by_role("tab", name=name).click()


def test_first_visit_loads_the_demo_with_one_button(serve, visit, ask, tmp_path):
    page = visit(serve(tmp_path / "new"))
    page.get_by_role("button", name="Load the demo collection").click()
    page.wait_for_selector(".welcome")
    assert "Ask 43 articles" in page.locator(".welcome").inner_text()
    assert page.locator(".example").count() == 4
    ask(page, "Who leads the seismology team?")
    assert "Henrike Vollmer" in page.locator(".answer").inner_text()


def test_first_visit_takes_files_too(serve, visit, ask, tmp_path):
    given = {"lake.txt": TEXT.encode(), "noise.docx": bytes(range(256))}
    for name, content in given.items():
        (tmp_path / name).write_bytes(content)
    page = visit(serve(tmp_path / "new"))
    page.get_by_role("button", name="Load the demo collection").wait_for()
    files = page.locator("#first-files input[type=file]")
    files.set_input_files([str(tmp_path / name) for name in given])
    page.wait_for_selector(".welcome")
    # The drop zone is gone, what failed and why is not.
    assert not files.is_visible()
    assert "noise.docx" in page.locator("#first-taken .failed").inner_text()
    ask(page, "When did the lake of Quillmere freeze?")
    assert "1929" in page.locator(".answer").inner_text()
    assert page.locator("#first-taken .intake").count() == 0


def test_files_go_in_with_a_reason_for_each_that_fails_and_out_again(served, visit, small, files):
    page = visit(served)
    open_tab(page, "Library")
    page.wait_for_selector("table.articles")
    page.locator("#files input[type=file]").set_input_files(files)
    # Failures are told as they happen; at the end, how many articles came of it all.
    page.get_by_text("articles added").wait_for()
    assert page.locator("#outcome .taken").count() == 11
    failed = page.locator("#outcome .failed").inner_text()
    assert "broken.pdf: failed" in failed
    assert "/tmp" not in failed
    page.get_by_text("1 to 12 of 12").wait_for()

    page.get_by_label("Search titles and texts").fill("owls")
    page.get_by_text("1 to 1 of 1").wait_for()
    page.get_by_role("link", name="Owls", exact=True).click()
    assert "Owls fly without a sound." in page.locator("#reader .text").inner_text()
    page.keyboard.press("Escape")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_label("Select Owls").check()
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("No article matches").wait_for()
    with open_library(small) as library:
        assert "Owls" not in {each.title for each in library.summaries()}


def test_addresses_that_lead_nowhere_are_explained(served, visit):
    page = visit(served)
    open_tab(page, "Library")
    page.get_by_label("Addresses of pages or feeds").fill("/etc/passwd")
    page.get_by_role("button", name="Fetch").click()
    page.get_by_text("no address of the web").wait_for()
    page.get_by_label("Addresses of pages or feeds").fill("http://127.0.0.1:9/feed.xml")
    page.get_by_role("button", name="Fetch").click()
    page.locator("#outcome .failed").wait_for()


def test_articles_of_a_source_appear_by_themselves(serve, visit, tmp_path):
    entries = [("ferry", "The ferry to Skerry sails at noon."), ("owl", "Owls fly at night.")]
    with feed_server() as site:
        site.pages["/feed.xml"] = feed(entries[0])
        page = visit(serve(tmp_path / "new"))
        page.get_by_text("This library is empty").wait_for()
        with open_library(tmp_path / "new") as library:
            subscribe(library, f"{site.address}/feed.xml", "30m", allow_private=True)
            page.get_by_text("Ask 1 article").wait_for()
            open_tab(page, "Library")
            page.get_by_text("1 to 1 of 1").wait_for()
            page.get_by_text("1 added, 0 updated, 0 unchanged").wait_for()
            site.pages["/feed.xml"] = feed(*entries)
            # As if half an hour were over.
            (source,) = subscriptions(library)
            save_subscription(library, replace(source, due=source.added))
            page.get_by_text("1 to 2 of 2").wait_for()
            page.get_by_text("1 added, 0 updated, 1 unchanged").wait_for()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove the source").click()
    page.locator("#sources li").wait_for(state="detached")
    page.get_by_text("1 to 2 of 2").wait_for()


def test_source_that_cannot_be_is_explained(served, visit):
    page = visit(served)
    open_tab(page, "Library")
    form = page.locator(".source-form")
    form.get_by_label("Source to read again and again").fill("http://127.0.0.1/feed.xml")
    form.get_by_role("button").click()
    page.get_by_text("is at the private address 127.0.0.1").wait_for()
    assert "only the command line visits it, with --allow-private" in form.inner_text()
    form.get_by_label("every").fill("5 bananas")
    form.get_by_label("Source to read again and again").fill("https://news.example/feed.xml")
    form.get_by_role("button").click()
    page.get_by_text("'5 bananas' is no interval").wait_for()


def test_fields_of_a_source_look_alike_by_night(served, visit):
    page = visit(served, color_scheme="dark")
    open_tab(page, "Library")
    fields = page.locator(".source-form input")
    fields.first.wait_for()
    looks = fields.evaluate_all(
        "all => all.map(each => getComputedStyle(each))"
        ".map(look => look.backgroundColor + look.color)"
    )
    assert len(looks) == 3
    assert len({*looks}) == 1


def test_library_tells_its_health_and_coverage(demo, visit):
    page = visit(demo)
    open_tab(page, "Library")
    page.get_by_text("✓ healthy").wait_for()
    page.wait_for_selector("#coverage .js-plotly-plot .bars")
    open_rows = page.locator("table.articles tbody tr").count()
    assert open_rows == 44


def test_answers_are_measured_and_compared(serve, visit, tmp_path):
    ingest([DEMO], library=tmp_path / "measured")
    page = visit(serve(tmp_path / "measured"))
    open_tab(page, "Evaluate")
    page.wait_for_function("document.querySelector('#gold input')?.value === 'Demo questions'")
    for reader in ("the trained reader", "no model: whole sentences"):
        page.locator("#sample input[type=number]").fill("5")
        page.locator("#sample input[type=number]").press("Tab")
        page.locator("#reader-choice input").click()
        page.get_by_role("option", name=reader, exact=True).click()
        before = page.locator("#run input").input_value()
        page.get_by_role("button", name="Measure").click()
        page.wait_for_function(
            "before => (document.querySelector('#run input')?.value ?? before) !== before",
            arg=before,
        )
    report = page.frame_locator("#report iframe")
    report.get_by_role("heading", name="Headline").wait_for()
    report.get_by_role("button", name="wrong", exact=True).click()
    assert "of 5 questions" in report.locator("#count").inner_text()
    page.locator("#base input").click()
    page.get_by_role("option").last.click()
    page.locator("#compared table").first.wait_for()
    assert "exact_match" in page.locator("#compared").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="the run").click()
    assert len(json.loads(download.value.path().read_text("utf-8"))["items"]) == 5


def test_reader_logs_in_asks_and_changes_nothing(served, visit, ask, small):
    # From now on one has to log in, without the server being started anew.
    with open_library(small) as library:
        keep_user(library, "ada", "reader", hash_of("correct horse"))
    page = visit(served, ready=".login")
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_selector("#question textarea")
    ask(page, "When did the lake of Quillmere freeze?")
    open_tab(page, "Library")
    page.wait_for_selector("table.articles")
    # The last that the panel shows: by then all that it is made of is loaded.
    page.wait_for_function("document.querySelector('#health')?.textContent.trim()")
    page.wait_for_timeout(1000)
    assert page.locator("#files").count() == 0
    assert page.get_by_role("button", name="Remove").count() == 0
    page.get_by_role("button", name="Log out").click()
    page.wait_for_selector(".login")
