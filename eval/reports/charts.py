"""Charts as SVG text, to stand inside a page. Text stays text; colours work on light and dark."""

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.metrics.confidence import reliability
from eval.runs.run import Item
from eval.runs.wording import Say, english

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

__all__ = [
    "coverage_chart",
    "latency_chart",
    "points_chart",
    "recall_chart",
    "reliability_chart",
]

_INK, _LINE, _AREA = "#7a7f87", "#3b78c9", "#3b78c955"


def reliability_chart(sure: Sequence[float], right: Sequence[float], _: Say = english) -> str:
    """How often answers were right at each confidence; on the diagonal it means what it says."""

    def draw(axes: "Axes") -> None:
        axes.plot([0, 1], [0, 1], color=_INK, linewidth=1, linestyle=":")
        table = reliability(sure, right)
        places, shares, counts = zip(*table, strict=True) if table else ((), (), ())
        axes.plot(places, shares, color=_LINE, marker="o")
        for place, share, count in zip(places, shares, counts, strict=True):
            axes.annotate(str(count), (place, share), (0, 6), textcoords="offset points",
                          ha="center", color=_INK, fontsize=8)  # fmt: skip
        axes.set(xlim=(0, 1), ylim=(0, 1.05), xlabel=_("confidence"), ylabel=_("share right"))

    return _svg(draw, _("Reliability diagram: share of right answers at each confidence"))


def coverage_chart(sure: Sequence[float], right: Sequence[float], _: Say = english) -> str:
    """The share of wrong answers when only the surest part of the questions is answered."""

    def draw(axes: "Axes") -> None:
        order = np.argsort(-np.asarray(sure), kind="stable")
        marks = np.asarray(right, float)[order]
        covered = np.arange(1, len(marks) + 1)
        axes.plot(covered / len(marks), 1 - np.cumsum(marks) / covered, color=_LINE)
        axes.set(xlim=(0, 1), ylim=(0, 1), xlabel=_("questions answered"), ylabel=_("share wrong"))

    return _svg(draw, _("Risk-coverage curve: share of wrong answers against share answered"))


def latency_chart(took: Sequence[float], _: Say = english) -> str:
    """How long answers took, in milliseconds."""

    def draw(axes: "Axes") -> None:
        axes.hist(took, bins=30, color=_AREA, edgecolor=_LINE)
        axes.axvline(float(np.median(took)), color=_INK, linewidth=1, linestyle=":")
        axes.set(xlabel=_("milliseconds (the dotted line is the median)"), ylabel=_("questions"))
        _count_on(axes.yaxis)

    return _svg(draw, _("Histogram of the time an answer took"))


def recall_chart(items: Sequence[Item], ranks: Sequence[int | None], _: Say = english) -> str:
    """For how many questions a supporting passage is among the first k found."""

    def draw(axes: "Axes") -> None:
        deepest = max((len(item.answer.hits) for item in items), default=1) or 1
        ks = np.arange(1, deepest + 1)
        found = [np.mean([rank is not None and rank <= k for rank in ranks]) for k in ks]
        axes.step(ks, found, color=_LINE, where="post")
        axes.set(
            xlim=(1, max(2, deepest)), ylim=(0, 1.05), xlabel=_("k passages"), ylabel=_("questions")
        )
        _count_on(axes.xaxis)

    return _svg(draw, _("Share of questions with a supporting passage among the first k"))


def _count_on(axis: "Axis") -> None:
    """Have nothing but whole numbers on an axis: half a question is none."""
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins="auto", integer=True, min_n_ticks=1))


def _svg(draw: Callable[["Axes"], None], title: str) -> str:
    # Figures of our own, not pyplot's: nothing global changes and no display is looked for.
    from matplotlib import rc_context, rcdefaults, rcParams
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    style: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "article-qa", "font.size": 9}
    with rc_context():
        # A `matplotlibrc` in the current folder has no say; it could have TeX run.
        rcdefaults()
        rcParams.update(style)
        figure = Figure(figsize=(4.2, 2.8), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        draw(axes)
        for spine in axes.spines.values():
            spine.set_color(_INK)
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(colors=_INK)
        axes.xaxis.label.set_color(_INK)
        axes.yaxis.label.set_color(_INK)
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Title": title})
    text = out.getvalue()
    # The declaration of a file of its own has no place inside a page.
    return text[text.index("<svg") :].replace("<svg ", f'<svg role="img" aria-label="{title}" ', 1)


def points_chart(names: Sequence[str], figures: Sequence[tuple[float, float, float]]) -> str:
    """One figure with its interval for each setting of a sweep."""

    def draw(axes: "Axes") -> None:
        values = np.array(figures, dtype=float).reshape(-1, 3)
        spread = np.abs(values[:, [1, 2]] - values[:, [0]]).T
        places = np.arange(len(names))
        axes.errorbar(values[:, 0], places, xerr=spread, color=_LINE, fmt="o", capsize=3)
        axes.set(yticks=places, yticklabels=list(names), xlim=(0, 1))
        axes.invert_yaxis()

    return _svg(draw, "A figure with its interval for each setting")
