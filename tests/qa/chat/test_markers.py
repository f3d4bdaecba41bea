"""Markers in a reply, read while it arrives, and numbers behind statements."""

import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.chat.markers import CitedSentence, MarkerParser, cited_sentences, marked_text
from qa.records.answer import Answer, Hit, Statement
from qa.records.article import Article

# Replies made of what matters to the parser, in any order.
PARTS = [
    "[1]", "[2, 3]", "[1-3]", "【1】", "【2†source】", "[9]", "[1-999999999]", "[", "]", "[[",
    "[x]", "[1", "1]", "`", "``", "```", "```py\n", "\n", "\n\n", " ", "  ", ".", ". ",
    "Nine sailors died", "Ten came", "- ", "1. ", "**", "[^2]", "[passage 3]", "é", "死", "🎉",
    "\t", ",", "[2 and 1]",
]  # fmt: skip
REPLIES = st.lists(st.sampled_from(PARTS), max_size=40).map("".join) | st.text(max_size=80)


def read(chunks, known=5):
    parser = MarkerParser(known)
    shown = "".join(parser.feed(chunk) for chunk in chunks) + parser.finish()
    return shown, parser.parsed


def cited(reply, known=5):
    return cited_sentences(read([reply], known)[1])


@given(REPLIES, st.data())
def test_any_split_gives_the_same_result(reply, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(reply)), max_size=12)))
    bounds = [0, *cuts, len(reply)]
    chunks = [reply[low:high] for low, high in pairwise(bounds)]
    assert read(chunks) == read([reply]) == read(reply)


@given(REPLIES)
def test_every_mark_is_a_known_passage_at_a_place_in_the_text(reply):
    _, parsed = read([reply], known=3)
    places = [place for place, _ in parsed.marks]
    assert all(1 <= number <= 3 for _, number in parsed.marks)
    assert places == sorted(places)
    assert all(0 <= place <= len(parsed.text) for place in places)


@given(st.text(alphabet=st.characters(exclude_characters="[]【】`"), max_size=80))
def test_text_without_markers_is_shown_as_it_is(reply):
    assert read([reply])[0] == reply


@given(REPLIES)
def test_no_mark_is_lost_to_the_sentences(reply):
    _, parsed = read([f"It rained. {reply}"], known=3)
    found = {number for each in cited_sentences(parsed) for number in each.numbers}
    assert found == {number for _, number in parsed.marks}


@pytest.mark.parametrize(
    ("reply", "shown"),
    [
        ("Died [1].", "Died [1]."),
        ("Died[1].", "Died[1]."),
        ("Died 【1】.", "Died [1]."),
        ("Died 【1†source】.", "Died [1]."),
        ("Died [1, 2].", "Died [1][2]."),
        ("Died [1; 2].", "Died [1][2]."),
        ("Died [1 and 2].", "Died [1][2]."),
        ("Died [1-3].", "Died [1][2][3]."),
        ("Died [1–2, 4].", "Died [1][2][3]."),
        ("Died [^1].", "Died [1]."),
        ("Died [Passage 1].", "Died [1]."),
        ("Died [passages 1, 1].", "Died [1]."),
        ("Died [5], came [3], died [5].", "Died [1], came [2], died [1]."),
    ],
)
def test_markers_are_written_in_one_way_and_count_the_passages_used(reply, shown):
    assert read([reply]) == (shown, read([reply])[1])
    assert read([reply])[1].unknown == 0


@pytest.mark.parametrize(
    ("reply", "shown", "unknown"),
    [
        ("Died [9].", "Died.", 1),
        ("Died [9] at sea.", "Died at sea.", 1),
        ("Died [0][6].", "Died.", 2),
        ("Died [1, 9].", "Died [1].", 1),
        ("Died [4-99].", "Died [1][2].", 1),
        ("Died [3-1].", "Died.", 1),
        ("Died [7, 8, 9].", "Died.", 3),
        ("Died [1-999999999].", "Died [1][2][3][4][5].", 1),
    ],
)
def test_what_names_no_passage_is_removed_and_counted(reply, shown, unknown):
    found, parsed = read([reply])
    assert (found, parsed.unknown) == (shown, unknown)


@pytest.mark.parametrize(
    "reply",
    [
        "He said [sic] so.",
        "See [a1].",
        "f[x]",
        "An open [1 bracket",
        "[]",
        "[12345678901]",
        "[1\n]",
    ],
)
def test_other_brackets_are_text(reply):
    shown, parsed = read([reply])
    assert (shown, parsed.text, parsed.marks, parsed.unknown) == (reply, reply, (), 0)


@pytest.mark.parametrize(
    "reply", ["Use `a[1]` here.", "```\na[1]\n```", "```py\na[1]\n```\n", "Use ``b`` `[1]`"]
)
def test_code_is_left_alone(reply):
    shown, parsed = read([reply])
    assert (shown, parsed.marks) == (reply, ())


def test_stray_backtick_ends_with_its_line():
    assert read(["It`s here\nand there [1]."])[1].marks


def test_code_block_is_no_sentence():
    assert cited("Died [1].\n```\nx = 1\n```\nCame [2].") == [
        CitedSentence("Died.", (1,)), CitedSentence("Came.", (2,)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        ("Nine died [1]. Ten came [2].", [("Nine died.", (1,)), ("Ten came.", (2,))]),
        ("Nine died. [1] Ten came. [2]", [("Nine died.", (1,)), ("Ten came.", (2,))]),
        ("Nine died.[1] Ten came.[2]", [("Nine died.", (1,)), ("Ten came.", (2,))]),
        ("Nine [1] died [2].", [("Nine died.", (1, 2))]),
        ("[1] Nine died.\n[2] Ten came.", [("Nine died.", (1,)), ("Ten came.", (2,))]),
        ("Nine died.\n[1]\nTen came.", [("Nine died.", (1,)), ("Ten came.", ())]),
        ("- **Nine** died [1]\n* Ten came [2]", [("Nine died", (1,)), ("Ten came", (2,))]),
        ("1. Nine died [2].\n2. Ten came.", [("Nine died.", (2,)), ("Ten came.", ())]),
        ("Nine died [2] [2].", [("Nine died.", (2,))]),
        ("***\n[1]", []),
        ("", []),
    ],
)
def test_marker_belongs_to_the_sentence_it_stands_by(reply, found):
    assert cited(reply) == [CitedSentence(text, numbers) for text, numbers in found]


@pytest.mark.parametrize("part", ["Nine died [1, 2]. ", "[", "`", "[1", "a ", "\n[9]", "**[1] "])
def test_work_grows_with_the_length(part):
    def calls(length):
        count = 0

        def note(frame, event, argument):
            nonlocal count
            count += event in ("call", "c_call")

        reply = part * (length // len(part))
        sys.setprofile(note)
        try:
            cited_sentences(read(reply)[1])
        finally:
            sys.setprofile(None)
        return count

    # Ten times the text: less than thirty times the work, where squares would take a hundred.
    assert calls(100_000) < 30 * calls(10_000)


def test_numbers_count_the_cited_articles_of_an_answer():
    article = Article.create("Nine died. The pump broke.", id="a")
    passage = article.passage(0, len(article.text))
    nine, pump = passage.cite(0, 10), passage.cite(11, 26)
    other = Article.create("It broke.", id="b")
    report = other.passage(0, len(other.text))
    broke = report.cite(0, 9)
    said = (
        Statement("Nine.", (nine,), "weak"),
        Statement("It broke.", (broke, pump, nine), "weak"),
    )
    hits = (Hit(passage, 1.0), Hit(report, 0.5))
    answer = Answer("?", "Nine", said, hits, 0.5, abstained=False)
    assert marked_text(answer) == "Nine. [1] It broke. [2] [1]"
