"""Outliers: the few channels of an encoder whose values are many times those of all others.

Every encoder of BERT's kind has some, the same ones whatever the text. Activations become 8-bit with one scale for
all channels, so that such a channel leaves next to no steps to the others, and most of what int8 loses is lost there.
Before a graph is quantised, its outliers are therefore found on a little text, and

- where a product's left side comes from a GELU, they get two small products of their own in float32, beside;
- elsewhere they are made as small as the others, and the weights they are multiplied with as much larger (SmoothQuant,
  Xiao et al. 2023, for these channels alone).

Either leaves the exact result as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper

from ner_tui.training.graph import Constants

MOST = 8
"""Outliers of one product at the most."""
FAR = 1.5
"""How many times the largest of the other channels an outlier is."""

_Floats = NDArray[np.float32]


def calm(path: Path, windows: Sequence[Sequence[int]]) -> list[str]:
    """Rewrite the float32 graph in a file; return the names of the products that have to stay in float32.

    Args:
        path: a graph whose attention, layer norms and GELUs are onnxruntime's own operators.
        windows: sub-tokens of some text, special ones included.
    """
    model = onnx.load(str(path))
    graph = _ProductGraph(model.graph)
    largest = _largest(model, graph.left_sides(), windows)
    for left, channels in largest.items():
        far = _far(channels)
        if len(far) and not graph.put_beside(left, far):
            graph.shrink(left, far, channels)
    onnx.save(model, str(path))
    return graph.exact


def _far(channels: _Floats) -> NDArray[np.intp]:
    """Return the numbers of the outliers among channels with these largest values."""
    order = np.argsort(channels)
    rest = channels[order[-MOST - 1]] if len(channels) > MOST else np.inf
    far: NDArray[np.intp] = order[-MOST:][channels[order[-MOST:]] > FAR * max(rest, 1e-6)]
    return far


def _largest(model: onnx.ModelProto, names: Sequence[str], windows: Sequence[Sequence[int]]) -> dict[str, _Floats]:
    """Return the largest absolute value of each channel of the values called ``names``."""
    observed = onnx.ModelProto()
    observed.CopyFrom(model)
    known = {each.name for each in observed.graph.output}
    observed.graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names if name not in known
    )
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(observed.SerializeToString(), options, providers=["CPUExecutionProvider"])
    largest: dict[str, _Floats] = {}
    for window in windows:
        ids = np.array([window], dtype=np.int64)
        values = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        inputs = {given.name: values[given.name] for given in session.get_inputs()}
        for name, found in zip(names, session.run(list(names), inputs), strict=True):
            channels = np.abs(found).reshape(-1, found.shape[-1]).max(axis=0)
            largest[name] = np.maximum(largest.get(name, channels), channels)
    return largest


class _ProductGraph(Constants):
    """A float32 graph in which products are rewritten."""

    def __init__(self, graph: GraphProto) -> None:
        super().__init__(graph)
        self._producers = {name: node for node in graph.node for name in node.output}
        self._uses: dict[str, int] = {}
        for node in graph.node:
            for name in node.input:
                self._uses[name] = self._uses.get(name, 0) + 1
        self.exact: list[str] = []
        """Names of the products that have to stay in float32."""

    def left_sides(self) -> list[str]:
        """Return the names of all values that are multiplied with weights of their own, in order."""
        return list(dict.fromkeys(node.input[0] for node in self._products()))

    def _products(self, left: str | None = None) -> Iterator[NodeProto]:
        for node in self._graph.node:
            is_product = node.op_type in ("MatMul", "Attention") and len(node.input) > 1
            if is_product and self._is_own(node.input[1]) and left in (None, node.input[0]):
                yield node

    def _is_own(self, name: str) -> bool:
        """Whether a value is a matrix of weights that nothing else uses."""
        return name in self._constants and len(self._constants[name].dims) == 2 and self._uses[name] == 1

    def shrink(self, left: str, far: NDArray[np.intp], channels: _Floats) -> None:
        """Make channels as small as the largest of the others, and the weights they are multiplied with larger."""
        factors = np.ones(len(channels), dtype=np.float32)
        factors[far] = np.delete(channels, far).max() / channels[far]
        calmed = f"{left}_calmed"
        for node in list(self._products(left)):
            weights = self._values(node.input[1])
            self._set(node.input[1], weights / factors[:, None])
            node.input[0] = calmed
        self._insert_after(left, helper.make_node("Mul", [left, self._keep(f"{calmed}_by", factors)], [calmed], calmed))

    def put_beside(self, left: str, far: NDArray[np.intp]) -> bool:
        """Give channels that come from a GELU products of their own; False where they come from elsewhere."""
        gelu = self._producers.get(left)
        users = list(self._products(left))
        if gelu is None or gelu.op_type != "BiasGelu" or len(users) != 1 or self._uses[left] != 1:
            return False
        before, after = self._producers.get(gelu.input[0]), users[0]
        if (
            before is None
            or after.op_type != "MatMul"
            or not self._is_own(before.input[1])
            or gelu.input[1] not in self._constants
        ):
            return False
        inward, bias, outward = (self._values(name) for name in (before.input[1], gelu.input[1], after.input[1]))
        out = after.output[0]
        names = [f"{out}_{what}" for what in ("into", "far", "beside")]
        made = [
            helper.make_node(
                "MatMul", [before.input[0], self._keep(f"{names[0]}_weights", inward[:, far])], [names[0]], names[0]
            ),
            helper.make_node(
                "BiasGelu",
                [names[0], self._keep(f"{names[0]}_bias", bias[far])],
                [names[1]],
                names[1],
                domain="com.microsoft",
            ),
            helper.make_node(
                "MatMul", [names[1], self._keep(f"{names[2]}_weights", outward[far])], [names[2]], names[2]
            ),
        ]
        self.exact += [names[0], names[2]]
        # A GELU of nothing is nothing.
        inward[:, far], bias[far] = 0, 0
        self._set(before.input[1], inward)
        self._set(gelu.input[1], bias)
        after.output[0] = f"{out}_others"
        made.append(helper.make_node("Add", [f"{out}_others", names[2]], [out], f"{out}_all"))
        self._insert_after(f"{out}_others", *made)
        return True

    def _insert_after(self, name: str, *nodes: NodeProto) -> None:
        at = next((at for at, node in enumerate(self._graph.node, 1) if name in node.output), 0)
        for offset, node in enumerate(nodes):
            self._graph.node.insert(at + offset, node)

    def _set(self, name: str, values: _Floats) -> None:
        self._constants[name].CopyFrom(numpy_helper.from_array(np.ascontiguousarray(values), name))
