"""Words for people with their values apart, so that a screen can say them in its own language."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from qa.records.serialization import Record

__all__ = [
    "Clause",
    "as_sentences",
    "clause",
    "day_in_words",
    "english",
    "number_clause",
    "verbatim",
]


@dataclass(frozen=True, slots=True)
class Clause(Record):
    """``message`` is English; ``%(name)s`` in it stands for the value of that name: text, a number
    of things, or, where the name begins with "day", a day in ISO 8601. ``plural`` is the message
    for every number ``num`` but one; empty where nothing is counted.
    """

    message: str
    plural: str = ""
    values: Mapping[str, str | int] = field(default_factory=dict)

    def text(self, written: Callable[[date], str] = str) -> str:
        """In English, days as ``written``.

        >>> number_clause("%(num)s passage", "%(num)s passages", 1200).text()
        '1,200 passages'
        """
        message = self.plural if self.plural and self.values["num"] != 1 else self.message
        return message % self.written_values("{:,}".format, written) if self.values else message

    def written_values(
        self, number: Callable[[int], str], day: Callable[[date], str]
    ) -> dict[str, str]:
        """The values as numbers and days are written somewhere."""
        return {
            name: number(value) if isinstance(value, int) else _as_day(name, value, day)
            for name, value in self.values.items()
        }


def clause(message: str, **values: str | int | date) -> Clause:
    """A text that stands in the catalogues of the screen, with its values."""
    return Clause(message, "", _plain(values))


def number_clause(message: str, plural: str, num: int, **values: str | int | date) -> Clause:
    """The same for a number of things, which is ``%(num)s`` in both texts."""
    return Clause(message, plural, {"num": num, **_plain(values)})


def verbatim(text: str) -> Clause:
    """What is said as it is in every language, as the words of an article or of a server."""
    return Clause("%(text)s", "", {"text": text})


def english(clauses: Sequence[Clause]) -> str:
    """What they say as English sentences, days in words.

    >>> english([clause("none is newer than %(day)s", day=date(2024, 6, 3))])
    'None is newer than 3 June 2024.'
    """
    return as_sentences([each.text(day_in_words) for each in clauses])


def as_sentences(texts: Sequence[str]) -> str:
    """The texts as sentences: each with a capital, and a full stop where it has none."""
    return " ".join(map(_as_sentence, texts))


def _as_sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if re.search(r"[.!?。？！](?:[”)]|$)$|\)”?$", text) else f"{text}."


def day_in_words(day: date) -> str:
    """As English texts have it: 3 June 2024."""
    return f"{day.day} {day:%B %Y}"


def _as_day(name: str, value: str, written: Callable[[date], str]) -> str:
    return written(date.fromisoformat(value)) if name.startswith("day") else value


def _plain(values: Mapping[str, str | int | date]) -> dict[str, str | int]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }
