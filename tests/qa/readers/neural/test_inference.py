"""What the shipped network says to questions of yes or no, and how it fails."""

from pathlib import Path

import pytest

import qa
from qa.errors import ModelError
from qa.readers.neural.encode import Encoder
from qa.readers.neural.inference import Inference
from qa.readers.neural.network import Network

MODELS = Path(qa.__file__).parent / "models"
ENCODER = Encoder(MODELS / "minilm" / "tokenizer.json")
SUNK = "The ferry Petrel sank off Cape Tarrow on 3 March, and two sailors drowned."


@pytest.fixture(scope="module")
def network():
    return Network(MODELS / "reader" / "model.onnx")


def windows(*questions):
    return [ENCODER.encode(question, "", SUNK)[0] for question in questions]


def test_verdicts_are_probabilities_alike_in_any_company(network):
    inference = Inference(network, MODELS / "inference" / "model.onnx")
    asked = windows(
        "Did the Petrel sink?", "Did the ferry Petrel reach Cape Tarrow safely?", "Why?"
    )
    together = inference.judge(asked)
    for verdict, window in zip(together, asked, strict=True):
        assert sum(verdict) == pytest.approx(1, abs=1e-5)
        assert inference.judge([window])[0] == pytest.approx(verdict, abs=0.05)
    assert inference.judge([]) == []


def test_plain_affirmation_and_denial_are_told_apart(network):
    inference = Inference(network, MODELS / "inference" / "model.onnx")
    sank, later = inference.judge(
        windows("Did the ferry Petrel sink in March?", "Did the ferry Petrel sink in October?")
    )
    assert sank.yes > sank.no
    assert later.no > later.yes


@pytest.mark.parametrize("damage", [None, b"none"])
def test_weights_that_are_missing_or_damaged_are_an_error_that_says_where(
    network, tmp_path, damage
):
    model = tmp_path / "model.onnx"
    if damage:
        model.write_bytes(damage)
    inference = Inference(network, model)
    with pytest.raises(ModelError, match=str(model)):
        inference.judge(windows("Did the Petrel sink?"))
