"""No small source stops or exhausts the process that reads it; each says what is wrong with it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ingest.costly_sources import COSTLY

ROOT = Path(__file__).resolve().parents[2]
# What is read all the same. The others are refused.
READ = {
    "heading with blanks", "key with blanks", "list of a key", "quotations never closed",
    "one quotation mark", "sentences of one letter", "long days", "day of a thousand digits",
    "text in lists in lists", "charset with blanks", "charset of Python",
    "times in elements in each other", "days that are none", "lists in JSON-LD",
    "authors in broken JSON-LD", "author of brackets", "paragraphs", "lines before a feed",
    "encodings of a feed", "addresses in a style", "many pages", "cell over all columns",
    "cell over rows", "links in a paragraph", "breaks in a run", "tables between paragraphs",
    "styles", "letters all over a page", "edges all over a page", "columns by the dozen",
    "boxes in a paragraph",
}  # fmt: skip


def run_program(name, *arguments, seconds):
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parent / name), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=seconds,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    # One process for all, since the parsers take a second to import.
    output = run_program("costly_sources.py", tmp_path_factory.mktemp("costly"), seconds=1500)
    return {each["name"]: each for each in map(json.loads, output.splitlines())}


# The first of them waits for all.
@pytest.mark.timeout(1600)
@pytest.mark.parametrize("name", COSTLY)
def test_small_source_neither_hangs_nor_takes_a_gigabyte(outcomes, name):
    outcome = outcomes[name]
    assert not outcome["killed"]
    assert max(outcome["peak_mb"], outcome["children_mb"]) < 1024


@pytest.mark.timeout(1600)
@pytest.mark.parametrize("name", COSTLY)
def test_small_source_is_read_or_refused_in_plain_words(outcomes, name):
    outcome = outcomes[name]
    assert bool(outcome["articles"]) == (name in READ)
    assert "its reader failed" not in outcome["reason"]
    assert "damaged" not in outcome["reason"]


@pytest.mark.timeout(1600)
def test_a_hundred_damaged_sources_are_read_or_refused(tmp_path):
    output = run_program("mutation_trials.py", tmp_path, 0, 100, 1, seconds=1500)
    wrong = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    # How long one takes depends on the machine; the program counts that, the test does not.
    assert [each for each in wrong if set(each["kinds"]) - {"slow"}] == []
    (row,) = [line.split() for line in output.splitlines() if line.startswith("all ")]
    trials, articles, failures = (int(number.replace(",", "")) for number in row[1:4])
    assert trials == 100
    # Did none get through, or all, the trials would prove nothing.
    assert articles > 10
    assert failures > 10
