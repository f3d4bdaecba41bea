"""The commands over questions that are asked again: ``question``."""

from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.options import JsonOption, LibraryOption
from ui.cli.output import print_error, print_json, print_line

if TYPE_CHECKING:
    from qa.library.curation.saved_questions import NewAnswer, SavedQuestion
    from qa.records.answer import Answer

__all__ = ["add_question", "ask_saved", "delete_saved", "list_questions"]


def add_question(
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    library: LibraryOption = None,
    sources: Annotated[
        list[str] | None,
        typer.Option("--source", help="Use only articles from this outlet; may be repeated."),
    ] = None,
    collections: Annotated[
        list[str] | None,
        typer.Option("--collection", help="Use only articles of this collection."),
    ] = None,
    webhook: Annotated[
        str, typer.Option(help="An address that is told of a changed answer, as JSON.")
    ] = "",
) -> None:
    """Save a question, to be asked by `question ask`, by `refresh`, and by the server."""
    from ingest.fetch import check_address
    from qa.build import open_library
    from qa.library.curation.outlets import known_scope
    from qa.library.curation.saved_questions import save_question

    if webhook:
        check_address(webhook)
    with open_library(library) as opened:
        scope = known_scope(opened, sources or (), collections or ())
        try:
            saved = save_question(opened, question, scope=scope, webhook=webhook)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
    print_line(f"saved {saved.id}: {saved.question}")


def list_questions(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """List the saved questions of everybody with their last answers."""
    from qa.build import open_library
    from qa.library.curation.saved_questions import answers_of, saved_questions

    with open_library(library) as opened:
        found = [
            (each, answers_of(opened, each.id)) for each in saved_questions(opened, owner=None)
        ]
    if as_json:
        print_json(
            [
                {**question.to_dict(), "answers": [answer.to_dict() for answer in answers]}
                for question, answers in found
            ]
        )
        return
    for question, answers in found:
        print_line(f"{question.id}  {question.question}")
        for answer in answers[:1]:
            changed = "changed" if answer.number > 1 else "since"
            print_line(f"  {changed} {answer.asked.date()}: {answer.answer.text}")
        if question.problem:
            print_line(f"  {question.problem}")


def delete_saved(
    question_id: Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it.")],
    library: LibraryOption = None,
) -> None:
    """Delete a saved question of nobody in particular, with its answers."""
    from qa.build import open_library
    from qa.library.curation.saved_questions import delete_question

    with open_library(library) as opened:
        delete_question(opened, question_id)
    print_line(f"deleted {question_id}")


def ask_saved(library: LibraryOption = None) -> None:
    """Ask the saved questions again, and tell which answers are new or different.

    Only those since which the library has changed are asked. Questions of users of the server, and
    webhooks, are left to the server.
    """
    from qa.build import open_pipeline
    from qa.library.curation.saved_questions import ask_again

    with open_pipeline(library) as pipeline:

        def ask(question: "SavedQuestion", owner: str) -> "Answer":
            scope = question.scope
            return pipeline.ask(
                question.question,
                since=scope.since,
                until=scope.until,
                sources=scope.sources,
                collection=scope.collections,
                undated=scope.undated,
            )

        for new in ask_again(pipeline.library, ask, owner=""):
            _print_new(new)
            if new.question.webhook and new.before:
                print_error(f"not told here, but by the server: {new.question.webhook}")


def _print_new(new: "NewAnswer") -> None:
    print_line(f"{'changed' if new.before else 'first answer'}: {new.question.question}")
    print_line(f"  {new.answer.answer.text}")
    if new.before:
        print_line(f"  before: {new.before.answer.text}")
