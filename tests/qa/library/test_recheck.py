"""What became of the articles that a kept answer cites."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from qa.library.conversations import begin, keep
from qa.library.feedback import Feedback, keep_feedback
from qa.library.recheck import Change, check, check_kept_answers, last_change, with_corrections
from qa.records.answer import Answer, Hit, Statement
from qa.records.article import Article

TODAY = datetime.now(UTC).date()


def traffic(text, **known):
    return Article.create(
        text, id="traffic", title="Bridge shut", published=date(2024, 9, 4), **known
    )


FIRST = traffic("The bridge is shut. It carries 61,000 vehicles a day. A boat sails.")
LONGER = traffic("Update! The bridge is shut. It carries 61,000 vehicles a day. A boat sails.")
FIXED = traffic(
    "The bridge is shut. It carries 16,000 vehicles a day. A boat sails.",
    updated=date(2024, 9, 6),
)


def kept(article, quote):
    """An answer that cites the quotation, as it was given when the article read so."""
    passage = article.passage(0, len(article.text))
    start = article.text.index(quote)
    cited = passage.cite(start, start + len(quote))
    return Answer(
        question="How many?",
        short="",
        statements=(Statement(quote, (cited,), "verified"),),
        hits=(Hit(passage, 1.0),),
        confidence=0.5,
        abstained=False,
    )


def checked(library, answer):
    (found,) = check(Answer.from_json(answer.to_json()), library)
    return found


def test_citation_of_an_article_as_it_was_is_there(make_library):
    found = checked(make_library(FIRST).library, kept(FIRST, "61,000 vehicles"))
    assert (found.standing, found.on, found.stands, found.text) == (
        "there", None, True, "still there",
    )  # fmt: skip


def test_same_words_at_another_place_are_moved_and_cited_there(make_library, store):
    shop = make_library(FIRST)
    store(shop, LONGER)
    found = checked(shop.library, kept(FIRST, "61,000 vehicles"))
    assert (found.standing, found.on, found.stands) == ("moved", TODAY, True)
    assert LONGER.text[found.now.start : found.now.end] == found.citation.quote


def test_words_that_stand_more_than_once_are_found_at_the_nearest_place(make_library, store):
    shop = make_library(FIRST)
    store(
        shop, traffic("The bridge. It carries none. It carries 61,000 vehicles. It carries them.")
    )
    found = checked(shop.library, kept(FIRST, "It carries"))
    assert found.now.start == min((12, 29, 57), key=lambda place: abs(place - 20))


def test_words_that_are_gone_are_changed_on_the_day_the_source_states(make_library, store):
    shop = make_library(FIRST)
    store(shop, FIXED)
    found = checked(shop.library, kept(FIRST, "61,000 vehicles"))
    assert (found.standing, found.on, found.stands) == ("changed", date(2024, 9, 6), False)
    assert found.text == "no longer in the article, which was corrected on 2024-09-06"


def test_words_went_with_the_version_that_first_lacked_them(make_library, store):
    shop = make_library(FIRST)
    store(shop, FIXED)
    store(shop, replace(FIXED, text=f"{FIXED.text} More.", updated=date(2024, 9, 9)))
    assert checked(shop.library, kept(FIRST, "61,000 vehicles")).on == date(2024, 9, 6)


def test_what_is_elsewhere_in_a_changed_article_tells_the_day(make_library, store):
    shop = make_library(FIRST)
    store(shop, FIXED)
    found = checked(shop.library, kept(FIRST, "The bridge is shut."))
    assert found.text == "still there; the article was corrected on 2024-09-06"


def test_article_that_was_removed(make_library):
    found = checked(make_library(FIXED).library, replace_article(kept(FIRST, "61,000"), "gone"))
    assert (found.standing, found.stands) == ("removed", False)


def replace_article(answer, name):
    text = answer.to_json().replace('"traffic"', f'"{name}"')
    return Answer.from_json(text)


def test_answer_without_citations_has_nothing_to_check(make_library):
    abstained = replace(kept(FIRST, "A boat"), statements=(), abstained=True, reason="none")
    assert check(abstained, make_library(FIRST).library) == []


# All that are kept


def say(library, title, answer, *, owner=""):
    keep(library, begin(library, title, owner=owner).id, answer, owner=owner)


def test_every_kept_answer_is_checked(make_library, store):
    shop = make_library(FIRST)
    say(shop.library, "Bridges", kept(FIRST, "61,000 vehicles"))
    say(shop.library, "Boats", kept(FIRST, "A boat sails."))
    store(shop, FIXED)
    checks = check_kept_answers(shop.library)
    assert [(each.conversation, each.stands) for each in checks] == [
        ("Boats", True), ("Bridges", False),
    ]  # fmt: skip
    (citation,) = checks[1].citations
    assert citation.text == "no longer in the article, which was corrected on 2024-09-06"
    assert checks[1].question == "How many?"


def test_answer_kept_with_feedback_alone_is_checked_too_and_no_answer_twice(make_library):
    library = make_library(FIRST).library
    said, judged = kept(FIRST, "61,000 vehicles"), kept(FIRST, "A boat sails.")
    say(library, "Bridges", said)
    for answer in (said, judged, judged):
        keep_feedback(library, Feedback.on(answer, "right", library))
    assert [each.conversation for each in check_kept_answers(library)] == ["Bridges", ""]


def test_answers_of_one_person_are_told_apart(make_library):
    library = make_library(FIRST).library
    for owner in ("ada", "ben"):
        say(library, f"Of {owner}", kept(FIRST, "A boat sails."), owner=owner)
    keep_feedback(library, Feedback.on(kept(FIRST, "61,000"), "right", library))
    assert [each.conversation for each in check_kept_answers(library, owner="ada")] == ["Of ada"]


def test_answers_are_checked_whose_articles_were_stored_since(make_library, store, ferry):
    shop = make_library(FIRST, ferry)
    say(shop.library, "Ferries", kept(ferry, "Nine sailors died"))
    say(shop.library, "Bridges", kept(FIRST, "61,000 vehicles"))
    now = datetime.now(UTC)
    assert check_kept_answers(shop.library, stored_since=now) == []
    store(shop, FIXED)
    (changed,) = check_kept_answers(shop.library, stored_since=now)
    assert changed.conversation == "Bridges"


def test_kept_answer_without_citations_is_left_out(make_library):
    library = make_library(FIRST).library
    say(library, "None", replace(kept(FIRST, "A boat"), statements=(), abstained=True, reason="no"))
    assert check_kept_answers(library) == []


# Corrections


@pytest.mark.parametrize(
    ("versions", "change"),
    [
        ([], None),
        ([FIRST], None),
        ([replace(FIRST, updated=date(2024, 9, 4))], None),
        ([FIXED], Change(date(2024, 9, 6), read_again=False)),
        ([FIRST, FIXED], Change(date(2024, 9, 6), read_again=False)),
        (
            [FIRST, replace(LONGER, ingested=datetime(2024, 9, 8, tzinfo=UTC))],
            Change(date(2024, 9, 8), read_again=True),
        ),
        # Only what is known of it changed, not what readers see.
        ([FIRST, replace(FIRST, author="Odell", ingested=datetime(2024, 9, 8, tzinfo=UTC))], None),
    ],
)
def test_last_change_of_an_article(versions, change):
    assert last_change(versions) == change


def test_other_text_that_no_outlet_explains_was_taken_in_again(make_library, store):
    shop = make_library(FIRST)
    store(shop, LONGER)
    found = checked(shop.library, kept(FIRST, "The bridge is shut."))
    assert found.text.endswith(f"the article was taken in again on {TODAY}")
    (statement,) = with_corrections(kept(LONGER, "A boat sails.").statements, shop.library)
    assert (statement.citations[0].corrected, statement.citations[0].read_again) == (None, TODAY)


def test_citation_of_a_changed_article_says_so(make_library, store):
    shop = make_library(FIRST)
    store(shop, FIXED)
    answer = kept(FIXED, "16,000 vehicles")
    (statement,) = with_corrections(answer.statements, shop.library)
    assert statement.citations[0].corrected == date(2024, 9, 6)
    assert statement.citations[0].quote == "16,000 vehicles"
