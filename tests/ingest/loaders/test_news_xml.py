"""Articles in XML that is no feed: NITF, NewsML, lists of records."""

from datetime import date

import pytest

from ingest.loaders import LOADERS, Entry, Source
from qa.errors import EmptySource, SourceError, UnreadableSource

TEXT = "The council of Wexholm voted 9 to 6 on Monday to lend the mill 240,000 crowns."
OTHER = "The bridge at Norwick is closed until Friday, the county said."

NITF = (
    '<nitf><head><docdata><doc-id id-string="W-7"/><date.issue norm="20240315T233000-0500"/>'
    '</docdata><pubdata name="The Valley Herald" date.publication="20240316"/></head><body>'
    "<body.head><hedline><hl1>Mill &amp; sluice</hl1><hl2>More of it</hl2></hedline><byline>By "
    "<person>Ann Lee</person> and <person>Bob Ray</person><byttl>Staff</byttl></byline>"
    "</body.head><body.content>{content}</body.content><body.end><tagline>x</tagline></body.end>"
    "</body></nitf>"
)
NEWSML = (
    '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:a.example:{number}" '
    'xml:lang="en-GB"><itemMeta><provider><name>Valley Press</name></provider><versionCreated>'
    "2024-03-16T08:00:00Z</versionCreated><firstCreated>2024-03-15T08:00:00Z</firstCreated>"
    '<pubStatus qcode="stat:{status}"/></itemMeta><contentMeta><by>By Ann Lee</by><headline>Mill'
    "</headline></contentMeta><contentSet>{content}</contentSet></newsItem>"
)


def newsml(content: str, number: int = 1, status: str = "usable") -> str:
    return NEWSML.format(content=content, number=number, status=status)


def load(data: str) -> list:
    return [*LOADERS[".xml"](Source.from_bytes("story.xml", data.encode()))]


def article(data: str):
    (entry,) = load(data)
    assert isinstance(entry, Entry), entry
    return entry.article


def test_nitf_says_who_wrote_it_where_and_when():
    found = article(NITF.format(content=f"<block><p>{TEXT}</p></block>"))
    assert (found.title, found.author, found.source) == (
        "Mill & sluice",
        "Ann Lee, Bob Ray",
        "The Valley Herald",
    )
    assert (found.id, found.published, found.text) == ("W-7", date(2024, 3, 15), TEXT)


def test_paragraphs_lists_and_tables_of_nitf_are_the_text():
    content = (
        f"<p>{TEXT}</p><media><media-caption>A photo.</media-caption></media><hl2>The vote</hl2>"
        "<table><tr><td>For</td><td>9</td></tr></table><ul><li>One</li><li><p>Two</p></li></ul>"
    )
    assert article(NITF.format(content=content)).text == (
        f"{TEXT}\n\nThe vote\n\nFor | 9\n\nOne\n\nTwo"
    )


def test_signs_that_html_names_are_read():
    assert article(NITF.format(content="<p>Caf&eacute; &amp; bar</p>")).text == "Café & bar"


@pytest.mark.parametrize(
    "content",
    [
        f'<inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body><p>{TEXT}</p></body></html>'
        "</inlineXML>",
        f"<inlineXML>{NITF.format(content=f'<p>{TEXT}</p>')}</inlineXML>",
        f"<inlineData contenttype='text/plain'>{TEXT}</inlineData>",
        f"<inlineData contenttype='text/html'>&lt;p&gt;{TEXT}&lt;/p&gt;</inlineData>",
    ],
)
def test_newsml_holds_its_text_in_many_ways(content):
    found = article(newsml(content))
    assert (found.text, found.published, found.author) == (
        TEXT,
        date(2024, 3, 15),
        "Ann Lee" if "nitf" not in content else "Ann Lee, Bob Ray",
    )


def test_items_of_a_message_are_articles_of_their_own():
    items = newsml(f"<inlineData>{TEXT}</inlineData>") + newsml(
        f"<inlineData>{OTHER}</inlineData>", 2
    )
    first, second = load(f"<newsMessage><itemSet>{items}</itemSet></newsMessage>")
    assert (first.place, first.article.text) == ("1", TEXT)
    assert (second.place, second.article.text) == ("2", OTHER)
    assert first.article.id != second.article.id


def test_what_an_agency_withdrew_is_no_article():
    with pytest.raises(EmptySource, match="withdrawn"):
        load(newsml(f"<inlineData>{TEXT}</inlineData>", status="canceled"))


def test_a_picture_with_facts_says_that_it_has_no_text():
    with pytest.raises(EmptySource, match="no text"):
        load(newsml('<remoteContent href="mill.jpg"/>'))


def test_elements_with_a_title_and_a_text_are_records():
    data = (
        f"<news><article id='1'><title>Mill</title><author>Ann Lee</author><date>2024-03-11</date>"
        f"<body><p>{TEXT}</p></body></article><article id='2'><title>Bridge</title>"
        f"<body>&lt;p&gt;{OTHER}&lt;/p&gt;</body></article></news>"
    )
    first, second = (entry.article for entry in load(data))
    assert (first.title, first.author, first.published) == ("Mill", "Ann Lee", date(2024, 3, 11))
    assert (first.text, second.text) == (TEXT, OTHER)


@pytest.mark.parametrize(
    "data",
    [
        '<!DOCTYPE nitf [<!ENTITY a "b">]><nitf><body.content>&a;</body.content></nitf>',
        f"<nitf><body.content>{'<div>' * 300}x{'</div>' * 300}</body.content></nitf>",
        f"<a>{'<b>' * 300}<title>x</title><body>y</body>{'</b>' * 300}</a>",
    ],
)
def test_xml_that_is_made_to_harm_is_refused(data):
    with pytest.raises(UnreadableSource):
        load(data)


def test_other_xml_says_what_is_read():
    with pytest.raises(SourceError, match="NITF and NewsML are read"):
        load("<config><title>x</title></config>")


def test_the_first_newsml_states_its_day_as_an_identity():
    data = (
        "<NewsML><NewsItem><Identification><NewsIdentifier><DateId>20240315</DateId>"
        "</NewsIdentifier></Identification><NewsComponent><NewsLines><HeadLine>Mill</HeadLine>"
        f"</NewsLines><ContentItem><DataContent><p>{TEXT}</p></DataContent></ContentItem>"
        "</NewsComponent></NewsItem></NewsML>"
    )
    assert article(data).published == date(2024, 3, 15)
