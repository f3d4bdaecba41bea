"""Options and arguments that several commands share."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = [
    "AsOfOption",
    "GoldArgument",
    "JsonOption",
    "LibraryOption",
    "WaitOption",
    "calendar_day",
    "day_option",
]


def day_option(meaning: str) -> Any:
    """An option whose value is a day, as in 2024-06-13."""
    return typer.Option(formats=["%Y-%m-%d"], show_default=False, help=meaning)


def calendar_day(moment: datetime | None) -> date | None:
    """The day of the moment that such an option gives; None if it was not given."""
    return moment.date() if moment else None


LibraryOption = Annotated[
    str | None,
    typer.Option(
        "--library",
        help="The library: a folder, or postgresql://…",
        envvar="QA_LIBRARY",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
WaitOption = Annotated[
    bool, typer.Option("--wait", help="Wait if another process is writing to the library.")
]
AsOfOption = Annotated[
    datetime | None, day_option("The day on which the question is asked; today if not given.")
]
GoldArgument = Annotated[
    Path,
    typer.Argument(
        help="Gold questions: .jsonl, SQuAD's .json, or a folder in RealTimeQA's or BEIR's format."
    ),
]
