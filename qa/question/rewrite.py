"""A follow-up made to stand alone, by rules: pronouns, ellipsis, and questions without content.

English. What stands alone is left as it is, whatever was said before. Nothing is added that does
not stand in the question or in the turns before it. Knows nothing of articles.
"""

import re
from collections.abc import Sequence
from itertools import islice

from qa.language.dates import dates
from qa.language.lexicon import EMPTY_WORDS, STOP_WORDS
from qa.language.phrases import mentions, names
from qa.language.words import stem, stems, terms
from qa.question.antecedents import topic
from qa.question.ellipsis import complete, is_fragment
from qa.question.kind import read_kind
from qa.question.pronouns import resolve
from qa.records.conversation import Rewrite, Turn

__all__ = ["RuleRewriter", "rewrite"]

# How many turns back something may have been said.
_REACH = 3
# In characters: what is longer is no follow-up; of a long answer the beginning tells enough.
_LONGEST, _LONGEST_ANSWER = 400, 3000
_OWNED = re.compile(r"^(?:what|how) about (?:his|her|its|their) ", re.IGNORECASE)
_LEAD = re.compile(r"^(?:and|but|so|or|then|ok(?:ay)?|well|also)\b[, ]*", re.IGNORECASE)


class RuleRewriter:
    """Rewrites by rules alone; the same words always come out the same."""

    def rewrite(self, question: str, history: Sequence[Turn]) -> Rewrite:
        """The question as it stands alone; unchanged without a history or a need."""
        rewritten_question = rewrite(question, history)
        return Rewrite(rewritten_question, "by rules" if rewritten_question != question else "")


def rewrite(question: str, history: Sequence[Turn]) -> str:
    """The question as it stands alone after the turns, the latest of which is last.

    >>> before = [Turn("What was the key rate of Corvania in March 2024?", "4.50 per cent")]
    >>> rewrite("And in June?", before)
    'What was the key rate of Corvania in June 2024?'
    >>> rewrite("Who leads the bank of Tarvia?", before)
    'Who leads the bank of Tarvia?'
    """
    latest = (turn for turn in reversed(history) if not _is_greeting(turn.question))
    turns = [
        Turn(turn.question[:_LONGEST], turn.short[:_LONGEST], turn.text[:_LONGEST_ANSWER])
        for turn in islice(latest, _REACH)
    ][::-1]
    if not turns or not question.strip() or len(question) > _LONGEST:
        return question
    bare = _LEAD.sub("", question.strip())
    if _OWNED.match(bare):
        # "What about his deputy?": whose, before it stands in the place of something.
        bare = resolve(bare, turns)
    if is_fragment(bare):
        return _capital(complete(bare, turns))
    has_lead = bare != question.strip()
    resolved_question = resolve(bare, turns)
    if resolved_question != bare:
        return _capital(resolved_question)
    if _contentless(bare) or (not _own(bare) and (has_lead or _taken_up(bare, turns[-1]))):
        last_topic = topic(turns[-1])
        if last_topic and last_topic.lower() not in bare.lower():
            return f"About {last_topic}: {_lower(bare)}"
    return question


def _is_greeting(question: str) -> bool:
    """Whether it says nothing that one could go on speaking of: empty, a greeting, thanks."""
    if names(question):
        return False
    return not question.strip() or read_kind(question).kind == "greeting"


def _contentless(question: str) -> bool:
    words = {word.lower() for word in terms(question)}
    return not words - STOP_WORDS - EMPTY_WORDS


def _own(question: str) -> bool:
    """Whether the question names something or some day itself."""
    return bool(names(question) or dates(question))


def _taken_up(question: str, turn: Turn) -> bool:
    """Whether "the …" of the question is something that the last turn spoke of."""
    turn_stems = stems(f"{turn.question} {turn.text}")
    phrases = [
        phrase.text for phrase in mentions(question) if phrase.text.lower().startswith("the ")
    ]
    return any(stem(phrase.split()[-1]) in turn_stems for phrase in phrases)


def _capital(question: str) -> str:
    return question[:1].upper() + question[1:]


def _lower(question: str) -> str:
    """With a small letter, unless a name opens it."""
    opening = names(question)
    return question if opening and opening[0].start == 0 else question[:1].lower() + question[1:]
