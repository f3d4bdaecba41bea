"""The program ``article-qa``: its commands, and how their errors are told. It only translates."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import typer

from qa.errors import QAError
from qa.language.cleaning import one_line
from ui.cli import ask, ingest, library, serving, sources
from ui.cli.curation import articles, collections, questions
from ui.cli.database import jobs, moving
from ui.cli.evaluation import gold, runs
from ui.cli.options import Command
from ui.cli.output import print_error, print_line

__all__ = ["main", "make_app"]

_COMMANDS: dict[str, Callable[..., None]] = {
    "ingest": ingest.ingest_sources,
    "ask": ask.answer_question,
    "chat": ask.chat,
    "check": ask.check_answer,
    "feedback": ask.give_feedback,
    "list": library.list_articles,
    "show": library.show_article,
    "remove": library.remove_articles,
    "edit": articles.edit_article,
    "erase": articles.erase_articles,
    "doctor": library.examine_library,
    "rebuild": library.rebuild_index,
    "refresh": sources.refresh_due_sources,
    "copy": moving.copy_library,
    "migrate": moving.migrate_library,
    "backup": moving.back_up_library,
    "restore": moving.restore_library,
    "work": jobs.work_on_jobs,
    "jobs": jobs.list_jobs,
    "serve": serving.serve,
    "mcp": serving.serve_mcp,
    "eval": runs.evaluate,
    "compare": runs.compare_runs,
    "sweep": runs.sweep_settings,
    "gold-draft": gold.draft_questions,
    "gold-feedback": gold.questions_from_feedback,
}
_GROUPS: dict[str, tuple[str, dict[str, Callable[..., None]]]] = {
    "user": (
        "Manage who may use the server.",
        {
            "add": serving.add_user,
            "list": serving.list_users,
            "remove": serving.remove_user,
        },
    ),
    "source": (
        "Manage the addresses that are read again and again.",
        {
            "add": sources.add_source,
            "list": sources.list_sources,
            "remove": sources.remove_source,
            "pause": sources.pause_source,
            "resume": sources.resume_source,
            "refresh": sources.refresh_sources,
        },
    ),
    "collection": (
        "Manage named sets of articles.",
        {
            "list": collections.list_collections,
            "put": collections.put_collection,
            "delete": collections.delete_named,
            "add": collections.add_articles,
            "take": collections.take_articles,
            "limit": collections.limit_reader,
        },
    ),
    "question": (
        "Manage questions that are asked again when articles came.",
        {
            "add": questions.add_question,
            "list": questions.list_questions,
            "delete": questions.delete_saved,
            "ask": questions.ask_saved,
        },
    ),
}
_BROKEN_PIPE = 141


@dataclass(slots=True)
class _Options:
    """The options of the program itself, which stand before the command."""

    debug: bool = False


_options = _Options()


def make_app(wanted: str = "") -> typer.Typer:
    """The program with the one command of a name, which is made the sooner, or else with all."""
    app = typer.Typer(
        name="article-qa",
        help="Ask questions of a collection of articles and get answers you can check.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_set_options)
    is_known = wanted in _COMMANDS
    for name, command in _COMMANDS.items():
        if name == wanted or not is_known:
            app.command(name, cls=Command)(command)
    for group, (text, commands) in ({} if is_known else _GROUPS).items():
        subcommands = typer.Typer(help=text, no_args_is_help=True, add_completion=False)
        for name, command in commands.items():
            subcommands.command(name, cls=Command)(command)
        app.add_typer(subcommands, name=group)
    return app


def _tell_version(is_asked: bool) -> None:
    if is_asked:
        from importlib.metadata import version

        print_line(f"article-qa {version('article-qa')}")
        raise typer.Exit


def _set_options(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors.")] = False,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Tell the version, and no more.",
            is_eager=True,
            callback=_tell_version,
        ),
    ] = False,
) -> None:
    _options.debug = debug


def main() -> None:
    """Run the command line; errors become one line on standard error.

    Exit status 1 for an error, 2 for wrong usage, 130 when interrupted.
    """
    # To look for plugins among all that is installed takes longer than what they would be for.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    wanted = next((each for each in sys.argv[1:] if not each.startswith("-")), "")
    try:
        make_app(wanted)()
    except (QAError, ValueError) as error:
        if _options.debug:
            raise
        print_error(f"article-qa: {one_line(str(error))}")
        sys.exit(2 if isinstance(error, ValueError) else 1)
    except BrokenPipeError:
        # The reader of our output went away, as `head` does.
        sys.stderr.close()
        sys.exit(_BROKEN_PIPE)
    except Exception as error:
        # A full disk, a folder that cannot be read, or a mistake of ours.
        if _options.debug:
            raise
        kind = "" if isinstance(error, OSError) else f"{type(error).__name__}: "
        print_error(f"article-qa: {kind}{one_line(str(error))} (--debug shows where)")
        sys.exit(1)
