"""What every composer does with a reading."""

import re
from dataclasses import replace
from datetime import date
from itertools import repeat
from pathlib import Path

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from qa.chat.budget import Ledger, Tally
from qa.chat.composer import ChatComposer
from qa.chat.models import ChatModel
from qa.compose.extract import ExtractComposer
from qa.protocols import Composition
from qa.question.understand import understand
from qa.records.answer import Hit
from qa.records.article import Article, Copy
from qa.records.reading import Reading, Span

REPLY = "Nine\nNine sailors died [1]. The pump had broken [1]."
QUESTION = understand("How many sailors died?", as_of=date(2024, 1, 1))
TEXT = "Nine sailors died.\nThe pump\nhad broken. Nobody knew. The ship was old. It was raining 🌧."


def chatting():
    """A chat model that says what a good one would say."""
    model = GenericFakeChatModel(messages=repeat(AIMessage(REPLY)))
    return ChatComposer(ChatModel(model, "fake", 1000), Ledger(Path(), run=Tally()))


COMPOSERS = {"extract": ExtractComposer, "chat": chatting}
ARTICLE = Article.create(TEXT, id="a", title="Ferry", published=date(2024, 1, 1))
COPY = Article.create("A copy: Nine sailors died. The end.", id="b")


@pytest.fixture(params=COMPOSERS)
def composer(request):
    return COMPOSERS[request.param]()


def span(article, words, sentence, score):
    passage = article.passage(0, len(article.text))
    start, low = article.text.index(words), article.text.index(sentence)
    return Span(passage, start, start + len(words), (low, low + len(sentence)), score)


NINE = span(ARTICLE, "Nine", "Nine sailors died.", 0.9)
PUMP = span(ARTICLE, "The pump\nhad", "The pump\nhad broken.", 0.85)
RAIN = span(ARTICLE, "raining", "It was raining 🌧.", 0.1)
AGAIN = span(COPY, "Nine", "Nine sailors died.", 0.88)


def reading(*spans, reason=""):
    passages = dict.fromkeys(each.passage for each in spans)
    return Reading(tuple(Hit(each, 1.0) for each in passages), spans, 0.8, reason)


def compose(composer, *spans, reason=""):
    *texts, last = composer.compose(QUESTION, reading(*spans, reason=reason))
    return texts, last


def test_composition_comes_last_and_once(composer):
    texts, last = compose(composer, NINE, PUMP)
    assert isinstance(last, Composition)
    assert all(isinstance(text, str) for text in texts)


def test_text_as_it_comes_is_the_text_of_the_statements(composer):
    texts, last = compose(composer, NINE, PUMP)
    streamed = re.sub(r" \[\d+\]", "", "".join(texts))
    assert streamed == " ".join(statement.text for statement in last.statements)


def test_numbers_of_the_text_are_those_of_the_citations(composer):
    texts, last = compose(composer, NINE, PUMP)
    cited = {citation for statement in last.statements for citation in statement.citations}
    numbers = {int(number) for number in re.findall(r"\[(\d+)\]", "".join(texts))}
    assert numbers <= set(range(1, len(cited) + 1))


def test_short_answer_is_the_best_span(composer):
    assert compose(composer, NINE, PUMP)[1].short == "Nine"


@pytest.mark.parametrize("spans", [(NINE,), (PUMP, RAIN), (NINE, AGAIN, PUMP)], ids=len)
def test_every_statement_is_cited_and_every_citation_quotes_exactly(composer, spans):
    texts = {"a": ARTICLE.text, "b": COPY.text}
    for statement in compose(composer, *spans)[1].statements:
        assert statement.citations
        for citation in statement.citations:
            assert texts[citation.article_id][citation.start : citation.end] == citation.quote


def test_statement_holds_the_short_answer(composer):
    last = compose(composer, NINE, PUMP)[1]
    assert last.short in last.statements[0].text


def test_reading_without_hits_is_abstained_from_for_its_reason(composer):
    texts, last = compose(composer, reason="No passage shares a word")
    assert texts == []
    assert last == Composition(reason="No passage shares a word")


def test_reading_without_hits_or_a_reason_is_abstained_from(composer):
    texts, last = compose(composer)
    assert (texts, last.short, last.statements) == ([], "", ())
    assert last.reason


# Extracts


def test_reading_with_a_reason_is_abstained_from():
    texts, last = compose(ExtractComposer(), NINE, reason="No passage found mentions 'x'")
    assert texts == []
    assert last == Composition(reason="No passage found mentions 'x'")


def test_line_ends_of_the_article_are_spaces_in_the_statement_alone():
    last = compose(ExtractComposer(), PUMP)[1]
    assert last.statements[0].text == "The pump had broken."
    assert last.statements[0].citations[0].quote == "The pump\nhad broken."


def test_sentence_that_stands_twice_is_one_statement_with_two_citations():
    (statement,) = compose(ExtractComposer(), NINE, AGAIN)[1].statements
    assert [citation.article_id for citation in statement.citations] == ["a", "b"]


def test_sentence_far_behind_the_best_is_left_out():
    assert [each.text for each in compose(ExtractComposer(), NINE, RAIN)[1].statements] == [
        "Nine sailors died."
    ]


def test_at_most_three_sentences():
    others = [
        span(ARTICLE, words, sentence, 0.84)
        for words, sentence in (("Nobody", "Nobody knew."), ("old", "The ship was old."))
    ]
    assert len(compose(ExtractComposer(), NINE, PUMP, *others)[1].statements) == 3


def test_citation_carries_what_is_known_of_the_article():
    ((citation,),) = (each.citations for each in compose(ExtractComposer(), NINE)[1].statements)
    assert (citation.title, citation.published) == ("Ferry", date(2024, 1, 1))


# Answers weighed by a reader


def weighed(*spans, asked=QUESTION, rivals=()):
    """What is composed of spans; ``rivals`` are those that the reader holds to answer as well."""
    found = replace(reading(*spans), weighed=True, rivals=tuple(rivals))
    *_, last = ExtractComposer().compose(asked, found)
    return last


def report(text, name, source, day):
    return Article.create(text, id=name, source=source, published=date(2024, 1, day))


POST = report("Only eleven sailors died, the owner said.", "c", "Post", 3)
HERALD = report("In the end nine sailors were dead.", "d", "Herald", 2)
ELEVEN = span(POST, "eleven", "Only eleven sailors died, the owner said.", 0.4)
HERALDED = span(HERALD, "nine", "In the end nine sailors were dead.", 0.5)


def test_other_outlet_that_agrees_is_cited_too():
    last = weighed(replace(NINE, score=0.5), HERALDED)
    (statement,) = last.statements
    assert [citation.source for citation in statement.citations] == [None, "Herald"]
    assert last.conflicts == ()


def test_rival_of_the_answer_is_a_conflict_newest_first():
    (conflict,) = weighed(HERALDED, ELEVEN, rivals=[ELEVEN]).conflicts
    assert conflict.answers == ("eleven", "nine")
    assert [side.citations[0].source for side in conflict.sides] == ["Post", "Herald"]
    assert conflict.text == (
        "The articles differ: “eleven” (Post, 2024-01-03) against “nine” (Herald, 2024-01-02)."
    )


NOW = understand("How many sailors are dead?", as_of=date(2024, 1, 5))


def test_newest_of_rival_answers_is_the_one_to_what_is_so_now():
    assert weighed(HERALDED, ELEVEN).short == "nine"
    last = weighed(HERALDED, ELEVEN, asked=NOW)
    assert (last.short, last.conflicts[0].answers) == ("eleven", ("eleven", "nine"))
    assert last.statements[0].citations[0].source == "Post"


def test_newer_answer_that_is_much_less_likely_stays_behind():
    unlikely = replace(ELEVEN, score=0.005)
    assert weighed(HERALDED, unlikely, asked=NOW).short == "nine"


RATE = understand("What is the key rate of the bank?", as_of=date(2024, 1, 5))


@pytest.mark.parametrize(
    ("score", "asked", "said"),
    [
        (0.012, RATE.text, "4.25"),
        (0.012, "How high will the key rate of the bank be?", "4.25"),
        (0.012, "What was the key rate of the bank?", "4.50"),
        (0.008, RATE.text, "4.50"),
    ],
)
def test_newer_answer_about_the_same_is_told_first_though_less_likely(score, asked, said):
    held = report("The bank held its key rate at 4.50.", "c", "Wire", 2)
    cut = report("The bank lowered its key rate to 4.25.", "d", "Post", 4)
    old = span(held, "4.50", held.text, 0.5)
    last = weighed(
        old, span(cut, "4.25", cut.text, score), asked=understand(asked, as_of=RATE.as_of)
    )
    assert last.short == said
    assert [each.answers for each in last.conflicts] == [("4.25", "4.50")] * (said == "4.25")


NOTICE = report(
    "The article said that 61,000 cars cross the bridge. The correct figure is 16,000.",
    "n",
    "Post",
    6,
)
CROSS = report("The bridge carries 61,000 cars a day.", "o", "Post", 4)
CARS = understand("How many cars cross the bridge?", as_of=date(2024, 1, 7))
ERROR = span(NOTICE, "61,000", "The article said that 61,000 cars cross the bridge.", 0.9)


def test_error_that_a_notice_corrects_is_not_the_answer():
    last = weighed(ERROR, asked=CARS)
    assert (last.short, last.conflicts) == ("16,000", ())
    assert [each.text for each in last.statements] == ["The correct figure is 16,000."]
    start = NOTICE.text.index("The correct")
    assert last.statements[0].citations[0].start == start


def test_what_was_corrected_stands_against_its_correction():
    last = weighed(ERROR, span(CROSS, "61,000", CROSS.text, 0.8), asked=CARS)
    assert last.short == "16,000"
    (conflict,) = last.conflicts
    assert conflict.answers == ("16,000", "61,000")
    assert (conflict.relation, conflict.heading.text()) == ("corrected", "This was corrected")
    assert [side.citations[0].article_id for side in conflict.sides] == ["n", "o"]


@pytest.mark.parametrize(("source", "day"), [("Wire", 4), ("Post", 8)])
def test_outlet_is_corrected_by_itself_alone_and_not_before(source, day):
    other = report("The bridge carries 61,000 cars a day.", "o", source, day)
    last = weighed(
        ERROR,
        span(other, "61,000", other.text, 0.8),
        span(CROSS, "61,000", CROSS.text, 0.1),
        asked=CARS,
    )
    assert (last.short, last.conflicts) == ("61,000", ())


def test_notice_of_another_outlet_is_a_disagreement_at_most():
    notice = replace(NOTICE, id="w", source="Wire")
    right = span(notice, "16,000", "The correct figure is 16,000.", 0.9)
    last = weighed(right, span(CROSS, "61,000", CROSS.text, 0.5), asked=CARS)
    assert (last.short, [each.text for each in last.statements]) == ("61,000", [CROSS.text])
    assert [each.answers for each in last.conflicts] == [("16,000", "61,000")]
    assert {side.citations[0].source for side in last.conflicts[0].sides} == {"Wire", "Post"}


def test_notice_of_the_outlet_itself_stays_in_front():
    right = span(NOTICE, "16,000", "The correct figure is 16,000.", 0.9)
    last = weighed(right, span(CROSS, "61,000", CROSS.text, 0.5), asked=CARS)
    assert last.short == "16,000"


def test_correction_of_the_same_day_counts():
    same = report(CROSS.text, "o", "Post", 6)
    assert weighed(ERROR, span(same, "61,000", same.text, 0.8), asked=CARS).short == "16,000"


def test_correction_that_was_not_known_yet_does_not_count():
    asked = replace(CARS, as_of=date(2024, 1, 4))
    assert weighed(span(CROSS, "61,000", CROSS.text, 0.8), ERROR, asked=asked).short == "61,000"


def test_correction_is_at_odds_with_the_error_alone():
    lorries = report("The ferry sank in 1987 with 12 lorries.", "l", "Post", 1)
    other = span(lorries, "12", lorries.text, 0.5)
    assert weighed(ERROR, other, asked=CARS).conflicts == ()


def test_correction_of_something_else_changes_nothing():
    fare = report("The article said the fare was 3 crowns. The correct fare is 2.", "f", "P", 6)
    other = span(fare, "2", "The correct fare is 2.", 0.01)
    last = weighed(span(CROSS, "61,000", CROSS.text, 0.8), other, asked=CARS)
    assert (last.short, last.conflicts) == ("61,000", ())


def test_answer_of_a_later_day_is_not_that_of_the_day_asked_as_of():
    asked = replace(NOW, as_of=date(2024, 1, 1))
    assert weighed(HERALDED, ELEVEN, asked=asked).short == "nine"


def test_text_of_a_conflict_is_streamed():
    found = replace(reading(HERALDED, ELEVEN), weighed=True, rivals=(ELEVEN,))
    texts = [*ExtractComposer().compose(QUESTION, found)]
    assert texts[-2].startswith(" The articles differ")


def test_sentence_about_something_else_is_no_conflict():
    other = report("The club has eleven players.", "k", "Post", 3)
    eleven = span(other, "eleven", "The club has eleven players.", 0.4)
    assert weighed(HERALDED, eleven, rivals=[eleven]).conflicts == ()


def test_sentences_that_overlap_are_quoted_once():
    longer = span(ARTICLE, "Nine sailors", "Nine sailors died.\nThe pump\nhad broken.", 0.85)
    assert len(weighed(NINE, longer).statements) == 1


def test_what_the_reader_finds_no_answer_is_no_conflict():
    assert weighed(HERALDED, ELEVEN).conflicts == ()


@pytest.mark.parametrize(
    ("day", "asked", "relations"),
    [
        (3, QUESTION, ["differ"]),
        (5, QUESTION, ["changed"]),
        (9, QUESTION, []),
        (9, replace(NOW, as_of=date(2024, 1, 9)), ["changed"]),
    ],
)
def test_values_of_one_day_differ_and_those_of_another_have_changed(day, asked, relations):
    later = report("Only eleven sailors died, the owner said.", "l", "Post", day)
    eleven = span(later, "eleven", later.text, 0.01)
    last = weighed(HERALDED, eleven, asked=asked, rivals=[eleven])
    assert [each.relation for each in last.conflicts] == relations


def test_change_is_told_from_the_newest_on():
    later = report("Only eleven sailors died, the owner said.", "l", "Post", 5)
    eleven = span(later, "eleven", later.text, 0.01)
    (conflict,) = weighed(HERALDED, eleven, rivals=[eleven]).conflicts
    assert conflict.text == (
        "This has changed: “eleven” (Post, 2024-01-05), before that “nine” (Herald, 2024-01-02)."
    )


def test_article_does_not_contradict_itself():
    both = report("Nine sailors died. Eleven were hurt.", "e", "Post", 4)
    nine = span(both, "Nine", "Nine sailors died.", 0.5)
    eleven = span(both, "Eleven", "Eleven were hurt.", 0.4)
    assert weighed(nine, eleven, rivals=[eleven]).conflicts == ()


def test_sentence_with_both_answers_sets_them_side_by_side():
    both = report("Not nine but eleven sailors died.", "f", "Post", 4)
    eleven = span(both, "eleven", "Not nine but eleven sailors died.", 0.4)
    assert weighed(HERALDED, eleven, rivals=[eleven]).conflicts == ()


TEXAS = span(report("Texas sued.", "g", "Post", 1), "Texas", "Texas sued.", 0.5)
OHIO = span(report("Ohio sued on Monday.", "h", "Herald", 2), "Ohio", "Ohio sued on Monday.", 0.4)
UTAH = span(report("Utah may sue.", "i", "Herald", 2), "Utah", "Utah may sue.", 0.3)


def formed(*spans, **fields):
    """What is composed of a reading whose spans were found to answer in another form."""
    *_, last = ExtractComposer().compose(QUESTION, replace(reading(*spans), weighed=True, **fields))
    return last


def test_members_of_a_list_are_told_in_their_order():
    last = formed(TEXAS, OHIO, UTAH, form="list", items=(OHIO, TEXAS))
    assert (last.short, last.parts) == ("Ohio and Texas", ("Ohio", "Texas"))
    assert [each.text for each in last.statements][:2] == ["Ohio sued on Monday.", "Texas sued."]
    assert last.conflicts == ()


def test_list_without_members_is_its_likeliest_answer():
    assert formed(TEXAS, OHIO, form="list").short == "Texas"


@pytest.mark.parametrize("form", ["yes", "no"])
def test_yes_or_no_is_said_and_shown_by_its_sentence(form):
    whole = span(
        report("Ohio sued on Monday.", "h", "Herald", 2),
        "Ohio sued on Monday.",
        "Ohio sued on Monday.",
        0.5,
    )
    last = formed(whole, form=form)
    assert (last.short, last.statements[0].text) == (form.capitalize(), "Ohio sued on Monday.")
    assert last.parts == ("Ohio sued on Monday.",)


def test_headline_is_no_answer_beside_sentences():
    told = report("Texas goes to court", "g", "Globe", 3)
    headline = span(told, told.text, told.text, 0.5)
    last = formed(headline, TEXAS, form="sentences")
    assert [each.text for each in last.statements] == ["Texas sued."]
    assert formed(headline, form="sentences").statements[0].text == "Texas goes to court"


def test_sentences_are_quoted_without_a_short_answer():
    last = formed(TEXAS, OHIO, UTAH, form="sentences")
    assert last.short == ""
    assert [each.text for each in last.statements] == [
        "Texas sued.",
        "Ohio sued on Monday.",
        "Utah may sue.",
    ]


def test_copy_of_a_cited_text_does_not_agree_for_itself():
    read = replace(reading(replace(NINE, score=0.5), HERALDED), weighed=True)
    hits = tuple(
        replace(hit, copies=(Copy("d", source="Herald"),)) if hit.passage.article_id == "a" else hit
        for hit in read.hits
    )
    *_, last = ExtractComposer().compose(QUESTION, replace(read, hits=hits))
    assert [citation.article_id for citation in last.statements[0].citations] == ["a"]


def test_one_thing_is_no_count():
    """Nobody counted them, and the number of one sentence is not how many there are."""
    asked = replace(QUESTION, kind="count")
    (*_, composition) = ExtractComposer().compose(asked, reading(NINE))
    assert composition.short == ""
    assert composition.statements
    members = replace(reading(NINE), form="list", items=(NINE, PUMP))
    (*_, composition) = ExtractComposer().compose(asked, members)
    assert composition.short == "Nine and The pump had"
