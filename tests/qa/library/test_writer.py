"""Changes of a library: whole or not at all, and nothing derived is left behind."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.split import split
from qa.errors import ArticleNotFound
from qa.library.drafts import Draft
from qa.library.integrity import word_index_faults
from qa.library.pending import pending_keys, pending_passages, removed_keys
from qa.library.writer import open_writer
from qa.protocols import LexicalEntry
from qa.records.article import Article
from qa.records.question import Scope

RAIN = Article.create("It rained in Kessel all day.", id="a", title="Rain")
SNOW = Article.create("It snowed in Kessel all day.", id="a", title="Snow")
WIND = Article.create("A storm took the roof.", id="b", title="Wind")


@pytest.fixture
def writer(library):
    with open_writer(library) as opened:
        yield opened


def draft(article, origin=None, *, alone=False):
    return Draft(article, tuple(split(article)), origin, alone)


def contents(library):
    """Everything in the tables that a change of articles touches."""
    tables = ("articles", "versions", "passages", "words", "removals", "lexical_removals")
    with library.connection() as database:
        return {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in tables}


def texts(library):
    return sorted(library.article(summary.id).text for summary in library.summaries())


# Put


def test_new_article_is_added(writer):
    assert writer.put([draft(RAIN)]) == ["added"]


def test_same_content_is_unchanged(writer, library):
    writer.put([draft(RAIN)])
    before = contents(library)
    assert writer.put([draft(RAIN)]) == ["unchanged"]
    assert contents(library) == before


def test_same_article_twice_in_one_batch_is_stored_once(writer, library):
    assert writer.put([draft(RAIN), draft(RAIN)]) == ["added", "unchanged"]
    assert library.counts()["articles"] == 1


def test_other_content_under_an_id_is_a_new_version(writer, library):
    writer.put([draft(RAIN)])
    assert writer.put([draft(SNOW)]) == ["updated"]
    assert (library.article("a").version, library.article("a").text) == (2, SNOW.text)


def test_corrected_date_alone_is_a_new_version(writer, library):
    writer.put([draft(RAIN)])
    corrected = replace(RAIN, author="Ilse")
    assert writer.put([draft(corrected)]) == ["updated"]
    assert library.article("a").author == "Ilse"


def test_old_text_is_kept_among_the_versions(writer, library):
    for article in (RAIN, SNOW, RAIN):
        writer.put([draft(article)])
    versions = [(version.version, version.title) for version in library.versions("a")]
    assert versions == [(1, "Rain"), (2, "Snow"), (3, "Rain")]


def test_unknown_article_has_no_versions(library):
    assert library.versions("nope") == []


def found(library, *words):
    return library.words().search(words, 1000, Scope())


def test_old_passages_leave_the_word_index(writer, library):
    writer.put([draft(RAIN)])
    writer.index_words()
    writer.put([draft(SNOW)])
    assert writer.index_words() == 1
    assert found(library, "rained") == []
    assert len(found(library, "snowed")) == 1


def test_what_was_stored_is_found_by_words_when_the_writer_ends(library):
    with open_writer(library) as writer:
        writer.put([draft(RAIN)])
        assert library.counts()["pending words"] == 1
    assert library.counts()["pending words"] == 0
    assert len(found(library, "rained")) == 1


def test_new_passages_are_pending(writer, library):
    writer.put([draft(RAIN), draft(WIND)])
    assert [item.passage.article_id for item in pending_passages(library, 10)] == ["a", "b"]


def test_vectors_of_old_passages_are_queued_for_removal(writer, library):
    writer.put([draft(RAIN)])
    (old,) = library.passages_of("a")
    writer.put([draft(SNOW)])
    assert removed_keys(library) == [old.key]


def test_passage_keys_are_never_used_again(writer, library):
    seen = []
    for article in (RAIN, SNOW, RAIN):
        writer.put([draft(article)])
        seen += [stored.key for stored in library.passages_of("a")]
        writer.remove("a")
        writer.mark_removed(removed_keys(library))
    assert len(set(seen)) == 3


def test_article_without_passages_is_stored(writer, library):
    writer.put([Draft(Article.create("", id="e"), ())])
    assert library.article("e").text == ""


def test_generation_grows_with_every_change(writer, library):
    generations = [library.generation()]
    for change in (
        lambda: writer.put([draft(RAIN)]),
        lambda: writer.put([draft(SNOW)]),
        lambda: writer.mark_indexed([1]),
        lambda: writer.remove("a"),
    ):
        change()
        generations.append(library.generation())
    assert generations == sorted(set(generations))


def test_exception_in_the_middle_leaves_nothing(writer, library):
    writer.put([draft(RAIN)])
    before, generation = contents(library), library.generation()

    def drafts():
        yield draft(SNOW)
        yield draft(WIND)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        writer.put(drafts())
    assert contents(library) == before
    assert library.generation() == generation


def test_readers_do_not_see_half_a_batch(writer, library):
    seen = []

    def drafts():
        yield draft(RAIN)
        seen.append(library.counts()["articles"])
        yield draft(WIND)

    writer.put(drafts())
    assert seen == [0]


def test_writing_goes_on_after_an_exception(writer):
    with pytest.raises(ZeroDivisionError):
        writer.put(draft(1 / 0) for _ in "x")
    with pytest.raises(ArticleNotFound):
        writer.remove("nope")
    assert writer.put([draft(RAIN)]) == ["added"]


# Origin


def plain(text):
    """An article as a text file gives it: without id and URL."""
    return Article.create(text, title="note")


def test_changed_file_is_the_next_version_of_what_it_held(writer, library):
    writer.put([draft(plain("It rained."), "/n/a.txt", alone=True)])
    (first,) = library.summaries()
    outcome = writer.put([draft(plain("It snowed."), "/n/a.txt", alone=True)])
    (second,) = library.summaries()
    assert (outcome, second.id, second.version) == (["updated"], first.id, 2)


def test_changed_file_read_again_is_unchanged(writer):
    for text in ("It rained.", "It snowed."):
        writer.put([draft(plain(text), "/n/a.txt", alone=True)])
    assert writer.put([draft(plain("It snowed."), "/n/a.txt", alone=True)]) == ["unchanged"]


def test_entries_of_one_file_are_articles_of_their_own(writer):
    writer.put([draft(plain("It rained."), "/n/a.jsonl:1")])
    assert writer.put([draft(plain("It snowed."), "/n/a.jsonl:1")]) == ["added"]


def test_given_id_counts_more_than_the_file(writer, library):
    writer.put([draft(RAIN, "/n/a.txt", alone=True)])
    assert writer.put([draft(WIND, "/n/a.txt", alone=True)]) == ["added"]
    assert library.counts()["articles"] == 2


def test_old_content_in_another_file_does_not_displace_the_new(writer, library):
    writer.put([draft(plain("It rained."), "/n/a.txt", alone=True)])
    writer.put([draft(plain("It snowed."), "/n/a.txt", alone=True)])
    writer.put([draft(plain("It rained."), "/n/backup.txt", alone=True)])
    assert texts(library) == ["It rained.", "It snowed."]


def test_origin_of_any_name_is_stored(writer):
    # A file name that is not UTF-8, as Python hands it over.
    assert writer.put([draft(plain("It rained."), "/n/caf\udce9.txt", alone=True)]) == ["added"]


def test_failure_of_any_name_is_journalled(writer):
    writer.journal_failure(writer.begin_run(), "/n/caf\udce9.txt", "cannot be read")


# Remove


def test_removed_article_is_gone_with_its_versions(writer, library):
    writer.put([draft(RAIN)])
    writer.put([draft(SNOW)])
    writer.remove("a")
    assert library.versions("a") == []
    with pytest.raises(ArticleNotFound):
        library.article("a")


def test_removed_article_is_not_found_by_words(writer, library):
    writer.put([draft(RAIN), draft(WIND)])
    writer.index_words()
    writer.remove("a")
    writer.index_words()
    assert found(library, "Kessel", "rain") == []
    assert len(found(library, "storm")) == 1


def test_vectors_of_a_removed_article_are_queued(writer, library):
    writer.put([draft(RAIN)])
    (stored,) = library.passages_of("a")
    writer.remove("a")
    assert removed_keys(library) == [stored.key]


def test_removing_what_is_not_there_is_an_error(writer):
    with pytest.raises(ArticleNotFound, match="'a'"):
        writer.remove("a")


def test_removed_article_comes_back_as_the_first_version(writer, library):
    for article in (RAIN, SNOW):
        writer.put([draft(article)])
    writer.remove("a")
    assert writer.put([draft(RAIN)]) == ["added"]
    assert [version.version for version in library.versions("a")] == [1]


# Marks and journal


def test_indexed_passages_are_no_longer_pending(writer, library):
    writer.put([draft(RAIN), draft(WIND)])
    first, second = pending_passages(library, 10)
    writer.mark_indexed([first.key])
    assert pending_keys(library) == {second.key}
    assert list(library.keys()) == [first.key]


def test_pending_again(writer, library):
    writer.put([draft(RAIN)])
    (item,) = pending_passages(library, 10)
    writer.mark_indexed([item.key])
    writer.mark_pending([item.key])
    assert pending_passages(library, 10) == [item]


def test_all_pending_forgets_the_removals(writer, library):
    writer.put([draft(RAIN)])
    writer.mark_indexed([pending_passages(library, 1)[0].key])
    writer.put([draft(SNOW)])
    writer.mark_all_pending()
    assert library.counts() == {
        "articles": 1,
        "passages": 1,
        "pending": 1,
        "removals": 0,
        "pending words": 1,
    }


def test_journal_keeps_counts_and_failures(writer, library):
    run = writer.begin_run()
    writer.journal_failure(run, "x.pdf", "damaged")
    writer.end_run(run, {"added": 1, "updated": 2, "unchanged": 3})
    with library.connection() as database:
        (row,) = database.execute("SELECT added, updated, unchanged, finished FROM runs")
        failures = database.execute("SELECT origin, reason FROM failures").fetchall()
    assert row[:3] == (1, 2, 3)
    assert row[3] is not None
    assert failures == [("x.pdf", "damaged")]


# The word index


def test_faults_of_the_word_index_are_counted_both_ways(writer, library):
    writer.put([draft(RAIN), draft(WIND)])
    writer.index_words()
    assert word_index_faults(library) == 0
    library.lexical_index.clear()
    library.lexical_index.upsert([LexicalEntry(99, "", "stray", None, None)])
    assert word_index_faults(library) == 3


def test_word_index_is_made_anew(writer, library):
    writer.put([draft(RAIN), draft(WIND)])
    library.lexical_index.upsert([LexicalEntry(99, "", "stray", None, None)])
    assert writer.rebuild_words() == 2
    assert word_index_faults(library) == 0
    assert len(found(library, "storm")) == 1
    assert found(library, "stray") == []


def test_word_index_that_is_gone_is_made_anew_by_the_next_writer(library):
    with open_writer(library) as writer:
        writer.put([draft(RAIN), draft(WIND)])
    library.lexical_index.clear()
    with open_writer(library):
        pass
    assert word_index_faults(library) == 0
    assert len(found(library, "storm")) == 1


def test_word_index_that_is_torn_is_made_anew_by_the_next_writer(library_folder, library):
    with open_writer(library) as writer:
        writer.put([draft(RAIN), draft(WIND)])
    library.lexical_index.clear()
    (library_folder / "words").mkdir()
    (library_folder / "words" / "meta.json").write_text("{")
    with open_writer(library):
        pass
    assert word_index_faults(library) == 0
    assert len(found(library, "storm")) == 1


def test_passages_taken_over_before_a_kill_are_taken_over_again(writer, library, monkeypatch):
    writer.put([draft(RAIN), draft(WIND)])
    with monkeypatch.context() as patch:
        patch.setattr(type(writer), "transaction", lambda self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            writer.index_words()
    assert library.counts()["pending words"] == 2
    assert word_index_faults(library) == 0
    assert writer.index_words() == 2
    assert sorted(library.lexical_index.keys()) == [1, 2]


# Any sequence of changes

WORDS = ("rain", "snow", "wind", "fog", "hail")
changes = st.lists(
    st.tuples(
        st.sampled_from(["put", "put twice", "remove", "drain", "index", "rebuild"]),
        st.sampled_from("abc"),
        st.sampled_from(WORDS),
    ),
    max_size=14,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=changes)
def test_any_sequence_of_changes_keeps_everything_in_step(library, changes):
    expected = {}
    # One library for all examples, which each of them empties.
    with open_writer(library) as writer:
        writer.remove(*(summary.id for summary in library.summaries()))
        writer.mark_removed(removed_keys(library))
    with open_writer(library) as writer:
        for change, name, word in changes:
            article = Article.create(f"There was {word} over the hill. " * 40, id=name)
            if change.startswith("put"):
                writer.put([draft(article)] * (1 + change.endswith("twice")))
                expected[name] = word
            elif change == "remove" and name in expected:
                writer.remove(name)
                del expected[name]
            elif change == "drain":
                writer.mark_removed(removed_keys(library))
                writer.mark_indexed([item.key for item in pending_passages(library, 1000)])
            elif change == "rebuild":
                writer.rebuild_words()
            elif change == "index":
                writer.index_words()
            assert word_index_faults(library) == 0
            assert set(removed_keys(library)).isdisjoint(library.keys())
    for word in WORDS:
        keys = [match.key for match in found(library, word)]
        passages = library.passages(keys)
        assert len(passages) == len(keys)
        assert {passage.article_id for passage in passages.values()} == {
            name for name, current in expected.items() if current == word
        }
    for name in expected:
        article = library.article(name)
        assert [stored.passage for stored in library.passages_of(name)] == split(article)
    assert {summary.id for summary in library.summaries()} == set(expected)
