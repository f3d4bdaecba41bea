"""The language of a short text."""

import pytest

from ingest.parsing.language import language_of
from qa.language.multilingual.identify import identify, is_latin, language_of_script
from qa.language.multilingual.notices import NOTICES


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Who chairs the board?", "en"),
        ("WHO CHAIRS THE BOARD?", "en"),
        ("Wer leitet den Vorstand der Bank?", "de"),
        ("Qui dirige la banque de la ville ?", "fr"),
        ("¿Quién dirige el banco de la ciudad?", "es"),
        ("Chi è il direttore della banca?", "it"),
        ("Quem é o diretor do banco?", "pt"),
        ("Wie is de directeur van de bank?", "nl"),
        ("谁领导银行？", "zh"),
        ("銀行の総裁は誰ですか？", "ja"),
        ("은행장은 누구입니까?", "ko"),
        ("ใครเป็นผู้ว่าการธนาคาร", "th"),
        ("Кто возглавляет банк города?", "ru"),
    ],
)
def test_language_of_a_question(question, language):
    assert identify(question) == language


@pytest.mark.parametrize("question", ["Tolland Bridge", "2024", "", "???"])
def test_names_and_signs_alone_tell_no_language(question):
    assert identify(question) == ""


def test_a_foreign_name_changes_no_script():
    assert is_latin("Who is 林浩, the captain?")
    assert language_of_script("Who is 林浩, the captain?") == ""


def test_short_article_in_a_script_of_its_own_has_its_language():
    assert language_of("新桥造价三亿元。") == "zh"
    assert language_of("Too short.") is None


@pytest.mark.parametrize("language", NOTICES)
def test_every_notice_names_the_language_of_the_articles(language):
    assert "ENGLISH" in NOTICES[language].other_language.format("ENGLISH")
