"""Months, weekdays, number words, units, stop words and negations stand in one place each."""

import ast
import re
from pathlib import Path

import pytest

from qa.language import lexicon
from qa.language.lexicon import MONTHS, alternatives

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted(
    file
    for folder in ("qa", "ingest", "eval", "ui")
    for file in (ROOT / folder).rglob("*.py")
    if "recipes" not in file.parts and file.name != "lexicon.py"
)
# The words of each list, and how many of them a file may hold that does not keep it.
LISTS = {
    "months": ({name.lower() for name in lexicon.MONTH_NAMES} - {"may", "march"}, 3),
    "weekdays": ({day.lower() for day in lexicon.WEEKDAYS} | {"mon", "tues", "wednes"}, 3),
    "number words": ({*lexicon.NUMBER_WORDS[3:]}, 4),
    "units": (
        {word for words in lexicon.UNITS.values() for word in words.split() if len(word) > 4}
        - {"point", "points", "second", "night", "month", "degree", "minute", "weeks", "years",
           "months", "century", "barrel", "quarter", "seconds", "minutes", "hours"},
        9,  # pairs that planted errors exchange
    ),
    "negations": ({"never", "none", "nobody", "nothing", "neither", "nor", "without"}, 3),
}  # fmt: skip


def words_in(file):
    """The words of every string of a module that is no docstring and no text of a pattern's
    example.
    """
    tree = ast.parse(file.read_text(encoding="utf-8"))
    docs = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]
    return {word for text in texts for word in re.findall(r"[a-z]+", text.lower())}


@pytest.mark.parametrize("name", LISTS)
def test_list_stands_in_the_lexicon_alone(name):
    words, most = LISTS[name]
    again = {str(file.relative_to(ROOT)): words & words_in(file) for file in FILES}
    assert {file: held for file, held in again.items() if len(held) > most} == {}


def test_month_has_a_number_under_its_name_and_abbreviation():
    assert MONTHS["sept"] == MONTHS["sep"] == MONTHS["september"] == 9
    assert sorted(set(MONTHS.values())) == list(range(1, 13))


def test_alternatives_match_the_longest_first():
    assert re.findall(alternatives(["m", "mn", "million"]), "million mn m") == [
        "million",
        "mn",
        "m",
    ]


def test_every_unit_with_a_size_is_written_somehow():
    assert set(lexicon.UNIT_SIZES) <= set(lexicon.UNIT_SPELLINGS.values())


def test_stop_words_are_listed_once():
    lists = [
        (file.name, node.value)
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    again = [
        name
        for name, text in lists
        if len(words := text.split()) > 20
        and sum(word in lexicon.STOP_WORDS for word in words) > 0.8 * len(words)
    ]
    assert again == []


def test_lexicon_holds_no_outlet_or_place_of_the_demo():
    lists = (value for value in vars(lexicon).values() if isinstance(value, frozenset))
    words = {word for each in lists for word in each}
    demo = "gazette chronicle courier dispatch herald skerry skerries mills greens castor tarrow"
    assert not words & set(demo.split())
