"""A question of several parts, and what its parts are to each other. English, by rules.

Two questions in one ("Who won, and when was …?"), comparisons of days and numbers ("Which came
first, A or B?", "How many more … than …?") and of outlets ("Did A and B agree on …?"). A question
that is one stays one. Knows nothing of articles.
"""

import re

from qa.language.dates import dates
from qa.language.lexicon import AUXILIARIES, PREPOSITIONS, QUESTION_WORDS
from qa.language.phrases import is_verb, mentions, names, tokens
from qa.question.ellipsis import is_fragment, replace_phrase
from qa.question.rewrite import rewrite
from qa.records.conversation import Turn
from qa.records.question import Plan, Relation

__all__ = ["RuleSplitter", "split"]


class RuleSplitter:
    """Splits by rules alone."""

    def split(self, question: str) -> Plan:
        """The plan of the question."""
        return split(question)


_WH = r"who|whom|whose|what|which|when|where|why|how"
_JOINT = re.compile(rf"(?:,|;)? (?:and|but) (?=(?:[a-z]+ )?(?:{_WH})\b)", re.IGNORECASE)
_BOTH = re.compile(rf"^(?P<one>{_WH}) and (?P<other>{_WH}) (?P<rest>.+)$", re.IGNORECASE)
_AGREE = re.compile(
    r"^(?:do|did|does) (?P<who>.+?) (?:(?:dis)?agree|differ|give the same \w+|say the same)"
    r"(?: with each other)? (?:on|about|over|as to|in|for) (?P<what>.+?)\?*$",
    re.IGNORECASE,
)
_OUTLETS = re.compile(
    r"^(?:both |all )?(?:of )?(?:the )?(?:two |three )?(?:outlets|newspapers|papers|articles"
    r"|sources|reports|media)$",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"^(?:which|what|who)(?: of (?:these|them|the two))? (?P<verb>[\w ]+?) "
    r"(?P<way>first|earlier|sooner|last|later)(?:[,:]| of) (?P<one>.+?),? or (?P<other>.+?)\?*$",
    re.IGNORECASE,
)
_BEFORE_OR_AFTER = re.compile(
    r"^(?P<aux>was|were|did|will) (?!there\b)(?P<one>.+?),? "
    r"(?P<way>before or after|after or before|before|after|earlier than|later than) "
    r"(?P<other>.+?)\?*$",
    re.IGNORECASE,
)
_MORE_THAN = re.compile(
    r"^how (?P<count>many|much) (?P<more>more|fewer|less) (?P<one>.+?) than (?P<other>.+?)\?*$",
    re.IGNORECASE,
)
_SIZES = {
    "higher": "high", "lower": "high", "longer": "long", "shorter": "long", "older": "old",
    "younger": "old", "taller": "tall", "larger": "large", "bigger": "big", "smaller": "large",
    "heavier": "heavy", "lighter": "heavy", "deeper": "deep", "wider": "wide", "faster": "fast",
}  # fmt: skip
_LESS_WORDS = ("lower", "shorter", "younger", "smaller", "lighter", "less", "fewer")
_SIZE = "|".join(_SIZES)
_HIGHER = re.compile(
    rf"^how (?P<unit>much|many [\w ]+?) (?P<size>{_SIZE}) (?P<aux>is|are|was|were) (?P<one>.+?) "
    r"than (?P<other>.+?)\?*$",
    re.IGNORECASE,
)
_OLDER = re.compile(
    rf"^(?:who|which|what)(?: \w+)? (?P<aux>is|are|was|were) (?:the )?(?P<size>{_SIZE})[,:]? "
    r"(?:of )?(?P<one>.+?),? or (?P<other>.+?)\?*$",
    re.IGNORECASE,
)
_HAPPENING = re.compile(r"^(?:came|comes|happened|occurred|took place|was|were|is)$", re.IGNORECASE)
_FIGURE = re.compile(r"^the (?:\w+ )?(?:figure|number|count|total|amount|sum|price|estimate)s?\b")
# In characters: what is longer is more story than question.
_LONGEST = 400
_ADVERBS = ("when", "where", "why")


def split(question: str) -> Plan:
    """The plan of a question; of one that is single, the question itself.

    >>> split("Who leads the bank and when was it founded?").parts
    ('Who leads the bank?', 'When was it founded?')
    >>> plan = split("Which came first, the flood or the strike?")
    >>> plan.relation, plan.parts
    ('earlier', ('When was the flood?', 'When was the strike?'))
    >>> split("Who is the man who led the strike and who died?").parts
    ('Who is the man who led the strike and who died?',)
    """
    question_text = question.strip()
    if len(question_text) > _LONGEST:
        return Plan((question,))
    for rule in (_agreement, _order, _sequence, _older, _difference, _questions):
        if plan := rule(question_text):
            return plan
    return Plan((question,))


def _agreement(question: str) -> Plan | None:
    match = _AGREE.match(question)
    if not match:
        return None
    who, what = match.group("who").strip(), match.group("what").strip()
    wh = what.split()[0].lower() in QUESTION_WORDS or what.split()[-1].lower() in QUESTION_WORDS
    part_question = _question(what if wh else f"what is {what}")
    if _OUTLETS.match(who):
        return Plan((part_question,), "agreement")
    pair = re.split(r",? and ", re.sub(r"^both ", "", who))
    if len(pair) != 2 or not all(names(f"x {one}") for one in pair):
        return None
    labels = tuple(re.sub(r"^the ", "", one, flags=re.IGNORECASE) for one in pair)
    return Plan((part_question,) * 2, "agreement", labels)


def _order(question: str) -> Plan | None:
    match = _FIRST.match(question)
    if not match:
        return None
    one, other, verb = match.group("one"), match.group("other"), match.group("verb").strip()
    late = match.group("way").lower() in ("last", "later")
    if _HAPPENING.match(verb):
        parts = (f"When was {one}?", f"When was {other}?")
    elif verb.split()[0].lower() in ("was", "were"):
        aux, participle = verb.split(" ", 1)
        parts = (f"When {aux} {one} {participle}?", f"When {aux} {other} {participle}?")
    elif len(verb.split()) <= 3 and is_verb(verb.split()[0]):
        parts = (_question(f"{one} {verb} when"), _question(f"{other} {verb} when"))
    else:
        return None
    return Plan(parts, "later" if late else "earlier", (one, other))


def _sequence(question: str) -> Plan | None:
    """Whether one was before the other: both are asked for their days."""
    match = _BEFORE_OR_AFTER.match(question)
    if not match or dates(match.group("other")) or re.search(r"\d", match.group("other")[:4]):
        return None
    one, other, way = match.group("one"), match.group("other"), match.group("way").lower()
    aux = match.group("aux").lower()
    if aux == "did" and not any(is_verb(word) for word, _, _ in tokens(one)):
        return None
    relation: Relation = "order" if " or " in way else "before"
    if way in ("after", "later than"):
        relation = "after"
    whole = [phrase for phrase in mentions(other) if phrase.text == other]
    clause = not whole and any(is_verb(word) for word, _, _ in tokens(other))
    second = _question(f"{other} when") if clause else f"When was {other}?"
    return Plan((f"When {aux} {one}?", second), relation, (one, other))


def _older(question: str) -> Plan | None:
    match = _OLDER.match(question)
    if not match:
        return None
    size, aux = match.group("size").lower(), match.group("aux").lower()
    pair = (match.group("one"), match.group("other"))
    parts = tuple(f"How {_SIZES[size]} {aux} {one}?" for one in pair)
    return Plan(parts, "less" if size in _LESS_WORDS else "more", pair)


def _difference(question: str) -> Plan | None:
    if match := _HIGHER.match(question):
        one, other, aux = match.group("one"), match.group("other"), match.group("aux").lower()
        how = f"How {_SIZES[match.group('size').lower()]}"
        first = f"{how} {aux} {one}?"
        if match.group("unit").lower() != "much":
            first, how = f"What {aux} {one}?", "What"
        whole = other.lower().startswith("the ") or bool(names(f"x {other}"))
        second = f"{how} {aux} {other}?"
        if other.split()[0].lower() in PREPOSITIONS or not whole:
            second = replace_phrase(first, other)
        return Plan((first, second), "difference", (one, other))
    match = _MORE_THAN.match(question)
    if not match:
        return None
    one, other, count = match.group("one"), match.group("other"), match.group("count").lower()
    if not any(is_verb(word) for word, _, _ in tokens(one)):
        return None
    first = f"How {count} {one}?"
    return Plan((first, _other(first, other, count)), "difference", (one, other))


def _other(first: str, other: str, count: str) -> str:
    """The same question about what stands behind "than"."""
    history = [Turn(first)]
    if _FIGURE.match(other):
        return rewrite(f"And what is {other}?", history)
    words = [word for word, _, _ in tokens(other)]
    if any(is_verb(word) for word in words[1:]):
        return rewrite(_question(f"{other} how {count}"), history)
    return replace_phrase(first, other)


def _questions(question: str) -> Plan | None:
    """Questions one after the other, as sentences or joined by "and"."""
    sentences = [part for part in re.split(r"(?<=\?)\s+(?=\w)", question) if part.strip()]
    if len(sentences) > 1:
        if all(part.endswith("?") for part in sentences):
            return Plan(tuple(part for one in sentences for part in split(one).parts))
        return None
    if both := _BOTH.match(question):
        rest = both.group("rest")
        if rest.split()[0].lower() in AUXILIARIES:
            return Plan(
                (f"{_capital(both.group('one'))} {rest}", f"{_capital(both.group('other'))} {rest}")
            )
        return None
    parts: list[str] = []
    start = 0
    for joint in _JOINT.finditer(question):
        one, other = question[start : joint.start()], question[joint.end() :]
        if _is_question(one) and _goes_on(one, other, comma=joint.group()[0] in ",;"):
            parts.append(one)
            start = joint.end()
    if not parts:
        return None
    return Plan(tuple(_question(part) for part in (*parts, question[start:])))


def _is_question(text: str) -> bool:
    """Whether the words before the joint are a direct question of their own."""
    words = [word.lower() for word, _, _ in tokens(text)]
    opening = words[:1] + (words[1:2] if words and words[0] in PREPOSITIONS else [])
    return bool(set(opening) & QUESTION_WORDS) and any(is_verb(word) for word in words[1:])


def _goes_on(one: str, other: str, *, comma: bool) -> bool:
    """Whether the words behind the joint are a question of their own, and no clause that depends
    on the one before ("the man who … and who …", "how … and when …").
    """
    words = [word.lower() for word, _, _ in tokens(other)]
    if words and words[0] in PREPOSITIONS:
        words = words[1:]
    if not words or words[0] not in QUESTION_WORDS:
        return False
    clause = re.split(r" (?:and|but) (?=(?:[a-z]+ )?(?:" + _WH + r")\b)", other.strip(" ?"))[0]
    if is_fragment(clause):
        return comma or len(words) <= 5
    deep = [word.lower() for word, _, _ in tokens(one)][2:]
    is_nested = bool(set(deep) & (QUESTION_WORDS | {"that", "whether", "if"}))
    following = words[1] if len(words) > 1 else ""
    is_inverted = any(word in AUXILIARIES for word in words[1:6])
    if words[0] in _ADVERBS:
        return following in AUXILIARIES
    if words[0] in ("who", "whom", "whose", "which") and is_nested:
        return False
    if words[0] in ("what", "how") and (is_nested or not is_inverted):
        return is_inverted and not is_nested
    return any(is_verb(word) for word in words[1:])


def _question(text: str) -> str:
    return f"{_capital(text.strip(' ?,;'))}?"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
