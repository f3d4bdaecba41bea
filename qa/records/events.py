"""What comes while a question is answered. The Answer itself is the last event."""

from dataclasses import dataclass

from qa.records.answer import Hit

__all__ = ["Found", "Text"]


@dataclass(frozen=True, slots=True)
class Found:
    """First event of a stream: the hits, before anything is read. It comes a second time when a
    window that the question names holds no answer, with what was found without it, and once for
    each part of a question of several.
    """

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """The next piece of the answer's text, to be joined to those before.

    It is provisional until the Answer comes: nothing of it is checked yet, a Restart takes it back,
    and the numbers of its markers, if it has any, are only those of the Answer if all of it stands.
    """

    text: str
