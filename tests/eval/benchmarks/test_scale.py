"""Libraries of any size: the articles they are made of, and how figures grow with them."""

import json

import pytest

from eval.benchmarks.scale.articles import PLANTED, articles, planted, size_of, write_articles
from eval.benchmarks.scale.growth import exponent, table

REAL = [
    {"id": str(number), "title": f"Day {number}", "text": "The mayor of Selby met Ann Lee. " * 60}
    for number in range(9)
]


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(f"{json.dumps(record)}\n" for record in REAL))
    return path


def written(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_real_articles_come_first_and_made_ones_after_them(source):
    endless = articles(source)
    assert [next(endless) for _ in REAL] == REAL
    made = [next(endless) for _ in range(3)]
    assert len({each["id"] for each in made}) == 3
    assert not any("Ann Lee" in each["text"] for each in made)


def test_articles_go_on_where_they_ended(source):
    endless = articles(source)
    first = [next(endless) for _ in range(15)]
    rest = articles(source, 12)
    assert [next(rest) for _ in range(3)] == first[12:]


@pytest.mark.parametrize("passages", [40, 1000])
def test_every_planted_passage_stands_in_one_article(source, tmp_path, passages):
    target = tmp_path / "made.jsonl"
    count = write_articles(source, target, after=0, passages=passages, size=passages)
    texts = [record["text"] for record in written(target)]
    assert len(texts) == count
    assert sum(map(size_of, texts)) >= passages
    for number in range(PLANTED):
        assert sum(planted(passages, number).sentence in text for text in texts) == 1


def test_sizes_have_other_planted_passages():
    one, other = ({planted(size, n).sentence for n in range(PLANTED)} for size in (10, 20))
    assert len(one) == len(other) == PLANTED
    assert not one & other


def test_the_answer_stands_in_the_planted_sentence():
    fact = planted(10, 0)
    assert fact.answer in fact.sentence
    assert fact.answer not in fact.question


@pytest.mark.parametrize(
    ("values", "slope"),
    [([5, 5, 5], 0.0), ([2, 20, 200], 1.0), ([1, 100, 10_000], 2.0), ([0, 1, 2], None)],
)
def test_an_exponent_is_the_slope_of_logarithms(values, slope):
    assert exponent([10, 100, 1000], values) == slope


def test_one_size_has_no_exponent():
    assert exponent([10], [3]) is None


def test_the_table_has_a_column_for_each_size_and_the_growth():
    levels = [
        {"passages": size, "added": size, "ingest_s": size / 100, "ingest_cpu_s": 1, "ask_ms": size}
        for size in (100, 1000)
    ]
    lines = table(levels).splitlines()
    assert "| passages | 100 | 1,000 |  |" in lines
    assert "| taken in, passages a second | 100 | 100 | 0.00 |" in lines
    assert "| answer, median, ms | 100 | 1000 | 1.00 |" in lines
