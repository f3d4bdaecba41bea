"""Passages hold all of an article, in whole sentences of bearable length."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.split import MAXIMUM, MINIMUM, split
from qa.language.sentences import units
from qa.records.article import Article

AWKWARD = "ab Z.!?:\n\r\t#- 😀👩‍🚀e\u0301你。\u2028\xa0"
SENTENCE = "The river rose again in the night and took a part of the old wall. "
articles = st.builds(Article.create, st.text(AWKWARD, max_size=300), language=st.just("en"))
limits = st.tuples(st.integers(2, 30), st.integers(0, 30)).map(lambda two: (two[0], sum(two)))


def texts(text, **options):
    return [passage.text for passage in split(Article.create(text), **options)]


def paragraphs(count):
    return "\n\n".join(SENTENCE + SENTENCE.strip() for _ in range(count))


@given(articles, limits)
def test_every_visible_character_is_in_exactly_one_passage(article, limits):
    passages = split(article, minimum=limits[0], maximum=limits[1])
    covered = [place for passage in passages for place in range(passage.start, passage.end)]
    visible = {place for place, sign in enumerate(article.text) if not sign.isspace()}
    assert visible <= set(covered)
    assert covered == sorted(set(covered))


@given(articles, limits)
def test_no_passage_exceeds_the_maximum(article, limits):
    passages = split(article, minimum=limits[0], maximum=limits[1])
    assert all(len(passage.text) <= limits[1] for passage in passages)


@given(articles, limits)
def test_sentences_within_the_maximum_stay_whole(article, limits):
    passages = split(article, minimum=limits[0], maximum=limits[1])
    for unit in units(article.text, "en"):
        if unit.end - unit.start <= limits[1]:
            assert any(each.start <= unit.start and unit.end <= each.end for each in passages)


@given(articles, limits)
def test_passages_are_the_article_at_their_offsets(article, limits):
    for passage in split(article, minimum=limits[0], maximum=limits[1]):
        assert article.text[passage.start : passage.end] == passage.text == passage.text.strip()


def test_nothing_to_read_gives_no_passage():
    assert split(Article.create("  \n ")) == []


def test_short_article_is_one_passage():
    assert texts("It rained.\n\nIlse left.") == ["It rained.\n\nIlse left."]


def test_passages_of_a_long_article_are_between_the_limits():
    lengths = [len(text) for text in texts(paragraphs(40))]
    assert all(MINIMUM <= length <= MAXIMUM for length in lengths[:-1])


def test_passage_ends_at_a_paragraph_once_it_is_long_enough():
    first, *_ = texts(paragraphs(12))
    assert first == paragraphs(5)


def test_article_without_paragraphs_is_cut_between_sentences():
    found = texts(SENTENCE * 40)
    assert all(text.startswith("The river") and text.endswith("wall.") for text in found)
    assert len(found) > 1


def test_short_rest_joins_its_neighbour():
    found = texts(paragraphs(5) + "\n\nIlse left.")
    assert found == [paragraphs(5) + "\n\nIlse left."]


def test_heading_goes_with_what_follows():
    text = f"{paragraphs(5)}\n\nAftermath\n\n{paragraphs(5)}"
    assert texts(text) == [paragraphs(5), f"Aftermath\n\n{paragraphs(5)}"]


def test_heading_leaves_a_passage_that_has_no_room_for_what_follows():
    long = "The river " + "rose and " * 40 + "fell."
    text = f"{paragraphs(4)}\n\nAftermath\n\n{long}"
    assert texts(text) == [paragraphs(4), f"Aftermath\n\n{long}"]


def test_headings_in_a_row_go_together():
    text = f"{paragraphs(5)}\n\n# Aftermath\n\n## The wall\n\n{paragraphs(5)}"
    assert texts(text)[1].startswith("# Aftermath\n\n## The wall\n\nThe river")


def test_heading_does_not_push_a_passage_over_the_maximum():
    long = "x" * (MAXIMUM - 2)
    assert texts(f"{paragraphs(5)}\n\nAftermath\n\n{long}") == [
        paragraphs(5),
        "Aftermath",
        long,
    ]


def test_hard_wrapped_text_is_not_cut_at_its_line_ends():
    wrapped = (
        "The river rose again in the night, the third time this\n"
        "year, and took a part of the old wall with it as it went. "
    ) * 20
    found = texts(wrapped)
    assert all(text.endswith("went.") for text in found)
    assert len(found) > 1


def test_lists_may_part_between_their_lines():
    found = texts("\n".join(f"- item number {number} of the list" for number in range(100)))
    assert all(text.startswith("- item") for text in found)
    assert max(map(len, found)) <= MAXIMUM


def test_chinese_without_spaces_is_cut_at_sentences():
    found = texts("河水在夜里又涨了起来，冲走了一段旧城墙。" * 100)
    assert all(text.endswith("。") for text in found)
    assert len(found) > 1


def test_one_endless_word_is_cut_anywhere():
    found = texts("x" * 100_000)
    assert "".join(found) == "x" * 100_000
    assert max(map(len, found)) == MAXIMUM


def test_endless_sentence_is_cut_at_spaces():
    words = ["riverbank"] * 1000
    found = texts(" ".join(words))
    assert " ".join(found).split() == words
    assert max(map(len, found)) <= MAXIMUM


@pytest.mark.parametrize("language", [None, "zh", "tlh", "en-US"])
def test_any_language_is_split(language):
    (passage,) = split(Article.create("It rained.", language=language))
    assert passage.text == "It rained."


def test_order_is_that_of_the_article():
    passages = split(Article.create(paragraphs(40)))
    assert all(before.end <= after.start for before, after in pairwise(passages))
