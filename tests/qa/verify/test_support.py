"""What quotations support, and what about a statement differs from them."""

from datetime import date

import pytest

from qa.verify.evidence import Source
from qa.verify.facts import facts
from qa.verify.support import judge

FERRY = (
    "The ferry Maid of Orlen sank off Cape Tarrow on 3 March 2021. Nine sailors died and 41 "
    "passengers were rescued. The captain, Ilse Brandvold, had not reported a broken pump. "
    "The wreck lies 12 miles from the harbour. “The sea was calm,” said Tomas Reke."
)


@pytest.mark.parametrize(
    "statement",
    [
        "Nine sailors died and 41 passengers were rescued.",
        "9 sailors died.",
        "On 3 March 2021, the ferry Maid of Orlen sank off Cape Tarrow.",
        "The ferry sank in March 2021.",
        "Captain Brandvold had not reported a broken pump.",
        "Brandvold hadn’t reported a broken pump.",
        "The wreck of the ferry lies 12 miles from the harbour.",
        "Reke said that “the sea was calm”.",
        "Nine sailors died when the ferry Maid of Orlen sank off Cape Tarrow.",
    ],
)
def test_true_statement_is_supported(statement):
    assert judge(statement, [FERRY]).support != "unsupported", judge(statement, [FERRY])


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("Ten sailors died.", "no Ten"),
        ("41 sailors died.", "41"),
        ("The ferry sank off Cape Tarrow on 4 March 2021.", "no 4 March 2021"),
        ("The ferry sank off Cape Tarrow in 2022.", "no 2022"),
        ("The ferry Maid of Kessel sank off Cape Tarrow.", "Kessel"),
        ("The wreck lies 12 kilometres from the harbour.", "12"),
        ("The ferry Maid of Orlen did not sink off Cape Tarrow.", "not negated"),
        ("The captain, Ilse Brandvold, had reported a broken pump.", "negated"),
        ("Reke said that “the sea was rough”.", "no quotation"),
        ("Ilse Brandvold said: “The sea was calm.”", "does not name Ilse"),
    ],
)
def test_error_is_found_and_named(statement, fault):
    found = judge(statement, [FERRY])
    assert found.support == "unsupported"
    assert any(fault in each for each in found.faults), found.faults


@pytest.mark.parametrize(
    ("statement", "quotation"),
    [
        ("Sales rose by a fifth last spring.", "Sales fell by a fifth last spring."),
        ("The plan costs 5 million euros.", "The plan costs 5 million dollars."),
        ("The bridge carries 900 cars an hour.", "The bridge carries 900 cars a day."),
        ("Brandvold praised Reke in a letter.", "Reke praised Brandvold in a letter."),
        ("The council met on Monday.", "The council met on Tuesday."),
    ],
)
def test_other_direction_unit_rate_role_and_weekday_are_errors(statement, quotation):
    assert judge(statement, [quotation]).support == "unsupported"


@pytest.mark.parametrize(
    ("statement", "quotation"),
    [
        ("The UN agreed.", "The United Nations agreed."),
        ("Iranian officials agreed.", "Officials in Iran agreed."),
        ("About 1.2 million people came.", "In all 1,203,000 people came."),
        ("Twelve of 30 boats returned.", "12 of the 30 boats returned."),
        ("Prices rose by 7 percent.", "Prices rose by 7 per cent."),
    ],
)
def test_other_spellings_are_no_errors(statement, quotation):
    assert judge(statement, [quotation]).support != "unsupported", judge(statement, [quotation])


def test_exact_number_is_not_taken_for_a_rounded_one():
    assert judge("1,204 people came.", ["In all 1,203 people came."]).faults


def test_words_of_its_own_make_a_statement_weak():
    found = judge("The vessel sank off Cape Tarrow on 3 March 2021.", [FERRY])
    assert found.support == "weak"


def test_statement_about_something_else_is_unsupported():
    assert judge("The harbour was closed for weeks by ice.", [FERRY]).support == "unsupported"


def test_picks_are_the_sentences_that_it_rests_on():
    quotes = ["It rained. Nine sailors died. Nobody knew.", "The pump had broken. It was old."]
    picks = judge("Nine sailors died and the pump had broken.", quotes).picks
    assert [quotes[pick.source][pick.start : pick.end] for pick in picks] == [
        "Nine sailors died.",
        "The pump had broken.",
    ]


def test_part_before_a_semicolon_is_picked_alone():
    quote = "Nine sailors died; the captain was never found."
    (pick,) = judge("Nine sailors died.", [quote]).picks
    assert quote[pick.start : pick.end] == "Nine sailors died;"


def test_name_may_stand_before_the_quotation_when_a_pronoun_is_quoted():
    text = "Ilse Brandvold was the captain. She had reported a broken pump."
    source = Source(text, text.index("She"))
    assert judge("Ilse Brandvold had reported a broken pump.", [source]).support != "unsupported"
    assert judge("Tomas Reke had reported a broken pump.", [source]).support == "unsupported"


def test_weekday_is_worked_out_from_the_day_of_publication():
    source = Source("The council met on Tuesday.", published=date(2024, 3, 14))
    assert judge("The council met on 12 March 2024.", [source]).support != "unsupported"
    assert judge("The council met on 13 March 2024.", [source]).support == "unsupported"


def test_weekday_without_a_day_of_publication_is_no_date():
    assert judge("The council met on 12 March 2024.", ["The council met on Tuesday."]).faults


def test_nothing_quoted_is_unsupported():
    assert judge("Nine sailors died.", []).support == "unsupported"
    assert judge("", ["Nine sailors died."]).support == "unsupported"


# Facts


def test_unit_stands_before_or_after_a_number():
    found = facts("It cost $5 million, 7 per cent more, for 12-mile roads.")
    assert [(item.value, item.unit) for item in found.quantities] == [
        (5e6, "dollar"), (7.0, "percent"), (12.0, "mile"),
    ]  # fmt: skip


def test_not_only_denies_nothing():
    assert facts("It was not only cold but wet.").denied == ()


def test_day_of_the_month_is_no_quantity():
    assert facts("It sank on 3 March 2021 with nine men.").quantities[0].value == 9
