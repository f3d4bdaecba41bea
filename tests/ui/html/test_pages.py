"""Pages of their own: the article with the cited characters marked, the login, the interface."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.records.article import Article
from tests.ui.reading import read
from ui.html.markup import seal
from ui.html.pages import article_page, login_page


def marked(html):
    """The characters inside the mark, as a browser would show them."""
    return read(html.partition("<mark id=cited tabindex=-1>")[2].partition("</mark>")[0]).said


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), st.data())
def test_exactly_the_cited_characters_are_marked(words, data):
    article = Article(id="a", title="", text=words)
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    found = marked(article_page([article], [], (start, end)))
    # Characters that would reorder the page are replaced, one for one.
    assert len(found) == end - start
    shown = [
        one == other or other == "\ufffd"
        for one, other in zip(words[start:end], found, strict=True)
    ]
    assert all(shown)


def test_citation_is_marked_in_the_version_that_has_it(ferry):
    newer = replace(ferry, text="Corrected. " + ferry.text, version=2)
    html = article_page([ferry, newer], [], (0, 9), seal("The ferry"))
    assert marked(html) == "The ferry"
    assert "This is version 1 of 2" in html


def test_quotation_that_no_version_has_is_said_to_be_gone(ferry):
    html = article_page([ferry], [], (0, 9), seal("Other words"))
    assert "<mark" not in html
    assert "in no version that is kept" in html


@pytest.mark.parametrize("span", [(5, 10_000), (9, 9), (-4, 2)])
def test_span_outside_the_article_marks_nothing(ferry, span):
    assert "<mark" not in article_page([ferry], [], span)


def test_article_lists_its_passages_and_versions(ferry):
    newer = replace(ferry, version=2)
    said = read(article_page([ferry, newer], [ferry.passage(0, 61)])).said
    assert "Passages (1)" in said
    assert "0 to 61" in said
    assert "Versions (2)" in said


def test_attack_in_an_article_is_text(hostile):
    reader = read(article_page([hostile], [hostile.passage(0, 40)], (0, 20)))
    scripts = [held.get("src") for tag, held in reader.opened if tag == "script"]
    assert scripts == ["static-ui/theme.js", "static-ui/article.js"]
    assert "img" not in {tag for tag, _ in reader.opened}
    assert not any((held.get("href") or "").startswith("javascript") for _, held in reader.opened)


def test_login_tells_what_is_wrong():
    assert "Wrong name or password" in login_page(wrong="Wrong name or password.")
    assert "leave the name empty" in login_page(tokens=True)
