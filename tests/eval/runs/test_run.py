"""Runs: asked in parallel, kept as they come, taken up again after a kill, written whole."""

import json
from dataclasses import replace

import pytest

from eval.gold.questions import GoldError
from eval.runs.run import Run, Setting, load_run, read_answers, run

SETTING = Setting(gold="g", library="l", judge="words", system="test")


@pytest.fixture
def gold(make_gold):
    return [make_gold(f"q{number}") for number in range(6)]


@pytest.fixture
def asked(make_answer):
    """An ``ask`` that remembers what it was asked."""

    class Asked:
        def __init__(self):
            self.ids = []

        def __call__(self, gold):
            self.ids.append(gold.id)
            return make_answer()

    return Asked()


def test_run_holds_every_question_in_the_order_of_the_gold(gold, asked, judge, tmp_path):
    made = run(gold, asked, judge, SETTING, tmp_path / "run.json", threads=4)
    assert [item.gold for item in made.items] == gold
    assert made.items[0].scores["exact_match"] == 1.0


def test_what_is_written_is_read_back(gold, asked, judge, tmp_path):
    made = run(gold, asked, judge, SETTING, tmp_path / "run.json")
    assert load_run(tmp_path / "run.json") == made
    assert list(tmp_path.iterdir()) == [tmp_path / "run.json"]


def test_progress_counts_up_to_all(gold, asked, judge, tmp_path):
    seen = []
    run(
        gold, asked, judge, SETTING, tmp_path / "run.json",
        on_progress=lambda done, total: seen.append((done, total)),
    )  # fmt: skip
    assert seen == [(done, 6) for done in range(7)]


def test_run_that_broke_off_goes_on_where_it_was(gold, asked, judge, tmp_path):
    def breaks(item):
        if item.id == "q3":
            raise KeyboardInterrupt
        return asked(item)

    with pytest.raises(KeyboardInterrupt):
        run(gold, breaks, judge, SETTING, tmp_path / "run.json", threads=1)
    made = run(gold, asked, judge, SETTING, tmp_path / "run.json", threads=1)
    assert [asked.ids.count(f"q{number}") for number in range(4)] == [1, 1, 1, 1]
    assert len(made.items) == 6


def test_half_written_line_is_asked_again(gold, asked, judge, tmp_path):
    with pytest.raises(GoldError):
        run(gold, lambda item: fail(item, asked), judge, SETTING, tmp_path / "r", threads=1)
    part = tmp_path / "r.part"
    part.write_text(part.read_text()[:-20])
    assert len(run(gold, asked, judge, SETTING, tmp_path / "r", threads=1).items) == 6
    assert asked.ids.count("q0") == 2


def fail(item, asked):
    if item.id == "q1":
        raise GoldError("no answer")
    return asked(item)


def test_part_of_another_setting_is_not_taken_up(gold, asked, judge, tmp_path):
    with pytest.raises(GoldError):
        run(gold, lambda item: fail(item, asked), judge, SETTING, tmp_path / "r", threads=1)
    run(gold, asked, judge, replace(SETTING, library="other"), tmp_path / "r", threads=1)
    assert asked.ids.count("q0") == 2


def test_part_of_another_machine_or_with_other_threads_is_taken_up(gold, asked, judge, tmp_path):
    with pytest.raises(GoldError):
        run(gold, lambda item: fail(item, asked), judge, SETTING, tmp_path / "r", threads=1)
    other = replace(SETTING, machine={"memory": "1 GiB"}, options={"threads": "4"})
    assert run(gold, asked, judge, other, tmp_path / "r").setting == other
    assert asked.ids.count("q0") == 1


def test_run_that_is_stopped_keeps_what_was_answered(gold, asked, judge, tmp_path):
    made = run(
        gold,
        asked,
        judge,
        SETTING,
        tmp_path / "r",
        threads=1,
        stop=lambda item: item.gold.id == "q1",
    )
    assert [item.gold.id for item in made.items] == ["q0", "q1"]
    assert isinstance(load_run(tmp_path / "r"), Run)


def test_run_that_was_stopped_and_killed_stays_stopped(gold, asked, judge, tmp_path):
    with pytest.raises(GoldError):
        run(gold, lambda item: fail(item, asked), judge, SETTING, tmp_path / "r", threads=1)
    made = run(
        gold,
        asked,
        judge,
        SETTING,
        tmp_path / "r",
        threads=1,
        stop=lambda item: item.gold.id == "q0",
    )
    assert asked.ids.count("q0") == 1
    assert [item.gold.id for item in made.items] == ["q0"]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"setting": 3, "items": []}'])
def test_file_that_is_no_run_is_an_error(tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(GoldError, match="not a run"):
        load_run(tmp_path / "x.json")


# Answers of other systems


def answers(tmp_path, *rows):
    path = tmp_path / "answers.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return read_answers(path)


def test_plain_answer_of_another_system(tmp_path, make_gold):
    row = {
        "id": "q", "answer": "Nine sailors died.", "short": "nine", "citations": ["Nine died."],
        "hits": [{"article_id": "ferry", "text": "Nine died."}], "confidence": 0.5,
    }  # fmt: skip
    answer = answers(tmp_path, row)(make_gold())
    assert (answer.short, answer.text, answer.confidence) == ("nine", "Nine sailors died.", 0.5)
    assert answer.citations[0].quote == "Nine died."
    assert answer.hits[0].passage.article_id == "ferry"


def test_empty_answer_is_an_abstention(tmp_path, make_gold):
    assert answers(tmp_path, {"id": "q", "answer": ""})(make_gold()).abstained


def test_whole_record_of_another_run(tmp_path, make_gold, make_answer):
    whole = make_answer()
    answer = answers(tmp_path, {"id": "q", **whole.to_dict()})(make_gold())
    assert answer.statements == whole.statements


def test_question_without_a_line_is_an_error_not_a_gap(tmp_path, make_gold):
    with pytest.raises(GoldError, match="'q9'"):
        answers(tmp_path, {"id": "q", "answer": "x"})(make_gold("q9"))


@pytest.mark.parametrize(
    "line",
    [
        "{",
        '{"answer": "x"}',
        '{"id": "q"}',
        '{"id": "q", "answer": null}',
        '{"id": "q", "answer": 9}',
        '{"id": "q", "answer": "x", "citations": "abc"}',
        '{"id": "q", "answer": "x", "citations": [1]}',
        '{"id": "q", "answer": "\\ud800"}',
        "5",
    ],
)
def test_faulty_line_is_named(tmp_path, line):
    path = tmp_path / "answers.jsonl"
    path.write_text(f'{{"id": "p", "answer": ""}}\n{line}\n')
    with pytest.raises(GoldError, match="line 2") as caught:
        read_answers(path)
    assert "Error" not in str(caught.value)


def test_answers_that_are_not_there_are_told(tmp_path):
    with pytest.raises(GoldError, match=r"none\.jsonl cannot be read: No such file"):
        read_answers(tmp_path / "none.jsonl")
