"""Groups of the open questions that were written for the reader: which sentences a good answer
quotes, among the passages that a search found.

``training/questions/open.jsonl`` holds the questions with offsets into articles that are not part
of this project.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from eval.gold.files import json_lines, rows_by_id
from qa.records.article import Article

from .rows import Group, shown

__all__ = ["open_groups"]

# What the answer to a kind of question is; of the others, nobody knows.
_KINDS = {"summary": "sentences", "compare": "sentences", "change": "sentences", "list": "list"}


def open_groups(data: Path, questions: Path) -> Iterator[Group]:
    """A group for each question: passages with evidence, and those that have none of it. Raises
    KeyError for an article that ``data`` lacks.
    """
    rows = [*json_lines(questions)]
    wanted = {article for row in rows for article, *_ in row["passages"]}
    stored = rows_by_id(data / "news-large" / "articles.jsonl.gz", wanted)
    articles = {id_: _article(row) for id_, row in stored.items()}
    for row in rows:
        group = Group("open", row["question"], kind=_kind(row))
        evidence = [place for nugget in row["nuggets"] for place in nugget["evidence"]]
        for article, start, end in row["passages"]:
            text = shown(articles[article].passage(start, end))
            text.evidence = sorted(
                {
                    (max(low, start) - start, min(high, end) - start)
                    for id_, low, high in evidence
                    if id_ == article and low < end and start < high
                }
            )
            if text.evidence:
                group.positives.append(text)
            elif row["answerable"]:
                group.negatives.append(text)
            else:
                group.near_misses.append(text)
        yield group


def _kind(row: Mapping[str, Any]) -> str:
    return str(row["short"]) if row["kind"] == "yesno" else _KINDS.get(row["kind"], "unknown")


def _article(row: Mapping[str, Any]) -> Article:
    return Article.create(
        row["text"],
        id=row["id"],
        title=row["title"],
        source=row["domain"],
        published=date.fromisoformat(row["date"]) if row.get("date") else None,
    )
