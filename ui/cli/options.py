"""Options and arguments that several commands share, and how a value that does not fit is told."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

__all__ = [
    "AsOfOption",
    "Command",
    "GoldArgument",
    "JsonOption",
    "LibraryOption",
    "WaitOption",
    "check_library",
    "day_option",
]


class Command(TyperCommand):
    """A command that tells what is wrong with a value by naming it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As the parent does."""
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            faults: list[Any] = getattr(error.__cause__, "errors", list)()
            if faults:
                from ui.html.plain_text import fault_text

                error.message = fault_text(faults[0])
            raise


def day_option(meaning: str) -> Any:
    """An option whose value is a day, as in 2024-06-13."""
    return typer.Option(parser=_day, metavar="YYYY-MM-DD", show_default=False, help=meaning)


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        from ui.html.plain_text import day_fault

        raise ValueError(day_fault(text)) from error


def check_library(given: str | None) -> str | None:
    """The name of a library as it was given. Raises BadParameter for one of nothing, which would
    stand for the library that is set.
    """
    if given is not None and not given.strip():
        raise typer.BadParameter(
            f"{given!r} names no library; give a folder or postgresql://… (is a variable not set?)"
        )
    return given


LibraryOption = Annotated[
    str | None,
    typer.Option(
        "--library",
        help="The library: a folder, or postgresql://…",
        envvar="QA_LIBRARY",
        callback=check_library,
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
WaitOption = Annotated[
    bool, typer.Option("--wait", help="Wait if another process is writing to the library.")
]
AsOfOption = Annotated[
    date | None, day_option("The day on which the question is asked; today if not given.")
]
GoldArgument = Annotated[
    Path,
    typer.Argument(
        help="Gold questions: .jsonl, SQuAD's .json, or a folder in RealTimeQA's or BEIR's format."
    ),
]
