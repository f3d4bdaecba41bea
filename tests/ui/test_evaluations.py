"""Evaluations asked for on the screen."""

import json
from pathlib import Path

import pytest

from eval.gold.questions import GoldError
from eval.runs.compare import NotComparable
from qa.library.feedback import Feedback, keep_feedback
from ui.evaluations import Evaluations
from ui.locales.wording import speaking
from ui.schemas import AskRequest
from ui.service import open_service


@pytest.fixture
def service(monkeypatch, make_library, ferry, bridge, library_folder):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    monkeypatch.setenv("QA_READER", "sentence")
    make_library(ferry, bridge)
    with open_service(library_folder) as opened:
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


def measured(evaluations, gold, **options):
    given = {"sample": None, "reader": "sentence", "composer": "extract"}
    return list(evaluations.measure(gold, **{**given, **options}))


def test_run_tells_its_progress_and_is_kept(service, gold):
    evaluations = Evaluations(service)
    *progress, name = measured(evaluations, gold)
    assert progress[0] == (0, 12)
    assert progress[-1] == (12, 12)
    assert name.endswith("-my-gold-by-sentence")
    assert evaluations.runs() == [name]
    assert len(evaluations.load(name).items) == 12
    assert "Headline" in evaluations.report(name)
    with speaking("de"):
        report = evaluations.report(name)
    assert "<html lang=de>" in report
    assert f"<title>Auswertung: {name}</title>" in report
    for words in ("Hauptwerte", "12 Fragen beantwortet", "falsch gelesen"):
        assert words in report
    for words in ("Headline", "questions answered", "misread"):
        assert f">{words}" not in report


def test_articles_of_the_gold_are_looked_up_in_the_library(service, tmp_path):
    rows = [
        {"id": "here", "question": "How many sailors died?", "answers": ["nine"],
         "articles": ["https://gazette.example/ferry"]},
        {"id": "gone", "question": "How many sailors died?", "answers": ["nine"],
         "articles": ["https://gazette.example/none"]},
    ]  # fmt: skip
    path = tmp_path / "placed.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    evaluations = Evaluations(service)
    *_, name = measured(evaluations, path)
    here, gone = evaluations.load(name).items
    assert (here.gold.articles, here.evidence) == (("ferry",), "")
    assert gone.evidence == "missing"


def test_sample_is_drawn(service, gold):
    *_, name = measured(Evaluations(service), gold, sample=5)
    assert len(Evaluations(service).load(name).items) == 5


def test_cancelled_run_keeps_what_was_done(service, gold):
    evaluations = Evaluations(service)
    events = []
    for event in evaluations.measure(gold, sample=None, reader="sentence", composer="extract"):
        events.append(event)
        evaluations.cancel()
    assert 0 < len(evaluations.load(events[-1]).items) < 12
    assert "of 12 questions answered before the run was stopped" in evaluations.report(events[-1])
    # And the next one is not held up by it.
    assert measured(evaluations, gold)[-2] == (12, 12)


def test_only_one_runs_at_a_time(service, gold):
    evaluations = Evaluations(service)
    running = evaluations.measure(gold, sample=None, reader="sentence", composer="extract")
    next(running)
    with pytest.raises(GoldError, match="is running"):
        measured(evaluations, gold)
    running.close()
    assert measured(evaluations, gold)[-2] == (12, 12)


def test_feedback_is_gold_to_choose(service):
    evaluations = Evaluations(service)
    assert "Feedback given here" not in evaluations.golds()
    answer = service.ask(AskRequest(question="How many sailors died?"))
    keep_feedback(service.library, Feedback.on(answer, "wrong", service.library, better="eleven"))
    assert "Feedback given here" in evaluations.golds()
    *_, name = measured(evaluations, "Feedback given here")
    assert evaluations.load(name).items[0].gold.answers == ("eleven",)


def test_two_runs_are_compared(service, gold, tmp_path):
    evaluations = Evaluations(service)
    *_, base = measured(evaluations, gold, sample=6)
    other = tmp_path / "other.jsonl"
    other.write_text(gold.read_text().replace("nine", "ten"))
    *_, new = measured(evaluations, other, sample=6)
    assert evaluations.compare(base, base).changes[0].difference == 0
    with pytest.raises(NotComparable, match="gold"):
        evaluations.compare(base, new)


@pytest.mark.parametrize("name", ["../library", "a/b", "", "nothing-here", "x" * 200])
def test_name_of_no_run_leads_nowhere(service, name):
    with pytest.raises(GoldError):
        Evaluations(service).load(name)


def test_gold_that_cannot_be_used_is_explained(service, tmp_path):
    path = Path(tmp_path / "gold.txt")
    path.write_text("words")
    with pytest.raises(GoldError, match="gold is a"):
        measured(Evaluations(service), path)


def test_what_answers_here_is_offered_first(service, monkeypatch):
    assert Evaluations(service).readers() == ["sentence", "span"]
    assert Evaluations(service).composers() == ["extract"]
    monkeypatch.setitem(service.pipeline.parts.names, "chat", "openai:a-model")
    assert Evaluations(service).composers() == ["extract", "chat"]
    monkeypatch.setitem(service.pipeline.parts.names, "composer", "chat")
    assert Evaluations(service).composers() == ["chat", "extract"]


def test_fault_of_an_upload_names_the_file_alone(service, tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text("{")
    with pytest.raises(GoldError, match=r"^mine\.jsonl, line 1"):
        measured(Evaluations(service), path)
