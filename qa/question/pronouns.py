"""Pronouns that stand for what an earlier turn spoke of, replaced by it. English.

A pronoun whose own question says what it stands for ("What did Ada Low say when she left?") is
left alone, as is one that stands for nothing ("Is it true that …", "Is there …").
"""

import re
from collections.abc import Sequence

from qa.language.lexicon import AUXILIARIES, DETERMINERS, PREPOSITIONS, QUESTION_WORDS, SMALL_WORDS
from qa.language.phrases import is_plural, is_verb, names, tokens
from qa.question.antecedents import Sort, antecedent, topic
from qa.records.conversation import Turn

__all__ = ["resolve"]

_SORTS: dict[str, Sort] = {
    "he": "person", "him": "person", "his": "person", "she": "person", "her": "person",
    "hers": "person", "it": "thing", "its": "thing", "they": "several", "them": "several",
    "their": "several", "there": "place", "here": "place", "that": "thing", "this": "thing",
    "these": "several", "those": "several",
}  # fmt: skip
_OWNERS = ("his", "her", "its", "their")
_PLACES = ("there", "here")
_POINTERS = ("that", "this", "these", "those")
# "It" that stands for nothing.
_EMPTY_IT = re.compile(
    r"\b(?:is|was) it (?:\w+ )*?(?:true|that|to|when|how|called|like)\b"
    r"|\bit (?:(?:is|was|be|more|so|very|too|now) )*(?:possible|impossible|likely|unlikely"
    r"|important|necessary|difficult|hard|easy|easier|harder|clear|illegal|legal|common)\b"
    r"|\bit (?:is |was )?(?:\w+ly )?(?:said|believed|thought|assumed|estimated|known)\b"
    r"|\b(?:does|did|will|would) it (?:take|mean)\b|\bma[dk]e it\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(?:who|whose|someone|anyone|person|man|woman|men|women|boy|girl|king|queen|star|guest"
    r"|celebrity|athlete|coach|chief|boss|couple|child|teen|friend|\w{3,}(?:er|or"
    r"|ist|ian|man|woman|ant|ent|ess))\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\b(?:that|when|while|after|before|because|if|until|since|who|as|how|and)\b|[,.:;]",
    re.IGNORECASE,
)
_NO_NOUNS = (
    AUXILIARIES | DETERMINERS | PREPOSITIONS | QUESTION_WORDS | SMALL_WORDS
    | {"old", "long", "far", "high", "deep", "tall", "large", "big", "often", "wide", "heavy"}
)  # fmt: skip
_SECOND_ITEM = re.compile(r" and (?:the )?\w")
Words = list[tuple[str, int, int]]


def resolve(question: str, turns: Sequence[Turn]) -> str:
    """The question with its pronouns replaced, as far as the turns tell what they stand for.

    >>> before = [Turn("Who directed The Salt Ledger?", "Ioana Veskari")]
    >>> resolve("How old is she?", before), resolve("How long is it?", before)
    ('How old is Ioana Veskari?', 'How long is The Salt Ledger?')
    >>> resolve("What did Ada Low say before she left?", before)
    'What did Ada Low say before she left?'
    """
    words = tokens(question)
    resolved_question, offset = question, 0
    resolved_sorts: set[str] = set()
    has_name = False
    for place, (word, start, end) in enumerate(words):
        low = word.lower()
        if (
            low not in _SORTS
            or _SORTS[low] in resolved_sorts
            or not _refers(question, words, place)
        ):
            continue
        referent = antecedent(_SORTS[low], turns)
        if not referent or referent.lower() in resolved_question.lower():
            continue
        if _SECOND_ITEM.search(referent) and _SORTS[low] == "thing":
            return f"About {referent}: {resolved_question[:1].lower()}{resolved_question[1:]}"
        # Once is enough: further on, the same pronoun is clear.
        resolved_sorts.add(_SORTS[low])
        has_name = has_name or bool(names(f"x {referent}"))
        text = _insert(low, referent, last=_ends(words, place + 1))
        resolved_question = (
            f"{resolved_question[: start + offset]}{text}{resolved_question[end + offset :]}"
        )
        offset += len(text) - (end - start)
    if resolved_sorts and not has_name:
        # "The hangers" alone are those of any bridge.
        last_topic = topic(turns[-1])
        if last_topic and last_topic.lower() not in resolved_question.lower():
            return f"About {last_topic}: {resolved_question[:1].lower()}{resolved_question[1:]}"
    return resolved_question


def _refers(question: str, words: Words, place: int) -> bool:
    """Whether the word is a pronoun whose meaning is to be looked for before the question."""
    low, start, _ = words[place]
    low = low.lower()
    word_before = words[place - 1][0].lower() if place else ""
    word_after = words[place + 1][0].lower() if place + 1 < len(words) else "?"
    ends = word_after[0] in "?.!,;)"
    if re.match(r"^[^,]*,", question[start:]) and place and words[0][0].lower() in PREPOSITIONS:
        # "After its return, what did the Petrel carry?"
        rest = question[start:].partition(",")[2]
        if "," not in question[:start] and names(f"x {rest}"):
            return False
    if low in _PLACES:
        return (ends or word_after in PREPOSITIONS) and word_before not in AUXILIARIES
    if low in _POINTERS:
        opening = place == 1 or (place > 1 and words[place - 2][0].lower() in QUESTION_WORDS)
        is_inverted = (
            opening
            and word_before in AUXILIARIES
            and (ends or (low == "that" and is_verb(word_after)))
        )
        return is_inverted or (ends and (word_before in PREPOSITIONS or is_verb(word_before)))
    if low == "it" and _EMPTY_IT.search(question):
        return False
    return not _is_explained(question[:start], low, word_before, ends or word_after in PREPOSITIONS)


def _is_explained(earlier: str, low: str, word_before: str, stands_alone: bool) -> bool:
    """Whether the words before the pronoun hold what it stands for."""
    if low in _OWNERS and word_before in ("of", "into", "to", "about"):
        # In "the name of its captain" it is not the name that has the captain.
        earlier = _without_last_noun(earlier, word_before)
    earlier_words = [word.lower() for word, _, _ in tokens(earlier) if word[0].isalnum()]
    verbs = [word for word in earlier_words if is_verb(word) and word not in AUXILIARIES]
    clause = (
        _CLAUSE.search(earlier[4:].rstrip().removesuffix(word_before)) is not None or len(verbs) > 2
    )
    if word_before in AUXILIARIES and not clause:
        # "What is its height?", but "Which show has its rights sold?"
        subject = word_before in ("is", "are", "was", "were", "has", "have", "had")
        subject = subject and len(earlier_words) > 2 and earlier_words[0] not in PREPOSITIONS
        return low in _OWNERS and subject and _SORTS[low] != "person"
    if _SORTS[low] == "person":
        has_referent = bool(names(f"x {earlier}")) or _PEOPLE.search(earlier) is not None
    else:
        nouns = [word for word in earlier_words if word not in _NO_NOUNS and not is_verb(word)]
        # "How many sailors died on it?": they are not "it".
        has_referent = any(_SORTS[low] != "thing" or not is_plural(word) for word in nouns)
        has_referent = (
            has_referent
            or re.match(r"\W*(?:which|what) \w+ \w", earlier, re.IGNORECASE) is not None
        )
    # A subject is not the object of its own clause: "Which ship found it?", "Who spoke about it?"
    subject = low in ("he", "she", "they", *_OWNERS) and not (low == "her" and stands_alone)
    other = (
        stands_alone
        and not subject
        and not clause
        and word_before not in ("in", "with", "on", "to")
    )
    return has_referent and not other


def _without_last_noun(earlier: str, preposition: str) -> str:
    """Without the phrase that the preposition at the end belongs to, unless that is a verb."""
    words = earlier.removesuffix(" ").removesuffix(preposition).split()
    while words and not is_verb(words[-1]) and words[-1].lower() not in PREPOSITIONS:
        words.pop()
    return " ".join(words)


def _insert(low: str, referent: str, *, last: bool) -> str:
    if low in _PLACES:
        return f"at {referent}" if referent.lower().startswith("the ") else f"in {referent}"
    if low in _OWNERS and not (low == "her" and last):
        return (
            referent
            if referent.endswith(("'s", "s'", "s’"))
            else f"{referent}'s".replace("s's", "s'")
        )
    return referent


def _ends(words: Words, place: int) -> bool:
    return place >= len(words) or not words[place][0][0].isalnum()
