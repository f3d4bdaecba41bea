"""Two runs side by side as HTML: what changed, by how much, and which questions turned.

The markup is in ``templates/comparison.jinja``.
"""

from eval.runs.compare import Change, Comparison
from qa.runtime.templates import macros
from ui.locales.wording import TEMPLATE_WORDS

__all__ = ["comparison_html"]

# Half the width of the drawing, and how much of it an interval may take.
_MIDDLE, _REACH = 90, 84


def comparison_html(comparison: Comparison) -> str:
    """A row for each measure with its difference and interval drawn, then the questions."""
    bounds = [abs(end) for change in comparison.changes for end in (change.low, change.high)]
    return str(_MACROS["comparison"](comparison, max(bounds, default=0.0) or 1.0))


def _certainty(change: Change) -> str:
    if change.low > 0 or change.high < 0:
        return "worse" if change.is_loss else "better"
    return "luck"


def _at(value: float, scale: float) -> str:
    return f"{_MIDDLE + value / scale * _REACH:.1f}"


_MACROS = macros("ui.html", "comparison", **TEMPLATE_WORDS, at=_at, certainty=_certainty)
