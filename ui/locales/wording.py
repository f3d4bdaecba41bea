"""What the screen says, in the language of whoever looks at it.

Texts stand in English where they are used; ``de.po`` and its neighbours have the others. The
language is that of the request that is being answered. Knows nothing of HTTP but two headers.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

__all__ = [
    "LANGUAGES",
    "LOCALES",
    "N_",
    "TEMPLATE_WORDS",
    "day",
    "decimal",
    "gettext",
    "language",
    "language_of",
    "moment",
    "ngettext",
    "number",
    "percent",
    "script_texts",
    "short_day",
    "speaking",
    "time_text",
    "wanted_language",
]

LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español"}
"""What can be chosen, each by its own name; the first is what is spoken where nobody asks."""

LOCALES = {"en": "en_GB"}
"""By which locale days and numbers are written, where it is not that of the language alone: English
as it is written in the texts, the day before the month.
"""
_FOLDER = Path(__file__).parent
_CHOICE = re.compile(r"(?:^|;)\s*language=(\w{2})(?:;|$)")
_SCRIPT_TEXT = re.compile(r'(?<![\w.])_\("([^"\\]+)"')
_SCRIPT_NUMBERS = re.compile(r'ngettext\("([^"\\]+)", "([^"\\]+)"')
_spoken: ContextVar[str] = ContextVar("language", default="en")


def language() -> str:
    """The code of the language that is spoken now."""
    return _spoken.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak that language, one of ``LANGUAGES``, meanwhile."""
    mark = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(mark)


def wanted_language(chosen: str, accepted: str) -> str:
    """The language that was chosen, else the first that a browser accepts (``Accept-Language``),
    else English.

    >>> wanted_language("fr", "de"), wanted_language("", "it, es-MX;q=0.8, de;q=0.9")
    ('fr', 'de')
    """
    if chosen in LANGUAGES:
        return chosen
    ranked: list[tuple[float, int, str]] = []
    for place, entry in enumerate(accepted.split(",")[:20]):
        code, _, rest = entry.strip().partition(";")
        try:
            weight = float(rest.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        ranked.append((-weight, place, code.strip().lower().partition("-")[0]))
    codes = (code for weight, _, code in sorted(ranked) if weight < 0)
    return next((code for code in codes if code in LANGUAGES), "en")


def language_of(headers: Mapping[str, str]) -> str:
    """The language of whoever sent these headers, by their names in lower case: as chosen on the
    page of settings, which keeps it in a cookie, else as the browser has it.
    """
    chosen = _CHOICE.search(headers.get("cookie", ""))
    return wanted_language(chosen[1] if chosen else "", headers.get("accept-language", ""))


def script_texts(code: str, script: str) -> dict[str, str | list[str]]:
    """What a script says by ``_("…")`` and ``ngettext("…", "…", …)``, in that language, by the
    English texts; of the latter both forms. Nothing for English.
    """
    if code == "en":
        return {}
    catalogue = _catalogue(code)
    texts: dict[str, str | list[str]] = {
        text: catalogue.gettext(text) for text in _SCRIPT_TEXT.findall(script)
    }
    for one, many in _SCRIPT_NUMBERS.findall(script):
        texts[one] = [catalogue.ngettext(one, many, number) for number in (1, 2)]
    return texts


def N_(message: str) -> str:
    """The text as it is, to be said by ``gettext`` later on."""
    return message


def gettext(message: str, **values: object) -> str:
    """The text, with ``%(name)s`` replaced by the value of that name; what is no markup in it is
    escaped when one of them is.
    """
    return _filled(_catalogue(language()).gettext(message), values)


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """The same for a number of things, which is ``%(num)s`` in the text."""
    text = _catalogue(language()).ngettext(singular, plural, num)
    return _filled(text, {"num": number(num), **values})


def day(when: date) -> str:
    """The day in words.

    >>> day(date(2024, 6, 3))
    '3 June 2024'
    """
    from babel.dates import format_date

    return format_date(_date_of(when), "long", locale=_locale())


def short_day(when: date) -> str:
    """The day, as short as it is clear.

    >>> short_day(date(2024, 6, 3))
    '3 Jun 2024'
    """
    from babel.dates import format_date

    return format_date(_date_of(when), "medium", locale=_locale())


def moment(when: datetime) -> str:
    """The day with the hour and minute, in the zone that it is in.

    >>> moment(datetime(2024, 6, 3, 17, 5))
    '3 June 2024 17:05'
    """
    from babel.dates import format_time

    return f"{day(when)} {format_time(when, 'HH:mm', locale=_locale())}"


def time_text(when: datetime) -> str:
    """The time of the day with its seconds.

    >>> time_text(datetime(2024, 6, 3, 17, 5))
    '17:05:00'
    """
    from babel.dates import format_time

    return format_time(when, "medium", locale=_locale())


def number(count: int) -> str:
    """A number of things.

    >>> number(12345)
    '12,345'
    """
    from babel.numbers import format_decimal

    return format_decimal(count, locale=_locale())


def decimal(value: float, digits: int = 3, *, signed: bool = False) -> str:
    """A number with as many digits after the point, with ``signed`` also a plus.

    >>> decimal(0.5), decimal(0.25, 2, signed=True)
    ('0.500', '+0.25')
    """
    from babel.numbers import format_decimal

    pattern = "0." + "0" * digits
    return format_decimal(value, f"+{pattern};-{pattern}" if signed else pattern, _locale())


def percent(share: float) -> str:
    """A share in [0, 1].

    >>> percent(0.256)
    '26%'
    """
    from babel.numbers import format_percent

    return format_percent(share, locale=_locale())


TEMPLATE_WORDS: Mapping[str, Callable[..., object]] = {
    "_": gettext,
    "ngettext": ngettext,
    "day": day,
    "short_day": short_day,
    "moment": moment,
    "number": number,
    "decimal": decimal,
    "percent": percent,
    "language": language,
}
"""What templates say it by."""


def _filled(text: str, values: Mapping[str, object]) -> str:
    if not values:
        return text
    if not any(hasattr(value, "__html__") for value in values.values()):
        return text % values
    from markupsafe import escape

    return escape(text) % values


def _locale() -> str:
    code = language()
    return LOCALES.get(code, code)


def _date_of(when: date) -> date:
    return when.date() if isinstance(when, datetime) else when


@cache
def _catalogue(code: str) -> NullTranslations:
    """The texts of a language, from its file; English needs none."""
    path = _FOLDER / f"{code}.po"
    if code == "en" or not path.is_file():
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)
