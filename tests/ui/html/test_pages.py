"""Pages of their own: the article with the cited characters marked, the login, the interface."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.library.curation.citing import CitingAnswer
from qa.library.curation.edits import Edit
from qa.records.article import Article, Copy
from qa.records.clauses import clause
from qa.stories.article_corrections import ArticleCorrection
from tests.ui.reading import read
from ui.html.articles.article import ArticleContext, article_page, difference_page
from ui.html.markup import seal
from ui.html.pages import login_page
from ui.locales.wording import speaking


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
    assert "Passage 1 of 1 characters 0 to 61The ferry" in said
    assert "Versions (2)" in said
    with speaking("de"):
        german = read(article_page([ferry], [ferry.passage(0, 61)])).said
    assert "Textstelle 1 von 1 Zeichen 0 bis 61" in german


def test_versions_lead_to_what_changed_in_them(ferry):
    newer = replace(ferry, version=2, title="Ferry found", text=ferry.text.replace("Nine", "Ten"))
    html = article_page([ferry, newer], [], version=1)
    assert "This is version 1 of 2" in html
    assert "article?id=ferry&amp;before=1&amp;after=2" in html
    compared = difference_page(ferry, newer)
    assert "<del>Nine </del><ins>Ten </ins>" in compared
    assert "<del>Ferry lost off Cape Tarrow</del> <ins>Ferry found</ins>" in compared


def test_article_tells_edits_copies_and_where_it_is_cited(ferry):
    now = datetime(2024, 5, 6, tzinfo=UTC)
    context = ArticleContext(
        copies=[Copy("b", "Same words", source="Courier")],
        edits=[Edit("title", "Old", "Old", "New", "ada", now, "valid")],
        citing=[CitingAnswer("c1", "Ships", "ada", 2, "How many died?", now)],
        citing_others=3,
        read_from=clause("%(file)s, line %(number)s", file="rows.jsonl", number="7"),
    )
    html = article_page([ferry], [], context=context)
    said = read(html).said
    assert "“Old” became “New” on 6 May 2024, by ada. The source states “Old”." in said
    assert "Same words Courier, undated" in said
    assert "c/c1#q2" in html
    assert "Cited in kept answers (4)" in said
    assert "Read from rows.jsonl, line 7." in said


def test_attack_in_an_article_is_text(hostile):
    reader = read(article_page([hostile], [hostile.passage(0, 40)], (0, 20)))
    scripts = [held.get("src") for tag, held in reader.opened if tag == "script"]
    assert scripts == ["static-ui/theme.js", "static-ui/article.js"]
    compared = difference_page(hostile, replace(hostile, text=hostile.text[::-1]))
    assert not {"img", "textarea"} & {tag for tag, _ in read(compared).opened}
    assert "img" not in {tag for tag, _ in reader.opened}
    assert not any((held.get("href") or "").startswith("javascript") for _, held in reader.opened)


def test_login_tells_what_is_wrong():
    assert "Wrong name or password" in login_page(wrong="Wrong name or password.")
    assert "leave the name empty" in login_page(tokens=True)


def corrected(ferry):
    """The article and what its outlet took back of its second sentence."""
    notice = Article(id="note", title="N", text="It said nine. The correct number is ten.")
    cited = replace(notice, source="Gazette", published=ferry.published).passage(0, 40).cite(0, 40)
    return ArticleContext(corrections=[ArticleCorrection(cited, "ten <b>", (62, 111))])


def test_corrections_stand_at_the_top_and_behind_the_sentence(ferry):
    html = article_page([ferry], [], context=corrected(ferry))
    reader = read(html)
    assert "Gazette, 4 March 2021: It said nine. The correct number is ten." in reader.said
    assert f"This corrects: {ferry.text[62:111]}" in reader.said
    text = reader.said.rpartition("The ferry Maid")[2]
    assert "passengers were rescued. corrected: ten <b>" in text
    links = [held["href"] for tag, held in reader.opened if tag == "a" and "href" in held]
    assert any(link.startswith("article?id=note&start=0&end=40&") for link in links)
    assert "article?id=ferry#corrections" in links
    assert "corrections" in reader.ids


def test_notice_leads_to_the_sentence_that_it_corrects(ferry):
    notice = Article(id="note", title="N", text="It said nine. The correct number is ten.")
    sentence = replace(ferry, title="<b>Ferry").passage(62, 111).cite(62, 111)
    reader = read(article_page([notice], [], context=ArticleContext(corrected=[sentence])))
    assert f"This corrects: {ferry.text[62:111]} <b>Ferry, 4 March 2021" in reader.said
    links = [held["href"] for tag, held in reader.opened if tag == "a" and "href" in held]
    assert any(link.startswith("article?id=ferry&start=62&end=111&") for link in links)


def test_cited_characters_are_marked_among_corrections(ferry):
    for span in [(62, 111), (70, 120), (0, 70), (111, 120)]:
        html = article_page([ferry], [], span, context=corrected(ferry))
        assert marked(html) == ferry.text[slice(*span)]
        assert "corrected: ten" in read(html).said


def test_version_that_was_replaced_is_told_with_what_changed(ferry):
    newer = replace(
        ferry,
        text=ferry.text.replace("Nine", "Ten"),
        version=2,
        ingested=datetime(2021, 3, 9, tzinfo=UTC),
    )
    reader = read(article_page([ferry, newer], [], context=corrected(ferry)))
    assert "Taken in again on 9 March 2021, with other words." in reader.said
    assert {"del", "ins"} <= {tag for tag, _ in reader.opened}
    links = [held.get("href") for tag, held in reader.opened if tag == "a"]
    assert links.count("article?id=ferry&before=1&after=2") == 2
    # Sentences of the older version stand elsewhere.
    older = read(article_page([ferry, newer], [], version=1, context=corrected(ferry))).said
    assert "corrected: ten" not in older
    assert "Corrections" not in read(article_page([ferry], [])).said


def test_editor_finds_the_form_with_what_is_there_now(ferry):
    newer = replace(ferry, version=2, title="Lost <i>", author=None)
    editing = ArticleContext(editable=True)
    reader = read(article_page([ferry, newer], [], context=editing))
    fields = {held["name"]: held["value"] for tag, held in reader.opened if tag == "input"}
    assert fields == {
        "title": "Lost <i>", "published": "2021-03-04", "source": "Gazette", "author": "",
    }  # fmt: skip
    (form,) = [held for tag, held in reader.opened if tag == "form"]
    assert (form["data-method"], form["data-path"]) == ("PATCH", "api/articles/ferry")
    for html in (
        article_page([ferry, newer], []),
        article_page([ferry, newer], [], version=1, context=editing),
    ):
        assert "<form" not in html
