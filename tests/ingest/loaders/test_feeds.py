"""Feeds as outlets write them: addresses, ids, titles, days, texts, and XML that is broken."""

import json
from datetime import date

import pytest

from ingest.loaders import LOADERS, Broken, Entry, Source
from qa.errors import SourceError

RAIN = "Heavy rain fell on Elmford on Monday night, and the river rose by two metres."
WIND = "A storm took the roof off the town hall of Kessel, which was rebuilt last year."


def load(data: str | bytes, suffix: str = ".xml", **known: str) -> list[Entry | Broken]:
    data = data.encode() if isinstance(data, str) else data
    return list(LOADERS[suffix](Source.from_bytes(f"feed{suffix}", data, **known)))


def item(text: str = RAIN, title: str = "Rain", link: str = "", guid: str = "", more: str = ""):
    parts = [f"<title>{title}</title>" if title else "", f"<link>{link}</link>" if link else ""]
    parts += [f"<guid isPermaLink='false'>{guid}</guid>" if guid else "", more]
    return f"<item>{''.join(parts)}<description>{text}</description></item>"


def rss(*items: str, link: str = "https://herald.example/", title: str = "The Valley Herald"):
    return (
        "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>"
        f"<title>{title}</title><link>{link}</link>{''.join(items)}</channel></rss>"
    )


def articles(*items: str, **known: str):
    return [entry.article for entry in load(rss(*items), **known) if isinstance(entry, Entry)]


def ids(*items: str, **channel: str) -> list[str]:
    return [entry.article.id for entry in load(rss(*items, **channel)) if isinstance(entry, Entry)]


# Addresses


@pytest.mark.parametrize("link", ["/2024/rain", "2024/rain", "//herald.example/2024/rain"])
def test_relative_link_is_that_of_the_site_the_feed_names(link):
    (found,) = articles(item(link=link), url="https://feeds.example/herald.xml")
    assert found.url == "https://herald.example/2024/rain"


def test_relative_link_without_a_site_is_that_of_the_feed():
    data = rss(item(link="/rain"), link="/")
    (entry,) = load(data, url="https://herald.example/feed.xml")
    assert entry.article.url == "https://herald.example/rain"


def test_relative_link_of_a_file_without_a_site_is_unknown():
    (entry,) = load(rss(item(link="/rain"), link=""))
    assert entry.article.url is None


def test_relative_links_of_a_json_feed_are_those_of_its_home_page():
    items = [{"id": 1, "url": "/1", "content_text": RAIN}]
    feed = {"version": "https://jsonfeed.org/version/1", "home_page_url": "https://j.example/"}
    (entry,) = load(json.dumps({**feed, "items": items}), ".json")
    assert entry.article.url == "https://j.example/1"


def test_entry_taken_from_another_outlet_names_that_outlet():
    (found,) = articles(item(more="<source url='https://p.example/'>Harbour Post</source>"))
    assert found.source == "Harbour Post"


# Ids


def test_entries_with_one_link_are_told_apart_by_their_guids():
    home = "https://herald.example/daily"
    assert len({*ids(item(link=home, guid="1"), item(WIND, "Wind", link=home, guid="2"))}) == 2


def test_entries_with_the_front_page_as_their_link_have_ids_of_their_own():
    front = "https://herald.example/"
    first = ids(item(link=front, guid="1"))
    assert first != ids(item(WIND, "Wind", link=front, guid="2"))
    assert first == ids(item(f"{RAIN} More fell.", link=front, guid="1"))


def test_entries_whose_links_differ_behind_the_fragment_are_told_apart():
    page = "https://herald.example/live"
    first = ids(item(link=f"{page}#1"), item(WIND, "Wind", link=f"{page}#2"))
    assert len({*first}) == 2


def test_short_guid_counts_within_its_feed_only():
    herald = ids(item(guid="1"))
    post = ids(item(WIND, "Wind", guid="1"), link="https://post.example/")
    assert herald != post
    assert herald == ids(item(WIND, "Wind", guid="1"))


def test_guid_of_several_entries_is_none():
    assert len({*ids(item(guid="1"), item(WIND, "Wind", guid="1"))}) == 2


def test_entry_that_stands_twice_in_its_feed_is_one():
    same = item(link="https://herald.example/rain", guid="1")
    assert len({*ids(same, same)}) == 1
    assert ids(same, same)[0] == ids(same)[0]


# Titles and texts


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (RAIN, "Heavy rain fell on Elmford on Monday night, and the river rose by two metres"),
        ("Rain fell. It was wet all day long in the town.", "Rain fell"),
        ("word " * 40, f"{'word ' * 16}".strip() + "…"),
    ],
)
def test_entry_without_a_title_has_its_first_words(text, title):
    (found,) = articles(item(text, title=""))
    assert found.title == title


@pytest.mark.parametrize(
    "text",
    [
        "&lt;a href='https://n.example/1'&gt;Comments&lt;/a&gt;",
        "Comments",
        "submitted by &lt;a href='u'&gt;ann&lt;/a&gt; &lt;a href='c'&gt;[link]&lt;/a&gt;",
    ],
)
def test_title_is_the_text_of_an_entry_whose_body_says_nothing(text):
    (found,) = articles(item(text, title="Kessel builds a lock for its northern canal"))
    assert found.text == "Kessel builds a lock for its northern canal"


@pytest.mark.parametrize(
    "text", ["It rained.", "市议会周一投票通过了预算", "Shut until 4 May 2024"]
)
def test_short_body_that_says_something_is_the_text(text):
    (found,) = articles(item(text, title="A title that is longer than what it stands above"))
    assert found.text == text


@pytest.mark.parametrize("text", ["[Removed]", "[deleted] "])
def test_what_was_taken_back_is_no_article(text):
    (broken,) = load(rss(item(text)))
    assert "took it back" in broken.reason


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("&amp;lt;p&amp;gt;Hay &amp;amp;amp; Sons.&amp;lt;/p&amp;gt;", "Hay & Sons."),
        ("&lt;p&gt;Write &amp;lt;p&amp;gt; for a line.&lt;/p&gt;", "Write <p> for a line."),
        ("It&amp;amp;#8217;s shut, AT&amp;amp;T said.", "It’s shut, AT&T said."),
        ("A share of 3 &lt; 4 is not enough.", "A share of 3 < 4 is not enough."),
    ],
)  # fmt: skip
def test_markup_escaped_more_than_once_leaves_no_tags(written, read):
    (found,) = articles(item(written))
    assert found.text == read


def test_fullest_content_is_the_text():
    more = "<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
    (found,) = articles(item(f"{RAIN} {WIND}", more=f"{more}Rain fell.</content:encoded>"))
    assert found.text == f"{RAIN} {WIND}"


# Days


@pytest.mark.parametrize(
    "written",
    [
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Wed, 31 Dec 1969 19:00:00 -0500",
        "1970-01-01",
        "Wed, 30 Nov -0001 00:00:00 +0000",
    ],
)
def test_zero_of_a_clock_is_no_day(written):
    (found,) = articles(item(more=f"<pubDate>{written}</pubDate>"))
    assert found.published is None


def test_dublin_core_day_is_that_of_the_publication():
    (found,) = articles(item(more="<pubDate/><dc:date>2024-03-11T23:30:00-05:00</dc:date>"))
    assert found.published == date(2024, 3, 11)


def test_json_feed_item_without_a_publication_has_the_day_of_its_change():
    items = [{"id": "1", "content_text": RAIN, "date_modified": "2024-03-12T10:00:00Z"}]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": items}
    (entry,) = load(json.dumps(feed), ".json")
    assert entry.article.published == date(2024, 3, 12)


# Broken XML


def test_feed_that_ends_too_early_gives_what_it_holds_and_says_so():
    data = rss(item(), item(WIND, "Wind"))
    first, cut, report = load(data[: data.index("roof") + 4])
    assert (first.article.text, cut.article.title) == (RAIN, "Wind")
    assert "cut short" in report.reason


def test_section_that_does_not_end_hides_no_other_entry():
    first, second = load(rss(item(f"<![CDATA[{RAIN}"), item(WIND, "Wind")))
    assert (first.article.text, second.article.text) == (RAIN, WIND)


@pytest.mark.parametrize(
    "damage",
    [("rain", "ra\x0bin"), ("Heavy", "<b>Heavy"), ("Heavy", "&nbsp;Heavy"), ("Heavy", "R&D Heavy")],
)
def test_small_damage_costs_no_entry(damage):
    found = load(rss(item(RAIN.replace(*damage)), item(WIND, "Wind")))
    assert [type(entry) for entry in found] == [Entry, Entry]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("<urlset><url><loc>https://a.example/1</loc></url></urlset>", "a list of 1 page:"),
        ("<opml><outline xmlUrl='https://a.example/f'/></opml>", "a list of 1 feed:"),
    ],
)
def test_other_lists_of_addresses_are_named(data, words):
    with pytest.raises(SourceError, match=words):
        load(data)


# Encodings


@pytest.mark.parametrize("declared", ["ISO-8859-1", "windows-1252", "utf-8"])
def test_feed_in_utf_8_is_read_whatever_it_declares(declared):
    text = "Die Brücke über die Äre bleibt gesperrt, sagte die Behörde für Straßenbau."
    data = f"<?xml version='1.0' encoding='{declared}'?>{rss(item(text))}".encode()
    stray = data.replace("Behörde".encode(), "Behörde".encode("latin-1"))
    for each in (data, stray):
        (entry,) = load(each)
        assert entry.article.text == text


# Pages that call themselves by the name of the front page


@pytest.mark.parametrize(
    ("url", "address"),
    [("https://a.example/rain", "https://a.example/rain"), (None, None)],
)
def test_page_is_not_the_front_page_that_it_names_as_its_address(url, address):
    pages = [
        f'<html><head><link rel="canonical" href="https://a.example/"></head>'
        f"<body><article><p>{text}</p></article></body></html>"
        for text in (RAIN, WIND)
    ]
    (rain,), (wind,) = (load(page, ".html", **({"url": url} if url else {})) for page in pages)
    assert rain.article.url == address
    assert (rain.article.id == wind.article.id) == (url is not None)


# What programs put into feeds that no outlet wrote


def test_links_without_a_site_are_those_of_the_address_the_feed_says_it_has():
    feed = (
        "<rss xmlns:a='http://www.w3.org/2005/Atom'><channel><title>Herald</title>"
        f"<a:link rel='self' href='https://herald.example/feed.xml'/>{item(link='/rain')}"
        "</channel></rss>"
    )
    (entry,) = load(feed)
    assert entry.article.url == "https://herald.example/rain"


def test_a_short_id_is_no_address():
    (found,) = articles(
        f"<item><title>Rain</title><guid>g7</guid><description>{RAIN}</description></item>"
    )
    assert found.url is None


@pytest.mark.parametrize("title", ["...", "Untitled", "(no title)", "&#8211;"])
def test_a_title_that_says_nothing_is_none(title):
    (found,) = articles(item(title=title))
    assert found.title.startswith("Heavy rain fell")


def test_the_name_of_the_outlet_is_no_part_of_a_title():
    (found,) = articles(item(title="Rain - The Valley Herald"))
    assert found.title == "Rain"


@pytest.mark.parametrize(
    ("creators", "author"),
    [
        ("<dc:creator>Ann Lee and Bo Ek</dc:creator>", "Ann Lee, Bo Ek"),
        ("<dc:creator>By Ann Lee, Staff Writer</dc:creator>", "Ann Lee"),
        ("<author>ann@herald.example (Ann Lee)</author>", "Ann Lee"),
        ("<dc:creator>admin</dc:creator>", None),
    ],
)
def test_authors_of_an_entry_are_apart(creators, author):
    (found,) = articles(item(more=creators))
    assert found.author == author


@pytest.mark.parametrize("day", ["0000-00-00", "Mon, 01 Jan 0001 00:00:00 +0000"])
def test_the_first_day_of_a_calendar_stands_for_none(day):
    (found,) = articles(item(more=f"<pubDate>{day}</pubDate>"))
    assert (found.published, found.text) == (None, RAIN)


def test_an_ampersand_alone_stands_for_itself():
    (found,) = articles(item(text=f"R&D at K&amp;L: {RAIN}", title="A & B"))
    assert (found.title, found.text) == ("A & B", f"R&D at K&L: {RAIN}")


def test_markup_that_goes_by_the_name_of_text_is_markup():
    feed = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Herald</title><entry><id>7</id>"
        f"<title>Rain</title><summary type='text'>&lt;p&gt;{RAIN}&lt;/p&gt;</summary>"
        "</entry></feed>"
    )
    (entry,) = load(feed)
    assert entry.article.text == RAIN


FOOTER = (
    "&lt;p&gt;The post &lt;a href='/'&gt;Rain&lt;/a&gt; appeared first on "
    "&lt;a href='/'&gt;The Herald&lt;/a&gt;.&lt;/p&gt;"
)


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        (f"{RAIN} {FOOTER}", RAIN),
        (FOOTER, "Rain fell on Elmford"),
        ("Read more...", "Rain fell on Elmford"),
    ],
)
def test_footers_of_programs_are_no_text(text, taken):
    (found,) = articles(item(text=text, title="Rain fell on Elmford"))
    assert found.text == taken


MEDIA = "xmlns:media='http://search.yahoo.com/mrss/'"


@pytest.mark.parametrize(
    "element",
    [
        f"<media:text {MEDIA} type='html'>&lt;p&gt;{WIND}&lt;/p&gt;</media:text>",
        f"<media:group {MEDIA}><media:text type='plain'>{WIND}</media:text></media:group>",
        f"<full-text>{WIND}</full-text>",
        f"<yandex:full-text xmlns:yandex='http://news.example'>{WIND}</yandex:full-text>",
    ],
)
def test_a_text_in_an_element_of_its_own_is_read(element):
    assert [each.text for each in articles(item("Wind.", more=element))] == [WIND]


def test_the_lines_of_a_transcript_are_one_text():
    lines = "".join(
        f"<media:text {MEDIA} start='00:0{number}'>{line}</media:text>"
        for number, line in enumerate((RAIN, WIND))
    )
    assert [each.text.split() for each in articles(item("Rain.", more=lines))] == [
        f"{RAIN} {WIND}".split()
    ]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Itâ€™s a cafÃ© â€“ naÃ¯ve. Â£5", "It’s a café – naïve. £5"),
        ("He said â€œno.â€\x9d", "He said “no.”"),
        ("NÃO, a IRMÃ foi ao café", "NÃO, a IRMÃ foi ao café"),
        ("Sie sagte „Spaß“ – und ging.", "Sie sagte „Spaß“ – und ging."),
        ("It’s what “mojibake” looks like: â€™.", "It’s what “mojibake” looks like: â€™."),
    ],
)
def test_what_was_encoded_twice_is_read_as_it_was_meant(written, text):
    (found,) = articles(item(f"{RAIN} {written}", title=written))
    assert (found.title, found.text) == (text, f"{RAIN} {text}")


def test_one_day_over_twelve_tells_the_days_of_a_feed():
    days = ("03/11/2024", "25/12/2024")
    found = articles(*(item(f"{RAIN} {day}", more=f"<pubDate>{day}</pubDate>") for day in days))
    assert [each.published for each in found] == [date(2024, 11, 3), date(2024, 12, 25)]


def test_exports_of_blogs_hold_what_was_not_published():
    names = "xmlns:wp='http://wordpress.org/export/1.2/'"
    facts = f"<wp:post_date {names}>2024-01-13 10:00:00</wp:post_date><wp:status {names}>"
    kept, refused = load(
        rss(
            item(RAIN, more=f"{facts.replace(names, names)}publish</wp:status>"),
            item(WIND, more=f"{facts}draft</wp:status>"),
        )
    )
    assert (kept.article.text, refused.reason) == (
        RAIN,
        "was not published, its status being 'draft'",
    )
