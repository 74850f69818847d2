"""Make an int8 graph faster without changing what it says: other operators for the same products and sums.

Four changes, three of them measured on x86 with AVX-512:

- A fused layer norm becomes additions and a layer norm: the fused one takes four times as long.
- A fused GELU becomes an addition, which onnxruntime puts into the product before it, and a GELU.
- A fused embedding becomes sums, with a scale for each row of an int8 table: the fused one has one scale for all.
- Attention takes no mask: a third faster, but there must not be any padding. So the graph loses its `attention_mask`,
  and whoever runs it gives it one window at a time, whose int8 scales are then its own: results depend on nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, helper, numpy_helper

from ner_tui.training.graph import Constants

MICROSOFT = "com.microsoft"
_STEPS = 127
"""Of an int8 weight, to either side."""
_MANY = 100
"""Rows from which a table becomes int8."""


def lighten(path: Path) -> None:
    """Rewrite the graph in a file; operators that are not as expected stay as they are."""
    model = onnx.load(str(path))
    graph = _LighterGraph(model.graph)
    graph.rewrite({"SkipLayerNormalization": graph.norm, "BiasGelu": graph.gelu})
    if all(graph.is_plain(node) for node in model.graph.node if node.op_type == "QAttention"):
        graph.rewrite({"QAttention": graph.attention, "QEmbedLayerNormalization": graph.without_mask})
    graph.drop_unused()
    onnx.save(model, str(path))


def split_embedding(path: Path) -> list[str]:
    """Rewrite the embedding of a float32 graph in a file; return the names of nodes that are not to be quantised."""
    model = onnx.load(str(path))
    graph = _LighterGraph(model.graph)
    graph.rewrite({"EmbedLayerNormalization": graph.embedding})
    # What that made is left as it is: the positions' rows are few and cut, not looked up.
    made = {node.name for node in model.graph.node} if graph.split else set()
    graph.rewrite({"Gather": lambda node: [node] if node.name in made else graph.rows(node)})
    graph.drop_unused()
    onnx.save(model, str(path))
    return [node.name for node in model.graph.node if node.op_type == "Gather"]


class _LighterGraph(Constants):
    """A graph whose nodes are rewritten."""

    split = False
    """Whether a fused embedding was taken apart."""

    def rewrite(self, ways: dict[str, Callable[[NodeProto], list[NodeProto]]]) -> None:
        """Put what ``ways`` make of the nodes of each type in their places."""
        nodes: list[NodeProto] = []
        for node in self._graph.node:
            way = ways.get(node.op_type)
            nodes += way(node) if way else [node]
        del self._graph.node[:]
        self._graph.node.extend(nodes)

    def drop_unused(self) -> None:
        """Take away nodes, constants and the mask that nothing asks for any more."""
        outputs = {each.name for each in self._graph.output}
        while True:
            asked = outputs | {name for node in self._graph.node for name in node.input}
            idle = [node for node in self._graph.node if not asked.intersection(node.output)]
            if not idle:
                break
            for node in idle:
                self._graph.node.remove(node)
        for kept in (self._graph.initializer, self._graph.input):
            for each in [each for each in kept if each.name not in asked]:
                kept.remove(each)

    def norm(self, node: NodeProto) -> list[NodeProto]:
        """Return the sums and the norm that a fused one stands for."""
        product, skip, scale, shift, *bias = node.input
        out, nodes = node.output[0], []
        if any(node.output[1:]):
            return [node]
        if bias:
            nodes.append(helper.make_node("Add", [product, bias[0]], [f"{out}_biased"], f"{out}/bias"))
            product = f"{out}_biased"
        nodes.append(helper.make_node("Add", [product, skip], [f"{out}_sum"], f"{out}/sum"))
        return [*nodes, _norm(node, f"{out}_sum", scale, shift)]

    def gelu(self, node: NodeProto) -> list[NodeProto]:
        """Return the sum and the GELU that a fused one stands for."""
        out = node.output[0]
        return [
            helper.make_node("Add", node.input, [f"{out}_biased"], f"{out}/bias"),
            helper.make_node("Gelu", [f"{out}_biased"], [out], f"{out}/gelu", domain=MICROSOFT),
        ]

    def is_plain(self, node: NodeProto) -> bool:
        """Whether an attention looks both ways, keeps nothing, and has a scale for each column of its weights."""
        weights, scale = (self._constants.get(node.input[at]) for at in (1, 4))
        if weights is None or scale is None or any(node.input[8:]) or any(node.output[1:]):
            return False
        heads = int(_attribute(node, "num_heads", 0))
        columns = weights.dims[1]
        attributes = {each.name for each in node.attribute if each.name != "unidirectional"}
        one_way = _attribute(node, "unidirectional", 0)
        return (
            attributes <= {"num_heads"} and not one_way and scale.dims[:1] == [columns] and columns % (3 * heads) == 0
        )

    def attention(self, node: NodeProto) -> list[NodeProto]:
        """Return the three products and the attention, without a mask, that a fused one stands for."""
        bits, weights, bias, scale, weight_scale, _, zero = node.input[:7]
        parts = [
            np.split(numpy_helper.to_array(self._constants[name]), 3, axis=-1) for name in (weights, weight_scale, bias)
        ]
        nodes = []
        for what, matrix, scales, biases in zip(("query", "key", "value"), *parts, strict=True):
            name = f"{node.output[0]}_{what}"
            right = self._int8(name, matrix, scales)
            nodes.append(_product([bits, scale, zero], [*right, self._keep(f"{name}_bias", biases)], name))
        heads = int(_attribute(node, "num_heads", 0))
        names = [each.output[0] for each in nodes]
        name = f"{node.output[0]}/attention"
        made = helper.make_node("MultiHeadAttention", names, node.output[:1], name, domain=MICROSOFT, num_heads=heads)
        return [*nodes, made]

    def embedding(self, node: NodeProto) -> list[NodeProto]:
        """Return the sums and the norm that a fused one stands for, its table of words int8 with a scale for each.

        One whose table has other uses stays as it is.
        """
        ids, kinds, words, places, of_kinds, scale, shift, mask, *positions = node.input
        out = node.output[0]
        if sum(words in other.input for other in self._graph.node) != 1:
            return [node]
        self.split = True
        table, sizes = self._int8_rows(words)
        first, one = self._keep(f"{out}_first", np.array([0])), self._keep(f"{out}_one", np.array([1]))
        nodes = []

        def made(kind: str, inputs: list[str], name: str, **given: Any) -> str:
            nodes.append(helper.make_node(kind, inputs, [f"{out}_{name}"], f"{out}/{name}", **given))
            return f"{out}_{name}"

        held = made("Cast", [made("Gather", [table, ids], "held")], "as_float", to=onnx.TensorProto.FLOAT)
        total = made("Mul", [held, made("Gather", [sizes, ids], "step")], "word")
        if any(positions):
            place = made("Gather", [places, positions[0]], "place")
        else:
            length = made("Gather", [made("Shape", [ids], "shape"), one], "length")
            place = made("Slice", [places, first, length], "place")
        total = made("Add", [total, place], "with_place")
        if kinds:
            total = made("Add", [total, made("Gather", [of_kinds, kinds], "kind")], "with_kind")
        # How many sub-tokens of each window are no padding, which attention asks for.
        if mask and node.output[1:]:
            made("ReduceSum", [mask, one], "mask", keepdims=0)
            nodes[-1].output[0] = node.output[1]
        return [*nodes, _norm(node, total, scale, shift)]

    def rows(self, node: NodeProto) -> list[NodeProto]:
        """Return what looks up rows of an int8 table with a scale for each, in place of a large table in float32."""
        words, ids = node.input
        known = self._constants.get(words)
        if (
            known is None
            or len(known.dims) != 2
            or known.dims[0] < _MANY
            or _attribute(node, "axis", 0)
            or sum(words in other.input for other in self._graph.node) != 1
        ):
            return [node]
        out = node.output[0]
        table, sizes = self._int8_rows(words)
        return [
            helper.make_node("Gather", [table, ids], [f"{out}_held"], f"{out}/held"),
            helper.make_node(
                "Cast", [f"{out}_held"], [f"{out}_as_float"], f"{out}/as_float", to=onnx.TensorProto.FLOAT
            ),
            helper.make_node("Gather", [sizes, ids], [f"{out}_step"], f"{out}/step"),
            helper.make_node("Mul", [f"{out}_as_float", f"{out}_step"], [out], f"{out}/word"),
        ]

    def _int8_rows(self, words: str) -> tuple[str, str]:
        """Add a table's int8 form; return its name and that of the scales of its rows."""
        exact = self._values(words)
        steps = np.maximum(np.abs(exact).max(axis=1, keepdims=True), 1e-12) / _STEPS
        table = self._keep(f"{words}_int8", np.rint(exact / steps).astype(np.int8))
        return table, self._keep(f"{words}_step", steps.astype(np.float32))

    def without_mask(self, node: NodeProto) -> list[NodeProto]:
        """Return an embedding that does not say where padding is."""
        node.input[7] = ""
        return [node]

    def _int8(self, name: str, matrix: NDArray[np.generic], scale: NDArray[np.generic]) -> list[str]:
        zeros = np.zeros(scale.shape, np.int8)
        return [
            self._keep(f"{name}_int8", matrix),
            self._keep(f"{name}_step", scale),
            self._keep(f"{name}_zero", zeros),
        ]


def _product(left: list[str], right: list[str], out: str) -> NodeProto:
    """Return a product of uint8 and int8 in float32.

    Args:
        left: names of values, their scale and their zero.
        right: names of weights, their scales and their zeros by column, and maybe of what is added.
    """
    inputs = [left[0], right[0], left[1], right[1], left[2], *right[2:]]
    return helper.make_node("MatMulIntegerToFloat", inputs, [out], f"{out}/product", domain=MICROSOFT)


def _norm(node: NodeProto, total: str, scale: str, shift: str) -> NodeProto:
    """Return the layer norm that ends a fused operator."""
    out, epsilon = node.output[0], _attribute(node, "epsilon", 1e-12)
    return helper.make_node("LayerNormalization", [total, scale, shift], [out], f"{out}/norm", axis=-1, epsilon=epsilon)


def _attribute(node: NodeProto, name: str, otherwise: float) -> float:
    return next((helper.get_attribute_value(each) for each in node.attribute if each.name == name), otherwise)
