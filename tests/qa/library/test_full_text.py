"""Words of every script are found, in libraries from before that too."""

import pytest

from qa.errors import LibraryDamaged
from qa.library.integrity import check_full_text
from qa.library.store import Library
from qa.library.writer import open_writer
from qa.question.understand import understand
from qa.question.wording.vocabulary import any_of, article_counts, is_held, stand_together
from qa.records.article import Article
from qa.records.question import Scope
from qa.retrieve.lexical import LexicalLeg, expression

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


def test_library_from_before_finds_them_once_it_is_opened(library):
    with library.connection() as database:
        database.execute("DROP TABLE words")
        database.execute("DROP TABLE passage_text")
        database.execute(
            "CREATE VIRTUAL TABLE passage_text USING fts5 "
            "(title, body, content='', tokenize='porter unicode61 remove_diacritics 2')"
        )
        database.execute("PRAGMA user_version = 5")
    library.close()
    again = Library.open(library.folder)
    assert again.match(expression("新桥造价"), 3, Scope())
    assert article_counts(again, ["kestrel", "pebbles"]) == {"kestrel": 1, "pebbles": 1}
    assert check_full_text(again) == ""
    again.close()


def test_words_are_counted_by_article_and_forgotten_with_it(library):
    with open_writer(library) as writer:
        writer.remove("en")
    assert article_counts(library, ["pebbles", "nowy"]) == {"nowy": 1}
    assert check_full_text(library) == ""


def test_wrong_count_is_a_finding(library):
    with library.connection() as database:
        database.execute("UPDATE words SET articles = 9 WHERE word = 'pebbles'")
        database.commit()
    assert "words" in check_full_text(library)
    with open_writer(library) as writer:
        writer.rebuild_full_text()
    assert check_full_text(library) == ""


def test_words_are_held_in_any_form_and_beside_each_other(library):
    assert is_held(library, "landing")
    assert not is_held(library, "sinking")
    assert stand_together(library, ("kestrel", "probe"))
    assert not stand_together(library, ("kestrel", "pebbles"))


def test_signs_in_a_word_are_no_syntax(library):
    assert library.match(any_of(['a" OR (', "pebbles"]), 3, Scope())


def test_damaged_words_are_held_until_the_search_tells(library, monkeypatch):
    def broken(self):
        raise LibraryDamaged(library.folder, "torn")

    monkeypatch.setattr(Library, "connection", broken)
    assert is_held(library, "anything")
    assert article_counts(library, ["pebbles"]) == {}
