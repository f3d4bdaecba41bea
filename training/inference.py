"""Makes the weights that tell yes from no: upper layers on the lower ones of the shipped reader.

    .train/bin/python -m training.inference DATA WORK

Reads ``training/questions/inference*.jsonl`` and the questions that were written for the reader,
over the windows in ``DATA/annotated``; WORK keeps the checkpoints, and a second run goes on from
them. Every seventh window is held out; prints what is right of its questions after each round.
Writes ``qa/models/inference/model.onnx``. The environment is that of ``training.reader``. Whoever
trains the reader anew has to run this again: these weights stand on its lower layers.
"""

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn import functional

from eval.gold.files import json_lines
from eval.gold.windows import read_windows
from qa.readers.neural.decode import with_sentences
from qa.readers.neural.encode import Encoded, Encoder, heading
from qa.readers.neural.network import padded
from qa.records.article import Article

from .reader.export import MICROSOFT, Graph, restore, store_bytes
from .reader.network import Network, has_bfloat16

__all__ = ["InferenceNetwork", "Pair", "claims", "export", "main", "read_pairs", "train"]

MODELS = Path(__file__).resolve().parents[1] / "qa" / "models"
QUESTIONS = Path(__file__).parent / "questions"
# The layers of the reader that stay as they are.
SHARED = 2
VERDICTS = ("yes", "no", None)
TOKENS, ROWS, PART = 6400, 32, 512
PEAK, WARM = 1e-4, 0.06
HELD_OUT = 7
# The first of the packets whose questions came later.
LATER = "t-packet-18"


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with the place in a window, in characters, that says ``verdict`` to it: 0 yes,
    1 no, 2 neither.
    """

    window: str
    question: str
    start: int
    end: int
    verdict: int


class InferenceNetwork(nn.Module):
    """Token ids to log odds of yes, no and neither, shape ``(rows, 3)``."""

    def __init__(self, reader: Network) -> None:
        super().__init__()
        self.reader = reader
        self.verdict = nn.Linear(reader.norm.normalized_shape[0], len(VERDICTS))
        lower = [reader.words, reader.places, reader.types, reader.norm, *reader.layers[:SHARED]]
        for part in lower:
            part.requires_grad_(False)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> Tensor:
        """``ids``, ``types`` and ``mask`` have shape ``(rows, tokens)``."""
        reader = self.reader
        hidden = reader.hidden(mask)
        with torch.no_grad():
            x = reader.embedded(ids, types)
            for layer in reader.layers[:SHARED]:
                x = layer(x, hidden)
        for layer in reader.layers[SHARED:]:
            x = layer(x, hidden)
        scores: Tensor = self.verdict(x[:, 0])
        return scores


def read_pairs(rows: Iterable[Mapping[str, Any]], windows: Mapping[str, Article]) -> list[Pair]:
    """Questions of yes or no with the place of their evidence (``at``), or of a packet the
    evidence itself. Raises ValueError for evidence that is not in its window.
    """
    pairs = []
    for row in rows:
        if "at" in row:
            start, end = row["at"]
        else:
            start = windows[row["w"]].text.find(row["e"])
            end = start + len(row["e"])
        if start < 0:
            raise ValueError(f"{row['e']!r} is not in window {row['w']}")
        verdict = VERDICTS.index(row.get("a"))
        pairs.append(Pair(row["w"], row["q"], start, end, verdict))
    return pairs


def claims(
    rows: Iterable[Mapping[str, Any]], chance: random.Random, *, with_traps: bool = False
) -> Iterator[dict[str, Any]]:
    """Of the questions that a span answers: each with its answer, which is so, and with the answer
    to another question of the same kind about the same window, which is not. ``with_traps``: and
    of those that the window nearly answers with what seems to answer it, which is left open.
    """
    asked = defaultdict(list)
    for row in rows:
        if with_traps and row.get("trap") and row.get("a") is None:
            question = f"{row['q'].rstrip(' ?')}: {row['trap']}?"
            yield {"w": row["w"], "e": row["trap"], "q": question, "a": None}
        if isinstance(row.get("a"), str) and row.get("k") not in ("yesno", "list", "why", "how"):
            asked[row["w"], "what" if row.get("k") == "which" else row.get("k")].append(row)
    for alike in asked.values():
        for row in alike:
            answer, question = row["a"], row["q"].rstrip(" ?")
            evidence = row.get("ctx") or answer
            claim = {"w": row["w"], "e": evidence}
            yield claim | {"q": f"{question}: {answer}?", "a": "yes"}
            others = [
                other["a"]
                for other in alike
                if not (other["a"] in answer or answer in other["a"])
                and other["a"] not in row.get("also", ())
            ]
            if others:
                yield claim | {"q": f"{question}: {chance.choice(others)}?", "a": "no"}


def _encoded(
    pair: Pair, window: Article, encoder: Encoder, before: int, behind: int, *, headed: bool = True
) -> Encoded:
    """The question with the sentences of the place and so many before and behind it."""
    text = with_sentences(window.text, pair.start, pair.end, before, behind)
    above = heading(window.passage(0, len(window.text))) if headed else ""
    return encoder.encode(pair.question, above, text)[0]


def _tensors(windows: Sequence[Encoded]) -> tuple[Tensor, Tensor, Tensor]:
    ids, types, mask = map(torch.from_numpy, padded(windows).values())
    return ids, types, mask


def _batches(
    pairs: Sequence[Pair],
    windows: Mapping[str, Article],
    encoder: Encoder,
    chance: random.Random,
) -> Iterator[list[tuple[Encoded, int]]]:
    """Pairs of like length together, each with some of the sentences around its place."""
    for begin in range(0, len(pairs), PART):
        made = []
        for pair in pairs[begin : begin + PART]:
            before, behind = chance.choice((0, 1, 1)), chance.choice((0, 0, 1))
            headed = chance.random() < 0.85
            window = _encoded(pair, windows[pair.window], encoder, before, behind, headed=headed)
            made.append((window, pair.verdict))
        made.sort(key=lambda item: len(item[0].ids))
        batches: list[list[tuple[Encoded, int]]] = [[]]
        for item in made:
            if len(batches[-1]) == ROWS or (len(batches[-1]) + 1) * len(item[0].ids) > TOKENS:
                batches.append([])
            batches[-1].append(item)
        chance.shuffle(batches)
        yield from batches


def train(
    network: InferenceNetwork,
    pairs: Sequence[Pair],
    windows: Mapping[str, Article],
    encoder: Encoder,
    checkpoint: Path,
    *,
    seed: int,
    peak: float,
) -> None:
    """See every pair once, with a learning rate that rises to ``peak`` and falls to 0. Does nothing
    but load the checkpoint if there is one.
    """
    if checkpoint.exists():
        network.load_state_dict(torch.load(checkpoint))
        return
    torch.manual_seed(seed)
    chance = random.Random(seed)
    optimizer = torch.optim.AdamW(
        [part for part in network.parameters() if part.requires_grad], lr=peak, weight_decay=0.01
    )
    order = [*pairs]
    chance.shuffle(order)
    network.train()
    seen, started = 0, time.monotonic()
    for batch in _batches(order, windows, encoder, chance):
        share = (seen + 1) / len(order)
        for part in optimizer.param_groups:
            part["lr"] = peak * min(share / WARM, (1 - share) / (1 - WARM) + 1e-3)
        with torch.autocast("cpu", torch.bfloat16, enabled=has_bfloat16()):
            scores = network(*_tensors([window for window, _ in batch]))
        right = torch.tensor([verdict for _, verdict in batch])
        functional.cross_entropy(scores.float(), right).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        seen += len(batch)
    torch.save(network.state_dict(), checkpoint.with_suffix(".new"))
    checkpoint.with_suffix(".new").replace(checkpoint)
    print(f"{checkpoint.stem}: {seen} pairs, {seen / (time.monotonic() - started):.0f} a second")


def held_out_scores(
    network: InferenceNetwork,
    pairs: Sequence[Pair],
    windows: Mapping[str, Article],
    encoder: Encoder,
) -> str:
    """Of the pairs that are settled, how many get the likelier word right; and the surer half."""
    network.eval()
    rows: list[NDArray[np.float32]] = []
    for begin in range(0, len(pairs), ROWS):
        part = [
            _encoded(pair, windows[pair.window], encoder, 1, 0)
            for pair in pairs[begin : begin + ROWS]
        ]
        with torch.no_grad():
            rows.append(torch.log_softmax(network(*_tensors(part)), -1).numpy())
    scores, right = np.concatenate(rows), np.array([pair.verdict for pair in pairs])
    odds, settled = scores[:, 0] - scores[:, 1], right < 2
    hits = (odds[settled] > 0) == (right[settled] == 0)
    surer = np.argsort(-np.abs(odds[settled]))[: settled.sum() // 2]
    return (
        f"held out: {settled.sum()} settled, word right {hits.mean():.3f}, of the surer half"
        f" {hits[surer].mean():.3f}; of all {len(pairs)}, three ways,"
        f" {(scores.argmax(1) == right).mean():.3f}"
    )


def export(network: InferenceNetwork, out: Path) -> None:
    """The upper layers in float32: ``states`` of shape (rows, tokens, width), ``mask`` (rows,
    tokens), int64, to ``verdict`` of shape (rows, 3).
    """
    graph = Graph()
    graph.node("Cast", ["mask"], "mask32", to=TensorProto.INT32)
    x = "states"
    for number, layer in enumerate(network.reader.layers):
        if number >= SHARED:
            x = graph.layer(x, layer, f"layer{number}")
    index = graph.weight("first", np.array(0, np.int64))
    graph.linear(graph.node("Gather", [x, index], "first.x", axis=1), network.verdict, "verdict")
    width = network.verdict.in_features
    floats, whole = TensorProto.FLOAT, TensorProto.INT64
    made = helper.make_graph(
        graph.nodes,
        "inference",
        [
            helper.make_tensor_value_info("states", floats, ["rows", "tokens", width]),
            helper.make_tensor_value_info("mask", whole, ["rows", "tokens"]),
        ],
        [helper.make_tensor_value_info("verdict", floats, ["rows", len(VERDICTS)])],
        [numpy_helper.from_array(array, name) for name, array in graph.weights.items()],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
    onnx.save(helper.make_model(made, opset_imports=opsets, ir_version=9), str(out))


def main() -> None:
    """Two rounds over the questions written first, claims in the first of them; then one over half
    of these, those written later, and the claims of all packets with their traps.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)

    windows = read_windows(options.data, "t")
    packets = [
        *sorted(QUESTIONS.glob("t-packet-*.jsonl")),
        *sorted((options.data / "annotated").glob("t-packet-*.jsonl")),
    ]
    by_packet = {path.stem: [*json_lines(path)] for path in packets}
    found = [row for rows in by_packet.values() for row in rows]
    early = [row for stem, rows in by_packet.items() if stem < LATER for row in rows]
    late = [row for stem, rows in by_packet.items() if stem >= LATER for row in rows]

    def pairs_of(rows: Iterable[Mapping[str, Any]]) -> tuple[list[Pair], list[Pair]]:
        """Those to train on, and those held out."""
        pairs = read_pairs(rows, windows)
        kept_out = [pair for pair in pairs if int(pair.window[2:]) % HELD_OUT == 3]
        return [pair for pair in pairs if int(pair.window[2:]) % HELD_OUT != 3], kept_out

    def written(name: str, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        yield from json_lines(QUESTIONS / name)
        yield from (row for row in rows if row.get("k") == "yesno" and row.get("a"))

    first, first_out = pairs_of(written("inference.jsonl", early))
    more, more_out = pairs_of(written("inference-more.jsonl", late))
    claimed, _ = pairs_of(claims(early, random.Random(3)))
    trapped, trapped_out = pairs_of(claims(found, random.Random(4), with_traps=True))
    courses = [
        ([*first, *claimed], PEAK),
        (first, 0.8 * PEAK),
        ([*first[::2], *more, *trapped], 0.8 * PEAK),
    ]

    encoder = Encoder(MODELS / "minilm" / "tokenizer.json")
    network = InferenceNetwork(restore(MODELS / "reader" / "model.onnx"))
    for number, (course, peak) in enumerate(courses):
        checkpoint = options.work / f"inference-{number}.pt"
        print(f"{checkpoint.stem}: {len(course)} pairs", flush=True)
        train(network, course, windows, encoder, checkpoint, seed=number, peak=peak)
        for part in (first_out, more_out, trapped_out[:1000]):
            print(held_out_scores(network, part, windows, encoder), flush=True)
    export(network.eval(), options.work / "inference.onnx")
    out = MODELS / "inference" / "model.onnx"
    out.parent.mkdir(exist_ok=True)
    store_bytes(options.work / "inference.onnx", out)


if __name__ == "__main__":
    main()
