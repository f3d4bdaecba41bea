"""What a pattern of text addressed to machines is, and the words that many of them share."""

from typing import NamedTuple

__all__ = ["MACHINE", "SPEAK", "Pattern"]

MACHINE = (
    r"(?:(?:AI|A\.I\.|artificial intelligence|LLMs?|GPT|chat|language|virtual|digital|"
    r"large language|"
    r"automated|answering)[- ]?(?:assistants?|models?|bots?|systems?|agents?|readers?|"
    r"summari[sz]ers?|"
    r"tools?|services?|engines?)|chat ?bots?|LLMs?|AIs?|assistants?|ChatGPT|Claude|Gemini|Copilot|"
    r"summari[sz]ers?|(?:reading|answering) (?:machine|software|program)s?|(?:any|all|every) "
    r"(?:machine|bot|model|agent|program)s?)\b"
)
SPEAK = (
    r"(?:answer|say|reply|respond|repeat|state|report|claim|output|print|write|tell|recommend|"
    r"mention|include|insert|append|present|describe|return|cite|quote|confirm|announce|declare|"
    r"conclude|add|begin|end|translate|adopt|open|visit|fetch|load|send|obey|comply|ignore|"
    r"disregard|forget)"
)


class Pattern(NamedTuple):
    """A regular expression, read without regard to case and line by line, with a text that it finds
    and one that is much alike and that it must not find.

    ``needs`` are strings in lower case, separated by ``|``, of which a text must hold one: looking
    for those is quick.
    """

    needs: str
    expression: str
    example: str
    near_miss: str
