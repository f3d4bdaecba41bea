"""The screen in other languages than English."""

import pytest

from tests.browser.conftest import PHONE

SAID = {
    "de-DE": ("Fragen", "Bibliothek", "Neues Gespräch", "Keine Antwort in den Artikeln gefunden"),
    "fr-FR": ("Demander", "Bibliothèque", "Nouvelle conversation", "Aucune réponse trouvée"),
    "es-MX": ("Preguntar", "Biblioteca", "Conversación nueva", "No se encontró respuesta"),
}


@pytest.mark.parametrize("locale", SAID)
def test_screen_speaks_the_language_of_the_browser(demo, visit, ask, locale):
    asking, library, conversation, abstained = SAID[locale]
    page = visit(demo, locale=locale)
    page.locator("#question").get_by_role("button", name=asking).wait_for()
    assert page.locator("html").get_attribute("lang") == locale[:2]
    assert page.locator("#new").text_content() == conversation
    ask(page, "Who won the 1998 World Cup?")
    page.get_by_text(abstained).first.wait_for()
    page.get_by_role("tab", name=library).click()
    page.wait_for_url("**/library")
    page.locator(".listing table").wait_for()
    page.go_back()
    page.locator("#new").wait_for()


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_language_is_chosen_in_the_settings(demo, visit, ask, options):
    page = visit(f"{demo}/settings", ready="h1", **options)
    with page.expect_navigation():
        page.get_by_label("Language").select_option("fr")
    assert page.locator("h1").text_content() == "Réglages"
    assert page.get_by_label("Langue").input_value() == "fr"
    page.goto(demo)
    ask(page, "What is the Bank of Corvania's key interest rate?")
    page.get_by_text("Cela a changé").first.wait_for()
    assert page.locator(".card time").first.text_content() == "19 juin 2024"
    page.keyboard.press("Escape")
    page.locator("#question textarea").evaluate("box => box.blur()")
    page.keyboard.press("?")
    page.get_by_role("heading", name="Raccourcis clavier").wait_for()
    page.keyboard.press("Escape")
    page.goto(f"{demo}/settings")
    with page.expect_navigation():
        page.get_by_label("Langue").select_option("")
    assert page.locator("h1").text_content() == "Settings"


def test_what_can_be_chosen_is_named_in_words(demo, visit):
    page = visit(f"{demo}/evaluate", ready="#reader-choice input", locale="de-DE")
    reader = page.locator("#reader-choice input")
    assert reader.input_value() == "das trainierte Lesemodell"
    reader.click()
    page.get_by_role("option", name="kein Modell: ganze Sätze").wait_for()


def test_no_other_language_is_sent(demo, browser):
    context = browser.new_context(locale="de-DE")
    page = context.new_page()
    sent = []
    page.on("response", lambda reply: sent.append(reply) if reply.ok else None)
    page.goto(demo)
    page.wait_for_selector(".welcome", timeout=90_000)
    texts = "".join(
        reply.text() for reply in sent if "/bundle/" in reply.url or reply.url.rstrip("/") == demo
    )
    context.close()
    assert "Gespräch" in texts
    assert "Conversación" not in texts
    assert "Réglages" not in texts
