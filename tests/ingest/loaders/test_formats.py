"""Mail, archives of the web, documents and lists: what each loader is there for."""

import base64
import gzip
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.loaders import LOADERS, Broken, Entry, Source
from ingest.parsing.source import MAX_LINE, Omitted, TextElsewhere
from ingest.sources import Intake
from qa.errors import EmptySource, SourceError, SourceTooLarge, UnreadableSource
from tests.ingest.samples import PAGE, TEXT, TITLE, epub, mail, odt, rtf, warc, zipped

OTHER = "The bridge at Norwick is closed until Friday, the county said."


def load(suffix: str, data: bytes | str, **known: str) -> list[Entry | Broken]:
    data = data.encode() if isinstance(data, str) else data
    return list(LOADERS[suffix](Source.from_bytes(f"story{suffix}", data, **known)))


def article(suffix: str, data: bytes | str, **known: str):
    (entry,) = load(suffix, data, **known)
    assert isinstance(entry, Entry), entry
    return entry.article


# Mail

ALTERNATIVE = (
    'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="b"\r\n\r\n'
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{plain}\r\n"
    "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{rich}\r\n--b--\r\n"
)


def test_mail_says_who_sent_it_and_when():
    headers = (
        "From: =?utf-8?q?Ann_L=C3=A9e?= <ann@a.example>\r\nMessage-ID: <7@a.example>\r\n"
        "Date: Thu, 13 Jun 2024 23:30:00 -0400\r\nList-Id: The Valley Herald <news.a.example>\r\n"
    )
    found = article(".eml", mail(headers=headers, subject="=?utf-8?b?UmVnZW4g4oCTIHZpZWw=?="))
    assert (found.title, found.author, found.source) == (
        "Regen \u2013 viel",
        "Ann L\u00e9e",
        "The Valley Herald",
    )
    assert (found.published, found.id, found.text) == (date(2024, 6, 13), "7@a.example", TEXT)


@pytest.mark.parametrize(
    ("plain", "rich", "text"),
    [
        (TEXT, f"<p>{TEXT}</p>", TEXT),
        ("View this in your browser.", f"<p>{TEXT}</p><p>{OTHER}</p>", f"{TEXT}\n\n{OTHER}"),
        ("", f"<p>{TEXT}</p>", TEXT),
    ],
)
def test_the_fullest_text_of_a_mail_is_taken(plain, rich, text):
    data = f"Subject: {TITLE}\r\n{ALTERNATIVE.format(plain=plain, rich=rich)}"
    assert article(".eml", data).text == text


def test_lines_that_a_mail_wrapped_go_on():
    headers = "Content-Type: text/plain; format=flowed\r\n"
    assert article(".eml", mail("Rain fell \r\non Monday.\r\n\r\nHail.", headers)).text == (
        "Rain fell on Monday.\n\nHail."
    )


def test_words_that_a_mail_cut_are_whole():
    headers = "Content-Type: text/plain; format=flowed; delsp=yes\r\n"
    assert article(".eml", mail("It rained on Elm \r\nford.", headers)).text == (
        "It rained on Elmford."
    )


def test_a_mail_that_was_taken_out_of_a_mailbox_is_read():
    data = b"From ann@a.example Thu Jun 13 09:00:00 2024\r\n" + mail()
    assert (article(".eml", data).title, article(".eml", data).text) == (TITLE, TEXT)


def test_a_mail_without_a_subject_is_called_by_its_first_words():
    assert article(".eml", f"From: a@a.example\r\n\r\n{TEXT}").title == (
        "Heavy rain fell on Elmford on Monday night"
    )


def test_what_is_attached_to_a_mail_is_named():
    data = (
        f"Subject: {TITLE}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        f"--b\r\n\r\n{TEXT}\r\n--b\r\nContent-Type: application/pdf\r\n"
        'Content-Disposition: attachment; filename="release.pdf"\r\n\r\nx\r\n'
        "--b\r\nContent-Type: image/png\r\n"
        'Content-Disposition: attachment; filename="logo.png"\r\n\r\nx\r\n--b--\r\n'
    )
    for suffix, place, message in (
        (".eml", "", data.encode()),
        (".mbox", "1", mailbox(data.encode())),
    ):
        entry, *omitted = load(suffix, message)
        assert entry.article.text == TEXT
        assert omitted == [
            Omitted(place, "release.pdf", "attached to a mail; save it and take it in by itself"),
            Omitted(place, "logo.png", "a picture; save it and take it in by itself"),
        ]


def test_what_is_no_mail_is_said():
    with pytest.raises(UnreadableSource, match="no mail"):
        load(".eml", "Rain fell.\n")


def test_a_mail_of_many_parts_is_refused(monkeypatch):
    monkeypatch.setattr("ingest.loaders.mail.MAX_COMPARED", 1000)
    with pytest.raises(SourceTooLarge, match="too many lines"):
        load(".eml", b"Subject: x\nX: boundary\nX: boundary\n\n" + b"\n" * 999)


def mailbox(*mails: bytes) -> bytes:
    return b"\n".join(b"From a@a.example Thu Jun 13 09:00:00 2024\n" + each for each in mails)


def test_messages_of_a_mailbox_are_articles():
    quoted = mail(f">From Monday on, it rained.\r\nFrom there, it went on.\r\n\r\n{OTHER}")
    found = load(".mbox", mailbox(mail(), quoted, b"no header\n", mail(OTHER)))
    assert [(entry.place, type(entry)) for entry in found] == [
        ("1", Entry),
        ("2", Entry),
        ("3", Broken),
        ("4", Entry),
    ]
    assert found[1].article.text.startswith("From Monday on, it rained.\nFrom there")


def test_a_message_over_the_limit_fails_alone():
    broken, entry = load(".mbox", mailbox(mail(f"{'x' * 70}\n" * (MAX_LINE // 70)), mail()))
    assert "16 MB" in broken.reason
    assert entry.article.text == TEXT


@given(st.lists(st.text(alphabet="ab From>\n.", max_size=60), min_size=1, max_size=4))
def test_a_mailbox_has_as_many_messages_as_were_written(texts):
    import mailbox as standard
    import tempfile
    from email.message import Message
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "box"
        box = standard.mbox(path)
        for number, text in enumerate(texts):
            message = Message()
            message["Subject"] = f"T{number}"
            message.set_payload(f"x{text}")
            box.add(message)
        box.close()
        found = load(".mbox", path.read_bytes())
    assert [entry.article.title for entry in found] == [f"T{n}" for n in range(len(texts))]


def test_a_saved_page_has_the_address_that_it_had():
    body = base64.b64encode(PAGE.encode()).decode()
    data = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
        "Content-Type: image/png\r\n\r\nx\r\n--b\r\nContent-Type: text/html\r\n"
        "Content-Transfer-Encoding: base64\r\nContent-Location: https://a.example/rain\r\n\r\n"
        f"{body}\r\n--b--\r\n"
    )
    found = article(".mhtml", data)
    assert (found.title, found.url) == (TITLE, "https://a.example/rain")


# Web archives


def test_pages_of_a_web_archive_have_their_addresses():
    found = load(".warc", warc(PAGE, PAGE.replace("Elmford", "Norwick")))
    assert [entry.article.url for entry in found] == ["https://a.example/1", "https://a.example/2"]
    assert [entry.place for entry in found] == ["1", "2"]


@pytest.mark.parametrize(
    "headers", ["Content-Type: image/png", "Content-Type: text/css", "X-Nothing: 1"]
)
def test_what_is_no_page_of_a_web_archive_is_none(headers):
    with pytest.raises(EmptySource, match="no web page among the 1 records"):
        load(".warc", warc(PAGE, headers=headers))


def test_pages_that_were_not_delivered_are_none():
    missing = warc(PAGE.replace("Elmford", "Norwick")).replace(b"200 OK", b"404 No")
    (entry,) = load(".warc", missing + warc(PAGE))
    assert "Elmford" in entry.article.title


def test_packed_answers_of_a_web_archive_are_unpacked_within_bounds(monkeypatch):
    def packed(text: str) -> bytes:
        body = gzip.compress(text.encode())
        answer = (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + body
        )
        return (
            b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/z\r\n"
            b"Content-Type: application/http\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n"
            % (len(answer), answer)
        )

    assert article(".warc", packed(PAGE)).title == TITLE
    monkeypatch.setattr("ingest.loaders.warc.MAX_LINE", 100_000)
    broken, entry = load(".warc", packed("x" * 10_000_000) + packed(PAGE))
    assert "the limit for one" in broken.reason
    assert entry.article.title == TITLE


@pytest.mark.parametrize("data", [PAGE.encode(), gzip.compress(warc(PAGE))])
def test_what_is_no_web_archive_is_said(data):
    with pytest.raises(UnreadableSource, match="no web archive"):
        load(".warc", data)


def test_a_damaged_web_archive_is_said_to_be():
    with pytest.raises(UnreadableSource, match="not a readable web archive"):
        load(".warc", warc(PAGE) + b"WARC/9\r\n" + warc(PAGE))


# E-books


def chapter(heading: str, text: str) -> str:
    return f"<html><head><title>c</title></head><body><h1>{heading}</h1><p>{text}</p></body></html>"


FACTS = (
    "<dc:title xmlns:dc='d'>The Valley Herald</dc:title><creator>calibre</creator>"
    "<date>2024-06-13T06:00:00Z</date><identifier>urn:7</identifier><language>en</language>"
)


def test_chapters_of_an_issue_are_articles():
    data = epub(chapter("Rain", TEXT), "<html><img/></html>", chapter("Bridge", OTHER), facts=FACTS)
    first, second = load(".epub", data)
    assert [first.article.title, second.article.title] == ["Rain", "Bridge"]
    assert (second.place, second.article.id) == ("3", "urn:7#OPS/c2.xhtml")
    assert (first.article.source, first.article.author) == ("The Valley Herald", None)
    assert first.article.published == date(2024, 6, 13)


def test_a_book_that_lists_no_chapters_has_those_that_are_in_it():
    assert (
        article(".epub", zipped(b_opf="<package/>", c_xhtml=chapter("Rain", TEXT))).title == "Rain"
    )


def test_a_protected_book_is_refused():
    locked = "<encryption><CipherReference URI='OPS/c0.xhtml'/></encryption>"
    data = zipped(**{"META-INF__encryption_xml": locked, "OPS__c0_xhtml": "x"})
    with pytest.raises(UnreadableSource, match="protected"):
        load(".epub", data)


# OpenDocument


def test_an_opendocument_text_is_read_in_the_order_of_the_page():
    content = (
        "<text:tracked-changes><text:p>Gone.</text:p></text:tracked-changes>"
        "<text:h>Heading</text:h><text:p>One<text:s text:c='2'/>two<text:tab/>three"
        "<text:line-break/><text:span>four <text:a>five</text:a></text:span>"
        "<text:note><text:p>A note.</text:p></text:note>.</text:p>"
        "<text:list><text:list-item><text:p>Item.</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>A</text:p></table:table-cell>"
        "<table:table-cell><text:p>1</text:p></table:table-cell></table:table-row></table:table>"
    )
    found = article(".odt", odt(content, meta="<creator>Ann Lee</creator>"))
    assert found.text == "Heading\n\nOne  two\tthree\nfour five.\n\nItem.\n\nA | 1"
    assert (found.title, found.author) == ("Heading", "Ann Lee")


def test_a_document_under_a_password_is_named():
    manifest = "<manifest><encryption-data/></manifest>"
    data = zipped(content_xml="x", **{"META-INF__manifest_xml": manifest})
    with pytest.raises(UnreadableSource, match="password"):
        load(".odt", data)


# Rich text


def test_rich_text_in_several_alphabets():
    data = rtf(
        r"Caf\'e9 \u8211?\u32?\ldblquote wet\rdblquote",
        r"{\field{\*\fldinst{HYPERLINK \"https://b.example\"}}{\fldrslt the dam}} held",
        r"\u-10179?\u-8704? rose",
        title=r"R\'e9gen",
    )
    found = article(".rtf", data)
    assert found.title == "R\u00e9gen"
    assert found.text == ("Caf\u00e9 \u2013 \u201cwet\u201d\n\nthe dam held\n\n\U0001f600 rose")


def test_pictures_in_rich_text_are_passed_over():
    picture = r"{\pict\pngblip " + "89504e470d0a1a0a" * 400_000 + "}"
    assert article(".rtf", rtf(picture + TEXT)).text == TEXT


def test_what_is_no_rich_text_is_said():
    with pytest.raises(UnreadableSource, match="not rich text"):
        load(".rtf", TEXT)


# Subtitles


def test_subtitles_become_what_is_said():
    cues = (
        "WEBVTT - The flood\n\nNOTE made by hand\nof many\n\n1\n00:01.000 --> 00:04.000 line:1\n"
        "<v Ann>Rain &amp; wind\n\n00:04.000 --> 00:06.000\nRain &amp; wind\n<i>came at night.</i>"
    )
    found = article(".vtt", cues)
    assert (found.title, found.text) == ("The flood", "Rain & wind came at night.")


# Lists


def test_a_sitemap_names_its_pages_newest_first():
    pages = "".join(
        f"<url><loc>https://a.example/{day}</loc><lastmod>2024-06-{day}T01:00:00Z</lastmod></url>"
        for day in (11, 13, 12)
    )
    with pytest.raises(TextElsewhere, match="a list of 3 pages") as told:
        load(
            ".xml", f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{pages}</urlset>"
        )
    assert [link[-2:] for link in told.value.links] == ["13", "12", "11"]


def test_a_list_names_web_addresses_and_no_others():
    data = (
        "<opml><outline xmlUrl='file:///etc/passwd'/><outline xmlUrl='https://a.example'/></opml>"
    )
    with pytest.raises(TextElsewhere) as told:
        load(".opml", data)
    assert told.value.links == ("https://a.example",)


# Harm

BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<opml><outline xmlUrl='&b;'/></opml>"
)
DEEP = "<text:span>" * 100_000 + "x" + "</text:span>" * 100_000


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".opml", BOMB),
        (".opml", BOMB.encode("utf-16")),
        (".odt", zipped(content_xml=BOMB)),
        (".epub", zipped(b_opf=BOMB)),
        (".odt", odt(f"<text:p>{DEEP}</text:p>")),
        (".odt", odt(DEEP.replace("span", "list"))),
        (".odt", zipped(content_xml="<a/>" * 600_000)),
        (".odt", odt("<text:p a='1' " + " ".join(f"b{n}='1'" for n in range(2000)) + "/>")),
        (".epub", epub("<p>" * 1_100_000)),
        (".odt", zipped(content_xml=b"<" + b" " * (300 * 2**20))),
        (".rtf", rtf("x" * 4_100_000)),
        (".rtf", "{\\rtf1{\\fonttbl" + "\\f1" * 100_000 + "}x}"),
        (".eml", mail(headers="Content-Type: message/rfc822\r\n\r\n" * 5000)),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 9 else "",
)
def test_what_is_made_to_harm_is_refused(suffix, data):
    with pytest.raises(SourceError):
        load(suffix, data)


@pytest.mark.parametrize(
    "data",
    [
        rtf(r"{\field{\*\fldinst{" * 50_000),
        rtf("{" * 200_000 + "x"),
        rtf(r"\'e9" * 400_000 + "x"),
    ],
    ids=["fields", "groups", "letters"],
)
@pytest.mark.timeout(20)
def test_rich_text_takes_no_more_time_than_its_length(data):
    try:
        load(".rtf", data)
    except SourceError:
        return


MIXED = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"


def test_a_message_in_a_mail_is_an_article_of_its_own():
    inner = mail(OTHER, "Date: Mon, 11 Mar 2024 08:00:00 +0000\r\n", "The bridge").decode()
    data = (
        f"Subject: {TITLE}\r\n{MIXED}--b\r\n\r\n{TEXT}\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}--b--\r\n"
    )
    outer, attached = load(".eml", data)
    assert (outer.article.text, attached.place) == (TEXT, "1")
    assert (attached.article.title, attached.article.text.strip()) == ("The bridge", OTHER)
    assert attached.article.published == date(2024, 3, 11)


def test_parts_of_a_mail_with_a_name_are_told_though_nobody_calls_them_attached():
    data = (
        f"Subject: {TITLE}\r\n{MIXED}--b\r\n\r\n{TEXT}\r\n"
        '--b\r\nContent-Type: application/pdf; name="fares.pdf"\r\n\r\nx\r\n'
        "--b\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--b--\r\n"
    )
    _, omitted = load(".eml", data)
    assert (omitted.name, omitted.reason) == (
        "fares.pdf",
        "attached to a mail; save it and take it in by itself",
    )


def test_what_is_attached_counts_as_left_out(tmp_path):
    data = (
        f"Subject: {TITLE}\n{MIXED}--b\n\n{TEXT}\n--b\nContent-Type: application/pdf\n"
        'Content-Disposition: attachment; filename="release.pdf"\n\nx\n--b--\n'
    ).encode()
    path = tmp_path / "box.mbox"
    path.write_bytes(mailbox(data))
    intake = Intake([path])
    assert [item.article.text for item in intake] == [TEXT]
    assert [file.origin for file in intake.left_out.files] == [f"{path}:1!release.pdf"]


# What documents say of themselves


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".rtf", rtf("Rain again", "By Ann Lee", "15 March 2024", TEXT, OTHER, title="Document1")),
        (
            ".odt",
            odt(
                f"<text:p text:style-name='Title'>Rain again</text:p><text:p>By Ann Lee</text:p>"
                f"<text:p>15 March 2024</text:p><text:p>{TEXT}</text:p>",
                meta="<title>Untitled 1</title><initial-creator>User</initial-creator>",
            ),
        ),
    ],
)
def test_documents_say_who_when_and_what_in_their_first_lines(suffix, data):
    found = article(suffix, data)
    assert (found.title, found.author, found.published, found.dated_by) == (
        "Rain again",
        "Ann Lee",
        date(2024, 3, 15),
        "first lines",
    )


def test_the_day_of_a_book_is_that_of_its_publication():
    facts = (
        "<date xmlns:o='o' o:event='modification'>2024-05-15</date>"
        "<date xmlns:o='o' o:event='publication'>2024-03-15</date>"
    )
    found = article(".epub", epub(PAGE, facts=facts))
    assert (found.published, found.dated_by) == (date(2024, 3, 15), "properties")


def test_front_matter_may_be_in_toml():
    facts = f'title = "{TITLE}"\ndate = 2024-06-13\ntags = ["a", "b"]\n[params]\nx = 1'
    found = article(".md", f"+++\n{facts}\n+++\n\n{TEXT}")
    assert (found.title, str(found.published), found.text.strip()) == (TITLE, "2024-06-13", TEXT)
