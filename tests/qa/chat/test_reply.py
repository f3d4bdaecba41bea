"""What a reply says: the short answer, the statements, or that there is no answer."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.chat.prompt import NO_ANSWER
from qa.chat.reply import ReplyParser

PARTS = ["Nine", "Nine died [1].", "\n", " ", "<think>", "</think>", "<", NO_ANSWER, "[1]",
         "word " * 40, "**", ".", "Answer: ", "[9]", "\n\n", "Ten came [2]. "]  # fmt: skip
REPLIES = st.lists(st.sampled_from(PARTS), max_size=12).map("".join)


def read(chunks, *, cut=False):
    parser = ReplyParser(5)
    shown = "".join(parser.feed(chunk) for chunk in chunks) + parser.finish(is_cut=cut)
    return shown, parser.reply


def said(reply):
    return [(each.text, each.numbers) for each in reply.sentences]


@given(REPLIES, st.data())
def test_any_split_gives_the_same_result(reply, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(reply)), max_size=8)))
    bounds = [0, *cuts, len(reply)]
    chunks = [reply[low:high] for low, high in pairwise(bounds)]
    assert read(chunks) == read([reply]) == read(reply)


@pytest.mark.parametrize(
    ("line", "short"),
    [
        ("Nine", "Nine"),
        ("Nine.", "Nine"),
        ("**Nine**", "Nine"),
        ("“Nine”", "Nine"),
        ("Nine [1]", "Nine"),
        ("Short answer: Nine", "Nine"),
        ("The answer is: nine.", "nine"),
        ("the U.S.", "the U.S."),
        ("12 million euros", "12 million euros"),
        ("-", ""),
    ],
)
def test_first_line_is_the_short_answer_alone(line, short):
    shown, reply = read([f"{line}\n\nNine died [1]."])
    assert (shown, reply.short, said(reply)) == ("Nine died [1].", short, [("Nine died.", (1,))])


def test_first_line_that_is_a_cited_sentence_is_a_statement():
    shown, reply = read(["Nine sailors died there [1].\nTen came [2]."])
    assert (shown, reply.short) == ("Nine sailors died there [1].\nTen came [2].", "")
    assert len(reply.sentences) == 2


def test_only_line_is_the_statement_and_the_short_answer():
    shown, reply = read(["Nine [1]."])
    assert (shown, reply.short, said(reply)) == ("Nine [1].", "Nine", [("Nine.", (1,))])


def test_long_first_line_is_no_short_answer_and_shown_as_it_comes():
    parser = ReplyParser(5)
    assert parser.feed("Nine sailors died " * 10).startswith("Nine sailors died Nine")


@pytest.mark.parametrize(
    "reply",
    [NO_ANSWER, f"**{NO_ANSWER}**", NO_ANSWER.lower(), f"{NO_ANSWER}\nBut one may guess: nine [1].",
     "The passage does not answer this question.", "The given passages do not answer the question"],
)  # fmt: skip
def test_fixed_sentence_abstains_and_is_not_shown(reply):
    shown, parsed = read([reply])
    assert (shown, parsed.abstains, parsed.sentences) == ("", True, ())


def test_fixed_sentence_among_cited_ones_is_no_abstention():
    assert not read([f"Nine\nNine died [1]. {NO_ANSWER}"])[1].abstains
    assert read([f"None\nNobody knows. {NO_ANSWER}"])[1].abstains


def test_thoughts_are_left_out():
    shown, reply = read(["<think>Nine? [1]\nMaybe [2].</think>\n\nNine\nNine died [3]."])
    assert (shown, reply.short, said(reply)) == ("Nine died [1].", "Nine", [("Nine died.", (3,))])


def test_thoughts_without_end_are_no_reply():
    shown, reply = read(["<think>Nine? [1] and so on"])
    assert (shown, reply.short, reply.sentences) == ("", "", ())


def test_repeated_sentences_are_one():
    _, reply = read(["Nine\nNine died [1]. Nine died [2]. Nine died [1]."])
    assert said(reply) == [("Nine died.", (1, 2))]


def test_sentence_that_was_cut_off_is_left_out():
    cut, whole = (
        read(["Nine\nNine died [1]. The ferry Maid [2"], cut=cut) for cut in (True, False)
    )
    assert said(cut[1]) == [("Nine died.", (1,))]
    assert len(whole[1].sentences) == 2
