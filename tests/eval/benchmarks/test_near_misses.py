"""The benchmark of near misses: its figures, and its command on a small set."""

from dataclasses import replace

import pytest

from eval.benchmarks.near_misses import Asked, main
from eval.gold.windows import WindowQuestion
from qa.records.answer import Answer

LIST = WindowQuestion("n-0", "Who lived?", "list", ("Ilse and Tomas",), members=("Ilse", "Tomas"))
ANSWER = Answer("Who lived?", "Tomas, Ilse", (), (), 0.5, abstained=False)


@pytest.mark.parametrize(
    ("short", "exact"),
    [("Ilse and Tomas", 1.0), ("Tomas, Ilse", 1.0), ("Ilse", 0.0), ("Ilse, Tomas and Karl", 0.0)],
)
def test_list_is_exact_in_any_order(short, exact):
    assert Asked(LIST, replace(ANSWER, short=short), 0.5).exact == exact


def test_yes_is_right_in_any_case():
    asked = WindowQuestion("n-0", "Did it?", "yesno", ("yes",))
    assert Asked(asked, replace(ANSWER, short="Yes"), 0.5).exact == 1.0


def test_command_prints_every_kind(window_data, capsys):
    main([str(window_data), "--set", "n"])
    said = capsys.readouterr().out
    for label in ("near misses refused", "area under ROC", "| yesno |", "| event |"):
        assert label in said
