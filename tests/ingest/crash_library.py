"""The library that the crash trials start from, what is to be in it, and what is wrong with it."""

import json
import random
from pathlib import Path

import chromadb
import numpy as np
from chromadb.config import Settings

import ingest.run
from ingest.split import split
from qa.build import open_tools
from qa.index.doctor import examine
from qa.records.article import Article
from qa.records.question import Scope

# What the index looks at when a vector is searched for: its ten nearest.
_NEAREST = 10
_WORDS = random.Random(7)
_WORDS = [
    "".join(_WORDS.choices("abcdefghijklmnopqrstuvwxyz", k=_WORDS.randint(3, 9)))
    for _ in range(3000)
]


def write_articles(folder: Path) -> tuple[Path, Path, Path]:
    """A file of 200 articles; one of what comes after it, where a hundred stay as they are, a
    hundred change and a hundred are new; and one of those that are new or changed.
    """
    old = [_article(number, "old") for number in range(200)]
    changed = [_article(number, "new") for number in range(100, 300)]
    files = (folder / "before.jsonl", folder / "after.jsonl", folder / "upload.jsonl")
    for file, articles in zip(files, (old, old[:100] + changed, changed), strict=True):
        file.write_text("".join(json.dumps(article) + "\n" for article in articles))
    return files


def _article(number: int, state: str) -> dict[str, str]:
    """Its first half is the same in every state: what has nothing in common is another article."""
    sentences = [
        f"{' '.join(dice.choices(_WORDS, k=11)).capitalize()}."
        for dice in (random.Random(f"{number}"), random.Random(f"{number} {state}"))
        for _ in range(14)
    ]
    return {"id": f"a{number}", "title": f"Reading {number}", "text": " ".join(sentences),
            "language": "en"}  # fmt: skip


def problems(library: Path, sources: list[Path], missing: frozenset[str] = frozenset()) -> dict:
    """What is wrong with a library that should hold the articles of the sources, except those
    that are missing: counts by name, empty when nothing is.
    """
    expected = _passages(sources)
    for id_ in missing:
        expected.pop(id_, None)
    with open_tools(library) as tools:
        stored = {
            summary.id: [
                (item.passage.start, item.passage.end, item.passage.text)
                for item in tools.library.passages_of(summary.id)
            ]
            for summary in tools.library.summaries()
        }
        with tools.library.connection() as database:
            (passages,) = database.execute("SELECT count(*) FROM passages").fetchone()
        words = tools.library.lexical_index.keys()
        vectors = tools.index.count()
        unreached = _unreached(library, tools.index)
        # It was opened just now; a child process that tries it first would take two seconds.
        tools.index.check = lambda: None
        health = examine(tools.library, tools.index)
    doubled = sum(map(len, stored.values())) - sum(len({*each}) for each in stored.values())
    counted = {
        "lost": len(expected.keys() - stored.keys()),
        "stray": len(stored.keys() - expected.keys()),
        "changed": sum(stored[id_] != expected[id_] for id_ in stored.keys() & expected.keys()),
        "doubled": doubled,
        "vectors": abs(vectors - passages),
        "words": abs(len(words) - passages),
        "words doubled": len(words) - len({*words}),
        "unreachable": len(unreached),
        **{f"finding: {each.name}: {each.detail}": each.count for each in health.findings},
    }
    return {name: count for name, count in counted.items() if count}


def _passages(sources: list[Path]) -> dict[str, list[tuple[int, int, str]]]:
    expected = {}
    for line in [line for source in sources for line in source.read_text().splitlines()]:
        row = json.loads(line)
        article = Article.create(row["text"], title=row["title"], id=row["id"])
        expected[row["id"]] = [(item.start, item.end, item.text) for item in split(article)]
    return expected


def _unreached(library: Path, index) -> list[str]:
    """The vectors that are not among the ten nearest to themselves, asked of Chroma itself."""
    index.close()
    client = chromadb.PersistentClient(
        str(library / "chroma"), settings=Settings(anonymized_telemetry=False)
    )
    (collection,) = client.list_collections()
    found = collection.get(include=["embeddings"])
    missed = []
    for first in range(0, len(found["ids"]), 500):
        ids = found["ids"][first : first + 500]
        rows = found["embeddings"][first : first + 500]
        near = collection.query(query_embeddings=rows, n_results=_NEAREST, include=[])["ids"]
        missed += [(id_, row) for id_, row, ten in zip(ids, rows, near, strict=True)
                   if id_ not in ten]  # fmt: skip
    client.close()
    # What the graph hides may be compared by itself.
    return [
        id_
        for id_, row in missed
        if int(id_) not in {
            match.key for match in index.search(np.asarray(row, np.float32), _NEAREST, Scope())
        }
    ]  # fmt: skip


def take_in(library: Path, *sources: Path) -> ingest.run.IngestReport:
    return ingest.run.ingest(list(sources), library=library)
