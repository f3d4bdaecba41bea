"""Questions whose kind the library has a say in: of an author, of one article."""

import pytest

from qa import Article, open_pipeline

FROST = (
    "A late frost took nine in ten pears of Linden valley. The Orchard Board will pay 40 marks "
    "for each lost tree. Growers had asked for twice as much. Picking begins in October."
)


@pytest.fixture
def pipeline(make_library, ferry, bridge, monkeypatch):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    by_author = Article.create(
        FROST, id="frost", title="Frost in Linden", author="Odile Marrable", source="Gazette"
    )
    with open_pipeline(make_library(ferry, bridge, by_author).library.folder) as opened:
        yield opened


@pytest.mark.parametrize("question", ["What has Odile Marrable written?", "who is Odile Marrable"])
def test_author_of_whom_no_article_speaks_is_answered_by_articles(pipeline, question):
    answer = pipeline.ask(question)
    assert not answer.abstained
    assert "Frost in Linden" in answer.text
    assert {citation.article_id for citation in answer.citations} == {"frost"}


def test_author_and_another_name_are_left_to_the_articles(pipeline):
    answer = pipeline.ask("What did Odile Marrable pay for the Kessel Bridge?")
    assert answer.kind != "article-list"


@pytest.mark.parametrize(
    "question",
    ["What is the Linden article about, in short?", "Sum up the article on the frost in Linden."],
)
def test_article_that_is_meant_is_summed_up_from_its_first_sentence_on(pipeline, question):
    answer = pipeline.ask(question)
    assert not answer.abstained
    assert answer.statements[0].text.startswith("A late frost")
    assert {citation.article_id for citation in answer.citations} == {"frost"}
