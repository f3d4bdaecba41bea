"""Follow-ups, by rules: what is carried over, and what is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import Turn
from qa.chat.rewriter import invented_names
from qa.question.rewrite import RuleRewriter, rewrite

MAYOR = Turn(
    "Who was elected mayor of Alder?",
    "Ada Low",
    "Ada Low, a 51-year-old nurse, was elected mayor of Alder on Sunday.",
)
FERRY = Turn("When did the Maid of Orlen sink off Cape Tarrow?", "3 March 2021", "It sank.")
BRIDGE = Turn("How many hangers does the Kessel Bridge have?", "44", "The bridge has 44 hangers.")
RATE = Turn("What was the key rate of Corvia in March 2024?", "4.5 per cent", "It was held.")
DEAL = Turn("Who bought the rights to the film?", "Lumen Hall", "Lumen Hall bought the rights.")

COUNT = Turn("About Haverleigh: who said so?", "Ada Low", "Ada Low could not explain it.")
FAITH = Turn("Is Ada Low Catholic?", "", "Ada Low is not Catholic.")
LAWYER = Turn("Which U.K. attorney left over the Brand case?", "Ilse Marrin", "She left on Sunday.")
HURT = Turn("Was anyone hurt in the flood at Alder?", "", "A man broke his hip.")
SURVEY = Turn("Which survey found the reef?", "the Marrow Survey", "The Marrow Survey did.")
OWNER = Turn("Is Ada Low the mayor of Alder?", "", "Ada Low has been mayor since May.")
UNKNOWN = Turn("Who scored the goal at Alder?")
GERM = Turn("What is behind the Orla's E. coli outbreak?", "onions", "Raw onions are.")


@pytest.mark.parametrize(
    ("turn", "asked", "alone"),
    [
        (FAITH, "What about her deputy?", "Is Ada Low's deputy Catholic?"),
        (FAITH, "And Ilse Brand?", "Is Ilse Brand Catholic?"),
        (LAWYER, "What reason did she give?", "What reason did Ilse Marrin give?"),
        (HURT, "How did that happen?", "How was anyone hurt in the flood at Alder?"),
        (HURT, "How many people live there?", "How many people live in Alder?"),
        (SURVEY, "Who paid for it?", "Who paid for the Marrow Survey?"),
        (OWNER, "And Ilse Brand?", "Is Ilse Brand the mayor of Alder?"),
        (GERM, "When did it begin?", "When did the Orla's E. coli outbreak begin?"),
        (MAYOR, "How old is she?", "How old is Ada Low?"),
        (MAYOR, "And what is her profession?", "What is Ada Low's profession?"),
        (MAYOR, "Who came before her?", "Who came before Ada Low?"),
        (FERRY, "Who owned it?", "Who owned the Maid of Orlen?"),
        (FERRY, "Why?", "Why did the Maid of Orlen sink off Cape Tarrow?"),
        (FERRY, "When was that?", "When did the Maid of Orlen sink off Cape Tarrow?"),
        (RATE, "And in June?", "What was the key rate of Corvia in June 2024?"),
        (RATE, "What about in 2023?", "What was the key rate of Corvia in 2023?"),
        (RATE, "And the year before?", "What was the key rate of Corvia in March 2023?"),
        (RATE, "And of Tarvia?", "What was the key rate of Tarvia in March 2024?"),
        (MAYOR, "What about Leeds?", "Who was elected mayor of Leeds?"),
        (
            UNKNOWN,
            "In which minute?",
            "In which minute was it that someone scored the goal at Alder?",
        ),
        (UNKNOWN, "How many?", "Who scored the goal at Alder? How many?"),
        (COUNT, "And how many cows?", "About Haverleigh: how many cows?"),
        (DEAL, "For how much?", "Lumen Hall bought the rights to the film for how much?"),
        (BRIDGE, "How many of them were replaced?", None),
        (MAYOR, "How many people live there?", "How many people live in Alder?"),
    ],
)
def test_follow_up_stands_alone(turn, asked, alone):
    made = rewrite(asked, [turn])
    if alone is None:
        assert "Kessel Bridge" in made
        assert "the hangers" in made
    else:
        assert made == alone


@pytest.mark.parametrize(
    "question",
    [
        "Who leads the bank of Tarvia?",
        "What did Ilse Brand say when she left?",
        "Which company said it would close?",
        "Is there a bridge over the Orlen?",
        "Is it true that the Kessel Bridge fell?",
        "Which show has its rights sold every year?",
        "Ilse Brand won on Sunday. How old is she?",
        "How many people died in Alder in 2019?",
        "What happened that day in Leeds?",
        "After its return, what did the Petrel carry?",
        "Kessel Bridge hangers",
    ],
)
@pytest.mark.parametrize("turn", [MAYOR, FERRY, BRIDGE, RATE])
def test_question_that_stands_alone_is_left_alone(question, turn):
    assert rewrite(question, [turn]) == question


def test_without_history_nothing_changes():
    assert rewrite("How old is she?", []) == "How old is she?"


def test_latest_turn_counts_first():
    other = Turn("Who is the captain of the Petrel?", "Ilse Brand", "Ilse Brand is the captain.")
    assert rewrite("How old is she?", [MAYOR, other]) == "How old is Ilse Brand?"
    assert rewrite("How old is she?", [other, MAYOR]) == "How old is Ada Low?"


def test_pronoun_reaches_over_a_turn_that_names_nobody():
    assert rewrite("How old is she?", [MAYOR, FERRY]) == "How old is Ada Low?"


def test_turn_without_an_answer_still_tells_the_subject():
    asked = Turn("Why was the Kessel Bridge closed?")
    assert rewrite("How long was it shut?", [asked]) == "How long was the Kessel Bridge shut?"


@pytest.mark.parametrize("said", ["Thanks!", "Hello", "ok, thank you", ""])
def test_courtesies_between_are_passed_over(said):
    assert rewrite("And of Tarvia?", [RATE, Turn(said, "", "You are welcome.")]) == (
        "What was the key rate of Tarvia in March 2024?"
    )


def test_request_is_no_name():
    strike = Turn("Tell me about the ferry strike.", "", "The crews walked out.")
    assert rewrite("How long did it last?", [strike]) == "How long did the ferry strike last?"


def test_two_things_that_may_be_meant_are_both_named():
    asked = Turn("How much did Castor Mills pay for Veyra Rail?", "2 million", "It paid 2 million.")
    made = rewrite("How many people does it employ?", [asked])
    assert made == "About Castor Mills and Veyra Rail: how many people does it employ?"


def test_the_subject_comes_with_what_the_last_answer_spoke_of():
    turn = Turn("When did the Kessel Bridge open?", "Monday", "It opened on Monday after repairs.")
    asked = "What did the repairs cost?"
    assert rewrite(asked, [turn]) == "About the Kessel Bridge: what did the repairs cost?"
    assert rewrite("What did the tunnel cost?", [turn]) == "What did the tunnel cost?"


def test_long_history_comes_to_an_end():
    turn = Turn("Who was elected? " * 9000, "Ada Low", "It is. Ada Low, said. " * 90_000)
    assert rewrite("How old is she?", [turn] * 50)
    assert rewrite("How old is she and it? " * 9000, [turn])


def test_rewriter_says_how():
    rewritten = RuleRewriter().rewrite("How old is she?", [MAYOR])
    assert rewritten.how == "by rules"
    assert rewritten.clause.text() == f"by rules: {rewritten.text}"
    assert RuleRewriter().rewrite("Who leads Tarvia?", [MAYOR]).how == ""


SAID = (
    "who what when why how many is was did she it they there that And in 2023 about the its Leeds "
    "Ada Low bridge of for rate , ? ! “ — 3 May March her them said"
)
WORDS = st.lists(st.sampled_from([*SAID.split(), "by then"]), max_size=12).map(" ".join)


@given(WORDS, st.lists(st.builds(Turn, WORDS, WORDS, WORDS), max_size=3))
def test_nothing_is_invented_and_nothing_breaks(question, history):
    made = rewrite(question, history)
    known = [question, *(text for turn in history for text in (turn.question, turn.short))]
    # A year may be the one before or after, as was asked.
    assert invented_names(made, [*known, *(turn.text for turn in history)]) == []


@given(st.text(max_size=60), st.lists(st.builds(Turn, st.text(max_size=60)), max_size=2))
def test_any_text_is_taken(question, history):
    assert isinstance(rewrite(question, history), str)


@given(st.text(max_size=40))
def test_same_words_come_out_the_same(question):
    assert rewrite(question, [MAYOR]) == rewrite(question, [MAYOR])
