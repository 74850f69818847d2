"""The ONNX graph of a GLiNER: which kind it is, told by its inputs, and running it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from ner_tui.errors import ModelError
from ner_tui.predictors.faults import reported_as
from ner_tui.predictors.gliner.settings import Settings
from ner_tui.predictors.onnx import INTEGERS, open_session
from ner_tui.predictors.published import foreign_graph
from ner_tui.predictors.weights import Weights

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]

_OF_WORDS = frozenset({"input_ids", "attention_mask", "words_mask", "text_lengths"})
_OF_SPANS = _OF_WORDS | {"span_idx", "span_mask"}
_FIXED = {"text_lengths": (1, 1), "span_idx": (2, 2)}
"""Axes that may have a fixed size: input to (axis, size)."""


@dataclass(frozen=True, slots=True)
class WindowBatch:
    """Windows that are read together, with the same prompt before each; padded on the right."""

    ids: IntArray
    """Windows x sub-tokens."""
    mask: IntArray
    """The same shape: 1 for a sub-token, 0 for padding."""
    words: IntArray
    """The same shape: number of the word whose first sub-token this is, from 1; else 0."""
    lengths: list[int]
    """Words of each window."""
    labels: int
    """How many labels are asked for."""


class Graph:
    """A graph that can be run; ``forward`` may be called by several threads."""

    def __init__(self, settings: Settings, weights: Weights) -> None:
        """Load a graph.

        Raises:
            ModelError: it is no ONNX graph, or none of the two kinds that are run.
        """
        self._name = settings.name
        self._width = settings.width
        self._session: onnxruntime.InferenceSession | None = open_session(settings.checkpoint, weights)
        self.of_spans = self._kind(self._session)
        """Whether it scores spans; else the beginnings, ends and insides of spans, word by word."""
        self._inputs = {given.name: given.type for given in self._session.get_inputs()}

    def _kind(self, session: onnxruntime.InferenceSession) -> bool:
        inputs = {given.name: given for given in session.get_inputs()}
        outputs = {given.name for given in session.get_outputs()}
        if refusal := foreign_graph(self._name, inputs, outputs):
            raise refusal
        strange = sorted(inputs.keys() - _OF_SPANS)
        missing = sorted((_OF_SPANS if "span_idx" in inputs or "span_mask" in inputs else _OF_WORDS) - inputs.keys())
        if strange or missing or "logits" not in outputs:
            what = f"asks for {', '.join(strange)}" if strange else f"has no {', '.join([*missing, 'logits'][:1])}"
            raise ModelError(
                f"{self._name}: the ONNX graph {what}, so it is no GLiNER graph that is known here: export it with the "
                "gliner package's export_to_onnx"
            )
        for name, given in inputs.items():
            if given.type != "tensor(bool)" and given.type not in INTEGERS:
                raise ModelError(f"{self._name}: the ONNX graph asks for {name} as {given.type}, not as whole numbers")
            fixed = [
                size
                for axis, size in enumerate(given.shape)
                if isinstance(size, int) and (axis, size) != _FIXED.get(name)
            ]
            if fixed:
                raise ModelError(
                    f"{self._name}: the ONNX graph takes one size of text only ({fixed}); export it with dynamic axes"
                )
        return "span_idx" in inputs

    def forward(self, batch: WindowBatch) -> FloatArray:
        """Run the graph.

        Returns:
            Logits of windows x words x widths x labels, or, of a graph that scores words, windows x words x labels x 3.

        Raises:
            ModelError: it failed or gives something else, or the model was closed.
        """
        session = self._session
        if session is None:
            raise ModelError(f"{self._name}: the model was closed")
        lengths = np.array(batch.lengths, dtype=np.int64)
        longest = max(batch.lengths)
        arrays: dict[str, NDArray[np.int64]] = {
            "input_ids": batch.ids,
            "attention_mask": batch.mask,
            "words_mask": batch.words,
            "text_lengths": lengths[:, None],
        }
        if self.of_spans:
            arrays["span_idx"], arrays["span_mask"] = _spans(lengths, longest, self._width)
        kinds = {name: np.bool_ if kind == "tensor(bool)" else INTEGERS[kind] for name, kind in self._inputs.items()}
        feed: dict[str, NDArray[np.generic]] = {
            name: np.ascontiguousarray(arrays[name], dtype=kind) for name, kind in kinds.items()
        }
        with reported_as(f"{self._name}: the model failed"):
            (logits,) = session.run(["logits"], feed)
        values = np.asarray(logits, dtype=np.float32)
        last = (self._width, batch.labels) if self.of_spans else (batch.labels, 3)
        if values.shape != (len(lengths), longest, *last):
            raise ModelError(
                f"{self._name}: the ONNX graph gives {list(values.shape)} values, not "
                f"{[len(lengths), longest, *last]}: gliner_config.json or the tokenizer is another model's"
            )
        if not np.isfinite(values).all():
            raise ModelError(f"{self._name}: the model returned values that are not numbers; it may be damaged")
        return values

    def close(self) -> None:
        """Let go of the graph."""
        self._session = None


def _spans(lengths: IntArray, longest: int, width: int) -> tuple[IntArray, IntArray]:
    """Return all spans of each window, windows x (words · widths) x 2, and which of them lie inside it."""
    starts = np.repeat(np.arange(longest), width)
    ends = starts + np.tile(np.arange(width), longest)
    mask = ends < lengths[:, None]
    spans = np.stack((starts, ends), axis=1)[None] * mask[:, :, None]
    return spans, mask.astype(np.int64)
