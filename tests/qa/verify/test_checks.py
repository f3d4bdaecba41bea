"""Each check of a statement against the sentences that it cites."""

from datetime import date

import pytest

from qa.verify.contradictions import is_reworded, replacements, wrong_negations
from qa.verify.date_check import missing_dates
from qa.verify.evidence import Source
from qa.verify.facts import facts
from qa.verify.name_check import abbreviates, missing_names, one_name
from qa.verify.quantity_check import nearly_equal, wrong_quantities

NONE = facts("")


def test_number_that_stands_in_no_quotation_is_named():
    wrong = wrong_quantities(facts("Nine sailors died."), [facts("Eleven sailors died.")])
    assert list(wrong) == ["the quotation has no Nine"]
    assert not list(wrong_quantities(facts("9 sailors died."), [facts("Nine sailors died.")]))


def test_number_of_another_unit_is_wrong():
    statement, quoted = facts("It is 40 miles long."), facts("It is 40 kilometres long.")
    (fault,) = wrong_quantities(statement, [quoted])
    assert "something else" in fault


@pytest.mark.parametrize(
    ("number", "other", "expected"),
    [(5000, 5012, True), (40, 41, False), (2019, 2020, False), (1.2e6, 1.23e6, True)],
)
def test_large_numbers_may_be_rounded(number, other, expected):
    assert nearly_equal(number, other) == expected


def test_date_that_stands_in_no_quotation_is_named():
    source = Source("It sank on 3 March 2021.")
    assert list(missing_dates(facts("It sank on 4 March 2021."), [facts(source.text)], [source]))
    assert not list(missing_dates(facts("It sank in March."), [facts(source.text)], [source]))


def test_yesterday_is_counted_from_the_day_of_publication():
    source = Source("It sank yesterday.", published=date(2021, 3, 4))
    statement = facts("It sank on 3 March 2021.")
    assert not list(missing_dates(statement, [facts(source.text)], [source]))


def test_name_that_stands_in_no_quotation_is_missing():
    missing, _ = missing_names(
        facts("The mayor is Ada Low."), [facts("The mayor won.")], NONE, NONE
    )
    assert missing == ["Ada", "Low"]


def test_names_are_short_for_each_other():
    assert abbreviates("WHO", "World Health Organization")
    assert one_name("Zelensky", "Zelenskyy")
    assert not one_name("Smith", "Jones")


def test_two_names_in_each_others_place_are_found():
    statement, quoted = facts("Low defeated Reke."), facts("Reke defeated Low.")
    assert list(replacements(statement, [quoted]))
    assert not list(replacements(quoted, [quoted]))


def test_negation_that_is_left_out_or_added_is_found():
    quoted = facts("The bridge did not close.")
    assert list(wrong_negations(facts("The bridge did close."), [quoted]))
    assert not list(wrong_negations(facts("The bridge did not close."), [quoted]))


def test_one_word_in_place_of_another_is_reworded():
    statement, quoted = facts("The council praised the plan."), facts("The council read the plan.")
    assert is_reworded(statement, quoted, NONE)
    assert not is_reworded(quoted, quoted, NONE)
