"""The folder of the checkpoint that a run starts from, whatever was named: a folder, a hub name, a bundled model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ner_tui.errors import ModelError
from ner_tui.predictors import BUNDLED_MODELS, resolve
from ner_tui.predictors import checkpoint_limits as limits
from ner_tui.predictors.checkpoint import Checkpoint
from ner_tui.predictors.published import foreign_folder, refuse_families
from ner_tui.training.base import refuse_dangers
from ner_tui.training.restoring import restore


@contextmanager
def opened_base(base: str | Path, *, allow_pickle: bool = False) -> Iterator[Path]:
    """Give the folder of the checkpoint that a run starts from, for as long as the run takes.

    Of a bundled model, and of a folder with nothing but an int8 graph of ours, it is one that is made of the graph.

    Args:
        base: a folder, a hub name, or that of a bundled model.
        allow_pickle: read pickled weights where there are no others.

    Raises:
        ModelError: there is no such checkpoint, or none that can be trained on.
    """
    name = str(base)
    folder = BUNDLED_MODELS.get(name) or resolve(name, allow_pickle=allow_pickle)
    if refusal := foreign_folder(name, folder):
        raise refusal
    if not (folder / "config.json").is_file():
        raise ModelError(f"{name}: there is no config.json, so this is not the folder of a model")
    checkpoint = Checkpoint(folder, name, limits.read_json(folder / "config.json"))
    refuse_families(name, checkpoint.config)
    refuse_dangers(folder)
    graph = checkpoint.weights("onnx")
    if graph is None or checkpoint.weights("safetensors") or checkpoint.weights("pickle"):
        yield folder
        return
    with TemporaryDirectory() as scratch:
        restore(checkpoint, graph, Path(scratch))
        yield Path(scratch)
