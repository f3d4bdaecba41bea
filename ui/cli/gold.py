"""The commands that make gold questions: ``gold-draft`` and ``gold-feedback``."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.options import LibraryOption
from ui.cli.output import print_error

if TYPE_CHECKING:
    from eval.gold.questions import Gold

__all__ = ["draft_questions", "questions_from_feedback"]


def draft_questions(
    library: LibraryOption = None,
    count: Annotated[int, typer.Option("--n", min=1, help="The number of questions.")] = 50,
    out: Annotated[
        Path, typer.Option("--out", help="Where to write the questions, for review.")
    ] = Path("draft.jsonl"),
    seed: Annotated[int, typer.Option(help="Random seed of the choice of articles.")] = 0,
    model: Annotated[
        str | None,
        typer.Option(help="A chat model that writes the questions, as provider:model."),
    ] = None,
) -> None:
    """Draft gold questions from the articles, marked as not reviewed."""
    from eval.gold.draft import draft_gold, draft_gold_with_model
    from qa.build import open_chat_model, open_library

    with open_library(library) as opened:
        if model is None:
            drafts = draft_gold(opened, count, seed=seed)
        else:
            chat_model = open_chat_model(model, library).model
            drafts = draft_gold_with_model(opened, count, chat_model, seed=seed)
    _write_gold(out, drafts)
    print_error(f"{len(drafts)} questions; set `reviewed` to true for those you approve")
    print_error(f"written: {out}")


def questions_from_feedback(
    library: LibraryOption = None,
    out: Annotated[
        Path, typer.Option("--out", help="Where to write the questions, for `eval`.")
    ] = Path("feedback.jsonl"),
) -> None:
    """Turn the feedback saved in the library into gold questions."""
    from eval.gold.feedback import gold_of
    from qa.build import open_library
    from qa.library.feedback import kept_feedback

    with open_library(library) as opened:
        verdicts = kept_feedback(opened)
    questions = gold_of(verdicts)
    _write_gold(out, questions)
    print_error(f"{len(questions)} questions from {len(verdicts)} verdicts")
    print_error(f"written: {out}")


def _write_gold(path: Path, gold: "Sequence[Gold]") -> None:
    path.write_text("".join(question.to_json() + "\n" for question in gold), "utf-8")
