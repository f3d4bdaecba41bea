"""Prices, and budgets that hold over threads, processes and restarts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from qa.chat.budget import Ledger, Price, Tally
from qa.errors import ConfigError

TODAY, TOMORROW = date(2024, 6, 13), date(2024, 6, 14)


def ledger(folder, per_run=None, per_day=None):
    return Ledger(folder, per_run, per_day, Tally())


def test_price_is_for_a_million_tokens_each():
    assert Price.parse("0.15,0.60").of(2_000_000, 1_000_000) == pytest.approx(0.9)


@pytest.mark.parametrize("text", ["", " "])
def test_no_price_is_none(text):
    assert Price.parse(text) is None


@pytest.mark.parametrize("text", ["1", "1,2,3", "a,b", "-1,2", "nan,1", "inf,1", "1;2"])
def test_other_prices_are_mistakes(text):
    with pytest.raises(ConfigError, match="QA_CHAT_PRICE is"):
        Price.parse(text)


def test_without_a_budget_nothing_is_refused_or_written(tmp_path):
    free = ledger(tmp_path)
    assert free.reserve(1e9, TODAY) == ""
    free.settle(1e9, 1e9, TODAY)
    assert list(tmp_path.iterdir()) == []


def test_run_is_limited(tmp_path):
    limited = ledger(tmp_path, per_run=1.0)
    assert limited.reserve(0.6, TODAY) == ""
    assert "QA_CHAT_BUDGET_RUN is 1 dollars, of which 0.6000" in limited.reserve(0.6, TODAY)
    limited.settle(0.6, 0.1, TODAY)
    assert limited.reserve(0.6, TODAY) == ""


def test_day_is_limited_over_restarts(tmp_path):
    ledger(tmp_path, per_day=1.0).reserve(0.6, TODAY)
    again = ledger(tmp_path, per_day=1.0)
    assert "QA_CHAT_BUDGET_DAY is 1 dollars, of which 0.6000" in again.reserve(0.6, TODAY)
    assert again.reserve(0.4, TODAY) == ""


def test_next_day_begins_anew(tmp_path):
    limited = ledger(tmp_path, per_day=1.0)
    limited.reserve(1.0, TODAY)
    assert limited.reserve(0.5, TODAY) != ""
    assert limited.reserve(1.0, TOMORROW) == ""


def test_refusal_by_one_budget_leaves_the_other_alone(tmp_path):
    limited = ledger(tmp_path, per_run=1.0, per_day=0.5)
    assert limited.reserve(0.8, TODAY) != ""
    assert limited.run.spent == 0
    assert limited.reserve(0.5, TODAY) == ""


def test_answer_that_cost_nothing_gives_all_back(tmp_path):
    limited = ledger(tmp_path, per_run=1.0, per_day=1.0)
    for _ in range(20):
        assert limited.reserve(0.9, TODAY) == ""
        limited.settle(0.9, 0.0, TODAY)


def test_threads_do_not_pass_a_budget_together(tmp_path):
    limited = ledger(tmp_path, per_day=1.0)
    with ThreadPoolExecutor(8) as pool:
        refused = list(pool.map(lambda _: limited.reserve(0.1, TODAY), range(40)))
    assert refused.count("") in (9, 10)  # ten tenths are a little more than one


SPEND = """
import sys
from datetime import date
from pathlib import Path
from qa.chat.budget import Ledger
ledger = Ledger(Path(sys.argv[1]), per_day=0.1005)
print(sum(not ledger.reserve(0.001, date(2024, 6, 13)) for _ in range(80)))
"""


def test_processes_do_not_pass_a_budget_together(tmp_path, python):
    started = [python(SPEND, tmp_path) for _ in range(2)]
    assert sum(int(process.communicate()[0]) for process in started) == 100


@pytest.mark.parametrize("text", ["2024-06-13 lots", "2024-06-13 ", "2024-06-13"])
def test_damaged_day_is_told_and_the_run_not_charged(tmp_path, text):
    (tmp_path / "spending").write_text(text)
    limited = ledger(tmp_path, per_run=1.0, per_day=1.0)
    assert "damaged; remove it" in limited.reserve(0.5, TODAY)
    assert limited.run.spent == 0
    with pytest.raises(OSError, match="damaged; remove it"):
        limited.settle(0.0, 0.5, TODAY)
