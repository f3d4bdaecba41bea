"""A small grid of settings, tuned on one half of the gold and confirmed on the other."""

import itertools
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from eval.gold.questions import Gold, fingerprint
from eval.metrics.judges import Judge
from eval.metrics.registry import MEASURES
from eval.runs.compare import Change, compare
from eval.runs.run import Ask, Run, Setting, run
from eval.runs.summary import OVERALL, Figure, figures
from qa.library.store import Library
from qa.records.serialization import Record

__all__ = ["Arrange", "Point", "Sweep", "halves", "parse_grid", "sweep", "sweep_markdown"]

Values = Mapping[str, str]
Arrange = Callable[[Values], AbstractContextManager[tuple[Ask, Library | None]]]
"""Opens a system with these settings, ready to be asked, and the library that answers."""

KNOBS: dict[str, tuple[int, int]] = {"split.size": (200, 4000), "retrieve.k": (1, 200)}


@dataclass(frozen=True, slots=True)
class Point(Record):
    """One setting of the grid with its figure on the half that is tuned on."""

    values: Values
    figure: Figure

    @property
    def name(self) -> str:
        """The settings in one line."""
        return " ".join(f"{knob}={value}" for knob, value in self.values.items())


@dataclass(frozen=True, slots=True)
class Sweep(Record):
    """All points in the order of the grid; the best of them, and what the other half says of it
    against the first: None when the first is the best.
    """

    measure: str
    points: tuple[Point, ...]
    best: Point
    confirmed: Change | None


def parse_grid(settings: Sequence[str]) -> dict[str, list[str]]:
    """``["split.size=600,800"]`` as ``{"split.size": ["600", "800"]}``.

    Raises ValueError for a knob that is not known, and a value that it cannot have.

    >>> parse_grid(["split.size=600,800", "retrieve.k=10"])
    {'split.size': ['600', '800'], 'retrieve.k': ['10']}
    """
    grid: dict[str, list[str]] = {}
    for setting in settings:
        name, sign, values = setting.partition("=")
        if not sign or name not in KNOBS:
            raise ValueError(
                f"unknown setting {setting!r}; choose from {', '.join(KNOBS)}, with values, as in "
                "split.size=600,800"
            )
        low, high = KNOBS[name]
        grid[name] = [value.strip() for value in values.split(",")]
        for value in grid[name]:
            if not value.isdecimal() or not low <= int(value) <= high:
                raise ValueError(
                    f"setting {setting!r}: {value!r} is not a number from {low} to {high}"
                )
    if not grid:
        raise ValueError("nothing to sweep; give settings with values, as in split.size=600,800")
    return grid


def halves(gold: Sequence[Gold], seed: int) -> tuple[list[Gold], list[Gold]]:
    """The gold in two halves drawn once, each in the order of the gold; unreviewed gold is out."""
    reviewed = [item for item in gold if item.reviewed]
    drawn = set(random.Random(seed).sample(range(len(reviewed)), (len(reviewed) + 1) // 2))
    return (
        [item for number, item in enumerate(reviewed) if number in drawn],
        [item for number, item in enumerate(reviewed) if number not in drawn],
    )


def sweep(
    gold: Sequence[Gold],
    grid: Mapping[str, Sequence[str]],
    arrange: Arrange,
    judge: Judge,
    setting: Setting,
    folder: Path,
    *,
    measure: str = "f1",
    seed: int = 0,
    on_progress: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> Sweep:
    """Measure every point on one half; then the first and the best on the other.

    The runs are kept in ``folder``; a sweep that was killed goes on. Raises ValueError when the
    measure is unknown or applies to no question, or there are too few to halve.
    """
    known = {*MEASURES, *OVERALL}
    if measure not in known:
        raise ValueError(f"no measure {measure!r}; choose from: {', '.join(sorted(known))}")
    tuned, kept = halves(gold, seed)
    if not tuned or not kept:
        raise ValueError(f"{len(gold)} questions cannot be halved")
    folder.mkdir(parents=True, exist_ok=True)

    def measured(values: Values, part: Sequence[Gold], half: str) -> Run:
        name = " ".join(f"{knob}={value}" for knob, value in values.items())
        made = replace(
            setting,
            gold=fingerprint([*part]),
            questions=len(part),
            seed=seed,
            options={**setting.options, **values},
        )
        with arrange(values) as (ask, library):
            return run(
                part,
                ask,
                judge,
                made,
                folder / f"{name.replace(' ', '_')}.{half}.json",
                library=library,
                on_progress=lambda done, total: on_progress(f"{name}, {half}", done, total),
            )

    points = []
    for combination in itertools.product(*grid.values()):
        values = dict(zip(grid, combination, strict=True))
        found = [
            figure
            for figure in figures(measured(values, tuned, "tuned").items)
            if figure.name == measure
        ]
        if not found:
            raise ValueError(f"the measure {measure!r} applies to no question")
        points.append(Point(values, found[0]))
    lower = measure in OVERALL and OVERALL[measure].lower_is_better
    best = (min if lower else max)(points, key=lambda point: point.figure.value)
    confirmed = None
    if best is not points[0]:
        base, new = (measured(point.values, kept, "kept") for point in (points[0], best))
        changes = compare(base, new, seed=seed).changes
        confirmed = next((change for change in changes if change.name == measure), None)
    return Sweep(measure, tuple(points), best, confirmed)


def sweep_markdown(made: Sweep) -> str:
    """The grid as a table, and in one sentence whether the best holds on the other half."""
    rows = [
        f"| {point.name}{' **best**' if point is made.best else ''} | {point.figure.value:.3f} "
        f"| {point.figure.low:.3f} to {point.figure.high:.3f} | {point.figure.n} |"
        for point in made.points
    ]
    table = [f"| setting | {made.measure} | 95 % interval | n |", "|---|---|---|---|", *rows, ""]
    if made.confirmed is None:
        return "\n".join([*table, "The first setting is the best; there is nothing to confirm."])
    found = made.confirmed
    gain = found.high < 0 if found.lower_is_better else found.low > 0
    holds = "holds" if gain else "is not confirmed"
    return "\n".join(
        [
            *table,
            f"On the other half the best against the first: {found.difference:+.3f} "
            f"({found.low:+.3f} to {found.high:+.3f}, p = {found.p:.3f}, n = {found.n}); "
            f"the gain {holds}.",
        ]
    )
