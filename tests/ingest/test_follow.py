"""What sources name and do not hold."""

import io

import pytest

from ingest.follow import MAX_DEPTH, MAX_FOLLOWED, followed, hinted
from ingest.sandbox.messages import Failure, Loaded
from ingest.sources import Intake
from qa.records.article import Article
from tests.ingest.samples import OPML
from tests.ingest.test_fetch import Hostile, serving

LIST = Failure("feeds.opml", "a list of 2 feeds", ("https://a.example/1", "https://a.example/2"))
OTHER = Failure("x.txt", "there is no text in it")


def page(url):
    yield Loaded(Article.create(f"Rain fell at {url}."), url, alone=True)


def test_addresses_that_a_list_names_are_taken_in_its_place():
    found = list(followed(iter([OTHER, LIST]), page))
    assert found[0] == OTHER
    assert [item.origin for item in found[1:]] == list(LIST.links)


def test_an_address_is_fetched_once():
    assert len(list(followed(iter([LIST, LIST]), page))) == 2


def test_lists_of_lists_are_followed_to_their_end_or_a_depth():
    def lists(url):
        yield Failure(url, "a list of 1 sitemaps", (f"{url}/next",))

    (last,) = followed(iter([Failure("s.xml", "a list", ("https://a.example",))]), lists)
    assert last.origin.count("next") == MAX_DEPTH - 1


def test_addresses_over_the_limit_are_counted():
    links = tuple(f"https://a.example/{number}" for number in range(MAX_FOLLOWED + 7))
    *taken, rest = followed(iter([Failure("s.xml", "a list", links)]), page)
    assert len(taken) == MAX_FOLLOWED
    assert rest.reason.startswith("7 of its addresses were not fetched")


def test_without_following_the_way_is_told():
    assert [item.reason for item in hinted(iter([OTHER, LIST]))] == [
        OTHER.reason,
        "a list of 2 feeds; --follow fetches what it names",
    ]


@pytest.mark.parametrize("name", ["feeds.opml", "sitemap.xml", "news.json"])
def test_sources_that_name_others_are_followed_when_asked(tmp_path, name):
    with serving(Hostile) as port:
        url = f"http://127.0.0.1:{port}/page"
        (tmp_path / name).write_text(
            {
                "feeds.opml": OPML.replace("https://a.example/feed", url),
                "sitemap.xml": f"<urlset><url><loc>{url}</loc></url></urlset>",
                "news.json": f'{{"articles": [{{"title": "Rain", "url": "{url}"}}]}}',
            }[name]
        )
        (result,) = Intake([tmp_path], follow=True, allow_private=True)
        assert isinstance(result, Loaded)
        (refused,) = Intake([tmp_path], follow=True)
        assert "private" in refused.reason or "not public" in refused.reason, refused.reason
        (named,) = Intake([tmp_path])
        assert "--follow" in named.reason


def test_standard_input_may_name_addresses():
    (failure,) = Intake(["-"], stdin=io.BytesIO(b'[{"title": "Rain", "url": "https://a.example"}]'))
    assert failure.links == ("https://a.example",)
