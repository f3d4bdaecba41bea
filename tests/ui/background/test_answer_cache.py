"""The same question again: answered at once as long as nothing has changed, and only then."""

import json
from dataclasses import replace

import pytest

from ui.schemas import AskRequest

SAILORS = "How many sailors died on the Maid of Orlen?"


@pytest.fixture
def reads(service, monkeypatch):
    """The questions that were read for, in order."""
    questions = []
    reader = type(service.pipeline.parts.reader)
    read = reader.read

    def counted(self, question, hits):
        questions.append(question.text)
        return read(self, question, hits)

    monkeypatch.setattr(reader, "read", counted)
    return questions


def ask(service, question=SAILORS, **options):
    return service.ask(AskRequest(question=question, **options))


def steps(answer):
    return [step.name for step in answer.trace]


def test_same_question_is_read_for_once_and_says_so(service, reads):
    first, second = ask(service), ask(service)
    assert not first.abstained
    assert len(reads) == 1
    assert steps(second) == ["cache", *steps(first)]
    assert {step.took_ms for step in second.trace} == {0.0}
    assert replace(second, trace=first.trace, took_ms=first.took_ms) == first


def test_stream_gives_the_same_events_again(service, reads):
    asked = AskRequest(question=SAILORS)
    first, second = ([*service.stream(asked)] for _ in range(2))
    assert second[:-1] == first[:-1]
    assert len(reads) == 1


@pytest.mark.parametrize("options", [{"sources": ["Gazette"]}, {"timeline": True}])
def test_other_options_are_another_question(service, reads, options):
    ask(service)
    ask(service, **options)
    assert len(reads) == 2


def test_library_that_changed_is_read_again(service, reads, tmp_path):
    ask(service)
    (tmp_path / "heron.txt").write_text("The heron of Quillmere weighs 1,400 grams.")
    list(service.take_in([str(tmp_path / "heron.txt")]))
    assert "cache" not in steps(ask(service))
    assert len(reads) == 2


def test_other_settings_answer_anew(service, reads):
    ask(service)
    service.pipeline = service.pipeline.with_parts(hits=5)
    assert "cache" not in steps(ask(service))


def test_abstention_is_tried_again(service, reads):
    assert [ask(service, "Who painted the Zanthor Palace?").abstained for _ in range(2)] == [
        True
    ] * 2
    assert len(reads) == 2


def test_what_may_say_something_else_is_asked_again(service, reads):
    names = {**service.pipeline.parts.names, "composer": "chat"}
    service.pipeline = service.pipeline.with_parts(names=names)
    ask(service)
    ask(service)
    assert len(reads) == 2


def test_answer_that_is_left_in_its_middle_is_not_kept(service, reads):
    events = service.stream(AskRequest(question=SAILORS))
    next(events)
    events.close()
    assert "cache" not in steps(ask(service))


def test_oldest_answer_makes_room(service, reads):
    service.answers = type(service.answers)(most=1)
    ask(service)
    ask(service, "How much will repairs to the Kessel Bridge cost?")
    assert "cache" not in steps(ask(service))
    assert "cache" in steps(ask(service))


def test_answer_from_before_is_json_as_any_other(service):
    ask(service)
    assert json.loads(ask(service).to_json())["question"] == SAILORS
