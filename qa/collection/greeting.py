"""Plain replies to greetings and to "who are you?", in the language of the greeting."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from qa.collection.listing import record_line
from qa.collection.subject import day_text
from qa.library.store import Library
from qa.library.tables.catalog import Selection
from qa.records.answer import Statement
from qa.records.question import Scope

__all__ = ["greeting", "greeting_language"]

# What opens a greeting, or a question of what this is, in each language but English.
_OPENINGS = {
    "de": r"hallo|guten (?:tag|morgen|abend)|gr[üu](?:ß|ss)|servus|moin|wer bist|was bist"
    r"|was kann(?:st)?|wie geht|danke|vielen dank|hilfe|tsch[üu]ss",
    "fr": r"bonjour|bonsoir|salut|coucou|qui es|qui êtes|qu['’]es|que peux|que puis|comment ça"
    r"|comment allez|merci|au revoir|aide",
    "es": r"hola|buen[oa]s|¿?qui[ée]n eres|¿?qu[ée] eres|¿?qu[ée] pued|¿?c[óo]mo est[áa]s"
    r"|(?:muchas )?gracias|adi[óo]s|ayuda",
}
_REPLIES = {
    "en": (
        "Hello. I answer questions from the articles in this library, with exact quotations.",
        "It holds {count} from {outlets}{days}.",
        "You can ask, for example: “What is in here?”, “What is the newest article?”{title}.",
        " or “Summarise the article ‘{title}’”",
    ),
    "de": (
        "Hallo. Ich beantworte Fragen aus den Artikeln dieser Bibliothek, mit genauen Zitaten.",
        "Sie enthält {count} von {outlets}{days}.",
        "Fragen Sie zum Beispiel: „Was ist hier drin?“, „Was ist der neueste Artikel?“{title}.",
        " oder „Fasse den Artikel ‚{title}‘ zusammen“",
    ),
    "fr": (
        "Bonjour. Je réponds aux questions à partir des articles de cette bibliothèque, avec des"
        " citations exactes.",
        "Elle contient {count} de {outlets}{days}.",
        "Vous pouvez demander, par exemple : « Qu’y a-t-il ici ? », « Quel est l’article le plus"
        " récent ? »{title}.",
        " ou « Résume l’article “{title}” »",
    ),
    "es": (
        "Hola. Respondo preguntas a partir de los artículos de esta biblioteca, con citas exactas.",
        "Contiene {count} de {outlets}{days}.",
        "Puede preguntar, por ejemplo: «¿Qué hay aquí?», «¿Cuál es el artículo más reciente?»"
        "{title}.",
        " o «Resume el artículo “{title}”»",
    ),
}
# What ends a conversation, in any language, and what is said then.
_THANKS = r"thank|thx\b|cheers|danke|vielen dank|merci|(?:muchas )?gracias"
_FAREWELL = r"(?:good ?)?bye|see you|tsch[üu]ss|auf wiedersehen|au revoir|adi[óo]s"
_THANKED = {
    "en": "You are welcome.",
    "de": "Gern geschehen.",
    "fr": "Je vous en prie.",
    "es": "De nada.",
}
_PARTED = {"en": "Goodbye.", "de": "Auf Wiedersehen.", "fr": "Au revoir.", "es": "Adiós."}
_COUNTED = {
    "en": ("{:,} article{s}", "{:,} outlet{s}", ", published from {} to {}"),
    "de": ("{:,} Artikel", "{:,} Quelle{n}", ", erschienen vom {} bis zum {}"),
    "fr": ("{:,} article{s}", "{:,} source{s}", ", publiés du {} au {}"),
    "es": ("{:,} artículo{s}", "{:,} fuente{s}", ", publicados del {} al {}"),
}

_DAYS: Mapping[str, Callable[[date], str]] = {
    "en": day_text,
    "de": lambda day: f"{day.day}.{day.month}.{day.year}",
    "fr": lambda day: f"{day:%d/%m/%Y}",
    "es": lambda day: f"{day:%d/%m/%Y}",
}


def greeting_language(text: str) -> str:
    """The language of a greeting as a two-letter code: de, fr, es, else en.

    >>> greeting_language("Guten Morgen!"), greeting_language("hi there")
    ('de', 'en')
    """
    for language, openings in _OPENINGS.items():
        if re.match(rf"\W*(?:{openings})", text.strip(), re.IGNORECASE):
            return language
    return "en"


def greeting(library: Library, text: str, scope: Scope) -> tuple[Statement, ...]:
    """What this is, what the library holds, and three things to ask, without sources; a line in
    return for thanks or a goodbye.
    """
    language = greeting_language(text)
    for opening, replies in ((_THANKS, _THANKED), (_FAREWELL, _PARTED)):
        if re.match(rf"\W*(?:{opening})", text.strip(), re.IGNORECASE):
            return (Statement(replies[language], (), "recorded"),)
    hello, holdings, examples, title_example = _REPLIES[language]
    selection = Selection(scope)
    with library.catalog() as catalog:
        count, first, last, _ = catalog.coverage(selection)
        outlet_names = [name for name, _ in catalog.outlets(selection) if name]
        newest = catalog.article_ids(selection, 1)
    title = record_line(library.title(newest[0])) if newest else ""
    articles_text, outlets_text, days_text = _COUNTED[language]
    days = [_DAYS[language](day) for day in (first, last) if day]
    lines = [
        hello,
        holdings.format(
            count=_counted(articles_text, count),
            outlets=_counted(outlets_text, len(outlet_names)),
            days=days_text.format(*days) if days else "",
        ),
        examples.format(title=title_example.format(title=title) if title else ""),
    ]
    return tuple(Statement(line, (), "recorded") for line in lines)


def _counted(noun: str, number: int) -> str:
    many = number != 1
    return noun.format(number, s="s" if many else "", n="n" if many else "")
