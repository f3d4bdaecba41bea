"""Gold questions and answers made by hand."""

import gzip
import json
from datetime import date

import pytest

from eval.gold.questions import Gold
from eval.metrics.judges import WordsJudge
from qa.records.answer import Answer, Hit, Statement
from qa.records.article import Article

FERRY = Article.create("Nine sailors died. It rained all day.", id="ferry", source="Gazette")
BRIDGE = Article.create("Repairs will cost 12 million euros.", id="bridge", source="Courier")


@pytest.fixture(autouse=True)
def few_exchanges(monkeypatch):
    """As many as a comparison takes at least: what is tested is seen with fewer."""
    monkeypatch.setattr("eval.runs.compare._EXCHANGES", 399)


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


WINDOWED = (
    "It rained. Nine sailors died off Cape Tarrow. Ilse Brandvold and Tomas Reyl lived. It hailed."
)
WINDOW_QUESTIONS = [
    {"w": "n-0", "q": "How many died?", "a": "Nine", "also": ["Nine sailors"], "k": "number"},
    {"w": "n-0", "q": "Who lived?", "a": ["Ilse Brandvold", "Tomas Reyl"], "k": "list"},
    {"w": "n-0", "q": "Did anybody die?", "a": "yes", "e": "Nine sailors died", "k": "yesno"},
    {"w": "n-0", "q": "How many were hurt?", "a": None, "trap": "Nine", "miss": "event"},
]


@pytest.fixture
def window_data(tmp_path):
    """A set ``n`` of questions over one window, with its article."""
    (tmp_path / "annotated").mkdir()
    (tmp_path / "news-train").mkdir()
    window = {"window": "n-0", "article": "a", "start": 11, "end": 82, "source": "Wire"}
    files = {
        "n.windows.jsonl": [window | {"date": "2024-05-01"}],
        "n-packet-00.jsonl": WINDOW_QUESTIONS,
    }
    for name, rows in files.items():
        lines = "".join(f"{json.dumps(row)}\n" for row in rows)
        (tmp_path / "annotated" / name).write_text(lines)
    with gzip.open(tmp_path / "news-train" / "articles.jsonl.gz", "wt") as lines:
        lines.write(json.dumps({"id": "a", "title": "Storm", "text": WINDOWED}) + "\n")
    return tmp_path
