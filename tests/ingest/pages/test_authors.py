"""Authors: only when it is sure that they are."""

import json

import pytest

from tests.ingest.pages.web_page import BODY, linked, page, read


@pytest.mark.parametrize(
    ("head", "above", "author"),
    [
        ("", '<p class="byline">By Byron Wells</p>', "Byron Wells"),
        ("", '<p class="author">Nathan Wills<br>March 25, 2023</p>', "Nathan Wills"),
        (
            "",
            '<div class="byline">GILLIAN MOORE <span>March 11, 2023 3:46 PM</span></div>',
            "GILLIAN MOORE",
        ),
        ("", '<div class="byline">By Chris Austin, March 11, 2023</div>', "Chris Austin"),
        ("", '<div class="byline">Ann Lee and Bo Ek</div>', "Ann Lee, Bo Ek"),
        ("", '<p>By <a rel="author" href="/a">Nora Fields</a> | 13 May 2023</p>', "Nora Fields"),
        ("", "<p>Von Greta Müller</p>", "Greta Müller"),
        (
            "",
            '<span itemprop="author" itemscope><span itemprop="name">Ann Lee</span></span>',
            "Ann Lee",
        ),
        ('<meta name="author" content="Ann Lee and Bo Ek, Reuters">', "", "Ann Lee, Bo Ek"),
        ('<meta name="author" content="https://a.example/ann">', "<p>By Ann Lee</p>", "Ann Lee"),
        (
            linked('{"@type": "Article", "author": [{"givenName": "Ann", "familyName": "Lee"}]}'),
            "",
            "Ann Lee",
        ),
        (
            linked(
                '{"@type": "Article", "author": {"@type": "Person", "name": ["Ann Lee", "Bo Ek"]}}'
            ),
            "",
            "Ann Lee, Bo Ek",
        ),
        (
            linked('{"@type": "Article", "author": {"@type": "Organization", "name": "Reuters"}}'),
            "",
            "Reuters",
        ),
    ],
)
def test_authors_are_told_from_days_roles_and_agencies(head, above, author):
    assert read(page(head=head, above=above)).author == author


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ('<div class="byline">February 13, 2023</div>', ""),
        ('<div class="byline"><a class="follow">Follow</a></div>', ""),
        (
            "",
            '<div id="comments"><div class="comment"><span '
            'class="author">Michael Horne</span><p>Great.</p></div></div>',
        ),
        (
            "",
            '<div class="related"><a href="/x">Rents rise again</a> <span '
            'class="byline">By Richard Stone</span></div>',
        ),
        ('<span class="username">Username</span>', ""),
        ("<p>By Friday all of it was gone.</p>", ""),
    ],
)
def test_nobody_is_the_author_where_it_is_not_sure(above, below):
    assert read(page(above=above, below=below)).author is None


def test_name_of_the_login_is_passed_over_for_the_byline():
    top = '<div class="user"><span class="author">Username</span></div>'
    assert read(page(top=top, above='<p class="byline">By Erin Cole</p>')).author == "Erin Cole"


def test_author_of_a_related_story_is_not_this_one_s():
    top = '<div class="teasers"><p class="byline">By Richard Stone</p></div>'
    head = linked('{"@type": "Article", "author": {"name": "Joanna Roth"}}')
    assert read(page(head=head, top=top)).author == "Joanna Roth"


@pytest.mark.parametrize(
    ("head", "above", "author"),
    [
        ("", '<p class="byline">By Ann Lee, Senior Political Correspondent</p>', "Ann Lee"),
        ("", '<p class="byline"><a>Ann Lee</a><a>Follow</a></p>', "Ann Lee"),
        ("", "<p>By Da Silva Costa</p>", "Da Silva Costa"),
        (
            linked(
                '{"@type": "Article", "author": [{"@type": "Person", "name": "Ann Lee"}, '
                '{"@type": "Organization", "name": "Elmford Echo"}]}'
            ),
            "",
            "Ann Lee",
        ),
    ],
)
def test_roles_outlets_and_buttons_are_no_authors(head, above, author):
    assert read(page(head=head, above=above)).author == author


def test_an_author_who_is_not_said_to_be_a_person_is_one_beside_persons():
    people = [
        {"@type": "Person", "name": "Ann Lee"},
        {"name": "Bo Chan"},
        {"@type": "Organization", "name": "Elmford Echo"},
    ]
    data = {"@type": "NewsArticle", "headline": "Bridge closed to lorries", "author": people}
    assert read(page(head=linked(json.dumps(data)))).author == "Ann Lee, Bo Chan"


def test_authors_that_the_data_names_by_their_ids():
    data = {
        "@graph": [
            {"@type": "WebPage", "datePublished": "2024-01-13", "author": {"@id": "#ann"}},
            {"@type": "NewsArticle", "headline": "Bridge closed to lorries",
             "author": [{"@id": "#ann"}, {"@id": "#bo"}]},
            {"@type": "Person", "@id": "#ann", "name": "Ann Lee"},
            {"@type": "Person", "@id": "#bo", "name": "Bo Chan"},
        ]
    }  # fmt: skip
    assert read(page(head=linked(json.dumps(data)))).author == "Ann Lee, Bo Chan"


def test_authors_of_cards_below_an_article_are_not_its_own():
    cards = (
        "<div><h3>More</h3><div><p>Storm closes the bridge</p>"
        "<span class='author-name'>Petra Malm</span></div></div>"
    )
    short = "<p>The bridge over the Tarn at Elmford was closed to lorries on Monday at noon.</p>"
    for body in (BODY, 5 * short):
        assert read(page(body=body, below=cards)).author is None


def test_names_in_capitals_are_kept_apart():
    found = read(page(above="<p class='byline'>BY ANN LEE AND BO CHAN<br>ELMFORD ECHO STAFF</p>"))
    assert found.author == "ANN LEE, BO CHAN"
