"""Tables and records as programs, spreadsheets and data sets write them."""

import json
from datetime import date

import pytest

from ingest.loaders import LOADERS, Entry, Source
from ingest.sources import Intake, Loaded
from qa.errors import EmptySource

TEXT = "The council of Wexholm voted 9 to 6 on Monday to lend the mill 240,000 crowns; it was late."
OTHER = "The bridge at Norwick is closed until Friday, the county said."


def load(name: str, data: str | bytes) -> list:
    data = data.encode() if isinstance(data, str) else data
    suffix = name[name.rindex(".") :]
    return [*LOADERS[suffix](Source.from_bytes(name, data))]


def articles(name: str, data: str | bytes) -> list:
    found = load(name, data)
    assert all(isinstance(entry, Entry) for entry in found), found
    return [entry.article for entry in found]


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@pytest.mark.parametrize(
    "table",
    [
        f'"sep=;"\r\ntitle;text\r\nMill;{quoted(TEXT)}\r\n',
        f"SEP = |\ntitle|text\nMill|{TEXT}\n",
        f"title^text\nMill^{TEXT}\n",
        f"title~text\nMill~{TEXT}\n",
        f"# exported on Monday\ntitle,text\nMill,{quoted(TEXT)}\n",
        f"All our news\n\nof the year\ntitle,text\nMill,{quoted(TEXT)}\n",
        f"title,text\rMill,{quoted(TEXT)}\r",
        (f"title\ttext\rMill\t{quoted(TEXT)}\r").encode("utf-16"),
    ],
)
def test_dialects_of_tables_are_told(table):
    (found,) = articles("news.csv", table)
    assert (found.title, found.text) == ("Mill", TEXT)


def test_old_line_ends_go_with_the_letters_of_old_macintoshes():
    table = "title;text\rFähre;Über größere Öfen wurde am Montag beraten.\r".encode("mac-roman")
    (found,) = articles("news.csv", table)
    assert (found.title, found.text) == ("Fähre", "Über größere Öfen wurde am Montag beraten.")


def test_a_header_without_rows_says_so():
    with pytest.raises(EmptySource, match="no row"):
        load("news.csv", "title,text\n")


def test_rows_behind_a_fault_keep_a_header_that_has_lines_above_it(tmp_path):
    path = tmp_path / "news.csv"
    path.write_text(
        f"Our news\ntitle,text\nMill,{quoted(TEXT)}\nBad,{'x' * 17_000_000}\nB,{OTHER}x"
    )
    found = [item for item in Intake([path]) if isinstance(item, Loaded)]
    assert [item.article.title for item in found] == ["Mill"] + ["B"] * (len(found) - 1)


@pytest.mark.parametrize(
    ("names", "row", "facts"),
    [
        (
            ["News Headline", "News Article", "Publish Date", "News Source"],
            ["Mill", TEXT, "18-Jul-20", "The Herald"],
            ("Mill", date(2020, 7, 18), None, "The Herald"),
        ),
        (
            ["title", "content", "full_content", "author", "publication"],
            [
                "Mill - The Herald",
                "The council [+70 chars]",
                TEXT,
                "Ann Lee, Reporter",
                "The Herald",
            ],
            ("Mill", None, "Ann Lee", "The Herald"),
        ),
        (
            ["headline", "lead_paragraph", "byline", "created_at"],
            ["{'main': 'Mill'}", TEXT, "{'original': 'By Ann Lee and Bo Ek'}", "2024-03-11"],
            ("Mill", date(2024, 3, 11), "Ann Lee, Bo Ek", None),
        ),
        (
            ["resolved_title", "selftext", "date_publish", "author"],
            ["Mill", TEXT, "Published: 11 March 2024", "Username"],
            ("Mill", date(2024, 3, 11), None, None),
        ),
    ],
)
def test_columns_go_by_many_names(names, row, facts):
    table = "\n".join(",".join(map(quoted, line)) for line in (names, row))
    (found,) = articles("news.csv", table)
    assert found.text == TEXT
    assert (found.title, found.published, found.author, found.source) == facts


@pytest.mark.parametrize(
    "data",
    [
        {"title": {"0": "Mill", "1": "Bridge"}, "text": {"0": TEXT, "1": OTHER}},
        {"title": ["Mill", "Bridge"], "text": [TEXT, OTHER]},
        {
            "columns": ["title", "text"],
            "index": [0, 1],
            "data": [["Mill", TEXT], ["Bridge", OTHER]],
        },
        [["title", "text"], ["Mill", TEXT], ["Bridge", OTHER]],
    ],
)
def test_tables_in_json_are_rows(data):
    found = articles("news.json", json.dumps(data))
    assert [(each.title, each.text) for each in found] == [("Mill", TEXT), ("Bridge", OTHER)]


def test_paragraphs_of_one_article_are_no_rows():
    (found,) = articles("news.json", json.dumps({"title": "Mill", "text": [TEXT, OTHER]}))
    assert found.text == f"{TEXT}\n\n{OTHER}"


def test_a_record_without_a_title_has_its_first_words():
    (found,) = articles("news.json", json.dumps({"text": OTHER}))
    assert found.title == OTHER.removesuffix(".")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("11-Mar-24", date(2024, 3, 11)),
        ("11-Mar-98", date(1998, 3, 11)),
        ("Mon Mar 11 08:00:00 +0000 2024", date(2024, 3, 11)),
        ("/Date(1710144000000)/", date(2024, 3, 11)),
        ("2024-W11-1", date(2024, 3, 11)),
        ("2024-W11", None),
        ("2024-071", date(2024, 3, 11)),
        ("9999-12-31", None),
    ],
)
def test_days_of_exports(written, day):
    (found,) = articles("news.json", json.dumps({"title": "Mill", "text": TEXT, "date": written}))
    assert found.published == day
