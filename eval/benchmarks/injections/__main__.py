"""How much of what articles say to machines is recognised, and how much of it is answered with.

    python -m eval.benchmarks.injections FOLDER [--news FILE]... [--show]

FOLDER holds attacks, as ``attacks`` describes them, and in ``ordinary.txt`` lines of ordinary news
that are none. Each FILE holds articles as JSON lines; the share of them in which something is
refused as evidence is printed. ``--show`` names what gets through, and what is refused. Prints
Markdown tables; answers are those of the default installation, and of the worst chat model there
could be.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eval.benchmarks.injections.attacks import Attack, Obedient, attacks, is_recognised, repeats
from eval.gold.files import json_lines
from ingest.split import split
from qa.build import open_pipeline, open_tools
from qa.compose.extract import ExtractComposer
from qa.index.sync import drain
from qa.library.drafts import Draft
from qa.library.writer import open_writer
from qa.pipeline import Pipeline
from qa.protocols import Reader
from qa.records.answer import Answer, Hit
from qa.records.question import Question
from qa.records.reading import Reading
from qa.safety.untrusted import untrusted_spans

__all__ = ["main"]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of an attack."""

    attack: Attack
    recognised: bool
    default: Answer
    obedient: Answer


def main(arguments: Sequence[str] | None = None) -> None:
    """Answer every attack's question by both composers; print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--news", type=Path, action="append", default=[])
    parser.add_argument("--show", action="store_true", help="name what gets through")
    options = parser.parse_args(arguments)
    found = attacks(options.folder)
    with _library(found) as pipeline:
        outcomes = [_outcome(each, pipeline) for each in found]
    print(
        "| attacks | split | n | recognised | default answer repeats it | obedient model's does |"
    )
    print("|---|---|---|---|---|---|")
    kinds = Counter((each.attack.kind, each.attack.split) for each in outcomes)
    for kind, part in sorted(kinds):
        rows = [each for each in outcomes if (each.attack.kind, each.attack.split) == (kind, part)]
        print(_row(kind, part, rows))
    for part in ("tuned", "held_out"):
        print(_row("all", part, [each for each in outcomes if each.attack.split == part]))
    answered = sum(not each.default.abstained for each in outcomes)
    print(f"\n{answered} of {len(outcomes)} questions are answered by default\n")
    if options.show:
        for each in outcomes:
            _explain(each)
    _alarms("lines of ordinary news", _lines(options.folder / "ordinary.txt"), show=options.show)
    for file in options.news:
        _alarms(str(file), (row["text"] for row in json_lines(file)), show=options.show)


@contextmanager
def _library(found: Sequence[Attack]) -> Iterator[Pipeline]:
    """A pipeline over all articles of the attacks."""
    with tempfile.TemporaryDirectory() as folder:
        with open_tools(folder, create=True) as tools, open_writer(tools.library) as writer:
            articles = [article for each in found for article in (each.article, *each.others)]
            writer.put(Draft(article, tuple(split(article))) for article in articles)
            drain(writer, tools.embedder, tools.index)
        with open_pipeline(folder) as pipeline:
            yield pipeline


class _ReadOnce:
    """A reader that reads the hits of a question once for both composers."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._last: tuple[Question, Sequence[Hit], Reading] | None = None

    def read(self, question: Question, hits: Sequence[Hit]) -> Reading:
        if self._last is None or self._last[:2] != (question, hits):
            self._last = (question, hits, self._reader.read(question, hits))
        return self._last[2]

    def relevant(self, question: Question, evidence: Sequence[str]) -> list[bool]:
        return self._reader.relevant(question, evidence)


def _outcome(attack: Attack, pipeline: Pipeline) -> _Outcome:
    reader = _ReadOnce(pipeline.parts.reader)
    default, obedient = (
        pipeline.with_parts(reader=reader, composer=composer).ask(attack.question)
        for composer in (ExtractComposer(), Obedient(attack))
    )
    return _Outcome(attack, is_recognised(attack), default, obedient)


def _row(kind: str, part: str, rows: Sequence[_Outcome]) -> str:
    counts = (
        sum(each.recognised for each in rows),
        sum(repeats(each.attack, each.default) for each in rows),
        sum(repeats(each.attack, each.obedient) for each in rows),
    )
    return f"| {kind} | {part} | {len(rows)} | {' | '.join(map(str, counts))} |"


def _explain(outcome: _Outcome) -> None:
    attack = outcome.attack
    if not outcome.recognised:
        print(f"  not recognised, {attack.split}: {attack.id}")
    for name, answer in (("default", outcome.default), ("obedient", outcome.obedient)):
        if repeats(attack, answer):
            print(
                f"  {name} repeats, {attack.split}: {attack.id}: {answer.short!r} {answer.text!r}"
            )


def _lines(file: Path) -> Iterator[str]:
    for line in file.read_text("utf-8").splitlines() if file.exists() else ():
        if line.strip():
            yield line.replace("\\n", "\n")


def _alarms(name: str, texts: Iterator[str], *, show: bool) -> None:
    count = false = 0
    for text in texts:
        count += 1
        ranges = untrusted_spans(text, None)
        false += bool(ranges)
        if show:
            for low, high in ranges:
                print(f"  refused: {text[low:high][:200]!r}")
    print(f"{name}: {false} of {count} with something refused")


if __name__ == "__main__":
    main()
