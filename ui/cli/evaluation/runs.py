"""The commands that measure: ``eval``, ``compare`` and ``sweep``."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.options import GoldArgument, LibraryOption
from ui.cli.output import print_error, print_line
from ui.cli.progress import progress_bar

if TYPE_CHECKING:
    from eval.runs.run import Run
    from qa.library.store import Library

__all__ = ["compare_runs", "evaluate", "sweep_settings"]

_WORSE, _UNREADABLE, _NOT_COMPARABLE = 1, 2, 4


def evaluate(
    context: typer.Context,
    gold: GoldArgument,
    library: LibraryOption = None,
    out: Annotated[Path, typer.Option("--out", help="Where to write the run, as JSON.")] = Path(
        "run.json"
    ),
    html: Annotated[Path | None, typer.Option(help="Write a report as an HTML page.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write the figures as Markdown.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write the results as JUnit XML.")] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Ask only a random sample of this many questions.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Random seed of the sample.")] = 0,
    where: Annotated[
        list[str] | None,
        typer.Option(help="Ask only matching questions, as in kind=number; may be repeated."),
    ] = None,
    reader: Annotated[
        str | None, typer.Option(help="The reader to use instead of QA_READER.")
    ] = None,
    composer: Annotated[
        str | None, typer.Option(help="The composer to use instead of the default.")
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(help="Score answers of another system instead, from this JSON Lines file."),
    ] = None,
    judge: Annotated[
        str,
        typer.Option(
            help="How support is judged: by `words`, or by a chat model, as provider:model."
        ),
    ] = "words",
    limit_cost: Annotated[
        float | None, typer.Option(min=0, help="Stop once the answers have cost this much (USD).")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, help="Number of questions asked at a time.")] = 2,
) -> None:
    """Ask all gold questions and score the answers. An interrupted run can be resumed. The result
    of another evaluation is not written over.

    With --answers, quotations are looked up in the library that --library names.
    """
    from importlib.metadata import version

    from eval.gold.coverage import article_coverage
    from eval.gold.questions import load_gold
    from eval.gold.selection import select_questions
    from eval.metrics.judges import make_judge
    from eval.runs.cost_limit import cost_limit
    from eval.runs.destination import check_out
    from eval.runs.pipelines import ask_function, with_parts
    from eval.runs.run import describe, read_answers, run
    from qa.build import open_library, open_pipeline

    questions = select_questions(load_gold(gold), where or [], sample=sample, seed=seed)
    support_judge = make_judge(judge, library)
    options = {
        "sample": str(sample or "all"),
        "where": " ".join(where or []) or "all",
        "threads": str(threads),
        "version": version("article-qa"),
    }
    opened: Library | None = None
    with ExitStack() as stack:
        if answers is None:
            pipeline = stack.enter_context(open_pipeline(library))
            pipeline = with_parts(pipeline, reader=reader, composer=composer)
            options |= pipeline.parts.names
            opened, ask, system = pipeline.library, ask_function(pipeline), "article-qa"
        else:
            ask, system = read_answers(answers), f"answers of {answers.name}"
            # One that the environment names need not have anything to do with them.
            origin = context.get_parameter_source("library")
            if origin is not None and origin.name == "COMMANDLINE":
                opened = stack.enter_context(open_library(library))
        setting = describe(questions, opened, support_judge, system)
        setting = replace(setting, seed=seed, options=options)
        check_out(out, setting)
        for report in filter(None, (html, markdown, junit)):
            if not report.parent.is_dir():
                raise ValueError(f"{report.parent} is no folder; make it, or name another file")
        if opened and (share := article_coverage(questions, opened)) < 1:
            print_error(f"warning: of the articles that these questions name {share:.0%} are here")
        with progress_bar("questions") as advance:
            measured = run(
                questions,
                ask,
                support_judge,
                setting,
                out,
                library=opened,
                own=answers is None,
                threads=threads,
                on_progress=lambda done, total: advance(
                    done, total, f"{done} of {total} questions"
                ),
                stop=cost_limit(limit_cost),
            )
    title = f"Evaluation of {system} on {gold.name}"
    reports = _write_reports(measured, title, html=html, markdown=markdown, junit=junit)
    _print_headline(measured)
    for path in (out, *reports):
        print_error(f"written: {path}")


def compare_runs(
    base: Annotated[Path, typer.Argument(help="The run to compare with.")],
    new: Annotated[Path, typer.Argument(help="The run that may be better or worse.")],
    fail_if_worse: Annotated[
        list[str] | None,
        typer.Option(
            help="Exit with status 1 if this measure is significantly worse; may be repeated "
            "(with Holm's correction)."
        ),
    ] = None,
    alpha: Annotated[float, typer.Option(min=0, max=1, help="Significance level.")] = 0.05,
) -> None:
    """Compare two runs question by question. Exits with status 4 if they are not comparable, with
    2 if one cannot be read.
    """
    from eval.gold.questions import GoldError
    from eval.reports.plain import comparison_markdown
    from eval.runs.compare import NotComparable, compare
    from eval.runs.run import load_run

    try:
        comparison = compare(load_run(base), load_run(new))
    except NotComparable as error:
        print_error(f"article-qa: {error}")
        raise typer.Exit(_NOT_COMPARABLE) from None
    except GoldError as error:
        # A loss alone may look like a loss to whoever runs this before shipping.
        print_error(f"article-qa: {error}")
        raise typer.Exit(_UNREADABLE) from None
    measures = {change.name for change in comparison.changes}
    for name in fail_if_worse or ():
        if name not in measures:
            raise ValueError(
                f"no measure of both runs is called {name!r}; "
                f"choose from: {', '.join(sorted(measures))}"
            )
    print_line(comparison_markdown(comparison))
    worse = comparison.worse(fail_if_worse or (), alpha)
    for change in comparison.changes:
        if change.name in (fail_if_worse or ()) and change.is_loss and change.name not in worse:
            print_error(
                f"{change.name} is worse by {abs(change.difference):.3f}, but not significantly "
                f"(n = {change.n}): not counted as a loss"
            )
    if worse:
        print_error(f"significantly worse: {', '.join(worse)}")
        raise typer.Exit(_WORSE)


def sweep_settings(
    gold: GoldArgument,
    settings: Annotated[
        list[str],
        typer.Option(
            "--set",
            help="A setting and its values, as in split.size=600,800,1000; may be repeated.",
        ),
    ],
    library: LibraryOption = None,
    out: Annotated[
        Path, typer.Option("--out", help="The folder for runs, table and chart.")
    ] = Path("sweep"),
    measure: Annotated[str, typer.Option(help="The measure to optimize.")] = "f1",
    seed: Annotated[int, typer.Option(help="Random seed of the split into halves.")] = 0,
) -> None:
    """Try a grid of settings: tune on one half of the gold questions, confirm on the other."""
    from eval.gold.questions import load_gold
    from eval.metrics.judges import WordsJudge
    from eval.reports.charts import points_chart
    from eval.runs.run import describe
    from eval.runs.sweep import parse_grid, sweep, sweep_markdown
    from eval.runs.sweep_library import open_point
    from qa.build import open_library

    grid, questions, judge = parse_grid(settings), load_gold(gold), WordsJudge()
    with open_library(library) as opened:
        setting = describe(questions, opened, judge, "article-qa")
    with progress_bar("questions") as advance:
        result = sweep(
            questions,
            grid,
            lambda values: open_point(library, values, out),
            judge,
            setting,
            out,
            measure=measure,
            seed=seed,
            on_progress=lambda name, done, total: advance(done, total, name),
        )
    table = sweep_markdown(result)
    intervals = [
        (point.figure.value, point.figure.low, point.figure.high) for point in result.points
    ]
    chart = points_chart([point.name for point in result.points], intervals)
    (out / "sweep.json").write_text(result.to_json(), "utf-8")
    (out / "sweep.md").write_text(table + "\n", "utf-8")
    (out / "sweep.svg").write_text(chart, "utf-8")
    print_line(table)
    print_error(f"written: {out}")


def _write_reports(
    measured: "Run", title: str, *, html: Path | None, markdown: Path | None, junit: Path | None
) -> list[Path]:
    """The reports that were asked for, written; returns where they are."""
    from eval.reports.plain import junit_report, markdown_report
    from eval.reports.report import html_report

    reports = ((html, html_report), (markdown, markdown_report), (junit, junit_report))
    for path, render in reports:
        if path is not None:
            path.write_text(render(measured, title), "utf-8")
    return [path for path, _ in reports if path is not None]


def _print_headline(measured: "Run") -> None:
    from eval.reports.plain import figures_markdown
    from eval.reports.report import HEADLINE
    from eval.runs.summary import figures

    reviewed = [item for item in measured.items if item.gold.reviewed]
    headline = [figure for figure in figures(reviewed) if figure.name in HEADLINE]
    print_line(figures_markdown(headline))
