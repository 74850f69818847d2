"""An int8 graph of ours turned back into a checkpoint that can be trained: its weights in float32, under torch's names.

What `export` did to a checkpoint is undone: weights are multiplied with their scales, the outliers' factors taken back,
their products of their own put into the matrices they come from. What int8 rounded away stays away, which is less than
a training step changes. Graphs of BERT's kind and of MPNet can be restored, as `export` makes them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import GraphProto, NodeProto
from transformers import AutoConfig, AutoModelForTokenClassification, PreTrainedModel

from ner_tui.errors import ModelError
from ner_tui.predictors.checkpoint import Checkpoint
from ner_tui.predictors.faults import reported_as
from ner_tui.predictors.letter_shape_embedding import KEY, add_letter_shapes, takes_token_types
from ner_tui.predictors.weights import Weights
from ner_tui.training.graph import Constants
from ner_tui.training.mpnet import FAMILY

_Floats = NDArray[np.float32]
_Products = tuple[str, ...]
_BERT: _Products = (
    *("attention.self.query", "attention.self.key", "attention.self.value"),
    *("attention.output.dense", "intermediate.dense", "output.dense"),
)
_MPNET: _Products = (
    *("attention.attn.q", "attention.attn.k", "attention.attn.v"),
    *("attention.attn.o", "intermediate.dense", "output.dense"),
)
"""The six products of a layer in the order in which they are done."""
_FAMILIES = {"bert": _BERT, FAMILY: _MPNET}
_NAMES = {
    "_model.": "",
    "_embeddings.": "mpnet.embeddings.",
    "_layers.": "mpnet.encoder.layer.",
    "_classifier.": "classifier.",
    "_shapes.": f"{KEY.partition('.')[0]}.",
}
"""How constants of graphs begin, and how the weights of a checkpoint do."""


def restore(checkpoint: Checkpoint, graph: Weights, folder: Path) -> None:
    """Write a checkpoint that says what a graph says into an empty folder.

    Args:
        checkpoint: the folder with the graph, its config and its tokenizer.
        graph: an int8 graph that `export` made.
        folder: gets `config.json`, `model.safetensors` and the tokenizer.

    Raises:
        ModelError: the graph is another's, or of a family that cannot be restored.
    """
    name, family = checkpoint.name, str(checkpoint.config.get("model_type"))
    if family not in _FAMILIES:
        raise ModelError(f"{name}: an ONNX graph of type {family!r} cannot be trained on: give a checkpoint for torch")
    for path in checkpoint.folder.iterdir():
        if path.is_file() and path.suffix == ".json":
            shutil.copyfile(path, folder / path.name)
    with reported_as(f"{name}: the ONNX graph cannot be trained on"):
        config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
        made = AutoModelForTokenClassification.from_config(config, attn_implementation="eager")
        model: PreTrainedModel = made
        if checkpoint.letter_shapes and not takes_token_types(model):
            add_letter_shapes(model, checkpoint.letter_shapes.rows)
        state = _QuantisedGraph(onnx.load(str(graph.files[0])).graph).weights(family)
        if family == FAMILY:
            _add_positions(model, state)
        _load(model, state, name)
        model.save_pretrained(folder)
    # The library drops keys that are ours.
    shutil.copyfile(checkpoint.folder / "config.json", folder / "config.json")


def _load(model: PreTrainedModel, state: Mapping[str, _Floats], name: str) -> None:
    wanted = model.state_dict()
    given = {key: torch.from_numpy(np.ascontiguousarray(value)) for key, value in state.items() if key in wanted}
    absent = [key for key, value in wanted.items() if key not in given and value.is_floating_point()]
    if absent or any(wanted[key].shape != value.shape for key, value in given.items()):
        raise ModelError(f"{name}: the ONNX graph is not one that `ner-tui train` made: give a checkpoint for torch")
    model.load_state_dict(given, strict=False)


def _add_positions(model: PreTrainedModel, state: dict[str, _Floats]) -> None:
    """Put what a graph of MPNet knows by position and by distance into the tables it was made from."""
    places = "mpnet.embeddings.position_embeddings.weight"
    table = np.zeros(tuple(model.state_dict()[places].shape), np.float32)
    # The rows before are those of no position.
    table[len(table) - len(state[places]) :] = state[places]
    state[places] = table
    encoder = model.base_model.encoder
    assert isinstance(encoder, torch.nn.Module)
    by_distance = state.pop("position_bias").T
    farthest = len(by_distance) // 2
    buckets = encoder.relative_position_bucket(torch.arange(-farthest, farthest + 1)).numpy()  # type: ignore[operator]
    bias = "mpnet.encoder.relative_attention_bias.weight"
    rows = np.zeros(tuple(model.state_dict()[bias].shape), np.float32)
    rows[buckets] = by_distance
    state[bias] = rows


class _QuantisedGraph(Constants):
    """A graph whose weights are read."""

    def __init__(self, graph: GraphProto) -> None:
        super().__init__(graph)
        self._producers = {name: node for node in graph.node for name in node.output}
        self._exact: dict[str, _Floats] = {}
        self._layers: list[list[NodeProto]] = [[]]
        for node in graph.node:
            if node.op_type == "MultiHeadAttention":
                self._layers.append([])
            elif self._is_product(node):
                self._layers[-1].append(node)

    def weights(self, family: str) -> dict[str, _Floats]:
        """Return all weights under the names of a checkpoint of a family."""
        found = dict(self._plain())
        found |= self._tables(family)
        names, base = _FAMILIES[family], "mpnet" if family == FAMILY else "bert"
        # The products before an attention are its own; those behind it, but for the next one's, belong to it too.
        whole = [node for layer in self._layers for node in layer if not self._is_beside(node)]
        beside = [[node for node in layer if self._is_beside(node)] for layer in self._layers[1:]]
        layers = len(self._layers) - 1
        if len(whole) != layers * len(names) + 1:
            raise ValueError("its products are not those that `ner-tui train` writes; give a checkpoint for torch")
        for layer in range(layers):
            prefix = f"{base}.encoder.layer.{layer}"
            for name, node in zip(names, whole[layer * len(names) :], strict=False):
                found[f"{prefix}.{name}.weight"] = self._matrix(node).T
                if node.op_type == "MatMulIntegerToFloat":
                    found[f"{prefix}.{name}.bias"] = self._values(node.input[6])
            self._put_back(found, prefix, beside[layer])
        found["classifier.weight"] = self._matrix(whole[-1]).T
        return found

    def _put_back(self, found: dict[str, _Floats], prefix: str, nodes: list[NodeProto]) -> None:
        """Put channels that have products of their own back into the matrices, whose places for them hold zeros."""
        if not nodes:
            return
        into, out = (self._matrix(node) for node in nodes)
        bias = self._values(nodes[0].input[1].removesuffix("_weights") + "_bias")
        inner, outer = f"{prefix}.intermediate.dense", f"{prefix}.output.dense"
        empty = np.flatnonzero(~found[f"{inner}.weight"].any(axis=1) & (found[f"{inner}.bias"] == 0))
        # Which channel stands in which place changes nothing.
        places = empty[: len(bias)]
        found[f"{inner}.weight"][places] = into.T
        found[f"{inner}.bias"][places] = bias
        found[f"{outer}.weight"][:, places] = out.T

    def _plain(self) -> Iterator[tuple[str, _Floats]]:
        """Yield the constants that are weights as they are."""
        same = {node.output[0]: node.input[0] for node in self._graph.node if node.op_type == "Identity"}
        for name in (*self._constants, *same):
            start = next((start for start in _NAMES if name.startswith(start)), None)
            constant = same.get(name, name)
            if name == "position_bias":
                yield name, self._values(name)
            elif start is not None and constant in self._constants and not name.endswith(("_int8", "_step")):
                yield _NAMES[start] + name.removeprefix(start), self._values(constant).copy()

    def _tables(self, family: str) -> Iterator[tuple[str, _Floats]]:
        """Yield the tables whose rows are looked up in int8."""
        for name in self._constants:
            table = name.removesuffix("_int8")
            if name == table or f"{table}_step" not in self._constants or "attention" in table:
                continue
            rows = self._values(name) * self._values(f"{table}_step")
            if "word_embeddings" in table:
                yield f"{family}.embeddings.word_embeddings.weight", rows
            else:
                yield f"{family}.embeddings.position_embeddings.weight", rows

    def _is_product(self, node: NodeProto) -> bool:
        of_weights = node.op_type in ("MatMul", "MatMulInteger", "MatMulIntegerToFloat")
        return of_weights and node.input[1] in self._constants

    def _is_beside(self, node: NodeProto) -> bool:
        return node.op_type == "MatMul" and node.input[1].endswith(("_into_weights", "_beside_weights"))

    def _matrix(self, node: NodeProto) -> _Floats:
        """Return a product's weights, (in, out), as they were before their channels were made smaller."""
        if node.op_type == "MatMul":
            left, weights = node.input[0], self._values(node.input[1])
        else:
            left = self._producers[node.input[0]].input[0]
            weights = (self._values(node.input[1]) - self._zero(node)) * self._scale(node)
        before = self._producers.get(left)
        if before is not None and before.op_type == "Mul" and before.input[1] in self._constants:
            weights = weights * self._values(before.input[1])[:, None]
        return weights

    def _zero(self, node: NodeProto) -> _Floats:
        return self._values(node.input[5 if node.op_type == "MatMulIntegerToFloat" else 3])

    def _scale(self, node: NodeProto) -> _Floats:
        if node.op_type == "MatMulIntegerToFloat":
            return self._values(node.input[3])
        return self._values(node.input[1].removesuffix("_quantized") + "_scale")
