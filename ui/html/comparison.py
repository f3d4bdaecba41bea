"""Two runs side by side as HTML: what changed, by how much, and which questions turned."""

from collections.abc import Sequence

from eval.runs.compare import Change, Comparison, Turned
from ui.html.markup import text

__all__ = ["comparison_html"]

_WIDTH, _HEIGHT = 180, 18


def comparison_html(comparison: Comparison) -> str:
    """A row for each measure with its difference and interval drawn, then the questions."""
    bounds = [abs(end) for change in comparison.changes for end in (change.low, change.high)]
    scale = max(bounds, default=0.0) or 1.0
    rows = "".join(_row(change, scale) for change in comparison.changes)
    head = "".join(
        f"<th scope=col>{name}"
        for name in ("Measure", "base", "new", "difference", "95 % interval", "p", "n")
    )
    return (
        f"<div class=compared><table><thead><tr>{head}</thead><tbody>{rows}</tbody></table>"
        f"{_turned('gained', comparison.gained)}{_turned('lost', comparison.lost)}</div>"
    )


def _row(change: Change, scale: float) -> str:
    return (
        f"<tr><th scope=row>{text(change.name)}<td>{change.base:.3f}<td>{change.new:.3f}"
        f"<td>{change.difference:+.3f}<td>{_drawn(change, scale)} "
        f"{change.low:+.3f} to {change.high:+.3f}<td>{change.p:.3f}<td>{change.n}"
    )


def _drawn(change: Change, scale: float) -> str:
    """The interval as a line, the difference as a dot, no difference in the middle."""

    def at(value: float) -> float:
        return _WIDTH / 2 + value / scale * (_WIDTH / 2 - 6)

    sure = "luck"
    if change.low > 0 or change.high < 0:
        sure = "worse" if change.is_loss else "better"
    middle = _HEIGHT / 2
    return (
        f"<svg class={sure} width={_WIDTH} height={_HEIGHT} aria-hidden=true>"
        f'<line class=zero x1="{_WIDTH / 2}" x2="{_WIDTH / 2}" y1="0" y2="{_HEIGHT}"></line>'
        f'<line x1="{at(change.low):.1f}" x2="{at(change.high):.1f}" y1="{middle}" y2="{middle}">'
        f'</line><circle cx="{at(change.difference):.1f}" cy="{middle}" r="4"></circle></svg>'
    )


def _turned(word: str, items: Sequence[Turned]) -> str:
    if not items:
        return f"<p class=soft>No question was {word}.</p>"
    rows = "".join(
        f"<tr><th scope=row>{text(item.question)}<td>{text(' / '.join(item.answers) or 'none')}"
        f"<td>{text(item.base or 'none')}<td>{text(item.new or 'none')}"
        for item in items
    )
    head = "".join(f"<th scope=col>{name}" for name in ("Question", "accepted", "base", "new"))
    return (
        f"<details open><summary>{len(items)} {word}</summary><table><thead><tr>{head}</thead>"
        f"<tbody>{rows}</tbody></table></details>"
    )
