"""Build the sentence embedding's ONNX graph from its weights. Runs once, at set-up; needs `onnx`.

The model is all-MiniLM-L6-v2: BERT embeddings, six transformer blocks, the mean of the token vectors
and L2 normalisation. Only standard operators of opset 17 are used, so that ONNX Runtime 1.23 (the
engine's environment) and later ones run the same file.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper
from onnx.external_data_helper import set_external_data

from bot.installation.embedding.weights import Tensor

LAYERS = 6
HEADS = 12
WIDTH = 384
HEAD_WIDTH = WIDTH // HEADS
LAYER_NORM_EPSILON = 1e-12
OPSET = 17
IR_VERSION = 8
# Added to the attention scores of padding; large enough that softmax makes it exactly zero.
PADDING_SCORE = -1e9
WORDS = "words"


class _Graph:
    """Collects nodes and constants; every method returns the name of the tensor it makes."""

    def __init__(self, weights: dict[str, Tensor]) -> None:
        self.weights = weights
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def constant(self, value: NDArray[np.generic], name: str) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], name: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def dense(self, x: str, matrix: Tensor, bias: Tensor, name: str) -> str:
        """Return x · matrixᵀ + bias; the weights are stored as (out, in)."""
        product = self.node("MatMul", [x, self.constant(matrix.T, f"{name}.w")], f"{name}.product")
        return self.node("Add", [product, self.constant(bias, f"{name}.b")], name)

    def layer_norm(self, x: str, key: str, name: str) -> str:
        scale = self.constant(self.weights[f"{key}.weight"], f"{name}.scale")
        shift = self.constant(self.weights[f"{key}.bias"], f"{name}.shift")
        return self.node("LayerNormalization", [x, scale, shift], name, axis=-1, epsilon=LAYER_NORM_EPSILON)


def build_graph(weights: dict[str, Tensor], words_file: str) -> tuple[bytes, bytes]:
    """Return the serialised model, and the content of `words_file` beside it: the word vectors, half of all weights.

    Inputs `input_ids` and `attention_mask` (int64, batch by length), output `embedding` (float32, batch by 384, unit
    length). The runtime memory-maps the words' file, so that processes share it and read only the words they meet.
    """
    graph = _Graph(weights)
    _shared_constants(graph)
    mask = graph.node("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT)
    absent = graph.node("Sub", ["one", mask], "absent")
    scaled = graph.node("Mul", [absent, "padding_score"], "absent_score")
    bias = graph.node("Unsqueeze", [scaled, "axes_heads"], "attention_bias")
    hidden = _token_embeddings(graph)
    for layer in range(LAYERS):
        hidden = _block(graph, hidden, bias, layer)
    _mean_pool(graph, hidden, mask)
    model = _checked(graph)
    (words,) = [one for one in model.graph.initializer if one.name == WORDS]
    content = bytes(words.raw_data)
    set_external_data(words, location=words_file, offset=0, length=len(content))
    words.ClearField("raw_data")
    serialised: bytes = model.SerializeToString()
    return serialised, content


def _shared_constants(graph: _Graph) -> None:
    for name, number in (("one", 1.0), ("padding_score", PADDING_SCORE), ("half", 0.5), ("tiny", 1e-12)):
        graph.constant(np.array(number, np.float32), name)
    graph.constant(np.array(np.sqrt(2.0), np.float32), "root_two")
    graph.constant(np.array([1, 2], np.int64), "axes_heads")
    graph.constant(np.array([2], np.int64), "axis_width")
    graph.constant(np.array([1], np.int64), "axis_length")
    graph.constant(np.array([0], np.int64), "zero")
    graph.constant(np.array([0, 0, HEADS, HEAD_WIDTH], np.int64), "split_heads")
    graph.constant(np.array([0, 0, WIDTH], np.int64), "join_heads")


def _token_embeddings(graph: _Graph) -> str:
    """Return word plus position plus the vector of "first sentence", normalised."""
    weights = graph.weights
    words = graph.constant(weights["embeddings.word_embeddings.weight"], WORDS)
    positions = graph.constant(
        weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0],
        "positions",
    )
    shape = graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    used = graph.node("Slice", [positions, "zero", shape, "zero"], "used_positions")
    looked_up = graph.node("Gather", [words, "input_ids"], "word_vectors")
    total = graph.node("Add", [looked_up, used], "embeddings")
    return graph.layer_norm(total, "embeddings.LayerNorm", "embeddings.norm")


def _block(graph: _Graph, x: str, bias: str, layer: int) -> str:
    source, name = f"encoder.layer.{layer}", f"block{layer}"
    weights = graph.weights
    attended = _attention(graph, x, bias, source, name)
    first = graph.layer_norm(
        graph.node("Add", [attended, x], f"{name}.attention.sum"),
        f"{source}.attention.output.LayerNorm",
        f"{name}.attention.norm",
    )
    wide = graph.dense(
        first,
        weights[f"{source}.intermediate.dense.weight"],
        weights[f"{source}.intermediate.dense.bias"],
        f"{name}.wide",
    )
    narrow = graph.dense(
        _gelu(graph, wide, name),
        weights[f"{source}.output.dense.weight"],
        weights[f"{source}.output.dense.bias"],
        f"{name}.narrow",
    )
    total = graph.node("Add", [narrow, first], f"{name}.sum")
    return graph.layer_norm(total, f"{source}.output.LayerNorm", f"{name}.norm")


def _attention(graph: _Graph, x: str, bias: str, source: str, name: str) -> str:
    """Return self-attention.

    Query, key and value are one multiplication, and the query's scale is folded into its weights: fewer, larger
    operations make a short sentence quick.
    """
    scale = np.float32(1.0 / np.sqrt(HEAD_WIDTH))
    parts = [
        (
            graph.weights[f"{source}.attention.self.{part}.weight"],
            graph.weights[f"{source}.attention.self.{part}.bias"],
        )
        for part in ("query", "key", "value")
    ]
    parts[0] = (parts[0][0] * scale, parts[0][1] * scale)
    joined = graph.dense(
        x,
        np.concatenate([matrix for matrix, _ in parts]),
        np.concatenate([shift for _, shift in parts]),
        f"{name}.qkv",
    )
    outputs = [f"{name}.query", f"{name}.key", f"{name}.value"]
    graph.nodes.append(helper.make_node("Split", [joined], outputs, name=f"{name}.split", axis=2))
    query, key, value = (
        graph.node(
            "Transpose",
            [graph.node("Reshape", [part, "split_heads"], f"{part}.heads")],
            f"{part}.turned",
            perm=perm,
        )
        for part, perm in zip(outputs, ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]), strict=True)
    )
    scores = graph.node("Add", [graph.node("MatMul", [query, key], f"{name}.raw"), bias], f"{name}.scores")
    share = graph.node("Softmax", [scores], f"{name}.share", axis=-1)
    mixed = graph.node(
        "Transpose",
        [graph.node("MatMul", [share, value], f"{name}.mixed")],
        f"{name}.back",
        perm=[0, 2, 1, 3],
    )
    merged = graph.node("Reshape", [mixed, "join_heads"], f"{name}.merged")
    return graph.dense(
        merged,
        graph.weights[f"{source}.attention.output.dense.weight"],
        graph.weights[f"{source}.attention.output.dense.bias"],
        f"{name}.attention",
    )


def _gelu(graph: _Graph, x: str, name: str) -> str:
    """Return x · ½ (1 + erf(x / √2)), spelled out because opset 17 has no Gelu of its own."""
    erf = graph.node("Erf", [graph.node("Div", [x, "root_two"], f"{name}.gelu.scaled")], f"{name}.gelu.erf")
    gate = graph.node("Add", [erf, "one"], f"{name}.gelu.gate")
    return graph.node("Mul", [graph.node("Mul", [x, gate], f"{name}.gelu.twice"), "half"], f"{name}.gelu")


def _mean_pool(graph: _Graph, hidden: str, mask: str) -> None:
    column = graph.node("Unsqueeze", [mask, "axis_width"], "mask_column")
    total = graph.node("ReduceSum", [graph.node("Mul", [hidden, column], "kept"), "axis_length"], "total", keepdims=0)
    count = graph.node("ReduceSum", [mask, "axis_length"], "count", keepdims=1)
    mean = graph.node("Div", [total, count], "mean")
    size = graph.node("Max", [graph.node("ReduceL2", [mean], "norm", axes=[1], keepdims=1), "tiny"], "size")
    graph.node("Div", [mean, size], "embedding")


def _checked(graph: _Graph) -> ModelProto:
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
        for name in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", WIDTH])
    body = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", inputs, [output], initializer=graph.constants)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="techref")
    model.ir_version = IR_VERSION
    checker.check_model(model, full_check=True)
    return model
