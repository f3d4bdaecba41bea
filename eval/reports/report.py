"""A run as one HTML page: figures, charts, and every question to be looked into.

The page asks nothing of the network and runs one script, its own. Article text is data: escaped
by ``templates/report.jinja``, and under a content policy that would not run it.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from eval.metrics.retrieval import first_support
from eval.reports.charts import coverage_chart, latency_chart, recall_chart, reliability_chart
from eval.runs.run import Item, Run
from eval.runs.summary import CAUSES, RIGHT, cause, figures, slices
from eval.runs.wording import N_, Say, english
from qa.records.article import Citation
from qa.runtime.templates import macros

__all__ = ["html_report"]

HEADLINE = (
    "exact_match",
    "f1",
    "contains",
    "contains_parts",
    "all_cited",
    "citation_recall",
    "citation_precision",
    "abstention F1",
    "accuracy-coverage area",
    "passage:Success@5",
)
_SLICED = ("exact_match", "f1", "contains", "abstention")
_FILTERS = {
    "all": N_("all"),
    "wrong": N_("wrong"),
    "abstained": N_("abstained"),
    "unsupported": N_("citation unsupported"),
    "misread": N_("retrieved but misread"),
    "notfound": N_("not retrieved"),
    "lacking": N_("not in the library"),
    "doubtful": N_("gold in doubt"),
    "unanswerable": N_("answered, though there is no answer"),
}
_LABELS = {
    "right": N_("right"),
    "ingest": N_("not in the library"),
    "gold": N_("gold in doubt"),
    "retrieval": N_("not retrieved"),
    "reading": N_("misread"),
    "composing": N_("not the short answer"),
    "abstained": N_("abstained"),
    "answered": N_("answered"),
}


def html_report(
    run: Run, title: str = "Evaluation", *, say: Say = english, language: str = "en"
) -> str:
    """The page as text, in a ``language`` (its code) that ``say`` speaks. Unreviewed questions are
    told apart and not in the headline.
    """
    reviewed = [item for item in run.items if item.gold.reviewed]
    drafts = [item for item in run.items if not item.gold.reviewed]
    known = figures(reviewed)
    script = _static("report.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = _macros(say)["report"](
        language,
        title,
        run,
        Markup(f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"),
        _static("report.css"),
        script,
        known,
        [figure for name in HEADLINE for figure in known if figure.name == name],
        _charts(reviewed, say),
        _slices(reviewed),
        list(_SLICED),
        {
            "count": len(drafts),
            "figures": [each for each in figures(drafts) if each.name in HEADLINE]
            if drafts
            else [],
        },
        _FILTERS,
        run.items,
    )
    return str(page)


def tags(item: Item) -> list[str]:
    """Under which filters a question is found."""
    why = cause(item)
    found = {
        "wrong": why != "right",
        "abstained": item.answer.abstained,
        "unsupported": (item.scores.get("citation_recall") or 0.0) < 1
        and not item.answer.abstained,
        "misread": why in ("reading", "composing"),
        "notfound": why == "retrieval",
        "lacking": why == "ingest",
        "doubtful": why == "gold",
        "unanswerable": why == "answered",
    }
    return [name for name, holds in found.items() if holds]


def _facts(run: Run, _: Say) -> list[tuple[str, str]]:
    made = run.setting
    facts = {
        _("system"): made.system,
        _("gold"): made.gold,
        _("library"): made.library or _("none"),
        _("judge"): made.judge,
        _("seed"): str(made.seed),
        **made.options,
        **made.machine,
    }
    return list(facts.items())


def _charts(items: Sequence[Item], _: Say) -> list[tuple[str, Markup]]:
    """Each chart under the question that it answers; none where nothing was judged."""
    judged = [item for item in items if item.gold.answers or not item.gold.answerable]
    if not judged:
        return []
    sure = [item.answer.confidence for item in judged]
    exact = [item.scores.get("exact_match") or 0.0 for item in judged]
    spoken = [item for item in judged if not item.answer.abstained]
    held = [item for item in items if item.gold.answers]
    drawn = {
        _("Is confidence honest?"): reliability_chart(
            [item.answer.confidence for item in spoken],
            [float((item.scores.get("f1") or 0.0) >= RIGHT) for item in spoken],
            _,
        ),
        _("What does answering more cost?"): coverage_chart(sure, exact, _),
        _("Is the evidence found?"): recall_chart(
            held, [first_support(item.gold, item.found) for item in held], _
        ),
        _("How long does it take?"): latency_chart([item.answer.took_ms for item in items], _),
    }
    return [(name, Markup(chart)) for name, chart in drawn.items()]


def _slices(items: Sequence[Item]) -> list[tuple[str, int, list[str]]]:
    rows = []
    for name, part in slices(items).items():
        cells = []
        for measure in _SLICED:
            marks = [mark for item in part if (mark := item.scores.get(measure)) is not None]
            cells.append(f"{sum(marks) / len(marks):.2f}" if marks else "–")
        rows.append((name, len(part), cells))
    return rows


def _scores(item: Item, _: Say) -> Iterable[tuple[str, str]]:
    for name, value in item.scores.items():
        yield name, _("not applicable") if value is None else f"{value:.2f}"


def _steps(item: Item) -> Iterable[tuple[str, str]]:
    for step in item.answer.trace:
        yield step.name, f"{step.detail} ({step.took_ms:.0f} ms)"


def _overlooked(item: Item) -> tuple[int, Citation] | None:
    """The rank and the characters of the first passage found that holds an accepted answer, where
    it was not given; None otherwise.
    """
    rank = first_support(item.gold, item.found)
    if rank is None or cause(item) not in ("reading", "composing", "abstained"):
        return None
    passage = item.found[rank - 1].passage
    places = [passage.text.lower().find(gold.lower()) for gold in item.gold.answers]
    # An accepted answer may stand there with other punctuation only: then the whole is cited.
    found = [
        passage.cite(passage.start + place, passage.start + place + len(gold))
        for place, gold in zip(places, item.gold.answers, strict=True)
        if place >= 0 and len(passage.text) == len(passage.text.lower())
    ]
    return rank, found[0] if found else passage.cite(passage.start, passage.end)


def _context(citation: Citation, item: Item) -> tuple[str, str]:
    """What stands before and after the citation in its passage; empty if it is of none found."""
    for hit in item.answer.hits:
        passage = hit.passage
        inside = passage.start <= citation.start and citation.end <= passage.end
        if passage.article_id == citation.article_id and inside:
            low, high = citation.start - passage.start, citation.end - passage.start
            return passage.text[:low], passage.text[high:]
    return "", ""


def _static(name: str) -> Markup:
    return Markup((files("eval.reports") / "templates" / name).read_text(encoding="utf-8"))


def _macros(say: Say) -> Mapping[str, Any]:
    return macros(
        "eval.reports",
        "report",
        _=say,
        cause=cause,
        context=_context,
        facts=partial(_facts, _=say),
        label=_LABELS.__getitem__,
        meaning=CAUSES.__getitem__,
        overlooked=_overlooked,
        scores=partial(_scores, _=say),
        steps=_steps,
        tags=tags,
    )
