"""How many planted errors the proof finds, and how many true statements it takes for false.

    python -m eval.benchmarks.planted SOURCE... [--half report] [--each 60] [--show KIND]
        [--written FILE]

Each SOURCE is anything that ingest reads. Statements are made by rules from sentences of the
articles, citing whole passages as a chat model does. Thresholds were chosen on one half of the
articles (``--half tune``); the figures to report come from the other. FILE holds written
statements, a line each as ``{articles, statement, supported, quotes?}``, articles by URL or path;
``quotes`` are ``{article, quote}``, without them every passage of the articles is cited.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from eval.benchmarks.planted.errors import ERRORS
from eval.benchmarks.planted.paraphrases import PARAPHRASES
from eval.benchmarks.planted.source import Source, sources
from eval.gold.files import json_lines
from eval.runs.intervals import interval, mean_of
from ingest.sources import Intake, Loaded
from ingest.split import split
from qa.records.answer import Statement, Support
from qa.records.article import Article, Citation, Passage
from qa.verify.prove import prove

__all__ = ["main", "trials"]

Maker = Callable[[Source, Random], Statement | None]


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the statements, prove each, print a Markdown table for errors and one for truths."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("sources", type=Path, nargs="+")
    parser.add_argument("--half", choices=("tune", "report"), default="report")
    parser.add_argument("--each", type=int, default=60, help="statements of each kind, at most")
    parser.add_argument("--show", help="print what was judged wrongly of this kind")
    parser.add_argument("--written", type=Path, help="statements in people's own words")
    options = parser.parse_args(arguments)
    loaded = [item for item in Intake(options.sources) if isinstance(item, Loaded)]
    articles = {item.article.id: item.article for item in sorted(loaded, key=_id)}
    for title, makers, wrong in (
        ("planted errors", ERRORS, "detected"),
        ("true statements", PARAPHRASES, "false alarm"),
    ):
        print(f"| {title} | n | {wrong} | quoted | weak |\n|---|---|---|---|---|")
        judged: list[Support] = []
        started = time.perf_counter()
        for kind, made in trials([*articles.values()], makers, options.half, options.each).items():
            support = [_support(statement, articles) for statement in made]
            judged += support
            if support:
                print(_row(kind, support))
            if kind == options.show:
                right = "unsupported" if makers is ERRORS else "quoted"
                for statement, said in zip(made, support, strict=True):
                    if said != right:
                        _explain(statement, articles)
        print(_row("all", judged))
        took = (time.perf_counter() - started) / max(1, len(judged))
        print(f"\n{took * 1000:.1f} ms a statement, made and proved\n")
    if options.written:
        _judge_written(options.written, loaded, articles)


def _id(item: Loaded) -> str:
    return item.article.id


def _judge_written(path: Path, loaded: Sequence[Loaded], articles: Mapping[str, Article]) -> None:
    """Written statements, each with the quotations or the whole articles that it cites."""
    judged: dict[bool, list[Support]] = {True: [], False: []}
    for row in json_lines(path):
        statement = Statement(row["statement"], tuple(_cited(row, loaded)))
        judged[row["supported"]].append(_support(statement, articles))
    print("| written statements | n | unsupported | quoted | weak |\n|---|---|---|---|---|")
    for truth, support in judged.items():
        if support:
            print(_row(str(truth).lower(), support))


def _cited(row: Mapping[str, Any], loaded: Sequence[Loaded]) -> Iterator[Citation]:
    for wanted in row.get("quotes") or [{"article": name} for name in row["articles"]]:
        for item in loaded:
            article, quote = item.article, wanted.get("quote", "")
            if article.url != wanted["article"] and not item.origin.endswith(wanted["article"]):
                continue
            if quote in article.text:
                whole = article.passage(0, len(article.text))
                start = article.text.index(quote)
                pieces = [whole.cite(start, start + len(quote))] if quote else ()
                yield from pieces or (each.cite(each.start, each.end) for each in split(article))


def trials(
    articles: Sequence[Article], makers: Mapping[str, Maker], half: str, each: int, seed: int = 5
) -> dict[str, list[Statement]]:
    """At most ``each`` statements of each kind, at most one of a kind from an article; the same
    for the same articles, in order, and seed.
    """
    chance = Random(seed)
    mine = [article for place, article in enumerate(articles) if place % 2 == (half == "report")]
    chance.shuffle(mine)
    made: dict[str, list[Statement]] = {kind: [] for kind in makers}
    stranger: Passage | None = None
    for article in mine:
        passages = split(article)
        found = [*sources(article, passages, stranger)]
        stranger = chance.choice(passages)
        for kind, statements in made.items():
            if len(statements) < each:
                chance.shuffle(found)
                statements += _first(found, makers[kind], chance)
        if all(len(statements) == each for statements in made.values()):
            break
    return made


def _first(found: Sequence[Source], maker: Maker, chance: Random) -> Iterator[Statement]:
    for source in found:
        if made := maker(source, chance):
            yield made
            return


def _support(statement: Statement, articles: Mapping[str, Article]) -> Support:
    (proved,) = prove((statement,), articles.__getitem__, keep=True).statements
    return proved.support


def _row(kind: str, support: Sequence[Support]) -> str:
    shares: list[str] = []
    for level in ("unsupported", "quoted", "weak"):
        marks = np.array([said == level for said in support], dtype=np.float64)
        low, high = interval(mean_of(marks), len(marks))
        shares.append(f"{marks.mean():.3f}" + (f" ({low:.2f} to {high:.2f})" if not shares else ""))
    return f"| {kind} | {len(support)} | {' | '.join(shares)} |"


def _explain(statement: Statement, articles: Mapping[str, Article]) -> None:
    proof = prove((statement,), articles.__getitem__, keep=True)
    (proved,) = proof.statements
    print(f"  {proved.support}: {statement.text}")
    print("    ", *(f"“{citation.quote}”" for citation in proved.citations))
    print("    ", *proof.faults)


if __name__ == "__main__":
    main()
