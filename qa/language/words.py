"""Words as they are searched and compared: which count, their stems, their bare spelling."""

import re
import threading
from functools import lru_cache

from snowballstemmer import stemmer

from qa.language.lexicon import STOP_WORDS
from qa.language.multilingual.segment import MARKS, cut, unaccented

__all__ = [
    "answer_key",
    "bare_words",
    "content_stems",
    "holds",
    "plain_words",
    "stem",
    "stems",
    "terms",
]

_EDGES = " \t.,;:!?\"'“”‘’«»‹›„‚()[]{}…¿¡。、「」『』《》〈〉【】।؟،"
_TOKEN = re.compile(rf"[\w'’{MARKS}-]+(?:\.\w+\b)*")
_WORD = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[^\W\d_]+(?:['’.-][^\W\d_]+)*")
# Forms that no ending tells of, with the base that they are searched as.
_IRREGULAR = {
    form: base
    for base, forms in {
        "become": "became", "begin": "began begun", "break": "broke broken",
        "bring": "brought", "build": "built", "buy": "bought", "catch": "caught",
        "choose": "chose chosen", "come": "came", "die": "dead death died", "draw": "drew drawn",
        "drive": "drove driven", "fall": "fell fallen", "fight": "fought", "find": "found",
        "fly": "flew flown", "foot": "feet", "get": "got gotten", "give": "gave given",
        "go": "went gone", "grow": "grew grown", "hold": "held", "keep": "kept",
        "know": "knew known", "lead": "led", "leave": "left", "lose": "lost loss",
        "make": "made", "man": "men", "meet": "met", "pay": "paid", "person": "people",
        "rise": "rose risen", "run": "ran", "say": "said", "see": "saw seen", "sell": "sold",
        "send": "sent", "shoot": "shot", "sink": "sank sunk", "sing": "sang sung",
        "speak": "spoke spoken spokesperson", "spend": "spent", "stand": "stood",
        "steal": "stole stolen", "strike": "struck", "take": "took taken", "teach": "taught",
        "tell": "told", "think": "thought", "win": "won winner winning", "woman": "women",
        "write": "wrote written", "child": "children", "kill": "killed",
    }.items()
    for form in forms.split()
}  # fmt: skip


def terms(question: str) -> list[str]:
    """The words that count, in order, once each; stop words only when there is nothing else. Of
    scripts without spaces the pieces that ``cut`` makes.

    >>> terms("Who is the coalition's spokesman?")
    ['coalition', 'spokesman']
    """
    words_once = list(dict.fromkeys(plain_words(question)))
    return [word for word in words_once if word.lower() not in STOP_WORDS] or words_once


def plain_words(question: str) -> list[str]:
    """Every word as it is written, small words too, in order; of scripts without spaces the pieces.

    >>> plain_words("Who's the coalition’s spokesman, 2024?")
    ['Who', 'the', 'coalition', 'spokesman', '2024']
    """
    words = (re.sub(r"['’]s?$", "", word.strip(_EDGES)) for word in cut(question).split())
    return [word for word in words if re.search(r"\w", word)]


class _Porter(threading.local):
    """Porter's stemmer, one for each thread: it keeps the word that it works on.

    M. F. Porter, An algorithm for suffix stripping, Program 14 (3), 1980.
    """

    def __init__(self) -> None:
        self.stemmer = stemmer("porter")


_PORTER = _Porter()


@lru_cache(1 << 16)
def stem(word: str) -> str:
    """The stem of an English word by Porter's algorithm, of irregular forms that of their base.

    >>> [stem(word) for word in ("leaflets", "dropped", "cities", "Won", "left", "leaves")]
    ['leaflet', 'drop', 'citi', 'win', 'leav', 'leav']
    """
    word = re.sub(r"['’]s?$", "", unaccented(word.lower()))
    if re.fullmatch(r"(\w\.)+\w", word):
        return word.replace(".", "")
    return str(_PORTER.stemmer.stemWord(_IRREGULAR.get(word, word)))


def content_stems(text: str) -> frozenset[str]:
    """The stems of the words that count, numbers left out.

    >>> sorted(content_stems("The article said that 61,000 cars came."))
    ['articl', 'car', 'come', 'sai']
    """
    return frozenset(stem(word) for word in terms(text) if not re.search(r"\d", word))


def stems(text: str) -> frozenset[str]:
    """The stem of every word of a text, of joined words also those of their parts.

    >>> sorted(stems("U.S. leaflets, Kestrel-2"))
    ['2', 'kestrel', 'kestrel-2', 'leaflet', 'us']
    """
    words = _TOKEN.findall(cut(text))
    return frozenset(stem(part) for word in words for part in {word, *word.split("-")} if part)


def bare_words(text: str) -> list[str]:
    """The words in lower case without articles, possessives and signs; numbers without commas.

    >>> bare_words("The “Salt Ledger’s” 1,200 pages")
    ['salt', 'ledger', '1200', 'pages']
    """
    words = (_bare(word) for word in _WORD.findall(text))
    return [word for word in words if word and word not in ("a", "an", "the")]


def answer_key(text: str) -> str:
    """The same for answers that differ in spelling only; empty when there is no word.

    >>> answer_key("The Sesame Seeds!") == answer_key("sesame seed")
    True
    """
    return " ".join(re.sub(r"(?<=\w\w[^\Ws])s$", "", word) for word in bare_words(text))


def holds(words: list[str], part: list[str]) -> bool:
    """Whether some words stand in a row among others; no words never do.

    >>> holds(bare_words("President Joe Biden"), bare_words("Biden"))
    True
    """
    return bool(part) and f" {' '.join(part)} " in f" {' '.join(words)} "


def _bare(word: str) -> str:
    word = re.sub(r"['’]s?$", "", word.lower().replace(",", ""))
    return word if word[:1].isdigit() else word.replace(".", "")
