"""Tables and records as programs, spreadsheets and data sets write them."""

import json
from datetime import date

import pytest

from ingest.loaders import LOADERS, Entry, Source
from ingest.sources import Intake, Loaded
from qa.errors import EmptySource, SourceError

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


@pytest.mark.parametrize(
    "header",
    [
        "Titel;Inhalt;Erschienen am",
        "Titel;Inhalt;Veröffentlicht am",
        "Titel;Inhalt;Erscheinungsdatum",
        "Titre;Texte;Publié le",
        "Titre;Texte;Date de publication",
        "Título;Texto;Fecha de publicación",
        "Título;Texto;Publicado el",
    ],
)
def test_day_of_publication_is_known_by_its_name_in_other_languages(header):
    (found,) = articles("news.csv", f"{header}\nMill;{quoted(TEXT)};13.06.2024\n")
    assert (found.title, found.published) == ("Mill", date(2024, 6, 13))


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


@pytest.mark.parametrize(
    "table",
    [
        f"'title','text'\n'It''s the mill','{TEXT}'\n",
        f"title,text\n'It''s the mill','{TEXT}'\n'Two','{OTHER}'\n",
        f"title;text\n'It\\'s the mill';'{TEXT}'\n",
        f"'title'\t'text'\n'It''s the mill'\t'{TEXT}'\n",
    ],
)
def test_cells_may_stand_in_single_quotes(table):
    found = articles("news.csv", table)[0]
    assert (found.title, found.text) == ("It's the mill", TEXT)


def test_single_quotes_of_a_text_are_not_those_of_cells():
    table = f"title,text\n'Tis late,The vote was 'close'\nMill,{quoted(TEXT)}\n"
    found = articles("news.csv", table)
    assert [(each.title, each.text) for each in found] == [
        ("'Tis late", "The vote was 'close'"),
        ("Mill", TEXT),
    ]


def test_blanks_may_stand_before_quotes():
    (found,) = articles("news.csv", f'title, text\n"Mill", {quoted(TEXT)}\n')
    assert found.text == TEXT


@pytest.mark.parametrize(
    ("written", "days"),
    [
        (["03/11/2024", "25/12/2024"], [date(2024, 11, 3), date(2024, 12, 25)]),
        (["03/11/2024", "12/25/2024"], [date(2024, 3, 11), date(2024, 12, 25)]),
        (["3/11/24 5:30 PM", "12/25/24 5:30 PM"], [date(2024, 3, 11), date(2024, 12, 25)]),
        (["03/11/2024", "04/12/2024"], [None, None]),
        (
            ["03/11/2024", "25/12/2024", "12/25/2024"],
            [None, date(2024, 12, 25), date(2024, 12, 25)],
        ),
        (["03/11/24", "24/01/13"], [None, None]),
    ],
)
def test_one_day_over_twelve_tells_the_dates_of_a_column(written, days):
    table = "title,text,date\n" + "".join(f"Mill,{quoted(TEXT)},{day}\n" for day in written)
    assert [found.published for found in articles("news.csv", table)] == days
    records = [{"title": "Mill", "text": TEXT, "date": day} for day in written]
    assert [found.published for found in articles("news.json", json.dumps(records))] == days
    lines = "".join(f"{json.dumps(record)}\n" for record in records)
    assert [found.published for found in articles("news.jsonl", lines)] == days


def test_the_parts_of_a_day_may_stand_in_columns_of_their_own():
    table = f"title,text,day,month,year\nMill,{quoted(TEXT)},13,1,2024\n"
    assert articles("news.csv", table)[0].published == date(2024, 1, 13)


@pytest.mark.parametrize("nothing", ["nan", "NaN", "NULL", "None", "<NA>", "N/A", "\\N"])
def test_a_cell_that_holds_nothing_is_no_text(nothing):
    kept, refused = load(
        "news.csv", f"title,text,author\nMill,{quoted(TEXT)},{nothing}\nTwo,{nothing},Ann Lee\n"
    )
    assert kept.article.author is None
    assert "no text" in refused.reason


def test_line_ends_that_were_written_out_are_line_ends():
    (found,) = articles("news.csv", f'title,text\nMill,{quoted(TEXT)[:-1]}\\n\\n{OTHER}"\n')
    assert found.text == f"{TEXT}\n\n{OTHER}"


def test_one_backslash_is_left_as_it_is():
    text = "The folder C:\\news was lost."
    assert articles("news.csv", f"title,text\nMill,{text}\n")[0].text == text


@pytest.mark.parametrize(
    "header",
    [
        "Titel;Inhalt;Datum;Autor",
        "Titre;Texte;Datum;Auteur",
        "Título;Texto;Fecha;Autor",
        "Überschrift;Inhalt;Erschienen;Autor",
        "Titular;Texto;Fecha_Publicacion;Autor",
    ],
)
def test_columns_have_names_in_other_languages(header):
    (found,) = articles("news.csv", f"{header}\nMill;{quoted(TEXT)};13.01.2024;Eva Klein\n")
    facts = (found.title, found.text, found.published, found.author)
    assert facts == ("Mill", TEXT, date(2024, 1, 13), "Eva Klein")


def test_a_lead_of_its_own_comes_before_the_text():
    (found,) = articles("news.csv", f"title,lead,body\nMill,{quoted(OTHER)},{quoted(TEXT)}\n")
    assert found.text == f"{OTHER}\n\n{TEXT}"


def test_a_lead_that_is_in_the_text_stands_once():
    whole = f"{OTHER}\n\n{TEXT}"
    record = {"title": "Mill", "lead": OTHER, "text": whole}
    assert articles("news.json", json.dumps([record]))[0].text == whole


RECORDS = [{"title": "Mill", "text": TEXT}, {"title": "Bridge", "text": OTHER}]


@pytest.mark.parametrize(
    "document",
    [
        f"var articles = {json.dumps(RECORDS)};",
        f"window.YTD.part0 = {json.dumps(RECORDS)}",
        f"show({json.dumps(RECORDS)});",
        " \n" + json.dumps(RECORDS)[:-1] + ",]\n",
        json.dumps(RECORDS).replace("}", ",}"),
        "".join(map(json.dumps, RECORDS)),
        ", ".join(map(json.dumps, RECORDS)),
    ],
)
def test_json_in_a_frame_of_another_language_is_read(document):
    assert [found.text for found in articles("news.json", document)] == [TEXT, OTHER]


@pytest.mark.parametrize(
    "document", ['[{"title": "Mill", "text": "It fell"', "x = [1, 2", "a(b)", "[1]]", "{} trailing"]
)
def test_what_is_no_json_is_still_refused(document):
    with pytest.raises(SourceError):
        load("news.json", document)


def test_lines_of_json_may_end_in_commas():
    lines = "".join(f"{json.dumps(record)},\n" for record in RECORDS)
    assert [found.text for found in articles("news.jsonl", lines)] == [TEXT, OTHER]


def test_elements_of_a_text_are_its_paragraphs():
    elements = [{"type": "text", "content": each} for each in (TEXT, OTHER)]
    record = {
        "headlines": {"basic": "Mill"},
        "content_elements": elements,
        "display_date": "2024-01-13T08:00:00Z",
        "credits": {"by": [{"name": "Ann Lee"}]},
    }
    (found,) = articles("news.json", json.dumps(record))
    facts = (found.title, found.text, found.published, found.author)
    assert facts == ("Mill", f"{TEXT}\n\n{OTHER}", date(2024, 1, 13), "Ann Lee")


def unused(name: str, data: str) -> list:
    return [str(entry.unused) for entry in load(name, data) if entry.unused]


def test_columns_that_nothing_was_made_of_are_named_once():
    table = "Title;Text;Views;;Mood;Empty\nA;It rained.;1;x;;\nB;It snowed.;2;;dull;\n"
    assert unused("news.csv", table) == ["columns 'Views'", "columns 'Mood'"]


def test_fields_that_hold_a_text_are_named_and_labels_are_not():
    article = {"title": "Mill", "text": TEXT, "views": 7, "slug": "the-mill-of-wexholm" * 5}
    unread = {"background": OTHER, "tags": ["local"], "comments": [{"by": "Ann", "says": OTHER}]}
    lines = "".join(f"{json.dumps(article | unread)}\n" for _ in range(3))
    assert unused("news.jsonl", lines) == ["fields 'background', 'comments'"]
    assert unused("news.json", json.dumps([article, unread | article])) == [
        "fields 'background', 'comments'"
    ]
    enveloped = {"id": "7", "fields": {**article, "background": OTHER}}
    assert unused("news.json", json.dumps(enveloped)) == ["fields 'background'"]


def test_names_without_end_are_told_up_to_a_limit():
    record = {"title": "Mill", "text": TEXT} | {f"note {n}" * 9: OTHER for n in range(5000)}
    (entry,) = load("news.json", json.dumps(record))
    assert len(entry.unused.names) == 30
    assert {len(name) for name in entry.unused.names} == {40}


def test_table_without_a_text_names_its_columns():
    with pytest.raises(SourceError, match=r"has 'Artikeltext', 'Tag'; looked for text, body"):
        load("news.csv", "Artikeltext;Tag\nIt rained.;1\n")
