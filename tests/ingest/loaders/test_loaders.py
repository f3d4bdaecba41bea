"""What every loader must do, over the registry, and what each is there for."""

import io
import json
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingest.loaders import LOADERS, Broken, Entry, Source, split_suffix, suffix_of_page
from ingest.parsing.dates import parse_day
from ingest.parsing.encoding import decode
from ingest.parsing.language import language_of
from ingest.parsing.source import MAX_BROKEN, MAX_LINE, MAX_TEXT
from qa.errors import EmptySource, SourceError, SourceTooLarge, UnreadableSource
from tests.ingest.samples import (
    ATOM,
    LOCKED_PDF,
    PAGE,
    RSS,
    SAMPLES,
    TEXT,
    TITLE,
    docx,
    packed_pdf,
    pdf,
    stream,
)


def load(suffix: str, data: bytes | str, **known: str) -> list[Entry | Broken]:
    data = data.encode() if isinstance(data, str) else data
    return list(LOADERS[suffix](Source.from_bytes(f"story{suffix}", data, **known)))


def article(suffix: str, data: bytes | str, **known: str):
    (entry,) = load(suffix, data, **known)
    assert isinstance(entry, Entry), entry
    return entry.article


def reason(suffix: str, data: bytes | str) -> str:
    """The one failure of a source without articles, raised or yielded."""
    try:
        (entry,) = load(suffix, data)
    except SourceError as error:
        return str(error)
    assert isinstance(entry, Broken)
    return entry.reason


# Every loader

# What names articles and holds none.
LISTS = {".opml"}
# Subtitles of this kind have no title.
UNTITLED = {".srt"}
HOLDING = [suffix for suffix in LOADERS if suffix not in LISTS]


@pytest.mark.parametrize("suffix", HOLDING)
def test_every_loader_keeps_title_and_text(suffix):
    found = article(suffix, SAMPLES[suffix])
    assert found.title == ("story" if suffix in UNTITLED else TITLE)
    assert TEXT in found.text


@pytest.mark.parametrize("suffix", HOLDING)
def test_every_loader_leaves_an_unstated_date_unknown(suffix):
    found = article(suffix, SAMPLES[suffix])
    assert (found.published, found.updated) == (None, None)


@pytest.mark.parametrize("suffix", LOADERS)
@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\0" * 999, b"\xef\xbb\xbf", b"\xff\xfe"])
def test_every_loader_says_why_there_is_nothing(suffix, data):
    assert reason(suffix, data)


@pytest.mark.parametrize("suffix", LOADERS)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(noise=st.binary(max_size=400), cut=st.integers(0, 10_000), keep=st.booleans())
@example(noise=b"<" * 300, cut=0, keep=False)
@example(noise=b"[" * 400, cut=0, keep=False)
def test_hostile_input_raises_nothing_but_source_errors(suffix, noise, cut, keep):
    sample = SAMPLES[suffix]
    at = cut % (len(sample) + 1)
    data = sample[:at] + noise + sample[at:] if keep else noise
    try:
        found = load(suffix, data)
    except SourceError:
        return
    assert all(entry.article.text for entry in found if isinstance(entry, Entry))


@pytest.mark.parametrize("suffix", [".csv", ".html", ".json", ".jsonl", ".md", ".tsv", ".txt"])
def test_binary_data_with_the_suffix_of_text_is_named_so(suffix):
    assert "looks binary" in reason(suffix, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".json", ".jsonl", ".csv"])
@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_told_apart(suffix, charset):
    text = "Le café est fermé à cause de l\u2019été, a déclaré la mairie de Besançon à l\u2019aube."
    written = SAMPLES[suffix].decode().replace(TEXT, text)
    assert text in article(suffix, written.encode(charset)).text


# Text and Markdown


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("Intro line that is long. " * 9 + "\n\n## The flood ##\n\nIt rose.", "The flood"),
        ("```\n# not this\n```\n# This\n\nIt rose.", "This"),
        ("Rain falls\nIt fell on Monday.", "Rain falls"),
        ("The council said on Monday that\nthe bridge is closed.", "story"),
        ("One line only, so it is the text.", "story"),
        ("x" * 200 + "\n\nIt rose.", "story"),
    ],
)
def test_title_of_a_text_is_its_heading_or_short_first_line_or_file_name(body, title):
    assert article(".md", body).title == title


@pytest.mark.parametrize(
    ("text", "title", "day", "author", "outlet"),
    [
        (
            "Title: Captain denies it\nDate: 2024-09-16\nSource: Marlow Courier\n\nHe did.",
            "Captain denies it",
            date(2024, 9, 16),
            None,
            "Marlow Courier",
        ),
        (
            "The Marlow Post, 12 March 2025\nCanteen goes cashless\nBy Mira Okon, Year 11\n\nText.",
            "Canteen goes cashless",
            date(2025, 3, 12),
            "Mira Okon",
            None,
        ),
        # What only looks like it is text.
        (
            "Question: who pays?\nAnswer: nobody.\n\nSo it is.",
            "Question: who pays?",
            None,
            None,
            None,
        ),
        ("Title: a short story\nIt has no head.\n\nEnd.", "Title: a short story", None, None, None),
    ],
)
def test_first_lines_of_a_text_say_what_it_is(text, title, day, author, outlet):
    found = article(".txt", text)
    assert (found.title, found.published, found.author, found.source) == (
        title,
        day,
        author,
        outlet,
    )
    assert found.text in text


def test_front_matter_gives_the_facts_and_leaves_the_text():
    found = article(
        ".md",
        '---\ntitle: "Rain: a history"\ndate: 2024-06-13\nauthors:\n  - Ann Lee\n  - Bo Ek\n'
        "url: https://a.example/rain\nlang: sv-SE\nid: rain-1\n---\n# Heading\n\nIt **fell**.",
    )
    assert (found.title, found.author, found.id) == ("Rain: a history", "Ann Lee, Bo Ek", "rain-1")
    assert (found.published, found.language) == (date(2024, 6, 13), "sv")
    assert found.text == "# Heading\n\nIt **fell**."


def test_a_rule_at_the_start_is_not_front_matter():
    body = "---\nIt rained all night\n---\nand all day."
    assert article(".md", body).text == body


def test_text_over_the_limit_is_refused():
    with pytest.raises(SourceTooLarge, match="8,000,000"):
        load(".txt", "x" * (MAX_TEXT + 1))


# JSON, JSON Lines, CSV: fields


@pytest.mark.parametrize(
    "record",
    [
        {"title": "T", "text": "Body.", "published": "2024-06-13", "url": "https://a.example/1"},
        {"Headline": "T", "BODY": "Body.", "pubDate": "13 Jun 2024", "Link": "https://a.example/1"},
        {
            "name": "T",
            "full_text": ["Body."],
            "datePublished": 1718236800,
            "source_url": "https://a.example/1",
        },
        {
            "title": "T",
            "text": " ",
            "maintext": "Body.",
            "publish_date": 1718236800000,
            "url": "https://a.example/1",
        },
    ],
)
def test_fields_are_known_under_many_names(record):
    found = article(".jsonl", json.dumps(record))
    assert (found.title, found.text, found.published) == ("T", "Body.", date(2024, 6, 13))
    assert found.url == "https://a.example/1"


def test_values_that_are_not_strings_are_made_sense_of():
    found = article(
        ".json",
        json.dumps(
            {
                "id": 17,
                "text": "Body.",
                "authors": ["Ann Lee", {"name": "Bo Ek"}, None],
                "source": {"id": None, "name": "The Valley Herald"},
                "title": None,
                "modified": "2024-06-14T01:00:00+02:00",
                "published": {"not": "a date"},
                "language": "en-GB",
            }
        ),
    )
    assert (found.id, found.author, found.source) == ("17", "Ann Lee, Bo Ek", "The Valley Herald")
    assert (found.updated, found.published, found.language) == (date(2024, 6, 14), None, "en")


def test_missing_text_names_the_fields_found_and_looked_for():
    said = reason(".jsonl", '{"title": "T", "Shoe size": "S"}')
    assert "'Shoe size'" in said
    assert "full_text" in said


def test_a_broken_line_is_one_failure_and_the_others_go_in():
    first, broken, last = load(
        ".jsonl", '{"text": "One."}\n{"text": \n\n[1]\n'[:26] + '\n{"text": "Two."}'
    )
    assert isinstance(first, Entry)
    assert isinstance(broken, Broken)
    assert (broken.place, "not valid JSON" in broken.reason) == ("2", True)
    assert isinstance(last, Entry)


def test_json_arrays_hold_numbered_articles():
    found = load(".json", '{"articles": [{"text": "One."}, 5, {"text": "Three."}]}')
    assert [(type(entry), entry.place) for entry in found] == [
        (Entry, "1"),
        (Broken, "2"),
        (Entry, "3"),
    ]


def test_a_document_spread_over_lines_is_read_as_such_under_any_name():
    assert article(".jsonl", '{\n "text":\n "One."\n}').text == "One."


@pytest.mark.parametrize("text", ['{"text": "One.",\n\n oops}', '[\n\n{"text": "O" "x"}]'])
def test_a_json_error_names_its_line(text):
    assert "line 3" in reason(".json", text)


@pytest.mark.parametrize("data", ["[" * 100_000, "9" * 9_999, '"text"', "true", "[]", "{}"])
def test_json_that_is_no_article_is_a_failure(data):
    assert reason(".json", data)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_delimiter_follows_from_the_header(delimiter):
    row = ["T", '"One; two, three\tfour. She said ""no"".\nA second line."', "2024-06-13"]
    lines = [delimiter.join(["Title", "Body", "Date"]), delimiter.join(row)]
    found = article(".csv", "\r\n".join(lines))
    assert found.text == 'One; two, three\tfour. She said "no".\nA second line.'
    assert (found.title, found.published) == ("T", date(2024, 6, 13))


def test_csv_rows_are_placed_by_line_and_fail_alone():
    found = load(
        ".csv",
        'title,text\nA,"one\n\ntwo"\nB,too,many,cells\nC,\n,,\nD,"stray"x quote"\nE,five\n',
    )
    assert [(entry.place, type(entry)) for entry in found] == [
        ("2", Entry),
        ("5", Broken),
        ("6", Broken),
        ("8", Broken),
        ("9", Entry),
    ]


def test_csv_header_with_a_stray_line_end_is_a_failure():
    assert "not a valid row" in reason(".csv", "title,te\rxt\nT,Rain.\n")


def test_csv_with_fields_longer_than_the_reader_s_own_limit():
    import csv

    before = csv.field_size_limit()
    assert len(article(".csv", "text\n" + "word " * 60_000).text) > before
    assert csv.field_size_limit() == before


def test_csv_without_a_text_column_names_its_columns():
    said = reason(".csv", "title,shoe size\nA,43\nB,44\n")
    assert "'shoe size'" in said
    assert "full_text" in said


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_a_line_over_the_limit_is_one_failure_and_the_next_goes_in(suffix):
    huge = "x" * (MAX_LINE + 10)
    if suffix == ".csv":
        data = f'text\none\n"{huge}\nstill ""inside"",\n"\ntwo\n'
    else:
        data = f'{{"text": "one"}}\n{{"text": "{huge}"}}\n{{"text": "two"}}\n'
    first, broken, last = load(suffix, data)
    assert isinstance(broken, Broken)
    assert "16 MB" in broken.reason
    assert (first.article.text, last.article.text) == ("one", "two")


def test_text_in_lists_in_lists_fails_alone():
    deep = "[" * 900 + '"Rain."' + "]" * 900
    broken, entry = load(".jsonl", f'{{"text": {deep}}}\n{{"text": "Wind."}}')
    assert isinstance(broken, Broken)
    assert "20 lists" in broken.reason
    assert isinstance(entry, Entry)


def test_names_in_lists_in_lists_are_unknown():
    deep = "[" * 900 + '"Ann Lee"' + "]" * 900
    found = article(".json", f'{{"text": "Rain.", "author": {deep}, "title": {deep}}}')
    assert (found.author, found.title) == (None, "Rain")


@pytest.mark.parametrize("suffix", [".json", ".jsonl"])
def test_json_of_too_many_values_names_the_way_out(suffix, monkeypatch):
    monkeypatch.setattr("ingest.loaders.json.MAX_VALUES", 100)
    assert "article per line" in reason(suffix, json.dumps({"text": "x", "list": [[]] * 100}))


def test_commas_of_prose_are_no_values(monkeypatch):
    monkeypatch.setattr("ingest.loaders.json.MAX_VALUES", 100)
    text = 'Rain, wind [and "snow"], {hail} \\" ' * 100
    assert article(".json", json.dumps({"text": text})).text == text.strip()


def test_csv_row_of_too_many_cells_fails_alone(monkeypatch):
    monkeypatch.setattr("ingest.loaders.csv.MAX_CELLS", 50)
    broken, entry = load(".csv", "title,text\n" + "a," * 60 + "\nT,Rain.\n")
    assert "50 cells" in broken.reason
    assert entry.article.text == "Rain."


@pytest.mark.parametrize(
    ("suffix", "lines"),
    [
        (".jsonl", ["x"] * 2500 + ['{"text": "Rain."}']),
        (".csv", ["title,text", *["a,"] * 2500, "T,Rain."]),
        (".json", ["[", *["5,"] * 2500, '{"text": "Rain."}]']),
        (".rss", [RSS.partition("<item>")[0], *["<item/>"] * 2500, RSS[RSS.index("<item>") :]]),
    ],
)
def test_broken_entries_without_end_are_counted_and_no_article_is_lost(suffix, lines):
    *broken, entry, rest = load(suffix, "\n".join(lines))
    assert len(broken) == MAX_BROKEN
    assert isinstance(entry, Entry)
    assert rest.reason.startswith("1,500 more entries")


def test_broken_entries_are_counted_when_a_file_ends_too_early_too():
    import gzip

    from ingest.unpack import gunzip

    data = gzip.compress(b"x\n" * 2500)[:-9]
    source = Source("a.jsonl", lambda: gunzip(io.BufferedReader(io.BytesIO(data))))
    entries = []
    with pytest.raises(UnreadableSource, match="too early"):
        entries.extend(LOADERS[".jsonl"](source))
    assert "more entries" in entries[-1].reason


@pytest.mark.parametrize("name", ["title", "id", "source"])
def test_name_that_every_passage_would_carry_is_bounded(name):
    assert "2,001 characters" in reason(".json", json.dumps({"text": "Rain.", name: "x" * 2001}))


# Web pages

META = (
    '<meta property="og:title" content="Rain &amp; wind">'
    '<meta property="article:published_time" content="2024-06-13T23:30:00-04:00">'
    '<meta property="article:modified_time" content="2024-06-15">'
    '<meta property="og:site_name" content="The Valley Herald">'
    '<meta name="author" content="Ann Lee"><link rel="canonical" href="/rain">'
)
LINKED = (
    '<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "x"}, '
    '{"@type": ["NewsArticle"], "headline": "Rain &amp; wind", "datePublished": "2024-06-13", '
    '"dateModified": "2024-06-15T08:00:00Z", "author": [{"name": "Ann Lee"}], '
    '"publisher": {"name": "The Valley Herald"}}]}</script><link rel="canonical" href="/rain">'
)


def page(head: str = "", body: str = f"<p>{TEXT}</p>", lang: str = "") -> str:
    return (
        f"<!doctype html><html {lang}><head><title>Rain | CNN</title>{head}</head>"
        f"<body><nav><a href='/'>Home</a></nav><article>{body}</article></body></html>"
    )


@pytest.mark.parametrize("head", [META, LINKED])
def test_page_facts_come_from_what_it_states(head):
    found = article(".html", page(head, lang='lang="en-GB"'), url="https://a.example/x?y=1")
    assert (found.title, found.author, found.source) == (
        "Rain & wind",
        "Ann Lee",
        "The Valley Herald",
    )
    assert (found.published, found.updated) == (date(2024, 6, 13), date(2024, 6, 15))
    assert (found.url, found.language) == ("https://a.example/rain", "en")


def test_page_title_is_not_cut_by_guess():
    assert article(".html", page()).title == "Rain | CNN"


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{TEXT}</p><p>The dam was built on 12 May 1987 and 2019-03-04 was its last test.</p>",
        f"<p>{TEXT}</p><footer>Copyright 2019. <time datetime='2019-01-01'>2019</time></footer>",
        f"<p>{TEXT}</p><time datetime=2020-02-03>x</time><time datetime=2021-02-03>y</time>",
        f"<p>Posted yesterday, 3 hours ago.</p><p>{TEXT}</p><img src='/2018/05/06/a.jpg'>",
        f"<p>{TEXT}</p><div class=comments><time datetime=2022-02-02>Feb</time></div>",
    ],
)
def test_page_date_is_never_guessed_from_its_text(body):
    assert article(".html", page(body=body), url="https://a.example/rain.html").published is None


@pytest.mark.parametrize(
    "body",
    [
        "<time datetime='2024-06-13T10:00'>13 June</time>",
        "<time class=published datetime=2024-06-13>x</time><time datetime=2021-02-03>y</time>",
        "<span itemprop=datePublished content=2024-06-13></span>",
    ],
)
def test_page_date_may_stand_in_a_time_element(body):
    assert article(".html", page(body=f"{body}<p>{TEXT}</p>")).published == date(2024, 6, 13)


@pytest.mark.parametrize("link", ["https://victim.example/rain", "//victim.example/", "http://[x"])
def test_canonical_link_to_another_host_is_not_believed(link):
    markup = page(f'<link rel="canonical" href="{link}"><meta property="og:url" content="{link}">')
    assert article(".html", markup, url="https://evil.example/p").url == "https://evil.example/p"


def test_canonical_link_of_a_saved_page_is_believed():
    markup = page('<link rel="canonical" href="https://a.example/rain">')
    assert article(".html", markup).url == "https://a.example/rain"


def test_page_paragraphs_are_apart_and_menus_left_out():
    body = f"<h2>Monday</h2><p>{TEXT}</p><ul><li>one</li><li>two</li></ul><p>{TEXT[::-1]}</p>"
    text = article(".html", page(body=body)).text
    assert text == f"Monday\n\n{TEXT}\n\n- one\n- two\n\n{TEXT[::-1]}"


def test_page_that_defeats_extraction_gives_its_plain_text(monkeypatch):
    def give_up(*_, **__):
        raise RecursionError

    monkeypatch.setattr("trafilatura.bare_extraction", give_up)
    markup = "<html><body>Rain.<br>Wind.<script>no()</script></body></html>"
    assert article(".html", markup).text == "Rain.\nWind."


def test_page_charset_may_be_declared_inside():
    markup = page('<meta charset="koi8-r">', body="<p>Вода поднялась на два метра.</p>")
    assert "Вода поднялась" in article(".html", markup.encode("koi8-r")).text


@pytest.mark.parametrize("suffix", [".json", ".jsonl"])
@pytest.mark.parametrize(
    ("value", "words"),
    [("[" * 100_000, "nested too deep"), ("1" * 5000, "a number of too many digits")],
)
def test_json_that_cannot_be_held_says_why(suffix, value, words):
    assert words in reason(suffix, f'{{"text": "{TEXT}", "more": {value}}}')


def test_page_nested_deeper_than_any_parser_goes_is_a_failure():
    assert "no text" in reason(".html", "<div>" * 20_000 + TEXT)


def test_page_title_that_is_never_closed_is_no_title():
    found = article(".html", f"<body><h1>{'x ' * 1500}</h1><p>{TEXT}</p></body>")
    assert found.title == "story"


@pytest.mark.parametrize(
    "text",
    [
        f"Rain\n13 June 2024\n\n{TEXT}",
        f"Rain\nDate: 2024-06-13\n\n{TEXT}",
        f"Rain\n\nELMFORD, June 13, 2024 (AP) - {TEXT}",
    ],
)
def test_day_in_the_first_lines_of_a_text_is_weaker_than_a_stated_one(text):
    found = article(".txt", text)
    assert (found.published, found.dated_by) == (date(2024, 6, 13), "first lines")
    stated = article(".txt", f"---\ndate: 2024-06-01\n---\n{text}")
    assert (stated.published, stated.dated_by) == (date(2024, 6, 1), None)


def test_day_within_the_first_sentences_is_not_that_of_the_text():
    text = f"The dam was built on 12 May 1987 and has stood ever since.\n\n{TEXT}"
    assert article(".txt", text).published is None


def test_large_page_is_taken_whole(monkeypatch):
    markup = page(META, f"<h2>Monday</h2><p>{TEXT}</p>" * 20)
    whole = article(".html", markup)
    monkeypatch.setattr("ingest.loaders.html.MAX_EXTRACTED_TAGS", 10)
    found = article(".html", markup)
    assert found.text.startswith("Home\n\nMonday\n\n" + TEXT)
    assert (found.title, found.published) == (whole.title, whole.published)


def test_page_charset_declaration_may_have_blanks():
    head = b"<meta http-equiv=x content='text/html;  charset =  \"koi8-r'>"
    assert "Вода" in article(".html", head + "<p>Вода поднялась.</p>".encode("koi8-r")).text


def test_feed_text_after_a_script_is_kept():
    text = "&lt;script&gt;x()&lt;/script&gt;&lt;article&gt;It fell.&lt;/article&gt;"
    assert article(".rss", RSS.replace("&lt;p&gt;", text)).text.startswith("It fell.")


def test_feed_in_the_charset_of_its_declaration():
    declared = "<?xml version='1.0' encoding='koi8-r'?>" + RSS.replace(TEXT, "Вода поднялась.")
    assert article(".rss", declared.encode("koi8-r")).text == "Вода поднялась."


# PDF and DOCX


def test_pdf_facts_without_its_day_of_making():
    found = article(".pdf", pdf(TEXT, title="A title"))
    assert (found.title, found.author, found.published) == ("A title", "Ann Lee", None)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (pdf(), "OCR"),
        (LOCKED_PDF, "password"),
        (pdf(TEXT)[:200], "damaged"),
        (b"%PDF-1.7 nothing", "error)); is it damaged?"),
        (b"Rain fell.", "not a PDF"),
    ],
    ids=["scanned", "locked", "cut", "broken", "other"],
)
def test_pdf_that_cannot_be_read_says_why(data, said):
    assert said in reason(".pdf", data)


def test_docx_keeps_headings_and_tables_in_order():
    import docx

    document = docx.Document()
    document.add_heading("The flood", 1)
    document.add_paragraph("It rose.")
    table = document.add_table(2, 2)
    for cell, text in zip((c for row in table.rows for c in row.cells), "abcd", strict=True):
        cell.text = text
    document.add_paragraph("It fell.")
    data = io.BytesIO()
    document.save(data)
    found = article(".docx", data.getvalue())
    assert found.text == "The flood\n\nIt rose.\n\na | b\nc | d\n\nIt fell."
    assert (found.title, found.author, found.published) == ("The flood", None, None)


@pytest.mark.parametrize("times", [0, 1, 2])
def test_pdf_form_is_read_as_often_as_it_is_drawn(times):
    said = b"/Type/XObject/Subtype/Form/BBox[0 0 900 800]/Resources<</Font<</F1 5 0 R>>>>"
    form = stream(b"BT /F1 12 Tf 40 700 Td (Rain.) Tj ET", said=said, times=times)
    assert (
        article(".pdf", packed_pdf(stream(b"1 0 0 1 0 40 cm /X0 Do " * 3), form)).text.count(
            "Rain."
        )
        == 3
    )


def test_pdf_of_more_pages_than_any_book_is_refused(monkeypatch):
    monkeypatch.setattr("ingest.loaders.pdf.MAX_PAGES", 3)
    content = stream(b"BT /F1 12 Tf 40 700 Td (Rain.) Tj ET")
    assert article(".pdf", packed_pdf(content, pages=3)).text.count("Rain.") == 3
    assert "4 pages" in reason(".pdf", packed_pdf(content, pages=4))


def test_pdf_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr("ingest.parsing.pdf_content.MAX_STREAMS", 1_000_000)
    font = stream(b"x" * 2_000_000, times=2)
    assert "unpacks to more than 1 MB" in reason(".pdf", packed_pdf(stream(b"/X0 Do"), font))


def test_pdf_whose_pages_together_take_too_much_is_refused(monkeypatch):
    monkeypatch.setattr("ingest.parsing.pdf_content.MAX_PAGES_SUM", 20_000)
    content = stream(b"BT /F1 12 Tf 40 700 Td (It rained over Elmford.) Tj ET")
    assert article(".pdf", packed_pdf(content, pages=2))
    assert "whose pages would take" in reason(".pdf", packed_pdf(content, pages=20))


def test_docx_cells_that_are_merged_over_rows_and_columns():
    import docx

    document = docx.Document()
    cells = document.add_table(3, 3)
    for row in cells.rows:
        for cell, text in zip(row.cells, "abc", strict=True):
            cell.text = text
    cells.cell(0, 0).merge(cells.cell(1, 1)).text = "wide"
    data = io.BytesIO()
    document.save(data)
    assert article(".docx", data.getvalue()).text == "wide | c\nwide | c\na | b | c"


@pytest.mark.parametrize("data", [docx(TEXT)[:2000], b"PK\x03\x04 nothing", b"plain words"])
def test_docx_that_is_broken_says_so(data):
    assert "DOCX" in reason(".docx", data)


# Feeds


def test_rss_entry_keeps_its_facts_and_its_own_day():
    found = article(
        ".rss",
        """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Valley Herald</title>
        <language>en-gb</language><item><title>Rain &amp; wind</title>
        <link>https://a.example/rain?utm_source=rss</link><guid>x1</guid>
        <dc:creator>Ann Lee</dc:creator><pubDate>Thu, 13 Jun 2024 23:30:00 -0400</pubDate>
        <description>Short.</description><content:encoded><![CDATA[<p>Long <b>one</b>.</p>
        <script>alert(1)</script><p>Second.</p>]]></content:encoded></item></channel></rss>""",
    )
    assert (found.title, found.text) == ("Rain & wind", "Long one.\n\nSecond.")
    assert (found.published, found.updated) == (date(2024, 6, 13), None)
    assert (found.url, found.source) == ("https://a.example/rain", "The Valley Herald")
    assert (found.author, found.language) == ("Ann Lee", "en")


def test_day_of_an_update_stands_for_a_publication_that_is_not_stated():
    found = article(
        ".atom",
        ATOM.replace(
            "<entry>", "<entry><id>tag:a.example,1</id><updated>2024-06-14T23:00:00-05:00</updated>"
        ),
    )
    assert (found.published, found.updated) == (date(2024, 6, 14), date(2024, 6, 14))
    assert found.id == "tag:a.example,1"


def test_feed_entry_without_text_is_one_failure():
    item = "<item><title>Only a title</title></item>"
    broken, entry = load(".rss", RSS.replace("<item>", item + "<item>"))
    assert (type(broken), broken.place, type(entry)) == (Broken, "1", Entry)


@pytest.mark.parametrize("data", ["<catalog><book/></catalog>", "no xml at all", "/etc/hostname"])
def test_xml_that_is_not_a_feed_says_so(data):
    assert "not a feed" in reason(".xml", data)


def test_json_feed_is_known_by_its_version():
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Valley Herald",
        "language": "en",
        "items": [
            {
                "id": 1,
                "url": "https://a.example/1",
                "title": "Rain",
                "content_html": "<p>It fell.</p>",
                "date_published": "2024-06-13T23:00:00-05:00",
                "authors": [{"name": "Ann Lee"}],
            },
            {"id": "2"},
        ],
    }
    entry, broken = load(".json", json.dumps(feed))
    assert isinstance(entry, Entry)
    assert (entry.article.text, entry.article.author) == ("It fell.", "Ann Lee")
    assert (entry.article.published, entry.article.source) == (
        date(2024, 6, 13),
        "The Valley Herald",
    )
    assert isinstance(broken, Broken)


def test_what_was_fetched_cannot_take_the_id_of_another_site_s_article():
    real = article(".html", PAGE, url="https://victim.example/rain")
    lines = [{"text": "Fake.", "url": real.url}, {"text": "Fake.", "id": real.id}]
    data = "\n".join(map(json.dumps, lines))
    fakes = load(".jsonl", data, url="https://evil.example/all.jsonl")
    assert real.id not in {entry.article.id for entry in fakes}


# Encodings, dates, languages, suffixes


def test_decode_prefers_mark_then_declaration_then_utf_8_then_a_guess():
    russian = "Вода в реке поднялась на два метра, сообщили в понедельник власти города."
    assert decode("Öl".encode("utf-16")) == "Öl".removeprefix("\ufeff")
    assert decode("Öl".encode("utf-16-le") + "and water".encode("utf-16-le")) == "Öland water"
    assert decode("€5".encode("cp1252"), "ISO-8859-1") == "€5"
    assert decode("Öl".encode(), "no-such-charset") == "Öl"
    assert decode(russian.encode("koi8-r")) == russian


@pytest.mark.parametrize("charset", ["rot13", "base64", "\0", "idna", "punycode", "utf-8" * 99])
def test_a_charset_that_a_server_made_up_does_no_harm(charset):
    assert decode(b"caf\xc3\xa9", charset) == "café"
    text = "Le café est fermé à cause de la fête, a déclaré la mairie de Besançon à midi."
    data = json.dumps({"text": text}, ensure_ascii=False).encode("latin-1")
    assert article(".jsonl", data, charset=charset).text == text


@pytest.mark.parametrize(
    "written",
    [
        "2024-06-13",
        "20240613",
        20240613,
        "2024/6/13",
        "2024-06-13T23:59:59.5-11:00",
        "2024-06-13 01:00",
        "Thu, 13 Jun 2024 23:30:00 -0400",
        "June 13th, 2024",
        "Thursday, June 13, 2024 9:00 AM EDT",
        "13.06.2024",
        "6/13/2024",
        "13-06-2024",
        1718236800,
        "1718236800",
        1718236800123,
        "13 juin 2024",
        "13 июня 2024",
        "2024年6月13日",
        date(2024, 6, 13),
        datetime(2024, 6, 13, 23),
    ],
)
def test_a_stated_day_is_read_as_written(written):
    assert parse_day(written) == date(2024, 6, 13)


@pytest.mark.parametrize(
    "written",
    [
        None, "", "yesterday", "2 days ago", "today", "June 2024", "2024", 2024, "13 June",
        10**400, -(10**400), "03/04/2024", "0001-01-01", "2024-13-45", "soon", True, float("nan"),
        float("inf"), -5,
        ["2024-06-13"], "x" * 999, "10:30", "next Monday at 10, 2024",
    ],
)  # fmt: skip
def test_an_unreadable_or_incomplete_day_stays_unknown(written):
    assert parse_day(written) is None


@given(st.one_of(st.text(max_size=70), st.floats(), st.integers()))
@settings(max_examples=60, deadline=None)
def test_parse_day_never_raises(value):
    assert parse_day(value) is None or isinstance(parse_day(value), date)


def test_language_is_declared_or_told_from_enough_text():
    german = "Der Ausschuss sagte am Montag, er werde den Bericht vor Ende des Monats vorlegen. "
    assert language_of(german * 3) == "de"
    assert language_of(german * 3, "FR_fr") == "fr"
    assert language_of(german) is None
    assert language_of("1 2 3 4 5 " * 99) is None


def test_suffixes_and_content_types_choose_the_loader():
    assert split_suffix("/a.b/README") == ("", False)
    assert split_suffix(".jsonl") == ("", False)
    assert suffix_of_page("text/html", "https://a.example/x.pdf") == ".html"
    assert suffix_of_page("application/json", "https://a.example/x.jsonl?a=b.c") == ".jsonl"


def test_importing_ingest_imports_no_parser():
    import subprocess
    import sys

    heavy = ["trafilatura", "lxml", "feedparser", "pypdfium2", "docx", "chardet", "py3langid"]
    heavy += ["dateparser", "numpy"]
    code = f"import sys, ingest.sources; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_errors_are_of_the_promised_kinds():
    with pytest.raises(EmptySource):
        load(".txt", " ")
    with pytest.raises(UnreadableSource):
        load(".pdf", b"nothing")
