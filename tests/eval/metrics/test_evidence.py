"""What the library holds of the gold's articles, and how gold may name them."""

from contextlib import closing

import pytest

from eval.metrics.evidence import Lookup, evidence, located, placed, supporting
from eval.metrics.registry import score
from eval.runs.run import Setting, run
from ingest.split import split
from qa.library.drafts import Draft
from qa.library.store import Library
from qa.library.writer import open_writer
from qa.records.answer import Answer, Conflict, Hit, Statement
from qa.records.article import Article, Citation, Copy, Passage

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
    assert [item.scores["quotation_located"] for item in made.items] == [1.0, 1.0]
    assert made.items[0].scores["passage:R@5"] == 1.0
    assert made.items[1].scores["passage:R@5"] is None


def test_run_of_another_system_counts_no_passages(make_gold, make_answer, judge, library, tmp_path):
    made = run(
        [make_gold()],
        lambda item: make_answer(),
        judge,
        SETTING,
        tmp_path / "run.json",
        library=library,
        own=False,
    )
    assert made.items[0].scores["passage:Success@1"] == 1.0
    assert made.items[0].scores["passage:nDCG@10"] is None


def test_supporting_passages_of_the_gold_articles_are_counted(make_gold, library_folder):
    text = "\n\n".join(f"{word * 40} nine sailors died." for word in ("Rain fell. ", "Wind. ") * 9)
    article = Article.create(text, id="long")
    other = Article.create("Nine cars burned.", id="other")
    with closing(Library.open(library_folder, create=True)) as opened:
        with open_writer(opened) as writer:
            writer.put(Draft(each, tuple(split(each)), None) for each in (article, other))
        held = sum("nine" in each.passage.text for each in opened.passages_of("long"))
        assert held > 1
        assert supporting(make_gold(articles=("long", "gone")), opened) == held
        assert supporting(make_gold(articles=("long", "other")), opened) == held + 1
        for more in ({"articles": ()}, {"answers": ()}, {"answers": ("ten",)}):
            assert supporting(make_gold(**{"articles": ("long",), **more}), opened) is None


def quoting(quote, article_id="quoted", start=0, hits=()):
    cited = Citation(article_id, start, start + len(quote), quote)
    found = Hit(Passage(article_id, start, start + len(quote), quote), 1.0)
    said = (Statement("It says x.", (cited,)),)
    return Answer("?", "x", said, (found, *hits), 0.5, abstained=False)


@pytest.mark.parametrize("article_id", ["quoted", "ferry", "gone", "https://www.post.example/rain"])
def test_quotation_is_located_whatever_it_names(library, article_id):
    known, unlocated = located(quoting("sailors", article_id, 3), library)
    (citation,) = known.citations
    assert unlocated == ()
    assert (citation.article_id, citation.start, citation.end) == ("ferry", 5, 12)
    assert library.article("ferry").text[citation.start : citation.end] == citation.quote


def test_quotation_stands_where_it_says_if_it_does(library):
    answer = quoting("d", "ferry", 16)
    assert located(answer, library) == (answer, ())


def test_quotation_in_several_articles_is_that_of_the_article_named_or_found(library):
    (named,) = located(quoting("ed", "https://www.post.example/rain"), library)[0].citations
    assert named.article_id == RAIN.id
    seen = (Hit(Passage("/news/rain.html", 0, 9, "It rained"), 1.0),)
    known, _ = located(quoting("ed", hits=seen), library)
    assert known.citations[0].article_id == RAIN.id
    assert [hit.passage.article_id for hit in known.hits] == [RAIN.id] * 2
    assert located(quoting("ed"), library)[0].citations[0].article_id == "ferry"


def test_article_that_is_quoted_but_was_not_named_is_among_those_found(library):
    long = Passage("https://www.post.example/rain", 0, 19, "Something, sailors.")
    cited = Citation(long.article_id, 11, 18, "sailors")
    said = (Statement("It says x.", (cited,)),)
    known, _ = located(Answer("?", "x", said, (Hit(long, 1.0),), 0.5, abstained=False), library)
    assert [hit.passage.article_id for hit in known.hits] == [RAIN.id, "ferry"]
    assert known.citations[0].article_id == "ferry"


@pytest.mark.parametrize(
    "quote", ["Nine  sailors", "nine sailors", "Nine sailors died!", "%", "n*e"]
)
def test_characters_that_stand_nowhere_are_not_located(library, quote):
    answer = quoting(quote)
    known, unlocated = located(answer, library)
    assert (known, unlocated) == (answer, answer.citations)


def test_what_is_not_located_names_its_article_by_id_like_the_hits(library):
    known, (citation,) = located(quoting("Nine seals", "/news/ferry.txt"), library)
    assert citation.article_id == known.hits[0].passage.article_id == "ferry"
    assert known.citations == (citation,)


def test_quotation_that_stands_nowhere_counts_once_and_finds_nothing(make_gold, judge, library):
    lost = "Clearly nine people perished."
    cited = [Citation(name, 0, len(lost), lost) for name in ("ferry", "/news/ferry.txt")]
    said = tuple(Statement("Nine perished.", (each,)) for each in cited)
    hits = tuple(Hit(Passage(each.article_id, 0, len(lost), lost), 1.0) for each in cited)
    known, unlocated = located(Answer("?", "nine", said, hits, 0.5, abstained=False), library)
    assert len(unlocated) == len(known.citations) == 1
    marks = score(make_gold(kind="multi"), known, judge, Lookup(unlocated, None))
    for name in ("quotation_located", "article:Success@1", "passage:Success@1", "all_cited"):
        assert marks[name] == 0, name


def test_quotation_in_several_articles_is_that_of_the_gold_if_nothing_is_named(make_gold, library):
    gold = make_gold(articles=(RAIN.id,))
    assert located(quoting("ed"), library, gold=gold)[0].citations[0].article_id == RAIN.id


def test_whatever_an_answer_names_by_its_address_gets_its_id(library):
    address = "https://www.post.example/rain"
    passage = Passage(address, 0, 10, "It rained.")
    cited = Citation(address, 0, 10, "It rained.")
    sides = tuple(Statement(text, (cited,)) for text in ("It rained.", "It did not rain."))
    answer = Answer(
        "?", "x", (Statement("It rained.", (cited,)),),
        (Hit(passage, 1.0, copies=(Copy("/news/ferry.txt"),)),), 0.5, abstained=False,
        conflicts=(Conflict(sides),), injections=(cited,),
    )  # fmt: skip
    known, unlocated = located(answer, library)
    assert unlocated == ()
    (hit,) = known.hits
    named = {
        *known.citations,
        *known.injections,
        *(c for s in known.conflicts[0].sides for c in s.citations),
    }
    assert {each.article_id for each in named} == {hit.passage.article_id} == {RAIN.id}
    assert hit.copies[0].article_id == "ferry"
