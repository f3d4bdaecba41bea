"""The command ``ingest``."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.options import JsonOption, LibraryOption, WaitOption
from ui.cli.output import count_text, print_error, print_json, print_line
from ui.cli.progress import progress_bar

if TYPE_CHECKING:
    from ingest.run import IngestReport, Progress
    from ingest.sandbox.messages import Failure, LeftOut

__all__ = ["ingest_sources"]

_SOME_FAILED = 3
# Lines for files that were left out, and for clashes; --json has more of them.
_MAX_LINES = 20


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
    follow: Annotated[
        bool,
        typer.Option(
            "--follow", help="Also fetch what lists of feeds and pages name (OPML, sitemaps)."
        ),
    ] = False,
    enqueue: Annotated[
        bool,
        typer.Option("--enqueue", help="Leave the sources to workers, which `work` starts."),
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Show what each source would become, and write nothing."),
    ] = False,
) -> None:
    """Ingest articles into the library. Exits with status 3 if some sources failed, or if there was
    nothing to read.
    """
    from ingest.run import ingest

    if dry_run:
        _preview(sources, library, as_json=as_json, allow_private=allow_private, follow=follow)
        return
    if enqueue:
        _enqueue(sources, library, as_json=as_json, allow_private=allow_private, follow=follow)
        return

    with progress_bar("articles") as advance:

        def on_progress(progress: "Progress") -> None:
            failed = f", {len(progress.failed):,} failed" if progress.failed else ""
            advance(
                progress.done_bytes,
                progress.total_bytes,
                f"{count_text(progress.articles, 'article')}, "
                f"{count_text(progress.embedded, 'passage')}{failed}",
            )

        report = ingest(
            sources,
            library=library,
            allow_private=allow_private,
            wait=wait,
            follow=follow,
            stdin=sys.stdin.buffer,
            on_progress=on_progress,
        )
    if as_json:
        print_json(_report_json(report))
    else:
        _print_report(report)
    if report.failed or report.nothing_read:
        raise typer.Exit(_SOME_FAILED)


def _enqueue(
    sources: Sequence[str],
    library: str | None,
    *,
    as_json: bool,
    allow_private: bool,
    follow: bool,
) -> None:
    """Leave the sources to workers."""
    from ingest.jobs.queue import enqueue
    from qa.library.postgres.jobs import JobOptions

    options = JobOptions(allow_private=allow_private, follow=follow)
    count = enqueue(sources, options, library=library)
    if as_json:
        print_json({"enqueued": count})
    else:
        print_line(f"{count_text(count, 'job')} left to workers; `article-qa jobs` shows them")


def _preview(
    sources: Sequence[str],
    library: str | None,
    *,
    as_json: bool,
    allow_private: bool,
    follow: bool,
) -> None:
    """Show what the sources would become."""
    from ingest.preview import Preview, preview
    from ingest.sandbox.messages import Failure
    from qa.build import parse_limits
    from ui.cli.terminal import show_previews

    previews: list[Preview] = []
    failed: list[Failure] = []
    left_out: list[LeftOut] = []
    with progress_bar("articles") as advance:
        for item in preview(
            sources,
            allow_private=allow_private,
            follow=follow,
            stdin=sys.stdin.buffer,
            limits=parse_limits(library),
        ):
            if isinstance(item, Preview):
                previews.append(item)
            elif isinstance(item, Failure):
                failed.append(item)
            else:
                left_out.append(item)
            advance(0, 0, f"{count_text(len(previews), 'article')}, {len(failed):,} failed")
    if as_json:
        print_json(
            {
                "articles": [each.to_dict() for each in previews],
                "failed": _failures(failed),
                "left_out": [asdict(file) for file in left_out],
            }
        )
    else:
        if previews:
            show_previews(previews)
        print_line(f"{count_text(len(previews), 'article')} would be taken in; nothing was written")
        for failure in failed:
            print_error(f"failed: {failure.origin}: {failure.reason}")
        _print_left_out(left_out, len(left_out))
    if failed or not previews:
        raise typer.Exit(_SOME_FAILED)


def _print_left_out(files: Iterable["LeftOut"], count: int) -> None:
    _print_some((f"left out: {file.origin}: {file.reason}" for file in files), count)


def _failures(failed: Sequence["Failure"]) -> list[dict[str, str]]:
    return [{"origin": failure.origin, "reason": failure.reason} for failure in failed]


def _report_json(report: "IngestReport") -> dict[str, object]:
    return {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "copies": report.copies,
        "embedded": report.embedded,
        "files": asdict(report.files),
        "failed": _failures(report.failed),
        "left_out": [asdict(file) for file in report.left_out],
        "left_out_reasons": dict(report.left_out_reasons),
        "clashes": [asdict(clash) for clash in report.clashes],
        "clash_count": report.clash_count,
        "unused": [asdict(each) for each in report.unused],
    }


def _print_report(report: "IngestReport") -> None:
    copies = f", {report.copies:,} of them copies of others" if report.copies else ""
    print_line(
        f"{count_text(report.added, 'article')} added, {report.updated:,} updated{copies}, "
        f"{report.unchanged:,} unchanged; {count_text(report.embedded, 'passage')} embedded"
    )
    files = report.files
    print_line(
        f"files: {files.taken_in:,} taken in, {files.unchanged:,} unchanged, "
        f"{files.left_out:,} left out, {files.failed:,} failed"
    )
    for failure in report.failed:
        print_error(f"failed: {failure.origin}: {failure.reason}")
    _print_left_out(report.left_out, files.left_out)
    _print_some(
        (f"not used: {each} of {each.origin}" for each in report.unused), len(report.unused)
    )
    _print_some(
        (
            f"kept apart: {clash.origin}: {clash.id} is the id or link of another article too; "
            f"kept as {clash.kept_as}"
            for clash in report.clashes
        ),
        report.clash_count,
    )
    if report.nothing_read and not report.failed:
        print_error("nothing was read: no file of what was named holds an article")


def _print_some(lines: Iterable[str], count: int) -> None:
    for line in islice(lines, _MAX_LINES):
        print_error(line)
    if count > _MAX_LINES:
        print_error(f"… and {count - _MAX_LINES:,} more; --json lists up to 1,000")
