"""Pipelines with other parts than those that are set, and libraries with other passages."""

import pytest

from eval.gold.questions import Gold
from eval.runs.pipelines import ask_function, with_parts
from eval.runs.sweep_library import open_point, split_again
from qa.build import open_library, open_pipeline
from qa.compose.extract import ExtractComposer
from qa.errors import ConfigError
from qa.readers.sentence import SentenceReader

SAILORS = Gold("sailors", "How many sailors died on the Maid of Orlen?", ("nine",))


@pytest.fixture
def pipeline(make_library, ferry, bridge, library_folder, monkeypatch):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    make_library(ferry, bridge)
    with open_pipeline(library_folder) as opened:
        yield opened


def test_other_parts_answer_and_are_named(pipeline):
    changed = with_parts(pipeline, reader="sentence", composer="extract", hits=1)
    assert isinstance(changed.parts.reader, SentenceReader)
    assert isinstance(changed.parts.composer, ExtractComposer)
    assert {"reader": "sentence", "composer": "extract", "hits": "1"}.items() <= (
        changed.parts.names.items()
    )
    answer = ask_function(changed)(SAILORS)
    assert "Nine sailors died" in answer.text
    assert len(answer.hits) == 1


def test_given_pipeline_stays_as_it_is(pipeline):
    parts, names = pipeline.parts, dict(pipeline.parts.names)
    with_parts(pipeline, reader="sentence", hits=1)
    assert pipeline.parts is parts
    assert pipeline.parts.names == names
    assert pipeline.parts.hits == 20


def test_parts_that_are_not_given_stay(pipeline):
    same = with_parts(pipeline)
    assert same.parts == pipeline.parts


@pytest.mark.parametrize(
    ("options", "known"),
    [({"reader": "crystal"}, "span, sentence"), ({"composer": "poet"}, "extract, chat")],
)
def test_unknown_part_is_named(pipeline, options, known):
    with pytest.raises(ValueError, match=f"unknown .*; choose one of: {known}"):
        with_parts(pipeline, **options)


def test_part_that_is_not_set_up_is_an_error(pipeline):
    with pytest.raises(ConfigError, match="QA_CHAT"):
        with_parts(pipeline, composer="chat")


def passages_of(folder):
    with open_library(folder) as library:
        return [
            stored.passage.text
            for summary in library.summaries()
            for stored in library.passages_of(summary.id)
        ]


def test_library_is_split_again_once_for_each_size(pipeline, library_folder, tmp_path):
    folder = tmp_path / "copy"
    split_again(pipeline.library, folder, 80)
    shorter = passages_of(folder)
    assert len(shorter) > len(passages_of(library_folder))
    assert max(map(len, shorter)) <= 80
    split_again(pipeline.library, folder, 80)
    assert passages_of(folder) == shorter


@pytest.mark.usefixtures("pipeline")
def test_point_of_a_sweep_answers_from_passages_of_its_size(library_folder, tmp_path):
    values = {"split.size": "80", "retrieve.k": "2"}
    with open_point(library_folder, values, tmp_path) as (ask, library):
        answer = ask(SAILORS)
        assert library.folder == tmp_path / "library-80"
    assert len(answer.hits) == 2
    assert all(len(hit.passage.text) <= 80 for hit in answer.hits)
