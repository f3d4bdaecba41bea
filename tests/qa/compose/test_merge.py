"""Answers to parts as one answer: what is compared, what is left open, what is cited."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.compose.event_days import days_meant
from qa.compose.merge import join
from qa.records.answer import Answer, Hit, Statement
from qa.records.article import Article
from qa.records.question import Plan
from qa.records.trace import Usage


def answer(question, short, sentence="", *, published=None, source="Gazette", usage=None):
    """What was answered to a part, from an article of one sentence; without ``short``, nothing."""
    sentence = sentence or f"They say it was {short or 'unknown'}."
    article = Article.create(sentence, published=published, source=source)
    passage = article.passage(0, len(article.text))
    said = Statement(sentence, (passage.cite(0, len(sentence)),), "verified")
    return Answer(
        question=question,
        short=short,
        statements=(said,) if short else (),
        hits=(Hit(passage, 3.0),),
        confidence=0.5,
        abstained=not short,
        reason="" if short else "No passage tells. Searched 1 article.",
        usage=usage or Usage(),
    )


def joined(relation, one, other, labels=("the flood", "the strike")):
    return join("?", Plan((one.question, other.question), relation, labels), [one, other])


def test_statements_stand_in_the_order_of_the_parts_and_short_answers_are_joined():
    made = joined("each", answer("A?", "nine"), answer("B?", "Ada Low"))
    assert made.short == "nine; Ada Low"
    assert [said.text for said in made.statements] == [
        "They say it was nine.", "They say it was Ada Low.",
    ]  # fmt: skip
    assert made.confidence == 0.25


def test_answer_to_both_parts_is_given_once():
    assert joined("each", answer("A?", "nine"), answer("B?", "nine")).short == "nine"


def test_part_without_an_answer_is_named_and_the_other_is_given():
    made = joined("each", answer("A?", "nine"), answer("B?", ""))
    assert (made.short, made.abstained) == ("nine", False)
    assert made.reason == "Not answered: “B?” No passage tells. Searched 1 article."
    assert made.text == f"They say it was nine. {made.reason}"


def test_without_any_answer_it_abstains_with_both_reasons():
    made = joined("difference", answer("A?", ""), answer("B?", ""))
    assert (made.abstained, made.short, made.statements) == (True, "", ())
    assert "“A?”" in made.reason
    assert "“B?”" in made.reason
    assert made.hits


@pytest.mark.parametrize(
    ("relation", "days", "short"),
    [
        ("earlier", ("3 May 2024", "9 June 2024"), "the flood"),
        ("earlier", ("9 June 2024", "3 May 2024"), "the strike"),
        ("later", ("3 May 2024", "9 June 2024"), "the strike"),
        ("order", ("3 May 2024", "9 June 2024"), "before"),
        ("order", ("9 June 2024", "3 May 2024"), "after"),
        ("before", ("3 May 2024", "9 June 2024"), "Yes"),
        ("before", ("2025", "9 June 2024"), "No"),
        ("after", ("2025", "9 June 2024"), "Yes"),
    ],
)
def test_days_are_compared(relation, days, short):
    made = joined(relation, *(answer(f"{day}?", day) for day in days))
    assert made.short == short
    concluded = made.statements[-1]
    assert concluded.text.startswith("First came the ")
    assert len(concluded.citations) == 2
    assert concluded.support == "weak"


@pytest.mark.parametrize("days", [("2024", "3 May 2024"), ("soon", "3 May 2024")])
def test_days_that_do_not_tell_are_only_given(days):
    made = joined("earlier", *(answer(f"{day}?", day) for day in days))
    assert made.short == f"{days[0]}; {days[1]}"
    assert len(made.statements) == 2


@pytest.mark.parametrize(
    ("numbers", "short"),
    [
        (("2,150 people", "1,400 people"), "750 people"),
        (("212 million crowns", "198 million crowns"), "14 million crowns"),
        (("3.6 per cent", "2.8 per cent"), "0.8 per cent"),
        (("nine", "4"), "5"),
    ],
)
def test_difference_is_worked_out_and_both_numbers_are_cited(numbers, short):
    made = joined("difference", *(answer(f"{number}?", number) for number in numbers))
    assert made.short == short
    assert made.statements[-1].text == (
        f"The difference is {short}: {numbers[0]} against {numbers[1]}."
    )
    assert len(made.statements[-1].citations) == 2


@pytest.mark.parametrize("numbers", [("9 tonnes", "4 days"), ("9 or 10", "4"), ("few", "4")])
def test_numbers_that_do_not_compare_are_only_given(numbers):
    made = joined("difference", *(answer(f"{number}?", number) for number in numbers))
    assert made.short == f"{numbers[0]}; {numbers[1]}"


def test_the_larger_and_the_smaller_are_told_apart():
    ages = (answer("A?", "31"), answer("B?", "19"))
    assert joined("more", *ages).short == "the flood"
    assert joined("less", *ages).short == "the strike"


def test_outlets_agree_or_do_not():
    outlets = ("Gazette", "Post")
    made = joined("agreement", answer("A?", "nine"), answer("A?", "eleven"), outlets)
    assert made.short == "No"
    assert made.statements[-1].text == (
        "No, they do not agree: “nine” (Gazette) against “eleven” (Post)."
    )
    assert joined("agreement", answer("A?", "nine"), answer("A?", "9"), outlets).short == "Yes"


def test_hits_of_all_parts_are_kept_once_the_best_first():
    one, other = answer("A?", "nine"), answer("B?", "ten")
    made = joined("each", one, other)
    assert [hit.passage for hit in made.hits] == [one.hits[0].passage, other.hits[0].passage]
    assert [hit.passage for hit in joined("each", one, one).hits] == [one.hits[0].passage]


def test_usage_is_that_of_all_parts():
    one, other = (answer(part, "nine", usage=Usage(5, 2, 0.1)) for part in ("A?", "B?"))
    assert joined("each", one, other).usage == Usage(10, 4, 0.2)


def test_weekday_is_the_last_one_before_the_article():
    assert days_meant("on Tuesday", date(2024, 9, 4)) == (date(2024, 9, 3), date(2024, 9, 3))


def test_day_without_a_year_is_the_nearest_to_the_article():
    assert days_meant("1 February", date(2024, 10, 15)) == (date(2025, 2, 1), date(2025, 2, 1))


@pytest.mark.parametrize("text", ["soon", "nine", "31 February 2024", ""])
def test_what_is_no_day_means_none(text):
    assert days_meant(text, None) is None


@given(st.text(max_size=40), st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2090, 1, 1))))
def test_any_text_has_days_in_order_or_none(text, published):
    found = days_meant(text, published)
    assert found is None or found[0] <= found[1]


WORDS = st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=30)


def test_bare_numbers_of_different_units_are_not_compared():
    crowns = answer("A?", "3.1 billion", "It paid 3.1 billion crowns.")
    euros = answer("B?", "520 million euros")
    made = joined("difference", crowns, euros)
    assert made.short == "3.1 billion; 520 million euros"
    assert len(made.statements) == 2
    crowns_too = answer("B?", "520 million", "It was promised 520 million crowns.")
    assert joined("difference", crowns, crowns_too).short == "2.58 billion crowns"


@given(WORDS, WORDS, st.sampled_from(["difference", "earlier", "more", "agreement"]))
def test_any_two_answers_join(one, other, relation):
    made = joined(
        relation,
        *(answer(f"{short}?", short.strip(), f"“{short}” they say.") for short in (one, other)),
    )
    assert Answer.from_json(made.to_json()) == made
