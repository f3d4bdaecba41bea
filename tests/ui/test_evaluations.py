"""Evaluations asked for on the screen."""

import json
from pathlib import Path

import pytest

from eval.gold.questions import GoldError
from eval.runs.compare import NotComparable
from qa.library.feedback import Feedback, keep_feedback
from ui.evaluations import Trials
from ui.schemas import AskRequest
from ui.service import open_desk


@pytest.fixture
def desk(monkeypatch, make_library, ferry, bridge, library_folder):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    monkeypatch.setenv("QA_READER", "sentence")
    make_library(ferry, bridge)
    with open_desk(library_folder) as opened:
        yield opened


@pytest.fixture
def gold(tmp_path):
    rows = [
        {"id": f"q{n}", "question": f"How many sailors died ({n})?", "answers": ["nine"]}
        for n in range(12)
    ]
    path = tmp_path / "my gold.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def measured(trials, gold, **options):
    given = {"sample": None, "reader": "sentence", "composer": "extract"}
    return list(trials.measure(gold, **{**given, **options}))


def test_run_tells_its_progress_and_is_kept(desk, gold):
    trials = Trials(desk)
    *progress, name = measured(trials, gold)
    assert progress[0] == (0, 12)
    assert progress[-1] == (12, 12)
    assert name.endswith("-my-gold")
    assert trials.runs() == [name]
    assert len(trials.load(name).items) == 12
    assert "Headline" in trials.report(name)


def test_articles_of_the_gold_are_looked_up_in_the_library(desk, tmp_path):
    rows = [
        {"id": "here", "question": "How many sailors died?", "answers": ["nine"],
         "articles": ["https://gazette.example/ferry"]},
        {"id": "gone", "question": "How many sailors died?", "answers": ["nine"],
         "articles": ["https://gazette.example/none"]},
    ]  # fmt: skip
    path = tmp_path / "placed.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    trials = Trials(desk)
    *_, name = measured(trials, path)
    here, gone = trials.load(name).items
    assert (here.gold.articles, here.evidence) == (("ferry",), "")
    assert gone.evidence == "missing"


def test_sample_is_drawn(desk, gold):
    *_, name = measured(Trials(desk), gold, sample=5)
    assert len(Trials(desk).load(name).items) == 5


def test_cancelled_run_keeps_what_was_done(desk, gold):
    trials = Trials(desk)
    events = []
    for event in trials.measure(gold, sample=None, reader="sentence", composer="extract"):
        events.append(event)
        trials.cancel()
    assert 0 < len(trials.load(events[-1]).items) < 12
    assert "of 12 questions answered before the run was stopped" in trials.report(events[-1])
    # And the next one is not held up by it.
    assert measured(trials, gold)[-2] == (12, 12)


def test_only_one_runs_at_a_time(desk, gold):
    trials = Trials(desk)
    running = trials.measure(gold, sample=None, reader="sentence", composer="extract")
    next(running)
    with pytest.raises(GoldError, match="is running"):
        measured(trials, gold)
    running.close()
    assert measured(trials, gold)[-2] == (12, 12)


def test_feedback_is_gold_to_choose(desk):
    trials = Trials(desk)
    assert "Feedback given here" not in trials.golds()
    answer = desk.ask(AskRequest(question="How many sailors died?"))
    keep_feedback(desk.library, Feedback.on(answer, "wrong", desk.library, better="eleven"))
    assert "Feedback given here" in trials.golds()
    *_, name = measured(trials, "Feedback given here")
    assert trials.load(name).items[0].gold.answers == ("eleven",)


def test_two_runs_are_compared(desk, gold, tmp_path):
    trials = Trials(desk)
    *_, base = measured(trials, gold, sample=6)
    other = tmp_path / "other.jsonl"
    other.write_text(gold.read_text().replace("nine", "ten"))
    *_, new = measured(trials, other, sample=6)
    assert trials.compare(base, base).changes[0].difference == 0
    with pytest.raises(NotComparable, match="gold"):
        trials.compare(base, new)


@pytest.mark.parametrize("name", ["../library", "a/b", "", "nothing-here", "x" * 200])
def test_name_of_no_run_leads_nowhere(desk, name):
    with pytest.raises(GoldError):
        Trials(desk).load(name)


def test_gold_that_cannot_be_used_is_explained(desk, tmp_path):
    path = Path(tmp_path / "gold.txt")
    path.write_text("words")
    with pytest.raises(GoldError, match="gold is a"):
        measured(Trials(desk), path)


def test_what_answers_here_is_offered_first(desk, monkeypatch):
    assert Trials(desk).readers() == ["sentence", "span"]
    assert Trials(desk).composers() == ["extract"]
    monkeypatch.setitem(desk.pipeline.parts.names, "chat", "openai:a-model")
    assert Trials(desk).composers() == ["extract", "chat"]
    monkeypatch.setitem(desk.pipeline.parts.names, "composer", "chat")
    assert Trials(desk).composers() == ["chat", "extract"]


def test_fault_of_an_upload_names_the_file_alone(desk, tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text("{")
    with pytest.raises(GoldError, match=r"^mine\.jsonl, line 1"):
        measured(Trials(desk), path)
