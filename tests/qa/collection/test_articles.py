"""Which article a description means, and whom its text names as the author."""

from dataclasses import replace
from datetime import date

import pytest

from qa.collection.articles import aimed, find_article, stated_author
from qa.question.understand import understand
from qa.records.article import Article


@pytest.mark.parametrize(
    ("question", "topic", "article_id"),
    [
        ("Summarise: Tarrow dock strike ends", "Tarrow dock strike ends", "strike-ends"),
        ("Summarise TARROW DOCK STRIKE ENDS!", "TARROW DOCK STRIKE ENDS!", "strike-ends"),
        ("Fasse „Spate Blute im Lindental“ zusammen", "", "birnen"),
        ("Summarise https://gazette.example/pears?utm_source=x.", "", "pears"),
        ("Summarise the article about the failed harvest", "the failed harvest", "pears"),
        ("Summarise the article on cranes standing still", "cranes still", "strike-begins"),
        ("Summarise the article about zinc", "zinc", None),
        ("Summarise", "", None),
    ],
)
def test_article_is_found(library, retriever, question, topic, article_id):
    asked = understand(question, as_of=date(2024, 7, 1))
    assert find_article(library, retriever, asked, topic) == article_id


def test_scope_leaves_articles_out(library, retriever):
    asked = understand("Summarise “Moon over Linden”", sources=["Tarrow Courier"])
    assert find_article(library, retriever, asked, "Moon over Linden") is None


def test_what_is_to_be_counted_is_looked_for_by_its_members(library, retriever):
    asked = replace(understand("How many cranes get a mention?"), kind="count")
    assert aimed(library, retriever, asked).text == "which cranes get a mention?"
    fact = replace(asked, kind="fact")
    assert aimed(library, retriever, fact) == fact


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("By Ann Low\n\nRain fell in Orlen all day long.", "Ann Low"),
        ("Odd de la Berg\n\nOpinion contributor\n\nRain fell in Orlen.", "Odd de la Berg"),
        ("Rain fell. " * 8 + "\n\nMira Holt is a staff writer at the Post.", "Mira Holt"),
        ("Rain fell. " * 8 + "\n\nMira Holt, who lives in Orlen, is the Post's Weather Editor.",
         "Mira Holt"),
        ("Rain fell in Orlen. By Friday Low Street was dry.", None),
        ("Rain fell. " * 8 + "Mira Holt is a nurse.", None),
        ("", None),
    ],
)  # fmt: skip
def test_byline_is_read(text, name):
    article = Article.create(text, title="Rain")
    byline = stated_author(article)
    assert (byline[0] if byline else None) == name
    if byline:
        assert article.text[byline[1].start : byline[1].end] == byline[1].quote
