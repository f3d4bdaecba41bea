"""Questions drafted from articles: answerable as written, and marked for review."""

import pytest
from langchain_core.language_models import FakeListChatModel

from eval.gold.draft import ask_model, draft_gold, draft_gold_with_model, propose
from eval.gold.questions import load_gold
from qa.records.article import Article


def drafted(text):
    return [(gold.question, gold.answers) for gold in propose(Article.create(text, id="a"))]


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        (
            "Nine sailors died when the ferry sank off Cape Tarrow.",
            "How many sailors died when the ferry sank off Cape Tarrow?",
            "Nine",
        ),
        (
            "On 3 March 2021 the ferry sank off Cape Tarrow.",
            "The ferry sank off Cape Tarrow on what day?",
            "3 March 2021",
        ),
        (
            "The Kessel Bridge was closed for repairs in May 2023.",
            "The Kessel Bridge was closed for repairs in what month?",
            "May 2023",
        ),
        (
            "Trams are to be free for everyone under 18, starting on 1 February.",
            "Trams are to be free for everyone under 18, starting on what day?",
            "1 February",
        ),
        (
            "The tower on the hill of Linden was built in 1968.",
            "The tower on the hill of Linden was built in what year?",
            "1968",
        ),
        (
            "Ilse Brandvold reported a broken pump to the harbour office.",
            "Who or what reported a broken pump to the harbour office?",
            "Ilse Brandvold",
        ),
    ],
)
def test_plain_sentence_becomes_a_question(text, question, answer):
    assert drafted(text) == [(question, (answer,))]


@pytest.mark.parametrize(
    "text",
    [
        "It rained.",
        "In May the company, which is based in Ardmoor, will lay the track.",
        "Two years ago Ioana Veskari was selling insurance by telephone.",
        "He said that nine of them had left the harbour early.",
        "Nine sailors said that he had seen the rock too late.",
        "“We lost nine sailors,” the owner of the ferry said on Monday.",
    ],
)
def test_sentence_that_needs_its_neighbours_is_left_alone(text):
    assert drafted(text) == []


def test_drafts_are_not_reviewed_and_name_their_article(make_library, ferry, bridge, orchard):
    library = make_library(ferry, bridge, orchard).library
    made = draft_gold(library, 4)
    assert made
    assert all(not item.reviewed for item in made)
    for item in made:
        assert item.answers[0] in library.article(item.articles[0]).text


def test_same_seed_same_drafts(make_library, ferry, bridge, orchard):
    library = make_library(ferry, bridge, orchard).library
    assert draft_gold(library, 3, seed=5) == draft_gold(library, 3, seed=5)


def test_what_copies_state_is_asked_once(make_library):
    text = "Nine sailors died when the ferry sank off Cape Tarrow."
    library = make_library(
        *(Article.create(f"{text} So {name} writes.", id=name, source=name) for name in ("A", "B"))
    ).library
    assert len(draft_gold(library, 9)) == 1


def test_drafts_are_valid_gold(make_library, ferry, tmp_path):
    made = draft_gold(make_library(ferry).library, 5)
    path = tmp_path / "draft.jsonl"
    path.write_text("".join(item.to_json() + "\n" for item in made))
    assert load_gold(path) == made


def test_answers_of_a_model_that_do_not_stand_in_the_article_are_dropped(ferry):
    replies = [
        '{"question": "How many died?", "answer": "Nine"}\nnonsense\n'
        '{"question": "Who sang?", "answer": "Zanthor"}\n{"question": ""}'
    ]
    made = ask_model(ferry, FakeListChatModel(responses=replies))
    assert [(item.question, item.answers) for item in made] == [("How many died?", ("Nine",))]


def test_model_is_asked_until_there_are_enough_questions(make_library, ferry, bridge, orchard):
    library = make_library(ferry, bridge, orchard).library
    # Each article holds a full stop, whatever the order in which they are drawn.
    model = FakeListChatModel(responses=['{"question": "What ends it?", "answer": "."}'])
    drafts = draft_gold_with_model(library, 2, model, seed=3)
    assert len({item.articles for item in drafts}) == len(drafts) == 2
    assert drafts == draft_gold_with_model(library, 2, model, seed=3)
    assert len(draft_gold_with_model(library, 9, model)) == 3
