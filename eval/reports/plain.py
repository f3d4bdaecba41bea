"""A run as Markdown and as JUnit XML, for logs and build servers."""

from collections.abc import Sequence
from xml.etree import ElementTree

from eval.runs.compare import Comparison, Turned
from eval.runs.run import Run
from eval.runs.summary import CAUSES, Figure, cause, figures
from qa.language.cleaning import one_line

__all__ = ["comparison_markdown", "figures_markdown", "junit_report", "markdown_report"]


def markdown_report(run: Run, title: str = "Evaluation") -> str:
    """The figures, and how many questions ended how. Unreviewed gold is left out."""
    items = [item for item in run.items if item.gold.reviewed]
    ended = [cause(item) for item in items]
    lines = [
        f"# {title}",
        "",
        f"{run.extent}, by {run.setting.system}; gold {run.setting.gold}, "
        f"library {run.setting.library or 'none'}, judge {run.setting.judge}.",
        "",
        figures_markdown(figures(items)),
        "",
        "| outcome | questions | |",
        "|---|---|---|",
        *(f"| {name} | {ended.count(name)} | {told} |" for name, told in CAUSES.items()),
    ]
    return "\n".join(lines) + "\n"


def figures_markdown(known: Sequence[Figure]) -> str:
    """A table of figures with their intervals."""
    rows = (
        f"| {item.name} | {item.value:.3f} | {item.low:.3f} to {item.high:.3f} | {item.n} |"
        for item in known
    )
    return "\n".join(["| measure | value | 95 % interval | n |", "|---|---|---|---|", *rows])


def comparison_markdown(comparison: Comparison) -> str:
    """What changed between two runs, the questions gained and lost."""
    rows = (
        f"| {item.name} | {item.base:.3f} | {item.new:.3f} | {item.difference:+.3f} "
        f"| {item.low:+.3f} to {item.high:+.3f} | {item.p:.3f} | {item.n} |"
        for item in comparison.changes
    )
    return "\n".join(
        [
            "| measure | base | new | difference | 95 % interval | p | n |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            *_turned("gained", comparison.gained),
            "",
            *_turned("lost", comparison.lost),
        ]
    )


def _turned(word: str, items: Sequence[Turned]) -> list[str]:
    """The questions with both answers side by side."""
    if not items:
        return [f"No question was {word}."]
    rows = (
        [item.id, item.question, " / ".join(item.answers) or "none", item.base, item.new]
        for item in items
    )
    return [
        f"| {word} ({len(items)}) | question | accepted | base | new |",
        "|---|---|---|---|---|",
        *(f"| {' | '.join(_cell(text) for text in row)} |" for row in rows),
    ]


def _cell(text: str) -> str:
    return one_line(text).replace("|", "\\|") or "-"


def junit_report(run: Run, title: str = "evaluation") -> str:
    """JUnit XML: a question a test case; what was not right is a failure with its cause."""
    ended = [cause(item) for item in run.items]
    suite = ElementTree.Element(
        "testsuite",
        name=title,
        tests=str(len(ended)),
        failures=str(sum(why != "right" for why in ended)),
        time=f"{sum(item.answer.took_ms for item in run.items) / 1000:.3f}",
    )
    for item, why in zip(run.items, ended, strict=True):
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname=title,
            name=_legal(item.gold.question),
            time=f"{item.answer.took_ms / 1000:.3f}",
        )
        if why != "right":
            failure = ElementTree.SubElement(case, "failure", type=why, message=CAUSES[why])
            wanted = " / ".join(item.gold.answers) or "no answer"
            failure.text = _legal(f"accepted: {wanted}\nanswered: {item.answer.short or 'nothing'}")
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)


def _legal(text: str) -> str:
    """Without what XML 1.0 cannot hold."""
    return "".join(
        sign
        for sign in text
        if sign in "\t\n\r"
        or "\x20" <= sign <= "\ud7ff"
        or "\ue000" <= sign <= "\ufffd"
        or sign > "\uffff"
    )
