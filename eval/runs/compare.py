"""Two runs over the same questions: are answers better, worse, or is it the luck of the draw?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.runs.intervals import interval, mean_of
from eval.runs.run import Item, Run
from eval.runs.summary import OVERALL, Overall, Table, cause, table_of
from qa.errors import QAError
from qa.records.serialization import Record

__all__ = ["Change", "Comparison", "NotComparable", "Turned", "compare"]

_DRAWS = 9999
# Of figures that are no means each draw is computed whole; of many questions fewer are drawn.
_EXCHANGES, _FEWEST, _COMPUTED = 1999, 399, 2_000_000
_SAME = 1e-12


class NotComparable(QAError):
    """Two runs whose difference would mean nothing: other gold, library or judge."""


@dataclass(frozen=True, slots=True)
class Change(Record):
    """One measure in both runs, over the ``n`` questions it applies to in both.

    ``difference`` is new minus base, with its 95 % interval; ``p_worse`` is how often a loss this
    large would be seen if the two systems were equally good, one-sided; ``p`` is the same for a
    difference in either direction. A loss is a lower value, or with ``lower_is_better`` a higher.
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
    lower_is_better: bool = False

    @property
    def is_loss(self) -> bool:
        """Whether the new value is worse, by luck or not."""
        return self.difference > 0 if self.lower_is_better else self.difference < 0


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

    def worse(self, names: Sequence[str], alpha: float) -> list[str]:
        """Which of the measures got worse by more than luck explains.

        However many are asked for, luck fails any of them in at most a share ``alpha`` of cases
        (Holm 1979). Raises KeyError for an unknown one.
        """
        known = {change.name: change for change in self.changes}
        asked = sorted((known[name] for name in dict.fromkeys(names)), key=lambda c: c.p_worse)
        found = []
        for left, change in zip(range(len(asked), 0, -1), asked, strict=True):
            if not change.is_loss or change.p_worse >= alpha / left:
                break
            found.append(change.name)
        return found


def compare(base: Run, new: Run, *, seed: int = 0) -> Comparison:
    """Pair the questions of two runs. Unreviewed gold is left out.

    Raises NotComparable when gold, library or judge differ, or a question is missing in one.
    """
    for name in ("gold", "library", "judge"):
        left, right = getattr(base.setting, name), getattr(new.setting, name)
        if left != right:
            asked = f" ({base.setting.questions} and {new.setting.questions} questions)"
            raise NotComparable(
                f"the runs have another {name}{asked if name == 'gold' else ''}: "
                f"{left or 'none'} and {right or 'none'}"
            )
    pairs = _paired(base, new)
    names = list(dict.fromkeys(name for one, _ in pairs for name in one.scores))
    changes = [change for name in names if (change := _change(name, pairs, seed)) is not None]
    changes += _overall(pairs, seed)
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
        number = "1 question stands" if len(missing) == 1 else f"{len(missing):,} questions stand"
        raise NotComparable(f"{number} in one run only: {some}")
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


def _overall(pairs: Sequence[tuple[Item, Item]], seed: int) -> Iterator[Change]:
    """The figures that are no means of one mark for each question."""
    base, new = table_of([one for one, _ in pairs]), table_of([other for _, other in pairs])
    for name, overall in OVERALL.items():
        # Of one that answers nothing there is no calibration to compare with.
        if overall.n(base) and overall.n(new):
            yield _exchanged(name, overall, base, new, seed)


def _exchanged(name: str, overall: Overall, base: Table, new: Table, seed: int) -> Change:
    def difference(drawn: NDArray[np.intp]) -> float:
        return overall.value(new[drawn]) - overall.value(base[drawn])

    n = len(base)
    low, high = interval(difference, n, seed=seed)
    p, p_worse = exchange(overall, base, new, seed=seed)
    return Change(
        name,
        base=overall.value(base),
        new=overall.value(new),
        difference=difference(np.arange(n)),
        low=low,
        high=high,
        p=p,
        p_worse=p_worse,
        n=min(overall.n(base), overall.n(new)),
        lower_is_better=overall.lower_is_better,
    )


def exchange(
    overall: Overall, base: Table, new: Table, *, seed: int = 0, draws: int | None = None
) -> tuple[float, float]:
    """p-values, two-sided and for a loss, of the paired permutation test of a figure.

    Under the hypothesis that the two systems are equally good, the two answers to any question
    could as well be exchanged. What was observed counts as one of the draws.
    """
    if draws is None:
        draws = max(_FEWEST, min(_EXCHANGES, _COMPUTED // len(base)))
    turned = np.random.default_rng(seed).random((draws, len(base))) < 0.5
    luck = np.array(
        [
            overall.value(np.where(turn, base, new)) - overall.value(np.where(turn, new, base))
            for turn in turned
        ]
    )
    seen = overall.value(new) - overall.value(base)
    worse = luck >= seen - _SAME if overall.lower_is_better else luck <= seen + _SAME
    extreme = np.abs(luck) >= abs(seen) - _SAME
    return float(1 + extreme.sum()) / (draws + 1), float(1 + worse.sum()) / (draws + 1)


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
