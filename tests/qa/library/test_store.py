"""What a library gives back, and how words are looked up in it."""

import sqlite3
from dataclasses import replace
from datetime import date

import pytest

from ingest.split import split
from qa.errors import ArticleNotFound, LibraryError, LibraryTooNew
from qa.library.drafts import Draft
from qa.library.store import Library, Summary
from qa.library.writer import open_writer
from qa.records.article import Article
from qa.records.question import Scope

ANY = Scope()


def put(library, *articles):
    with open_writer(library) as writer:
        return writer.put(Draft(article, tuple(split(article))) for article in articles)


# Opening


def test_no_library_is_an_error_that_says_how_to_make_one(tmp_path):
    with pytest.raises(LibraryError, match=r"article-qa ingest PATH --library"):
        Library.open(tmp_path)


def test_opening_to_read_makes_no_file(tmp_path):
    with pytest.raises(LibraryError):
        Library.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_file_in_the_place_of_the_folder_is_an_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryError, match="file"):
        Library.open(tmp_path / "file", create=True)


def test_file_that_is_no_database_is_an_error(tmp_path):
    (tmp_path / "library.db").write_bytes(b"It rained. " * 1000)
    with pytest.raises(LibraryError, match="cannot be read as a library"):
        Library.open(tmp_path)


def test_database_of_another_program_is_an_error(tmp_path):
    database = sqlite3.connect(tmp_path / "library.db")
    database.execute("CREATE TABLE articles (body TEXT)")
    database.close()
    with pytest.raises(LibraryError, match=r"library\.db"):
        Library.open(tmp_path)


def test_damaged_database_is_an_error(library, library_folder, ferry):
    put(library, ferry)
    library.close()
    file = library_folder / "library.db"
    data = file.read_bytes()
    file.write_bytes(data[:4096] + b"\xaa" * (len(data) - 4096))
    with pytest.raises(LibraryError, match=r"library\.db"):
        Library.open(library_folder).summaries()


def test_library_of_a_later_version_is_refused(library, library_folder):
    with library.connection() as database:
        database.execute("PRAGMA user_version = 99")
    library.close()
    with pytest.raises(LibraryTooNew, match=r"99.*upgrade"):
        Library.open(library_folder)


def test_closed_library_opens_again_when_used(library, ferry):
    put(library, ferry)
    library.close()
    assert library.article("ferry").title == ferry.title


# Looking up


def test_article_comes_back_as_it_went_in(library, ferry):
    put(library, ferry)
    stored = library.article("ferry")
    assert stored.ingested is not None
    assert replace(stored, ingested=None) == ferry


def test_unknown_article_is_an_error_that_names_it(library):
    with pytest.raises(ArticleNotFound, match="'nope'"):
        library.article("nope")


def test_text_of_any_kind_is_stored_unchanged(library):
    text = "CRLF\r\nline, NUL-free, e\u0301, 👩‍🚀, 日本, \u2028, \x1b[31m"
    put(library, Article.create(text, id="a"))
    assert library.article("a").text == text


def test_passages_of_an_article_are_in_reading_order(library):
    article = Article.create("The river rose and the old wall fell again. " * 60, id="a")
    put(library, article)
    assert [stored.passage for stored in library.passages_of("a")] == split(article)


def test_passages_that_are_gone_are_left_out(library, ferry):
    put(library, ferry)
    (stored,) = library.passages_of("ferry")
    assert library.passages([stored.key, stored.key + 7]) == {stored.key: stored.passage}


def test_summaries_are_newest_first_and_undated_last(library, ferry, bridge, orchard):
    put(library, orchard, ferry, bridge)
    assert [summary.id for summary in library.summaries()] == ["bridge", "ferry", "orchard"]


def test_summary_counts_characters_and_passages(library, ferry):
    put(library, ferry)
    (summary,) = library.summaries()
    assert (summary.characters, summary.passages, summary.pending) == (len(ferry.text), 1, 1)


def test_summary_counts_the_other_articles_with_its_text(library, ferry, bridge, orchard):
    put(library, ferry, replace(ferry, id="again"), replace(ferry, id="third"), bridge)
    copies = {summary.id: summary.copies for summary in library.summaries()}
    assert copies == {"ferry": 2, "again": 2, "third": 2, "bridge": 0}


def test_summary_survives_json(library, ferry):
    put(library, ferry)
    (summary,) = library.summaries()
    assert Summary.from_json(summary.to_json()) == summary


def test_counts(library, ferry, bridge):
    put(library, ferry, bridge)
    assert library.counts() == {
        "articles": 2,
        "passages": 2,
        "pending": 2,
        "removals": 0,
        "pending words": 0,
    }


def test_coverage_tells_how_many_articles_and_which_days(library, ferry, bridge, orchard):
    put(library, ferry, bridge, orchard)
    assert library.coverage(ANY) == (3, date(2021, 3, 4), date(2023, 5, 20))


def test_coverage_keeps_to_the_scope(library, ferry, bridge, orchard):
    put(library, ferry, bridge, orchard)
    scope = Scope(since=date(2022, 1, 1))
    assert library.coverage(scope) == (1, date(2023, 5, 20), date(2023, 5, 20))


def test_other_instance_sees_what_was_written(library, library_folder, ferry):
    other = Library.open(library_folder)
    before = other.generation()
    put(library, ferry)
    assert other.generation() > before
    assert other.article("ferry").title == ferry.title
    other.close()


# Words


def test_what_was_stored_is_found_by_its_words(library, ferry, bridge):
    put(library, ferry, bridge)
    (match,) = library.words().search(["sailors"], 5, ANY)
    assert library.passages([match.key])[match.key].article_id == "ferry"


def test_other_instance_finds_the_words_of_what_was_written(library, library_folder, ferry):
    other = Library.open(library_folder)
    assert other.words().search(["sailors"], 5, ANY) == []
    put(library, ferry)
    assert len(other.words().search(["sailors"], 5, ANY)) == 1
    other.close()


# Scope


def test_days_of_the_passages_within_scope(library, ferry, bridge, orchard):
    put(library, ferry, bridge, orchard)
    key = {each: library.passages_of(each)[0].key for each in ("ferry", "bridge", "orchard")}
    assert library.days([*key.values(), 99], ANY) == {
        key["ferry"]: date(2021, 3, 4),
        key["bridge"]: date(2023, 5, 20),
        key["orchard"]: None,
    }
    assert list(library.days([*key.values()], Scope(sources=("gazette",)))) == [key["ferry"]]
