"""Words that the articles lack become those that were meant; nothing else is touched."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.library.drafts import Draft
from qa.library.store import Library
from qa.library.writer import open_writer
from qa.question.wording.spelling import suggest_spelling, unknown_words
from qa.question.wording.vocabulary import is_held
from qa.records.article import Article
from tests.counting import calls_of


@pytest.mark.parametrize(
    ("question", "corrected"),
    [
        ("marlow quya bridge", "marlow quay bridge"),
        ("Why is the Hallam Street brige closed?", "Why is the Hallam Street bridge closed?"),
        ("Who is Odile Brannner?", "Who is Odile Branner?"),
        ("WHO IS ODILE BARNNER?", "WHO IS ODILE BRANNER?"),
        ("what did the goverment say", "what did the government say"),
        ("where was the salmonela outbrak", "where was the salmonella outbreak"),
        ("Is the swingbridge safe?", "Is the swing bridge safe?"),
        ("Who visited Mar Low Quay?", ""),
    ],
)
def test_slip_becomes_the_word_of_the_articles(library, question, corrected):
    assert suggest_spelling(question, library) == corrected


def test_ordinary_word_is_doubted_only_for_what_stands_beside_it(library):
    assert suggest_spelling("who is the mayer odile branner", library) == (
        "who is the mayor odile branner"
    )
    assert suggest_spelling("who baked the bread", library) == ""


@pytest.mark.parametrize(
    "question",
    ["How many in May?", "Why did Halden make a loss?"],
)
def test_common_word_is_never_taken_for_one_of_the_articles(make_library, question):
    shop = make_library()
    text = "On 2 May Halden made a loss. The shorter queues of May may stay, the board said."
    article = Article.create(text, id="halden")
    with open_writer(shop.library) as writer:
        writer.put([Draft(article, (article.passage(0, len(text)),))])
    assert suggest_spelling(question, shop.library) == ""


def test_word_that_the_articles_lack_and_have_no_like_of_stays(library):
    assert suggest_spelling("Who painted the Zanthor ceiling?", library) == ""
    assert unknown_words("Who painted the Zanthor ceiling in 1997?", library) == ["Zanthor", "1997"]


@pytest.mark.parametrize("question", ['Who said "swing brige"?', "Who said “Marlow Qay”?"])
def test_quotation_is_never_changed(library, question):
    assert suggest_spelling(question, library) == ""


WORDS = "who Marlow Quay marlow bridge brige brdge closed 1204 12,5 Kestrel-2 Branner Brannr the"


@given(words=st.lists(st.sampled_from([*WORDS.split(), '"brige qay"']), max_size=6))
def test_held_words_numbers_and_quotations_are_never_changed(known, words):
    question = " ".join(words)
    changed = suggest_spelling(question, known)
    for word in words:
        fixed = '"' in word or re.search(r"\d", word) or is_held(known, word)
        assert not (changed and fixed) or word in changed
    # What was mended once is right.
    assert suggest_spelling(changed, known) == ""


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    library = Library.open(tmp_path_factory.mktemp("known"), create=True)
    article = Article.create("The swing bridge of Marlow Quay was closed, Odile Branner said.")
    with open_writer(library) as writer:
        writer.put([Draft(article, (article.passage(0, len(article.text)),))])
    yield library
    library.close()


def test_word_of_a_removed_article_is_no_longer_suggested(library):
    with open_writer(library) as writer:
        writer.remove("2")
    assert suggest_spelling("where was the salmonela", library) == ""


def test_twice_the_words_are_looked_through_with_no_more_than_twice_the_work(make_library):
    letters = "abcdefghij"
    words = [f"q{a}{b}{c}{d}" for a in letters for b in letters for c in letters for d in letters]
    shop = make_library()

    def work_for(count):
        article = Article.create(f"{' '.join(words[:count])} The bridge.", id="many")
        with open_writer(shop.library) as writer:
            writer.put([Draft(article, (article.passage(0, 900),))])
        suggest_spelling("qabcx brigde", shop.library)
        assert suggest_spelling("brigde", shop.library) == "bridge"
        return calls_of(lambda: suggest_spelling("brigde", shop.library))

    assert work_for(10_000) <= 2.2 * work_for(5_000)
