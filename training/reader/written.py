"""Groups of the questions that were written for the reader, over windows of news articles.

``training/questions`` holds the questions; the windows are offsets into articles that are not
part of this project.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.gold.files import json_lines
from qa.language.lexicon import STOP_WORDS
from qa.language.sentences import sentences
from qa.records.article import Article

from .rows import Group, Text, shown

__all__ = ["written_groups"]

# Other windows that are shown beside the one asked about: the most alike of so many.
_BESIDE = 4


def written_groups(articles: Mapping[str, Article], questions: Sequence[Path]) -> Iterator[Group]:
    """A group for each question over these windows: its own, with the answer or as a near miss, and
    others that are alike. Raises ValueError for an answer that is not in its window.
    """
    windows = {id_: shown(window.passage(0, len(window.text))) for id_, window in articles.items()}
    words = {id_: _content(f"{text.heading} {text.text}") for id_, text in windows.items()}
    for path in questions:
        for row in json_lines(path):
            window = windows[row["w"]]
            group = Group("written", row["q"], kind=_kind(row))
            found = _places(row, window.text)
            marked = Text(window.heading, window.text, found, _evidence(window.text, found))
            if row.get("a") is None:
                group.near_misses.append(window)
            elif group.kind in ("yes", "no"):
                group.positives.append(Text(window.heading, window.text, [], marked.evidence))
            else:
                group.positives.append(marked)
            asked = _content(row["q"])
            others = sorted(
                (id_ for id_ in windows if id_ != row["w"]),
                key=lambda id_: (-len(asked & words[id_]), id_),
            )
            group.negatives = [windows[id_] for id_ in others[:_BESIDE]]
            yield group


def _kind(row: Mapping[str, Any]) -> str:
    if row.get("k") == "yesno" and row.get("a"):
        return str(row["a"]).lower()
    return "list" if isinstance(row.get("a"), list) else "span"


def _places(row: Mapping[str, Any], text: str) -> list[tuple[int, int]]:
    """Where the answer stands, or of a yes or no its evidence; empty for a near miss."""
    if row.get("a") is None:
        return []
    if row.get("k") == "yesno":
        return [_place(text, row["e"], None)]
    answers = row["a"] if isinstance(row["a"], list) else [row["a"]]
    return [_place(text, answer, row.get("ctx")) for answer in answers]


def _place(text: str, answer: str, context: str | None) -> tuple[int, int]:
    begin = text.find(context) if context and answer in context else 0
    start = text.find(answer, max(0, begin))
    if start < 0:
        raise ValueError(f"{answer!r} is not in its window")
    return start, start + len(answer)


def _evidence(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sentences that hold the spans."""
    return [
        (low, high)
        for low, high in sentences(text)
        if any(start < high and low < end for start, end in spans)
    ]


def _content(text: str) -> set[str]:
    return {word for word in re.findall(r"[^\W_]+", text.lower()) if word not in STOP_WORDS}
