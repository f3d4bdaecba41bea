"""What makes two texts one, and what one of them says that the other does not."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.similarity import Wording, are_copies, shingles, sign

WORDS = [f"word{number}" for number in range(400)]


def text(first, last):
    return " ".join(WORDS[first:last])


STORY = text(0, 200)
SENTENCES = (
    "The harbour master of Port Selby, Ada Low, closed the inner basin on Monday. "
    "A crane had fallen across the quay and blocked 14 berths. "
    "Divers found no leak in the hull below it. "
    "The port expects to open the basin again before the end of the week."
)


def copied(one, other, titles=("", "")):
    return are_copies(shingles(titles[0], one), shingles(titles[1], other))


# Copies


@pytest.mark.parametrize(
    "other",
    [
        STORY,
        STORY.upper().replace(" ", ",\n"),
        f"{text(300, 320)} {STORY} {text(320, 340)}",
        STORY.replace("word50 ", "cut ").replace("word120 ", "lowered "),
        text(0, 70),
        f"{text(0, 70)} {text(300, 315)}",
    ],
    ids=["same", "typography", "framed", "edited", "first paragraphs", "cut and closed"],
)
def test_a_copy_is_one_whichever_comes_first(other):
    assert copied(STORY, other)
    assert copied(other, STORY)


@pytest.mark.parametrize(
    "other",
    [text(200, 400), text(100, 300), f"{text(0, 30)} {text(300, 400)}", ""],
    ids=["another", "half of it", "one paragraph of it", "nothing"],
)
def test_other_texts_are_no_copies(other):
    assert not copied(STORY, other)


def test_notices_of_few_words_are_copies_only_when_they_read_the_same():
    notice = "Quarterly dividend five cents, as before. Pay July 15, record June 30."
    other = notice.replace("30", "26")
    assert copied(notice, notice.upper(), ("Goulds Pumps", "Goulds pumps"))
    assert not copied(notice, notice, ("Goulds Pumps", "Russ Togs"))
    assert not copied(notice, other, ("Goulds Pumps", "Goulds Pumps"))


def test_brief_article_is_no_copy_of_a_long_one_that_holds_it():
    assert not copied(STORY, text(0, 40))


def test_text_that_repeats_itself_is_as_brief_as_what_it_repeats():
    assert not copied("Nothing new. " * 100, f"{STORY} {'Nothing new. ' * 10}")


def test_texts_without_words_are_no_copies():
    assert not copied("", "…")
    assert sign("", "…") == ()


# Signatures


@given(st.lists(st.sampled_from(WORDS[:80]), max_size=120).map(" ".join))
def test_same_words_have_the_same_signature(words):
    assert sign("Title", words) == sign("TITLE", words.upper())


def test_signature_is_the_same_in_another_process():
    code = "import sys; from qa.language.similarity import sign; print(sign('', sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, STORY], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(sign("", STORY))


@pytest.mark.parametrize("words", [200, 100, 60])
def test_a_copy_shares_a_band(words):
    assert set(sign("", STORY)) & set(sign("", text(0, words)))


def test_unrelated_texts_share_no_band():
    assert not set(sign("", STORY)) & set(sign("", text(200, 400)))


# Passages of copies


@pytest.mark.parametrize(
    "passage",
    [
        SENTENCES,
        SENTENCES.replace("had fallen", "fell"),
        SENTENCES.replace("port expects to", "port hopes to").replace("14", "fourteen"),
        "Divers found no leak in the hull below it.",
    ],
    ids=["same", "a word", "other words", "a part"],
)
def test_what_is_said_in_other_words_is_carried(passage):
    assert Wording(SENTENCES).carries(passage)


@pytest.mark.parametrize(
    "passage",
    [
        SENTENCES.replace("14", "41"),
        SENTENCES.replace("14", "twelve"),
        SENTENCES.replace("Ada Low", "Ada Quill"),
        SENTENCES.replace("Divers found no leak", "Divers found a leak").replace(
            "The port expects", "The port never expects"
        ),
        SENTENCES.replace("The port expects to", "The port doesn't expect to"),
        SENTENCES + " Its crew had warned the owner twice of a crack in the mast.",
    ],
    ids=["number", "number in words", "name", "negation", "short negation", "added sentence"],
)
def test_what_only_one_copy_says_is_not_carried(passage):
    assert not Wording(SENTENCES).carries(passage)


def test_dateline_and_reporter_are_no_news_where_an_article_opens():
    passage = f"By Ilse Brandvold\n\nPORT SELBY (Harbour Post) – {SENTENCES}"
    assert Wording(SENTENCES).carries(passage, opening=True)
    assert not Wording(SENTENCES).carries(passage)


def test_number_counts_where_an_article_opens_too():
    assert not Wording("Nine sailors died in the storm.").carries(
        "Ten sailors died in the storm.", opening=True
    )


def test_share_counts_sentences():
    assert Wording(SENTENCES).share(f"{SENTENCES} Nobody was hurt.") == pytest.approx(4 / 5)
    assert Wording("").share(SENTENCES) == 0.0
