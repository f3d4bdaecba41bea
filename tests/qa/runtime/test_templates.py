"""Templates escape whatever they are given: it stays text, in an element and in an attribute."""

from hypothesis import given
from hypothesis import strategies as st

from qa.language.cleaning import CONTROLS
from tests.ui.reading import read
from ui.html.pages import login_page, message_page
from ui.html.welcome import problem_html, welcome_html


@given(st.text())
def test_text_has_as_many_characters_as_before_and_is_no_markup(words):
    reader = read(problem_html(words))
    assert [tag for tag, _ in reader.opened] == ["p"]
    assert len(reader.said) == len(words)


@given(st.text())
def test_text_stays_inside_an_attribute(words):
    reader = read(welcome_html([words], 1))
    (button,) = [attributes for tag, attributes in reader.opened if tag == "button"]
    assert [*button] == ["type", "class", "data-example"]


def test_text_that_is_harmless_is_not_changed():
    words = "Crème brûlée 🎉, 5 per cent\n\tof it"
    assert read(problem_html(words)).said == words


def test_controls_and_overrides_are_replaced():
    assert "\u202e" not in problem_html("a\u202eb\x1b")
    assert "a\ufffdb\ufffd" in problem_html("a\u202eb\x1b")
    assert "\\" not in CONTROLS


def test_pages_escape_their_titles_and_messages():
    page = message_page("<script>", "<img src=x>", back=True)
    assert "<script>" not in page.replace("<script src=/static-ui/theme.js>", "")
    assert "<img" not in page
    assert "&lt;b&gt;" in login_page(wrong="<b>")
