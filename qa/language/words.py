"""Words as they are searched and compared: which count, and their stems."""

import re
from functools import lru_cache

__all__ = ["STOP_WORDS", "stem", "stems", "terms"]


STOP_WORDS = frozenset(
    """a about after all also am an and any are as at be because been before being between both but
    by can could did do does doing during each for from further had has have having he her here hers
    him his how i if in into is it its just me more most my no nor not of off on once only or other
    our out over own same she should so some such than that the their them then there these they
    this those through to too under until up upon us very was we were what when where which while
    who whom whose why will with would you your according month month's recently today week week's
    year""".split()  # noqa: SIM905  - a paragraph reads better than 130 quoted words
)


_EDGES = " \t.,;:!?\"'“”‘’«»()[]{}…"


def terms(question: str) -> list[str]:
    """The words that count, in order, once each; stop words only when there is nothing else.

    >>> terms("Who is the coalition's spokesman?")
    ['coalition', 'spokesman']
    """
    words = (re.sub(r"['’]s?$", "", word.strip(_EDGES)) for word in question.split())
    found = list(dict.fromkeys(word for word in words if re.search(r"\w", word)))
    return [word for word in found if word.lower() not in STOP_WORDS] or found


_IRREGULAR = {
    form: base
    for base, forms in {
        "begin": "began begun", "build": "built", "buy": "bought", "come": "came",
        "die": "dead death died", "fall": "fell fallen", "find": "found", "get": "got",
        "give": "gave given", "go": "went gone", "hold": "held", "kill": "killed",
        "lead": "led", "leave": "left", "lose": "lost loss", "make": "made", "meet": "met",
        "pay": "paid", "put": "puts", "rise": "rose risen", "run": "ran", "say": "said",
        "see": "saw seen", "sell": "sold", "send": "sent", "speak": "spoke spoken spokesperson",
        "steal": "stole stolen", "strike": "struck", "take": "took taken", "tell": "told",
        "win": "won winner winning", "write": "wrote written",
    }.items()
    for form in forms.split()
}  # fmt: skip


@lru_cache(1 << 16)
def stem(word: str) -> str:
    """A rough English stem: enough to let "dropped" meet "drop".

    >>> [stem(word) for word in ("leaflets", "dropped", "cities", "Won")]
    ['leaflet', 'drop', 'city', 'win']
    """
    word = re.sub(r"['’]s?$", "", word.lower())
    if re.fullmatch(r"(\w\.)+\w", word):
        return word.replace(".", "")
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 4 and word.endswith(("ies", "ied")):
        return word[:-3] + "y"
    for suffix in ("ing", "ed", "es", "s"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 3 and not word.endswith("ss"):
            word = word[: -len(suffix)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def stems(text: str) -> frozenset[str]:
    """The stem of every word of a text, of joined words also those of their parts.

    >>> sorted(stems("U.S. leaflets, Kestrel-2"))
    ['2', 'kestrel', 'kestrel-2', 'leaflet', 'us']
    """
    words = re.findall(r"[\w'’-]+(?:\.\w+\b)*", text)
    return frozenset(stem(part) for word in words for part in {word, *word.split("-")} if part)
