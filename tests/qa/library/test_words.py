"""Words of every script are found, in libraries from before that too."""

import pytest

from qa.build import open_pipeline
from qa.errors import IndexUnavailable, LibraryDamaged
from qa.library.integrity import check_word_counts, word_index_faults
from qa.library.store import Library
from qa.library.writer import open_writer
from qa.question.understand import understand
from qa.question.wording.vocabulary import article_counts, is_held, stand_together
from qa.records.article import Article
from qa.retrieve.lexical import LexicalLeg

ARTICLES = {
    "zh": "市政厅宣布，东边的新桥造价三亿元。",
    "ja": "新しい橋の建設費は三億円である。",
    "th": "สะพานใหม่มีค่าก่อสร้างสามร้อยล้านบาท",
    "ko": "새로운 다리의 건설비는 삼억 원이다.",
    "hi": "नए पुल की लागत तीस करोड़ रुपये है।",
    "pl": "Nowy most w Łodzi kosztował 300 milionów. Zbudowała go Ørsted-Brücke.",
    "en": "The Kestrel-2 probe of St. Marlow's landed at 4.25 p.m. on 12,000 pebbles in Malmö.",
}


@pytest.fixture
def library(make_library):
    articles = (Article.create(text, id=id_) for id_, text in ARTICLES.items())
    return make_library(*articles).library


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("新桥造价多少？", "zh"),
        ("桥？", "zh"),
        ("建設費はいくらですか？", "ja"),
        ("สะพานใหม่ราคาเท่าไร", "th"),
        ("สะพ", "th"),
        ("건설비는 얼마입니까?", "ko"),
        ("पुल की लागत", "hi"),
        ("zbudowala most", "pl"),
        ("Orsted Brucke", "pl"),
        ("When did Kestrel-2 land?", "en"),
        ("kestrel 2", "en"),
        ("malmo", "en"),
        ("12,000", "en"),
        ("１２,０００", "en"),
    ],
)
def test_article_is_found_by_its_words(library, question, article):
    leg = LexicalLeg(library)
    keys = [match.key for match in leg.rank(understand(question), 9)]
    found = [passage.article_id for passage in library.passages(keys).values()]
    assert article in found
    (first,) = library.passages(keys[:1]).values()
    assert first.article_id == article


@pytest.fixture
def earlier(library_folder, library):
    """The folder of the library as an earlier version left it, its words in the database."""
    with library.connection() as database:
        database.execute(
            "CREATE VIRTUAL TABLE passage_text USING fts5 "
            "(title, body, content='', tokenize='porter unicode61 remove_diacritics 2')"
        )
        database.execute("INSERT INTO passage_text (rowid, body) VALUES (1, 'old words')")
        database.execute("DROP TABLE words")
        database.execute("DROP TABLE lexical_removals")
        database.execute("DELETE FROM meta WHERE name = 'lexical_key'")
        database.execute("PRAGMA user_version = 7")
    library.lexical_index.clear()
    library.close()
    return library.folder


def tables(library):
    with library.connection() as database:
        return {row[0] for row in database.execute("SELECT name FROM sqlite_master")}


def test_earlier_library_finds_words_once_it_is_asked(earlier, monkeypatch):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    monkeypatch.setenv("QA_READER", "sentence")
    with open_pipeline(earlier) as pipeline:
        library = pipeline.library
        assert LexicalLeg(library).rank(understand("新桥造价"), 3)
        assert article_counts(library, ["kestrel", "pebbles"]) == {"kestrel": 1, "pebbles": 1}
        assert check_word_counts(library)
        assert word_index_faults(library) == 0
        assert not [name for name in tables(library) if "passage_text" in name]


def test_earlier_library_whose_full_text_is_damaged_is_opened(earlier):
    with Library.open(earlier).connection() as database:
        database.execute("PRAGMA user_version = 8")
        database.execute("PRAGMA writable_schema = ON")
        database.execute(
            "INSERT INTO sqlite_master VALUES ('table', 'passage_text', 'passage_text', 0, "
            "'CREATE VIRTUAL TABLE passage_text USING nonsense (title)')"
        )
        database.execute("CREATE TABLE passage_text_data (id INTEGER)")
    library = Library.open(earlier)
    assert not [name for name in tables(library) if "passage_text" in name]
    assert library.counts()["pending words"] == len(ARTICLES)
    library.close()


def test_words_are_counted_by_article_and_forgotten_with_it(library):
    with open_writer(library) as writer:
        writer.remove("en")
    assert article_counts(library, ["pebbles", "nowy"]) == {"nowy": 1}
    assert check_word_counts(library)


def test_wrong_count_is_a_finding(library):
    with library.connection() as database:
        database.execute("UPDATE words SET articles = 9 WHERE word = 'pebbles'")
    assert not check_word_counts(library)
    with open_writer(library) as writer:
        writer.rebuild_words()
    assert check_word_counts(library)


def test_words_are_held_in_any_form_and_beside_each_other(library):
    assert is_held(library, "landing")
    assert not is_held(library, "sinking")
    assert stand_together(library, ("kestrel", "probe"))
    assert not stand_together(library, ("kestrel", "pebbles"))


def test_damaged_words_are_held_until_the_search_tells(library, monkeypatch):
    def broken(self):
        raise LibraryDamaged(library.folder, "torn")

    def torn(self):
        raise IndexUnavailable("torn")

    monkeypatch.setattr(Library, "reading", broken)
    monkeypatch.setattr(Library, "words", torn)
    assert is_held(library, "anything")
    assert article_counts(library, ["pebbles"]) == {}
