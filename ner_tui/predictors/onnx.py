"""The ``onnx`` backend: onnxruntime and tokenizers, no torch; ready in a fraction of a second.

Reads the bundled folder and anyone's export: an ONNX file in the folder or in its ``onnx/``, ``tokenizer.json``,
``config.json``. The graph's inputs are ``input_ids``, ``attention_mask`` and, if it has them, ``token_type_ids`` and
``position_ids``; its output is named ``logits`` or comes first. Graphs that keep weights in other files are held to
their own folder by onnxruntime itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ner_tui.errors import ModelError
from ner_tui.predictors.base import TrainedOn
from ner_tui.predictors.checkpoint import Checkpoint
from ner_tui.predictors.checkpoint_limits import refuse_vocabularies
from ner_tui.predictors.faults import reported_as
from ner_tui.predictors.forward import FloatArray, ModelInputs, StateForward
from ner_tui.predictors.published import foreign_graph, without_settings
from ner_tui.predictors.weights import Weights
from ner_tui.predictors.windowed import WindowedPredictor

BATCH_PIECES = 1_024
"""Sub-tokens of a batch, padding included, for graphs that take a mask. A batch shares the scales of int8, so this
number changes results a little. A graph without a mask cannot be given padding and reads each window by itself."""
SLOW = ["SkipLayerNormFusion"]
"""Optimisations of onnxruntime's that make a graph slower on a CPU: its fused layer norm takes four times as long."""
INTEGERS = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}


def open_onnx(
    checkpoint: Checkpoint,
    weights: Weights,
    model_tags: Sequence[str] | None = None,
    trained_on: TrainedOn | None = None,
    threads: int | None = None,
) -> WindowedPredictor:
    """Load an ONNX checkpoint.

    Args:
        checkpoint: its folder.
        weights: the graph in it.
        model_tags: names of the tags in the order of the outputs, for a config that has none.
        trained_on: what the model saw in training; None: what its files say.
        threads: batches that are read at a time, each by a processor; None: as many as this process may use.

    Raises:
        ModelError: a file is missing or damaged, the graph is not that of a token classifier, or tags have no names.
    """
    tokenizer = read_tokenizer(checkpoint)
    session = open_session(checkpoint, weights)
    _refuse_gliners(session, checkpoint)
    logits = _logits(session, checkpoint)
    width = logits.shape[-1]
    tags = checkpoint.tags(model_tags, width if isinstance(width, int) else None)
    return WindowedPredictor(
        checkpoint,
        weights,
        tokenizer,
        _forward(session, checkpoint, logits.name),
        tags,
        precision=weights.precision,
        pad_id=pad_id(checkpoint, tokenizer),
        batch_pieces=BATCH_PIECES if any(given.name == "attention_mask" for given in session.get_inputs()) else 0,
        threads=threads or processors(),
        trained_on=trained_on,
        states=_states(session, checkpoint, logits.name),
    )


def read_tokenizer(checkpoint: Checkpoint) -> Tokenizer:
    """Read ``tokenizer.json``.

    Raises:
        ModelError: it is missing or damaged.
    """
    path = checkpoint.folder / "tokenizer.json"
    if not path.is_file():
        raise ModelError(
            f"{checkpoint.name}: there is no tokenizer.json; export the model with its tokenizer, "
            "or copy that file from the checkpoint it was made from"
        )
    refuse_vocabularies(checkpoint.name, [path])
    with reported_as(f"{path}: not a tokenizer"):
        return Tokenizer.from_file(str(path))


def pad_id(checkpoint: Checkpoint, tokenizer: Tokenizer) -> int:
    """Return the id that fills windows up; it is masked, so any id of the vocabulary would do."""
    given = checkpoint.config.get("pad_token_id")
    return given if isinstance(given, int) and 0 <= given < tokenizer.get_vocab_size() else 0


def processors() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS
        return os.cpu_count() or 1


def open_session(checkpoint: Checkpoint, weights: Weights) -> onnxruntime.InferenceSession:
    """Load a graph, to be run by one thread or several, each with a processor of its own.

    Raises:
        ModelError: it cannot be run.
    """
    options = onnxruntime.SessionOptions()
    # A processor for each batch: several for one wait for each other at every layer, the more so on a busy machine.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    path = weights.files[0]
    shown = path.relative_to(checkpoint.folder)
    with reported_as(f"{checkpoint.name}: {shown} is not a model that can be run"):
        return onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOW
        )


def _refuse_gliners(session: onnxruntime.InferenceSession, checkpoint: Checkpoint) -> None:
    inputs = [given.name for given in session.get_inputs()]
    if refusal := foreign_graph(checkpoint.name, inputs, [given.name for given in session.get_outputs()]):
        raise refusal
    if "words_mask" in inputs:
        raise ModelError(without_settings(checkpoint.name))


def _logits(session: onnxruntime.InferenceSession, checkpoint: Checkpoint) -> onnxruntime.NodeArg:
    """Return the output that has a value for each sub-token and tag."""
    outputs = session.get_outputs()
    output = next((given for given in outputs if given.name == "logits"), outputs[0])
    if len(output.shape or ()) != 3:
        raise ModelError(f"{checkpoint.name}: the ONNX graph gives {output.shape}, not values for each sub-token")
    return output


def _states(session: onnxruntime.InferenceSession, checkpoint: Checkpoint, logits: str) -> StateForward | None:
    """Return how the states of layers are got: those that `ner-tui train` exports, else the last one's."""
    given = {each.name: each.shape for each in session.get_outputs() if len(each.shape or ()) == 3}
    names = [name for name in given if name.startswith("hidden_") and name.removeprefix("hidden_").isdecimal()]
    names = names or [name for name in ("last_hidden_state",) if name in given]
    widths = [given[name][2] for name in names]
    if not names or not all(isinstance(width, int) for width in widths):
        return None
    run = _outputs(session, checkpoint, [logits, *names])

    def both(inputs: ModelInputs) -> tuple[FloatArray, FloatArray]:
        found, *states = run(inputs)
        return found, np.concatenate(states, axis=2)

    return StateForward(sum(widths), both)


def _forward(
    session: onnxruntime.InferenceSession, checkpoint: Checkpoint, output: str
) -> Callable[[ModelInputs], FloatArray]:
    run = _outputs(session, checkpoint, [output])
    return lambda inputs: run(inputs)[0]


def _outputs(
    session: onnxruntime.InferenceSession, checkpoint: Checkpoint, outputs: Sequence[str]
) -> Callable[[ModelInputs], list[FloatArray]]:
    """Match the graph's inputs with ours.

    Args:
        outputs: names of those that are given, the logits first.
    """
    name = checkpoint.name
    kinds = {given.name: INTEGERS.get(given.type) for given in session.get_inputs()}
    known = ("input_ids", "attention_mask", "token_type_ids", "position_ids")
    strange = [given for given, kind in kinds.items() if given not in known or kind is None]
    if strange or "input_ids" not in kinds:
        asked = ", ".join(strange) or "no input_ids"
        raise ModelError(f"{name}: the ONNX graph asks for {asked}, so it is not a token classifier")
    if checkpoint.letter_shapes and "token_type_ids" not in kinds:
        raise ModelError(f"{name}: config.json asks for token types, but the ONNX graph has no token_type_ids")
    fixed = [size for given in session.get_inputs() for size in given.shape if isinstance(size, int)]
    if fixed:
        raise ModelError(f"{name}: the ONNX graph takes one size of text only ({fixed}); export it with dynamic axes")

    def run(inputs: ModelInputs) -> list[FloatArray]:
        arrays: dict[str, NDArray[np.int64]] = {
            "input_ids": inputs.ids,
            "attention_mask": inputs.mask,
            "token_type_ids": inputs.types,
            "position_ids": np.broadcast_to(np.arange(inputs.ids.shape[1]), inputs.ids.shape),
        }
        feed = {given: np.ascontiguousarray(arrays[given], dtype=kind) for given, kind in kinds.items()}
        with reported_as(f"{name}: the model failed"):
            found = session.run(list(outputs), feed)
        return [np.asarray(each, dtype=np.float32) for each in found]

    return run
