"""Which questions of a gold set are asked: those that meet some conditions, or a random sample."""

import random
from collections.abc import Callable, Sequence

from eval.gold.questions import Gold

__all__ = ["select_questions"]

_FIELDS: dict[str, Callable[[Gold], str]] = {
    "kind": lambda gold: gold.kind,
    "answerable": lambda gold: str(gold.answerable),
    "reviewed": lambda gold: str(gold.reviewed),
    "year": lambda gold: str(gold.as_of.year) if gold.as_of else "",
    "id": lambda gold: gold.id,
}


def select_questions(
    gold: Sequence[Gold],
    conditions: Sequence[str] = (),
    *,
    sample: int | None = None,
    seed: int = 0,
) -> list[Gold]:
    """The questions that meet every condition, in the order of the gold; of these at most
    ``sample``, drawn with the seed (None: all of them).

    A condition is a field, "=" and its value in any case: ``kind=number``, ``answerable=false``,
    ``reviewed=true``, ``year=2021`` (of the day the question is asked), ``id=q1``. Raises
    ValueError for another condition, and when no question is left.

    >>> gold = [Gold("q1", "Who won?", ("Ada",), kind="name"), Gold("q2", "Who lost?", ())]
    >>> [question.id for question in select_questions(gold, ["answerable=false"])]
    ['q2']
    """
    selected = list(gold)
    for condition in conditions:
        name, sign, value = condition.partition("=")
        if not sign or name not in _FIELDS:
            raise ValueError(
                f"unknown condition {condition!r}; expected FIELD=VALUE, where FIELD is one of "
                f"{', '.join(_FIELDS)}"
            )
        field_of = _FIELDS[name]
        selected = [item for item in selected if field_of(item).lower() == value.lower()]
    if not selected:
        raise ValueError(f"no question meets the conditions {' '.join(conditions)}".rstrip())
    if sample is None or sample >= len(selected):
        return selected
    sampled = set(random.Random(seed).sample(range(len(selected)), sample))
    return [item for number, item in enumerate(selected) if number in sampled]
