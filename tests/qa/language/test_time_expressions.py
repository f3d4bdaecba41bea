"""Which days English words mean, counted from a day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.time_expressions import point

AS_OF = date(2024, 6, 13)  # a Thursday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("yesterday", "2024-06-12", "2024-06-12"),
        ("last week", "2024-06-03", "2024-06-09"),
        ("two weeks ago", "2024-05-27", "2024-06-02"),
        ("last Friday", "2024-06-07", "2024-06-07"),
        ("this month", "2024-06-01", "2024-06-13"),
        ("3 March 2021", "2021-03-03", "2021-03-03"),
        ("March 3, 2021", "2021-03-03", "2021-03-03"),
        ("2024-03-04", "2024-03-04", "2024-03-04"),
        ("March 2020", "2020-03-01", "2020-03-31"),
        ("mid-May 2017", "2017-05-11", "2017-05-20"),
        ("early 2019", "2019-01-01", "2019-04-30"),
        ("Q2 2023", "2023-04-01", "2023-06-30"),
        ("summer 2022", "2022-06-01", "2022-08-31"),
        ("the 1990s", "1990-01-01", "1999-12-31"),
        ("the 19th century", "1801-01-01", "1900-12-31"),
    ],
)
def test_period_that_words_name(text, first, last):
    assert point(text, AS_OF) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["31 February 2020", "02/03/2021", "Christmas", "", "the ferry"])
def test_what_is_no_day_or_may_be_two_is_none(text):
    assert point(text, AS_OF) is None


@given(st.text(max_size=30))
def test_any_text_is_read_without_an_error(text):
    days = point(text, AS_OF)
    assert days is None or days.first <= days.last
