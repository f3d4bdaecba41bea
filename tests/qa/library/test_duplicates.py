"""Clusters of copies: the same whatever happened before, and never out of step."""

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.split import split
from qa.library.drafts import Draft
from qa.library.duplicates import all_clusters, clusters_of, copies_of, faults
from qa.library.store import Library
from qa.library.writer import open_writer
from qa.records.article import Article, Copy

WORDS = [f"word{number}" for number in range(400)]
# Windows on one long text: neighbours are copies, the others only through them.
CHAIN = [" ".join(WORDS[first : first + 100]) for first in range(0, 175, 25)]
OTHER = " ".join(WORDS[300:400])
TEXTS = [*CHAIN, CHAIN[0], OTHER, f"{OTHER} and more", "A brief notice.", ""]
IDS = "abcdefgh"


def article(id_, text, **more):
    return Article.create(text, id=id_, **more)


def put(writer, *articles):
    writer.put([Draft(each, tuple(split(each))) for each in articles])


def partition(library):
    return {frozenset(copy.article_id for copy in found) for found in all_clusters(library)}


@pytest.fixture
def writer(library):
    with open_writer(library) as opened:
        yield opened


def fresh(articles):
    with tempfile.TemporaryDirectory() as folder:
        library = Library.open(Path(folder), create=True)
        with open_writer(library) as writer:
            put(writer, *articles)
        found = partition(library)
        library.close()
    return found


def test_copies_are_a_cluster(writer, library):
    put(writer, article("a", CHAIN[0]), article("b", CHAIN[1]), article("c", OTHER))
    assert partition(library) == {frozenset("ab")}


def test_copies_come_earliest_first_and_undated_last(writer, library):
    days = {"a": None, "b": date(2024, 6, 2), "c": date(2024, 6, 1)}
    put(writer, *(article(id_, OTHER, published=day) for id_, day in days.items()))
    (found,) = all_clusters(library)
    assert [copy.article_id for copy in found] == ["c", "b", "a"]
    assert [copy.article_id for copy in copies_of(library, "b")] == ["c", "a"]


def test_copy_says_where_it_is_from(writer, library):
    known = {
        "title": "Rate cut",
        "url": "https://post.example/rate",
        "source": "Post",
        "published": date(2024, 6, 1),
    }
    put(writer, article("a", OTHER), article("b", OTHER, **known))
    assert copies_of(library, "a") == (Copy("b", **known),)


def test_article_alone_or_unknown_has_no_copies(writer, library):
    put(writer, article("a", OTHER))
    assert copies_of(library, "a") == copies_of(library, "nope") == ()


def test_what_joined_two_texts_leaves_them_apart_when_it_goes(writer, library):
    put(writer, *(article(id_, CHAIN[2 * n]) for n, id_ in enumerate("ac")))
    assert partition(library) == set()
    put(writer, article("b", CHAIN[1]))
    assert partition(library) == {frozenset("abc")}
    writer.remove("b")
    assert partition(library) == set()


def test_changed_text_leaves_its_cluster_and_a_changed_day_does_not(writer, library):
    put(writer, article("a", OTHER), article("b", OTHER))
    put(writer, article("b", OTHER, published=date(2024, 6, 1)))
    assert partition(library) == {frozenset("ab")}
    put(writer, article("b", CHAIN[0]))
    assert partition(library) == set()


def test_passages_of_articles_alone_are_in_no_cluster(writer, library):
    put(writer, article("a", OTHER), article("b", OTHER), article("c", CHAIN[0]))
    keys = {id_: library.passages_of(id_)[0].key for id_ in "abc"}
    found = clusters_of(library, list(keys.values()))
    assert found.keys() == {keys["a"], keys["b"]}
    assert len(set(found.values())) == 1


def test_many_copies_are_one_cluster(writer, library):
    put(writer, *(article(f"n{number}", OTHER) for number in range(160)))
    writer.remove(*(f"n{number}" for number in range(0, 160, 2)))
    (found,) = all_clusters(library)
    assert len(found) == 80


changes = st.lists(
    st.one_of(
        st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(TEXTS)), min_size=1, max_size=4),
        st.sampled_from(IDS),
    ),
    max_size=14,
)


@settings(max_examples=25)
@given(changes)
def test_clusters_are_those_of_a_fresh_ingest_of_what_is_left(changes):
    held = {}
    with tempfile.TemporaryDirectory() as folder:
        library = Library.open(Path(folder), create=True)
        with open_writer(library) as writer:
            for change in changes:
                if isinstance(change, list):
                    put(writer, *(article(id_, text) for id_, text in change))
                    held |= dict(change)
                elif held.pop(change, None) is not None:
                    writer.remove(change)
        found = partition(library)
        assert faults(library) == 0
        library.close()
    assert found == fresh([article(id_, text) for id_, text in sorted(held.items())])


# Libraries from before


@pytest.fixture
def older(library_folder, library):
    """A library as it was before there were signatures."""
    with open_writer(library) as writer:
        put(writer, *(article(id_, OTHER, title="Rate cut") for id_ in "ab"), article("c", "C."))
    with library.connection() as database:
        for table in ("signatures", "bands", "exchanges", "conversations", "users"):
            database.execute(f"DROP TABLE {table}")
        database.execute("PRAGMA user_version = 2")
    library.close()
    return Library.open(library_folder)


def test_older_library_is_used_as_before(older):
    assert all_clusters(older) == []
    assert copies_of(older, "a") == ()
    assert older.article("a").text == OTHER
    with open_writer(older) as writer:
        writer.remove("a")
        put(writer, article("b", CHAIN[0]))
    older.close()


def test_articles_of_an_older_library_are_signed_when_asked(older):
    assert faults(older) == 3
    with open_writer(older) as writer:
        put(writer, article("d", OTHER))
        writer.sign_articles()
    assert faults(older) == 0
    assert partition(older) == {frozenset("abd")}
    older.close()


def test_nothing_is_written_when_all_are_signed(writer, library):
    put(writer, article("a", OTHER))
    before = library.generation()
    writer.sign_articles()
    assert library.generation() == before


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM signatures WHERE article = 1",
        "DELETE FROM bands WHERE article = 1",
        "UPDATE signatures SET hash = 'of another text' WHERE article = 1",
        "UPDATE signatures SET method = 'an older one' WHERE article = 1",
        "INSERT INTO bands VALUES (7, 99)",
        "UPDATE signatures SET cluster = NULL WHERE article = 1",
    ],
)
def test_signature_out_of_step_is_found_and_made_anew(writer, library, damage):
    put(writer, article("a", OTHER), article("b", OTHER), article("c", CHAIN[0]))
    with library.connection() as database:
        database.execute(damage)
    assert faults(library) > 0
    writer.sign_articles(anew=True)
    assert faults(library) == 0
    assert partition(library) == {frozenset("ab")}
