"""Scripts without spaces are cut; everything else is left as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.multilingual.segment import cut, is_beginning, pieces, segment, unaccented
from qa.language.words import stems, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新桥", ["新", "新桥", "桥"]),
        ("橋を", ["橋", "橋を", "を"]),
        ("สะพาน", ["สะพ", "ะพา", "พาน", "าน", "น"]),
        ("2024年", ["2024", "年"]),
        ("Kestrel-2着陆", ["Kestrel-2", "着", "着陆", "陆"]),
    ],
)
def test_run_without_spaces_becomes_its_pieces(text, expected):
    assert segment(text).split() == expected


def test_mark_stays_with_its_letter():
    assert pieces("ที่นี่") == ["ที่นี่"]
    assert is_beginning("ที่นี่")


@pytest.mark.parametrize("digits", ["１２", "١٢", "๑๒", "१२"])
def test_digits_of_every_script_are_numbers(digits):
    assert segment(digits).strip() == "12"


@given(text=st.text(st.characters(max_codepoint=0xC5)))
def test_english_text_is_as_it_was(text):
    assert segment(text) == cut(text) == text
    assert pieces(text) == []


@given(text=st.text(st.sampled_from("新桥造价三亿元。 สะพใหม่ทabc12,")))
def test_what_an_article_holds_its_own_words_find(text):
    held = segment(text).split()
    for piece in pieces(text):
        assert piece in held or any(each.startswith(piece) for each in held)


@pytest.mark.parametrize(
    ("word", "bare"),
    [
        ("Malmö", "Malmo"),
        ("Ørsted", "Orsted"),
        ("Łódź", "Lodz"),
        ("हिन्दी", "हिन्दी"),
        ("한글", "한글"),
    ],
)
def test_accents_are_folded_in_latin_script_alone(word, bare):
    assert unaccented(word) == bare


def test_words_with_and_without_accents_have_one_stem():
    assert stems("Malmö") == stems("malmo")


def test_terms_of_a_question_without_spaces_are_those_of_the_article():
    assert {"新桥", "造价"} <= {*terms("新桥造价多少？")} & stems("城东的新桥造价三亿元。")
