"""What the benchmark of growth counts as lost, and as there twice."""

import json

import pytest

from eval.benchmarks.growth.sources import state_of, write_files
from ingest import ingest
from qa.library.store import Library
from qa.library.writer import open_writer


@pytest.fixture
def source(tmp_path):
    file = tmp_path / "articles.jsonl"
    text = "The pear orchards of Linden bloomed late. Growers blamed a frost in April. " * 20
    rows = [{"id": str(n), "title": f"Report {n}", "text": f"Report {n}. {text}"} for n in range(9)]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def test_files_have_as_many_articles_as_wanted_and_a_fact_each(source, tmp_path):
    files = write_files(source, tmp_path / "files", files=4, articles_each=3)
    assert [len(each.article_ids) for each in files] == [3] * 4
    for each in files:
        texts = [json.loads(line)["text"] for line in each.path.read_text().splitlines()]
        assert [each.fact.sentence in text for text in texts] == [True, False, False]
    assert len({each.fact.sentence for each in files}) == 4


def test_what_is_lost_or_out_of_step_is_counted(source, tmp_path, database_url, monkeypatch):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    files = write_files(source, tmp_path / "files", files=2, articles_each=4)
    ingest([each.path for each in files], library=database_url)
    library = Library.open(database_url)
    whole = {"articles": 8, "missing": 0, "twice": 0, "out of step": 0}
    assert state_of(library, files) == whole
    with open_writer(library) as writer:
        writer.remove("f0-1")
    changed = state_of(library, files)
    assert (changed["articles"], changed["missing"]) == (7, 1)
    # Their vectors wait to be deleted.
    assert changed["out of step"] > 0
    with library.connection() as database:
        database.execute("UPDATE articles SET hash = (SELECT max(hash) FROM articles)")
    assert state_of(library, files)["twice"] == 6
    library.close()
