"""From scores of tokens to places in a text."""

from pathlib import Path

import numpy as np
import pytest

import qa
from qa.readers.neural.decode import (
    evidence,
    items,
    sentence_around,
    span_candidates,
    with_sentences,
)
from qa.readers.neural.encode import Encoder
from qa.readers.neural.network import Scores
from qa.records.article import Article

ENCODER = Encoder(Path(qa.__file__).parent / "models" / "minilm" / "tokenizer.json")
TEXT = "Nine sailors died. The Kessel Bridge, Orlen and $1,200 were lost. Nobody knew."


def scored(text, *, inside=(), quoted=(), start="", end=""):
    """Scores that are high within the given pieces of the text."""
    (window,) = ENCODER.encode("What was lost?", "", text)

    def marked(pieces):
        places = [(text.index(piece), text.index(piece) + len(piece)) for piece in pieces]
        return np.array(
            [
                4.0 if any(low < stop and begin < high for low, high in places) else -4.0
                for begin, stop in window.offsets
            ],
            dtype=np.float32,
        )

    edges = [marked([piece]) if piece else marked([]) for piece in (start, end)]
    forms = np.zeros(5, np.float32)
    return window, Scores(0.0, 0.0, forms, *edges, marked(inside), marked(quoted))


def texts(found, text=TEXT):
    return [text[each.start : each.end] for each in found]


def test_members_of_a_list_are_runs_of_words():
    window, scores = scored(TEXT, inside=("Kessel Bridge", "Orlen", "$1,200"))
    assert texts(items(TEXT, window, scores)) == ["Kessel Bridge", "Orlen", "$1,200"]


def test_comma_tells_two_members_apart():
    text = "It hit Orlen, Tarrow and Jorford."
    window, scores = scored(text, inside=("Orlen", "Tarrow", "Jorford"))
    assert texts(items(text, window, scores), text) == ["Orlen", "Tarrow", "Jorford"]


def test_nothing_inside_is_no_list():
    window, scores = scored(TEXT)
    assert items(TEXT, window, scores) == []


def test_evidence_scores_every_sentence():
    window, scores = scored(TEXT, quoted=("Nobody knew.",))
    found = evidence(TEXT, window, scores)
    assert texts(found) == [
        "Nine sailors died.",
        "The Kessel Bridge, Orlen and $1,200 were lost.",
        "Nobody knew.",
    ]
    assert [each.score > 0 for each in found] == [False, False, True]


def test_best_span_comes_first_with_its_place():
    window, scores = scored(TEXT, start="Nobody", end="knew")
    passage = Article.create(TEXT).passage(0, len(TEXT))
    best = next(iter(span_candidates(3, passage, window, scores)))
    assert (best.hit, best.text, TEXT[best.start : best.end]) == (3, "Nobody knew", best.text)


def test_span_does_not_go_over_a_paragraph():
    text = "Nine died.\n\nTen lived."
    window, scores = scored(text, start="Nine", end="lived")
    passage = Article.create(text).passage(0, len(text))
    assert all("\n" not in each.text for each in span_candidates(0, passage, window, scores))


@pytest.mark.parametrize("text", ["", "***", "🎉"])
def test_text_without_words_has_nothing(text):
    window, scores = scored(text)
    assert items(text, window, scores) == []


def test_sentence_around_a_span_over_two_sentences_is_both():
    assert TEXT[slice(*sentence_around(TEXT, 5, 25))].startswith("Nine sailors died. The Kessel")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Nine", "Nine sailors died."),
        ("Orlen", "Nine sailors died. The Kessel Bridge, Orlen and $1,200 were lost."),
        ("lost. Nobody", TEXT),
    ],
)
def test_sentence_before_is_read_with_it(words, text):
    start = TEXT.index(words)
    assert with_sentences(TEXT, start, start + len(words)) == text
