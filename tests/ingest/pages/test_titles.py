"""Titles without the names of sites, and without guesses."""

import pytest

from ingest.pages.titles import outlet_in, title_of
from ingest.parsing.source import host_of
from tests.ingest.pages.web_page import BODY, page, read


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


def test_section_between_a_title_and_its_site_goes_with_the_site():
    stated = "Bridge over the Tarn closed to lorries | Local News | Elmford Echo"
    title = title_of("", [stated], sites=["Elmford Echo"])
    assert title == "Bridge over the Tarn closed to lorries"


def test_site_before_a_colon_goes():
    assert title_of("", ["Elmford Echo: Rain falls"], sites=["Elmford Echo"]) == "Rain falls"
    assert title_of("", ["Rain: what to expect"], sites=["Elmford Echo"]) == "Rain: what to expect"


def test_line_of_a_page_without_headings_that_its_title_ends_with_is_its_title():
    markup = (
        "<html><head><title>Elmford Echo Online: Bridge closed to lorries</title></head><body>"
        f"<font size=5><b>Bridge closed to lorries</b></font><br>{BODY}</body></html>"
    )
    assert read(markup).title == "Bridge closed to lorries"


def test_short_heading_without_spaces_is_the_title_that_begins_with_it():
    assert title_of("港口将疏浚内港", ["港口将疏浚内港_埃尔福德日报"]) == "港口将疏浚内港"


PELL = "Bridge closed to lorries | The Pell Observer"


@pytest.mark.parametrize("joint", [" | ", " - ", " – ", " — "])
def test_outlet_at_the_end_of_a_title_is_told_by_its_host(joint):
    title = f"Bridge closed to lorries{joint}The Pell Observer"
    article = read(page(title=title), "https://www.pellobserver.example/news/bridge")
    assert (article.title, article.source) == ("Bridge closed to lorries", "The Pell Observer")


@pytest.mark.parametrize(
    "said",
    [
        {"top": '<a href="/">The Pell Observer</a>'},
        {"top": '<a href="https://a.example/"><img src="x.png" alt="The Pell Observer"></a>'},
        {"below": "<p>© 2021–2024 The Pell Observer. All rights reserved.</p>"},
        {"head": '<meta name="twitter:site" content="@PellObserver">'},
        {"head": '<meta name="apple-mobile-web-app-title" content="Pell Observer">'},
    ],
)
def test_outlet_of_a_saved_page_is_told_by_what_it_is_called_elsewhere(said):
    article = read(page(title=PELL, **said))
    assert (article.title, article.source) == ("Bridge closed to lorries", "The Pell Observer")


@pytest.mark.parametrize(
    ("title", "url"),
    [
        (PELL, None),
        (PELL, "https://a.example/1"),
        ("Bridge closed to lorries | Sport", "https://sport.a.example/1"),
        ("Bridge closed to lorries - Home", "https://a.example/home/1"),
        ("Bridge closed to lorries | Echo", "https://echoes.example/1"),
        ("Bridge closed to lorries", "https://bridge.example/1"),
    ],
)
def test_end_of_a_title_that_nothing_shows_to_be_an_outlet_is_none(title, url):
    assert read(page(title=title), url).source == host_of(url)


def test_outlet_that_a_page_names_counts_before_its_title():
    head = '<meta property="og:site_name" content="Elmford Echo">'
    article = read(page(head=head, title=PELL), "https://pellobserver.example/1")
    assert article.source == "Elmford Echo"


def test_outlet_before_a_title_is_told():
    title = "Pell Observer: the day » Rain falls"
    assert outlet_in(title, names=["Pell Observer: The Day"]) == "Pell Observer: the day"
