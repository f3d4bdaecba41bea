"""Answers made by hand, and a server over a small library."""

from datetime import date
from functools import partial

import pytest

from qa.records.answer import Answer, Hit, Statement
from qa.records.article import Article
from qa.records.trace import Step
from tests.serving import servers
from ui.service import open_service

ATTACK = '"><img src=x onerror=alert(1)><script>alert(2)</script>\u202e</textarea>&amp;'


@pytest.fixture
def hostile():
    """An article that is made of attacks wherever an article can hold text."""
    return Article(
        id=f"id{ATTACK}",
        title=f"Title {ATTACK}",
        text=f"The ferry {ATTACK} sank off Cape Tarrow. Nine sailors died.",
        url="javascript:alert(3)",
        author=f"Author {ATTACK}",
        source=f"Outlet {ATTACK}",
        published=date(2021, 3, 4),
        language=ATTACK,
    )


@pytest.fixture
def make_answer():
    """``make_answer(article, start, end, **changes)``: one statement that quotes it."""

    def make(article, start=0, end=None, **changes):
        passage = article.passage(0, len(article.text))
        cited = passage.cite(start, end or len(article.text))
        given = {
            "question": "What happened?",
            "short": "",
            "statements": (Statement(cited.quote, (cited,), "verified"),),
            "hits": (Hit(passage, 1.0, {"words": 1}),),
            "confidence": 0.8,
            "abstained": False,
            "trace": (Step("search by words", "1 passage", 2.0),),
        }
        return Answer(**{**given, **changes})

    return make


@pytest.fixture
def serving():
    """``serving(folder, *arguments, **environment)``: a server with the quickest models."""
    with servers() as serve:
        yield partial(serve, QA_EMBEDDER="hashing", QA_READER="sentence")


@pytest.fixture
def service(monkeypatch, make_library, ferry, bridge, orchard, library_folder):
    """Over three articles, with the quickest models."""
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    monkeypatch.setenv("QA_READER", "sentence")
    make_library(ferry, bridge, orchard)
    with open_service(library_folder) as opened:
        yield opened
