"""Articles for libraries of any size: real ones, then ones made of their sentences, and in them
passages whose facts nothing else states. Knows no library.
"""

import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.language.sentences import sentences

__all__ = ["PLANTED", "Planted", "articles", "planted", "size_of", "write_articles"]

# Characters of a text for each of its passages, as measured on news.
_PASSAGE = 690
# Planted passages of each size, whatever it is.
PLANTED = 200
# Real articles whose sentences are recombined, and sentences of an article made so.
_POOL, _SENTENCES = 4000, 32
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})*")
_STARTS = (
    "Bel", "Cor", "Dan", "Elm", "Fal", "Gar", "Hol", "Ivel", "Jas", "Kel", "Lor", "Mar", "Nor",
    "Orl", "Pen", "Quin", "Ros", "Sel", "Tor", "Ul",
)  # fmt: skip
_MIDDLES = ("a", "e", "i", "o", "u", "an", "en", "in", "on", "ar", "er", "or")
_ENDS = (
    "by", "dale", "den", "ford", "gate", "ham", "ley", "mere", "more", "ness", "ridge", "stead",
    "ton", "vale", "ville", "wick", "worth",
)  # fmt: skip
_TRADES = (
    "bakers", "carters", "coopers", "dyers", "fullers", "glaziers", "masons", "millers",
)  # fmt: skip
_SEED = 1811


@dataclass(frozen=True, slots=True)
class Planted:
    """A question, the sentence that answers it and stands in one article, and that answer."""

    question: str
    sentence: str
    answer: str


def planted(size: int, number: int) -> Planted:
    """The planted passage of a number from 0, for the library of a size."""
    dice = random.Random(f"{_SEED}-{size}-{number}")
    town, person = _made_name(dice), f"{_made_name(dice)} {_made_name(dice)}"
    trade, answer = dice.choice(_TRADES), f"{dice.randint(1000, 999_999):,}"
    return Planted(
        f"How many crowns did the {trade} of {town} lend to {person}?",
        f"The {trade} of {town} lent {person} {answer} crowns for the mill on the river.",
        answer,
    )


def size_of(text: str) -> int:
    """About how many passages a text has."""
    return max(1, round(len(text) / _PASSAGE))


def articles(source: Path, after: int = 0) -> Iterator[dict[str, Any]]:
    """The real articles of a file, then ones made of their sentences without an end; ``after`` so
    many of both together.
    """
    opened = gzip.open if source.suffix == ".gz" else open
    pool: list[str] = []
    count = 0
    with opened(source, "rt", encoding="utf-8") as stream:
        for line in stream:
            record = json.loads(line)
            if len(pool) < _POOL:
                pool.append(record["text"])
            count += 1
            if count > after:
                yield record
    known = [[text[low:high] for low, high in sentences(text)] for text in pool]
    for number in range(max(0, after - count), 10**9):
        yield _recombined(known, number)


def write_articles(source: Path, target: Path, *, after: int, passages: int, size: int) -> int:
    """Write articles of about so many passages as JSON Lines, beginning ``after`` so many, with the
    planted ones of a size spread over them; returns how many of the source's were taken.
    """
    step = max(1, passages // PLANTED)
    count = written = number = 0
    unfinished = target.with_suffix(".new")
    with unfinished.open("w", encoding="utf-8") as stream:
        for record in articles(source, after):
            if written >= passages and number == PLANTED:
                break
            text = record["text"]
            while number < PLANTED and written >= number * step:
                text += f"\n\n{planted(size, number).sentence}"
                number += 1
            stream.write(json.dumps({**record, "text": text}, ensure_ascii=False) + "\n")
            written += size_of(text)
            count += 1
    unfinished.replace(target)
    return count


def _recombined(known: list[list[str]], number: int) -> dict[str, Any]:
    """An article of sentences of several others, their names replaced by one made up for each."""
    dice = random.Random(f"{_SEED}-{number}")
    names: dict[str, str] = {}
    chosen: list[str] = []
    while len(chosen) < _SENTENCES:
        others = dice.choice(known)
        start = dice.randrange(max(1, len(others) - 2))
        chosen += others[start : start + 3] or ["Nothing was said."]

    def other_name(found: re.Match[str]) -> str:
        return names.setdefault(found[0], _made_name(dice))

    written = [_NAME.sub(other_name, sentence) for sentence in chosen]
    paragraphs = (" ".join(written[low : low + 4]) for low in range(0, len(written), 4))
    return {
        "id": f"made-{number}",
        "title": f"{_made_name(dice)} {dice.choice(_TRADES)} and {_made_name(dice)}",
        "text": "\n\n".join(paragraphs),
        "published": f"20{dice.randint(10, 24)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
        "source": f"{_made_name(dice)} Post",
    }


def _made_name(dice: random.Random) -> str:
    return dice.choice(_STARTS) + dice.choice(_MIDDLES) + dice.choice(_ENDS)
