"""``python -m eval.benchmarks.follow_ups``: what is measured of follow-ups."""

import json

import pytest

from eval.benchmarks.follow_ups import Dialogue, load_dialogues, main
from eval.gold.questions import GoldError
from ingest import ingest

ARTICLES = [
    {"id": "ferry", "text": "The ferry Maid of Orlen sank off Cape Tarrow. Nine sailors died."},
    {"id": "bridge", "text": "Repairs to the Kessel Bridge will cost 12 million euros."},
]
FOLLOW_UP = {
    "question": "How many sailors died on it?",
    "standalone": "How many sailors died on the Maid of Orlen?",
    "answers": ["nine"],
    "articles": ["ferry"],
}
OPENING = {**FOLLOW_UP, "question": "Where did the Maid of Orlen sink?", "answers": ["Cape Tarrow"]}


@pytest.fixture
def written(tmp_path):
    """``written(dialogue, …)``: a file of dialogues."""

    def write(*dialogues):
        path = tmp_path / "dialogues.jsonl"
        path.write_text("".join(json.dumps(each) + "\n" for each in dialogues))
        return path

    return write


def dialogue(name, tuning=False):
    return {"id": name, "tuning": tuning, "turns": [OPENING, FOLLOW_UP]}


def test_dialogues_are_read(written):
    (read,) = load_dialogues(written(dialogue("a")))
    assert isinstance(read, Dialogue)
    assert [turn.question for turn in read.turns] == [OPENING["question"], FOLLOW_UP["question"]]


def test_line_that_is_no_dialogue_is_named(written):
    with pytest.raises(GoldError, match="line 2"):
        load_dialogues(written(dialogue("a"), {"id": "b"}))


def test_follow_ups_are_measured_in_three_ways_without_those_for_tuning(
    written, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    monkeypatch.setenv("QA_READER", "sentence")
    articles = tmp_path / "articles.jsonl"
    articles.write_text("".join(json.dumps(each) + "\n" for each in ARTICLES))
    ingest([articles], library=tmp_path / "library")
    file = written(dialogue("a"), dialogue("b", tuning=True))
    main([str(file), "--library", str(tmp_path / "library")])
    out = capsys.readouterr().out
    assert "1 follow-ups in 1 dialogues" in out
    assert "| supporting passage in the top 5 | 1.000 (1.00 to 1.00) | 1.000" in out
    assert "after an unrelated turn: 0 of 4 rewritten" in out
