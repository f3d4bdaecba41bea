"""Statements in the order of their days."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from qa.compose.timeline import bare_text, timeline
from qa.records.answer import Statement
from qa.records.article import Article
from qa.verify.prove import Proof, prove

MAY = Article.create("It rained in the hills.", id="may", published=date(2024, 5, 1))
JUNE = Article.create("It snowed in the hills.", id="june", published=date(2024, 6, 1))
UNKNOWN = Article.create("It hailed in the hills.", id="unknown")
ARTICLES = {article.id: article for article in (MAY, JUNE, UNKNOWN)}


def quoted(*articles):
    cited = tuple(article.passage(0, len(article.text)).cite(0, 10) for article in articles)
    return Statement(cited[0].quote, cited, "quoted")


def test_statements_come_in_the_order_of_their_days_with_the_day_in_front():
    ordered = timeline([quoted(UNKNOWN), quoted(JUNE), quoted(MAY)])
    assert [statement.text for statement in ordered] == [
        "2024-05-01: It rained ",
        "2024-06-01: It snowed ",
        "undated: It hailed ",
    ]


def test_statement_has_the_day_of_the_first_dated_citation():
    (statement,) = timeline([quoted(UNKNOWN, JUNE, MAY)])
    assert statement.text.startswith("2024-06-01: ")


def test_day_in_front_leaves_the_checks_of_citations_alone():
    statements = timeline([quoted(UNKNOWN), quoted(MAY)])
    assert prove(statements, ARTICLES.__getitem__) == Proof(statements, ())


def test_day_that_is_no_label_stays_in_the_text():
    statement = Statement("2024-12-24: it rained", quoted(MAY).citations, "weak")
    assert bare_text(statement) == "2024-12-24: it rained"


@given(st.lists(st.sampled_from([quoted(MAY), quoted(JUNE), quoted(UNKNOWN)]), max_size=6))
def test_text_without_its_day_is_what_it_was(statements):
    bare = sorted(bare_text(statement) for statement in timeline(statements))
    assert bare == sorted(statement.text for statement in statements)
