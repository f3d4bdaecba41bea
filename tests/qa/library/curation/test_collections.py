"""Collections: what is in them, and that nothing else is searched."""

from dataclasses import replace
from datetime import date

import pytest

from ingest.split import split
from qa.build import _retriever, open_pipeline
from qa.errors import ArticleNotFound, CollectionNotFound, OutletNotFound
from qa.library.curation.collections import (
    Rule,
    add_to_collection,
    collections,
    collections_of_user,
    delete_collection,
    known_collections,
    limit_user,
    make_collection,
    take_from_collection,
)
from qa.library.curation.listing import Filter, matching_ids
from qa.library.curation.outlets import known_scope
from qa.library.drafts import Draft
from qa.library.writer import open_writer
from qa.question.understand import understand


@pytest.fixture
def library(make_library, ferry, bridge, orchard):
    tools = make_library(ferry, bridge)
    with open_writer(tools.library) as writer:
        writer.put([Draft(orchard, tuple(split(orchard)), "/n/letters/orchard.txt")])
    return tools.library


def inside(library, name):
    return {*matching_ids(library, Filter(collections=(name,)))}


def test_articles_are_put_in_and_taken_out_by_hand(library):
    made = make_collection(library, "Sea", note="Ships and bridges")
    assert (made.articles, made.by_hand) == (0, 0)
    assert add_to_collection(library, "Sea", ["ferry", "bridge"]) == 2
    assert add_to_collection(library, "Sea", ["ferry"]) == 0
    assert inside(library, "Sea") == {"ferry", "bridge"}
    assert take_from_collection(library, "Sea", ["bridge", "orchard"]) == 1
    (sea,) = collections(library)
    assert (sea.note, sea.articles, sea.by_hand) == ("Ships and bridges", 1, 1)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule(outlet="Gazette"), {"ferry"}),
        (Rule(outlet=""), {"orchard"}),
        (Rule(since=date(2021, 3, 4), until=date(2021, 12, 31)), {"ferry"}),
        (Rule(since=date(2022, 1, 1)), {"bridge"}),
        (Rule(source="letters"), {"orchard"}),
        (Rule(outlet="Gazette", since=date(2022, 1, 1)), set()),
    ],
)
def test_rules_let_articles_in(library, rule, expected):
    made = make_collection(library, "Some", rules=[rule])
    assert inside(library, "Some") == expected
    assert (made.rules, made.articles) == ((rule,), len(expected))


def test_rule_lets_in_what_comes_later(library, ferry):
    make_collection(library, "Gazette", rules=[Rule(outlet="Gazette"), Rule(outlet="Courier")])
    later = replace(ferry, id="later", title="Later", text="A later report.", url=None)
    with open_writer(library) as writer:
        writer.put([Draft(later, tuple(split(later)))])
    assert inside(library, "Gazette") == {"ferry", "bridge", "later"}


def test_removed_article_leaves_its_collections(library):
    make_collection(library, "Sea")
    add_to_collection(library, "Sea", ["ferry"])
    with open_writer(library) as writer:
        writer.remove("ferry")
    assert collections(library)[0].by_hand == 0


def test_what_cannot_be_is_refused(library):
    with pytest.raises(CollectionNotFound, match="'Sea'"):
        add_to_collection(library, "Sea", ["ferry"])
    make_collection(library, "Sea")
    with pytest.raises(ArticleNotFound):
        add_to_collection(library, "Sea", ["ferry", "nobody"])
    assert inside(library, "Sea") == set()
    for name, rules in (("", []), ("x" * 101, []), ("Sea", [Rule()]), ("Sea", [Rule(source="z")])):
        with pytest.raises(ValueError, match=r"collection|rule|source"):
            make_collection(library, name, rules=rules)
    delete_collection(library, "Sea")
    assert collections(library) == []


def test_user_is_limited_and_not_freed_by_a_deletion(library):
    make_collection(library, "Sea")
    limit_user(library, "ada", ["Sea"])
    assert collections_of_user(library, "ada") == ("Sea",)
    delete_collection(library, "Sea")
    # Limited to what is no more: to nothing, and never to everything.
    assert collections_of_user(library, "ada") == ("Sea",)
    assert inside(library, "Sea") == set()
    limit_user(library, "ada", [])
    assert collections_of_user(library, "ada") == ()


def test_names_are_checked(library):
    assert known_collections(library, ()) == ()
    with pytest.raises(CollectionNotFound):
        known_collections(library, "Sea")


def test_question_is_answered_from_the_collection_alone(library, library_folder, monkeypatch):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    monkeypatch.setenv("QA_READER", "sentence")
    make_collection(library, "Land")
    add_to_collection(library, "Land", ["orchard"])
    with open_pipeline(library_folder) as pipeline:
        question = "How many sailors died?"
        assert pipeline.ask(question).citations[0].article_id == "ferry"
        answer = pipeline.ask(question, collection="Land")
        assert {hit.passage.article_id for hit in answer.hits} <= {"orchard"}
        assert answer.citations == ()
        growers = pipeline.ask("What do growers blame?", collection=["Land"])
        assert {each.article_id for each in growers.citations} == {"orchard"}
        counted = pipeline.ask("How many articles are there?", collection="Land")
        assert "1 article" in counted.text
        by_address = pipeline.ask("What does https://gazette.example/ferry say?", collection="Land")
        assert "ferry" not in {hit.passage.article_id for hit in by_address.hits}
        named = pipeline.ask("When was “Ferry lost off Cape Tarrow” published?", collection="Land")
        assert "ferry" not in {hit.passage.article_id for hit in named.hits}
        outlets = pipeline.ask("Which outlets are there?", collection="Land")
        assert "Gazette" not in outlets.text
        with pytest.raises(CollectionNotFound):
            pipeline.ask(question, collection="Sea")


def test_small_collection_is_found_in_a_large_library(make_library, ferry):
    others = [
        replace(ferry, id=f"o{n}", title=f"Ferry {n}", url=None,
                text=f"Ferry number {n} sank and {n} sailors died off cape {n * 7919 % 1000}.")
        for n in range(1200)
    ]  # fmt: skip
    tools = make_library(*others)
    make_collection(tools.library, "Odd")
    add_to_collection(tools.library, "Odd", ["o7", "o1103"])
    asked = understand("How many sailors died on the ferry?", collections=["Odd"])
    hits = _retriever(tools).retrieve(asked, 10).hits
    assert {hit.passage.article_id for hit in hits} == {"o7", "o1103"}
    assert all({"words", "meaning"} == {*hit.ranks} for hit in hits)


def test_outlets_outside_of_a_collection_are_not_told(library):
    make_collection(library, "Sea", rules=[Rule(outlet="Gazette")])
    assert known_scope(library, ["COURIER"]).sources == ("COURIER",)
    with pytest.raises(OutletNotFound, match=r"'Courier'; there are Gazette$"):
        known_scope(library, ["Courier"], "Sea")
