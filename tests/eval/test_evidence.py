"""What the library holds of the gold's articles, and how gold may name them."""

import pytest

from eval.evidence import evidence, placed
from eval.run import Setting, run
from ingest.split import split
from qa.library import Library
from qa.library_writer import Draft, open_writer
from qa.records import Article

FERRY = Article.create("Nine sailors died.", id="ferry")
RAIN = Article.create("It rained.", url="https://www.post.example/rain?utm_source=x")
NOTES = Article.create("The ridge is on no chart.", title="The ridge")
SETTING = Setting(gold="g", library="l", judge="words", system="test")


@pytest.fixture
def library(library_folder):
    opened = Library.open(library_folder, create=True)
    with open_writer(opened) as writer:
        origins = {FERRY: "/news/ferry.txt", RAIN: "/news/rain.html", NOTES: "/news/notes/ridge.md"}
        writer.put(
            Draft(article, tuple(split(article)), origin) for article, origin in origins.items()
        )
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("name", "article"),
    [
        ("ferry", FERRY),
        ("https://www.post.example/rain", RAIN),
        ("https://www.post.example/rain?utm_source=y", RAIN),
        ("notes/ridge.md", NOTES),
        ("/news/notes/ridge.md", NOTES),
    ],
)
def test_gold_names_articles_by_id_address_or_path(make_gold, library, name, article):
    assert placed(make_gold(articles=(name,)), library).articles == (article.id,)


@pytest.mark.parametrize("name", ["idge.md", "es/ridge.md", "", "%", "https://[", "FERRY"])
def test_parts_of_names_mean_nothing(library, name):
    assert library.find(name) is None


def test_name_that_nothing_has_is_kept(make_gold, library):
    assert placed(make_gold(articles=("gone", "ferry")), library).articles == ("gone", "ferry")


def test_library_without_any_of_the_articles_could_not_answer(make_gold, library):
    assert evidence(make_gold(articles=("gone",)), library) == "missing"
    assert evidence(make_gold(articles=("gone", "ferry")), library) == ""


def test_gold_whose_articles_do_not_say_so_is_doubtful(make_gold, library):
    assert evidence(make_gold(answers=("eleven",)), library) == "silent"
    assert evidence(make_gold(answers=("the ridge",), articles=(NOTES.id,)), library) == ""


def test_unanswerable_gold_has_nothing_to_complain_of(make_gold, library):
    assert evidence(make_gold(answers=(), articles=()), library) == ""


def test_run_with_the_library_counts_articles_named_by_path(
    make_gold, make_answer, judge, library, tmp_path
):
    gold = [make_gold(articles=("ferry.txt",)), make_gold("lost", articles=("gone",))]
    made = run(
        gold, lambda item: make_answer(), judge, SETTING, tmp_path / "run.json", library=library
    )
    assert made.items[0].scores["article:Success@1"] == 1.0
    assert [item.evidence for item in made.items] == ["", "missing"]
