"""A progress bar for what takes long."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

from ui.cli.output import count_text, print_error

__all__ = ["passage_counter", "progress_bar"]

_INTERRUPTED = 130

Advance = Callable[[int, int, str], None]
"""Told how much is done, of how much in all (0: unknown), and what to write beside the bar."""


@contextmanager
def progress_bar(description: str) -> Iterator[Advance]:
    """A progress bar on standard error, silent when that is not a terminal.

    An interrupt ends the command with one line and exit status 130.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("elapsed,"),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task(description, total=None)

        def advance(done: int, total: int, text: str) -> None:
            progress.update(task, completed=done, total=total or None, description=text)

        try:
            yield advance
        except KeyboardInterrupt:
            progress.stop()
            print_error("stopped; nothing is lost: run the same command again to continue")
            raise typer.Exit(_INTERRUPTED) from None


def passage_counter(advance: Advance, total: int) -> Callable[[int], None]:
    """A callback that is told of each batch of passages and moves the bar by their number."""
    done = 0

    def on_progress(batch: int) -> None:
        nonlocal done
        done += batch
        advance(done, total, count_text(done, "passage"))

    return on_progress
