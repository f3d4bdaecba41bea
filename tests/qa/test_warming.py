"""What is loaded before the first question: everything that needs no other machine."""

from datetime import date

import pytest

from qa.build import open_pipeline
from qa.errors import IndexUnavailable
from qa.pipeline import Pipeline


@pytest.fixture
def pipeline(monkeypatch, make_library, ferry, library_folder):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    make_library(ferry)
    with open_pipeline(library_folder) as opened:
        yield opened


class NeverAsked:
    """A part that asks another machine."""

    def __getattr__(self, name):
        pytest.fail("it was asked")


def test_warm_pipeline_has_asked_nobody(pipeline):
    pipeline.with_parts(composer=NeverAsked(), rewriter=NeverAsked(), splitter=NeverAsked()).warm()


def test_warm_pipeline_answers_as_a_cold_one(pipeline):
    pipeline.warm()
    answer = pipeline.ask("How many sailors died?", as_of=date(2024, 1, 1))
    assert answer.short == "Nine"


def test_what_cannot_be_loaded_is_told(pipeline):
    def fail():
        raise IndexUnavailable("the index is gone")

    with pytest.raises(IndexUnavailable, match="gone"):
        Pipeline(pipeline.parts, on_warm=fail).warm()
