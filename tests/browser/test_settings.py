"""The page of settings, used in a browser."""

import re

import pytest

from tests.browser.conftest import PHONE

# Whether no word of a table is broken in two lines.
_WORDS_ARE_WHOLE = """() => [...document.querySelectorAll("th, .rows td, .rows button")]
  .every((cell) =>
  [...cell.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).every((node) =>
    [...node.data.matchAll(/\\S+/g)].every((word) => {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      return new Set([...range.getClientRects()].map((box) => box.top)).size <= 1;
    })))"""


@pytest.fixture
def empty(serve, tmp_path):
    """A server over an empty library, which nobody has to log in to."""
    return serve(tmp_path / "library")


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_first_user_is_invited_and_changes_the_settings(empty, visit, options):
    page = visit(f"{empty}/settings", ready="h1", **options)
    page.get_by_label("Chat model", exact=True).fill("openai:a-model")
    page.get_by_label("Its address").fill("http://127.0.0.1:9/v1")
    page.get_by_label("Its key").fill("sk-secret")
    page.get_by_role("button", name="Test the chat model").click()
    page.get_by_text("Save first").wait_for()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved; the next question").wait_for()
    page.get_by_role("button", name="Test the chat model").click()
    page.get_by_text("cannot be reached").wait_for()
    page.get_by_label("Name").fill("eve")
    page.get_by_role("button", name="Invite").click()
    page.get_by_text("eve is invited").wait_for()
    page.goto(page.locator("#said code").text_content())
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_selector("#panels")
    page.goto(f"{empty}/settings")
    assert page.get_by_label("Its key").input_value() == ""
    assert "sk-secret" not in page.content()
    assert page.locator(".rows td").first.inner_text() == "eve (you)"
    assert page.evaluate(_WORDS_ARE_WHOLE)
    page.get_by_label("What it is for").fill("a script")
    page.get_by_role("button", name="Make a token").click()
    token = page.locator("#said code").text_content()
    assert re.fullmatch(r"aq-[\w-]{43}", token)
    page.get_by_text("a script, until").wait_for()
    assert page.locator("#said code").text_content() == token
    page.get_by_label("Theme").select_option("dark")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    # Whoever changed something has a short name.
    page.locator("table:not(.rows) td:nth-child(2)").evaluate_all(
        "cells => cells.forEach((cell) => { cell.textContent = 'eve'; })"
    )
    assert page.evaluate(_WORDS_ARE_WHOLE)
    wide = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert wide
