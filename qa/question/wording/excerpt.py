"""The question in what somebody pasted. Strings only."""

import re

from qa.language.lexicon import AUXILIARIES, QUESTION_WORDS
from qa.language.sentences import sentences

__all__ = ["main_question"]

# In characters: what is shorter is the question as a whole.
LONGEST = 400
_ASKING = QUESTION_WORDS | AUXILIARIES


def main_question(text: str) -> str:
    """The question of a long text: its last sentence with a question mark, else the last that
    opens as a question does, else the first. A text of ordinary length is returned as it is.

    >>> main_question("The board met. " * 40 + "Who chairs it? Thank you.")
    'Who chairs it?'
    """
    if len(text) <= LONGEST:
        return text
    parts = [text[start:end] for start, end in sentences(text)]
    marked = [part for part in parts if re.search(r"[?？؟]\W*$", part)]
    opening = [part for part in parts if part.split()[0].lower() in _ASKING]
    question = next(iter([*marked[-1:], *opening[-1:], *parts[:1]]), text)
    # A sentence without an end is no question either.
    return question[:LONGEST].rsplit(" ", 1)[0] if len(question) > 2 * LONGEST else question
