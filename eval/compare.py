"""Two runs over the same questions: are answers better, worse, or is it the luck of the draw?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.intervals import interval, mean_of
from eval.run import Item, Run
from eval.summary import cause
from qa.errors import QAError
from qa.jsonable import Record

__all__ = ["Change", "Comparison", "NotComparable", "Turned", "compare"]

_DRAWS = 9999


class NotComparable(QAError):
    """Two runs whose difference would mean nothing: other gold, library or judge."""


@dataclass(frozen=True, slots=True)
class Change(Record):
    """One measure in both runs, over the ``n`` questions it applies to in both.

    ``difference`` is new minus base, with its 95 % interval; ``p_worse`` is how often a loss this
    large would be seen if the two systems were equally good, one-sided; ``p`` is the same for a
    difference in either direction.
    """

    name: str
    base: float
    new: float
    difference: float
    low: float
    high: float
    p: float
    p_worse: float
    n: int


@dataclass(frozen=True, slots=True)
class Turned(Record):
    """A question that came out right in one run only, with both short answers, empty for none."""

    id: str
    question: str
    answers: tuple[str, ...]
    base: str
    new: str


@dataclass(frozen=True, slots=True)
class Comparison(Record):
    """Every measure, and the questions that were gained and lost: answered exactly, or rightly
    not answered, in the one run and not in the other.
    """

    changes: tuple[Change, ...]
    gained: tuple[Turned, ...]
    lost: tuple[Turned, ...]

    def worse(self, name: str, alpha: float) -> bool:
        """Whether a measure got worse by more than luck explains. Raises KeyError if unknown."""
        found = {change.name: change for change in self.changes}[name]
        return found.difference < 0 and found.p_worse < alpha


def compare(base: Run, new: Run, *, seed: int = 0) -> Comparison:
    """Pair the questions of two runs. Unreviewed gold is left out.

    Raises NotComparable when gold, library or judge differ, or a question is missing in one.
    """
    for name in ("gold", "library", "judge"):
        left, right = getattr(base.setting, name), getattr(new.setting, name)
        if left != right:
            raise NotComparable(
                f"the runs have another {name}: {left or 'none'} and {right or 'none'}"
            )
    pairs = _paired(base, new)
    names = list(dict.fromkeys(name for one, _ in pairs for name in one.scores))
    changes = [change for name in names if (change := _change(name, pairs, seed)) is not None]
    right = [(cause(one) == "right", cause(other) == "right") for one, other in pairs]
    turned = [
        Turned(
            one.gold.id, one.gold.question, one.gold.answers, one.answer.short, other.answer.short
        )
        for one, other in pairs
    ]
    both = list(zip(turned, right, strict=True))
    return Comparison(
        tuple(changes),
        gained=tuple(item for item, (before, after) in both if after > before),
        lost=tuple(item for item, (before, after) in both if after < before),
    )


def _paired(base: Run, new: Run) -> list[tuple[Item, Item]]:
    before = {item.gold.id: item for item in base.items}
    after = {item.gold.id: item for item in new.items}
    if missing := sorted(before.keys() ^ after.keys()):
        some = ", ".join(missing[:3])
        raise NotComparable(f"{len(missing)} questions stand in one run only: {some}")
    return [(item, after[id_]) for id_, item in before.items() if item.gold.reviewed]


def _change(name: str, pairs: Sequence[tuple[Item, Item]], seed: int) -> Change | None:
    known = [
        (before, after)
        for one, other in pairs
        if (before := one.scores.get(name)) is not None
        and (after := other.scores.get(name)) is not None
    ]
    if not known:
        return None
    marks = np.array(known, dtype=float)
    differences = marks[:, 1] - marks[:, 0]
    low, high = interval(mean_of(differences), len(differences), seed=seed)
    p, p_worse = sign_flip(differences, seed=seed)
    return Change(
        name,
        base=float(marks[:, 0].mean()),
        new=float(marks[:, 1].mean()),
        difference=float(differences.mean()),
        low=low,
        high=high,
        p=p,
        p_worse=p_worse,
        n=len(differences),
    )


def sign_flip(
    differences: np.ndarray, *, seed: int = 0, draws: int = _DRAWS
) -> tuple[float, float]:
    """p-values, two-sided and for a loss, of the paired permutation test.

    Under the hypothesis that the two systems are equally good each difference could as well have
    the other sign (Fisher 1935; Dror et al. 2018 recommend it for such measures). The observed
    assignment counts as one of the draws, so that p is never 0.
    """
    from scipy import stats

    if not differences.any():
        return 1.0, 1.0
    if len(differences) == 1:  # of the two signs, one is as bad as a loss
        return 1.0, 0.5 if differences[0] < 0 else 1.0

    def test(alternative: str) -> float:
        found = stats.permutation_test(
            (differences,),
            np.mean,
            permutation_type="samples",
            n_resamples=draws,
            alternative=alternative,
            vectorized=True,
            rng=np.random.default_rng(seed),
        )
        return float(found.pvalue)

    return test("two-sided"), test("less")
