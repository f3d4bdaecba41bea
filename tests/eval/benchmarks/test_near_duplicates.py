"""The measurement of copies: what it counts, and that it says when there is nothing to count."""

import gzip
import json

import pytest

from eval.benchmarks.near_duplicates import PLANTS, joined_pages, main

WORDS = [f"word{number}" for number in range(400)]
STORY, OTHER = " ".join(WORDS[:200]), " ".join(WORDS[200:])


def write(file, *rows):
    with gzip.open(file, "wt") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)


def test_versions_of_a_page_and_pages_that_share_a_text_are_joined():
    joined = joined_pages([(STORY, f"{STORY} more"), (OTHER, "Nothing."), (OTHER, STORY)])
    assert joined[0, 0] == joined[1, 2] == joined[0, 2] == 1.0
    assert (1, 1) not in joined
    assert (0, 1) not in joined


@pytest.mark.parametrize("plant", PLANTS)
def test_planted_change_changes_the_text_once(plant):
    text = "On Monday the mayor Ilse Brand was in Selby with 14 others."
    assert PLANTS[plant](text) != text


def test_missing_files_are_named(tmp_path, capsys):
    main([str(tmp_path)])
    out = capsys.readouterr().out
    assert "skipped: there is no" in out
    assert "neardup_pairs.jsonl.gz" in out


def test_tables_hold_what_was_counted(tmp_path, capsys):
    pairs = [(STORY, STORY), (OTHER, OTHER), (STORY[::-1], STORY[::-1]), (OTHER, STORY)]
    write(tmp_path / "neardup_pairs.jsonl.gz", *({"text_a": a, "text_b": b} for a, b in pairs))
    texts = {"a": STORY, "b": STORY, "c": f"{STORY} again", "d": OTHER}
    rows = [{"id": id_, "title": "Story", "text": text} for id_, text in texts.items()]
    write(tmp_path / "bbc.jsonl.gz", *rows)
    write(tmp_path / "reuters21578.jsonl.gz", *rows)
    main([str(tmp_path)])
    out = capsys.readouterr().out
    assert "| 0.7 | 1 of 2, 0.500" in out
    assert "| identical texts found | 1 of 1 |" in out
    assert "| pairs of other texts joined, under one heading | 2 |" in out
    assert "| clusters | 1 of 3 articles |" in out
