"""The evaluation from the command line: ``article-qa eval``, or ``python -m eval``."""

import random
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.errors import QAError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from eval.gold import Gold
    from eval.judges import Judge
    from eval.run import Ask, Item
    from qa.library import Library
    from qa.pipeline import Pipeline

__all__ = [
    "app",
    "chosen",
    "compare",
    "evaluate",
    "exchange",
    "gold_draft",
    "gold_feedback",
    "main",
    "sweep",
]

_WORSE, _NOT_COMPARABLE = 1, 4

app = typer.Typer(
    name="eval",
    help="Measure answers against gold questions, and compare two measurements.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

GoldArgument = Annotated[
    Path,
    typer.Argument(help="Gold: .jsonl, SQuAD's .json, or a folder in RealTimeQA's or BEIR's form."),
]
LibraryOption = Annotated[
    Path | None,
    typer.Option("--library", help="The library folder.", envvar="QA_LIBRARY", show_default=False),
]


@app.command("eval")
def evaluate(
    context: typer.Context,
    gold: GoldArgument,
    library: LibraryOption = None,
    out: Annotated[Path, typer.Option("--out", help="The run, as JSON.")] = Path("run.json"),
    html: Annotated[Path | None, typer.Option(help="Write the report as an HTML page.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write the figures as Markdown.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML.")] = None,
    sample: Annotated[int | None, typer.Option(min=1, help="Ask only as many, drawn once.")] = None,
    seed: Annotated[int, typer.Option(help="Of the sample.")] = 0,
    where: Annotated[
        list[str] | None, typer.Option(help="Only questions with this, e.g. kind=number.")
    ] = None,
    reader: Annotated[str | None, typer.Option(help="Instead of QA_READER.")] = None,
    composer: Annotated[str | None, typer.Option(help="Instead of the default.")] = None,
    answers: Annotated[
        Path | None, typer.Option(help="Score these answers (JSON lines) of any other system.")
    ] = None,
    judge: Annotated[str, typer.Option(help="`words`, or a chat model: provider:model.")] = "words",
    limit_cost: Annotated[
        float | None, typer.Option(min=0, help="Stop when the answers have cost this (USD).")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, help="Questions asked at once.")] = 2,
) -> None:
    """Ask every gold question and measure the answers. Goes on where it was if it is killed.

    What --answers quote is looked up in a library that --library names.
    """
    from importlib.metadata import version

    from eval.gold import load_gold
    from eval.plain import figures_markdown, junit_report, markdown_report
    from eval.report import HEADLINE, html_report
    from eval.run import describe, read_answers, run
    from eval.summary import figures
    from qa.__main__ import progress_bar
    from qa.build import open_library, open_pipeline
    from qa.library import Library

    asked = chosen(load_gold(gold), where or [], sample, seed)
    judging = _judge(judge)
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
            options |= exchange(pipeline, reader, composer)
            opened, ask, system = pipeline.library, _asking(pipeline), "article-qa"
        else:
            ask, system = read_answers(answers), f"answers of {answers.name}"
            # One that the environment names need not have anything to do with them.
            given = context.get_parameter_source("library")
            if given is not None and given.name == "COMMANDLINE":
                opened = stack.enter_context(open_library(library))
        setting = replace(describe(asked, opened, judging, system), seed=seed, options=options)
        with progress_bar("questions") as bar:
            made = run(
                asked,
                ask,
                judging,
                setting,
                out,
                library=opened,
                own=answers is None,
                threads=threads,
                on_progress=lambda done, total: bar(done, total, f"{done} of {total} questions"),
                stop=_spent(limit_cost),
            )
    title = f"Evaluation of {made.setting.system} on {gold.name}"
    for path, write in ((html, html_report), (markdown, markdown_report), (junit, junit_report)):
        if path is not None:
            path.write_text(write(made, title), "utf-8")
    reviewed = [item for item in made.items if item.gold.reviewed]
    known = [figure for figure in figures(reviewed) if figure.name in HEADLINE]
    print(figures_markdown(known))
    for path in (out, html, markdown, junit):
        if path is not None:
            print(f"written: {path}", file=sys.stderr)


@app.command()
def compare(
    base: Annotated[Path, typer.Argument(help="The run to be compared with.")],
    new: Annotated[Path, typer.Argument(help="The run that may be better or worse.")],
    fail_if_worse: Annotated[
        list[str] | None,
        typer.Option(
            help="Exit with 1 if this measure got worse by more than luck explains; of several "
            "measures, if any did (Holm's correction)."
        ),
    ] = None,
    alpha: Annotated[float, typer.Option(min=0, max=1, help="How seldom luck may fail it.")] = 0.05,
) -> None:
    """Compare two runs question by question. Exit status 4 when they are not comparable."""
    from eval.compare import NotComparable
    from eval.compare import compare as between
    from eval.plain import comparison_markdown
    from eval.run import load_run

    try:
        comparison = between(load_run(base), load_run(new))
    except NotComparable as error:
        print(f"article-qa: {error}", file=sys.stderr)
        raise typer.Exit(_NOT_COMPARABLE) from None
    print(comparison_markdown(comparison))
    known = {change.name for change in comparison.changes}
    for name in fail_if_worse or ():
        if name not in known:
            raise ValueError(f"no measure {name!r}; known: {', '.join(sorted(known))}")
    worse = comparison.worse(fail_if_worse or (), alpha)
    if worse:
        print(f"worse, and not by luck: {', '.join(worse)}", file=sys.stderr)
        raise typer.Exit(_WORSE)


@app.command("gold-feedback")
def gold_feedback(
    library: LibraryOption = None,
    out: Annotated[Path, typer.Option("--out", help="Gold, to be asked with `eval`.")] = Path(
        "feedback.jsonl"
    ),
) -> None:
    """Turn the feedback kept in the library into gold questions."""
    from eval.feedback import gold_of
    from qa.build import open_library
    from qa.feedback import kept_feedback

    with open_library(library) as opened:
        kept = kept_feedback(opened)
    made = gold_of(kept)
    out.write_text("".join(item.to_json() + "\n" for item in made), "utf-8")
    print(f"{len(made)} questions out of {len(kept)} verdicts", file=sys.stderr)
    print(f"written: {out}", file=sys.stderr)


@app.command("gold-draft")
def gold_draft(
    library: LibraryOption = None,
    n: Annotated[int, typer.Option("--n", min=1, help="How many questions.")] = 50,
    out: Annotated[Path, typer.Option("--out", help="Gold to be reviewed.")] = Path("draft.jsonl"),
    seed: Annotated[int, typer.Option(help="Of the articles drawn.")] = 0,
    model: Annotated[
        str | None, typer.Option(help="A chat model that writes them: provider:model.")
    ] = None,
) -> None:
    """Propose gold questions from the articles, marked as not reviewed."""
    from eval.draft import ask_model, draft_gold
    from qa.build import open_chat_model, open_library

    with open_library(library) as opened:
        if model is None:
            made = draft_gold(opened, n, seed=seed)
        else:
            writer = open_chat_model(model).model
            drawn = opened.summaries()
            random.Random(seed).shuffle(drawn)
            made = []
            for summary in drawn:
                if len(made) >= n:
                    break
                made += ask_model(opened.article(summary.id), writer)
    out.write_text("".join(item.to_json() + "\n" for item in made[:n]), "utf-8")
    print(f"{len(made[:n])} questions; set reviewed to true where you agree", file=sys.stderr)
    print(f"written: {out}", file=sys.stderr)


@app.command()
def sweep(
    gold: GoldArgument,
    settings: Annotated[
        list[str], typer.Option("--set", help="A knob and its values: split.size=600,800,1000")
    ],
    library: LibraryOption = None,
    out: Annotated[Path, typer.Option("--out", help="A folder for runs, table and chart.")] = Path(
        "sweep"
    ),
    measure: Annotated[str, typer.Option(help="What the best setting is best at.")] = "f1",
    seed: Annotated[int, typer.Option(help="Of the two halves.")] = 0,
) -> None:
    """Measure a grid of settings: tuned on one half of the gold, confirmed on the other."""
    from eval.charts import points_chart
    from eval.gold import load_gold
    from eval.judges import WordsJudge
    from eval.run import describe
    from eval.sweep import parse_grid, sweep_markdown
    from eval.sweep import sweep as over
    from qa.__main__ import progress_bar
    from qa.build import open_library

    grid, asked, judge = parse_grid(settings), load_gold(gold), WordsJudge()
    with open_library(library) as opened:
        setting = describe(asked, opened, judge, "article-qa")
    with progress_bar("questions") as bar:
        made = over(
            asked,
            grid,
            lambda values: _arranged(library, values, out),
            judge,
            setting,
            out,
            measure=measure,
            seed=seed,
            on_progress=lambda name, done, total: bar(done, total, name),
        )
    table = sweep_markdown(made)
    (out / "sweep.json").write_text(made.to_json(), "utf-8")
    (out / "sweep.md").write_text(table + "\n", "utf-8")
    found = [(point.figure.value, point.figure.low, point.figure.high) for point in made.points]
    chart = points_chart([point.name for point in made.points], found)
    (out / "sweep.svg").write_text(chart, "utf-8")
    print(table)
    print(f"written: {out}", file=sys.stderr)


@contextmanager
def _arranged(
    library: Path | None, values: "Mapping[str, str]", folder: Path
) -> "Iterator[tuple[Ask, Library]]":
    """The library as it would be with these settings; cut anew once for each size."""
    from qa.build import open_library, open_pipeline

    if size := values.get("split.size"):
        cut = folder / f"library-{size}"
        with open_library(library) as source:
            _cut(source, cut, int(size))
        library = cut
    with open_pipeline(library) as pipeline:
        pipeline.hits = int(values.get("retrieve.k", pipeline.hits))
        yield _asking(pipeline), pipeline.library


def _cut(source: "Library", folder: Path, size: int) -> None:
    """A copy of a library with passages of another size; what is there already stays."""
    from ingest.split import split
    from qa.build import open_workshop
    from qa.indexing import drain
    from qa.library_writer import Draft, open_writer

    with open_workshop(folder, create=True) as shop, open_writer(shop.library) as writer:
        for summary in source.summaries():
            article = source.article(summary.id)
            passages = split(article, minimum=size * 2 // 3, maximum=size)
            writer.put([Draft(article, tuple(passages))])
        drain(writer, shop.embedder, shop.index)


def main() -> None:
    """Run the commands; errors become one line on standard error."""
    try:
        app()
    except (QAError, ValueError) as error:
        print(f"article-qa: {error}", file=sys.stderr)
        sys.exit(2 if isinstance(error, ValueError) else 1)


def chosen(gold: "list[Gold]", where: list[str], sample: int | None, seed: int) -> "list[Gold]":
    for condition in where:
        name, sign, value = condition.partition("=")
        if not sign or name not in ("kind", "answerable", "reviewed", "year", "id"):
            raise ValueError(
                f"--where {condition!r}: expected kind, answerable, reviewed, year or id, "
                "then =, then a value"
            )
        gold = [item for item in gold if _value(item, name) == value.lower()]
    if not gold:
        raise ValueError(f"no question is left by --where {' '.join(where)}")
    if sample is not None and sample < len(gold):
        drawn = set(random.Random(seed).sample(range(len(gold)), sample))
        gold = [item for number, item in enumerate(gold) if number in drawn]
    return gold


def _value(gold: "Gold", name: str) -> str:
    if name == "year":
        return str(gold.as_of.year) if gold.as_of else ""
    return str(getattr(gold, name)).lower()


def _judge(name: str) -> "Judge":
    from eval.judges import JUDGES
    from qa.build import open_judge

    if name in JUDGES:
        return JUDGES[name]()
    if ":" not in name:
        raise ValueError(f"--judge {name!r}: known are {', '.join(JUDGES)} and provider:model")
    return open_judge(name)


def exchange(pipeline: "Pipeline", reader: str | None, composer: str | None) -> dict[str, str]:
    """Put other parts into the pipeline; returns what is in it now."""
    from qa.build import COMPOSERS, READERS, make_composer

    if reader is not None:
        if reader not in READERS:
            raise ValueError(f"--reader {reader!r}: known are {', '.join(READERS)}")
        pipeline.reader = READERS[reader]()
        pipeline.parts["reader"] = reader
    if composer is not None:
        if composer not in COMPOSERS:
            raise ValueError(f"--composer {composer!r}: known are {', '.join(COMPOSERS)}")
        pipeline.composer = make_composer(composer, pipeline.library.folder)
        pipeline.parts["composer"] = composer
    return dict(pipeline.parts)


def _asking(pipeline: "Pipeline") -> "Ask":
    return lambda item: pipeline.ask(item.question, as_of=item.as_of)


def _spent(limit: float | None) -> "Callable[[Item], bool]":
    """Whether the answers so far have cost as much; those that cost nothing never have."""
    spent = 0.0

    def stop(item: "Item") -> bool:
        nonlocal spent
        spent += item.answer.usage.cost
        return limit is not None and spent >= limit and spent > 0

    return stop


if __name__ == "__main__":
    main()
