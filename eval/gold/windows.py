"""Questions that were written over windows of articles, answerable ones and near misses."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from eval.gold.files import json_lines, rows_by_id
from qa.language.phrases import join_members
from qa.records.article import Article

__all__ = ["ARTICLES", "WindowQuestion", "read_questions", "read_windows", "write_windows"]

ARTICLES = {"t": "news-large", "n": "news-train", "d": "news-dev"}
"""Which articles a set of windows is cut from: to train, to choose by, to report."""


@dataclass(frozen=True, slots=True)
class WindowQuestion:
    """A question about the window with this id. ``answers`` are what is accepted: spans, of a list
    its members joined as a sentence has them, or "yes" or "no"; empty for a near miss, of which
    ``near_miss`` tells the kind. ``members`` are those of a list, else empty.
    """

    window: str
    question: str
    kind: str
    answers: tuple[str, ...] = ()
    near_miss: str = ""
    members: tuple[str, ...] = ()


def read_windows(data: Path, name: str) -> dict[str, Article]:
    """The windows of a set (``t``, ``n`` or ``d``) by id, each as an article of its own with the
    day, outlet and title of the one that it is cut from. ``data`` holds ``annotated`` and the
    folders with the articles.
    """
    rows = [*json_lines(data / "annotated" / f"{name}.windows.jsonl")]
    wanted = {row["article"] for row in rows}
    articles = rows_by_id(data / ARTICLES[name] / "articles.jsonl.gz", wanted)
    windows = {}
    for row in rows:
        article = articles[row["article"]]
        # The offsets are those of the text as it is stored.
        whole = Article.create(article["text"], title=article["title"])
        windows[row["window"]] = Article.create(
            whole.text[row["start"] : row["end"]],
            id=row["window"],
            title=article["title"],
            source=row["source"],
            published=date.fromisoformat(row["date"]) if row.get("date") else None,
        )
    return windows


def write_windows(windows: Iterable[Article], path: Path) -> None:
    """One JSON object a line, as a library takes articles in."""
    with path.open("w", encoding="utf-8") as lines:
        for each in windows:
            row = {"id": each.id, "title": each.title, "text": each.text, "source": each.source}
            day = each.published
            lines.write(json.dumps(row | ({"date": day.isoformat()} if day else {})) + "\n")


def read_questions(files: Sequence[Path]) -> Iterator[WindowQuestion]:
    """The questions of the files, in order. Raises KeyError for a line without a field."""
    for row in (row for file in files for row in json_lines(file)):
        kind, answer = row.get("k", ""), row["a"]
        if answer is None:
            yield WindowQuestion(row["w"], row["q"], kind, near_miss=row.get("miss", ""))
        elif isinstance(answer, list):
            joined = (join_members(answer),)
            yield WindowQuestion(row["w"], row["q"], "list", joined, members=tuple(answer))
        else:
            accepted = (answer, *row.get("also", ()))
            yield WindowQuestion(row["w"], row["q"], kind, accepted)
