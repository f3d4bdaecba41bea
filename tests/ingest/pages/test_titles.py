"""Titles without the names of sites, and without guesses."""

import pytest

from ingest.pages.titles import title_of
from tests.ingest.pages.web_page import page, read


@pytest.mark.parametrize(
    ("stated", "known"),
    [
        ("Rain - heavy rain - falls | Elmford Echo", {"sites": ["Elmford Echo"]}),
        ("Elmford Echo: Rain - heavy rain - falls", {"sites": ["Elmford Echo"]}),
        (
            "Rain - heavy rain - falls – elmfordecho.example",
            {"url": "https://elmfordecho.example/1"},
        ),
        ("Rain - heavy rain - falls » The Elmford Echo", {"sites": ["The Elmford Echo"]}),
        ("Rain - heavy rain - falls", {}),
    ],
)
def test_name_of_the_site_is_taken_off(stated, known):
    stated = stated.replace("Echo: ", "Echo | ")
    assert title_of("", [stated], **known) == "Rain - heavy rain - falls"


def test_heading_that_the_title_holds_is_the_title():
    assert (
        title_of("Rain falls on Elmford", ["Rain falls on Elmford » Local » News"])
        == "Rain falls on Elmford"
    )


def test_heading_that_says_more_than_a_short_title_is_the_title():
    assert title_of("Rain falls on Elmford", ["Rain"]) == "Rain falls on Elmford"


def test_heading_that_is_the_name_of_the_site_is_no_title():
    assert title_of("Elmford Echo", ["Rain falls"], sites=["Elmford Echo"]) == "Rain falls"


def test_tail_that_nothing_shows_to_be_a_site_stays():
    assert title_of("", ["Rain | Wind"]) == "Rain | Wind"


def test_title_of_a_page_is_its_heading():
    head = '<meta property="og:site_name" content="Elmford Echo">'
    found = read(page(head=head, title="Bridge closed to lorries | News | Elmford Echo"))
    assert found.title == "Bridge closed to lorries"
