"""Dates as they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.dates import WrittenDate, compatible, dates, is_date, read_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on 3 March 2021", ("3", 3, "2021")),
        ("March 3rd, 2021", ("3", 3, "2021")),
        ("the 5th of May", ("5", 5, "")),
        ("Sept. 11, 2001", ("11", 9, "2001")),
        ("2024-03-04", ("4", 3, "2024")),
        ("in June 2020", ("", 6, "2020")),
        ("since 1987", ("", 0, "1987")),
    ],
)
def test_date_as_far_as_it_is_given(text, expected):
    assert read_date(text) == WrittenDate(*expected)


@pytest.mark.parametrize(
    "text", ["Theresa May", "April Jones won", "they march on", "$2000", "2,019 people", "1,500%"]
)
def test_names_and_numbers_are_no_dates(text):
    assert dates(text) == {}


def test_month_before_a_sentence_is_no_name():
    assert dates("Readers can register until May. Readers pay nothing.") == {
        "May": WrittenDate("", 5, "")
    }


def test_dates_agree_in_what_both_give():
    day = WrittenDate("3", 3, "2021")
    assert compatible(day, WrittenDate("", 3, "2021"))
    assert not compatible(day, WrittenDate("4", 3, ""))
    assert not compatible(WrittenDate("3", 0, ""), WrittenDate("", 0, "2021"))


@given(st.text(max_size=60))
def test_dates_stand_in_the_text(text):
    assert all(written in text for written in dates(text))
    assert isinstance(is_date(text), bool)
