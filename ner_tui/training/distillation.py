"""What teachers say of windows, read once and kept on disk: logits and states of layers, for first sub-tokens.

A teacher is a checkpoint with a graph (`onnx/model_int8.onnx`), as `ner-tui train` writes it. The logits of several are
averaged. A student's states may be held against those of its teachers: pairs of layers, every channel in units of its
own spread, by way of a projection where the two are not of one width.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from transformers import PreTrainedModel

from ner_tui.errors import InputError, ModelError
from ner_tui.formats.files.atomic import atomic_writer
from ner_tui.predictors.checkpoint import Checkpoint
from ner_tui.predictors.onnx import SLOW, processors, read_tokenizer
from ner_tui.training.batches import Encoded, WindowEncoder
from ner_tui.training.data import TrainingSentence
from ner_tui.training.recipe import Teacher, TrainingOptions

PROJECTIONS = "projections"
"""What takes a student's states to the width of a teacher's is called, while a student is taught."""
AT_ONCE = 512
"""Windows that are read between two notes of how far the reading is."""
MEASURED = 20_000
"""Words whose states tell the spread of each channel."""

_Array = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class States:
    """The states of one of a teacher's layers, and the student's layer that is to have them."""

    layer: int
    """Of the student, from 1."""
    values: _Array
    """(words, channels)."""
    spread: torch.Tensor
    """Standard deviation of each channel."""


@dataclass(frozen=True, slots=True)
class TeacherOutputs:
    """What teachers say of words, in the order of the windows."""

    logits: tuple[_Array, ...]
    """One array for each teacher, (words, tags), in the order of the student's tags."""
    states: tuple[States, ...]

    def attach(self, model: PreTrainedModel) -> None:
        """Give a model the projections that it needs to be compared."""
        width = model.config.hidden_size
        made = [
            torch.nn.Identity() if each.values.shape[1] == width else torch.nn.Linear(width, each.values.shape[1])
            for each in self.states
        ]
        setattr(model, PROJECTIONS, torch.nn.ModuleList(made))

    def detach(self, model: PreTrainedModel) -> None:
        """Take the projections away: they are no part of what was learnt."""
        delattr(model, PROJECTIONS)

    def loss(
        self, model: PreTrainedModel, output: Any, rows: torch.Tensor, options: TrainingOptions
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return how far a student is from its teachers: in what it says, and in its states.

        Args:
            model: the student.
            output: of the student, hidden states included; (windows, sub-tokens, …).
            rows: each first sub-token's word, -1 for others; (windows, sub-tokens).
            options: `distillation_temperature` divides logits.
        """
        asked = rows[rows >= 0].numpy()
        said = np.mean([logits[asked].astype(np.float32) for logits in self.logits], axis=0)
        # Words that no teacher reached, at the end of a window that is too long.
        known = np.isfinite(said).all(axis=1)
        heads = torch.zeros_like(rows, dtype=torch.bool)
        heads[rows >= 0] = torch.from_numpy(known)
        asked = asked[known]
        if not len(asked):
            return output.logits.sum() * 0, output.logits.sum() * 0
        theirs = torch.log_softmax(torch.from_numpy(said[known]) / options.distillation_temperature, dim=-1)
        ours = torch.log_softmax(output.logits[heads].float() / options.distillation_temperature, dim=-1)
        apart = (
            torch.nn.functional.kl_div(ours, theirs, reduction="batchmean", log_target=True)
            * options.distillation_temperature**2
        )
        strange = output.logits.sum() * 0
        for each, project in zip(self.states, getattr(model, PROJECTIONS), strict=True):
            found = project(output.hidden_states[each.layer][heads]).float()
            wanted = torch.from_numpy(each.values[asked].astype(np.float32))
            strange = strange + ((found - wanted) / each.spread).square().mean() / len(self.states)
        return apart, strange


def read_teachers(
    teachers: Sequence[Teacher],
    tags: Sequence[str],
    windows: Sequence[TrainingSentence],
    folder: Path,
    tell: Callable[[str], None] = lambda _: None,
) -> TeacherOutputs:
    """Have teachers read windows, or take from disk what they said before; a reading that was interrupted goes on.

    Args:
        teachers: at least one.
        tags: the student's, in order.
        windows: what is to be read.
        folder: where what they say is kept, in a folder for each teacher and text.
        tell: takes a sentence on how far it is.

    Raises:
        InputError: the folder cannot be written.
        ModelError: a teacher cannot be used, has other tags, or its graph does not give a layer's states.
    """
    text = sha256("\n".join(" ".join(window.words) for window in windows).encode("utf-8", "replace")).hexdigest()
    said, states = [], []
    for teacher in teachers:
        reading = _Reading(teacher, tags, windows, folder, text)
        reading.finish(windows, tell)
        said.append(reading.arrays["logits"])
        states += [_states(student, reading.arrays[f"hidden_{layer}"]) for layer, student in teacher.match]
    return TeacherOutputs(tuple(said), tuple(states))


def _states(layer: int, values: _Array) -> States:
    some = values[:MEASURED].astype(np.float32)
    spread = some[np.isfinite(some).all(axis=1)].std(axis=0)
    return States(layer, values, torch.from_numpy(np.maximum(spread, 1e-3)))


class _Reading:
    """One teacher with a text: arrays on disk that are filled window by window."""

    def __init__(
        self, teacher: Teacher, tags: Sequence[str], windows: Sequence[TrainingSentence], folder: Path, text: str
    ) -> None:
        name = str(teacher.path)
        checkpoint = Checkpoint.read(teacher.path, name)
        weights = checkpoint.weights("onnx")
        if weights is None:
            raise ModelError(f"{name}: a teacher needs a graph (onnx/model_int8.onnx)")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 4
        self._session = onnxruntime.InferenceSession(
            str(weights.files[0]), options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOW
        )
        self._inputs = [given.name for given in self._session.get_inputs()]
        self._outputs = ["logits", *dict.fromkeys(f"hidden_{layer}" for layer, _ in teacher.match)]
        given = {each.name: each.shape[-1] for each in self._session.get_outputs()}
        if absent := [output for output in self._outputs if output not in given]:
            raise ModelError(f"{name}: the teacher's graph does not give {absent[0]}")
        own = checkpoint.tags(None)
        if set(own) != set(tags):
            raise ModelError(f"{name}: the teacher's tags are {', '.join(own)}, not {', '.join(tags)}")
        self._order = [own.index(tag) for tag in tags]
        special = len(read_tokenizer(checkpoint).encode("").ids)
        self._encoder = WindowEncoder(
            read_tokenizer(checkpoint),
            letter_shapes=checkpoint.letter_shapes,
            max_pieces=checkpoint.limits(special).pieces + special,
            pad_id=0,
        )
        self._name = name
        words = sum(len(window.words) for window in windows)
        self._folder = folder / f"{weights.sha256()[:16]}-{text[:16]}"
        widths = [len(tags), *(_width(checkpoint) for _ in self._outputs[1:])]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self.arrays = {
                output: _array(self._folder / f"{output}.npy", (words, width))
                for output, width in zip(self._outputs, widths, strict=True)
            }
        except OSError as error:
            raise InputError(f"{self._folder}: cannot be written: {error.strerror}") from error

    def finish(self, windows: Sequence[TrainingSentence], tell: Callable[[str], None]) -> None:
        """Read what has not been read yet."""
        note = self._folder / "-".join(["done", *self._outputs])
        done = int(json.loads(note.read_text())) if note.is_file() else 0
        row = sum(len(window.words) for window in windows[:done])
        with ThreadPoolExecutor(processors()) as pool:
            while done < len(windows):
                part = windows[done : done + AT_ONCE]
                encoded = self._encoder.encode(part)
                for window, found in zip(encoded, pool.map(self._run, encoded), strict=True):
                    heads = np.array(window.heads)
                    places = np.flatnonzero(heads >= 0)
                    for output, values in zip(self._outputs, found, strict=True):
                        rows = values[0, places]
                        kept = rows[:, self._order] if output == "logits" else rows
                        self.arrays[output][row + window.before + heads[places]] = kept
                row += sum(len(window.words) for window in part)
                done += len(part)
                for array in self.arrays.values():
                    if isinstance(array, np.memmap):
                        array.flush()
                with atomic_writer(note) as stream:
                    stream.write(str(done))
                tell(f"{self._name} has read {done:,} of {len(windows):,} windows")

    def _run(self, window: Encoded) -> list[NDArray[np.float32]]:
        ids = np.array([window.ids], dtype=np.int64)
        values = {"input_ids": ids, "token_type_ids": np.array([window.types]), "attention_mask": np.ones_like(ids)}
        found: list[NDArray[np.float32]] = self._session.run(
            self._outputs, {name: values[name] for name in self._inputs}
        )
        return found


def _width(checkpoint: Checkpoint) -> int:
    width = checkpoint.config.get("hidden_size")
    if not isinstance(width, int):
        raise ModelError(f"{checkpoint.name}: config.json does not tell the hidden size of the teacher")
    return width


def _array(path: Path, shape: tuple[int, int]) -> _Array:
    """Open an array on disk, or make one that says nothing yet."""
    if path.is_file():
        return np.lib.format.open_memmap(path, mode="r+")
    made = np.lib.format.open_memmap(path, mode="w+", dtype=np.float16, shape=shape)
    made[:] = np.nan
    return made
