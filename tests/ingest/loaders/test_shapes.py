"""The shapes in which exports, APIs and data sets hold articles."""

import io
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.loaders import LOADERS, Broken, Entry, Source
from ingest.parsing.markup import readable_text
from ingest.sandbox.messages import Job
from ingest.sandbox.parse import messages
from qa.errors import SourceError
from tests.ingest.samples import TEXT, TITLE

DAY = date(2024, 6, 13)
OTHER = "The bridge at Norwick is closed until Friday, the county said."


def load(suffix: str, data: object, **known: str) -> list[Entry | Broken]:
    if not isinstance(data, str | bytes):
        data = json.dumps(data)
    data = data.encode() if isinstance(data, str) else data
    return list(LOADERS[suffix](Source.from_bytes(f"story{suffix}", data, **known)))


def articles(suffix: str, data: object):
    found = load(suffix, data)
    assert [entry for entry in found if isinstance(entry, Broken)] == []
    return [entry.article for entry in found]


def reasons(suffix: str, data: object) -> list[str]:
    try:
        return [entry.reason for entry in load(suffix, data) if isinstance(entry, Broken)]
    except SourceError as error:
        return [str(error)]


# JSON: where the articles lie


STORY = {"title": TITLE, "body": TEXT}


@pytest.mark.parametrize(
    "data",
    [
        [STORY],
        {"status": "ok", "articles": [STORY]},
        {"pagination": {"limit": 1}, "data": [STORY]},
        {"response": {"docs": [STORY], "meta": {"hits": 1}}},
        {"took": 3, "hits": {"total": {"value": 1}, "hits": [{"_index": "n", "_source": STORY}]}},
        {"data": {"posts": {"edges": [{"node": STORY}]}}},
        {"data": [{"type": "article", "attributes": STORY}]},
        {"title": "All stories", "description": "Of June.", "items": [STORY]},
        {"content": [STORY], "pageable": {"page": 0}},
        {"sections": [{"name": "County", "stories": [STORY]}]},
        {**STORY, "comments": [{"author": "Bo", "text": "I was there, and it was wet."}]},
        {**STORY, "related": [{"title": "Snow", "text": OTHER}]},
        {"article": STORY},
    ],
)
def test_articles_are_found_wherever_they_lie(data):
    (article,) = articles(".json", data)
    assert (article.title, article.text) == (TITLE, TEXT)


def test_articles_by_their_ids_have_those():
    found = articles(".json", {"a-1": STORY, "a-2": {"title": "Bridge", "body": OTHER}})
    assert [(article.id, article.title) for article in found] == [("a-1", TITLE), ("a-2", "Bridge")]


def test_lists_under_several_names_are_all_read_and_placed():
    found = load(".json", {"county": [STORY], "town": [{"text": OTHER}, 5]})
    assert [entry.place for entry in found] == ["county:1", "town:1", "town:2"]
    assert [type(entry) for entry in found] == [Entry, Entry, Broken]


@pytest.mark.parametrize("suffix", [".json", ".jsonl"])
def test_lines_are_read_as_such_whatever_the_name_says(suffix):
    lines = "\n".join(json.dumps(each) for each in (STORY, {"title": "Bridge", "body": OTHER}))
    assert [article.title for article in articles(suffix, lines)] == [TITLE, "Bridge"]


def test_bulk_lines_of_elasticsearch_hold_a_record_each():
    lines = [{"index": {"_id": "1"}}, STORY, {"create": {}}, {"text": OTHER}]
    assert len(articles(".jsonl", "\n".join(map(json.dumps, lines)))) == 2


def test_headlines_alone_are_named_with_the_page_to_ingest():
    (reason,) = reasons(".json", {"articles": [{"title": TITLE, "url": "https://a.example/1"}]})
    assert "headline without a text" in reason
    assert "https://a.example/1" in reason


@pytest.mark.parametrize("text", ["[Removed]", " [removed] "])
def test_what_was_withdrawn_is_no_article(text):
    (reason,) = reasons(".json", {"articles": [{"title": text, "content": text}]})
    assert "withdrawn" in reason


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=30),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["title", "text", "data", "content", "url", "items", "x"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=30,
    )
)
def test_no_document_is_passed_over_in_silence(data):
    try:
        found = load(".json", data)
    except SourceError:
        return
    assert found


@given(st.lists(st.sampled_from([TEXT, OTHER, ""]), min_size=1, max_size=9), st.integers(0, 4))
def test_each_record_of_a_list_is_one_article_or_one_failure(texts, depth):
    data: object = [{"title": f"T{number}", "text": text} for number, text in enumerate(texts)]
    for _ in range(depth):
        data = {"results": data}
    assert len(load(".json", data)) == len(texts)


# Fields


@pytest.mark.parametrize(
    ("record", "author", "publisher"),
    [
        (
            {
                "webTitle": TITLE,
                "webUrl": "https://a.example/1",
                "webPublicationDate": "2024-06-13T09:00:00Z",
                "fields": {"bodyText": TEXT, "byline": "Ann Lee"},
                "publication": "The Valley Herald",
            },
            "Ann Lee",
            "The Valley Herald",
        ),
        (
            {
                "headline": {"main": TITLE, "kicker": None},
                "web_url": "https://a.example/1",
                "pub_date": "2024-06-13T09:00:00+0000",
                "lead_paragraph": TEXT,
                "abstract": "Rain.",
                "source": "The Valley Herald",
                "byline": {
                    "original": "By Ann Lee and Bo Ek",
                    "person": [
                        {"firstname": "Ann", "lastname": "Lee"},
                        {"firstname": "Bo", "lastname": "Ek"},
                    ],
                },
            },
            "Ann Lee, Bo Ek",
            "The Valley Herald",
        ),
        (
            {
                "title": {"rendered": TITLE},
                "content": {"rendered": f"<p>{TEXT}</p>", "protected": False},
                "link": "https://a.example/1",
                "date": "2024-06-13T09:00:00",
                "author": 3,
            },
            None,
            "a.example",
        ),
        (
            {
                "title": TITLE,
                "description": TEXT,
                "content": None,
                "url": "https://a.example/1",
                "publishedAt": "2024-06-13T09:00:00Z",
                "source": {"id": None, "name": "The Valley Herald"},
                "author": "by Ann Lee",
            },
            "Ann Lee",
            "The Valley Herald",
        ),
        (
            {
                "title": TITLE,
                "summary": {"content": f"<p>{TEXT}</p>"},
                "alternate": [{"href": "https://a.example/1", "type": "text/html"}],
                "published": 1718269200,
                "origin": {"title": "The Valley Herald", "htmlUrl": "https://a.example"},
            },
            None,
            "The Valley Herald",
        ),
        (
            {
                "title": TITLE,
                "text": TEXT,
                "source": "https://a.example/1",
                "source-hostname": "The Valley Herald",
                "date": "2024-06-13",
                "author": "Ann Lee",
            },
            "Ann Lee",
            "The Valley Herald",
        ),
        (
            {
                "_id": {"$oid": "5f1"},
                "title": TITLE,
                "text": TEXT,
                "url": "https://a.example/1",
                "date": {"$date": "2024-06-13T09:00:00Z"},
                "authors": [{"name": "Ann Lee"}, {"display_name": "Bo Ek"}],
            },
            "Ann Lee, Bo Ek",
            "a.example",
        ),
        (
            {
                "title": TITLE,
                "paragraphs": [{"context": TEXT, "qas": []}],
                "url": "https://a.example/1",
                "seendate": "20240613T091500Z",
                "domain": "a.example",
            },
            None,
            "a.example",
        ),
        (
            {
                "name": TITLE,
                "url": "https://a.example/1",
                "description": TEXT,
                "provider": [{"_type": "Organization", "name": "The Valley Herald"}],
                "datePublished": "2024-06-13T09:00:00.0000000Z",
            },
            None,
            "The Valley Herald",
        ),
        (
            {
                "title": TITLE,
                "url": "https://a.example/1",
                "content": f"<div><p>{TEXT}</p></div>",
                "created_at": "2024-07-01T10:00:00+0200",
                "published_at": "2024-06-13T09:00:00+0200",
                "published_by": ["Ann Lee"],
                "domain_name": "a.example",
            },
            "Ann Lee",
            "a.example",
        ),
        (
            {
                "title": TITLE,
                "body": TEXT,
                "dateTime": "2024-06-13T09:00:00Z",
                "url": "https://a.example/1",
                "source": {"uri": "a.example", "title": "The Valley Herald"},
                "authors": [{"uri": "x", "name": "Ann Lee", "type": "author"}],
            },
            "Ann Lee",
            "The Valley Herald",
        ),
        (
            {
                "title": TITLE,
                "url": "https://a.example/1",
                "publishedAt": "2024-06-13T09:00:00Z",
                "body": [
                    {
                        "_type": "block",
                        "children": [
                            {"_type": "span", "text": TEXT[:20]},
                            {"_type": "span", "text": TEXT[20:]},
                        ],
                    }
                ],
            },
            None,
            "a.example",
        ),
    ],
    ids=[
        "guardian",
        "nyt",
        "wordpress",
        "newsapi",
        "reader",
        "trafilatura",
        "mongo",
        "squad",
        "bing",
        "wallabag",
        "events",
        "portable",
    ],
)
def test_fields_are_known_as_apis_write_them(record, author, publisher):
    (article,) = articles(".json", {"results": [record]})
    assert (article.title, article.text, article.published) == (TITLE, TEXT, DAY)
    assert (article.url, article.author) == ("https://a.example/1", author)
    assert article.source == publisher


def test_the_first_day_of_1970_is_none():
    (article,) = articles(".json", {"text": TEXT, "publishedAt": "1970-01-01T00:00:00Z"})
    assert article.published is None


def test_the_full_text_is_taken_and_not_its_beginning():
    (article,) = articles(".csv", f'headlines,text,ctext\n{TITLE},{TEXT[:30]},"{TEXT}"\n')
    assert (article.title, article.text) == (TITLE, TEXT)


def test_what_has_no_word_in_it_is_no_text():
    assert reasons(".csv", "title,story\nRain,ddUyU0VZz0BRneMioxUPQVP6sIxvM\n")


def test_a_text_that_an_api_cut_off_ends_where_it_was_cut():
    (article,) = articles(".json", {"content": f"{TEXT} … [+2315 chars]"})
    assert article.text == f"{TEXT} …"


def test_lists_in_cells_are_read_as_lists():
    row = f"""title,authors,text\n{TITLE},"['Ann Lee', 'Bo Ek']","['{TEXT}', '{OTHER}']"\n"""
    (article,) = articles(".csv", row)
    assert (article.author, article.text) == ("Ann Lee, Bo Ek", f"{TEXT}\n\n{OTHER}")


def test_runs_of_an_editor_are_one_paragraph():
    runs = [{"type": "text", "text": "Rain "}, {"type": "text", "text": "fell."}]
    blocks = [{"type": "paragraph", "content": runs}, {"type": "paragraph", "content": runs}]
    (article,) = articles(".json", {"title": TITLE, "content": {"type": "doc", "content": blocks}})
    assert article.text == "Rain fell.\n\nRain fell."


# Tags and entities in bodies


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("<p>Rain &amp; wind.</p><p>Hail.</p>", "Rain & wind.\n\nHail."),
        ("&lt;p&gt;Rain.&lt;/p&gt;&lt;p&gt;Hail.&lt;/p&gt;", "Rain.\n\nHail."),
        ("Rain &amp;amp; wind", "Rain & wind"),
        ("Rain &#8211; wind.\n\nHail.", "Rain \u2013 wind.\n\nHail."),
        ("It was <b>wet</b>.\n\nHail.", "It was wet.\n\nHail."),
        ("Rain.<br>Hail.", "Rain.\nHail."),
        ("a < b && c > d; AT&T, R&D", "a < b && c > d; AT&T, R&D"),
        ("Write <title> before it", "Write <title> before it"),
    ],
)
def test_bodies_hold_no_markup(written, text):
    assert readable_text(written, is_markup=False) == text


@given(st.text(alphabet="ab \n.,;:!?'\"()-", max_size=200))
def test_text_without_markup_stays_as_it_is(text):
    assert readable_text(text, is_markup=False) == text


@pytest.mark.parametrize("suffix", [".csv", ".json"])
def test_titles_hold_no_markup_either(suffix):
    row = {"title": "Rain &#8211; <i>wind</i>", "body": f"<p>{TEXT}</p>"}
    data = "title,body\n" + ",".join(row.values()) if suffix == ".csv" else row
    (article,) = articles(suffix, data)
    assert (article.title, article.text) == ("Rain \u2013 wind", TEXT)


# CSV as programs write it


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_line_above_the_header_may_state_the_delimiter(delimiter, mark):
    rows = [f"{mark}sep={delimiter}", f"title{delimiter}text", f'{TITLE}{delimiter}"{TEXT}"']
    (entry,) = load(".csv", "\r\n".join(rows))
    assert (entry.article.title, entry.article.text, entry.place) == (TITLE, TEXT, "3")


def test_the_header_below_that_line_stays_when_rows_are_passed_over():
    job = Job("a.csv", ".csv", skip_lines=3)
    data = f"sep=|\ntitle|text\nRain|{TEXT}\nBridge|{OTHER}\n".encode()
    (message,) = messages(job, io.BytesIO(data))
    assert message["article"]["title"] == "Bridge"


def test_pipes_set_cells_apart():
    (article,) = articles(".csv", f"title|text\n{TITLE}|{TEXT}\n")
    assert (article.title, article.text) == (TITLE, TEXT)


def test_lines_may_end_in_carriage_returns():
    found = articles(".csv", f'title,text\r{TITLE},{TEXT}\rBridge,"{OTHER}\rA second line."\r')
    assert [article.title for article in found] == [TITLE, "Bridge"]
    assert found[1].text == f"{OTHER}\nA second line."


def test_quotes_in_cells_may_have_a_backslash_before_them():
    found = articles(
        ".csv", 'title,text\n"The \\"loan\\"","It said \\"no\\", twice."\n"B","Two."\n'
    )
    assert (found[0].title, found[0].text) == ('The "loan"', 'It said "no", twice.')
    assert found[1].text == "Two."


def test_backslashes_of_other_tables_stay():
    (article,) = articles(".csv", 'title,text\n"C:\\new","It said ""no"" in C:\\"\n')
    assert (article.title, article.text) == ("C:\\new", 'It said "no" in C:\\')


@given(
    st.lists(
        st.tuples(
            st.text(alphabet="ab \"'\\,;|\n", max_size=20).map(lambda text: f"x{text}y"),
            st.text(alphabet="ab \"'\\,;|\n", max_size=40).map(lambda text: f"u{text}v"),
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_tables_written_by_the_standard_come_back(rows, delimiter):
    import csv

    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows([("title", "text"), *rows])
    found = articles(".csv", written.getvalue())
    assert [article.text for article in found] == [text for _, text in rows]


def test_a_table_without_a_header_is_told_to_lack_one():
    (reason,) = reasons(".csv", f'{TITLE},2024-06-13,"{TEXT}"\n')
    assert "Does it lack a header" in reason


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Headlines,Time,Description", f'{TITLE}," 7:51  PM ET Thu, 13 June 2024","{TEXT}"'),
        ("Headlines,Time,Description", f'{TITLE},Jun 13 2024,"{TEXT}"'),
        ("author,date,headlines,read_more,text", f'A,"13 Jun 2024,Thursday",{TITLE},u,"{TEXT}"'),
        ("Title,Body,Published At", f'{TITLE},"<p>{TEXT}</p>",2024-06-13T08:00:00Z'),
        ("id,title,publication,author,date,content", f'7,{TITLE},P,A,2024-06-13,"{TEXT}"'),
        ("link,headline,category,short_description,authors,date",
         f'https://a.example/1,{TITLE},FOOD,"{TEXT}",A,2024-06-13'),
    ],
)  # fmt: skip
def test_columns_of_news_sets_are_known(header, row):
    (article,) = articles(".csv", f"{header}\n{row}\n")
    assert (article.title, article.text, article.published) == (TITLE, TEXT, DAY)
