"""The table of articles: filters, words, order, pages."""

from dataclasses import replace
from datetime import date

import pytest

from ingest.split import split
from qa.library.curation.choices import choices, read_from
from qa.library.curation.edits import edit_articles
from qa.library.curation.listing import SORTS, Filter, list_articles, matching_ids
from qa.library.drafts import Draft
from qa.library.writer import open_writer
from qa.records.clauses import clause


@pytest.fixture
def tools(make_library, ferry, bridge, orchard):
    opened = make_library(ferry, bridge, orchard)
    places = {
        replace(ferry, id="copy", source="Évening Post", published=date(2021, 3, 6), url=None):
            "/n/news/rows.jsonl:1",
        replace(bridge, id="locked", title="Toll?", locked=True, language="de", url=None,
                text="Die Brücke kostet Maut, 50 % mehr."): "/n/letters/toll.txt",
    }  # fmt: skip
    with open_writer(opened.library) as writer:
        writer.put([Draft(each, tuple(split(each)), place) for each, place in places.items()])
    return opened


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("/n/Rows.CSV:3", "%(file)s, line %(number)s"),
        ("/n/rows.jsonl:3", "%(file)s, line %(number)s"),
        ("/n/letters.mbox:3", "%(file)s, entry %(number)s"),
    ],
)
def test_lines_are_told_as_the_failures_of_a_file_tell_them(make_library, ferry, place, message):
    opened = make_library()
    with open_writer(opened.library) as writer:
        writer.put([Draft(ferry, tuple(split(ferry)), place)])
    name = place.removeprefix("/n/").removesuffix(":3")
    assert read_from(opened.library, ferry.id) == clause(message, file=name, number="3")


def ids(tools, **options):
    sorting = {name: options.pop(name) for name in ("sort", "descending") if name in options}
    return [row.id for row in list_articles(tools.library, Filter(**options), **sorting).rows]


def test_newest_come_first_and_undated_last(tools):
    assert ids(tools) == ["bridge", "locked", "copy", "ferry", "orchard"]
    assert ids(tools, descending=False)[-1] == "orchard"


@pytest.mark.parametrize("sort", SORTS)
def test_every_column_sorts_both_ways(tools, sort):
    listing = list_articles(tools.library, Filter(), sort=sort, descending=False)
    values = [getattr(row, sort) for row in listing.rows]
    known = [value for value in values if value not in (None, "")]
    if sort in ("title", "source", "author"):
        known = [value.lower() for value in known]
    assert known == sorted(known)
    assert values[len(known) :] == [None] * (len(values) - len(known))
    back = list_articles(tools.library, Filter(), sort=sort, descending=True)
    assert {row.id for row in back.rows} == {row.id for row in listing.rows}


def test_unknown_column_is_refused(tools):
    with pytest.raises(ValueError, match="'text' is no column to sort by"):
        list_articles(tools.library, Filter(), sort="text")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"outlets": ("courier",)}, {"bridge", "locked"}),
        ({"outlets": ("Gazette", "")}, {"ferry", "orchard"}),
        ({"since": date(2021, 3, 5), "until": date(2021, 3, 7)}, {"copy"}),
        ({"languages": ("de",)}, {"locked"}),
        ({"languages": ("de", "")}, {"locked", "ferry", "bridge", "orchard", "copy"}),
        ({"undated": True}, {"orchard"}),
        ({"locked": True}, {"locked"}),
        ({"copied": True}, {"ferry", "copy"}),
        ({"sources": ("rows.jsonl",)}, {"copy"}),
        ({"sources": ("letters", "rows.jsonl")}, {"copy", "locked"}),
        ({"sources": ("nowhere",)}, set()),
        # In the text, in any form; in the title by a part of a word; of an outlet; by its day.
        ({"words": "sailor"}, {"ferry", "copy"}),
        ({"words": "kess repaired"}, {"bridge"}),
        ({"words": "évening"}, {"copy"}),
        ({"words": "2021-03-06"}, {"copy"}),
        ({"words": "sailors gazette"}, {"ferry"}),
        ({"words": "%"}, set()),
        ({"words": "'; DROP TABLE articles; --"}, set()),
    ],
)
def test_filters_leave_the_others_out(tools, options, expected):
    assert set(ids(tools, **options)) == expected
    assert set(matching_ids(tools.library, Filter(**options))) == expected


def test_pages_know_how_many_there_are(tools):
    pages = [
        list_articles(tools.library, Filter(), sort="title", offset=start, limit=2)
        for start in (0, 2, 4, 6)
    ]
    assert [len(page.rows) for page in pages] == [2, 2, 1, 0]
    assert {page.total for page in pages} == {5}
    assert len({row.id for page in pages for row in page.rows}) == 5


def test_row_tells_copies_marks_and_edits(tools):
    with open_writer(tools.library) as writer:
        edit_articles(writer, ["orchard"], {"author": "Ilse Moor"})
    rows = {row.id: row for row in list_articles(tools.library, Filter()).rows}
    assert [rows[id_].copies for id_ in ("ferry", "copy", "bridge")] == [1, 1, 0]
    assert rows["locked"].locked
    assert [row.id for row in rows.values() if row.edited] == ["orchard"]


def test_choices_are_counted_and_name_no_path(tools):
    known = choices(tools.library)
    assert known.outlets[0] == ("Courier", 2)
    assert known.outlets[-1] == (None, 1)
    assert dict(known.languages) == {"de": 1, None: 4}
    assert dict(known.sources) == {"rows.jsonl": 1, "letters": 1}
