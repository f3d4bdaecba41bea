"""The answer alone, beside the sentences that hold it."""

from dataclasses import replace
from datetime import date

import pytest

from qa.compose.extract import ExtractComposer
from qa.question.understand import understand
from qa.records.answer import Hit
from qa.records.article import Article
from qa.records.reading import Evidence, Reading, Span

TEXT = "The weir was raised because the old one leaked."
REASON = (24, 46)


def short_of(kind, brevity):
    passage = Article.create(TEXT, id="weir").passage(0, len(TEXT))
    span = Span(passage, *REASON, (0, len(TEXT)), 0.9)
    reading = Reading(
        (Hit(passage, 1.0),),
        (span,),
        0.9,
        weighed=True,
        evidence=(Evidence("weir", 0, len(TEXT), 0.9),),
        brevity=brevity,
    )
    question = understand("Why was the weir raised?", as_of=date(2024, 5, 1))
    *_, last = ExtractComposer().compose(replace(question, kind=kind), reading)
    assert [statement.text for statement in last.statements] == [TEXT]
    return last.short


@pytest.mark.parametrize(
    ("kind", "brevity", "short"),
    [
        ("digest", 0.9, TEXT[slice(*REASON)]),
        ("digest", 0.5, ""),
        ("fact", 0.5, TEXT[slice(*REASON)]),
    ],
)
def test_digest_has_a_short_answer_only_where_one_is_asked_for(kind, brevity, short):
    assert short_of(kind, brevity) == short
