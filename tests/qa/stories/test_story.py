"""Stories: which articles are on one event, what each adds, who differs, sources counted once."""

from dataclasses import replace
from datetime import date

import pytest

from qa.errors import ArticleNotFound
from qa.library.curation.collections import add_to_collection, make_collection
from qa.stories.story import read_story


@pytest.fixture
def reports(ferry):
    second = replace(
        ferry,
        id="second",
        title="Ferry off Cape Tarrow: inquiry opened",
        text="The ferry Maid of Orlen sank off Cape Tarrow. Eleven sailors died and 41 passengers "
        "were rescued. A judge in Halmere will lead the inquiry into the pump.",
        url=None,
        source="Courier",
        published=date(2021, 3, 9),
    )
    copy = replace(ferry, id="copy", url=None, source="Wire", published=date(2021, 3, 5))
    return ferry, second, copy


@pytest.fixture
def library(make_library, reports, bridge, orchard):
    return make_library(*reports, bridge, orchard).library


def test_story_has_the_texts_on_one_event_in_order_of_days(library):
    story = read_story(library, "second")
    assert [text.article_id for text in story.texts] == ["ferry", "second"]
    assert [copy.article_id for copy in story.texts[0].copies] == ["copy"]
    assert story.outlets == ("Courier", "Gazette", "Wire")
    assert story.sourcing == "3 outlets, 2 texts"


def test_story_tells_who_differs_with_exact_characters(library, reports):
    (difference,) = read_story(library, "ferry").differences
    assert (difference.earlier_value, difference.later_value) == ("Nine", "Eleven")
    assert difference.later.quote == "Eleven sailors died and 41 passengers were rescued."
    later = reports[1]
    assert later.text[difference.later.start : difference.later.end] == difference.later.quote


def test_text_tells_what_nobody_told_before(library):
    first, second = read_story(library, "ferry").texts
    assert first.new == ()
    assert [each.quote for each in second.new] == [
        "A judge in Halmere will lead the inquiry into the pump."
    ]


def test_changed_article_says_when(make_library, store, ferry):
    tools = make_library(ferry)
    newer = replace(ferry, text=f"{ferry.text} It was raining.", updated=date(2021, 3, 8))
    store(tools, newer)
    (text,) = read_story(tools.library, "ferry").texts
    assert text.changed == "corrected on 2021-03-08"


def test_article_alone_is_a_story_of_one(library):
    story = read_story(library, "orchard")
    assert [text.article_id for text in story.texts] == ["orchard"]
    assert story.differences == ()


def test_story_stays_within_collections(library):
    make_collection(library, "Early")
    add_to_collection(library, "Early", ["ferry"])
    story = read_story(library, "ferry", collections=["Early"])
    assert story.sourcing == "1 outlet, 1 text"
    assert story.texts[0].copies == ()


def test_story_of_nothing_is_refused(library):
    with pytest.raises(ArticleNotFound):
        read_story(library, "nobody")
