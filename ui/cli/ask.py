"""The commands that ask and judge answers: ``ask``, ``chat``, ``check`` and ``feedback``."""

import json
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.cli.options import AsOfOption, JsonOption, LibraryOption, day_option
from ui.cli.output import count_text, print_error, print_json, print_line

if TYPE_CHECKING:
    from qa.pipeline import Found, Restart, Text
    from qa.records.answer import Answer

__all__ = ["answer_question", "chat", "check_answer", "give_feedback"]


def answer_question(
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    library: LibraryOption = None,
    as_of: AsOfOption = None,
    since: Annotated[
        date | None, day_option("Use only articles published on this day or later.")
    ] = None,
    until: Annotated[
        date | None, day_option("Use only articles published on this day or earlier.")
    ] = None,
    sources: Annotated[
        list[str] | None,
        typer.Option(
            "--source",
            help="Use only articles from this outlet, as `list` shows it; may be repeated.",
            show_default=False,
        ),
    ] = None,
    collections: Annotated[
        list[str] | None,
        typer.Option(
            "--collection",
            help="Use only articles of this collection; may be repeated.",
            show_default=False,
        ),
    ] = None,
    window: Annotated[
        bool,
        typer.Option(
            "--window/--no-window",
            help="Prefer articles from the dates in the question, such as 'last week'.",
        ),
    ] = True,
    timeline: Annotated[
        bool,
        typer.Option(
            "--timeline", help="Order the statements by date, each with its date in front."
        ),
    ] = False,
    as_json: JsonOption = False,
    trace: Annotated[
        bool, typer.Option("--trace", help="Show the steps that led to the answer.")
    ] = False,
) -> None:
    """Answer a question with citations, or say why it cannot be answered."""
    from qa.build import open_pipeline

    with open_pipeline(library) as pipeline:
        events = pipeline.stream(
            question,
            as_of=as_of,
            since=since,
            until=until,
            sources=sources or (),
            collection=collections or (),
            window=window,
            timeline=timeline,
        )
        answer = _last_answer(events, show_text=not as_json)
    if as_json:
        print_json(answer.to_dict())
        return
    _print_answer(answer)
    if trace:
        from ui.cli.terminal import trace_lines

        print_line()
        for line in trace_lines(answer):
            print_line(line)


def chat(library: LibraryOption = None, as_of: AsOfOption = None) -> None:
    """Ask questions and follow-ups in a conversation; an empty line or Ctrl-D ends it."""
    from qa.build import open_pipeline
    from qa.records.conversation import Turn

    history: list[Turn] = []
    with open_pipeline(library) as pipeline:
        while question := _next_question():
            events = pipeline.stream(question, as_of=as_of, history=history)
            answer = _last_answer(events, show_text=True)
            history.append(Turn.of(answer))
            _print_answer(answer)
            print_line()


def check_answer(
    answer: Annotated[
        str | None,
        typer.Argument(
            metavar="ANSWER.json",
            help="An answer saved from ask --json, or - for standard input.",
            show_default=False,
        ),
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
    check_all: Annotated[
        bool, typer.Option("--all", help="Check every answer kept in the library.")
    ] = False,
) -> None:
    """Check that the citations of saved answers are still valid. Exits with status 1 if not."""
    from qa.build import open_library
    from qa.library.recheck import check
    from ui.cli.terminal import recheck_lines

    if (answer is None) != check_all:
        raise ValueError("name one saved answer, ANSWER.json, or --all for those in the library")
    if answer is None:
        _check_kept_answers(library, as_json=as_json)
        return
    saved = _read_answer(answer)
    with open_library(library) as opened:
        citations = check(saved, opened)
    valid = sum(citation.stands for citation in citations)
    if as_json:
        print_json([{**citation.to_dict(), "text": citation.text} for citation in citations])
    else:
        for line in recheck_lines(citations):
            print_line(line)
        print_line(f"still valid: {valid:,} of {count_text(len(citations), 'citation')}")
    if valid < len(citations):
        raise typer.Exit(1)


def _check_kept_answers(library: str | None, *, as_json: bool) -> None:
    from qa.build import open_library
    from qa.library.recheck import check_kept_answers
    from ui.cli.terminal import kept_answer_lines

    with open_library(library) as opened:
        checks = check_kept_answers(opened)
    valid = sum(check.stands for check in checks)
    if as_json:
        print_json([{**check.to_dict(), "stands": check.stands} for check in checks])
    else:
        for line in kept_answer_lines(checks):
            print_line(line)
        print_line(f"still valid: {valid:,} of {count_text(len(checks), 'kept answer')}")
    if valid < len(checks):
        raise typer.Exit(1)


def give_feedback(
    question: Annotated[str, typer.Argument(help="The question, as it was asked.")],
    verdict: Annotated[str, typer.Argument(help="right, wrong, or 'wrong evidence'.")],
    better: Annotated[str, typer.Option(help="The correct answer.")] = "",
    library: LibraryOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Answer a question again and save your verdict; `gold-feedback` turns verdicts into gold."""
    from qa.build import open_pipeline
    from qa.library.feedback import VERDICTS, Feedback, keep_feedback

    if verdict not in VERDICTS:
        raise ValueError(f"unknown verdict {verdict!r}; choose one of: {', '.join(VERDICTS)}")
    with open_pipeline(library) as pipeline:
        answer = pipeline.ask(question, as_of=as_of)
        _print_answer(answer)
        judged = Feedback.on(answer, verdict, pipeline.library, better=better, as_of=as_of)
        keep_feedback(pipeline.library, judged)
    needed = "; it becomes gold once --better says what is right"
    print_error(f"feedback saved: {verdict}{needed * (verdict == 'wrong' and not better.strip())}")


def _last_answer(
    events: "Iterable[Found | Text | Restart | Answer]", *, show_text: bool
) -> "Answer":
    """The answer at the end of a stream; a terminal shows its text as it comes."""
    from qa.records.answer import Answer

    if show_text and sys.stdout.isatty():
        from rich.console import Console

        from ui.cli.terminal import show_stream

        return show_stream(events, Console())
    *_, answer = events
    assert isinstance(answer, Answer)
    return answer


def _read_answer(path: str) -> "Answer":
    """The answer of a file. Raises ValueError that says what is wrong with it."""
    from qa.records.answer import Answer

    way_out = "save one with `article-qa ask … --json`"
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8")
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}; {way_out}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not an answer: it is not text; {way_out}") from error
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not an answer: it is not JSON; {way_out}") from error
    if not isinstance(given, dict):
        raise ValueError(f"{path} is not an answer: it is not a JSON object; {way_out}")
    try:
        return Answer.from_dict(given)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        fault = _answer_fault(given) or str(error)
        raise ValueError(f"{path} is not an answer: {fault}; {way_out}") from error


def _answer_fault(given: dict[str, Any]) -> str:
    """The first field that is missing or holds something else, and what is wrong with it; empty if
    none is.
    """
    from pydantic import TypeAdapter, ValidationError

    from qa.records.answer import Answer
    from ui.html.plain_text import fault_text

    try:
        TypeAdapter(Answer).validate_python(given)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        return f"{place}: {fault_text(first)}" if place else fault_text(first)
    return ""


def _print_answer(answer: "Answer") -> None:
    from shutil import get_terminal_size

    from ui.cli.terminal import answer_lines, answer_notes

    for note in answer_notes(answer):
        print_error(note)
    width = min(get_terminal_size().columns, 100) if sys.stdout.isatty() else 96
    for line in answer_lines(answer, width=width):
        print_line(line)


def _next_question() -> str:
    """What is typed, without white space around it; empty at the end of the input."""
    try:
        return input("? " if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""
