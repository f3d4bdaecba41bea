"""The command ``ingest``."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.options import JsonOption, LibraryOption, WaitOption
from ui.cli.output import print_error, print_json, print_line
from ui.cli.progress import progress_bar

if TYPE_CHECKING:
    from ingest.run import IngestReport, Progress

__all__ = ["ingest_sources"]

_SOME_FAILED = 3


def ingest_sources(
    sources: Annotated[
        list[str],
        typer.Argument(help="Files, folders, archives, feeds, URLs, or - for standard input."),
    ],
    library: LibraryOption = None,
    as_json: JsonOption = False,
    wait: WaitOption = False,
    allow_private: Annotated[
        bool,
        typer.Option("--allow-private", help="Also fetch from addresses in private networks."),
    ] = False,
) -> None:
    """Ingest articles into the library. Exits with status 3 if some sources failed."""
    from ingest.run import ingest

    with progress_bar("articles") as advance:

        def on_progress(progress: "Progress") -> None:
            failed = f", {len(progress.failed):,} failed" if progress.failed else ""
            advance(
                progress.done_bytes,
                progress.total_bytes,
                f"{progress.articles:,} articles, {progress.embedded:,} passages{failed}",
            )

        report = ingest(
            sources,
            library=library,
            allow_private=allow_private,
            wait=wait,
            stdin=sys.stdin.buffer,
            on_progress=on_progress,
        )
    if as_json:
        print_json(_report_json(report))
    else:
        _print_report(report)
    if report.failed:
        raise typer.Exit(_SOME_FAILED)


def _report_json(report: "IngestReport") -> dict[str, object]:
    return {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "copies": report.copies,
        "embedded": report.embedded,
        "failed": [
            {"origin": failure.origin, "reason": failure.reason} for failure in report.failed
        ],
    }


def _print_report(report: "IngestReport") -> None:
    copies = f", {report.copies:,} of them copies of others" if report.copies else ""
    print_line(
        f"{report.added:,} articles added, {report.updated:,} updated{copies}, "
        f"{report.unchanged:,} unchanged; {report.embedded:,} passages embedded"
    )
    for failure in report.failed:
        print_error(f"failed: {failure.origin}: {failure.reason}")
