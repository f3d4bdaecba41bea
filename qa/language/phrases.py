"""What a question or an answer mentions: names, noun phrases, days. English, and strings only.

There is no grammar here, only capitals, small words and some endings. Whoever uses it must bear
that a phrase is sometimes cut too short or too long.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.language.dates import WEEKDAY, dates
from qa.language.lexicon import (
    AUXILIARIES,
    DETERMINERS,
    NOUNS_AND_VERBS,
    NUMBER_WORDS,
    PREPOSITIONS,
    QUESTION_WORDS,
    SMALL_WORDS,
    THINGS,
    TITLES,
    VERBS,
    alternatives,
)  # fmt: skip

__all__ = [
    "Mention",
    "is_person",
    "is_plural",
    "is_verb",
    "join_members",
    "mentions",
    "names",
    "tokens",
]

# The stop of "U.S." and of "E. coli" belongs to the word, also before a possessive.
_TOKEN = re.compile(
    r"(?:\b[^\W\d_]\.){2,}(?:['’]s\b)?|\b[A-Z]\.(?= \w)"
    r"|\w(?:[\w&./-]*\w)?(?:['’](?:s\b)?)?|[^\w\s]"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A noun phrase of a text, half open; ``named`` tells that it holds a name."""

    text: str
    start: int
    end: int
    named: bool


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Words with their half-open ranges; a sign is a word of its own, a possessive ends its word.

    >>> [word for word, _, _ in tokens("Is Kestrel-2 Nordhav's?")]
    ['Is', 'Kestrel-2', "Nordhav's", '?']
    """
    return [(match.group(), *match.span()) for match in _TOKEN.finditer(text)]


def names(text: str) -> list[Mention]:
    """Runs of words with capitals, as "Bank of Corvania", "Line 4"; not the word that opens a
    sentence alone, unless it stands so elsewhere.

    >>> [name.text for name in names("Who runs the Bank of Corvania and Kestrel-2?")]
    ['Bank of Corvania', 'Kestrel-2']
    """
    mentions_found: list[Mention] = []
    words = tokens(text)
    place = 0
    while place < len(words):
        end = _name_end(words, place)
        if end > place and not _opens(words, place, end):
            low, high = words[place][1], words[end - 1][2]
            bare = re.sub(r"['’]s?$", "", text[low:high])
            mentions_found.append(Mention(bare, low, low + len(bare), True))
        place = max(end, place + 1)
    return [name for name in mentions_found if name.text not in dates(name.text)]


def mentions(text: str) -> list[Mention]:
    """The noun phrases in order: names, and what begins with an article or a possessive.

    >>> [found.text for found in mentions("How deep is the reef off Cape Lorne?")]
    ['the reef off Cape Lorne']
    >>> [found.text for found in mentions("When did the burglars enter the Orlan Museum?")]
    ['the burglars', 'the Orlan Museum']
    >>> [found.text for found in mentions("Tell me of the strike.")]
    ['the strike']
    """
    words = tokens(text)
    phrases: list[Mention] = []
    place = 0
    while place < len(words):
        end = _phrase_end(words, place)
        opening_verb = place == 0 and end == 1 and is_verb(words[0][0].lower())
        if end == place or opening_verb:
            place += 1
            continue
        low, high = words[place][1], words[end - 1][2]
        held_names = names(text[low:high]) or [
            name for name in names(text) if low <= name.start < high
        ]
        bare = re.sub(r"['’]s?$", "", text[low:high])
        bare = _without_date(bare)
        phrases.append(Mention(bare, low, low + len(bare), bool(held_names)))
        place = end
    return [phrase for phrase in phrases if phrase.text not in dates(phrase.text)]


def is_person(name: str, context: str) -> bool | None:
    """Whether a name is that of a person; None where neither it nor the texts around it tell.

    >>> is_person("Odile Marsh", "said fire chief Odile Marsh"), is_person("Red Cross", "")
    (True, None)
    >>> is_person("Kessel Bridge", "")
    False
    """
    words = [word for word, _, _ in tokens(name)]
    has_title = False
    while words and words[0].lower() in TITLES | {"the"}:
        has_title |= words[0].lower() in TITLES
        words = words[1:]
    bare = " ".join(words)
    if not words or words[-1].lower() in THINGS or re.search(r"\d| of ", bare):
        return False
    if re.fullmatch(rf"(?:[A-Z]\.?){{2,}}|{WEEKDAY}", bare):
        return False
    if not all(word[:1].isupper() for word in words) or len(words) > 4:
        return False
    mark = re.escape(bare)
    if re.search(rf"\b(?:[Tt]he|[Ii]n|[Ii]nto|[Oo]ff|[Nn]ear|[Aa]t) {mark}\b", context):
        return False
    title_before = rf"\b(?:{'|'.join(TITLES)}),? {mark}\b"
    speaks = rf"\b(?:said|says|told|asked|added) {mark}\b|\b{mark},? (?:said|says|told|who|whose)\b"
    apposition = rf"\b{mark}(?:, (?:an? |the )?[\w -]+,|, \d\d\b)"
    evidence = re.search(f"{title_before}|{speaks}|{apposition}", context, re.IGNORECASE)
    return True if has_title or evidence else None


def is_plural(phrase: str) -> bool:
    """Whether a phrase speaks of several: its first noun ends so, a number or an "and" says so."""
    if re.search(rf"\b(?:and|{alternatives(NUMBER_WORDS[2:11])})\b|^\d", phrase.lower()):
        return True
    head = re.split(r" (?:of|off|in|at|near|from|for|to|on|who|that)\b", phrase)[0]
    return bool(re.search(r"[^\Wsui]s['’]?$|ies$|\b(?:people|men|women|children|police)$", head))


def is_verb(word: str) -> bool:
    """Whether a word looks like a verb: a common one, an auxiliary, or with the ending of one."""
    low = word.lower()
    return low.removesuffix("s") in VERBS or low.removesuffix("d") in VERBS or _bare_verb(low)


def _bare_verb(low: str) -> bool:
    """The same without forms in "-s", which among nouns are mostly their plurals."""
    return low in VERBS or low in AUXILIARIES or bool(re.search(r"\w\w\w(?:ed|ing)$", low))


def _without_date(phrase: str) -> str:
    """Without the day or year at its end: that may change from question to question."""
    for day in dates(phrase):
        phrase = re.sub(rf" (?:in|of|on|from) {re.escape(day)}$", "", phrase)
    return phrase


def _name_end(words: list[tuple[str, int, int]], place: int) -> int:
    """Where the name that begins at ``place`` ends; ``place`` itself if none does."""
    predicate = _predicate(words)
    if not _capital(words[place][0]) or _small(words[place][0]) or place == predicate:
        return place
    end = place + 1
    while end < len(words) and end != predicate:
        if words[end - 1][0].endswith(("'s", "’s", "'", "’")) and not words[end][0][0].isupper():
            break
        word = words[end][0]
        if (_capital(word) and not _small(word)) or (
            word.isdigit() and end == place + 1 and len(word) < 4
        ):
            end += 1
        elif word in ("of", "&") and end + 1 < len(words) and words[end + 1][0][0].isupper():
            end += 2
        else:
            break
    return end


def _predicate(words: list[tuple[str, int, int]]) -> int:
    """The place of the word that tells what somebody may be, as in "Is Ada Low Catholic?"; -1 where
    none does.
    """
    last = len(words) - 1 - (words[-1][0] == "?")
    asks = words[0][0].lower() in ("is", "are", "was", "were") and last > 1
    return last if asks and all(_capital(word) for word, *_ in words[1:last]) else -1


def _capital(word: str) -> bool:
    """Whether a word is written as a name, be it with a small article before: "al-Tanf"."""
    return word[0].isupper() or re.match(r"[^\W\d_]{1,3}-[A-Z]", word) is not None


def _small(word: str) -> bool:
    low = word.lower()
    return low in QUESTION_WORDS | AUXILIARIES | PREPOSITIONS | DETERMINERS | SMALL_WORDS


def _opens(words: list[tuple[str, int, int]], place: int, end: int) -> bool:
    """Whether the capital only opens a sentence."""
    if end - place > 1 or (place and words[place - 1][0] not in ".!?:“\"'‘"):
        return False
    word = words[place][0]
    stands_once = not any(other[0] == word for number, other in enumerate(words) if number != place)
    return stands_once and not re.search(r"\d|\w[A-Z]", word)


def _phrase_end(words: list[tuple[str, int, int]], place: int) -> int:
    word = words[place][0].lower()
    end = place
    if word in DETERMINERS and word not in ("that", "this"):
        end = _nouns_end(words, place + 1)
        end = end if end > place + 1 else place
    elif not _small(word):
        end = _name_end(words, place)
        if end > place and words[end - 1][0].endswith(("'s", "’s", "'", "’")):
            end = max(end, _nouns_end(words, end))
    if end == place:
        return place
    # "the reef off Cape Lorne" is one thing, "Kestrel-2 on the Moon" is two.
    last = words[end - 1][0]
    while end + 1 < len(words) and words[end][0] in ("of", "off", "in", "at", "near", "on", "for"):
        loose = words[end][0] not in ("of", "off")
        following = end + 2 if words[end + 1][0].lower() in ("the", "a", "an") else end + 1
        if following >= len(words) or (loose and last[0].isupper()):
            break
        further_end = _nouns_end(words, following)
        if further_end == following or (loose and not words[further_end - 1][0][0].isupper()):
            break
        end, last = further_end, words[further_end - 1][0]
    return end


def _ends_nouns(words: list[tuple[str, int, int]], place: int) -> bool:
    """Whether a verb stands here, which ends the nouns before it."""
    following = words[place + 1][0] if place + 1 < len(words) else ""
    noun = following in ("of", "off", "in", "at", "near", "on")
    if not following[:1].isalnum():
        # "Did the ferry strike?" but "Tell me of the ferry strike."
        noun = not any(word.lower() in AUXILIARIES for word, _, _ in words[:place])
    low = words[place][0].lower()
    return _bare_verb(low) and not (noun and low in NOUNS_AND_VERBS)


def _nouns_end(words: list[tuple[str, int, int]], place: int) -> int:
    """Where adjectives and nouns end: at a small word, a sign, or a verb after a noun."""
    end = place
    while end < len(words):
        word = words[end][0]
        if not word[0].isalnum() or _small(word):
            break
        name_end = _name_end(words, end)
        if name_end > end:
            end = name_end
            if words[end - 1][0].endswith(("'s", "’s", "'", "’")):
                continue
            if end < len(words) and words[end][0][0].islower() and not _ends_nouns(words, end):
                continue
            break
        if end > place and _ends_nouns(words, end):
            break
        end += 1
        if end < len(words) and is_plural(word) and not words[end][0][0].isupper():
            break
    return end


def join_members(members: Sequence[str]) -> str:
    """As a sentence has them; empty without any.

    >>> join_members(["Alder", "Leeds", "Orlen"])
    'Alder, Leeds and Orlen'
    """
    return " and ".join(filter(None, (", ".join(members[:-1]), *members[-1:])))
