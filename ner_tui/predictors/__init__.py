"""Models as suggestions: windows, backends, the bundled checkpoints. ``load`` is the door.

Importing this package imports no backend; ``load`` imports the one it needs.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from ner_tui.errors import ModelError

if TYPE_CHECKING:
    from ner_tui.predictors.base import Predictor, PromptedModel, TrainedOn

_log = logging.getLogger(__name__)
BUNDLED = "bundled"
"""The name of the model that is used where none is named."""
_FOLDER = Path(__file__).parent / "bundled"
BUNDLED_MODELS = {BUNDLED: _FOLDER / "bundled-4", "fast": _FOLDER / "fast-3"}
"""The models that come with the program: name and folder, which is called as projects remember the model.

New weights get a folder with another number. `fast` is a third of the size and several times as fast.
"""
NO_MODEL = "none"
"""In place of a model's name, for a project in which none predicts."""
_BUNDLED_FOLDER = re.compile(r"(bundled|fast)-\d+")
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")


class LoadOptions(NamedTuple):
    """What a person says of a checkpoint; see ``load``."""

    model_tags: tuple[str, ...] | None = None
    allow_pickle: bool = False
    trained_on: TrainedOn | None = None
    threads: int | None = None


def load(
    spec: str | None = None,
    *,
    model_tags: Sequence[str] | None = None,
    allow_pickle: bool = False,
    isolated: bool = False,
    trained_on: TrainedOn | None = None,
) -> Predictor:
    """Load a token classifier; arguments as for ``load_model``.

    Raises:
        ModelError: there is no such model or it cannot be used; the sentence says what to do.
    """
    from ner_tui.predictors.base import PromptedModel

    model = load_model(spec, model_tags=model_tags, allow_pickle=allow_pickle, isolated=isolated, trained_on=trained_on)
    if isinstance(model, PromptedModel):
        from ner_tui.predictors.published import no_classifier

        model.close()
        raise ModelError(no_classifier(spec or BUNDLED))
    return model


def load_model(
    spec: str | None = None,
    *,
    model_tags: Sequence[str] | None = None,
    allow_pickle: bool = False,
    isolated: bool = False,
    trained_on: TrainedOn | None = None,
    threads: int | None = None,
) -> Predictor | PromptedModel:
    """Load a model.

    A checkpoint's fast copy is preferred to the checkpoint (see ``cache``): a person made it for that. A folder's
    safetensors are preferred to an ONNX file beside them, since they are exact; without torch the ONNX file is used.

    Args:
        spec: None or empty for the default model, a name of `BUNDLED_MODELS`, a folder with a checkpoint, or a hub
            name, of a checkpoint or of a GLiNER. A folder that is called like a bundled model is `./fast`.
        model_tags: names of the model's tags in the order of its ids, for a checkpoint that has none.
        allow_pickle: read pickled weights where there are no others; a file of that kind can hold code.
        isolated: keep torch in a child process, where it can neither stall nor kill this one.
        trained_on: whether a model with a byte-level or sentence-piece vocabulary was trained on split words or on
            running text; None: what its files say.
        threads: how many processors are used; None: all that this process may use. Torch has one number for all of a
            process, and one that is isolated uses all.

    Raises:
        ModelError: there is no such model or it cannot be used; the sentence says what to do.
    """
    begun = perf_counter()
    options = LoadOptions(None if model_tags is None else tuple(model_tags), allow_pickle, trained_on, threads)
    model = _load(spec or BUNDLED, options, isolated=isolated)
    _log.info("the model is loaded: %.3f s", perf_counter() - begun)
    return model


def _load(name: str, options: LoadOptions, *, isolated: bool) -> Predictor | PromptedModel:
    from ner_tui.predictors.checkpoint import Checkpoint

    folder = BUNDLED_MODELS.get(name) or _folder(name)
    if name not in BUNDLED_MODELS:
        from ner_tui.predictors.memory_limit import limit_memory

        limit_memory()
        if copy := _fast(name, folder, options):
            return copy
    asked_hub = folder is None
    if folder is None:
        folder = resolve(name, allow_pickle=options.allow_pickle)
    if is_gliner(folder):
        from ner_tui.predictors.gliner.model import Gliner
        from ner_tui.predictors.gliner.settings import Settings

        return Gliner(Settings.read(folder, name), options.threads)
    if asked_hub and isolated:
        return _child(name, options)
    checkpoint = Checkpoint.read(folder, folder.name if name in BUNDLED_MODELS else name)
    weights = checkpoint.choose(torch=torch_installed(), allow_pickle=options.allow_pickle)
    if weights.kind == "onnx":
        from ner_tui.predictors.onnx import open_onnx

        return open_onnx(checkpoint, weights, options.model_tags, options.trained_on, options.threads)
    checkpoint.tags(options.model_tags, weights.outputs)
    if isolated:
        return _child(name, options)
    from ner_tui.predictors.transformer import open_transformer

    return open_transformer(checkpoint, weights, options.model_tags, options.trained_on, options.threads)


def require_spec(spec: str) -> None:
    """Refuse at once what names no model, before anything is read or made.

    Raises:
        ModelError: it is a file, or the path of a folder that does not exist.
    """
    if spec not in BUNDLED_MODELS and spec != NO_MODEL:
        _folder(spec)


def is_gliner(folder: Path) -> bool:
    """Whether a folder holds a GLiNER, which has to be asked for labels."""
    return (folder / "gliner_config.json").is_file()


def require_labels(spec: str | None, labels: Sequence[str]) -> None:
    """Refuse at once a folder of a GLiNER where no labels are given, before it is loaded.

    Raises:
        ModelError: it is one, and there are none.
    """
    if spec and not labels and is_gliner(Path(spec).expanduser()):
        from ner_tui.predictors.published import without_labels

        raise ModelError(without_labels(spec))


def resolve(spec: str, *, allow_pickle: bool = False) -> Path:
    """Return the folder of a checkpoint; a hub name is downloaded if the cache does not hold it.

    Raises:
        ModelError: there is no such checkpoint, or it cannot be had here.
    """
    folder = _folder(spec)
    if folder is None:
        from ner_tui.predictors.hub import download

        folder = download(spec, allow_pickle=allow_pickle, torch=torch_installed())
    return folder


def torch_installed() -> bool:
    """Whether the ``transformer`` backend can be imported, without importing it."""
    return find_spec("torch") is not None and find_spec("transformers") is not None


def _folder(spec: str) -> Path | None:
    """Return the folder that a spec names; None for a hub name.

    Raises:
        ModelError: it is neither.
    """
    from ner_tui.predictors.published import foreign_file, foreign_name

    # `Path.expanduser` fails where there is no such user.
    folder = Path(os.path.expanduser(spec))  # noqa: PTH111
    if folder.is_dir():
        return folder
    if folder.exists():
        if whose := foreign_file(spec):
            raise ModelError(f"{spec}: {whose}")
        raise ModelError(f"{spec}: is a file; give the folder of the checkpoint, which holds its config.json too")
    if whose := foreign_name(spec):
        raise ModelError(f"{spec}: {whose}")
    if _BUNDLED_FOLDER.fullmatch(spec):
        those = " and ".join(f"{folder.name} (--model {name})" for name, folder in BUNDLED_MODELS.items())
        raise ModelError(f"{spec}: is a model of this program by its version; this one comes with {those}")
    if not _HUB_NAME.fullmatch(spec):
        raise ModelError(f"{spec}: there is no such folder")
    return None


def _fast(name: str, folder: Path | None, options: LoadOptions) -> Predictor | None:
    """Load a checkpoint's fast copy; None if there is none that can be used."""
    from ner_tui.predictors.cache import fast_copy

    copy = fast_copy(name, folder)
    if copy is None:
        return None
    from ner_tui.predictors.checkpoint import Checkpoint
    from ner_tui.predictors.onnx import open_onnx

    try:
        checkpoint = Checkpoint.read(copy.folder, name)
        weights = checkpoint.weights("onnx")
        if weights is None:
            return None
        return open_onnx(checkpoint, weights, options.model_tags, options.trained_on, options.threads)
    except ModelError:
        # Whatever is wrong with a copy, the checkpoint is there; if that has the same fault, it will be reported.
        return None


def _child(name: str, options: LoadOptions) -> Predictor:
    from ner_tui.predictors.process import ChildPredictor

    return ChildPredictor(
        name, model_tags=options.model_tags, allow_pickle=options.allow_pickle, trained_on=options.trained_on
    )
