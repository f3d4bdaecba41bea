"""How the texts of a report are said: in English, unless whoever shows it has other words."""

from typing import Protocol

__all__ = ["N_", "Say", "english"]


class Say(Protocol):
    """Gives a text in a language, with ``%(name)s`` replaced by the value of that name."""

    def __call__(self, message: str, **values: object) -> str: ...


def english(message: str, **values: object) -> str:
    """The text as it stands in the code.

    >>> english("%(count)s questions", count=3)
    '3 questions'
    """
    return message % values if values else message


def N_(message: str) -> str:
    """The text as it is, to be said later on."""
    return message
