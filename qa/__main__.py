"""The command line, ``article-qa``. It only translates: arguments in, text or JSON out."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from eval.__main__ import compare, evaluate, gold_draft, gold_feedback, sweep
from qa.errors import ConfigError, QAError

__all__ = ["app", "main", "progress_bar"]

app = typer.Typer(
    name="article-qa",
    help="Ask questions of a collection of articles and get answers you can check.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_SOME_FAILED = 3
_INTERRUPTED = 130

LibraryOption = Annotated[
    Path | None,
    typer.Option("--library", help="The library folder.", envvar="QA_LIBRARY", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
WaitOption = Annotated[bool, typer.Option("--wait", help="Wait while another process writes.")]
DayOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], show_default=False)]
SourceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        help="Only this outlet, as `list` names it; may be repeated.",
        show_default=False,
    ),
]


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors.")] = False,
) -> None:
    _state["debug"] = debug


_state = {"debug": False}


@app.command()
def ingest(
    sources: Annotated[
        list[str], typer.Argument(help="Files, folders, archives, feeds, URLs, or - for input.")
    ],
    library: LibraryOption = None,
    json_: JsonOption = False,
    wait: WaitOption = False,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Fetch from private addresses too.")
    ] = False,
) -> None:
    """Take articles into the library. Exit status 3 when some sources failed."""
    from ingest.run import Progress
    from ingest.run import ingest as run

    with progress_bar("articles") as bar:

        def on_progress(progress: Progress) -> None:
            failed = f", {len(progress.failed):,} failed" if progress.failed else ""
            bar(
                progress.done_bytes,
                progress.total_bytes,
                f"{progress.articles:,} articles, {progress.embedded:,} passages{failed}",
            )

        report = run(
            sources,
            library=library,
            allow_private=allow_private,
            wait=wait,
            stdin=sys.stdin.buffer,
            on_progress=on_progress,
        )
    if json_:
        _print_json(
            {
                "added": report.added,
                "updated": report.updated,
                "unchanged": report.unchanged,
                "copies": report.copies,
                "embedded": report.embedded,
                "failed": [
                    {"origin": failure.origin, "reason": failure.reason}
                    for failure in report.failed
                ],
            }
        )
    else:
        copies = f", {report.copies:,} of them copies of others" if report.copies else ""
        _say(
            f"{report.added:,} articles added, {report.updated:,} updated{copies}, "
            f"{report.unchanged:,} unchanged; {report.embedded:,} passages embedded"
        )
        for failure in report.failed:
            _complain(f"failed: {failure.origin}: {failure.reason}")
    if report.failed:
        raise typer.Exit(_SOME_FAILED)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    library: LibraryOption = None,
    as_of: DayOption = None,
    since: DayOption = None,
    until: DayOption = None,
    source: SourceOption = None,
    window: Annotated[
        bool,
        typer.Option(
            "--window/--no-window", help="Heed days in the question, such as 'last week'."
        ),
    ] = True,
    timeline: Annotated[
        bool, typer.Option("--timeline", help="In the order of days, each with its day in front.")
    ] = False,
    json_: JsonOption = False,
    trace: Annotated[bool, typer.Option("--trace", help="Show what was searched.")] = False,
) -> None:
    """Answer a question with citations, or say why not."""
    from qa.build import open_pipeline
    from qa.terminal import trace_lines

    with open_pipeline(library) as pipeline:
        events = pipeline.stream(
            question,
            as_of=_day(as_of),
            since=_day(since),
            until=_day(until),
            sources=source or (),
            window=window,
            timeline=timeline,
        )
        answer = _follow(events, quiet=json_)
    if json_:
        _print_json(answer.to_dict())
        return
    _show(answer)
    if trace:
        _say("")
        for line in trace_lines(answer):
            _say(line)


@app.command()
def check(
    answer: Annotated[str, typer.Argument(metavar="ANSWER.json", help="From ask --json; or -.")],
    library: LibraryOption = None,
    json_: JsonOption = False,
) -> None:
    """Tell whether articles still say what a kept answer cites. Exit status 1 if one does not."""
    from qa.build import open_library
    from qa.recheck import check as recheck
    from qa.terminal import recheck_lines

    kept = _kept_answer(answer)
    with open_library(library) as opened:
        checked = recheck(kept, opened)
    if json_:
        _print_json([{**item.to_dict(), "text": item.text} for item in checked])
    else:
        for line in recheck_lines(checked):
            _say(line)
        _say(f"{sum(item.stands for item in checked)} of {len(checked)} citations stand")
    if not all(item.stands for item in checked):
        raise typer.Exit(1)


@app.command()
def feedback(
    question: Annotated[str, typer.Argument(help="The question, as it was asked.")],
    verdict: Annotated[str, typer.Argument(help="right, wrong, or 'wrong evidence'.")],
    better: Annotated[str, typer.Option(help="The answer it should have been.")] = "",
    library: LibraryOption = None,
    as_of: DayOption = None,
) -> None:
    """Answer once more, and keep what you think of the answer; `gold-feedback` makes gold of it."""
    from qa.build import open_pipeline
    from qa.feedback import VERDICTS, Feedback, keep_feedback

    if verdict not in VERDICTS:
        raise ValueError(f"the verdict {verdict!r} is none of {', '.join(VERDICTS)}")
    with open_pipeline(library) as pipeline:
        answer = pipeline.ask(question, as_of=_day(as_of))
        _show(answer)
        kept = Feedback.on(answer, verdict, pipeline.library, better=better, as_of=_day(as_of))
        keep_feedback(pipeline.library, kept)
    _complain(f"kept: {verdict}")


@app.command()
def chat(library: LibraryOption = None, as_of: DayOption = None) -> None:
    """Ask one question after another, each in the light of those before; an empty line or Ctrl-D
    ends.
    """
    from qa.build import open_pipeline
    from qa.conversation import Turn

    history: list[Turn] = []
    with open_pipeline(library) as pipeline:
        while question := _prompt():
            answer = _follow(pipeline.stream(question, as_of=_day(as_of), history=history))
            history.append(Turn.of(answer))
            _show(answer)
            _say("")


@app.command("list")
def list_(
    library: LibraryOption = None,
    json_: JsonOption = False,
    copies: Annotated[
        bool, typer.Option("--copies", help="Only articles that carry one text, by text.")
    ] = False,
) -> None:
    """List the articles, newest first."""
    from qa.build import open_library

    if copies:
        _list_copies(library, json_=json_)
        return
    with open_library(library) as opened:
        summaries = opened.summaries()
    if json_:
        _print_json([summary.to_dict() for summary in summaries])
        return
    for summary in summaries:
        day = summary.published.isoformat() if summary.published else "undated   "
        _say(f"{summary.id}  {day}  {summary.source or 'unknown source'}: {summary.title}")


@app.command()
def show(
    article_id: Annotated[str, typer.Argument(metavar="ID", help="The id that `list` shows.")],
    library: LibraryOption = None,
    json_: JsonOption = False,
) -> None:
    """Show an article with what is known of it."""
    from qa.build import open_library
    from qa.clusters import copies_of
    from qa.terminal import copy_line

    with open_library(library) as opened:
        article = opened.article(article_id)
        copies = copies_of(opened, article_id)
        passages = opened.passages_of(article_id)
        versions = opened.versions(article_id)
    if json_:
        spans = [[stored.passage.start, stored.passage.end] for stored in passages]
        carried = [copy.to_dict() for copy in copies]
        _print_json({**article.to_dict(), "passages": spans, "copies": carried})
        return
    for name, value in (
        ("title", article.title),
        ("source", article.source),
        ("author", article.author),
        ("published", article.published),
        ("updated", article.updated),
        ("ingested", article.ingested),
        ("url", article.url),
        ("language", article.language),
        ("version", f"{article.version} of {len(versions)}"),
        ("passages", len(passages)),
    ):
        _say(f"{name:10} {'unknown' if value is None else value}")
    for copy in copies:
        _say(f"{'copy of':10} {copy_line(copy)}: {copy.title}")
    _say("")
    _say(article.text)


@app.command()
def remove(
    article_ids: Annotated[list[str], typer.Argument(metavar="ID…", help="Ids that `list` shows.")],
    library: LibraryOption = None,
    wait: WaitOption = False,
) -> None:
    """Take articles out of the library, with all their versions."""
    from qa import indexing
    from qa.build import open_workshop
    from qa.library_writer import open_writer

    with open_workshop(library) as shop, open_writer(shop.library, wait=wait) as writer:
        titles = indexing.remove(writer, shop.embedder, shop.index, article_ids)
    for article_id, title in titles.items():
        _say(f"removed {article_id}: {title}")


@app.command()
def doctor(
    library: LibraryOption = None,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what is found.")] = False,
    json_: JsonOption = False,
    wait: WaitOption = False,
) -> None:
    """Compare the library with its indexes. Exit status 1 when something is wrong."""
    from qa import doctor as clinic
    from qa.build import open_workshop
    from qa.library_writer import open_writer

    with open_workshop(library) as shop:
        health = clinic.examine(shop.library, shop.index)
        if repair and not health.healthy:
            if not json_:
                _report(health, json_=False)
            with progress_bar("passages") as bar, open_writer(shop.library, wait=wait) as writer:
                on_progress = _counting(bar, health.passages)
                health = clinic.repair(writer, shop.embedder, shop.index, on_progress=on_progress)
    _report(health, json_=json_)
    if not health.healthy:
        raise typer.Exit(1)


@app.command()
def rebuild(library: LibraryOption = None, wait: WaitOption = False) -> None:
    """Make the vector index anew from the library, with the embedder that is set."""
    from qa import indexing
    from qa.build import open_workshop
    from qa.library_writer import open_writer

    with open_workshop(library) as shop, open_writer(shop.library, wait=wait) as writer:
        with progress_bar("passages") as bar:
            on_progress = _counting(bar, shop.library.counts()["passages"])
            count = indexing.rebuild(writer, shop.embedder, shop.index, on_progress=on_progress)
        _say(f"{count:,} passages embedded with {shop.embedder.fingerprint}")


@app.command()
def serve(
    library: LibraryOption = None,
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 7860,
) -> None:
    """Open the web app, the REST interface and the MCP tools; made if there is no library yet."""
    with _extra("ui"):
        from ui.server import serve as run

    run(library, host=host, port=port, announce=_complain)


@app.command()
def mcp(library: LibraryOption = None) -> None:
    """Offer the articles to an assistant as MCP tools, on standard input and output."""
    with _extra("ui"):
        from ui.desk import open_desk
        from ui.tools import make_tools

    with open_desk(library) as desk:
        make_tools(desk).run("stdio")


user = typer.Typer(help="Who may use the server.", no_args_is_help=True, add_completion=False)
app.add_typer(user, name="user")


@user.command("add")
def user_add(
    name: str,
    role: Annotated[str, typer.Option(help="reader: asks; editor: changes articles too.")] = (
        "reader"
    ),
    library: LibraryOption = None,
) -> None:
    """Add a user, or give a known one another password; it is asked for, or read from a pipe."""
    from qa.build import open_workshop
    from qa.users import keep_user

    with _extra("ui"):
        from ui.access import hash_of

    password = (
        typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        if sys.stdin.isatty()
        else sys.stdin.readline().rstrip("\n")
    )
    with open_workshop(library, create=True) as shop:
        keep_user(shop.library, name, role, hash_of(password))
    _say(f"{name} may log in as {role}")


@user.command("list")
def user_list(library: LibraryOption = None) -> None:
    """List the users with their roles."""
    from qa.build import open_library
    from qa.users import users

    with open_library(library) as opened:
        for each in users(opened):
            _say(f"{each.name}  {each.role}")


@user.command("remove")
def user_remove(name: str, library: LibraryOption = None) -> None:
    """Take a user out; their conversations stay."""
    from qa.build import open_library
    from qa.users import remove_user

    with open_library(library) as opened:
        remove_user(opened, name)
    _say(f"removed {name}")


app.command("eval")(evaluate)
app.command("compare")(compare)
app.command("sweep")(sweep)
app.command("gold-draft")(gold_draft)
app.command("gold-feedback")(gold_feedback)


def main() -> None:
    """Run the command line; errors become one line on standard error.

    Exit status 1 for an error, 2 for wrong usage, 130 when interrupted.
    """
    try:
        app()
    except (QAError, ValueError) as error:
        if _state["debug"]:
            raise
        _complain(f"article-qa: {error}")
        sys.exit(2 if isinstance(error, ValueError) else 1)
    except BrokenPipeError:
        # The reader of our output went away, as `head` does.
        sys.stderr.close()
        sys.exit(141)


def _follow(events: Iterator[Any], *, quiet: bool = False) -> Any:
    """The answer of a stream, whose text a terminal shows meanwhile."""
    if quiet or not sys.stdout.isatty():
        *_, answer = events
        return answer
    from rich.console import Console

    from qa.terminal import follow

    return follow(events, Console())


def _kept_answer(path: str) -> Any:
    from qa.records import Answer

    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8")
        return Answer.from_json(text)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"{path} is not an answer ({error!r}); keep one with `article-qa ask … --json`"
        ) from error


def _show(answer: Any) -> None:
    from shutil import get_terminal_size

    from qa.terminal import answer_lines, notes

    for note in notes(answer):
        _complain(note)
    width = min(get_terminal_size().columns, 100) if sys.stdout.isatty() else 96
    for line in answer_lines(answer, width=width):
        print(line)


def _list_copies(library: Path | None, *, json_: bool) -> None:
    from qa.build import open_library
    from qa.clusters import all_clusters

    with open_library(library) as opened:
        clusters = all_clusters(opened)
    if json_:
        _print_json([[copy.to_dict() for copy in cluster] for cluster in clusters])
        return
    for cluster in clusters:
        _say(f"{len(cluster)} articles, 1 text")
        for copy in cluster:
            day = copy.published.isoformat() if copy.published else "undated   "
            _say(f"  {copy.article_id}  {day}  {copy.source or 'unknown source'}: {copy.title}")


def _report(health: Any, *, json_: bool) -> None:
    if json_:
        _print_json({**health.to_dict(), "healthy": health.healthy})
        return
    _say(f"{health.articles:,} articles, {health.passages:,} passages, {health.vectors:,} vectors")
    for finding in health.findings:
        _say(f"{finding.name}: {finding.count:,} {finding.detail}")
    _say("healthy" if health.healthy else "not healthy; `article-qa doctor --repair` mends it")


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar on standard error, silent when that is not a terminal."""
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
        task = progress.add_task(what, total=None)

        def advance(done: int, total: int, text: str) -> None:
            progress.update(task, completed=done, total=total or None, description=text)

        try:
            yield advance
        except KeyboardInterrupt:
            progress.stop()
            _complain("stopped; nothing is lost, the same command goes on from here")
            raise typer.Exit(_INTERRUPTED) from None


@contextmanager
def _extra(name: str) -> Iterator[None]:
    """What is imported in the block comes with that extra of the package."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise ConfigError(f"this needs {error.name}: pip install 'article-qa[{name}]'") from error


def _counting(bar: Callable[[int, int, str], None], total: int) -> Callable[[int], None]:
    """Adds up the batches of passages that are done."""
    done = 0

    def on_progress(step: int) -> None:
        nonlocal done
        done += step
        bar(done, total, f"{done:,} passages")

    return on_progress


def _prompt() -> str:
    try:
        return input("? " if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _say(text: str) -> None:
    from qa.terminal import safe

    print(safe(text))


def _complain(text: str) -> None:
    from qa.terminal import safe

    print(safe(text), file=sys.stderr)


def _print_json(data: object) -> None:
    from qa.terminal import safe_json

    print(safe_json(data))


if __name__ == "__main__":
    main()
