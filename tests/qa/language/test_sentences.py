"""Sentences end where they end, and no character is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language import sentences as module
from qa.language.sentences import sentences, units

AWKWARD = "ab Z.!?:;\"'\n\r\t#-*1) 😀👩‍🚀e\u0301你。！\u2028\x85\xa0\x1c日"


def quoted(text, language="en"):
    return [text[start:end] for start, end in sentences(text, language)]


@given(st.text(AWKWARD, max_size=200), st.sampled_from(["en", "zh", "de", "xx"]))
def test_every_visible_character_is_in_exactly_one_sentence(text, language):
    covered = [place for span in sentences(text, language) for place in range(*span)]
    visible = {place for place, character in enumerate(text) if not character.isspace()}
    assert visible <= set(covered)
    assert covered == sorted(set(covered))


@given(st.text(AWKWARD, max_size=200))
def test_sentences_are_trimmed_and_not_empty(text):
    assert all(sentence and sentence == sentence.strip() for sentence in quoted(text))


@given(st.text(AWKWARD, max_size=200))
def test_units_are_the_sentences(text):
    assert [(unit.start, unit.end) for unit in units(text, "en")] == sentences(text)


@pytest.mark.parametrize("text", ["", " ", "\r\n\n\t", "\u2028"])
def test_nothing_to_read_has_no_sentences(text):
    assert sentences(text) == []


def test_abbreviations_do_not_end_a_sentence():
    text = "Dr. Low met the U.S. envoy at 5 p.m. in Bern. They talked."
    assert quoted(text)[-1] == "They talked."
    assert quoted(text)[0].startswith("Dr. Low met")


def test_wrapped_lines_are_one_sentence():
    text = (
        "The council of the town decided late on Tuesday\n"
        "that the bridge over the river would be rebuilt. It did not say when."
    )
    assert len(quoted(text)) == 2


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_blank_line_ends_a_sentence_without_a_full_stop(end):
    text = f"The council of the town of Kessel met again{end}{end}it decided nothing at all"
    assert quoted(text) == text.split(end * 2)


def test_list_lines_stand_alone():
    text = "Bring these to the camp by noon on Saturday, please:\n- a tent\n- two ropes\n3. a stove"
    assert quoted(text)[1:] == ["- a tent", "- two ropes", "3. a stove"]


def test_chinese_ends_at_its_own_full_stop():
    assert quoted("雨下了一整天。桥被冲走了。", "zh") == ["雨下了一整天。", "桥被冲走了。"]


def test_offsets_count_characters_not_bytes():
    assert quoted("🎉🎉 Rain fell 👩‍🚀. Ilse left.") == ["🎉🎉 Rain fell 👩‍🚀.", "Ilse left."]


def test_short_line_between_blank_lines_is_a_heading():
    text = "It rained in the valley.\n\nAftermath\n\nThe bridge was gone."
    assert [unit.heading for unit in units(text, "en")] == [False, True, False]


def test_last_line_is_no_heading():
    assert [unit.heading for unit in units("It rained all day.\n\nThe end", "en")] == [False, False]


def test_unit_that_begins_a_paragraph_says_so():
    opens = [unit.opens for unit in units("It rained. Ilse left.\n\nNobody saw her.", "en")]
    assert opens == [True, False, True]


# Windows

PARAGRAPH = (
    "The council of Kessel met on Tuesday. “It will not rain,” said Mr. Low (of the Reach). "
    'Nobody believed it; "we shall see. We always do," the mayor answered. It rained.'
)


@given(st.text(AWKWARD, max_size=300), st.integers(2, 60), st.integers(1, 20))
def test_text_over_the_window_keeps_every_visible_character_in_order(text, window, marks):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "WINDOW", window)
        patch.setattr(module, "_MARKS", marks)
        spans = sentences(text)
    covered = [place for span in spans for place in range(*span)]
    visible = {place for place, character in enumerate(text) if not character.isspace()}
    assert visible <= set(covered)
    assert covered == sorted(set(covered))


@given(st.text(AWKWARD, max_size=200), st.sampled_from(["en", "zh", "de", "xx"]))
def test_text_below_the_window_is_split_as_a_whole(text, language):
    import sentencex

    spans = [
        (each["start_index"], each["end_index"])
        for each in sentencex.get_sentence_boundaries(language, text)
    ]
    assert list(module._boundaries(text, language)) == spans


@pytest.mark.parametrize("gap", ["\n\n", " ", "\n"])
def test_windows_part_no_sentence_of_ordinary_prose(gap):
    text = gap.join([PARAGRAPH] * 150)
    assert len(text) > 2 * module.WINDOW
    assert quoted(text) == quoted(PARAGRAPH) * 150


@pytest.mark.parametrize("unit", ["“a. ", "„!", "。a", "‘", "a", "a ", "\n", '"a." ', "(a. "])
def test_the_splitter_is_given_twice_as_much_for_twice_the_text(unit, monkeypatch):
    import sentencex

    lengths = []
    split = sentencex.get_sentence_boundaries

    def counting(language, text):
        lengths.append(len(text))
        return split(language, text)

    monkeypatch.setattr(sentencex, "get_sentence_boundaries", counting)
    totals = []
    for count in (40_000, 80_000):
        lengths.clear()
        sentences(unit * count)
        assert max(lengths) <= module.WINDOW
        totals.append(sum(lengths))
    assert totals[1] <= 2.1 * totals[0]
