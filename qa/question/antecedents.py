"""Who or what a turn was about, the likeliest first. Strings only."""

import re
from collections.abc import Sequence
from typing import Literal

from qa.language.equivalence import form
from qa.language.phrases import is_person, is_plural, is_verb, mentions, names
from qa.records.conversation import Turn

__all__ = ["Sort", "antecedent", "topic"]

Sort = Literal["person", "thing", "several", "place"]

# "Which U.S. attorney quit": of names and nouns the last says what is asked for.
_ASKS_THING = re.compile(r"^\W*(?:\w+ )?(?i:which|what) (?:[A-Z][\w.-]* )*(?P<noun>\w+)")
_ASKS_SOMEONE = re.compile(r"^\W*(?:\w+ )?(?:who|whom)\b", re.IGNORECASE)
_SOMEONE = re.compile(r"\w(?:er|or|torney|ist|ian|man|woman|person|ant|ctress)s?$")
_COUNTED_NOUN = re.compile(
    r"\b(?:how many|which|what) ((?:[a-z]+ )??[a-z]+[^\Wsui]s)\b", re.IGNORECASE
)
_LIST = re.compile(r"\w,? and [A-Z]|\w, [A-Z]")
# What stands behind these is where or when, and seldom what one goes on speaking of.
_PREPOSITION_BEFORE = re.compile(
    r"\b(?:in|on|at|near|from|to|into|by|during|with|off|of|after|before) $"
)
_LOCATED = re.compile(r"\b(?:in|at|near) ((?:[A-Z][\w'’-]*)(?: [A-Z][\w'’-]*)*)")


def antecedent(sort: Sort, turns: Sequence[Turn]) -> str:
    """What a pronoun of this sort stands for: the likeliest of the last turns, empty for nothing.

    Two things that are as likely are given together, joined by "and".

    >>> before = [Turn("Who directed The Salt Ledger?", "Ioana Veskari", "Ioana Veskari did.")]
    >>> antecedent("person", before), antecedent("thing", before)
    ('Ioana Veskari', 'The Salt Ledger')
    """
    context = " ".join(f"{turn.question} {turn.text}" for turn in turns)
    for turn in reversed(turns):
        answers = _asked_for(turn, sort, context)
        candidates = [
            *answers,
            *(each for each in _spoken_of(turn, sort) if _fits(each, sort, context)),
        ]
        # What may be a person as well as a thing comes after what is not in doubt.
        for candidate in sorted(
            candidates, key=lambda each: each not in answers and _doubtful(each, sort, context)
        ):
            rival = "" if candidate in answers else _rival(turn, candidate, sort, context)
            referent = _with_article(candidate, context)
            pair = sorted([referent, rival], key=turn.question.find) if rival else [referent]
            return " and ".join(pair)
    # Better a group than nobody: "they" may be a club, a company or a family.
    return antecedent("thing", turns) if sort == "several" else ""


def topic(turn: Turn) -> str:
    """The phrases with names that a question spoke of, or its answer; empty if there are none."""
    named_phrases = [phrase.text for phrase in mentions(turn.question) if phrase.named]
    named_phrases = named_phrases or [name.text for name in names(turn.short)]
    named_phrases = named_phrases or [phrase.text for phrase in mentions(turn.question)]
    return " and ".join(named_phrases[:2])


def _with_article(name: str, context: str) -> str:
    """With the article that it has elsewhere."""
    return f"the {name}" if re.search(rf"\b[Tt]he {re.escape(name)}\b", context) else name


def _asked_for(turn: Turn, sort: Sort, context: str) -> list[str]:
    """The answer, if it is what the pronoun may mean and the question asked for such a thing."""
    short = turn.short.strip(' .,“”"')
    kind = form(short) if short and len(short.split()) <= 8 else ""
    thing = _ASKS_THING.match(turn.question)
    someone = _ASKS_SOMEONE.match(turn.question) is not None
    person = is_person(short, context) if short else False
    # Who is asked for by "who" is mostly somebody.
    person = " " in short if person is None else person
    if thing and _SOMEONE.search(thing.group("noun")):
        thing, someone = None, True
    several = is_plural(short) and (_LIST.search(short) is not None or not names(short))
    fits = {
        "person": kind == "name" and someone and _fits(short, "person", context),
        "thing": kind == "name" and not several and (bool(thing) or (someone and not person)),
        "several": kind in ("name", "phrase", "number") and (thing or someone) and several,
        "place": kind == "name" and (bool(thing) or turn.question.lower().startswith("where")),
    }
    return [short] if fits[sort] else []


def _spoken_of(turn: Turn, sort: Sort) -> list[str]:
    """What the question names, then the rest of the answer."""
    question_phrases = [phrase.text for phrase in mentions(turn.question)]
    question_phrases += [name.text for name in names(turn.question)]
    if sort == "several":
        loose = [phrase.text for phrase in mentions(turn.question) if not phrase.named]
        counted_nouns = [
            f"the {noun}"
            for noun in _COUNTED_NOUN.findall(turn.question)
            if not any(is_verb(word) for word in noun.split())
        ]
        question_phrases = [*counted_nouns, *loose, *question_phrases]
    if sort == "place":
        # Of "the flood at Haverleigh" it is Haverleigh where one may be.
        located = _LOCATED.findall(turn.question)
        question_phrases = [*(name for name in located if names(f"x {name}")), *question_phrases]
    short = turn.short if form(turn.short) == "name" else ""
    answer_names = [name.text for name in names(turn.text)] if sort == "person" else []
    return [*question_phrases, *([short] if short else []), *answer_names]


def _fits(candidate: str, sort: Sort, context: str) -> bool:
    person = is_person(candidate, context)
    is_list = _LIST.search(candidate) is not None
    if sort == "person":
        candidate_names = names(f"x {candidate}")
        return (
            not is_list
            and person is not False
            and bool(candidate_names)
            and candidate.endswith(candidate_names[-1].text)
        )
    has_name = bool(names(f"x {candidate}"))
    if sort == "several":
        return (is_list or is_plural(candidate)) and not person
    if sort == "place":
        return not person and has_name
    return not person and not is_list and (has_name or not is_plural(candidate))


def _doubtful(candidate: str, sort: Sort, context: str) -> bool:
    """Whether it may be a person or a thing, for all that is known."""
    return is_person(candidate, context) is None and (" " in candidate or sort == "person")


def _rival(turn: Turn, first: str, sort: Sort, context: str) -> str:
    """Another thing of the same question that may be meant as well; empty if there is none."""
    if sort != "thing":
        return ""
    for phrase in mentions(turn.question):
        in_adjunct = _PREPOSITION_BEFORE.search(turn.question[: phrase.start])
        other = phrase.text not in first and first not in phrase.text
        if other and not in_adjunct and phrase.named and _fits(phrase.text, sort, context):
            return phrase.text
    return ""
