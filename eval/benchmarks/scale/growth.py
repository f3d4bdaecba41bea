"""Figures of several sizes as a table, with how each grows. Knows no library."""

import math
from collections.abc import Mapping, Sequence

__all__ = ["exponent", "table"]

Figures = Mapping[str, float]

# What is shown: its title, how it is written, whether its growth means something.
_ROWS = {
    "passages": ("passages", "{:,.0f}", False),
    "articles": ("articles", "{:,.0f}", False),
    "rate": ("taken in, passages a second", "{:,.0f}", True),
    "cpu_rate": ("taken in, passages a processor second", "{:,.0f}", True),
    "ingest_mb": ("peak memory, ingest, MB", "{:,.0f}", True),
    "ask_mb": ("peak memory, asking, MB", "{:,.0f}", True),
    "library_mb": ("database, MB", "{:,.0f}", True),
    "words_mb": ("index of words, MB", "{:,.0f}", True),
    "chroma_mb": ("index of vectors, MB", "{:,.0f}", True),
    "cold_s": ("cold start to the first hits, s", "{:.1f}", True),
    "search_ms": ("search, median, ms", "{:.0f}", True),
    "search_p95_ms": ("search, 95th percentile, ms", "{:.0f}", True),
    "search_cpu_ms": ("search, median of processor ms", "{:.0f}", True),
    "ask_ms": ("answer, median, ms", "{:.0f}", True),
    "ask_p95_ms": ("answer, 95th percentile, ms", "{:.0f}", True),
    "ask_cpu_ms": ("answer, median of processor ms", "{:.0f}", True),
    "recall@1": ("planted passage first", "{:.3f}", False),
    "recall@5": ("in the top 5", "{:.3f}", False),
    "recall@20": ("in the top 20", "{:.3f}", False),
    "right": ("planted fact answered", "{:.3f}", False),
}


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float | None:
    """The slope of the logarithm of values over that of sizes, by least squares; None for fewer
    than two sizes or a value that is not positive.

    >>> exponent([10, 100, 1000], [3, 30, 300])
    1.0
    """
    if len(set(sizes)) < 2 or min(*sizes, *values) <= 0:
        return None
    x, y = ([math.log(each) for each in column] for column in (sizes, values))
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    slope = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / sum(
        (a - mean_x) ** 2 for a in x
    )
    return round(slope, 3) + 0.0


def table(levels: Sequence[Figures]) -> str:
    """The figures of each size as a column of a Markdown table, and their exponents."""
    levels = [_with_rates(level) for level in levels]
    sizes = [level["passages"] for level in levels]
    lines = [f"| |{' |' * len(levels)} exponent |", f"|---{'|--:' * (len(levels) + 1)}|"]
    for name, (title, form, grows) in _ROWS.items():
        if not all(name in level for level in levels):
            continue
        values = [level[name] for level in levels]
        slope = exponent(sizes, values) if grows else None
        shown = " | ".join(form.format(value) for value in values)
        lines.append(f"| {title} | {shown} | {'' if slope is None else f'{slope:.2f}'} |")
    return "\n".join(lines)


def _with_rates(level: Figures) -> Figures:
    added = level.get("added", 0.0)
    return {
        **level,
        "rate": added / level["ingest_s"],
        "cpu_rate": added / level["ingest_cpu_s"],
    }
