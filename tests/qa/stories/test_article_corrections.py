"""What an outlet took back of an article: in a later one, in its own text, and nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from qa.library.curation.collections import add_to_collection, make_collection
from qa.records.article import Article
from qa.stories.article_corrections import corrected_by, corrections_of

FERRY = Article(
    id="ferry",
    title="Ferry lost off Cape Tarrow",
    text="The ferry sank on Monday. It carried 410 passengers from Halmere. Nine sailors died.",
    published=date(2021, 3, 4),
    source="Gazette",
)
NOTICE = Article(
    id="notice",
    title="Correction: passengers of the ferry",
    text="An article on 9 March of the ferry was wrong about its passengers. The article said that "
    "the ferry carried 410 passengers. The correct figure is 41 passengers. We apologise.",
    published=date(2021, 3, 6),
    source="Gazette",
)
# Of the same figures, and about something else.
FAIR = Article(
    id="fair",
    title="Fair opens in Halmere",
    text="The fair opens on 9 March. The Gazette gives 410 balloons to children.",
    published=date(2021, 3, 5),
    source="Gazette",
)


def test_sentence_that_a_later_article_takes_back_is_told_with_what_is_right(make_library):
    library = make_library(FERRY, NOTICE, FAIR).library
    (correction,) = corrections_of(library, FERRY)
    assert FERRY.text[slice(*correction.sentence)] == "It carried 410 passengers from Halmere."
    assert correction.right == "41"
    assert correction.notice.article_id == "notice"
    assert correction.notice.quote == (
        "The article said that the ferry carried 410 passengers. The correct figure is 41 "
        "passengers."
    )
    assert corrections_of(library, FAIR) == []
    # It takes back what another article said.
    assert corrections_of(library, NOTICE) == []


def test_notice_tells_what_it_takes_back_of_earlier_articles_of_its_outlet(make_library):
    other = replace(FERRY, id="other", source="Courier")
    library = make_library(FERRY, other, NOTICE, FAIR).library
    (sentence,) = corrected_by(library, NOTICE)
    assert (sentence.article_id, sentence.quote) == (
        "ferry",
        "It carried 410 passengers from Halmere.",
    )
    assert corrected_by(library, FERRY) == []
    make_collection(library, "Fairs")
    add_to_collection(library, "Fairs", ["fair"])
    assert corrected_by(library, NOTICE, collections=["Fairs"]) == []


@pytest.mark.parametrize(
    "other", [{"source": "Courier"}, {"published": date(2021, 3, 1)}, {"published": None}]
)
def test_only_its_outlet_corrects_an_article_and_only_later(make_library, other):
    library = make_library(FERRY, replace(NOTICE, **other)).library
    assert corrections_of(library, FERRY) == []


def test_notice_in_the_text_of_the_article_itself_is_told(make_library):
    told = "An earlier version of this article said that 410 passengers came."
    article = replace(FERRY, text=f"The ferry sank. {told} The correct figure is 41 passengers.")
    library = make_library(article).library
    (correction,) = corrections_of(library, article)
    assert correction.sentence is None
    assert correction.notice.quote == f"{told} The correct figure is 41 passengers."
    assert correction.right == "41"


def test_notice_outside_the_collections_is_not_told(make_library):
    library = make_library(FERRY, NOTICE).library
    make_collection(library, "Ferries")
    add_to_collection(library, "Ferries", ["ferry"])
    assert corrections_of(library, FERRY, collections=["Ferries"]) == []
    add_to_collection(library, "Ferries", ["notice"])
    assert len(corrections_of(library, FERRY, collections=["Ferries"])) == 1
