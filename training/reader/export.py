"""The trained network as an ONNX graph, written node by node, then made small."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import NodeProto, TensorProto, helper, numpy_helper
from torch import Tensor, nn

from qa.runtime.telemetry import disable_telemetry

from .network import Layer, Network

__all__ = ["export", "halve", "quantize", "restore", "store_bytes"]

INPUTS = ["ids", "types", "mask"]
MICROSOFT = "com.microsoft"
Packed = tuple[list[TensorProto], NodeProto]


class Graph:
    """Nodes and weights in the making; every method returns the name of its result."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.weights: dict[str, np.ndarray] = {}

    def weight(self, name: str, value: Tensor | np.ndarray) -> str:
        array = value.detach().numpy() if isinstance(value, Tensor) else value
        self.weights[name] = np.array(array, order="C")
        return name

    def node(
        self, kind: str, inputs: list[str], name: str, domain: str = "", **options: object
    ) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [name], name, domain=domain, **options))
        return name

    def linear(self, x: str, layer: nn.Linear, name: str) -> str:
        product = self.node("MatMul", [x, self.weight(f"{name}.w", layer.weight.T)], f"{name}.x")
        return self.node("Add", [product, self.weight(f"{name}.b", layer.bias)], name)

    def normalised_sum(self, x: str, y: str, norm: nn.LayerNorm, name: str) -> str:
        weights = [self.weight(f"{name}.w", norm.weight), self.weight(f"{name}.b", norm.bias)]
        return self.node(
            "SkipLayerNormalization", [x, y, *weights], name, MICROSOFT, epsilon=norm.eps
        )

    def layer(self, x: str, layer: Layer, name: str) -> str:
        parts = [layer.query, layer.key, layer.value]
        joined = np.concatenate([part.weight.detach().numpy().T for part in parts], axis=1)
        bias = np.concatenate([part.bias.detach().numpy() for part in parts])
        mixed = self.node(
            "Attention",
            [x, self.weight(f"{name}.qkv.w", joined), self.weight(f"{name}.qkv.b", bias), "mask32"],
            f"{name}.attention",
            MICROSOFT,
            num_heads=layer.heads,
        )
        out = self.linear(mixed, layer.out, f"{name}.out")
        x = self.normalised_sum(out, x, layer.norm, f"{name}.norm")
        up = self.node(
            "MatMul", [x, self.weight(f"{name}.up.w", layer.up.weight.T)], f"{name}.up.x"
        )
        up = self.node(
            "BiasGelu", [up, self.weight(f"{name}.up.b", layer.up.bias)], f"{name}.up", MICROSOFT
        )
        down = self.linear(up, layer.down, f"{name}.down")
        return self.normalised_sum(down, x, layer.last, f"{name}.last")


def export(network: Network, out: Path) -> None:
    """The network in float32: ``ids``, ``types`` and ``mask`` of shape (rows, tokens), int64, to
    the fields of ``Output``.
    """
    graph = Graph()
    # The numbers of the positions: as many as there are tokens.
    size = graph.node("Shape", ["ids"], "length", start=1, end=2)
    graph.weight("zero", np.array([0], np.int64))
    graph.weight("one", np.array([1], np.int64))
    table = graph.weight("places", network.places.weight)
    places = graph.node("Slice", [table, "zero", size, "zero"], "places.x")
    words = graph.node("Gather", [graph.weight("words", network.words.weight), "ids"], "words.x")
    types = graph.node(
        "Gather", [graph.weight("types.w", network.types.weight), "types"], "types.x"
    )
    both = graph.node("Add", [words, types], "words and types")
    summed = graph.node("Add", [both, places], "embedded")
    norm = network.norm
    weights = [graph.weight("norm.w", norm.weight), graph.weight("norm.b", norm.bias)]
    x = graph.node("LayerNormalization", [summed, *weights], "norm", epsilon=norm.eps)
    graph.node("Cast", ["mask"], "mask32", to=TensorProto.INT32)
    for number, layer in enumerate(network.layers):
        x = graph.layer(x, layer, f"layer{number}")
    edges = graph.linear(x, network.span, "edges")
    for number, name in enumerate(("start", "end")):
        index = graph.weight(f"{name}.index", np.array(number, np.int64))
        graph.node("Gather", [edges, index], name, axis=2)
    first = graph.node(
        "Gather", [x, graph.weight("first", np.array(0, np.int64))], "first.x", axis=1
    )
    related = graph.linear(first, network.relevance, "related")
    graph.node("Squeeze", [related, "one"], "relevance")
    judged = graph.linear(first, network.judge, "judged")
    marks = graph.linear(x, network.marks, "marks")
    for number, name in enumerate(("inside", "evidence")):
        index = graph.weight(f"{name}.index", np.array(number, np.int64))
        graph.node("Gather", [marks, index], name, axis=2)
    graph.node(
        "Gather", [judged, graph.weight("answerable.index", np.array(0))], "answerable", axis=1
    )
    graph.node(
        "Gather", [judged, graph.weight("kind.index", np.array([1, 2, 3, 4, 5]))], "kind", axis=1
    )

    def value(name: str, kind: int, *shape: str) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, shape)

    made = helper.make_graph(
        graph.nodes,
        "reader",
        [value(name, TensorProto.INT64, "rows", "tokens") for name in INPUTS],
        [
            *(value(name, TensorProto.FLOAT, "rows") for name in ("relevance", "answerable")),
            *(
                value(name, TensorProto.FLOAT, "rows", "tokens")
                for name in ("start", "end", "inside", "evidence")
            ),
            value("kind", TensorProto.FLOAT, "rows", "kinds"),
        ],
        [numpy_helper.from_array(array, name) for name, array in graph.weights.items()],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
    onnx.save(helper.make_model(made, opset_imports=opsets, ir_version=9), str(out))


def restore(model: Path) -> Network:
    """The network of a graph that was exported, with whatever heads it has; others stay new."""
    loaded = onnx.load(str(model))
    arrays = {
        tensor.name.removesuffix("/half"): numpy_helper.to_array(tensor).astype(np.float32)
        for tensor in loaded.graph.initializer
    }
    network = Network()
    state = network.state_dict()

    def put(name: str, array: np.ndarray) -> None:
        state[name] = torch.from_numpy(np.array(array)).reshape(state[name].shape)

    put("words.weight", arrays["words"])
    put("types.weight", arrays["types.w"])
    put("places.weight", arrays["places"])
    names = {"norm": "norm", "edges": "span", "judged": "relevance"}
    if "related.w" in arrays:
        names |= {"related": "relevance", "judged": "judge", "marks": "marks"}
    for number in range(len(network.layers)):
        for part, rows in zip(("w", "b"), ("weight", "bias"), strict=True):
            joined = np.split(arrays[f"layer{number}.qkv.{part}"], 3, axis=-1)
            for name, array in zip(("query", "key", "value"), joined, strict=True):
                put(f"layers.{number}.{name}.{rows}", array.T)
        layer = {"out": "out", "norm": "norm", "up": "up", "down": "down", "last": "last"}
        names |= {f"layer{number}.{key}": f"layers.{number}.{name}" for key, name in layer.items()}
    for key, name in names.items():
        put(f"{name}.weight", arrays[f"{key}.w"].T)
        put(f"{name}.bias", arrays[f"{key}.b"])
    network.load_state_dict(state)
    return network.eval()


def quantize(model: Path, out: Path) -> None:
    """Weights of matrices and embeddings as int8, one scale per column; activations are
    quantised as they come.
    """
    disable_telemetry()
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        str(model),
        str(out),
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )


def halve(model: Path, out: Path) -> None:
    """Weights stored as float16 and widened when the session starts; the arithmetic stays
    float32.
    """

    def half(tensor: TensorProto) -> Packed | None:
        if len(tensor.raw_data) < 4096:
            return None
        name = f"{tensor.name}/half"
        values = numpy_helper.to_array(tensor).astype(np.float16)
        cast = helper.make_node("Cast", [name], [tensor.name], to=TensorProto.FLOAT)
        return [numpy_helper.from_array(values, name)], cast

    _pack(model, out, half)


def store_bytes(model: Path, out: Path) -> None:
    """Matrices stored as int8 with one scale per column and widened when the session starts; the
    arithmetic stays float32, so that a row comes out the same in any company.
    """

    def scaled(tensor: TensorProto) -> Packed | None:
        values = numpy_helper.to_array(tensor)
        if values.ndim != 2:
            return None
        scale = np.maximum(np.abs(values).max(axis=0) / 127, 1e-12).astype(np.float32)
        parts = [f"{tensor.name}/8", f"{tensor.name}/scale"]
        arrays = (np.rint(values / scale).astype(np.int8), scale)
        widen = helper.make_node("DequantizeLinear", parts, [tensor.name], axis=1)
        return [*map(numpy_helper.from_array, arrays, parts)], widen

    _pack(model, out, scaled)


def _pack(model: Path, out: Path, pack: Callable[[TensorProto], Packed | None]) -> None:
    """Store what ``pack`` makes of each float32 weight instead of it, with the node that makes the
    weight of that when the session starts; of what it makes nothing, the weight stays.
    """
    loaded = onnx.load(str(model))
    graph = loaded.graph
    small, nodes = [], []
    for tensor in list(graph.initializer):
        made = pack(tensor) if tensor.data_type == TensorProto.FLOAT else None
        if made is None:
            continue
        small += made[0]
        nodes.append(made[1])
        graph.initializer.remove(tensor)
    graph.initializer.extend(small)
    nodes += graph.node
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.save(loaded, str(out))
