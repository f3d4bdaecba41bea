"""The commands over what is read again and again: ``source`` and ``refresh``."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.options import JsonOption, LibraryOption, WaitOption
from ui.cli.output import count_text, print_error, print_json, print_line
from ui.cli.progress import progress_bar

if TYPE_CHECKING:
    from ingest.subscriptions.refresh import Refresher
    from ingest.subscriptions.visit import Visit
    from qa.library.subscriptions import Subscription

__all__ = [
    "add_source",
    "list_sources",
    "pause_source",
    "refresh_due_sources",
    "refresh_sources",
    "remove_source",
    "resume_source",
]

_SOME_FAILED = 3


def add_source(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of a feed or a page.")],
    every: Annotated[
        str, typer.Option(help="How often to read it: a number with s, m, h, d or w.")
    ] = "1h",
    outlet: Annotated[
        str, typer.Option(help="The outlet of its articles, if they do not say it well.")
    ] = "",
    library: LibraryOption = None,
    allow_private: Annotated[
        bool,
        typer.Option("--allow-private", help="It may be at an address in a private network."),
    ] = False,
) -> None:
    """Add an address that is read again and again, by the server or by `refresh`."""
    from ingest.subscriptions.refresh import subscribe
    from qa.build import open_tools
    from qa.library.subscriptions import interval_text

    with open_tools(library, create=True) as tools:
        source = subscribe(tools.library, url, every, outlet=outlet, allow_private=allow_private)
    print_line(
        f"added {source.url}, to be read every {interval_text(source.every)}: by the server while "
        "it runs, or by `article-qa refresh`"
    )


def list_sources(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """List the sources: what came of the last visit, and when the next one is."""
    from datetime import UTC, datetime

    from qa.build import open_library
    from qa.library.subscriptions import interval_text, subscriptions
    from ui.html.plain_text import visit_lines

    with open_library(library) as opened:
        sources = subscriptions(opened)
    if as_json:
        print_json([source.to_dict() for source in sources])
        return
    for source in sources:
        outlet = f", {source.outlet}" if source.outlet else ""
        print_line(f"{source.url}  every {interval_text(source.every)}{outlet}")
        for line in visit_lines(source, datetime.now(UTC)):
            print_line(f"  {line}")


def remove_source(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address, as `list` shows it.")],
    library: LibraryOption = None,
) -> None:
    """Remove a source. Its articles stay."""
    from qa.build import open_library
    from qa.library.subscriptions import remove_subscription

    with open_library(library) as opened:
        remove_subscription(opened, url)
    print_line(f"removed {url}; its articles stay")


def pause_source(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address, as `list` shows it.")],
    library: LibraryOption = None,
) -> None:
    """Let a source rest: it is read again only when it is named to `source refresh`."""
    _pause(library, url, paused=True)
    print_line(f"paused {url}")


def resume_source(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address, as `list` shows it.")],
    library: LibraryOption = None,
) -> None:
    """Have a source that rested read again."""
    _pause(library, url, paused=False)
    print_line(f"resumed {url}")


def _pause(library: str | None, url: str, *, paused: bool) -> None:
    from qa.build import open_library
    from qa.library.subscriptions import pause_subscription

    with open_library(library) as opened:
        pause_subscription(opened, url, paused=paused)


def refresh_sources(
    urls: Annotated[
        list[str] | None,
        typer.Argument(metavar="[URL]…", help="Which sources; all if none is named."),
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
    wait: WaitOption = False,
) -> None:
    """Refresh sources now, due or not. Exits with status 3 if some failed."""
    _refresh(library, lambda refresher: refresher.refresh(urls or ()), as_json=as_json, wait=wait)


def refresh_due_sources(
    library: LibraryOption = None,
    refresh_all: Annotated[
        bool, typer.Option("--all", help="Refresh all sources, due or not.")
    ] = False,
    as_json: JsonOption = False,
    wait: WaitOption = False,
) -> None:
    """Refresh the sources that are due, as from cron. Exits with status 3 if some failed."""
    _refresh(
        library,
        lambda refresher: refresher.refresh() if refresh_all else refresher.refresh_due(),
        as_json=as_json,
        wait=wait,
    )


def _refresh(
    library: str | None,
    choose: "Callable[[Refresher], Iterator[Visit]]",
    *,
    as_json: bool,
    wait: bool,
) -> None:
    from functools import partial
    from threading import Event

    from ingest.subscriptions.refresh import Refresher
    from ingest.subscriptions.visit import Visitor, take_in_page
    from qa.build import open_library
    from qa.library.subscriptions import subscriptions

    visits: list[Visit] = []
    with open_library(library) as opened, progress_bar("sources") as advance:
        visitor = Visitor(opened, partial(take_in_page, library=opened, wait=wait))
        for visit in choose(Refresher(visitor, Event().wait)):
            visits.append(visit)
            advance(len(visits), 0, f"{count_text(len(visits), 'source')} refreshed")
            if not as_json:
                _print_visit(visit)
        remaining = subscriptions(opened)
    if as_json:
        print_json([_visit_json(visit) for visit in visits])
    else:
        _print_changed_answers(visits)
        if any(visit.report and visit.report.added + visit.report.updated for visit in visits):
            _ask_saved_questions(library)
        if not visits:
            print_line(_idle_line(remaining))
    if any(visit.error for visit in visits):
        raise typer.Exit(_SOME_FAILED)


def _print_visit(visit: "Visit") -> None:
    source = visit.subscription
    if visit.postponed:
        print_error(f"postponed: {source.url}: {visit.error}")
    elif visit.error:
        from datetime import UTC, datetime

        from ui.html.plain_text import visit_lines

        failure, attempt, *_ = visit_lines(source, datetime.now(UTC))
        print_error(f"failed: {source.url}: {failure}; {attempt}")
    else:
        print_line(f"{source.url}: {source.outcome}")


def _print_changed_answers(visits: "list[Visit]") -> None:
    from ui.cli.terminal import kept_answer_lines

    checks = dict.fromkeys(check for visit in visits for check in visit.changed_answers)
    if checks:
        print_line("Kept answers whose cited text changed:")
        for line in kept_answer_lines(checks):
            print_line(line)


def _ask_saved_questions(library: str | None) -> None:
    from qa.build import open_library
    from qa.library.curation.saved_questions import saved_questions
    from ui.cli.curation.questions import ask_saved

    with open_library(library) as opened:
        if not saved_questions(opened, owner=None):
            return
    ask_saved(library)


def _idle_line(sources: "list[Subscription]") -> str:
    from datetime import UTC, datetime

    from ui.html.plain_text import duration_text

    if not sources:
        return "there are no sources; add one with `article-qa source add URL --every 30m`"
    wait = min(source.due for source in sources) - datetime.now(UTC)
    return f"nothing is due; the next visit is in {duration_text(wait)} (--all: refresh now)"


def _visit_json(visit: "Visit") -> dict[str, object]:
    report = visit.report
    return {
        "url": visit.subscription.url,
        "outcome": visit.subscription.outcome,
        "error": visit.error,
        "postponed": visit.postponed,
        "added": report.added if report else 0,
        "updated": report.updated if report else 0,
        "unchanged": report.unchanged if report else 0,
        "failed": [
            {"origin": failure.origin, "reason": failure.reason}
            for failure in (report.failed if report else ())
        ],
        "due": visit.subscription.due.isoformat(),
        "failures": visit.subscription.failures,
        "changed_answers": [check.to_dict() for check in visit.changed_answers],
    }
