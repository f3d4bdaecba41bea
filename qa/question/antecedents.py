"""Who or what a turn was about, the likeliest first. Strings only."""

import re
from collections.abc import Sequence
from typing import Literal

from qa.language.equivalence import form
from qa.language.phrases import is_person, is_plural, is_verb, mentions, names
from qa.records.conversation import Turn

__all__ = ["Sort", "antecedent", "topic"]

Sort = Literal["person", "thing", "several", "place"]

_ASKS_THING = re.compile(r"^\W*(?:\w+ )?(?:which|what) (?P<noun>\w+)", re.IGNORECASE)
_ASKS_SOMEONE = re.compile(r"^\W*(?:\w+ )?(?:who|whom)\b", re.IGNORECASE)
_SOMEONE = re.compile(r"\w(?:er|or|ist|ian|man|woman|person|ant)s?$")
_COUNTED = re.compile(r"\b(?:how many|which|what) ((?:[a-z]+ )??[a-z]+[^\Wsui]s)\b", re.IGNORECASE)
_LIST = re.compile(r"\w,? and [A-Z]|\w, [A-Z]")
# What stands behind these is where or when, and seldom what one goes on speaking of.
_ASIDE = re.compile(r"\b(?:in|on|at|near|from|to|into|by|during|with|off|of|after|before) $")


def antecedent(sort: Sort, turns: Sequence[Turn]) -> str:
    """What a pronoun of this sort stands for: the likeliest of the last turns, empty for nothing.

    Two things that are as likely are given together, joined by "and".

    >>> before = [Turn("Who directed The Salt Ledger?", "Ioana Veskari", "Ioana Veskari did.")]
    >>> antecedent("person", before), antecedent("thing", before)
    ('Ioana Veskari', 'The Salt Ledger')
    """
    around = " ".join(f"{turn.question} {turn.text}" for turn in turns)
    for turn in reversed(turns):
        answers = _asked_for(turn, sort, around)
        known = [*answers, *(each for each in _spoken_of(turn, sort) if _fits(each, sort, around))]
        # What may be a person as well as a thing comes after what is not in doubt.
        for candidate in sorted(
            known, key=lambda each: each not in answers and _doubtful(each, around)
        ):
            rival = "" if candidate in answers else _rival(turn, candidate, sort, around)
            meant = _articled(candidate, around)
            pair = sorted([meant, rival], key=turn.question.find) if rival else [meant]
            return " and ".join(pair)
    # Better a group than nobody: "they" may be a club, a company or a family.
    return antecedent("thing", turns) if sort == "several" else ""


def topic(turn: Turn) -> str:
    """The phrases with names that a question spoke of, or its answer; empty if there are none."""
    named = [phrase.text for phrase in mentions(turn.question) if phrase.named]
    named = named or [name.text for name in names(turn.short)]
    named = named or [phrase.text for phrase in mentions(turn.question)]
    return " and ".join(named[:2])


def _articled(name: str, around: str) -> str:
    """With the article that it has elsewhere."""
    return f"the {name}" if re.search(rf"\b[Tt]he {re.escape(name)}\b", around) else name


def _asked_for(turn: Turn, sort: Sort, around: str) -> list[str]:
    """The answer, if it is what the pronoun may mean and the question asked for such a thing."""
    short = turn.short.strip(' .,“”"')
    kind = form(short) if short and len(short.split()) <= 8 else ""
    thing = _ASKS_THING.match(turn.question)
    someone = _ASKS_SOMEONE.match(turn.question) is not None
    person = is_person(short, around) if short else False
    # Who is asked for by "who" is mostly somebody.
    person = " " in short if person is None else person
    if thing and _SOMEONE.search(thing.group("noun")):
        thing, someone = None, True
    several = is_plural(short) and (_LIST.search(short) is not None or not names(short))
    fits = {
        "person": kind == "name" and someone and _fits(short, "person", around),
        "thing": kind == "name" and not several and (bool(thing) or (someone and not person)),
        "several": kind in ("name", "phrase", "number") and (thing or someone) and several,
        "place": kind == "name" and (bool(thing) or turn.question.lower().startswith("where")),
    }
    return [short] if fits[sort] else []


def _spoken_of(turn: Turn, sort: Sort) -> list[str]:
    """What the question names, then the rest of the answer."""
    asked = [phrase.text for phrase in mentions(turn.question)]
    asked += [name.text for name in names(turn.question)]
    if sort == "several":
        loose = [phrase.text for phrase in mentions(turn.question) if not phrase.named]
        counted = [
            f"the {noun}"
            for noun in _COUNTED.findall(turn.question)
            if not any(is_verb(word) for word in noun.split())
        ]
        asked = [*counted, *loose, *asked]
    short = turn.short if form(turn.short) == "name" else ""
    said = [name.text for name in names(turn.text)] if sort == "person" else []
    return [*asked, *([short] if short else []), *said]


def _fits(candidate: str, sort: Sort, around: str) -> bool:
    person = is_person(candidate, around)
    listed = _LIST.search(candidate) is not None
    if sort == "person":
        found = names(f"x {candidate}")
        return (
            not listed
            and person is not False
            and bool(found)
            and candidate.endswith(found[-1].text)
        )
    named = bool(names(f"x {candidate}"))
    if sort == "several":
        return (listed or is_plural(candidate)) and not person
    if sort == "place":
        return not person and named
    return not person and not listed and (named or not is_plural(candidate))


def _doubtful(candidate: str, around: str) -> bool:
    """Whether it may be a person or a thing, for all that is known."""
    return is_person(candidate, around) is None and " " in candidate


def _rival(turn: Turn, first: str, sort: Sort, around: str) -> str:
    """Another thing of the same question that may be meant as well; empty if there is none."""
    if sort != "thing":
        return ""
    for phrase in mentions(turn.question):
        aside = _ASIDE.search(turn.question[: phrase.start])
        other = phrase.text not in first and first not in phrase.text
        if other and not aside and phrase.named and _fits(phrase.text, sort, around):
            return phrase.text
    return ""
