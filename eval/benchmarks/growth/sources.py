"""Files of articles for workers, and what should be in a library that took them in."""

import json
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from eval.benchmarks.scale.articles import Planted, articles, planted
from qa.library.store import Library

__all__ = ["SourceFile", "state_of", "write_files"]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file, the ids of its articles, and a fact that stands in the first of them alone."""

    path: Path
    article_ids: tuple[str, ...]
    fact: Planted


def write_files(source: Path, folder: Path, *, files: int, articles_each: int) -> list[SourceFile]:
    """Files of so many articles each, real ones and ones made of their sentences."""
    folder.mkdir(parents=True, exist_ok=True)
    records = islice(articles(source), files * articles_each)
    written = []
    for number in range(files):
        rows = []
        fact = planted(files, number)
        for position, record in enumerate(islice(records, articles_each)):
            text = record["text"] + (f"\n\n{fact.sentence}" if not position else "")
            rows.append({**record, "id": f"f{number}-{position}", "url": None, "text": text})
        path = folder / f"file-{number:04}.jsonl"
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
        written.append(SourceFile(path, tuple(str(row["id"]) for row in rows), fact))
    return written


def state_of(library: Library, expected: list[SourceFile]) -> dict[str, Any]:
    """How many articles of these files are ``missing``, how many are there ``twice`` (by their id,
    or their whole text under another one), and passages without vector or words, or with two.
    """
    wanted = Counter(id_ for file in expected for id_ in file.article_ids)
    with library.connection() as database:
        rows = database.execute("SELECT id, hash FROM articles").fetchall()
        stored = Counter(id_ for id_, _ in rows)
        (unlike,) = database.execute(
            """SELECT count(*) FROM passages p
               FULL JOIN vectors v ON v.key = p.key
               FULL JOIN passage_words w ON w.key = coalesce(p.key, v.key)
               WHERE p.key IS NULL OR v.key IS NULL OR w.key IS NULL"""
        ).fetchone()
        (spans,) = database.execute(
            """SELECT count(*) FROM (SELECT article, start, stop FROM passages
               GROUP BY article, start, stop HAVING count(*) > 1) AS doubled"""
        ).fetchone()
    texts = Counter(digest for _, digest in rows)
    return {
        "articles": len(rows),
        "missing": sum((wanted - stored).values()),
        "twice": sum(n - 1 for n in stored.values()) + sum(n - 1 for n in texts.values()) + spans,
        "out of step": unlike,
    }
