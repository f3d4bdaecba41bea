"""The library as HTML: its articles, its health, and what became of sources taken in."""

from collections.abc import Sequence
from pathlib import Path

from ingest.run import IngestReport, Progress
from ingest.sources import Failure
from qa.index.doctor import Health
from qa.library.store import Summary
from ui.html.markup import article_link, hide_paths, text

__all__ = ["articles_html", "health_html", "intake_html", "matching", "progress_html"]

PAGE = 50


def matching(summaries: Sequence[Summary], words: str) -> list[Summary]:
    """Those whose title, outlet, author, day or id hold every word, in any case."""
    wanted = words.lower().split()
    return [each for each in summaries if all(word in _haystack(each) for word in wanted)]


def articles_html(summaries: Sequence[Summary], page: int, *, editable: bool) -> str:
    """One page, counted from 1, of a listing; with buttons to remove if ``editable``."""
    first = (page - 1) * PAGE
    rows = "".join(_row(each, editable) for each in summaries[first : first + PAGE])
    if not rows:
        return "<p class=soft>No article matches.</p>"
    head = "".join(
        f"<th scope=col>{name}"
        for name in ("Article", "Outlet", "Date", "Language", "Copies", "Passages", "State")
    )
    head += "<th scope=col><span class=hidden>Remove</span>" if editable else ""
    last = min(first + PAGE, len(summaries))
    return (
        f"<p class=soft role=status>{first + 1:,} to {last:,} of {len(summaries):,}</p>"
        f"<table class=articles><thead><tr>{head}</thead><tbody>{rows}</tbody></table>"
    )


def progress_html(progress: Progress, sources: Sequence[str]) -> str:
    """How far an ingest is, in all and with each source."""
    share = progress.done_bytes / progress.total_bytes if progress.total_bytes else None
    value = f" value={min(share, 1):.3f}" if share is not None else ""
    failed = f", {len(progress.failed):,} failed" if progress.failed else ""
    rows = "".join(
        _outcome(source, progress.failed, "read") for source in sources[: progress.sources]
    )
    left = [f"{text(_name(source))}: " for source in sources[progress.sources :]]
    rows += "".join(
        f"<li><span aria-hidden=true>{'○' if number else '…'}</span> {name}"
        f"{'waiting' if number else 'reading'}</li>"
        for number, name in enumerate(left)
    )
    return (
        f"<div class=intake><progress aria-label='Taking in'{value}></progress><p role=status>"
        f"{progress.articles:,} articles, {progress.embedded:,} passages{failed}</p>"
        f"<ul>{rows}</ul></div>"
    )


def intake_html(report: IngestReport, sources: Sequence[str]) -> str:
    """What became of each source: taken in, or why not."""
    rows = "".join(_outcome(source, report.failed, "taken in") for source in sources)
    copies = f", {report.copies:,} of them copies of others" if report.copies else ""
    return (
        "<div class=intake><p role=status>"
        f"{report.added:,} article{'' if report.added == 1 else 's'} added, "
        f"{report.updated:,} updated{copies}, {report.unchanged:,} unchanged"
        f"{f', {len(report.failed):,} failed' if report.failed else ''}.</p>"
        f"<ul>{rows}</ul></div>"
    )


def health_html(health: Health, done: str = "") -> str:
    """How the library is, and what is wrong with it; ``done`` tells what was done to know it."""
    found = "".join(
        f"<li><strong>{text(finding.name)}</strong>: {finding.count:,} "
        f"{text(hide_paths(finding.detail))}</li>"
        for finding in health.findings
    )
    state = (
        "<span class='support verified'><span aria-hidden=true>✓</span> healthy</span>"
        if health.healthy
        else "<span class='support weak'><span aria-hidden=true>◐</span> needs repair</span>"
    )
    return (
        f"<p role=status>{state} {health.articles:,} articles, {health.passages:,} passages, "
        f"{health.vectors:,} vectors{f' <span class=soft>{text(done)}</span>' if done else ''}</p>"
        f"{f'<ul>{found}</ul>' if found else ''}"
    )


def _haystack(summary: Summary) -> str:
    parts = (summary.title, summary.source, summary.author, summary.published, summary.id)
    return " ".join(str(part) for part in parts if part).lower()


def _row(summary: Summary, editable: bool) -> str:
    link = text(article_link(summary.id))
    title = text(summary.title or "Untitled")
    versions = f" <span class=soft>version {summary.version}</span>" if summary.version > 1 else ""
    state = f"{summary.pending:,} waiting" if summary.pending else "ready"
    remove = (
        f'<button type=button class=remove data-article="{text(summary.id)}" '
        f'data-title="{title}" aria-label="Remove {title}">Remove</button>'
    )
    cells = (
        ("Outlet", text(summary.source or "unknown")),
        ("Date", str(summary.published or "undated")),
        ("Language", text(summary.language or "unknown")),
        ("Copies", f"{summary.copies:,}" if summary.copies else "none"),
        ("Passages", f"{summary.passages:,}"),
        ("State", state),
        *((("", remove),) if editable else ()),
    )
    shown = "".join(f'<td data-name="{name}">{value}' for name, value in cells)
    return f'<tr><th scope=row><a class=open href="{link}">{title}</a>{versions}{shown}'


def _outcome(source: str, failed: Sequence[Failure], done: str) -> str:
    """One source; what failed inside it is named by its place there."""
    name = _name(source)
    # An entry is named after its source: a.zip!b.txt, news.jsonl:17, folder/b.txt.
    own = [
        failure
        for failure in failed
        if failure.origin == source or failure.origin.startswith(tuple(source + c for c in "!:/"))
    ]
    if not own:
        return f"<li class=taken><span aria-hidden=true>✓</span> {text(name)}: {done}</li>"
    reasons = "".join(
        f"<li>{text(_part(failure.origin, source) or name)}: "
        f"{text(hide_paths(failure.reason.replace(source, name)))}</li>"
        for failure in own
    )
    whole = any(failure.origin == source for failure in own)
    parts = "1 part of it" if len(own) == 1 else f"{len(own):,} parts of it"
    return (
        f"<li class=failed><span aria-hidden=true>✕</span> {text(name)}: "
        f"{'failed' if whole else f'{done}, but {parts} failed'}<ul>{reasons}</ul></li>"
    )


def _part(origin: str, source: str) -> str:
    """What of a source is meant: an entry by its path, a line by its number."""
    part = origin.removeprefix(source).lstrip("!:/")
    return f"line {part}" if part.isdecimal() else part


def _name(source: str) -> str:
    return source if "://" in source else Path(source).name
