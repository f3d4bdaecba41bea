"""What the network is shown: nothing of a passage is left out, and every token knows its place."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qa
from qa.readers.neural.encode import Encoder, heading
from qa.records.article import Passage

TOKENIZER = Path(qa.__file__).parent / "models" / "minilm" / "tokenizer.json"
TEXTS = st.text(st.characters(codec="utf-8"), max_size=900)


@pytest.fixture(scope="module")
def encoder():
    return Encoder(TOKENIZER)


@given(question=TEXTS, above=TEXTS, text=TEXTS)
def test_windows_fit_and_cover_all_tokens(encoder, question, above, text):
    windows = encoder.encode(question, above, text)
    alone = encoder.encode("", "", text)
    for window in windows:
        assert len(window.ids) == len(window.types) <= 384
        assert window.first + len(window.offsets) + 1 == len(window.ids)
    covered = {offset for window in windows for offset in window.offsets}
    assert covered == {offset for window in alone for offset in window.offsets}


@given(text=TEXTS)
def test_offsets_are_characters_of_the_text(encoder, text):
    for window in encoder.encode("Who?", "", text):
        assert all(0 <= low < high <= len(text) for low, high in window.offsets)


@pytest.mark.parametrize("typed", ["Who sank it", "Who sank it ??", "Who sank it?! "])
def test_question_is_shown_with_one_mark_however_it_was_typed(encoder, typed):
    assert encoder.encode(typed, "", "It sank.") == encoder.encode("Who sank it?", "", "It sank.")


def test_offsets_survive_what_changes_length(encoder):
    text = "🎉 İstanbul naïve Œuvre ﬁre Nine"
    (window,) = encoder.encode("Who?", "", text)
    assert text[slice(*window.offsets[-1])] == "Nine"


def test_long_passage_is_read_in_windows_that_overlap(encoder):
    text = "雨が降る" * 225
    first, second, *_ = encoder.encode("Who?", "", text)
    assert second.offsets[0][0] < first.offsets[-1][1]


def test_endless_question_and_heading_leave_room_for_the_passage(encoder):
    (window,) = encoder.encode("why " * 900, "title " * 900, "Nine sailors died.")
    assert len(window.offsets) == 4


def test_passage_without_a_token_is_one_empty_window(encoder):
    (window,) = encoder.encode("Who?", "", "\u0301")
    assert window.offsets == []


def test_many_are_encoded_as_one_by_one(encoder):
    passages = [("BBC", "Rain fell."), ("", "Nobody knew.")]
    assert encoder.encode_all("Who?", passages) == [
        encoder.encode("Who?", *passage) for passage in passages
    ]


def test_heading_is_what_is_known_of_the_article():
    known = Passage("a", 0, 1, "x", title="Storm", source="Post", published=date(2024, 5, 3))
    assert heading(known) == "3 May 2024. Post. Storm"
    assert heading(Passage("a", 0, 1, "x")) == ""
