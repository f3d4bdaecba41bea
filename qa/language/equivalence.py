"""Whether two answers say the same, say different things, or cannot be compared. Strings only."""

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

__all__ = [
    "Form",
    "Number",
    "answer_key",
    "bare_words",
    "compatible",
    "dates",
    "disagree",
    "form",
    "holds",
    "numbers",
    "same",
    "values",
]

Form = Literal["number", "date", "name", "phrase"]

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: float(value) for value, word in enumerate(_ONES.split())} | {
    word: 10.0 * place for place, word in enumerate(_TENS.split(), start=2)
}
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6,
    "billion": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12, "tn": 1e12, "dozen": 12.0,
}  # fmt: skip
_MONTH = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b"
)
_DAY = re.compile(
    r"\W*(?:on |last |this )?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)s?\b[^.]{0,12}"
)
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_WRITTEN = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?)?{_MONTH.pattern}"
    r"(?:\.?\s+\d{1,2}(?:st|nd|rd|th)?\b(?!\d))?(?:,?\s+(?:1[5-9]|20)\d\d\b)?"
    r"|\b(?:1[5-9]\d\d|20\d\d)\b"
)
_WORD = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[^\W\d_]+(?:['’.-][^\W\d_]+)*")
_NUMERAL = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[^\W\d_]+")
# Numbers this close are the same one, rounded.
_ROUNDED = 0.03
_SPELLING = 0.85


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


class Number(NamedTuple):
    """A number where it stands in a text, digits or words, scales applied."""

    value: float
    start: int
    end: int


def numbers(text: str) -> list[Number]:
    """The numbers of a text in their order.

    >>> numbers("He paid 1.5 million")
    [Number(value=1500000.0, start=8, end=19)]
    """
    found: list[Number] = []
    running = False
    for match in _NUMERAL.finditer(text):
        word, place = match.group().lower(), match.span()
        last = found[-1] if found else Number(0.0, 0, 0)
        if word[0].isdecimal():
            found.append(Number(float(word.replace(",", "")), *place))
        elif word in _SMALL:
            ones = _SMALL[word] < 10 and running and found and last.value % 10 == 0
            if ones and last.value >= 20:
                found[-1] = Number(last.value + _SMALL[word], last.start, place[1])
            else:
                found.append(Number(_SMALL[word], *place))
        elif word in _SCALES and found and running:
            found[-1] = Number(last.value * _SCALES[word], last.start, place[1])
        elif word in ("hundred", "thousand", "million", "billion", "dozen"):
            found.append(Number(_SCALES[word], *place))
        running = word[0].isdecimal() or word in _SMALL or word in _SCALES
    return found


def values(text: str) -> frozenset[float]:
    """The numbers in a text, digits or words, scales applied.

    >>> sorted(values("twenty-one of 1.5 million"))
    [21.0, 1500000.0]
    """
    return frozenset(number.value for number in numbers(text))


def dates(text: str) -> dict[str, tuple[str, str, str]]:
    """The dates in a text as written, each with its day, month and year as far as given.

    >>> dates("from 3 March 2021 to May 5")
    {'3 March 2021': ('3', 'mar', '2021'), 'May 5': ('5', 'may', '')}
    """
    return {match.group(): _date(match.group()) for match in _WRITTEN.finditer(text)}


def compatible(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    """Whether two dates agree in whatever both of them give, and there is something of it."""
    known = [(a, b) for a, b in zip(one, other, strict=True) if a and b]
    return bool(known) and all(a == b for a, b in known)


def holds(words: list[str], part: list[str]) -> bool:
    """Whether some words stand in a row among others; no words never do.

    >>> holds(bare_words("President Joe Biden"), bare_words("Biden"))
    True
    """
    return bool(part) and f" {' '.join(part)} " in f" {' '.join(words)} "


def form(text: str) -> Form:
    """What an answer looks like.

    >>> form("nine sailors"), form("3 March 2021"), form("Ilse Brandvold"), form("by hand")
    ('number', 'date', 'name', 'phrase')
    """
    year = re.fullmatch(r"\W*(in |on )?(1[5-9]|20)\d\d\W*", text)
    if year or _MONTH.search(text) or _DAY.fullmatch(text):
        return "date"
    if values(text):
        return "number"
    words = re.findall(r"[^\W\d_][\w'’.-]*", text)
    capitals = sum(word[0].isupper() for word in words)
    return "name" if words and capitals >= (len(words) + 1) / 2 else "phrase"


def same(one: str, other: str) -> bool:
    """Whether two answers can be the same: equal numbers or dates as far as both go, one the
    part of the other, initials, or mostly the same words.

    >>> same("Biden", "President Joe Biden"), same("9 people", "nine"), same("US", "United States")
    (True, True, True)
    """
    left, right = bare_words(one), bare_words(other)
    if left == right:
        return True
    forms = {form(one), form(other)}
    if forms == {"date"}:
        return compatible(_date(one), _date(other))
    if "number" in forms or "date" in forms:
        if forms <= {"number", "date"}:
            return any(
                abs(a - b) <= _ROUNDED * max(abs(a), abs(b))
                for a in values(one)
                for b in values(other)
            )
        return _within(left, right)
    if _within(left, right) or _short_for(one, other) or _short_for(other, one):
        return True
    # Spellings of one name.
    first, second = sorted((" ".join(left), " ".join(right)))
    if SequenceMatcher(None, first, second).ratio() > _SPELLING:
        return True
    shared = len(set(left) & set(right))
    return 2 * shared >= max(1, min(len(set(left)), len(set(right))))


def disagree(one: str, other: str) -> bool:
    """Whether two answers are of one form and cannot both be meant: other numbers, dates, names.

    >>> disagree("nine", "eleven"), disagree("Reuters", "nine"), disagree("2021", "3 March 2021")
    (True, False, False)
    """
    kind = form(one)
    comparable = kind != "phrase" and kind == form(other)
    # Weekdays without a day mean another one in every article.
    return comparable and not (_DAY.fullmatch(one) or _DAY.fullmatch(other) or same(one, other))


def _bare(word: str) -> str:
    word = re.sub(r"['’]s?$", "", word.lower().replace(",", ""))
    return word if word[:1].isdigit() else word.replace(".", "")


def _within(left: list[str], right: list[str]) -> bool:
    short, long = sorted((left, right), key=len)
    return holds(long, short)


def _date(text: str) -> tuple[str, str, str]:
    """Day, month and year as far as given, else empty."""
    month = _MONTH.search(text)
    year = _YEAR.search(text)
    rest = _YEAR.sub(" ", text)
    day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", rest)
    return (
        day.group(1).lstrip("0") if day and month else "",
        month.group()[:3].lower() if month else "",
        year.group() if year else "",
    )


def _short_for(short: str, long: str) -> bool:
    initials = "".join(word[0] for word in re.findall(r"\b[A-Z][\w’'-]+", long))
    return short.isupper() and re.sub(r"[^A-Z]", "", short) == initials != ""
