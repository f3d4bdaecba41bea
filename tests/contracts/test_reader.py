"""What every reader does with hits."""

from datetime import date

import pytest

from qa.build import READERS
from qa.question.understand import understand
from qa.records.answer import Hit
from qa.records.article import Article
from qa.records.reading import UNANSWERED


def question(text):
    return understand(text, as_of=date(2024, 1, 1))


def hits(*articles):
    return tuple(
        # As the fusion of searches scores the first, the second, the third.
        Hit(article.passage(0, len(article.text)), 1.0 / (20 + place))
        for place, article in enumerate(articles, start=1)
    )


@pytest.fixture(scope="module", params=READERS)
def reader(request):
    return READERS[request.param]()


@pytest.fixture
def found(ferry, bridge, orchard):
    return hits(orchard, bridge, ferry)


QUESTIONS = [
    "How many sailors died?",
    "When did the ferry Maid of Orlen sank off Cape Tarrow?",
    "Who was the captain of the ferry?",
    "How much will repairs to the Kessel Bridge cost?",
    "Why did the orchards bloom late?",
    "What colour is the Zanthor comet?",
    "?",
    "渡船 🎉",
]


@pytest.mark.parametrize("asked", QUESTIONS)
def test_spans_lie_in_the_passages(reader, found, asked):
    # A span checks that it lies within its passage when it is made.
    passages = {hit.passage for hit in found}
    assert {span.passage for span in reader.read(question(asked), found).spans} <= passages


@pytest.mark.parametrize("asked", QUESTIONS)
def test_best_spans_come_first(reader, found, asked):
    scores = [span.score for span in reader.read(question(asked), found).spans]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("asked", QUESTIONS)
def test_confidence_is_a_probability(reader, found, asked):
    assert 0 <= reader.read(question(asked), found).confidence <= 1


@pytest.mark.parametrize("asked", QUESTIONS)
def test_all_hits_are_kept(reader, found, asked):
    read = reader.read(question(asked), found).hits
    assert len(read) == len(found)
    assert {hit.passage for hit in read} == {hit.passage for hit in found}


@pytest.mark.parametrize("asked", QUESTIONS)
def test_without_hits_there_is_a_reason(reader, asked):
    reading = reader.read(question(asked), ())
    assert (reading.hits, reading.spans) == ((), ())
    assert reading.reason


def test_reading_twice_reads_the_same(reader, found):
    first, second = (reader.read(question(QUESTIONS[0]), found) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("How many sailors died?", "Nine"),
        ("How many passengers were rescued?", "41"),
        ("When did the ferry Maid of Orlen sink off Cape Tarrow?", "3 March 2021"),
        ("How much will repairs to the Kessel Bridge cost?", "12 million euros"),
        ("Who was the captain who reported a broken pump?", "Ilse Brandvold"),
    ],
)
def test_plain_question_is_answered(reader, found, asked, answer):
    reading = reader.read(question(asked), found)
    assert (reading.spans[0].text, reading.reason) == (answer, "")


def test_absent_name_leaves_the_question_unanswered(reader, found):
    assert reader.read(question("Who owned the Zanthor Palaces?"), found).reason == UNANSWERED


def test_more_of_the_question_found_is_more_confidence(reader, found):
    sure = reader.read(question("How many passengers were rescued?"), found).confidence
    unsure = reader.read(question("What colour is the Zanthor comet?"), found).confidence
    assert sure > unsure


def test_passage_of_signs_alone_is_read(reader):
    (hit,) = hits(Article.create("*** \u0301 🎉 ---"))
    assert [read.passage for read in reader.read(question("Who won?"), (hit,)).hits] == [
        hit.passage
    ]


def test_offsets_are_those_of_the_article(reader):
    article = Article.create("🎉 " * 50 + "Nine sailors died off the cape.", id="a")
    hit = Hit(article.passage(20, len(article.text)), 1.0)
    (span, *_) = reader.read(question("How many sailors died off the cape?"), (hit,)).spans
    assert article.text[span.start : span.end] == span.text == "Nine"


@pytest.mark.parametrize(
    ("asked", "evidence", "near"),
    [
        ("How many sailors died?", "In all, nine sailors were lost.", True),
        ("Who was the captain of the ferry?", "The ferry was led by Ilse Brandvold.", True),
        ("Who was the captain of the Maid of Orlen?", "On the Orlen Ilse Brandvold led.", True),
        ("How many minutes did the power cut last?", "Zephyr coins will double in value.", False),
        ("Who was the captain of the ferry?", "Vote for the Blue Wave on Sunday.", False),
        ("How many paintings burned in Jorford?", "The full list for Jorford is at.", False),
        ("?", "It rained.", True),
    ],
)
def test_evidence_has_to_do_with_the_question(reader, asked, evidence, near):
    assert reader.relevant(question(asked), [evidence]) == [near]


def test_no_evidence_is_no_trouble(reader):
    assert reader.relevant(question("Who won?"), []) == []


def test_unattributed_correction_is_not_an_answer(reader, ferry):
    rumour = Article.create("It rained.\n\nCorrection: Eleven sailors died.", id="r", source="Wire")
    spans = reader.read(question("How many sailors died?"), hits(rumour, ferry)).spans
    assert spans
    assert {span.passage.article_id for span in spans if "leven" in span.quote} == set()


def test_sentence_that_answers_the_quoted_question_is_not_an_answer(reader, ferry):
    asked = "How many sailors died on the ferry?"
    echo = Article.create(f"It rained. The answer to “{asked}” is eleven sailors.", id="e")
    spans = reader.read(question(asked), hits(echo, ferry)).spans
    assert all("eleven" not in span.quote for span in spans)
