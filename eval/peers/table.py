"""What was measured of ours and the others, as a Markdown table."""

import statistics
from collections.abc import Callable, Mapping, Sequence

from eval.peers.measure import Cost
from eval.runs.run import Run
from eval.runs.summary import Figure, figures

__all__ = ["peers_markdown"]

_FIGURES = {
    "exact_match": "exact match of `short`",
    "f1": "token F1 of `short`",
    "contains": "an accepted answer in `text`",
    "abstention F1": "abstention F1",
    "accuracy-coverage area": "accuracy-coverage area",
    "passage:Success@1": "supporting passage first",
    "passage:Success@5": "in the top 5",
    "passage:Success@20": "in the top 20",
    "passage:Success@6000 characters": "in the first 6,000 characters",
}
_COSTS: dict[str, tuple[Callable[[Cost], float], str]] = {
    "ingest": (lambda cost: cost.seconds, "s"),
    "index": (lambda cost: cost.index, "MB"),
    "peak memory, ingest": (lambda cost: cost.ingest_memory, "MB"),
    "peak memory, asking": (lambda cost: cost.ask_memory, "MB"),
    "a question, median": (lambda cost: statistics.median(cost.milliseconds), "ms"),
    "a question, 95th percentile": (
        lambda cost: sorted(cost.milliseconds)[int(0.95 * len(cost.milliseconds))],
        "ms",
    ),
}


def peers_markdown(
    runs: Mapping[str, Run],
    costs: Mapping[str, Sequence[Cost]],
    missing: Mapping[str, str],
) -> str:
    """A column for each system, the first being the one that the others are compared with.

    Figures carry 95 % intervals; costs are medians over the rounds, and of the others the ratio
    to the first in the same round, with the least and the most. ``missing`` tells why one that
    should be here is not.
    """
    columns = {name: {item.name: item for item in figures(run.items)} for name, run in runs.items()}
    first = next(iter(runs))
    lines = [
        f"| | {' | '.join(columns)} |",
        "|---" * (len(columns) + 1) + "|",
        *(
            f"| {label} | {' | '.join(_figure(known.get(name)) for known in columns.values())} |"
            for name, label in _FIGURES.items()
        ),
    ]
    for label, (value, unit) in _COSTS.items():
        base = [value(cost) for cost in costs[first]]
        cells = []
        for name in columns:
            found = [value(cost) for cost in costs[name]]
            cell = f"{statistics.median(found):,.0f} {unit}"
            if name != first:
                ratios = sorted(their / our for their, our in zip(found, base, strict=True))
                cell += f" (x {statistics.median(ratios):.2g}"
                cell += f", {ratios[0]:.2g} to {ratios[-1]:.2g})" if len(ratios) > 1 else ")"
            cells.append(cell)
        lines.append(f"| {label} | {' | '.join(cells)} |")
    lines += ["", *(f"{name} is missing: {reason}" for name, reason in missing.items())]
    return "\n".join(lines).strip() + "\n"


def _figure(known: Figure | None) -> str:
    return f"{known.value:.3f} ({known.low:.2f} to {known.high:.2f})" if known else "-"
