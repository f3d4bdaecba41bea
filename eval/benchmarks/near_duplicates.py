"""How well copies of one text are told from other texts, and how fast.

    python -m eval.benchmarks.near_duplicates FOLDER

FOLDER holds any of ``neardup_pairs.jsonl.gz`` (``{text_a, text_b}``, a page that was crawled
twice), ``bbc.jsonl.gz`` and ``reuters21578.jsonl.gz`` (``{id, title, text}``). The share of words
that makes a copy was chosen on the first, third, fifth … pair; what is printed of it was measured
on the others.
"""

import argparse
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from eval.gold.files import json_lines
from eval.runs.intervals import interval, mean_of
from qa.language.sentences import sentences
from qa.language.similarity import Wording, are_copies, containment, shingles, sign
from qa.library.drafts import Draft
from qa.library.duplicates import all_clusters
from qa.library.store import Library
from qa.library.writer import LibraryWriter, open_writer
from qa.records.article import Article

__all__ = ["PLANTS", "joined_pages", "main"]

_SHARES = (0.5, 0.6, 0.7, 0.8, 0.9)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the folder allows; print Markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(arguments).folder
    for name, measure in (
        ("neardup_pairs", _pages),
        ("bbc", _duplicates),
        ("bbc", _changes),
        ("reuters21578", _speed),
    ):
        file = folder / f"{name}.jsonl.gz"
        if file.is_file():
            measure([*json_lines(file)])
        else:
            print(f"skipped: there is no {file}")
        print()


def joined_pages(
    pages: Sequence[tuple[str, str]],
) -> dict[tuple[int, int], float]:
    """Which pages of two versions each share a band, and the most that two of their texts hold of
    each other. A page with itself stands for its two versions.
    """
    texts = [text for page in pages for text in page]
    shingled = [shingles("", text) for text in texts]
    bands: dict[int, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        for band in sign("", text):
            bands[band].append(number)
    near = {pair for found in bands.values() for pair in combinations(sorted(set(found)), 2)}
    joined: dict[tuple[int, int], float] = defaultdict(float)
    for one, other in near:
        pair = one // 2, other // 2
        joined[pair] = max(joined[pair], containment(shingled[one], shingled[other]))
    return joined


def _pages(rows: Sequence[dict[str, Any]]) -> None:
    pages = [(row["text_a"], row["text_b"]) for row in rows]
    chosen, kept = pages[::2], pages[1::2]
    print(
        f"| {len(kept)} pages crawled twice: words in common | found again | joined to others "
        "| F0.5 on the other half |\n|---|---|---|---|"
    )
    tuned, joined = joined_pages(chosen), joined_pages(kept)
    for share in _SHARES:
        f = _f_half(tuned, len(chosen), share)
        found = [joined.get((page, page), 0.0) >= share for page in range(len(kept))]
        wrong = {page for pair, held in joined.items() if held >= share for page in pair
                 if len(set(pair)) == 2}  # fmt: skip
        others = [page in wrong for page in range(len(kept))]
        print(f"| {share} | {_share(found)} | {_share(others)} | {f:.3f} |")


def _f_half(joined: Mapping[tuple[int, int], float], pages: int, share: float) -> float:
    """F0.5, since a wrong join hides an article where a missing one costs a place."""
    linked = [pair for pair, held in joined.items() if held >= share]
    right = sum(one == other for one, other in linked)
    return 1.25 * right / (len(linked) + 0.25 * pages)


def _duplicates(rows: Sequence[dict[str, Any]]) -> None:
    texts = {row["id"]: row["text"] for row in rows}
    titles = {row["id"]: row["title"] for row in rows}
    with _stored(rows) as writer:
        clusters = all_clusters(writer.library)
    number = {copy.article_id: n for n, found in enumerate(clusters) for copy in found}
    first: dict[str, str] = {}
    found = []
    for id_, text in texts.items():
        if text in first:
            found.append(number.get(id_, -1) == number.get(first[text], -2))
        first.setdefault(text, id_)
    print(f"| {len(rows)} articles | |\n|---|---|")
    print(f"| identical texts found | {sum(found)} of {len(found)} |")
    kinds = Counter(
        "under one heading" if titles[one] == titles[other] else "under different headings"
        for cluster in clusters
        for one, other in combinations([copy.article_id for copy in cluster], 2)
        if texts[one] != texts[other]
    )
    for kind, count in sorted(kinds.items()):
        print(f"| pairs of other texts joined, {kind} | {count} |")
    for name, part in (("half", 2), ("third", 3), ("fifth", 5)):
        cut = [_is_found(text, _opening(text, part)) for text in first if len(text) > 2000]
        print(f"| first {name} of an article of over 2,000 characters found | {_share(cut)} |")


def _is_found(text: str, part: str) -> bool:
    near = set(sign("", text)) & set(sign("", part))
    return bool(near) and are_copies(shingles("", text), shingles("", part))


def _opening(text: str, part: int) -> str:
    words = text.split()
    return " ".join(words[: len(words) // part])


def _number(text: str) -> str:
    return re.sub(r"\b(?!1\b)\d+\b", lambda found: str(int(found.group()) + 7), text, count=1)


def _name(text: str) -> str:
    return re.sub(r"(?<=[a-z] )[A-Z][a-z]{3,}", "Brandvold", text, count=1)


def _negation(text: str) -> str:
    return re.sub(r"\b(was|were|is|are|has|have|will|would)\b", r"\1 not", text, count=1)


PLANTS: dict[str, Callable[[str], str]] = {
    "number": _number,
    "name": _name,
    "negation": _negation,
    "sentence added": lambda text: f"{text} The rest of it was left for another day.",
}
"""Changes of one fact in a text, by what they change."""


def _changes(rows: Sequence[dict[str, Any]]) -> None:
    print("| passage of a copy with one change | keeps its place |\n|---|---|")
    texts = list(dict.fromkeys(row["text"] for row in rows))
    for name, plant in PLANTS.items():
        kept = []
        for text in texts:
            ranges = sentences(text)[2:7]
            passage = text[ranges[0][0] : ranges[-1][1]] if ranges else ""
            changed = plant(passage)
            if changed != passage and passage:
                kept.append(not Wording(text).carries(changed))
        print(f"| {name} | {_share(kept)} |")


def _speed(rows: Sequence[dict[str, Any]]) -> None:
    with _stored(rows) as writer:
        started = time.perf_counter()
        writer.sign_articles(anew=True)
        took = time.perf_counter() - started
        clusters = all_clusters(writer.library)
    print(f"| {len(rows):,} articles | |\n|---|---|")
    print(f"| signatures and clusters | {took:.1f} s |")
    print(f"| clusters | {len(clusters):,} of {sum(map(len, clusters)):,} articles |")


@contextmanager
def _stored(rows: Sequence[dict[str, Any]]) -> Iterator[LibraryWriter]:
    """A library of the articles, without passages."""
    with tempfile.TemporaryDirectory() as folder:
        library = Library.open(Path(folder), create=True)
        with open_writer(library) as writer:
            for first in range(0, len(rows), 500):
                writer.put(
                    Draft(Article.create(row["text"], id=row["id"], title=row["title"]), ())
                    for row in rows[first : first + 500]
                )
            yield writer
        library.close()


def _share(marks: Sequence[bool]) -> str:
    if not marks:
        return "none to count"
    low, high = interval(mean_of(np.array(marks, dtype=float)), len(marks))
    return f"{sum(marks)} of {len(marks)}, {np.mean(marks):.3f} ({low:.2f} to {high:.2f})"


if __name__ == "__main__":
    main()
