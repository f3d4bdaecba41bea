"""What a question asks for, by its own words: a number, a date, a name, or a whole sentence."""

import re

from qa.language.words import plain_words, stem, terms
from qa.records.question import AnswerKind, ExpectedAnswer

__all__ = ["expected_answer"]

_NUMBER = re.compile(
    r"\bhow (many|much|far|long|old|tall|high|big|large|fast|deep|often|wide|heavy|few)\b"
    r"|\b(what|which) (was |is |were |are )?(the )?(total |final |new |exact )?"
    r"(number|percentage|percent|share|amount|price|cost|age|score|rate|size|sum|value|speed|"
    r"distance|length|height|weight|magnitude)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\bwhen\b|\b(what|which|on what|on which|in which|in what) "
    r"(day|date|year|month|week|weekday|century|decade)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"\b(who|whom|whose|where|which)\b|\bwhat('s| is| was)? the name\b", re.IGNORECASE
)
_WHAT_NAMED = re.compile(
    r"\bwhat (city|country|state|town|company|team|film|movie|song|band|party|outlet|agency|group|"
    r"organi[sz]ation|person|actor|president|minister|airline|brand|island|river)\b",
    re.IGNORECASE,
)
_WH = re.compile(
    r"\b(how (?:many|much|far|long|old)|which|what|who|whom|whose|where|when|why|how)\b(.*)",
    re.IGNORECASE | re.DOTALL,
)


def expected_answer(question: str) -> ExpectedAnswer:
    """Read the question.

    >>> wanted = expected_answer("How many leaflets were dropped in Iraq?")
    >>> wanted.kind, wanted.focus, sorted(wanted.names)
    ('number', ('leaflet', 'drop'), ['iraq'])
    """
    *preamble, last_sentence = re.split(r"(?<=[.!?])\s+(?=[A-Z])", question.strip()) or [question]
    match = _WH.search(last_sentence)
    # "Many" of "how many" stands in no answer.
    question_stems = {stem(word) for word in plain_words(match[1])} if match else set()
    weights: dict[str, float] = {}
    names: set[str] = set()
    for part, weight in ((last_sentence, 1.0), (" ".join(preamble), 0.5)):
        for position, term in enumerate(terms(part) if part else []):
            base = stem(term)
            if base in question_stems and part is last_sentence:
                continue
            is_name = term[0].isdigit() or (term[0].isupper() and not _opens(part, term, position))
            if is_name and part is last_sentence:
                names.add(base)
            weights.setdefault(base, weight * (1.5 if is_name else 1.0))
    focus_terms = terms(match.group(2))[:2] if match and match.group(2).strip() else []
    return ExpectedAnswer(
        kind=_kind(last_sentence),
        focus=tuple(stem(term) for term in focus_terms),
        terms=weights,
        names=frozenset(names),
        unit=_unit(last_sentence),
    )


def _kind(question: str) -> AnswerKind:
    if _NUMBER.search(question):
        return "number"
    if _DATE.search(question):
        return "date"
    if _NAME.search(question) or _WHAT_NAMED.search(question):
        return "name"
    return "phrase"


def _unit(question: str) -> str:
    """Which sort of number: a distance, a duration, money, an age, a share; empty for a count."""
    for unit, words in (
        ("distance", r"how (far|tall|high|deep|wide)|distance|length|height"),
        ("duration", r"how long"),
        ("money", r"how much|\b(?:prices?|costs?|amount)\b"),
        ("age", r"how old|\bage\b"),
        ("share", r"\b(?:percent(?:age)?|per cent|shares?|rates?)\b"),
    ):
        if re.search(words, question, re.IGNORECASE):
            return unit
    return ""


def _opens(text: str, term: str, position: int) -> bool:
    """Whether the capital only marks the start of the sentence."""
    return position == 0 and text.lstrip(" \"'“‘(").startswith(term) and not term[1:2].isupper()
