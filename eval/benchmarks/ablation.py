"""What each number and rule gives that decides an answer: put out of action, one at a time.

    python -m eval.benchmarks.ablation GOLD --library DIR [--only NAME...]

Every question of the gold is answered with all of them, and then without each. Prints a Markdown
table: how many answers differ, and what exact match, F1 and abstention F1 change by, with p of an
exact sign-flip or exchange test, two-sided. The reader's network reads each passage once.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import qa.thresholds as thresholds
from eval.gold.questions import Gold, load_gold
from eval.metrics.judges import WordsJudge
from eval.runs.compare import Comparison, compare
from eval.runs.run import Item, Run, describe, run
from qa import Pipeline, open_pipeline
from qa.protocols import Vectors
from qa.readers.neural.encode import Encoded, Encoder
from qa.readers.neural.inference import Inference
from qa.readers.neural.network import Network, Scores
from qa.readers.span import SpanReader
from qa.readers.vote import Decision

__all__ = ["NUMBERS", "RULES", "MemoNetwork", "main", "switched_off"]

MODELS = Path(import_module("qa").__file__ or "").parent / "models"
_MEASURES = ("exact_match", "f1", "abstention F1")

NUMBERS: Mapping[str, float] = {
    "RANK_CONSTANT": 60, "MEANING_WEIGHT": 0.0, "IN_WINDOW": 0.0, "CLOSENESS_DAYS": 1e9,
    "CLOSENESS_UNKNOWN": 0.0, "FURTHER_STATEMENT": 2.0,
    "RIVAL_ANSWER": 2.0, "RIVAL_TERMS": 0.0, "NEWER_ANSWER": 2.0, "NEWER_TERMS": 0.0,
    "DISPUTE": -99.0, "SAME_MATTER": 0.0,
    "DISPUTED_RATIO": 1e9,
    "CORRECTION_REACH": 0, "SUPPORTED": 0.0, "QUOTED": 0.0, "PAIR_WEIGHT": 0.0,
    "FURTHER_SENTENCE": 1.0, "NEW_WORDS": 0.0, "REPEATED": 0.0, "ROUNDING": 0.0,
    "NEGATION_REACH": 0, "ECHO_WORDS": 99, "ECHO_SHARED": 2.0, "SAME_SPELLING": 1.0,
    "SAME_PHRASE": 1.0, "HEDGED": 0.0, "ANSWERING": 0.0,
    "MEMBER_MARGIN": 99.0, "MEMBER_LEAST": -99.0, "RELEVANT": -99.0, "NEAREST": -99.0,
    "SETTLED": 2.0, "CITED_BEFORE": 0.0, "COLLECTION_KIND": 2.0, "COUNT_KIND": 2.0,
    "DIGEST_BEHIND": 99.0, "DIGEST_REPEATS": 0.0, "DIGEST_SAME": 2.0, "DIGEST_SHORT": 2.0,
    "DIGEST_TOPIC": 0.0,
    "RIVAL_ALONE": -99.0, "YES_OR_NO": 0.0, "VERDICT": 0.0,
}  # fmt: skip
"""A number of ``qa.thresholds`` with the value at which it decides nothing."""

RULES: Mapping[str, tuple[str, str, Callable[..., Any]]] = {
    "bylines are no answers": ("qa.readers.span", "bylines", lambda text: ()),
    "untrusted text is no answer": ("qa.readers.span", "untrusted_in", lambda hit, question: ()),
    "errata": ("qa.compose.conflicts", "errata", lambda text, answer: ()),
    "corrections by other outlets": (
        "qa.compose.conflicts", "without_claim", lambda answers: (answers, []),
    ),
    "newest of rival answers first": (
        "qa.compose.conflicts", "_newest_first", lambda question, answers: answers,
    ),
}  # fmt: skip
"""A rule as a function of a module, and one in its place that leaves everything as it is."""

DECISIONS: Mapping[str, Mapping[str, Any]] = {"score of the search": {"rank": 0.0}}
"""Weights of the reader's decision that are set to nothing."""


@dataclass
class MemoNetwork(Network):
    """A network that remembers its scores of each window, for as long as it lives."""

    network: Network
    memory: dict[tuple[int, ...], Scores] = field(default_factory=dict)

    def score(self, windows: Sequence[Encoded]) -> list[Scores]:
        """The scores of each window, in their order."""
        fresh = [each for each in windows if tuple(each.ids) not in self.memory]
        for window, scores in zip(fresh, self.network.score(fresh) if fresh else [], strict=True):
            self.memory[tuple(window.ids)] = scores
        return [self.memory[tuple(window.ids)] for window in windows]

    def states(self, ids: Sequence[int]) -> Vectors:
        """As the network has them."""
        return self.network.states(ids)


def main(arguments: Sequence[str] | None = None) -> None:
    """Answer with all, then without each, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--only", nargs="*", help="names of numbers or rules; without, all")
    options = parser.parse_args(arguments)
    gold = load_gold(options.gold)
    network = MemoNetwork(Network(MODELS / "reader" / "model.onnx"))
    inference = Inference(network.network, MODELS / "inference" / "model.onnx")
    encoder = Encoder(MODELS / "minilm" / "tokenizer.json")
    decision = Decision.load(MODELS / "reader" / "decision.json")
    print("| without | answers that differ | exact match | F1 | abstention F1 |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:

        def answered(used: Decision) -> Run:
            # Anew each time: some numbers count when a pipeline is made.
            with open_pipeline(options.library) as pipeline:
                reader = SpanReader(network, encoder, used, inference)
                asked = pipeline.with_parts(reader=reader)
                return _run(asked, gold, Path(folder))

        base = answered(decision)
        for name in options.only or [*NUMBERS, *RULES, *DECISIONS]:
            with switched_off(name):
                new = answered(replace(decision, **DECISIONS.get(name, {})))
            print(_row(name, base, new), flush=True)


@contextmanager
def switched_off(name: str) -> Iterator[None]:
    """A number or rule out of action, everywhere in the process. Raises KeyError if unknown."""
    if name in DECISIONS:
        yield
        return
    module, attribute, value = (
        (thresholds, name, NUMBERS[name])
        if name in NUMBERS
        else (import_module(RULES[name][0]), *RULES[name][1:])
    )
    before = getattr(module, attribute)
    setattr(module, attribute, value)
    try:
        yield
    finally:
        setattr(module, attribute, before)


def _run(pipeline: Pipeline, gold: Sequence[Gold], folder: Path) -> Run:
    judge = WordsJudge()
    setting = describe(gold, pipeline.library, judge, "ablation")

    def ask(item: Gold) -> Any:
        return pipeline.ask(item.question, as_of=item.as_of)

    return run(gold, ask, judge, setting, folder / "run.json", library=pipeline.library)


def _row(name: str, base: Run, new: Run) -> str:
    changed = sum(
        _said(one) != _said(other) for one, other in zip(base.items, new.items, strict=True)
    )
    compared: Comparison = compare(base, new)
    changes = {change.name: change for change in compared.changes}
    cells = [
        f"{changes[each].difference:+.3f} (p {changes[each].p:.2f})" if each in changes else "–"
        for each in _MEASURES
    ]
    return f"| {name} | {changed} | {' | '.join(cells)} |"


def _said(item: Item) -> tuple[object, ...]:
    answer = item.answer
    return answer.short, answer.text, answer.abstained, len(answer.conflicts)


if __name__ == "__main__":
    main()
