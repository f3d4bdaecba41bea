"""A chart of the collection: articles a week and outlet. The only module that knows plotly."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from qa.library.store import Summary
from ui.locales.wording import gettext as _

__all__ = ["coverage_chart"]

# Told apart by people who see colours differently (Okabe and Ito 2008), and on light and dark.
_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8f8f8f")

# The most articles a week of which each has a line of its own.
_FEW = 5


def coverage_chart(summaries: Sequence[Summary]) -> Any:
    """A plotly figure, stacked bars of the outlets with most articles; None without dates."""
    dated = [each for each in summaries if each.published]
    if not dated:
        return None
    import plotly.graph_objects as go

    outlets = [name for name, _ in Counter(each.source for each in dated).most_common()]
    named = outlets[: len(_COLOURS) - 1]
    weeks: dict[str, Counter[str]] = {name or _("unknown"): Counter() for name in named}
    for each in dated:
        name = (each.source or _("unknown")) if each.source in named else _("all others")
        assert each.published
        monday = each.published - timedelta(days=each.published.weekday())
        weeks.setdefault(name, Counter())[monday.isoformat()] += 1
    most = max(sum(weeks.values(), Counter()).values())
    bars = [
        go.Bar(
            name=_plain(name),
            x=sorted(counted),
            y=[counted[week] for week in sorted(counted)],
            marker={"color": colour, "line": {"width": 0}},
            width=7 * 24 * 3600 * 1000,
        )
        for (name, counted), colour in zip(weeks.items(), _COLOURS, strict=False)
    ]
    chart = go.Figure(bars)
    chart.update_layout(
        barmode="stack",
        title=_("Articles a week"),
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": "#8a8a8a", "family": "system-ui"},
        margin={"l": 40, "r": 10, "t": 40, "b": 30},
        height=300,
        yaxis={
            "gridcolor": "rgba(128,128,128,0.25)",
            "rangemode": "tozero",
            # Articles are whole: of a few a week plotly would mark fifths.
            "tickformat": "d",
            "dtick": 1 if most <= _FEW else None,
        },
        xaxis={"type": "date"},
        # Two columns on a phone, one row on a wide screen.
        legend={
            "orientation": "h",
            "traceorder": "normal",
            "entrywidth": 108,
            "font": {"size": 10},
            "itemwidth": 30,
        },
    )
    return chart


def _plain(name: str) -> str:
    """Plotly reads a little HTML in names, links among it."""
    return name.replace("&", "&amp;").replace("<", "&lt;")
