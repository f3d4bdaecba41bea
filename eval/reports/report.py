"""A run as one HTML page: figures, charts, and every question to be looked into.

The page asks nothing of the network and runs one script, its own. Article text is data: escaped,
and under a content policy that would not run it.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from html import escape

from eval.metrics.retrieval import first_support
from eval.reports.charts import coverage_chart, latency_chart, recall_chart, reliability_chart
from eval.runs.run import Item, Run
from eval.runs.summary import CAUSES, RIGHT, Figure, cause, figures, slices
from qa.records.answer import Statement
from qa.records.article import Citation

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
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2127; --soft: #5b6470; --back: #fff; --card: #f5f6f8;
  --line: #d8dce2; --mark: #fff0b3; --good: #1a7f45; --bad: #b3261e; --link: #1f5fb0 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --soft: #9aa3ae; --back: #15181c;
  --card: #1e2227; --line: #343a42; --mark: #5a4a10; --good: #5fd08d; --bad: #ff8a80;
  --link: #86b7f5 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem 1rem 4rem; background: var(--back);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem }
.soft { color: var(--soft) } .scroll { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--line);
  white-space: nowrap }
th { color: var(--soft); font-weight: 600 }
.charts { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)) }
.charts figure { margin: 0; background: var(--card); border-radius: .6rem; padding: .8rem;
  display: flex; flex-direction: column; justify-content: space-between }
.charts svg { width: 100%; height: auto } figcaption { font-weight: 600 }
.filters { display: flex; flex-wrap: wrap; gap: .5rem; margin: .6rem 0 1rem }
button { font: inherit; padding: .3rem .8rem; border: 1px solid var(--line); border-radius: 1rem;
  background: var(--card); color: inherit; cursor: pointer }
button[aria-pressed=true] { background: var(--link); border-color: var(--link);
  color: var(--back) }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
details { border: 1px solid var(--line); border-radius: .6rem; margin: .5rem 0;
  padding: .5rem .9rem; overflow-wrap: anywhere }
details[open] { background: var(--card) } summary { cursor: pointer }
.tag { font-size: .85em; padding: 0 .45em; border: 1px solid; border-radius: .8em }
.good { color: var(--good) } .bad { color: var(--bad) }
blockquote { margin: .6rem 0; padding: .4rem .8rem; border-left: 3px solid var(--line);
  white-space: pre-wrap } mark { background: var(--mark); color: inherit }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem .9rem }
dt { color: var(--soft) } dd { margin: 0 } a { color: var(--link) }
"""
_SCRIPT = """
const buttons = [...document.querySelectorAll("button[data-tag]")];
const items = [...document.querySelectorAll("details[data-tags]")];
const count = document.getElementById("count");
function show(tag) {
  let shown = 0;
  for (const item of items) {
    item.hidden = tag !== "all" && !item.dataset.tags.split(" ").includes(tag);
    shown += !item.hidden;
  }
  for (const button of buttons) button.setAttribute("aria-pressed", button.dataset.tag === tag);
  count.textContent = `${shown} of ${items.length} questions`;
}
for (const button of buttons) button.addEventListener("click", () => show(button.dataset.tag));
show("all");
"""
_FILTERS = {
    "all": "all",
    "wrong": "wrong",
    "abstained": "abstained",
    "unsupported": "citation unsupported",
    "misread": "retrieved but misread",
    "notfound": "not retrieved",
    "lacking": "not in the library",
    "doubtful": "gold in doubt",
    "unanswerable": "answered, though there is no answer",
}


def html_report(run: Run, title: str = "Evaluation") -> str:
    """The page as text. Unreviewed questions are told apart and not in the headline."""
    reviewed = [item for item in run.items if item.gold.reviewed]
    digest = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8>",
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        "<meta name=viewport content='width=device-width,initial-scale=1'>",
        f"<title>{_text(title)}</title><style>{_STYLE}</style><body>",
        f"<header><h1>{_text(title)}</h1>{_about(run)}</header><main>",
        *_headline(reviewed),
        *_charts(reviewed),
        *_sliced(reviewed),
        *_unreviewed(run.items),
        *_questions(run.items),
        f"</main><script>{_SCRIPT}</script></body></html>",
    ]
    return "".join(parts)


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


def _about(run: Run) -> str:
    made = run.setting
    facts = {
        "system": made.system,
        "gold": made.gold,
        "library": made.library or "none",
        "judge": made.judge,
        "seed": str(made.seed),
        **made.options,
        **made.machine,
    }
    rows = "".join(
        f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in facts.items()
    )
    return (
        f"<p class=soft>{run.extent}, by {_text(made.system)}</p>"
        f"<details><summary>What it was made with</summary><dl>{rows}</dl></details>"
    )


def _headline(items: Sequence[Item]) -> Iterator[str]:
    known = figures(items)
    first = [figure for name in HEADLINE for figure in known if figure.name == name]
    yield "<h2>Headline</h2>" + _table(first)
    yield "<details><summary>Every figure</summary>" + _table(known) + "</details>"


def _table(known: Sequence[Figure]) -> str:
    rows = "".join(
        f"<tr><td>{_text(item.name)}<td>{item.value:.3f}<td>{item.low:.3f} to {item.high:.3f}"
        f"<td>{item.n}"
        for item in known
    )
    head = "<tr><th scope=col>measure<th scope=col>value<th scope=col>95 % interval<th scope=col>n"
    return f"<div class=scroll><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>"


def _charts(items: Sequence[Item]) -> Iterator[str]:
    judged = [item for item in items if item.gold.answers or not item.gold.answerable]
    if not judged:
        return
    sure = [item.answer.confidence for item in judged]
    exact = [item.scores.get("exact_match") or 0.0 for item in judged]
    spoken = [item for item in judged if not item.answer.abstained]
    held = [item for item in items if item.gold.answers]
    drawn = {
        "Is confidence honest?": reliability_chart(
            [item.answer.confidence for item in spoken],
            [float((item.scores.get("f1") or 0.0) >= RIGHT) for item in spoken],
        ),
        "What does answering more cost?": coverage_chart(sure, exact),
        "Is the evidence found?": recall_chart(
            held, [first_support(item.gold, item.found) for item in held]
        ),
        "How long does it take?": latency_chart([item.answer.took_ms for item in items]),
    }
    figures_ = "".join(
        f"<figure><figcaption>{name}</figcaption>{chart}</figure>" for name, chart in drawn.items()
    )
    yield f"<h2>Charts</h2><div class=charts>{figures_}</div>"


def _sliced(items: Sequence[Item]) -> Iterator[str]:
    rows = []
    for name, part in slices(items).items():
        cells = []
        for measure in _SLICED:
            marks = [mark for item in part if (mark := item.scores.get(measure)) is not None]
            cells.append(f"{sum(marks) / len(marks):.2f}" if marks else "–")
        rows.append(f"<tr><td>{_text(name)}<td>{len(part)}" + "".join(f"<td>{c}" for c in cells))
    head = "".join(f"<th scope=col>{name}" for name in ("slice", "n", *_SLICED))
    yield (
        "<h2>Slices</h2><div class=scroll><table>"
        f"<thead><tr>{head}</thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _unreviewed(items: Sequence[Item]) -> Iterator[str]:
    drafts = [item for item in items if not item.gold.reviewed]
    if drafts:
        yield f"<h2>Unreviewed gold ({len(drafts)} questions, never gates)</h2>"
        yield _table([item for item in figures(drafts) if item.name in HEADLINE])


def _questions(items: Sequence[Item]) -> Iterator[str]:
    buttons = "".join(
        f"<button type=button data-tag={tag} aria-pressed=false>{label}</button>"
        for tag, label in _FILTERS.items()
    )
    yield f"<h2>Questions</h2><div class=filters role=group aria-label='Show'>{buttons}</div>"
    yield "<p class=soft id=count aria-live=polite></p>"
    for item in items:
        yield _question(item)


def _question(item: Item) -> str:
    why, answer = cause(item), item.answer
    tone = "good" if why == "right" else "bad"
    said = f"“{_text(answer.short)}”" if answer.short else "<span class=soft>no answer</span>"
    wanted = " / ".join(f"“{_text(text)}”" for text in item.gold.answers) or "no answer"
    marks = "".join(
        f"<dt>{_text(name)}</dt><dd>{'not applicable' if value is None else f'{value:.2f}'}</dd>"
        for name, value in item.scores.items()
    )
    steps = "".join(
        f"<dt>{_text(step.name)}</dt><dd>{_text(step.detail)} ({step.took_ms:.0f} ms)</dd>"
        for step in answer.trace
    )
    return (
        f"<details data-tags='{' '.join(tags(item))}'><summary>{_text(item.gold.question)} "
        f"<span class='tag {tone}'>{why}</span></summary>"
        f"<dl><dt>answered</dt><dd>{said}, confidence {answer.confidence:.2f}</dd>"
        f"<dt>accepted</dt><dd>{wanted}</dd><dt>outcome</dt><dd>{CAUSES[why]}</dd></dl>"
        + (f"<p>{_text(answer.reason)}</p>" if answer.abstained else "")
        + "".join(_statement(statement, item) for statement in answer.statements)
        + (_overlooked(item) if why in ("reading", "composing", "abstained") else "")
        + f"<details><summary>Scores</summary><dl>{marks}</dl></details>"
        + f"<details><summary>Trace</summary><dl>{steps}</dl></details></details>"
    )


def _overlooked(item: Item) -> str:
    """The first passage found that holds an accepted answer, with the answer marked."""
    rank = first_support(item.gold, item.found)
    if rank is None:
        return ""
    passage = item.found[rank - 1].passage
    places = [passage.text.lower().find(gold.lower()) for gold in item.gold.answers]
    # An accepted answer may stand there with other punctuation only: then the whole is cited.
    found = [
        passage.cite(passage.start + place, passage.start + place + len(gold))
        for place, gold in zip(places, item.gold.answers, strict=True)
        if place >= 0 and len(passage.text) == len(passage.text.lower())
    ]
    quoted = _quotation(found[0] if found else passage.cite(passage.start, passage.end), item)
    return f"<p class=soft>What it overlooked, at rank {rank} of what was found:</p>{quoted}"


def _statement(statement: Statement, item: Item) -> str:
    cited = "".join(_quotation(citation, item) for citation in statement.citations)
    return f"<p>{_text(statement.text)} <span class=soft>({statement.support})</span></p>{cited}"


def _quotation(citation: Citation, item: Item) -> str:
    """The passage around the citation, with its exact characters marked."""
    day = citation.published.isoformat() if citation.published else "undated"
    where = _text(f"{citation.source or 'unknown source'}, {day}: {citation.title or 'untitled'}")
    if citation in item.unlocated:
        where = "these characters stand nowhere in the library"
    for hit in item.answer.hits:
        passage = hit.passage
        inside = passage.start <= citation.start and citation.end <= passage.end
        if passage.article_id == citation.article_id and inside:
            low, high = citation.start - passage.start, citation.end - passage.start
            before, after = passage.text[:low], passage.text[high:]
            break
    else:
        before = after = ""
    quoted = f"{_text(before)}<mark>{_text(citation.quote)}</mark>{_text(after)}"
    return f"<blockquote><span class=soft>{where}</span>\n{quoted}</blockquote>"


def _text(text: str) -> str:
    return escape(_CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text), quote=True)
