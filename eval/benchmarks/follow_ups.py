"""How well follow-ups are understood: asked in their dialogue, as stand-alone questions, and bare.

    python -m eval.benchmarks.follow_ups FILE --library DIR [--tuning] [--unrelated GOLD]

FILE holds a dialogue a line: ``{"id", "tuning", "turns": [{"question", "standalone", "answers",
"articles"}]}``; what is marked for tuning is left out, or with --tuning measured alone. The first
turn opens the dialogue and is not measured. With --unrelated, the questions of that gold, which
stand alone, are each preceded by a turn of some dialogue: none of them should be rewritten.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np

from eval.gold.files import json_lines
from eval.gold.questions import Gold, GoldError, load_gold
from eval.metrics.evidence import placed
from eval.metrics.judges import WordsJudge
from eval.metrics.registry import score
from eval.runs.intervals import interval, mean_of
from qa import Pipeline, Turn, open_pipeline
from qa.question.rewrite import rewrite
from qa.records.serialization import Record

__all__ = ["Dialogue", "Utterance", "load_dialogues", "main"]

_MEASURES = {
    "passage:Success@5": "supporting passage in the top 5",
    "exact_match": "exact match of `short`",
    "contains": "an accepted answer in `text`",
}
_WAYS = ("in the dialogue", "stand-alone", "bare")


@dataclass(frozen=True, slots=True)
class Utterance(Record):
    """A question as it is said, and as it reads alone; ``articles`` as in gold."""

    question: str
    standalone: str
    answers: tuple[str, ...]
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dialogue(Record):
    """Questions, each in the light of those before it."""

    id: str
    tuning: bool
    turns: tuple[Utterance, ...]


def load_dialogues(path: Path) -> list[Dialogue]:
    """The dialogues of a file. Raises GoldError for a line that is none."""
    found = []
    try:
        for number, row in enumerate(json_lines(path), start=1):
            try:
                found.append(Dialogue.from_dict(row))
            except (KeyError, TypeError) as error:
                raise GoldError(f"{path}, line {number}: {error}") from error
    except (OSError, ValueError) as error:
        raise GoldError(f"{path} is no file of dialogues: {error}") from error
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, and how many questions that stand alone were rewritten."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--tuning", action="store_true", help="measure those marked for tuning")
    parser.add_argument("--unrelated", type=Path, nargs="*", default=[], help="gold")
    parser.add_argument("--show", action="store_true", help="print each follow-up as rewritten")
    options = parser.parse_args(arguments)
    every = load_dialogues(options.file)
    chosen = [dialogue for dialogue in every if dialogue.tuning == options.tuning]
    with open_pipeline(options.library) as pipeline:
        rows = [row for dialogue in chosen for row in _asked(pipeline, dialogue, options.show)]
    print(f"{len(rows)} follow-ups in {len(chosen)} dialogues\n")
    _print(rows)
    openers = [[Turn(dialogue.turns[0].standalone)] for dialogue in every]
    alone = [turn.standalone for dialogue in every for turn in dialogue.turns]
    _harm("the dialogues' own stand-alone questions", alone, openers[1:] + openers[:1])
    for path in options.unrelated:
        _harm(path.name, [item.question for item in load_gold(path)], openers)


Row = tuple[dict[str, float], ...]


def _asked(pipeline: Pipeline, dialogue: Dialogue, show: bool) -> Iterator[Row]:
    """The marks of each follow-up, in the order of _WAYS."""
    history: list[Turn] = []
    judge = WordsJudge()
    for number, turn in enumerate(dialogue.turns):
        answer = pipeline.ask(turn.question, history=history)
        history.append(Turn.of(answer))
        if not number:
            continue
        gold = Gold(f"{dialogue.id}-{number}", turn.standalone, turn.answers, turn.articles)
        gold = placed(gold, pipeline.library)
        answers = (answer, pipeline.ask(turn.standalone), pipeline.ask(turn.question))
        marks = [score(gold, each, judge) for each in answers]
        row = tuple({name: mark[name] or 0.0 for name in _MEASURES} for mark in marks)
        if show:
            found = " ".join("".join(f"{mark[name]:.0f}" for name in _MEASURES) for mark in row)
            print(
                f"{found}  {turn.question}\n             {answer.rewritten or '='} → {answer.short}"
            )
        yield row


def _print(rows: Sequence[Row]) -> None:
    print("| |", " | ".join(_WAYS), "| dialogue less stand-alone |")
    print("|---" * (len(_WAYS) + 2) + "|")
    for name, label in _MEASURES.items():
        marks = np.array([[way[name] for way in row] for row in rows])
        cells = [_figure(marks[:, column]) for column in range(len(_WAYS))]
        print(f"| {label} |", " | ".join(cells), f"| {_figure(marks[:, 0] - marks[:, 1])} |")


def _figure(marks: np.ndarray) -> str:
    low, high = interval(mean_of(marks), len(marks))
    return f"{marks.mean():.3f} ({low:.2f} to {high:.2f})"


def _harm(
    name: str,
    questions: Sequence[str],
    histories: Sequence[Sequence[Turn]],
    rewritten: Callable[[str, Sequence[Turn]], str] = rewrite,
) -> None:
    pairs = list(zip(questions, cycle(histories), strict=False))
    changed = [
        f"  {question}\n    → {made}"
        for question, history in pairs
        if (made := rewritten(question, history)) != question
    ]
    print(f"\n{name}, after an unrelated turn: {len(changed)} of {len(pairs)} rewritten")
    print("\n".join(changed[:40]))


if __name__ == "__main__":
    main()
