"""Questions that no name or number answers: why, how, summaries, lists, comparisons, changes.

    python -m eval.benchmarks.open_questions FILE --library DIR [--show]

FILE holds a question a line: ``{"id", "question", "as_of", "kind", "nuggets": [{"fact", "keys",
"evidence", "vital"}], "wrong", "short", "answerable", "history"}``. A nugget is a fact that a good
answer holds (Voorhees 2003, "Overview of the TREC 2003 question answering track"); ``keys`` are
lists of alternatives of which the answer must hold one each, ``evidence`` quotes sentences
that state it: ``{"article", "quote"}`` or ``[article, start, end]``, with the article's id, address
or the end of the path that it was read from. Prints Markdown tables by kind, with bootstrap
intervals. ``demo/open.jsonl`` is such a file, over the articles in ``demo/articles``.
"""

import argparse
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from eval.gold.files import json_lines
from eval.gold.questions import GoldError
from eval.metrics.answer import normalize
from eval.runs.intervals import interval, mean_of
from qa import Answer, Pipeline, Turn, open_pipeline
from qa.language.words import stems
from qa.library.store import Library

__all__ = ["Marks", "Nugget", "OpenQuestion", "load_open_questions", "main", "mark"]

# Share of an evidence quote that a citation must cover, and of two sentences' words that must be
# the same for the later one to say nothing new.
_COVERED, _SAME = 0.5, 0.7


@dataclass(frozen=True, slots=True)
class Nugget:
    """A fact that a good answer holds. ``keys``: of each, one alternative must stand in the answer,
    empty when only citations tell. ``evidence``: places in articles that state it. Without a
    ``vital`` one an answer is wrong or incomplete.
    """

    keys: tuple[tuple[str, ...], ...]
    evidence: tuple[tuple[str, int, int], ...]
    vital: bool


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question with what a good answer holds; ``wrong`` are strings that make it false, ``short``
    the accepted short answers if there is one, ``history`` the questions before.
    """

    id: str
    question: str
    as_of: date
    kind: str
    nuggets: tuple[Nugget, ...]
    wrong: tuple[str, ...]
    short: tuple[str, ...]
    answerable: bool
    history: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """What an answer to an open question is worth.

    ``vital`` and ``nuggets``: share of the vital and of all nuggets that it holds, in [0, 1], 1
    when there is none. ``wrong``: whether it says something false. ``right``: all that is vital,
    nothing false, and yes or no where that is asked; an unanswerable one is right when the answer
    abstains. ``redundant``: share of its sentences that repeat one before.
    """

    kind: str
    right: bool
    vital: float
    nuggets: float
    wrong: bool
    abstained: bool
    answerable: bool
    sentences: int
    redundant: float
    took_ms: float


def load_open_questions(path: Path, library: Library) -> list[OpenQuestion]:
    """The questions of a file. Raises GoldError for a line that is none."""
    questions = []
    for number, row in enumerate(json_lines(path), start=1):
        try:
            questions.append(_question(row, library))
        except (KeyError, TypeError, ValueError) as error:
            raise GoldError(f"{path}, line {number}: {error!r}") from error
    return questions


def _question(row: Mapping[str, Any], library: Library) -> OpenQuestion:
    short = row.get("short") or []
    return OpenQuestion(
        row["id"],
        row["question"],
        date.fromisoformat(row["as_of"]),
        row["kind"],
        tuple(
            Nugget(
                tuple(tuple(alternatives) for alternatives in nugget.get("keys", ())),
                tuple(place for each in nugget["evidence"] if (place := _place(each, library))),
                bool(nugget["vital"]),
            )
            for nugget in row["nuggets"]
        ),
        tuple(row.get("wrong", ())),
        (short,) if isinstance(short, str) else tuple(short),
        bool(row["answerable"]),
        tuple(turn["question"] for turn in row.get("history", ())),
    )


def _place(evidence: Any, library: Library) -> tuple[str, int, int] | None:
    """Where it stands in the library's article; None if that does not hold the quote."""
    name, *place = evidence if isinstance(evidence, list) else (evidence["article"],)
    article_id = library.find(str(name)) or str(name)
    if place:
        start, end = map(int, place)
        return article_id, start, end
    quote = evidence["quote"]
    start = library.article(article_id).text.find(quote)
    return (article_id, start, start + len(quote)) if start >= 0 else None


def mark(question: OpenQuestion, answer: Answer) -> Marks:
    """Judge an answer by its words and its citations alone."""
    text = "" if answer.abstained else f"{answer.short} {answer.text}"
    holds = [not answer.abstained and _holds(answer, text, each) for each in question.nuggets]
    vital = [held for held, each in zip(holds, question.nuggets, strict=True) if each.vital]
    is_wrong = any(_plain(each) in _plain(text) for each in question.wrong)
    says_so = question.kind != "yesno" or _opens_with(answer, question.short)
    return Marks(
        question.kind,
        (all(vital) and not is_wrong and says_so and not answer.abstained)
        if question.answerable
        else answer.abstained,
        float(np.mean(vital)) if vital else 1.0,
        float(np.mean(holds)) if holds else 1.0,
        is_wrong,
        answer.abstained,
        question.answerable,
        len(answer.statements),
        _redundancy(answer),
        answer.took_ms,
    )


def _opens_with(answer: Answer, accepted: Sequence[str]) -> bool:
    said = normalize(answer.short) or normalize(answer.text)
    return any(said.split()[:1] == normalize(each).split()[:1] for each in accepted)


def _holds(answer: Answer, text: str, nugget: Nugget) -> bool:
    plain = f" {_plain(text)}"
    if nugget.keys and all(
        any(f" {_plain(key)}" in plain for key in alternatives) for alternatives in nugget.keys
    ):
        return True
    return any(
        min(citation.end, end) - max(citation.start, start) > _COVERED * (end - start)
        for citation in answer.citations
        for article_id, start, end in nugget.evidence
        if citation.article_id == article_id
    )


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower().replace("’", "'").replace("'", "")))


def _redundancy(answer: Answer) -> float:
    """The share of statements whose words stand in an earlier one."""
    words = [stems(statement.text) for statement in answer.statements]
    repeats = {
        number
        for (_, one), (number, other) in combinations(enumerate(words), 2)
        if other and len(one & other) >= _SAME * len(other)
    }
    return len(repeats) / len(words) if words else 0.0


def ask_all(
    pipeline: Pipeline, questions: Sequence[OpenQuestion]
) -> Iterator[tuple[OpenQuestion, Answer]]:
    """Each question with its answer, asked after its history."""
    for question in questions:
        history: list[Turn] = []
        for earlier in question.history:
            history.append(
                Turn.of(pipeline.ask(earlier, as_of=question.as_of, history=list(history)))
            )
        yield question, pipeline.ask(question.question, as_of=question.as_of, history=history)


_FIGURES: dict[str, Callable[[Marks], float]] = {
    "right": lambda each: float(each.right),
    "vital nuggets": lambda each: each.vital,
    "all nuggets": lambda each: each.nuggets,
    "wrong claims": lambda each: float(each.wrong),
    "abstained": lambda each: float(each.abstained),
    "sentences": lambda each: float(each.sentences),
    "redundant": lambda each: each.redundant,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask every question and print what the answers hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--show", action="store_true", help="print every answer")
    options = parser.parse_args(arguments)
    with open_pipeline(options.library) as pipeline:
        questions = load_open_questions(options.file, pipeline.library)
        pipeline.ask(questions[0].question)  # opens the index, which is not what is timed
        rows = []
        for question, answer in ask_all(pipeline, questions):
            rows.append(mark(question, answer))
            if options.show:
                _show(question, answer, rows[-1])
    _print(rows)


def _show(question: OpenQuestion, answer: Answer, marks: Marks) -> None:
    verdict = "right" if marks.right else "WRONG"
    before = " / ".join(question.history)
    print(f"\n{verdict} {question.id} [{question.kind}] {before and before + ' / '}", end="")
    print(f"{question.question}\n  vital {marks.vital:.2f}, {answer.took_ms:.0f} ms")
    if answer.rewritten:
        print(f"  → {answer.rewritten}")
    print(f"  {answer.kind}: {answer.short or '–'} ({answer.confidence:.2f})")
    for line in (answer.reason, *(each.text for each in answer.statements)):
        print(f"    {line}")
    for conflict in answer.conflicts:
        print(f"    {conflict.text}")


def _print(rows: Sequence[Marks]) -> None:
    answerable = [row for row in rows if row.answerable]
    groups = {"all": rows, "answerable": answerable}
    groups |= {kind: [row for row in rows if row.kind == kind] for kind in sorted(_kinds(rows))}
    print(f"\n| kind | n | {' | '.join(_FIGURES)} | median ms |")
    print("|---" * (len(_FIGURES) + 3) + "|")
    for name, group in groups.items():
        cells = [_cell(np.array([figure(row) for row in group])) for figure in _FIGURES.values()]
        times = float(np.median([row.took_ms for row in group])) if group else 0.0
        print(f"| {name} | {len(group)} | {' | '.join(cells)} | {times:.0f} |")


def _kinds(rows: Sequence[Marks]) -> set[str]:
    return {row.kind for row in rows}


def _cell(values: "np.ndarray[Any, np.dtype[np.float64]]") -> str:
    if not len(values):
        return "–"
    low, high = interval(mean_of(values), len(values))
    return f"{values.mean():.2f} ({low:.2f} to {high:.2f})"


if __name__ == "__main__":
    main()
