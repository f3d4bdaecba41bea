"""Fragments made whole by the question before: "Why?", "And in 2023?", "What about Leeds?".

English, by rules over words; where none fits, the fragment stands behind the earlier question.
"""

import re
from collections.abc import Sequence

from qa.language.dates import dates
from qa.language.equivalence import form
from qa.language.lexicon import (
    AUXILIARIES,
    MONTH_NAMES,
    PREPOSITIONS,
    QUESTION_WORDS,
    alternatives,
)
from qa.language.phrases import Mention, is_person, is_verb, mentions, names, tokens
from qa.question.antecedents import topic
from qa.records.conversation import Turn

__all__ = ["complete", "is_fragment", "replace_phrase"]

_WHAT_ABOUT = re.compile(r"^(?:what|how) about (?P<what>.+?)[?.! ]*$", re.IGNORECASE)
# "When was that?" asks no more than "When?".
_THAT = re.compile(
    r"^(?P<wh>.*?\b(?:when|where|why|how)\b) (?:was|is|did|does|has) (?:that|this|it)"
    r"(?: (?:happen(?:ed)?|take place|occur|the case|so))?[?. ]*$",
    re.IGNORECASE,
)
_QUANTITY = r"how (?:many|much|long|far|old|often|tall|high|deep|big|large)"
# "How many in Leeds?" asks the same of Leeds.
_SAME = re.compile(
    r"^how (?:many|much|long|far|old|high) (?P<what>(?:according to|in|at|for|from|on|off|near"
    r"|by|with|of) .+?)[?. ]*$",
    re.IGNORECASE,
)
# A question word with what belongs to it, and nothing that could be a verb.
_BARE = re.compile(
    r"^(?:(?:[a-z]+ |according to )?(?:why|when|where|who|whom|how"
    r"(?: (?:many|much|long|often|far))?)"
    r"|(?:[a-z]+ )?how (?:many|much) [a-z]+s|(?:in|on|at|from|to|by|for|of|with|under|since|until) "
    r"(?:which|what|how many|how much) (?:[a-z]+ )?[a-z]+|(?:which|what) [a-z]+[^\Wsd])[?. !]*$",
    re.IGNORECASE,
)
_QUANTITY_ASKED = re.compile(r"^how (?:many|much) \w+$", re.IGNORECASE)
_ADVERB = re.compile(r"^(?:when|where|why|how(?! many| much))\b", re.IGNORECASE)
_RELATIVE = re.compile(r"\bthe (?:year|month) (?P<way>before|after)\b|\b(?P<past>last) year\b")
_MONTHS = re.compile(rf"\b(?:{alternatives(MONTH_NAMES)})\b")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_LONGEST = 6


def is_fragment(question: str) -> bool:
    """Whether the words are no sentence: a phrase, or a question word with at most its noun.

    >>> [is_fragment(text) for text in ("Why?", "In 2023?", "For how much?", "What about Leeds?")]
    [True, True, True, True]
    >>> is_fragment("Who resigned?"), is_fragment("How many died?")
    (False, False)
    """
    what_about = _WHAT_ABOUT.match(question) or _SAME.match(question)
    if what_about and not _has_verb(what_about.group("what")):
        return True
    if _THAT.match(question) or _BARE.match(question):
        return True
    words = [word.lower() for word, _, _ in tokens(question) if word[0].isalnum()]
    question_words = QUESTION_WORDS & {re.split(r"['’]", word)[0] for word in words}
    # Keywords alone ("Telnet purpose") are a question of their own.
    is_question_like = question.rstrip().endswith("?") or (bool(words) and words[0] in PREPOSITIONS)
    return (
        is_question_like
        and not question_words
        and not _has_verb(question)
        and 0 < len(words) <= _LONGEST
    )


def _has_verb(text: str) -> bool:
    return any(is_verb(word) for word, _, _ in tokens(text) if word.lower() != "according")


def complete(fragment: str, turns: Sequence[Turn]) -> str:
    """The last turn's question with what the fragment asks for instead.

    >>> before = [Turn("When was Castor Mills founded?", "1887")]
    >>> complete("Where?", before), complete("What about Veyra Rail?", before)
    ('Where was Castor Mills founded?', 'When was Veyra Rail founded?')
    >>> complete("In which month?", [Turn("Who left the club?", "Ada Low")])
    'Ada Low left the club in which month?'
    """
    turn = turns[-1]
    for pattern in (_WHAT_ABOUT, _SAME, _THAT):
        if match := pattern.match(fragment):
            fragment = match.group(1)
    bare = fragment.strip(" ?.!")
    words = [word.lower() for word, _, _ in tokens(bare)]
    question_words = QUESTION_WORDS & set(words)
    if not question_words:
        return replace_phrase(turn.question, bare)
    return _change_question_word(bare, turn)


def replace_phrase(question: str, phrase: str) -> str:
    """The question about another day, name or thing: the phrase in place of what it corresponds
    to, or at its end.
    """
    body = question.rstrip(" ?")
    if redated_question := _change_date(body, phrase):
        return redated_question
    if phrase.lower().startswith("according to "):
        return f"{re.split(r',? according to ', body)[0]} {phrase}?"
    opening, _, rest = phrase.partition(" ")
    preposition = opening.lower() if opening.lower() in PREPOSITIONS and rest else ""
    new = rest if preposition else phrase
    phrases = mentions(body)
    loose = [name for name in names(body) if not any(_lies_in(name, one) for one in phrases)]
    places = sorted([*phrases, *loose], key=lambda one: one.start)
    if preposition:
        candidates = [one for one in places if _leading(body, one) == preposition]
        if candidates:
            return f"{body[: candidates[-1].start]}{new}{body[candidates[-1].end :]}?"
        if match := re.search(rf" {preposition} (?:[a-z]+ )?(?=[A-Z])", body):
            name_mentions = [name for name in names(body) if name.start == match.end()]
            if name_mentions:
                return f"{body[: name_mentions[0].start]}{new}{body[name_mentions[0].end :]}?"
        return f"{body} {phrase}?"
    if one := _counterpart(new, places, names(body), body):
        return f"{body[: one.start]}{new}{body[one.end :]}?"
    return f"{body}, {phrase}?"


def _change_date(body: str, phrase: str) -> str:
    """The question about another day; empty if the phrase names none."""
    new = next(iter(dates(phrase)), "")
    old = next(iter(dates(body)), "")
    if relative := _RELATIVE.search(phrase):
        year = _YEAR.search(old)
        if not year:
            return ""
        step = 1 if relative.group("way") == "after" else -1
        return f"{body.replace(year.group(), str(int(year.group()) + step))}?"
    if not new or len(new) < len(phrase) - 14:
        return ""
    if not old:
        preposition = "on" if re.match(r"\d{1,2} ", new) else "in"
        return f"{body} {phrase}?" if phrase != new else f"{body} {preposition} {new}?"
    year = _YEAR.search(old)
    if year and not _YEAR.search(new):
        new = f"{new} {year.group()}"
    return f"{body.replace(old, new)}?"


def _counterpart(
    new: str, places: Sequence[Mention], name_mentions: Sequence[Mention], body: str
) -> Mention | None:
    """What a new name or thing stands in place of: a name for a name, a person for a person."""
    bare = re.sub(r"^the ", "", new, flags=re.IGNORECASE)
    # "The rover of Kestrel-3" stands in place of a whole phrase, "the Gazette" of a name.
    if bare not in [name.text for name in names(f"x {bare}")]:
        return places[0] if places else None
    new_kind = is_person(new, body)
    kinds = [(name, is_person(name.text, body)) for name in name_mentions]
    same_kind = [name for name, kind in kinds if kind == new_kind or None in (kind, new_kind)]
    same_kind = same_kind or list(name_mentions)
    if not same_kind:
        return places[0] if places else None
    one = same_kind[0]
    has_article = bare != new and body[: one.start].lower().endswith(" the ")
    start = one.start - 4 if has_article else one.start
    return Mention(body[start : one.end], start, one.end, True)


def _change_question_word(wh: str, turn: Turn) -> str:
    """The last question with other question words."""
    body = turn.question.rstrip(" ?")
    short = turn.short if len(turn.short.split()) <= _LONGEST else ""
    words = tokens(body)
    lows = [word.lower() for word, _, _ in words]
    question_place = next(
        (place for place, low in enumerate(lows) if low in QUESTION_WORDS), len(words)
    )
    verb = next((at for at in range(question_place + 1, len(words)) if is_verb(lows[at])), None)
    if verb is None and lows[0] in AUXILIARIES and _ADVERB.match(wh):
        # "Was anyone hurt?" "How?"
        return f"{wh} {body[:1].lower()}{body[1:]}?"
    if verb is None:
        return f"{turn.question} {wh[:1].upper()}{wh[1:]}?"
    head, rest = body[: words[verb][1]].rstrip(), body[words[verb][1] :]
    following = lows[verb + 1] if verb + 1 < len(words) else ""
    subject = _subject(body[words[question_place][1] : words[verb][1]], short)
    if not subject:
        # "Who left the club?", which nothing answered: "When was it that someone left the club?"
        is_adverbial = _ADVERB.match(wh) or wh.split()[0].lower() in PREPOSITIONS
        if lows[question_place] != "who" or not is_adverbial:
            return f"{turn.question} {wh[:1].upper()}{wh[1:]}?"
        return f"{wh} was it that someone {body[words[verb][1] :]}?"
    if lows[verb] not in AUXILIARIES and _QUANTITY_ASKED.match(wh) and (of := topic(turn)):
        # "Who said so?" "And how many cows?"
        return f"About {of}: {_lower_case(wh)}?"
    if lows[verb] not in AUXILIARIES:
        # "Who left the club?": its answer is the subject.
        return f"{subject} {rest} {_lower_case(wh)}?"
    if _ADVERB.match(head):
        return f"{wh} {rest}?"
    if is_verb(following) or following in PREPOSITIONS | {"not", ""}:
        # "How many cows were saved?", "Who was elected?": here too.
        if subject != short and _ADVERB.match(wh):
            words_after = body[words[verb][2] :].strip()
            return f"{wh} {words[verb][0]} {_lower_case(subject)} {words_after}?"
        return f"{subject} {rest} {_lower_case(wh)}?"
    quantity = re.match(_QUANTITY, head, re.IGNORECASE)
    same = quantity and re.search(r"\bhow (?:many|much)\b", wh)
    if form(turn.short) == "date" or not short or same:
        return f"{wh} {rest}?"
    match = re.match(r"how many (.+)", head, re.IGNORECASE)
    return f"{wh} {rest} {match.group(1) if match else short}?"


def _subject(question: str, short: str) -> str:
    """What the question words stand for: what is counted, else the answer; empty for nothing."""
    match = re.match(r"how (?:many|much) (.+)", question.strip(), re.IGNORECASE)
    if match:
        return match.group(1).strip()
    return short


def _lower_case(wh: str) -> str:
    return wh if names(wh) else f"{wh[:1].lower()}{wh[1:]}"


def _leading(body: str, one: Mention) -> str:
    """The preposition right before a mention; empty if there is none."""
    words_before = body[: one.start].split()
    return (
        words_before[-1].lower()
        if words_before and words_before[-1].lower() in PREPOSITIONS
        else ""
    )


def _lies_in(one: Mention, other: Mention) -> bool:
    return other.start <= one.start and one.end <= other.end
