"""Questions over windows of articles: what is read, and how it is scored."""

from datetime import date

import pytest

from eval.gold.windows import read_questions, read_windows


def test_window_is_an_article_of_its_own(window_data):
    (window,) = read_windows(window_data, "n").values()
    assert window.text == "Nine sailors died off Cape Tarrow. Ilse Brandvold and Tomas Reyl lived."
    assert (window.id, window.title, window.source) == ("n-0", "Storm", "Wire")
    assert window.published == date(2024, 5, 1)


def test_answers_of_each_kind_are_read(window_data):
    number, members, yes, near = read_questions([window_data / "annotated" / "n-packet-00.jsonl"])
    assert number.answers == ("Nine", "Nine sailors")
    assert members.answers == ("Ilse Brandvold and Tomas Reyl",)
    assert members.members == ("Ilse Brandvold", "Tomas Reyl")
    assert (yes.kind, yes.answers) == ("yesno", ("yes",))
    assert (near.answers, near.near_miss) == ((), "event")


def test_line_without_a_question_is_an_error(tmp_path):
    (tmp_path / "n.jsonl").write_text('{"w": "n-0", "a": null}\n')
    with pytest.raises(KeyError, match="q"):
        list(read_questions([tmp_path / "n.jsonl"]))
