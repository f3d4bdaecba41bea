"""What a setting takes, in words. Knows no setting by name."""

from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

__all__ = ["value_range"]

_NUMBERS: dict[Any, str] = {int: "a whole number", float: "a number"}


def value_range(field: FieldInfo) -> str:
    """What a field takes, with its limits and what it is for.

    >>> from pydantic import Field
    >>> value_range(FieldInfo.from_annotated_attribute(int, Field(ge=1, le=9, description="hits")))
    'a whole number from 1 to 9 (hits)'
    """
    kinds = get_args(field.annotation) or (field.annotation,)
    if get_origin(field.annotation) is Literal:
        return f"{' or '.join(map(repr, kinds))} ({field.description})"
    for kind, words in _NUMBERS.items():
        if kind in kinds:
            return f"{words}{_limits(field)} ({field.description})"
    return str(field.description)


def _limits(field: FieldInfo) -> str:
    limits = {
        name: f"{limit:,}"
        for each in field.metadata
        for name in ("ge", "gt", "le")
        if (limit := getattr(each, name, None)) is not None
    }
    match limits:
        case {"ge": minimum, "le": maximum}:
            return f" from {minimum} to {maximum}"
        case {"gt": minimum, "le": maximum}:
            return f" above {minimum} and up to {maximum}"
        case {"ge": minimum}:
            return f" of at least {minimum}"
    return ""
