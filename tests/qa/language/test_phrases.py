"""Names, noun phrases, persons and plurals, as far as words tell."""

import pytest

from qa.language.names import compare_names
from qa.language.phrases import is_person, is_plural, mentions, names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Who runs the Bank of Corvania and Kestrel-2?", ["Bank of Corvania", "Kestrel-2"]),
        ("Did Line 4 open in May 2023?", ["Line 4"]),
        ("The ferry sank.", []),
        ("Is al-Tanf near Damascus?", ["al-Tanf", "Damascus"]),
    ],
)
def test_names_of_a_text(text, expected):
    assert [name.text for name in names(text)] == expected
    assert all(text[name.start : name.end] == name.text for name in names(text))


def test_noun_phrases_are_cut_at_verbs_and_days():
    question = "When did the burglars enter the Orlan Museum in May?"
    assert [each.text for each in mentions(question)] == ["the burglars", "the Orlan Museum"]


@pytest.mark.parametrize(
    ("name", "around", "expected"),
    [
        ("Odile Marsh", "said fire chief Odile Marsh", True),
        ("Ada Low", "Ada Low, 54, resigned", True),
        ("Mayor Tomas Reke", "", True),
        ("Kessel Bridge", "", False),
        ("Boeing 737", "", False),
        ("Red Cross", "the Red Cross", False),
        ("Hong Kong", "", None),
        ("Ilse Brandvold", "", None),
    ],
)
def test_person_or_not_or_unknown(name, around, expected):
    assert is_person(name, around) is expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("the burglars", True), ("three ferries", True), ("police", True),
        ("the bus", False), ("the Orlan Museum", False), ("Ada and Ilse", True),
    ],
)  # fmt: skip
def test_plural(phrase, expected):
    assert is_plural(phrase) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("García", "Garcia", "same"),
        ("Elizabeth II", "Elizabeth I", "contradicting"),
        ("World War II", "World War 2", "same"),
        ("Portland, Oregon", "Portland, Maine", "contradicting"),
        ("West Virginia", "Virginia", "contradicting"),
        ("Ministry of Health", "Health Ministry", "same"),
        ("Austria", "Australia", "contradicting"),
        ("St. Louis", "Saint Louis", "same"),
    ],
)
def test_names_are_compared_by_what_tells_them_apart(one, other, expected):
    assert compare_names(one, other) == compare_names(other, one) == expected
