"""Two different articles never share an id, and a file that is given again has one article."""

import json
from datetime import date

import pytest

from ingest.split import split
from qa.library.drafts import Draft
from qa.library.tables.identity import Identities
from qa.library.writer import open_writer
from qa.records.article import Article

CHOIR = "Nine choirs sang in the square of Oster on Sunday evening until it rained."
CRANE = "The weir at Oster was shut on Monday after a crane struck its northern wall."
MENDED = "The weir at Oster was shut on Tuesday after a crane struck its northern wall."


@pytest.fixture
def writer(library):
    with open_writer(library) as opened:
        yield opened


def row(text, origin, *, alone=False, title="", **known):
    article = Article.create(text, title=title, **known)
    return Draft(article, tuple(split(article)), origin, alone)


def put(writer, *drafts):
    """One run: what became of each, and how many clashed."""
    identities = Identities()
    return writer.put(drafts, identities), identities.clash_count


def texts(library):
    return sorted(library.article(each.id).text for each in library.summaries())


OF_TWO_FILES = [
    # Row numbers.
    ({"id": "1", "origin": "/n/north.csv:2"}, {"id": "1", "origin": "/n/south.csv:2"}),
    # Row numbers of files of one name.
    ({"id": "1", "origin": "/n/a.csv:2"}, {"id": "1", "origin": "/s/a.csv:2"}),
    # Pages that name a section as their address.
    (
        {"url": "https://a.example/news", "origin": "/n/a.html", "alone": True},
        {"url": "https://a.example/news", "origin": "/n/b.html", "alone": True},
    ),
]
OF_ONE_FILE = [
    # One id of two outlets.
    (
        {"id": "k7", "source": "Herald", "origin": "/n/a.jsonl:1"},
        {"id": "k7", "source": "Post", "origin": "/n/a.jsonl:2"},
    ),
    # One id twice.
    ({"id": "k7", "origin": "/n/a.jsonl:1"}, {"id": "k7", "origin": "/n/a.jsonl:2"}),
    # One link of several entries.
    (
        {"url": "https://a.example/live", "origin": "/n/a.xml:1"},
        {"url": "https://a.example/live", "origin": "/n/a.xml:2"},
    ),
]
ONE_OF_TWO = OF_TWO_FILES + OF_ONE_FILE


@pytest.mark.parametrize(("one", "other"), ONE_OF_TWO)
def test_different_articles_of_one_id_are_kept_apart_and_noted(writer, library, one, other):
    drafts = [row(CRANE, title="Weir", **one), row(CHOIR, title="Choirs", **other)]
    assert put(writer, *drafts) == (["added", "added"], 1)
    assert texts(library) == sorted([CRANE, CHOIR])
    assert put(writer, *drafts) == (["unchanged", "unchanged"], 0)


@pytest.mark.parametrize(("one", "other"), OF_TWO_FILES)
def test_they_are_kept_apart_when_they_come_one_after_the_other(writer, library, one, other):
    for draft in (row(CRANE, title="Weir", **one), row(CHOIR, title="Choirs", **other)):
        assert put(writer, draft)[0] == ["added"]
    assert texts(library) == sorted([CRANE, CHOIR])


@pytest.mark.parametrize(("one", "other"), ONE_OF_TWO)
def test_what_was_kept_apart_has_versions_of_its_own(writer, library, one, other):
    first = row(CHOIR, title="Choirs", **one)
    put(writer, first, row(CRANE, title="Weir", **other))
    assert put(writer, first, row(MENDED, title="Weir", **other))[0] == ["unchanged", "updated"]
    assert texts(library) == sorted([CHOIR, MENDED])


def test_first_of_two_keeps_the_id_it_was_given(writer, library):
    put(writer, row(CRANE, "/n/a.csv:2", id="1"), row(CHOIR, "/n/b.csv:2", id="1"))
    assert {each.id for each in library.summaries()} == {"1", "b.csv:1"}


def test_numbers_of_rows_that_move_on_double_nothing(writer, library):
    put(writer, row(CRANE, "/n/a.csv:2", title="Weir", id="1"))
    later = [
        row(CHOIR, "/n/a.csv:2", title="Choirs", id="1"),
        row(CRANE, "/n/a.csv:3", title="Weir", id="2"),
    ]
    assert put(writer, *later)[0] == ["added", "unchanged"]
    assert texts(library) == sorted([CRANE, CHOIR])


def test_newer_export_of_the_same_article_is_its_next_version(writer, library):
    known = {"title": "Weir", "id": "1"}
    put(writer, row(CRANE, "/monday/news.csv:2", **known))
    assert put(writer, row(MENDED, "/tuesday/news.csv:9", **known)) == (["updated"], 0)
    assert texts(library) == [MENDED]


def test_rewritten_article_of_the_same_id_title_and_day_is_its_next_version(writer):
    known = {"title": "Weir", "id": "weir-1"}
    put(writer, row(CRANE, "/monday/news.jsonl:1", **known))
    assert put(writer, row(CHOIR, "-:1", **known)) == (["updated"], 0)


def test_rewritten_article_of_one_file_and_id_is_its_next_version(writer):
    put(writer, row(CRANE, "/n/a.jsonl:1", title="Weir", id="weir-1"))
    assert put(writer, row(CHOIR, "/n/a.jsonl:1", title="Choirs", id="weir-1"))[0] == ["updated"]


def test_page_that_a_feed_announced_is_its_next_version(writer, library):
    link = {"title": "Weir", "url": "https://a.example/weir"}
    put(writer, row(CRANE, "https://a.example/feed:1", **link))
    page = row(f"{CRANE} It may open in June.", link["url"], alone=True, **link)
    assert put(writer, page)[0] == ["updated"]
    assert library.counts()["articles"] == 1


def test_entry_without_id_is_known_again_by_its_title_in_its_file(writer, library):
    put(
        writer, row(CRANE, "/n/a.jsonl:1", title="Weir"), row(CHOIR, "/n/a.jsonl:2", title="Choirs")
    )
    new = row("A fox was seen in the library.", "/n/a.jsonl:1", title="Fox")
    assert put(writer, new, row(MENDED, "/n/a.jsonl:2", title="Weir"))[0] == ["added", "updated"]
    assert library.counts()["articles"] == 3


@pytest.mark.parametrize("other", [{"title": "Letters"}, {"published": date(2024, 6, 2)}])
def test_entry_without_id_of_another_title_or_day_is_another_article(writer, other):
    known = {"title": "Weir", "published": date(2024, 6, 1)}
    put(writer, row(CRANE, "/n/a.jsonl:1", **known))
    assert put(writer, row(MENDED, "/n/a.jsonl:1", **{**known, **other}))[0] == ["added"]


# Files that hold one article


def test_file_given_again_under_its_name_elsewhere_is_a_new_version(writer, library):
    put(writer, row(CRANE, "/v1/weir.txt", alone=True, title="Weir"))
    assert put(writer, row(MENDED, "/v2/weir.txt", alone=True, title="Weir"))[0] == ["updated"]
    assert texts(library) == [MENDED]


@pytest.mark.parametrize(("title", "text"), [("Choirs", MENDED), ("Weir", CHOIR)])
def test_file_of_the_same_name_with_another_article_is_another(writer, title, text):
    put(writer, row(CRANE, "/v1/a.txt", alone=True, title="Weir"))
    assert put(writer, row(text, "/v2/a.txt", alone=True, title=title))[0] == ["added"]


def test_files_of_the_same_name_in_one_run_are_articles_of_their_own(writer, library):
    known = {"alone": True, "title": "Weir"}
    put(writer, row(CRANE, "/herald/1.txt", **known), row(MENDED, "/post/1.txt", **known))
    assert texts(library) == sorted([CRANE, MENDED])


def test_upload_of_the_same_name_replaces_what_reads_like_it_only(writer, library):
    upload = {"origin": "upload:ann/document.pdf", "alone": True}
    put(writer, row(CRANE, title="Weir", **upload))
    assert put(writer, row(CHOIR, title="Choirs", **upload))[0] == ["added"]
    assert put(writer, row(MENDED, title="Weir", **upload))[0] == ["updated"]
    assert texts(library) == sorted([CHOIR, MENDED])


def test_clashes_without_end_are_counted(writer, monkeypatch):
    monkeypatch.setattr("qa.library.tables.identity._MAX_CLASHES", 2)
    identities = Identities()
    numbers = [json.dumps([n, "choir " * n]) for n in range(1, 6)]
    writer.put((row(text, f"/n/a.jsonl:{n}", id="k") for n, text in enumerate(numbers)), identities)
    assert (len(identities.clashes), identities.clash_count) == (2, 4)
