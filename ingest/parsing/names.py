"""Names of people as lines and fields write them: each by itself, without roles and outlets."""

import re
from collections.abc import Iterable, Sequence

from qa.language.cleaning import one_line
from qa.language.lexicon import MONTHS, STOP_WORDS, WEEKDAYS

__all__ = ["BY", "is_person", "joined_names", "name_parts"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# "By" before a name in the languages of most news on the web.
BY = re.compile(
    r"\A(?:(?:article|story|words|text|texte|texto|written|posted|published|reported|report|foto"
    r"|photos?|analysis|opinion)\s+)?(?:by|von|par|por|di|da|door|av|af|autor(?:in|es)?|author"
    r"|auteur|szerző|yazan|автор)\b\s*:?\s*",
    re.IGNORECASE,
)
# Words of a page's own parts, which stand where names do.
_NO_NAMES = (
    _words(
        """username user follow following share subscribe login register sign read more comments
    comment print email contact updated published posted date time views staff admin
    administrator editor team redaktion redaction redazione redacción newsroom guest unknown
    none null anonymous anonymus profile about http https www com home menu reply edit
    archive show minute minutes min facebook twitter linkedin instagram whatsapp photo
    photos image video"""
    )
    | {day.lower() for day in WEEKDAYS}
    | (frozenset(MONTHS) - {"may", "april", "june", "mar", "jan"})
)
# What writers are; the last word of what is said behind a name.
_ROLES = _words(
    """analyst author chief columnist commentator contributor correspondent critic director
    editor fellow freelancer intern journalist manager photographer producer professor reporter
    researcher service staff writer korrespondent korrespondentin redakteur redakteurin reporterin
    journaliste correspondant redactor corresponsal periodista giornalista inviato"""
)
_SPLIT = re.compile(r"[;|•·/]| & |,? (?:and|AND|und|UND|et|y|e|og|och|en|with|mit) ")
_NAME_WORD = re.compile(r"(?:[^\W\d_]++[.'’-]?+)++")
# Particles of names that are not in capitals.
_PARTICLES = _words("""de da di del della der den von van vom zu la le el al bin ibn ten ter dos""")
_DEGREES = re.compile(
    r",? \(?(?:M\.?D\.?|Ph\.?\s?D\.?|MA|M\.A\.|BSc|MSc|MPH|RN|Jr\.?|Sr\.?|Esq\.?)\)?(?=,|\Z)"
)
_MOST_WORDS = 5
_LONGEST = 60


def joined_names(
    names: Iterable[str], sites: Sequence[str] = (), *, trusted: bool = True
) -> str | None:
    """Names as one string, each once; what is no name is left out.

    Of people and organisations only the people stay. ``trusted`` names are said to be such: they
    may have one word, or belong to an organisation.

    >>> joined_names(["By Erin Banks and Joe Smith, Reuters"])
    'Erin Banks, Joe Smith'
    """
    parts = [part for name in names for part in name_parts(name)]
    known = {site.casefold() for site in sites}
    people = [part for part in parts if is_person(part) and part.casefold() not in known]
    if not people and trusted:
        people = [part for part in parts if part.casefold() not in _NO_NAMES and not part.isdigit()]
    return ", ".join(dict.fromkeys(people)) or None


def name_parts(name: str) -> list[str]:
    name = _without_by(one_line(name[:1000]))
    if "://" in name or "@" in name:
        return []
    parts: list[str] = []
    for piece in _SPLIT.split(_DEGREES.sub("", name)):
        surname_first = re.fullmatch(
            r"([^\W\d_-]+(?:-[^\W\d_]+)?), ((?:[^\W\d_]+|[A-Z]\.)(?: [A-Z]\.)?)", piece
        )
        # "Kooman, F." is one person, "Reuters, AP" and "Ann Lee, Bo Ek" are two.
        single = surname_first and surname_first[2].endswith(".")
        parts += [piece] if single else piece.split(",")
    stripped = (part.strip(" ,:;–—-\"'“”") for part in parts)
    # The full stop of an initial is part of the name.
    return [p if re.search(r"\b\w\.\Z", p) else p.rstrip(".") for p in stripped if p.strip(".")]


def _without_by(name: str) -> str:
    """A line without the word before its names; "Da Silva" begins with none."""
    rest = BY.sub("", name)
    return rest if " " in rest or name[:2].lower() == "by" or ":" in name else name


def is_person(name: str) -> bool:
    words = name.split()
    if not 2 <= len(words) <= _MOST_WORDS or len(name) > _LONGEST:
        # Names without spaces between their parts.
        return bool(re.fullmatch(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af·]{2,8}", name))
    if any(word.strip(".,").casefold() in _NO_NAMES for word in words):
        return False
    if not all(_NAME_WORD.fullmatch(word) for word in words):
        return False
    if words[-1].casefold() in _ROLES:
        return False
    capitals = [
        word for word in words if word[:1].isupper() or word[:1].lower() == word[:1].upper()
    ]
    others = [word for word in words if word not in capitals]
    return (
        len(capitals) >= 2
        and all(word.casefold().split("'")[0] in _PARTICLES for word in others)
        and not any(
            word.casefold() in STOP_WORDS
            for word in capitals
            if word.isalpha() and len(word) > 2 and word != "Will"
        )
    )
