"""The day of a page: from its data, from what it shows, from its address; else none."""

from datetime import date

import pytest

from tests.ingest.pages.web_page import BODY, linked, page, read

DAY = date(2023, 5, 9)
STORY = '"@type": "NewsArticle", "headline": "Bridge closed to lorries"'


def day_of(markup, url=None):
    found = read(markup, url)
    return found.published, found.dated_by


@pytest.mark.parametrize(
    "script",
    [
        linked(f'{{{STORY}, "datePublished": "2023-05-09"}}'),
        linked(f'{{{STORY}, "datePublished": "2023-05-09"}}', "Application/LD+JSON; charset=utf-8"),
        linked(f'//<![CDATA[\n{{{STORY}, "datePublished": "2023-05-09"}}\n//]]>'),
        linked(f'/*<![CDATA[*/{{{STORY}, "datePublished": "2023-05-09"}};/*]]>*/'),
        linked(f'<!-- {{{STORY}, "datePublished": "2023-05-09"}} -->'),
        linked(f'{{{STORY}, "datePublished": "2023-05-09",}}'),
        linked(
            '{"@type": "Article", "headline": "A "bridge" fell", "datePublished": "2023-05-09"}'
        ),
        linked('{"@TYPE": "NEWSARTICLE", "DATEPUBLISHED": "2023-05-09"}'),
        linked(
            "{&quot;@type&quot;: &quot;Article&quot;, "
            "&quot;datePublished&quot;: &quot;2023-05-09&quot;}"
        ),
        linked(
            '{"@type": ["Report", "https://schema.org/NewsArticle"], "datePublished": "2023-05-09"}'
        ),
        linked(
            '{"@graph": [{"@type": "WebSite", "datePublished": "2001-01-01"},'
            '{"@type": "WebPage", "datePublished": "2023-05-09T08:00:00+01:00"}]}'
        ),
        linked(
            '[{"@type": "WebPage", "mainEntity": {"@type": "Article", '
            '"datePublished": "2023-05-09"}}]'
        ),
        linked('{"@type": "Article", "dateCreated": "2023-05-07", "datePublished": "2023-05-09"}'),
    ],
)
def test_structured_data_is_read_however_it_is_written(script):
    assert day_of(page(head=script)) == (DAY, None)


@pytest.mark.parametrize(
    "meta",
    [
        '<meta property="article:published_time" content="2023-05-09T07:00:00+01:00">',
        '<meta name="DC.Date.Issued" content="2023-05-09">',
        '<meta name="dcterms.created" content="2023-05-09">',
        '<meta itemprop="datePublished" content="2023-05-09">',
        '<meta name="pubdate" content="20230509">',
        '<meta name="publish-date" content="Tue, 09 May 2023 10:00:00 GMT">',
        '<meta name="parsely-pub-date" content="2023-05-09 08:00:00">',
        '<meta name="cXenseParse:publishtime" content="2023-05-09T08:00:00+0100">',
        '<meta http-equiv="date" content="2023-05-09">',
    ],
)
def test_meta_tags_are_known_by_many_names(meta):
    assert day_of(page(head=meta)) == (DAY, None)


@pytest.mark.parametrize(
    "above",
    [
        '<p class="pubdate">Published: Tuesday 9 May 2023 09:14 BST</p>',
        '<span class="article__date">May 9, 2023</span>',
        "<p>By Ann Lee | 9 May 2023</p>",
        "<div>Veröffentlicht am 09.05.2023 um 10:00 Uhr</div>",
        "<div class='meta'>le 9 mai 2023 à 10h</div>",
        "<div class='info'>2023年5月9日 10:14</div>",
        "<p class=date>Published 9 May 2023, updated 12 May 2023</p>",
        "<p class=date>Updated 12 May 2023</p><p class=date>Published 9 May 2023</p>",
    ],
)
def test_day_that_is_shown_by_the_headline_is_weaker(above):
    assert day_of(page(above=above)) == (DAY, "byline")


@pytest.mark.parametrize(
    "above",
    [
        "<time>9 May 2023</time>",
        (
            "<time datetime='2023-05-09'>9 May</time><time class=updated "
            "datetime='2023-05-12'>12 May</time>"
        ),
        (
            "<time class='entry-date' datetime='2023-05-09'>x</time> <time "
            "datetime='2023-05-12'>y</time>"
        ),
        "<span itemprop='datePublished' content='2023-05-09'>yesterday</span>",
    ],
)
def test_time_elements_state_the_day(above):
    assert day_of(page(above=above)) == (DAY, None)


def test_first_of_two_unmarked_times_is_shown():
    times = (
        "<p><time datetime='2023-05-09'>9 May 2023</time> <time "
        "datetime='2023-05-12'>12 May 2023</time></p>"
    )
    assert day_of(page(above=times)) == (DAY, "byline")


@pytest.mark.parametrize(
    "path", ["/2023/05/09/bridge", "/news/2023-05-09-bridge", "/a/20230509/b", "/2023/may/09/b"]
)
def test_day_in_the_address_is_weakest(path):
    assert day_of(page(), f"https://echo.example{path}") == (DAY, "address")
    canonical = f'<link rel="canonical" href="https://echo.example{path}">'
    assert day_of(page(head=canonical)) == (DAY, "address")


def test_what_the_page_states_comes_before_what_it_shows():
    head = linked(f'{{{STORY}, "datePublished": "2023-05-09"}}')
    assert (
        day_of(page(head=head, above="<p>1 March 2020</p>"), "https://a.example/2021/02/03/b")[0]
        == DAY
    )


def test_structured_data_comes_before_meta_tags():
    head = '<meta property="article:published_time" content="2023-05-20">'
    head += linked(f'{{{STORY}, "datePublished": "2023-05-09"}}')
    assert day_of(page(head=head)) == (DAY, None)


def test_item_of_another_story_says_nothing_of_this_one():
    other = linked(
        '{"@type": "NewsArticle", "headline": "Ten tips for spring", "datePublished": "2020-01-02",'
        '"mainEntityOfPage": "https://echo.example/tips"}'
    )
    own = linked(
        '{"@type": "NewsArticle", "datePublished": "2023-05-09",'
        '"mainEntityOfPage": {"@id": "https://echo.example/bridge"}}'
    )
    canonical = '<link rel="canonical" href="https://echo.example/bridge">'
    assert day_of(page(head=canonical + other + own)) == (DAY, None)
    assert day_of(page(head=canonical + other)) == (None, None)


def test_item_is_told_by_its_headline_where_there_is_no_address():
    other = linked(
        '{"@type": "NewsArticle", "headline": "Ten tips for your '
        'spring", "datePublished": "2020-01-02"}'
    )
    assert day_of(page(head=other + linked(f'{{{STORY}, "datePublished": "2023-05-09"}}'))) == (
        DAY,
        None,
    )
    assert day_of(page(head=other)) == (None, None)


@pytest.mark.parametrize(
    ("head", "above", "url"),
    [
        ("", "<p class=date>May 9, 2023, 10:30 p.m. ET</p>", None),
        ("", "", "https://echo.example/2023/05/09/bridge"),
        ('<meta property="article:published_time" content="2023-05-09T22:30:00-04:00">', "", None),
    ],
)
def test_time_in_utc_yields_to_the_day_that_the_outlet_shows(head, above, url):
    head += linked(f'{{{STORY}, "datePublished": "2023-05-10T02:30:00Z"}}')
    assert day_of(page(head=head, above=above), url)[0] == DAY


@pytest.mark.parametrize(
    ("lang", "written", "expected"),
    [
        ("en-US", "05/09/2023", DAY),
        ("en-GB", "09/05/2023", DAY),
        ("de", "09/05/2023", DAY),
        ("en", "05/09/2023", None),
    ],
)
def test_order_of_numbers_follows_from_the_country(lang, written, expected):
    assert (
        read(page(lang=lang, head=f'<meta name="date" content="{written}">')).published == expected
    )


@pytest.mark.parametrize("value", ["1970-01-01T00:00:00Z", "1969-12-31T19:00:00-05:00", "0"])
def test_first_second_of_computers_is_no_day(value):
    assert day_of(page(head=linked(f'{{{STORY}, "datePublished": "{value}"}}'))) == (None, None)


def test_day_of_a_change_is_not_that_of_publication():
    found = read(page(head='<meta property="article:modified_time" content="2023-05-12">'))
    assert (found.published, found.updated) == (None, date(2023, 5, 12))


def test_later_publication_than_change_is_believed():
    head = linked(
        f'{{{STORY}, "datePublished": "2023-05-09T16:00:00+01:00", "dateModified": "2023-05-08"}}'
    )
    assert day_of(page(head=head)) == (DAY, None)


@pytest.mark.parametrize(
    "markup",
    [
        page(
            below=(
                "<p>The dam was built on 12 May 1987 and tested last on "
                "2019-03-04, as the county says in its yearly report of "
                "1991.</p>"
            )
        ),
        page(below="<div class='related'><h3>More</h3><p>5 May 2020</p></div>"),
        page(
            below=(
                "<div id='comments'><p>Ann <time datetime='2022-02-02'>2 Feb 2022</time></p></div>"
            )
        ),
        page(below="<aside><p class='date'>1 January 1990</p></aside>"),
        page(above="<p class='meta'>Posted yesterday</p>", below="<img src='/2018/05/06/a.jpg'>"),
    ],
)
def test_days_of_other_things_are_not_taken(markup):
    assert day_of(markup) == (None, None)


def test_text_keeps_how_its_day_is_known():
    assert read(page(body=BODY, above="<p>9 May 2023</p>")).to_dict()["dated_by"] == "byline"


@pytest.mark.parametrize("name", ["bt:pubDate", "prism.publicationDate", "search_date", "created"])
def test_names_of_days_in_the_data_of_a_page(name):
    found = read(page(head=f'<meta name="{name}" content="13-Feb-2024 08:00">'))
    assert (found.published, found.dated_by) == (date(2024, 2, 13), None)


def test_an_address_may_have_the_day_before_the_year():
    found = read(page(), "https://echo.example/a/13-02-2024/bridge")
    assert (found.published, found.dated_by) == (date(2024, 2, 13), "address")


def test_the_day_of_a_post_that_is_quoted_is_not_that_of_the_page():
    post = (
        "<blockquote class='twitter-tweet'><p>Closed!</p>— Bob (@bob) "
        "<a href='https://t.example/1'>January 13, 2024</a></blockquote>"
    )
    assert read(page(above=post)).published is None


def test_each_day_of_a_line_is_called_by_the_words_before_it():
    line = "<p class='meta'>By Ann Lee · Updated March 12, 2024 · Published March 11, 2024</p>"
    assert read(page(above=line)).published == date(2024, 3, 11)


@pytest.mark.parametrize(("time", "day"), [("03:40:00", "2024-03-10"), ("13:40:00", "2024-03-11")])
def test_a_time_in_utc_gives_way_to_a_day_before_it_only_in_the_morning(time, day):
    stated = f'<meta property="article:published_time" content="2024-03-11T{time}Z">'
    found = read(page(head=stated), "https://echo.example/2024/03/10/bridge")
    assert str(found.published) == day
