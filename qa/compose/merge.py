"""The answers to the parts of a question as one answer. Knows nothing of how they came about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import reduce
from math import prod

from qa.compose.event_days import days_meant
from qa.language.cleaning import one_line
from qa.language.equivalence import disagree, same
from qa.language.lexicon import SCALES, UNIT_SPELLINGS, alternatives
from qa.language.numerals import values
from qa.records.answer import Answer, Hit, Statement
from qa.records.article import Citation
from qa.records.clauses import clause, english, verbatim
from qa.records.question import Plan
from qa.records.trace import Step, Usage

__all__ = ["join"]

# In words: what is longer is a sentence, not a number.
_LONGEST = 8
# What a bare number is most often of; another word behind it may be anything.
_UNIT = re.compile(
    rf"\s?((?:US )?(?:{alternatives(UNIT_SPELLINGS)})|per cent)(?!\w)", re.IGNORECASE
)
_SCALES = ((1e9, "billion"), (1e6, "million"))


def join(question: str, plan: Plan, answers: Sequence[Answer]) -> Answer:
    """One answer: the statements of each part in order, then what a comparison comes to.

    ``short`` is what was compared for, empty where one side is not known, else the short answers
    joined by semicolons; a part that has none is named in ``reason``. ``confidence`` is that every
    answer given is right. The hits are those of all parts in turn, scored by the inverse of their
    rank.
    """
    given_answers = [answer for answer in answers if not answer.abstained]
    part_questions = [answer.question for answer in answers]
    if plan.relation == "agreement":
        part_questions = [
            f"{part} ({outlet})" for part, outlet in zip(part_questions, plan.labels, strict=True)
        ]
    open_parts = tuple(
        each
        for part, answer in zip(part_questions, answers, strict=True)
        if answer.abstained
        for each in (
            clause("Not answered: “%(question)s”", question=part),
            *(answer.reason_clauses or (verbatim(answer.reason),)),
        )
    )
    short = "; ".join(dict.fromkeys(answer.short for answer in given_answers if answer.short))
    conclusion: Statement | None = None
    if len(given_answers) == len(answers):
        short, conclusion = _conclusion(plan, answers) or (short, None)
    elif plan.relation != "each":
        short = ""
    statements: dict[str, Statement] = {}
    for answer in given_answers:
        for statement in answer.statements:
            statements.setdefault(statement.text, statement)
    return Answer(
        question=question,
        short=short,
        statements=(*statements.values(), *([conclusion] if conclusion else [])),
        hits=tuple(_hits(answers)),
        confidence=prod(answer.confidence for answer in given_answers) if given_answers else 0.0,
        abstained=not given_answers,
        reason=english(open_parts),
        reason_clauses=open_parts,
        conflicts=tuple(
            dict.fromkeys(conflict for answer in given_answers for conflict in answer.conflicts)
        ),
        trace=tuple(_steps(part_questions, answers)),
        took_ms=sum(answer.took_ms for answer in answers),
        window=next((answer.window for answer in answers if answer.window), None),
        usage=reduce(Usage.plus, (answer.usage for answer in answers), Usage()),
    )


def _hits(answers: Sequence[Answer]) -> list[Hit]:
    """The best of each part, then the second of each, and so on; every passage once."""
    merged_hits: dict[tuple[str, int, int], Hit] = {}
    longest = max((len(answer.hits) for answer in answers), default=0)
    for rank in range(longest):
        for answer in answers:
            for hit in answer.hits[rank : rank + 1]:
                key = (hit.passage.article_id, hit.passage.start, hit.passage.end)
                merged_hits.setdefault(key, replace(hit, score=1 / (rank + 1)))
    return list(merged_hits.values())


def _steps(part_questions: Sequence[str], answers: Sequence[Answer]) -> Iterator[Step]:
    for number, (part, answer) in enumerate(zip(part_questions, answers, strict=True), start=1):
        yield Step(f"part {number}", part, answer.took_ms)
        yield from answer.trace


def _conclusion(plan: Plan, answers: Sequence[Answer]) -> tuple[str, Statement] | None:
    """What the answers come to together: the short answer and its statement; None if nothing."""
    if plan.relation == "each" or len(answers) != 2 or not all(each.short for each in answers):
        return None
    if plan.relation == "agreement":
        result = _agreement(plan, answers)
    elif plan.relation in ("more", "less", "difference"):
        result = _numbers(plan, answers)
    else:
        result = _order(plan, answers)
    if not result:
        return None
    short, text = result
    citations = dict.fromkeys(citation for answer in answers for citation in _first(answer))
    # Worked out from what is quoted, not quoted itself.
    return short, Statement(text, tuple(citations), "weak")


def _first(answer: Answer) -> tuple[Citation, ...]:
    """The citations of the statement that holds the short answer."""
    holding = [
        statement
        for statement in answer.statements
        if any(answer.short in one_line(citation.quote) for citation in statement.citations)
    ]
    return (holding or list(answer.statements))[0].citations[:1]


def _agreement(plan: Plan, answers: Sequence[Answer]) -> tuple[str, str] | None:
    one, other = (answer.short for answer in answers)
    sides = [
        f"“{answer.short}” ({outlet})" for answer, outlet in zip(answers, plan.labels, strict=True)
    ]
    if disagree(one, other):
        return "No", f"No, they do not agree: {sides[0]} against {sides[1]}."
    if same(one, other):
        return "Yes", f"Yes, they agree: {sides[0]} and {sides[1]}."
    return None


def _order(plan: Plan, answers: Sequence[Answer]) -> tuple[str, str] | None:
    spans = [_days(answer) for answer in answers]
    if spans[0] is None or spans[1] is None:
        return None
    (first, first_end), (second, second_end) = spans[0], spans[1]
    if not (first_end < second or second_end < first):
        return None
    early = first < second
    labels = plan.labels
    days = [f"{label} ({_day(each)})" for label, each in zip(labels, spans, strict=True) if each]
    day_order = days if early else days[::-1]
    text = f"First came {day_order[0]}, then {day_order[1]}."
    if plan.relation in ("earlier", "later"):
        return labels[early == (plan.relation == "later")], text
    if plan.relation == "order":
        return ("before" if early else "after"), text
    return ("Yes" if early == (plan.relation == "before") else "No"), text


def _days(answer: Answer) -> tuple[date, date] | None:
    citations = _first(answer)
    return days_meant(answer.short, citations[0].published if citations else None)


def _day(span: tuple[date, date]) -> str:
    first, last = span
    if first == last:
        return first.isoformat()
    return str(first.year) if (last - first).days > 31 else f"{first:%Y-%m}"


def _numbers(plan: Plan, answers: Sequence[Answer]) -> tuple[str, str] | None:
    one, other = (_value(answer.short) for answer in answers)
    units = [_unit(answer.short) or _unit_behind(answer) for answer in answers]
    if one is None or other is None:
        return None
    if all(units) and not set(units[0].split()) & set(units[1].split()):
        return None
    shorts = [answer.short for answer in answers]
    if plan.relation == "difference":
        difference = _format_value(abs(one - other), units[0] or units[1])
        return difference, f"The difference is {difference}: {shorts[0]} against {shorts[1]}."
    if one == other:
        return None
    best = 0 if (one > other) == (plan.relation == "more") else 1
    sides = [f"{label}: {text}" for label, text in zip(plan.labels, shorts, strict=True)]
    return plan.labels[best], f"{plan.labels[best]}, by these figures: {'; '.join(sides)}."


def _value(text: str) -> float | None:
    """The number of an answer; None for none or for several that are not the same."""
    if len(text.split()) > _LONGEST:
        return None
    numbers_in = values(text.partition("(")[0])
    return next(iter(numbers_in)) if len(numbers_in) == 1 else None


def _unit(text: str) -> str:
    """The words behind the number, without its scale."""
    text_behind = text.partition("(")[0]
    text_behind = (
        re.sub(r"^.*\d[\d.,]*", "", text_behind) if re.search(r"\d", text_behind) else text_behind
    )
    words = [word for word in re.findall(r"[^\W\d_]+|%|[$€£]", text_behind) if not values(word)]
    none = {*SCALES, "old", "some", "about"}
    return " ".join(word.lower() for word in words if word.lower() not in none)


def _unit_behind(answer: Answer) -> str:
    """The unit that stands behind a bare number where it is quoted; empty if none does."""
    for citation in _first(answer):
        _, separator, text_behind = one_line(citation.quote).partition(answer.short)
        if separator and (match := _UNIT.match(text_behind)):
            return match[1].lower()
    return ""


def _format_value(value: float, unit: str) -> str:
    for scale, name in _SCALES:
        if value >= scale:
            return f"{value / scale:.4g} {name} {unit}".strip()
    return f"{round(value, 6):,g} {unit}".strip() if value < 1e6 else f"{value:,.0f} {unit}".strip()
