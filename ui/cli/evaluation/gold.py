"""The commands that make questions for an evaluation: ``gold-draft`` and ``gold-feedback``."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.options import LibraryOption
from ui.cli.output import count_text, print_error

if TYPE_CHECKING:
    from eval.gold.questions import Gold

__all__ = ["draft_questions", "questions_from_feedback"]


def draft_questions(
    library: LibraryOption = None,
    count: Annotated[int, typer.Option("--n", min=1, help="The most questions to draft.")] = 50,
    out: Annotated[
        Path, typer.Option("--out", help="Where to write the questions, for review.")
    ] = Path("draft.jsonl"),
    seed: Annotated[int, typer.Option(help="Random seed of the choice of articles.")] = 0,
    model: Annotated[
        str | None,
        typer.Option(help="A chat model that writes the questions, as provider:model."),
    ] = None,
) -> None:
    """Draft gold questions from the articles, marked as not reviewed. Questions that were reviewed
    are not written over. Exits with status 1 if nothing can be drafted.
    """
    from eval.gold.destination import check_gold_out
    from eval.gold.draft import draft_gold, draft_gold_with_model
    from eval.gold.questions import GoldError
    from qa.build import open_chat_model, open_library

    check_gold_out(out, lambda gold: not gold.reviewed)
    with open_library(library) as opened:
        if model is None:
            drafts = draft_gold(opened, count, seed=seed)
        else:
            chat_model = open_chat_model(model, library).model
            drafts = draft_gold_with_model(opened, count, chat_model, seed=seed)
    if not drafts:
        raise GoldError(
            "no question was drafted: the articles state nothing plainly enough"
            if model is None
            else f"no question was drafted: {model} gave none whose answer stands in its article"
        )
    _write_gold(out, drafts)
    fewer = f" of the {count:,} asked for: at most two an article, of what is stated plainly"
    fewer *= len(drafts) < count
    print_error(f"{count_text(len(drafts), 'question')}{fewer}")
    print_error("set `reviewed` to true for those you approve")
    print_error(f"written: {out}")


def questions_from_feedback(
    library: LibraryOption = None,
    out: Annotated[
        Path, typer.Option("--out", help="Where to write the questions, for `eval`.")
    ] = Path("feedback.jsonl"),
) -> None:
    """Turn the feedback saved in the library into gold questions. Exits with status 1 if none comes
    of it.
    """
    from eval.gold.destination import check_gold_out
    from eval.gold.feedback import gold_of
    from eval.gold.questions import GoldError
    from qa.build import open_library
    from qa.library.feedback import kept_feedback

    check_gold_out(out, lambda gold: gold.kind == "feedback")
    with open_library(library) as opened:
        verdicts = kept_feedback(opened)
    if not verdicts:
        raise GoldError(
            "no feedback is saved in the library; give some below an answer in the web app, or "
            "with `article-qa feedback QUESTION right`"
        )
    questions = gold_of(verdicts)
    told = count_text(len(verdicts), "verdict")
    if not questions:
        raise GoldError(
            f"no question comes of {told}: a wrong answer needs a better one (--better)"
        )
    _write_gold(out, questions)
    print_error(f"{count_text(len(questions), 'question')} from {told}")
    if len(questions) < len(verdicts):
        print_error("the last verdict on a question counts, a wrong answer with a better one alone")
    print_error(f"written: {out}")


def _write_gold(path: Path, gold: "Sequence[Gold]") -> None:
    path.write_text("".join(question.to_json() + "\n" for question in gold), "utf-8")
