"""Numbers and rules put out of action, one at a time."""

from importlib import import_module

import pytest

import qa.thresholds as thresholds
from eval.benchmarks.ablation import NUMBERS, RULES, main, switched_off
from ingest import ingest


@pytest.mark.parametrize("name", NUMBERS)
def test_number_is_off_for_a_while(name):
    before = getattr(thresholds, name)
    with switched_off(name):
        assert getattr(thresholds, name) == NUMBERS[name] != before
    assert getattr(thresholds, name) == before


@pytest.mark.parametrize("name", RULES)
def test_rule_is_off_for_a_while(name):
    module, attribute, instead = RULES[name]
    before = getattr(import_module(module), attribute)
    with switched_off(name):
        assert getattr(import_module(module), attribute) is instead
    assert getattr(import_module(module), attribute) is before


def test_table_has_a_row_for_each_that_is_named(tmp_path, capsys):
    text = "The ferry Maid of Orlen sank off Cape Tarrow. Nine sailors died."
    (tmp_path / "ferry.txt").write_text(text)
    ingest([tmp_path / "ferry.txt"], library=tmp_path / "library")
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"id": "1", "question": "How many sailors died?", "answers": ["nine"]}\n')
    main([str(gold), "--library", str(tmp_path / "library"), "--only", "errata", "SETTLED"])
    rows = capsys.readouterr().out.splitlines()[2:]
    assert [row.split(" | ")[:2] for row in rows] == [["| errata", "0"], ["| SETTLED", "0"]]
