"""The language that is spoken, and how it writes numbers and days."""

from datetime import date, datetime

import pytest
from markupsafe import Markup

from ui.locales.wording import (
    LANGUAGES,
    day,
    decimal,
    gettext,
    language,
    language_of,
    moment,
    ngettext,
    number,
    percent,
    short_day,
    speaking,
)


def test_english_is_spoken_where_nobody_asked():
    assert language() == "en"
    assert gettext("Close") == "Close"


@pytest.mark.parametrize(
    ("code", "said"), [("en", "Close"), ("de", "Schließen"), ("fr", "Fermer"), ("es", "Cerrar")]
)
def test_text_is_said_in_the_language_that_is_spoken(code, said):
    with speaking(code):
        assert (language(), gettext("Close")) == (code, said)
    assert language() == "en"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "en"),
        ({"accept-language": "de-AT,de;q=0.9,en;q=0.8"}, "de"),
        ({"accept-language": "it, fr;q=0.5, es;q=0.7"}, "es"),
        ({"accept-language": "de;q=0, fr;q=0.1"}, "fr"),
        ({"accept-language": "xx;q=nonsense, fr"}, "fr"),
        ({"accept-language": "de", "cookie": "a=b; language=es; c=d"}, "es"),
        ({"accept-language": "de", "cookie": "language=tlh"}, "de"),
        ({"accept-language": "de", "cookie": "mylanguage=fr"}, "de"),
    ],
)
def test_chosen_language_counts_more_than_that_of_the_browser(headers, code):
    assert language_of(headers) == code


def test_days_and_numbers_are_written_as_the_language_does():
    told = {}
    for code in LANGUAGES:
        with speaking(code):
            told[code] = [
                day(date(2024, 6, 3)), short_day(date(2024, 6, 3)), number(12345),
                decimal(-0.25, 2, signed=True), percent(0.5), moment(datetime(2024, 6, 3, 9, 5)),
            ]  # fmt: skip
    assert told["en"] == [
        "3 June 2024",
        "3 Jun 2024",
        "12,345",
        "-0.25",
        "50%",
        "3 June 2024 09:05",
    ]
    assert told["de"][:3] == ["3. Juni 2024", "03.06.2024", "12.345"]
    assert told["de"][3] == "-0,25"
    assert told["fr"][0] == "3 juin 2024"
    assert told["es"][0] == "3 de junio de 2024"


def test_numbers_choose_the_form():
    with speaking("fr"):
        assert ngettext("%(num)s article", "%(num)s articles", 0) == "0 article"
        assert ngettext("%(num)s article", "%(num)s articles", 1234).endswith("234 articles")


def test_values_are_escaped_beside_markup():
    bold = Markup("<b>ada</b>")
    said = gettext("%(field)s: “%(earlier)s” became “%(value)s” on %(day)s",
                   field="<i>", earlier=bold, value="x", day="y")  # fmt: skip
    assert said == "&lt;i&gt;: “<b>ada</b>” became “x” on y"
