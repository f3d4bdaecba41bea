"""What axe-core, the rules behind most checkers of accessibility, finds on each page."""

import hashlib
from pathlib import Path

import pytest

from tests.browser.conftest import PHONE, lacking

AXE = Path(__file__).parents[2] / ".venv" / "node_modules" / "axe-core" / "axe.min.js"
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
BAD = ("serious", "critical")


@pytest.fixture(scope="module")
def axe():
    """The script; npm put it there."""
    if not AXE.is_file():
        lacking("no axe-core; with it accessibility is checked too (npm, then make test)")
    script = AXE.read_text("utf-8")
    assert hashlib.sha256(script.encode()).hexdigest() == AXE_SHA256
    return script


@pytest.fixture
def faults(axe):
    """``faults(page)``: the serious ones, each with its rule and where it is."""

    def find(page):
        # Colours that are fading in are none yet.
        page.wait_for_timeout(400)
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{fault['id']}: {node['html'][:200]} {node['failureSummary']}"
            for fault in found["violations"]
            if fault["impact"] in BAD
            for node in fault["nodes"]
        ]

    return find


def test_a_fault_would_be_found(faults, demo, visit):
    page = visit(demo)
    page.evaluate("document.querySelector('#theme').removeAttribute('aria-label')")
    page.evaluate("document.body.append(document.createElement('img'))")
    assert any("image-alt" in fault for fault in faults(page))


@pytest.mark.parametrize(
    "options", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"]
)
def test_answer_article_and_abstention_can_be_used_by_everybody(faults, demo, visit, ask, options):
    page = visit(demo, **options)
    page.wait_for_selector(".welcome")
    assert faults(page) == []
    page.get_by_text("Where to look").click()
    ask(page, "What is the Bank of Corvania's key interest rate?")
    page.get_by_text("What was searched").click()
    assert page.locator(".conflict").count() == 1
    assert faults(page) == []
    page.locator("a.cite").first.click()
    page.locator("#reader mark").wait_for()
    assert faults(page) == []
    page.keyboard.press("Escape")
    ask(page, "Who won the 1998 World Cup?")
    assert page.locator("#now-asked .abstained").count() == 1
    assert faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_library_and_evaluation_can_be_used_by_everybody(faults, demo, visit, scheme):
    page = visit(demo, color_scheme=scheme)
    page.get_by_role("tab", name="Library").click()
    page.get_by_text("✓ healthy").wait_for()
    # Until its figures come, Gradio shows an empty chart of its own.
    page.get_by_label("Empty value").locator("visible=true").first.wait_for(state="hidden")
    assert faults(page) == []
    page.get_by_role("tab", name="Evaluate").click()
    page.get_by_role("button", name="Measure").wait_for()
    assert faults(page) == []


def test_description_of_the_interface_can_be_used_by_everybody(faults, demo, visit):
    assert faults(visit(f"{demo}/docs", ready="h1")) == []


def test_description_of_the_interface_is_no_wider_than_a_phone(demo, visit):
    # Emulated, a phone would show a wider page smaller.
    page = visit(f"{demo}/docs", ready="h1", viewport=PHONE["viewport"])
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]


@pytest.mark.parametrize(
    "options", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"]
)
def test_settings_can_be_used_by_everybody(faults, demo, visit, options):
    assert faults(visit(f"{demo}/settings", ready="h1", **options)) == []


def test_first_visit_can_be_used_by_everybody(faults, serve, visit, tmp_path):
    page = visit(serve(tmp_path / "new"))
    page.get_by_role("button", name="Load the demo collection").wait_for()
    assert faults(page) == []
