"""Gold questions and answers made by hand."""

from datetime import date

import pytest

from eval.gold.questions import Gold
from eval.metrics.judges import WordsJudge
from qa.records.answer import Answer, Hit, Statement
from qa.records.article import Article

FERRY = Article.create("Nine sailors died. It rained all day.", id="ferry", source="Gazette")
BRIDGE = Article.create("Repairs will cost 12 million euros.", id="bridge", source="Courier")


@pytest.fixture
def judge():
    return WordsJudge()


@pytest.fixture
def make_gold():
    def make(id_="q", answers=("nine",), articles=("ferry",), **more):
        return Gold(id_, f"How many died ({id_})?", tuple(answers), tuple(articles), **more)

    return make


@pytest.fixture
def make_answer():
    """An answer of one sentence of the ferry article, or an abstention."""

    def make(short="Nine", text="Nine sailors died.", confidence=0.9, hits=(FERRY, BRIDGE)):
        found = tuple(
            Hit(article.passage(0, len(article.text)), 1 / rank)
            for rank, article in enumerate(hits, start=1)
        )
        start = FERRY.text.find(text)
        cited = ()
        if start >= 0 and FERRY in hits and text:
            cited = (FERRY.passage(0, len(FERRY.text)).cite(start, start + len(text)),)
        return Answer(
            question="?",
            short=short,
            statements=(Statement(text, cited),) if text else (),
            hits=found,
            confidence=confidence,
            abstained=not text,
            reason="" if text else "nothing found",
        )

    return make


@pytest.fixture
def day():
    return date(2024, 6, 13)
