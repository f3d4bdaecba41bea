"""Statements in the order of their days, each with its day in front. Knows records alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from qa.records.answer import Statement

__all__ = ["bare_text", "timeline"]

_UNDATED_LABEL = "undated"


def timeline(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements by the day of publication of what they cite first, undated ones last, their
    order otherwise kept, with that day or "undated" in front of their text.

    It says what ``verify`` made of them, so it comes after it.
    """
    statement_order = sorted(statements, key=lambda statement: _day(statement) or date.max)
    return tuple(
        replace(statement, text=f"{_label(statement)}{statement.text}")
        for statement in statement_order
    )


def bare_text(statement: Statement) -> str:
    """What the statement says, without the day that a timeline put in front of it."""
    return statement.text.removeprefix(_label(statement))


def _label(statement: Statement) -> str:
    return f"{_day(statement) or _UNDATED_LABEL}: "


def _day(statement: Statement) -> date | None:
    return next(
        (citation.published for citation in statement.citations if citation.published), None
    )
