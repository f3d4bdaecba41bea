"""Damage to what a library holds is found, named, mended where it can be, and never cited."""

import sqlite3
from datetime import date

import pytest

from ingest import ingest
from ingest.split import split
from qa.build import open_pipeline
from qa.errors import ArticleDamaged
from qa.index.doctor import examine, repair
from qa.index.removal import remove
from qa.index.vector_index import ChromaIndex
from qa.library.drafts import Draft
from qa.library.recheck import check
from qa.library.sqlite import schema
from qa.library.store import Library
from qa.library.writer import open_writer
from qa.records.article import Article
from qa.records.question import Scope

SHARE = "What share of the ferries of Kessel were late?"
TEXT = "The council said that 13% of the ferries of Kessel were late. It rained in April."

# Damage that PostgreSQL does not let in.
KINDS = ["folder"]


@pytest.fixture
def late():
    return Article.create(TEXT, id="late", title="Late ferries", source="Gazette")


@pytest.fixture
def shop(make_library, late, orchard, monkeypatch):
    # The child process takes two seconds and has tests of its own.
    monkeypatch.setattr(ChromaIndex, "check", lambda index: None)
    return make_library(late, orchard)


def tamper(shop, sql, *values):
    with shop.library.connection() as database:
        database.execute(sql, values)


def falsify(shop):
    tamper(shop, "UPDATE articles SET text = replace(text, '13%', '99%') WHERE id = 'late'")


def findings(shop):
    return {each.name: each for each in examine(shop.library, shop.index).findings}


def mend(shop):
    with open_writer(shop.library) as writer:
        return repair(writer, shop.embedder, shop.index, split=split)


@pytest.fixture
def ask(shop, monkeypatch):
    """``ask(question)`` over the library, with the quickest models."""
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    monkeypatch.setenv("QA_READER", "sentence")

    def ask(question):
        with open_pipeline(shop.library.folder) as pipeline:
            return pipeline.ask(question)

    return ask


# Never cited


def test_two_flipped_bytes_are_no_exact_words(shop, ask):
    assert "13%" in ask(SHARE).text
    shop.library.close()
    file = shop.library.folder / "library.db"
    data = file.read_bytes()
    assert data.count(b"13%") > 0
    file.write_bytes(data.replace(b"13%", b"99%"))
    answer = ask(SHARE)
    assert "99%" not in answer.text
    assert not any(each.article_id == "late" for each in answer.citations)


def test_abstention_names_the_damaged_article(shop, ask):
    falsify(shop)
    answer = ask(SHARE)
    assert answer.abstained
    assert "'late' (Late ferries) is damaged and not cited" in answer.reason


def test_damage_is_in_the_trace_of_an_answer_from_others(shop, ask):
    falsify(shop)
    answer = ask("Who blamed a frost in April for the late bloom?")
    assert not answer.abstained
    assert {each.article_id for each in answer.citations} == {"orchard"}
    assert any(step.name == "damage" and "'late'" in step.detail for step in answer.trace)


@pytest.mark.parametrize(
    "change",
    [
        "title = 'Early ferries'",
        "source = 'Courier'",
        "published = '2020-01-01'",
        "url = 'https://other.example/'",
        "ingested = 'yesterday'",
        "version = 'two'",
        "published = 'not a day'",
        "text = CAST(X'ff41fe' AS TEXT)",
        "text = X'0001'",
        "text = 17",
        "title = NULL OR 5",
    ],
)
def test_whatever_can_be_cited_of_an_article_is_covered(shop, ask, change):
    tamper(shop, f"UPDATE articles SET {change} WHERE id = 'late'")
    with pytest.raises(ArticleDamaged, match="late"):
        shop.library.article("late")
    assert not any(each.article_id == "late" for each in ask(SHARE).citations)
    assert "'late'" in findings(shop)["damaged articles"].detail


def test_damaged_id_is_not_cited(shop, ask):
    tamper(shop, "UPDATE articles SET id = 'lame' WHERE id = 'late'")
    assert ask(SHARE).citations == ()


@pytest.mark.parametrize("span", [(3, 40), (10, 9000), (60, 5), (-4, 20)], ids=str)
def test_damaged_passage_never_misquotes(shop, ask, late, span):
    tamper(shop, "UPDATE passages SET start = ?, stop = ? WHERE key = 1", *span)
    for citation in ask(SHARE).citations:
        text = shop.library.article(citation.article_id).text
        assert text[citation.start : citation.end] == citation.quote
    assert "late" in findings(shop)["passages"].detail
    assert mend(shop).healthy
    assert [each.passage.text for each in shop.library.passages_of("late")] == [late.text]


def test_kept_answer_of_a_damaged_article_is_told_so(shop, ask):
    kept = ask(SHARE)
    falsify(shop)
    (found,) = check(kept, shop.library)
    assert (found.standing, found.stands) == ("damaged", False)


# Brought back


def put(shop, article):
    with open_writer(shop.library) as writer:
        return writer.put([Draft(article, tuple(split(article)))])


def test_taking_in_again_brings_a_damaged_article_back(shop, ask, late):
    falsify(shop)
    assert put(shop, late) == ["updated"]
    assert mend(shop).healthy
    assert "13%" in ask(SHARE).text
    # What was damaged is no earlier version of it.
    assert [each.text for each in shop.library.versions("late")] == [late.text]


def test_ingest_brings_a_damaged_article_back_with_its_passages(tmp_path, monkeypatch):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    source = tmp_path / "late.txt"
    source.write_text(TEXT)
    ingest([source], library=tmp_path / "library")
    library = Library.open(tmp_path / "library")
    (summary,) = library.summaries()
    with library.connection() as database:
        database.execute("UPDATE articles SET text = replace(text, '13%', '99%')")
    ingest([source], library=tmp_path / "library")
    assert library.article(summary.id).text == TEXT
    assert len(library.passages_of(summary.id)) == 1
    library.close()


def test_damaged_article_can_be_removed(shop):
    falsify(shop)
    with open_writer(shop.library) as writer:
        assert remove(writer, shop.embedder, shop.index, ["late"]) == {"late": "Late ferries"}
    assert findings(shop) == {}
    assert shop.library.words().search(["kessel"], 5, Scope()) == []


def test_repair_cannot_mend_a_damaged_article_and_says_so(shop):
    falsify(shop)
    health = mend(shop)
    assert [each.name for each in health.findings] == ["damaged articles"]
    assert not health.repairable


# Earlier versions


@pytest.fixture
def corrected(shop, store):
    store(shop, Article.create(TEXT.replace("13%", "14%"), id="late", title="Late ferries",
                               source="Gazette"))  # fmt: skip
    return shop


def test_damaged_earlier_version_is_found_and_forgotten(corrected):
    tamper(corrected, "UPDATE versions SET record = replace(record, '13%', '99%')")
    assert "version 1 of 'late'" in findings(corrected)["earlier versions"].detail
    with pytest.raises(ArticleDamaged, match="earlier version"):
        corrected.library.versions("late")
    assert mend(corrected).healthy
    assert len(corrected.library.versions("late")) == 1


def test_damaged_earlier_version_tells_no_day_of_correction(corrected, ask):
    assert ask(SHARE).citations[0].read_again is not None
    tamper(corrected, "UPDATE versions SET record = 'x'")
    (citation,) = ask(SHARE).citations
    assert citation.read_again is None
    assert "14%" in citation.quote


# The indexes of the database


def tear_words(shop):
    """Flip a byte in the middle of the words."""
    shop.library.lexical_index.close()
    (file,) = (shop.library.folder / "words").glob("*.term")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0x41
    file.write_bytes(data)


def test_damaged_word_index_is_found_and_made_anew(shop):
    tear_words(shop)
    assert ".term is not as it was written" in findings(shop)["word index"].detail
    assert mend(shop).healthy
    assert len(shop.library.words().search(["kessel"], 5, Scope())) == 1


def test_question_is_answered_by_meaning_while_the_word_index_is_damaged(shop, ask):
    tear_words(shop)
    answer = ask(SHARE)
    assert "13%" in answer.text
    (step,) = [each for each in answer.trace if each.name == "search by words"]
    assert "doctor --repair" in step.detail


def test_malformed_page_is_a_finding(shop):
    with shop.library.connection() as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = database.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'articles_origin'"
        ).fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    shop.library.close()
    with (shop.library.folder / "library.db").open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\x55" * size)
    assert "database" in findings(shop)


# Libraries from before there were checksums


def downgrade(shop, *, before=lambda: None):
    """Make it a library as version 4 of the schema had it."""
    before()
    with shop.library.connection() as database:
        for table, column in (("articles", "checksum"), ("articles", "spans"),
                              ("versions", "checksum")):  # fmt: skip
            database.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        database.execute("PRAGMA user_version = 4")
    shop.library.close()


def test_older_library_gets_its_checksums_when_it_is_opened(corrected):
    downgrade(corrected)
    assert list(findings(corrected)) == ["pending words"]
    assert mend(corrected).healthy
    with corrected.library.connection() as database:
        assert database.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)


def test_article_damaged_before_there_were_checksums_is_known_by_its_hash(shop):
    downgrade(shop, before=lambda: falsify(shop))
    assert list(findings(shop)) == ["damaged articles", "pending words"]


def test_text_that_is_no_utf8_does_not_keep_an_older_library_shut(shop):
    spoil = "UPDATE articles SET text = CAST(X'ff41fe' AS TEXT) WHERE id = 'late'"
    downgrade(shop, before=lambda: tamper(shop, spoil))
    assert "damaged articles" in findings(shop)


def test_library_from_before_days_were_marked_is_whole(corrected):
    with corrected.library.connection() as database:
        for column in ("dated_by", "locked"):
            database.execute(f"ALTER TABLE articles DROP COLUMN {column}")
        database.execute("PRAGMA user_version = 5")
    corrected.library.close()
    assert list(findings(corrected)) == ["pending words"]
    assert corrected.library.article("late").dated_by is None


def test_marks_of_an_article_are_stored_and_a_change_of_them_is_damage(shop, store):
    marked = Article.create(TEXT, id="shown", published=date(2024, 6, 13), dated_by="byline",
                            locked=True)  # fmt: skip
    store(shop, marked)
    found = shop.library.article("shown")
    assert (found.dated_by, found.locked) == ("byline", True)
    tamper(shop, "UPDATE articles SET dated_by = NULL WHERE id = 'shown'")
    assert list(findings(shop)) == ["damaged articles"]


def test_foreign_database_is_left_as_it_was(tmp_path):
    file = tmp_path / "library.db"
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE notes (body TEXT)")
    database.commit()
    database.close()
    before = file.read_bytes()
    with pytest.raises(Exception, match="not a library of this program"):
        Library.open(tmp_path, create=True)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["library.db"]
