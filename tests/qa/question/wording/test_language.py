"""A question in another language than the articles."""

import pytest

from qa.question.understand import understand
from qa.question.wording.language import in_language_asked, language_notice
from qa.records.answer import Hit
from qa.records.article import Article

GERMAN = "Die Brücke wurde am Montag gesperrt, teilte das Rathaus mit."


@pytest.mark.parametrize(
    ("question", "notice"),
    [
        ("Warum wurde die Brücke gesperrt?", "Die Artikel sind auf Englisch"),
        ("Pourquoi le pont a-t-il été fermé ?", "Les articles sont en anglais"),
        ("¿Por qué se cerró el puente?", "Los artículos están en inglés"),
        ("Perché è stato chiuso il ponte?", "Gli articoli sono in inglese"),
        ("大桥为什么关闭？", "文章是英文的"),
        ("橋はなぜ閉鎖されましたか？", "記事は英語で"),
        ("ทำไมสะพานถึงปิด", "บทความเป็นภาษาอังกฤษ"),
    ],
)
def test_notice_is_in_the_language_of_the_question(library, question, notice):
    assert language_notice(question, library).startswith(notice)


@pytest.mark.parametrize(
    "question",
    ["Who closed the bridge?", "hallam street bridge", "Zanthor?", "12", "Odile Branner unsafe"],
)
def test_english_question_over_english_articles_gets_none(library, question):
    assert language_notice(question, library) == ""


def test_english_question_over_articles_in_another_language_is_told_which(make_library):
    shop = make_library(Article.create(GERMAN, id="de", language="de"))
    assert language_notice("Who closed the bridge?", shop.library) == (
        "The articles are in German, and the question is in English. Please ask it in German."
    )
    assert language_notice("Wann wurde die Brücke gesperrt?", shop.library) == ""


def test_articles_of_unknown_language_may_be_in_any(make_library):
    shop = make_library(Article.create("The bridge was closed.", id="unknown"))
    assert language_notice("Warum wurde die Brücke gesperrt?", shop.library) == ""


def test_question_is_read_in_the_articles_of_its_language(library, make_library, store):
    shop = make_library()
    store(shop, Article.create(GERMAN, id="de", language="de"))
    question = "Wann wurde die Brücke gesperrt?"
    hits = [Hit(shop.library.passages_of(id_)[0].passage, 1.0) for id_ in ("0", "de")]
    asked = understand(question).text
    kept = in_language_asked(asked, hits, shop.library)
    assert [hit.passage.article_id for hit in kept] == ["de"]
    assert in_language_asked("Who closed the bridge?", hits, shop.library) == tuple(hits)
