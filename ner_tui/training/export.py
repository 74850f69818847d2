"""Checkpoint to ONNX: a graph of logits and hidden states, fused where that is known to work, then int8.

Inputs are `input_ids`, `token_type_ids` if the model has them or is fed letter shapes, and `attention_mask` if the
graph needs one: int64, (windows, sub-tokens), both free. Outputs are `logits`, (windows, sub-tokens, tags), and
`last_hidden_state` and the states of some layers, `hidden_4` and so on, (windows, sub-tokens, hidden): float32. States
are values of the graph anyway: they cost nothing unless they are asked for.

Weights become int8 with a scale per column; activations are scaled as they come, one scale per
tensor, after their outliers were dealt with (`outliers`), and the graph is then made faster
(`lighter`). On x86 without VNNI instructions (before 2019, roughly) products of int8 weights with uint8 activations are
summed in 16 bits and may saturate; `reduce_range` gives the weights 7 bits, which cannot.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.optimizer import optimize_model
from transformers import PreTrainedModel

from ner_tui.predictors.letter_shape_embedding import has_letter_shapes, run, takes_token_types
from ner_tui.training.lighter import MICROSOFT, lighten, split_embedding
from ner_tui.training.mpnet import FAMILY, ExportableMPNet
from ner_tui.training.outliers import calm
from ner_tui.training.sample import LONGEST

OPSET = 17
STDOUT = 1
"""The number of standard output."""
_KEPT = 4
"""Positions that are left free at the end."""

FUSED = frozenset({"bert", "roberta", "xlm-roberta", "camembert", "electra", "distilbert"})
"""Values of `model_type` whose graph onnxruntime's optimiser fuses without changing a result."""
FUSED_BYTES = 19 * 10**8
"""The most that weights may have for that: a fused graph is written as one file, which cannot hold more than 2 GiB."""


def output_layers(count: int) -> tuple[int, ...]:
    """Return the layers whose states a graph gives, from 1: what is learnt later learns from a third of the way on."""
    return tuple(dict.fromkeys(max(1, round(count * part / 3)) for part in (1, 2, 3)))


class _PositionalModel(torch.nn.Module):
    """The model with positional inputs, and the outputs that a graph has alone."""

    def __init__(self, model: PreTrainedModel, names: list[str], layers: Sequence[int]) -> None:
        super().__init__()
        self._model = model
        self._names = names
        self._layers = layers

    def forward(self, *inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
        given = dict(zip(self._names, inputs, strict=True))
        ids, mask, types = (given.get(name) for name in ("input_ids", "attention_mask", "token_type_ids"))
        assert ids is not None
        result = run(self._model, ids, mask, types, output_hidden_states=True)
        states = result.hidden_states
        return (result.logits, states[-1], *(states[layer] for layer in self._layers))


def export(
    model: PreTrainedModel,
    folder: Path,
    sample: Sequence[Sequence[int]],
    *,
    keep_fp32: bool = False,
    reduce_range: bool = False,
) -> Path:
    """Write `model_int8.onnx` and, if asked, `model.onnx` into an existing folder.

    Args:
        model: a token classifier with eager attention, in float32.
        folder: where to write.
        sample: sub-tokens of some text, special ones included, on which outliers are found.
        keep_fp32: write the unquantised graph too: four times the size, half the speed.
        reduce_range: 7-bit weights, for processors whose int8 products saturate.

    Returns:
        The path of the int8 file.
    """
    int8 = folder / "model_int8.onnx"
    with TemporaryDirectory() as scratch, _quietly():
        plain = Path(scratch) / "model.onnx"
        written_out = model.config.model_type == FAMILY
        _trace(model, plain, written_out=written_out)
        fused = model.config.model_type in FUSED and _bytes(model) < FUSED_BYTES
        if fused:
            _fuse(model, plain)
        if keep_fp32:
            _copy(plain, folder)
        exact: list[str] = []
        if fused or written_out:
            exact = [*calm(plain, _fitting(model, sample)), *split_embedding(plain)]
        quantize_dynamic(
            plain,
            int8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=reduce_range,
            nodes_to_exclude=exact,
            # Fused operators have no shape inference: without this the quantiser cannot name their type.
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
        if fused or written_out:
            lighten(int8)
    return int8


def _trace(model: PreTrainedModel, path: Path, *, written_out: bool) -> None:
    shaped = takes_token_types(model) or has_letter_shapes(model)
    layers = output_layers(model.config.num_hidden_layers)
    # Two windows, one with padding: a trace of a single full window would leave the mask out.
    ids = torch.tensor([[1, 2, 3, 4], [1, 2, 3, 0]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    given = {"input_ids": ids, "attention_mask": mask} | ({"token_type_ids": torch.zeros_like(ids)} if shaped else {})
    if written_out:
        del given["attention_mask"]
    names = list(given)
    graph = ExportableMPNet(model, layers) if written_out else _PositionalModel(model, names, layers)
    outputs = ["logits", "last_hidden_state", *(f"hidden_{layer}" for layer in layers)]
    was_training = model.training
    model.eval()
    with torch.no_grad():
        torch.onnx.export(
            graph,
            tuple(given.values()),
            str(path),
            input_names=names,
            output_names=outputs,
            dynamic_axes={name: {0: "windows", 1: "pieces"} for name in (*names, *outputs)},
            opset_version=OPSET,
            custom_opsets={MICROSOFT: 1} if written_out else None,
            dynamo=False,
        )
    model.train(was_training)


def _fuse(model: PreTrainedModel, path: Path) -> None:
    """Replace attention, layer norms and GELUs by onnxruntime's own operators."""
    fused = optimize_model(
        str(path),
        model_type="bert",
        num_heads=model.config.num_attention_heads,
        hidden_size=model.config.hidden_size,
    )
    fused.save_model_to_file(str(path))


def _bytes(model: PreTrainedModel) -> int:
    return sum(weights.numel() * weights.element_size() for weights in model.parameters())


def _fitting(model: PreTrainedModel, sample: Sequence[Sequence[int]]) -> list[Sequence[int]]:
    """Cut windows to what the model can take; some families keep a few positions for themselves."""
    most = getattr(model.config, "max_position_embeddings", LONGEST) - _KEPT
    return [window[: max(most, 1)] for window in sample]


def _copy(graph: Path, folder: Path) -> None:
    """Copy a graph with the files of weights that may be beside it."""
    for file in graph.parent.iterdir():
        shutil.copy(file, folder / file.name)


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep the exporters' advice to developers off the terminal of someone who trains."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), _no_output():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


@contextmanager
def _no_output() -> Iterator[None]:
    """Send standard output nowhere: a graph that cannot be exported is printed there, all of it, not by Python."""
    if sys.stdout is not None:
        sys.stdout.flush()
    try:
        out = os.dup(STDOUT)
    except OSError:  # it is closed
        yield
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, STDOUT)
        os.close(nowhere)
        yield
    finally:
        os.dup2(out, STDOUT)
        os.close(out)
