"""The benchmarks by the names that they had before they had a room of their own."""

from importlib import import_module

import pytest

EARLIER = {
    "eval.bench": "eval.benchmarks.news",
    "eval.copies": "eval.benchmarks.near_duplicates",
    "eval.dialogues": "eval.benchmarks.follow_ups",
    "eval.judging": "eval.benchmarks.citation_judge",
    "eval.planted": "eval.benchmarks.planted.__main__",
    "eval.squad": "eval.benchmarks.squad.__main__",
    "ui.load": "eval.benchmarks.load",
}


@pytest.mark.parametrize("earlier", EARLIER)
def test_earlier_name_runs_the_same_program(earlier):
    assert import_module(earlier).main is import_module(EARLIER[earlier]).main
