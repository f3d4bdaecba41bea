"""What sources would become."""

import json
from datetime import date

from ingest.preview import preview
from ingest.sandbox.messages import LeftOut
from tests.ingest.samples import TEXT, TITLE

LONG = " ".join([TEXT] * 5)


def test_a_preview_says_what_would_be_taken_in(tmp_path):
    file = tmp_path / "news.json"
    article = {
        "id": "7",
        "title": TITLE,
        "text": LONG,
        "date": "2024-06-13",
        "author": "Ann Lee",
        "source": "The Valley Herald",
    }
    file.write_text(json.dumps([article]))
    (found,) = preview([file])
    assert (found.title, found.published, found.author) == (TITLE, date(2024, 6, 13), "Ann Lee")
    assert (found.outlet, found.characters, found.warnings) == ("The Valley Herald", len(LONG), ())
    assert found.origin == f"{file}:1"


def test_what_may_be_wrong_with_an_article_is_said(tmp_path):
    (tmp_path / "a.txt").write_text("Rain fell\u2026")
    (tmp_path / "b.json").write_text(json.dumps({"text": LONG, "date": "2999-01-01"}))
    first, second = preview([tmp_path])
    assert first.warnings == (
        "no day",
        "titled after its file",
        "short",
        "ends with an ellipsis; is it cut off?",
    )
    assert second.warnings == ("a day to come", "titled after its first words")


def test_articles_of_one_id_are_named(tmp_path):
    first = {"id": "7", "title": TITLE, "text": LONG}
    for name, article in (("a", first), ("b", first), ("c", first | {"title": "Another"})):
        (tmp_path / f"{name}.json").write_text(json.dumps([article]))
    first, same, other = preview([tmp_path])
    assert not any(str(tmp_path) in warning for warning in first.warnings)
    assert same.warnings[0] == f"the same article as {tmp_path / 'a.json'}:1"
    assert other.warnings[0] == (
        f"the id of {tmp_path / 'a.json'}:1: a version of that article, or kept apart from it"
    )


def test_what_is_left_out_is_told_at_the_end(tmp_path):
    (tmp_path / "a.txt").write_text("")
    (tmp_path / "b.txt").write_text(LONG)
    found, left_out = preview([tmp_path])
    assert left_out == LeftOut(str(tmp_path / "a.txt"), "empty")
    assert found.characters == len(LONG)
