"""What every retriever does: by words, by meaning, and both fused."""

import time
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.split import split
from qa.errors import EmbedderMismatch, IndexUnavailable, ModelError
from qa.index.embedders import HashingEmbedder
from qa.index.vector_index import ChromaIndex
from qa.library.drafts import Draft
from qa.library.duplicates import copies_of
from qa.library.store import Library
from qa.library.writer import open_writer
from qa.protocols import Match
from qa.question.understand import understand
from qa.records.article import Article
from qa.retrieve.dense import DenseLeg
from qa.retrieve.fusion import FusedRetriever
from qa.retrieve.lexical import LexicalLeg


def words(shop):
    return {"words": (LexicalLeg(shop.library), 1.0)}


def meaning(shop):
    return {"meaning": (DenseLeg(shop.embedder, shop.index, shop.library), 0.5)}


def both(shop):
    return words(shop) | meaning(shop)


RETRIEVERS = {
    "words": lambda shop: FusedRetriever(shop.library, words(shop)),
    "meaning": lambda shop: FusedRetriever(shop.library, meaning(shop)),
    "fused": lambda shop: FusedRetriever(shop.library, both(shop)),
}


@dataclass
class Broken:
    """A leg that is out of order."""

    error: Exception

    def rank(self, question, k):
        raise self.error


@dataclass
class Fixed:
    """A leg that always answers the same."""

    keys: list[int]

    def rank(self, question, k):
        return [Match(key, 1.0) for key in self.keys]


@pytest.fixture(params=RETRIEVERS)
def make(request):
    return RETRIEVERS[request.param]


@pytest.fixture
def shop(make_library, ferry, bridge, orchard):
    return make_library(ferry, bridge, orchard)


def ids(retrieval):
    return [hit.passage.article_id for hit in retrieval.hits]


# Every retriever


def test_passage_with_the_words_of_the_question_comes_first(make, shop):
    found = make(shop).retrieve(understand("Which ferry sank off Cape Tarrow?"), 3)
    assert ids(found)[0] == "ferry"


@pytest.mark.parametrize("k", [1, 2])
def test_at_most_k_hits(make, shop, k):
    assert len(make(shop).retrieve(understand("the ferry and the bridge"), k).hits) == k


def test_best_hits_come_first(make, shop):
    scores = [hit.score for hit in make(shop).retrieve(understand("ferry bridge June"), 9).hits]
    assert len(scores) > 1
    assert scores == sorted(scores, reverse=True)


def test_no_passage_comes_twice(make, make_library):
    text = "The ferry sank in the storm off the cape that night. " * 60
    shop = make_library(Article.create(text, id="long"))
    passages = [hit.passage for hit in make(shop).retrieve(understand("Which ferry?"), 50).hits]
    assert len(passages) == len(set(passages)) > 1


def test_empty_library_has_nothing(make, make_library):
    assert make(make_library()).retrieve(understand("Which ferry sank?"), 5).hits == ()


def test_hits_are_the_passages_of_the_library(make, shop):
    for hit in make(shop).retrieve(understand("the ferry and the bridge"), 9).hits:
        article = shop.library.article(hit.passage.article_id)
        assert hit.passage == article.passage(hit.passage.start, hit.passage.end)


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({"since": date(2021, 3, 5)}, {"bridge"}),
        ({"until": date(2021, 3, 4)}, {"ferry"}),
        ({"sources": ["GAZETTE"]}, {"ferry"}),
        ({"sources": ["gazette"], "since": date(2022, 1, 1)}, set()),
        ({}, {"ferry", "bridge", "orchard"}),
    ],
    # Sets in the same order in every process, so that processes may share the tests.
    ids=lambda value: str(sorted(value) if isinstance(value, set) else value),
)
def test_hits_are_within_the_scope(make, shop, scope, expected):
    question = understand("the ferry, the bridge, the harvest", **scope)
    assert set(ids(make(shop).retrieve(question, 9))) == expected


def test_removed_article_is_not_found(make, shop):
    retriever = make(shop)
    assert "ferry" in ids(retriever.retrieve(understand("Which ferry sank?"), 9))
    with open_writer(shop.library) as writer:
        writer.remove("ferry")
    assert "ferry" not in ids(retriever.retrieve(understand("Which ferry sank?"), 9))


def test_old_version_is_not_found(make, shop, store):
    store(shop, Article.create("The ferry was raised in May.", id="ferry"))
    found = make(shop).retrieve(understand("Which ferry sank?"), 9)
    assert [hit.passage.text for hit in found.hits if hit.passage.article_id == "ferry"] == [
        "The ferry was raised in May."
    ]


def test_article_stored_later_is_found(make, make_library, library_folder, store, ferry, bridge):
    reader = make_library(ferry)
    retriever = make(reader)
    retriever.retrieve(understand("Which ferry?"), 5)
    store(make_library(folder=library_folder), bridge)
    patience = time.monotonic() + 30
    while time.monotonic() < patience:
        # By meaning, a reader sees it once its index was opened anew.
        found = ids(retriever.retrieve(understand("Which bridge do repairs cost?"), 5))
        if "bridge" in found:
            break
    assert "bridge" in found


def test_hit_knows_its_rank_in_each_leg(make, shop):
    (hit,) = make(shop).retrieve(understand("Which ferry sank off the cape?"), 1).hits
    assert set(hit.ranks.values()) == {1}


def test_each_search_is_a_step(make, shop):
    retriever = make(shop)
    names = [step.name for step in retriever.retrieve(understand("ferry"), 5).steps]
    assert names == [*(f"search by {name}" for name in retriever.legs), "fuse"]


def test_timely_question_prefers_the_nearer_article(make, make_library):
    text = "The ferry sank in the night."
    shop = make_library(
        Article.create(text, id="old", published=date(2020, 1, 1)),
        Article.create(text, id="new", published=date(2024, 1, 1)),
    )
    retriever = make(shop)
    for day, nearer in ((date(2020, 1, 5), "old"), (date(2024, 1, 5), "new")):
        assert ids(retriever.retrieve(understand("Which ferry sank?", as_of=day), 2))[0] == nearer


def test_timely_question_leaves_nothing_out(make, shop):
    question = understand("the ferry, the bridge, the harvest", as_of=date(2021, 3, 5))
    assert set(ids(make(shop).retrieve(question, 9))) == {"ferry", "bridge", "orchard"}


@pytest.mark.parametrize("question", ['ferry" OR (', "渡船 🎉", "?", "a", "ferry " * 3000])
def test_any_question_is_searched(make, shop, question):
    assert len(make(shop).retrieve(understand(question), 2).hits) <= 2


# Fusion


@pytest.mark.parametrize("error", [IndexUnavailable("disk on fire"), ModelError("no weights")])
def test_leg_out_of_order_is_named_and_the_others_go_on(shop, error):
    retriever = FusedRetriever(shop.library, words(shop) | {"meaning": (Broken(error), 0.5)})
    found = retriever.retrieve(understand("Which ferry sank?"), 5)
    assert ids(found)[0] == "ferry"
    (step,) = (step for step in found.steps if step.name == "search by meaning")
    assert step.detail == f"not searched: {error}"


def test_mistake_in_a_leg_is_not_hidden(shop):
    retriever = FusedRetriever(shop.library, {"odd": (Broken(ZeroDivisionError()), 1.0)})
    with pytest.raises(ZeroDivisionError):
        retriever.retrieve(understand("Which ferry?"), 5)


def test_index_of_another_embedder_is_an_error(shop, library_folder):
    other = HashingEmbedder(8)
    index = ChromaIndex(library_folder, other)
    retriever = FusedRetriever(
        shop.library, words(shop) | {"meaning": (DenseLeg(other, index, shop.library), 0.5)}
    )
    with pytest.raises(EmbedderMismatch):
        retriever.retrieve(understand("Which ferry?"), 5)
    index.close()


def test_passage_found_by_both_legs_comes_before_those_found_by_one(shop):
    key = {name: shop.library.passages_of(name)[0].key for name in ("ferry", "bridge", "orchard")}
    retriever = FusedRetriever(
        shop.library,
        {
            "one": (Fixed([key["ferry"], key["bridge"]]), 1.0),
            "two": (Fixed([key["orchard"], key["bridge"]]), 1.0),
        },
    )
    found = retriever.retrieve(understand("?"), 5)
    assert ids(found)[0] == "bridge"
    assert found.hits[0].ranks == {"one": 2, "two": 2}


def test_heavier_leg_counts_more(shop):
    key = {name: shop.library.passages_of(name)[0].key for name in ("ferry", "bridge")}
    legs = {"light": (Fixed([key["ferry"]]), 0.5), "heavy": (Fixed([key["bridge"]]), 1.0)}
    found = FusedRetriever(shop.library, legs).retrieve(understand("?"), 5)
    assert ids(found) == ["bridge", "ferry"]


def test_keys_that_are_gone_are_left_out_and_counted(shop):
    key = shop.library.passages_of("ferry")[0].key
    found = FusedRetriever(shop.library, {"one": (Fixed([999, key]), 1.0)}).retrieve(
        understand("?"), 5
    )
    assert ids(found) == ["ferry"]
    assert "1 left out as removed meanwhile" in found.steps[-1].detail


# Copies

WIRE = (
    "The ferry Maid of Orlen sank off Cape Tarrow in a storm late on Monday, the coast guard said. "
    "Its captain had reported a broken pump two hours before and asked for a tug. "
    "Nine sailors died, and 41 passengers were taken to the hospital in Port Selby. "
    "Boats searched for the missing until noon, when the wind made it too dangerous for them."
)
ADDED = (
    "\n\nThe owner, Tarrow Lines, had skipped an inspection of the pumps in January, according to "
    "papers seen by the Harbour Post. A spokesman said that the inspection was not due before June."
)


def carry(article_id, text, day, title="Ferry lost", source=None):
    return Article.create(
        text, id=article_id, title=title, source=source or article_id, published=day
    )


@pytest.fixture
def copies():
    return [
        carry("courier", WIRE, date(2021, 3, 5)),
        carry("wire", WIRE, date(2021, 3, 4)),
        carry("post", WIRE.replace("taken", "brought") + ADDED, date(2021, 3, 6)),
    ]


def carriers(hit):
    return [hit.passage.article_id, *(copy.article_id for copy in hit.copies)]


def test_copies_take_one_place(make, make_library, copies, bridge):
    shop = make_library(copies[0], copies[1], bridge)
    hits = make(shop).retrieve(understand("Which ferry sank off Cape Tarrow?"), 9).hits
    assert carriers(hits[0]) == ["wire", "courier"]
    assert {hit.passage.article_id for hit in hits[1:]} <= {"bridge"}


def test_of_copies_that_read_the_same_the_earliest_stays(make, make_library, copies):
    shop = make_library(copies[0], copies[1])
    (hit,) = make(shop).retrieve(understand("Which ferry sank?"), 9).hits
    assert hit.passage.article_id == "wire"
    assert hit.copies[0].source == "courier"
    assert set(hit.ranks.values()) == {1}


def test_the_better_ranked_copy_stays(make, make_library, copies):
    better = carry("late", WIRE, date(2021, 3, 9), title="Pump of the ferry Maid of Orlen broke")
    shop = make_library(copies[1], better)
    (hit,) = make(shop).retrieve(understand("pump of the ferry Maid of Orlen"), 9).hits
    assert carriers(hit) == ["late", "wire"]


def test_what_one_copy_adds_is_found(make, make_library, copies):
    hits = make(make_library(*copies)).retrieve(understand("Who skipped an inspection?"), 9).hits
    assert any("skipped an inspection" in hit.passage.text for hit in hits)
    (added,) = [hit for hit in hits if "skipped an inspection" in hit.passage.text]
    assert added.passage.article_id == "post"


def test_copy_with_another_number_keeps_its_place(make, make_library, copies):
    other = carry("gazette", WIRE.replace("Nine", "Eleven"), date(2021, 3, 7))
    hits = make(make_library(copies[1], other)).retrieve(understand("How many died?"), 9).hits
    assert sorted(carriers(hit) for hit in hits) == [["gazette"], ["wire"]]


def test_copies_outside_the_scope_are_not_named(make, make_library, copies):
    shop = make_library(*copies[:2])
    question = understand("Which ferry sank?", sources=["courier"])
    (hit,) = make(shop).retrieve(question, 9).hits
    assert carriers(hit) == ["courier"]


def test_many_copies_leave_room_for_others(make_library):
    flood = [carry(f"n{n}", WIRE, date(2021, 3, 4), title=f"Ferry {n}") for n in range(130)]
    last = carry("z", "The ferry sank, and the old pier sank with it.", date(2021, 3, 9))
    shop = make_library(*flood, last)
    retriever = FusedRetriever(shop.library, words(shop))
    found = retriever.retrieve(understand("Which ferry sank off Cape Tarrow?"), 5)
    assert sorted(ids(found)) == ["n0", "z"]
    assert "129 left out as copies of others" in found.steps[-1].detail


TOWNS = [f"{first}{last}" for first in ("Kel", "Mar", "Tol", "Bran") for last in
         ("sel", "row", "land", "dor", "wick", "by", "ham", "stead", "ford", "mere")]  # fmt: skip
LONG = [
    f"The council of {town} voted to mend the old pier before the winter storms come again."
    for town in TOWNS
]


@given(ranked=st.lists(st.integers(0, 20), min_size=1, max_size=6, unique=True))
def test_what_was_found_in_a_copy_is_among_the_hits(ranked, long_copies):
    library, keys = long_copies
    found = [keys[place % len(keys)] for place in ranked]
    legs = {"fixed": (Fixed(list(dict.fromkeys(found))), 1.0)}
    hits = FusedRetriever(library, legs).retrieve(understand("Which pier?"), 50).hits
    shown = " ".join(hit.passage.text for hit in hits)
    for passage in library.passages(found).values():
        assert all(town in shown for town in TOWNS if f" {town} " in passage.text)


@pytest.fixture(scope="module")
def long_copies(tmp_path_factory):
    """A text and a copy whose passages begin and end elsewhere, with all their keys."""
    library = Library.open(tmp_path_factory.mktemp("long"), create=True)
    opening = "What follows was agreed upon by the towns of the coast. " * 7
    articles = [
        Article.create(" ".join(LONG), id="wire"),
        Article.create(f"{opening}{' '.join(LONG)}", id="post"),
    ]
    with open_writer(library) as writer:
        writer.put(Draft(article, tuple(split(article))) for article in articles)
    assert len(copies_of(library, "wire")) == 1
    keys = [stored.key for article in articles for stored in library.passages_of(article.id)]
    yield library, keys
    library.close()
