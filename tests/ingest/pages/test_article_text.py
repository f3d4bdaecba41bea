"""The text of a page: all of the article, once, and what of it a paywall lets through."""

import json

import pytest

from tests.ingest.pages.web_page import BODY, linked, page, read, refused

LEAD = "Lorries have to find another way over the Tarn after a crack was found at Elmford."
FIRST = "The bridge over the Tarn at Elmford was closed"


@pytest.mark.parametrize(
    "above",
    [
        f'<header><div class="standfirst"><p>{LEAD}</p></div></header><p>By Ann Lee</p>',
        f'<h2 class="article-summary">{LEAD}</h2>',
        f'<div class="dek">{LEAD}</div><figure><figcaption>The bridge.</figcaption></figure>',
        f"<p>{LEAD}</p><div class='ad-slot'>Advertisement</div>",
    ],
)
def test_lead_above_the_body_is_its_first_paragraph(above):
    markup = page(above=above, body=f'<div class="article-body">{BODY}</div>')
    text = read(markup).text
    assert text.count(LEAD) == 1
    assert text.index(LEAD) < text.index(FIRST)
    assert "Advertisement" not in text


def test_prompts_are_no_text():
    prompt = '<div class="inline-promo newsletter"><p>Sign up to our newsletter.</p></div>'
    amp = '<section amp-access="NOT subscriber"><p>Subscribe to read more.</p></section>'
    ad = "<amp-ad><div placeholder>Ad loading</div></amp-ad>"
    text = read(page(body=BODY.replace("</p><p>", f"</p>{prompt}{amp}{ad}<p>", 1))).text
    assert not [words for words in ("newsletter", "Subscribe", "loading") if words in text]


@pytest.mark.parametrize(
    ("first", "second"), [("desktop-only", "mobile-only"), ("hidden-xs", "visible-xs"), ("a", "b")]
)
def test_copy_for_another_screen_is_taken_once(first, second):
    body = f'<div class="{first}">{BODY}</div><div class="{second}">{BODY}</div>'
    assert read(page(body=body)).text.count(FIRST) == 1


def test_paragraph_that_is_said_twice_stays():
    refrain = "<p>And the river rose again, and it fell again, and nobody slept that night.</p>"
    assert read(page(body=refrain + BODY + refrain)).text.count("And the river rose again") == 2


def test_lists_tables_definitions_and_boxes_carry_facts():
    below = (
        "<table><tr><th>Bridge</th><th>Opened</th></tr><tr><td>Elmford</td><td>1911</td></tr></table>"
        "<ul><li>Length: 340 metres</li></ul><dl><dt>Architect</dt><dd>Bo Ek</dd></dl>"
        '<aside class="factbox"><p>It was closed to lorries for the first time in 1998.</p></aside>'
    )
    text = read(page(below=below)).text
    for fact in ("| Elmford | 1911 |", "340 metres", "Architect: Bo Ek", "first time in 1998"):
        assert fact in text
    assert "|---" not in text


def test_table_that_lays_out_the_page_is_text():
    river = "The river rose by two metres in one night."
    lines = f"Rain fell.<br><br>{river}<br><br>Nobody was hurt, the mayor said."
    text = read(
        f"<html><body><table><tr><td><b>Rain</b><br>{lines}</td></tr></table></body></html>"
    ).text
    assert f"\n\n{river}\n\n" in text
    assert "|" not in text


def test_line_ends_of_the_source_are_spaces():
    text = read(page(body=BODY.replace(" on Monday", "\n  on Monday"))).text
    assert "closed to lorries on Monday after" in text


POSTS = (
    '<div class="post"><time datetime="2023-05-09T11:40:00+01:00">11:40</time>'
    "<h3>Buses turn round</h3>"
    "<p>Buses turn round at the mill until further notice, the operator says.</p></div>"
    '<div class="post"><time datetime="2023-05-09T10:15:00+01:00">2 hours ago</time>'
    "<p>The bridge is closed to lorries, the county has announced this morning.</p></div>"
)


def test_posts_of_a_live_blog_have_their_times():
    text = read(page(title="Bridge closed: live", body=f'<div class="liveblog">{POSTS}</div>')).text
    times = [
        text.index(time)
        for time in ("11:40", "Buses turn round at", "2023-05-09 10:15", "The bridge is")
    ]
    assert times == sorted(times)


def test_posts_of_a_live_blog_may_be_in_its_data_only():
    updates = (
        '[{"headline": "Buses turn round", "datePublished": "2023-05-09T11:40:00+01:00",'
        '"articleBody": "They do so at the mill."},'
        '{"datePublished": "2023-05-09T10:15:00+01:00",'
        '"articleBody": "The bridge is <b>closed</b>."}]'
    )
    head = linked(f'{{"@type": "LiveBlogPosting", "liveBlogUpdate": {updates}}}')
    text = read(page(head=head, body="<p>Loading</p>")).text
    assert text == (
        "2023-05-09 11:40\n\nBuses turn round\n\nThey do so at the mill.\n\n"
        "2023-05-09 10:15\n\nThe bridge is closed."
    )


TEASER = (
    "<p>The bridge over the Tarn was closed to lorries after a crack was found in its pier.</p>"
)
PROMPT = "<p>Subscribe to continue reading. Already a subscriber? Log in.</p>"
PAID = '"@type": "NewsArticle", "isAccessibleForFree": "False"'


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (linked(f"{{{PAID}}}"), TEASER + PROMPT),
        ("", TEASER + PROMPT),
        (linked(f'{{{PAID}, "wordCount": 900}}'), TEASER),
        ('<meta property="article:content_tier" content="locked">', TEASER),
    ],
)
def test_teaser_before_a_paywall_is_kept_and_marked(head, body):
    found = read(page(head=head, body=body))
    assert found.locked
    assert found.text.endswith("found in its pier.")


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", BODY),
        (
            linked(f'{{{PAID}, "hasPart": {{"cssSelector": ".paid"}}}}'),
            f'<div class="paid">{BODY}</div>',
        ),
        (linked(f'{{{PAID}, "wordCount": 70}}'), BODY),
    ],
)
def test_article_that_is_all_there_is_not_locked(head, body):
    assert not read(page(head=head, body=body)).locked


def test_text_in_the_page_s_own_data_comes_before_a_teaser():
    body = "The bridge was closed.\\n\\nIt stays closed until June, the county said."
    head = linked(f'{{{PAID}, "articleBody": "{body}"}}')
    found = read(page(head=head, body="<p>The bridge was closed.</p>" + PROMPT))
    assert found.text.endswith("until June, the county said.")
    assert not found.locked


def test_control_characters_in_a_page_do_not_keep_it_out():
    body = BODY.replace("lorries", "lor\x01ries").replace(" on Monday", "\n on\x0b Monday")
    promo = "<div class='promo newsletter'>Buy.</div>\x02 Then"
    text = read(page(body=f"{body}{promo}<dl><dt>Le\x03ngth<dd>340 &#4;metres</dl>")).text
    assert "closed to lorries on Monday" in text
    assert "340 metres" in text


@pytest.mark.parametrize(
    "others",
    [
        "<section><h4>Read also</h4><ul><li>Ten tips for your barn</li></ul></section>",
        "<div><h3>More on this story</h3><a href='/t'>Ten tips for your barn</a></div>",
        "<p>Read also: <a href='/t'>Ten tips for your barn</a></p>",
        "<p><b>Lesen Sie auch:</b> <a href='/t'>Ten tips for your barn</a></p>",
    ],
)
def test_lists_of_other_articles_are_no_text(others):
    text = read(page(body=BODY.replace("</p><p>", f"</p>{others}<p>", 1))).text
    assert "Ten tips" not in text
    assert "three barns" in text


def test_an_offer_of_a_newsletter_is_no_text_and_locks_nothing():
    found = read(page(below="<div>Sign up to our newsletter and never miss a flood.</div>"))
    assert ("newsletter" in found.text, found.locked) == (False, False)


def test_a_text_that_only_the_data_of_a_page_has_is_not_locked():
    body = "The whole text of the article stands here, and nobody has to pay for it. " * 9
    head = linked(
        '{"@type": "NewsArticle", "headline": "Bridge closed to lorries", '
        f'"isAccessibleForFree": false, "articleBody": "{body}"}}'
    )
    found = read(page(head=head, body="<p>The bridge was closed to lorries on Monday.</p>"))
    assert (found.locked, found.text.count("whole text")) == (False, 9)


def test_a_page_made_by_scripts_has_its_article_in_their_data():
    article = {"title": "Bridge closed to lorries", "body": BODY, "publishedAt": "2024-01-13"}
    data = json.dumps({"props": {"pageProps": {"article": article, "other": ["x"]}}})
    for script in (
        f'<script id="__NEXT_DATA__" type="application/json">{data}</script>',
        f"<script>window.__STATE__ = {data};</script>",
    ):
        found = read(
            "<html><head><title>Bridge closed to lorries | Echo</title></head>"
            f"<body><div id='root'></div>{script}</body></html>"
        )
        assert found.text.startswith("The bridge over the Tarn")
        assert (found.title, str(found.published)) == ("Bridge closed to lorries", "2024-01-13")


def test_data_of_other_articles_make_no_article_of_an_empty_page():
    data = json.dumps({"latest": [{"title": "Ferry sold", "body": BODY}]})
    script = f'<script type="application/json">{data}</script>'
    assert "no text" in refused(
        f"<html><head><title>Not found</title></head><body>{script}</body></html>"
    )


@pytest.mark.parametrize("charset", ["utf-16", "utf-16le", "utf-32", "utf-7"])
def test_a_page_that_states_an_encoding_it_cannot_have_is_read(charset):
    markup = page().replace("utf-8", charset)
    assert read(markup).text.count("The bridge over the Tarn") == 1


def test_a_line_that_is_a_link_to_read_more_is_no_part_of_the_text():
    more = "<p><a href='/fire'>READ MORE: Fire at the mill</a></p>"
    first, second, third = (f"<p>{part}" for part in BODY.split("<p>")[1:])
    assert "Fire at the mill" not in read(page(body=first + more + second + third)).text


def test_posts_of_a_live_blog_have_their_times_though_these_are_plain_text():
    posts = "".join(
        f"<div class='post'><span class='time'>{time}</span><h3>{head}</h3><p>{text}</p></div>"
        for time, head, text in (
            ("11:30", "Bridge open", "The bridge was opened at half past eleven to buses."),
            ("10:05", "Crane in place", "The crane reached the bridge at five past ten."),
            ("09:15", "Road closed", "The road to the mill was closed at a quarter past nine."),
        )
    )
    found = read(page(body=f"<div class='liveblog'>{posts}</div>", title="Bridge live"))
    assert "10:05\n\nCrane in place\n\nThe crane reached" in found.text
