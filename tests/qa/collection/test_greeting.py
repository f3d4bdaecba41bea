"""Greetings get a plain reply in their language."""

import pytest


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("Hello!", "Hello. I answer"),
        ("Who are you?", "Hello. I answer"),
        ("Guten Morgen", "Hallo. Ich beantworte"),
        ("Wer bist du?", "Hallo. Ich beantworte"),
        ("Bonjour", "Bonjour. Je réponds"),
        ("¿Quién eres?", "Hola. Respondo"),
    ],
)
def test_reply_is_in_the_language_of_the_greeting(about, text, opening):
    answer = about(text, "greeting")
    assert answer.text.startswith(opening)
    assert "6 " in answer.text
    assert "Moon over Linden" in answer.text
    assert (answer.hits, answer.citations, answer.abstained) == ((), (), False)


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Thanks!", "You are welcome."),
        ("thank you very much", "You are welcome."),
        ("Vielen Dank", "Gern geschehen."),
        ("Merci beaucoup", "Je vous en prie."),
        ("Muchas gracias", "De nada."),
        ("Goodbye", "Goodbye."),
        ("Tschüss", "Auf Wiedersehen."),
    ],
)
def test_thanks_and_goodbyes_get_one_line(about, text, reply):
    assert about(text, "greeting").text == reply
