"""``ner-tui models add``: a checkpoint's fast copy, made once and held against the checkpoint itself.

The copy is a checkpoint folder in the person's cache: the int8 graph, the tokenizer and the checkpoint's own settings
(see ``predictors.cache``).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from time import time

import numpy as np
from numpy.typing import NDArray

from ner_tui.domain.blocks import blocks
from ner_tui.domain.document import Sentence
from ner_tui.domain.segmentation.sentences import segment
from ner_tui.errors import InputError, ModelError
from ner_tui.predictors import BUNDLED_MODELS, resolve
from ner_tui.predictors.base import Predictor
from ner_tui.predictors.cache import FastCopy, copies, copies_folder, fast_copy, key_of
from ner_tui.predictors.checkpoint import Checkpoint, pickled
from ner_tui.predictors.faults import reported_as
from ner_tui.predictors.onnx import open_onnx
from ner_tui.predictors.transformer import checkpoint_tokenizer, open_transformer
from ner_tui.predictors.weights import Weights
from ner_tui.training.base import hush, load_classifier
from ner_tui.training.export import export
from ner_tui.training.folder import drafted
from ner_tui.training.sample import SAMPLE, windows

DRAFT_SECONDS = 86_400.0
"""How old a draft has to be for nobody to be at work on it."""
_COPIED = ("config.json", "tokenizer_config.json")


def make_fast_copy(
    spec: str, text: str | None = None, tell: Callable[[str], None] = lambda _: None, *, allow_pickle: bool = False
) -> FastCopy:
    """Make a checkpoint's fast copy, or return the one there is.

    Args:
        spec: a folder with weights for torch, or a hub name.
        text: what the copy is held against the checkpoint on, in place of our sample; a copy that is there is held
            against it anew.
        tell: takes what is being done, a few words at a time.
        allow_pickle: read pickled weights where there are no others.

    Raises:
        InputError: the cache folder cannot be written.
        ModelError: there is no such token classifier, or it cannot be exported.
    """
    if spec in BUNDLED_MODELS:
        raise ModelError(f"{spec}: this model is int8 ONNX already")
    hush()
    folder = resolve(spec, allow_pickle=allow_pickle).resolve()
    checkpoint = Checkpoint.read(folder, spec)
    weights = _torch_weights(checkpoint, allow_pickle=allow_pickle)
    there = fast_copy(spec, folder)
    if there and text is None:
        return there

    key = there.key if there else key_of(folder)
    out = there.folder if there else copies_folder() / key[:32]
    sample = _Sample(checkpoint, weights, list(segment(SAMPLE if text is None else text)), tell)
    tell("reading a sample of text with the checkpoint as it is")
    sample.read()

    def compared(copy: Path) -> None:
        tell("reading the sample with the copy")
        FastCopy(out, spec, folder, key, *sample.agreement(copy)).write_note(copy)

    try:
        if there:
            compared(out)
        else:
            _clear(out)
            with drafted(out) as draft:
                tell("making the int8 graph")
                _write(checkpoint, weights, draft)
                compared(draft)
    except OSError as error:
        raise InputError(f"{out}: cannot be written: {error.strerror}") from error
    made = fast_copy(spec, folder)
    if made is None:
        raise ModelError(f"{spec}: its files changed while the copy was made; try again")
    for older in copies():
        if older.key != key and (older.spec == spec or older.source == folder):
            shutil.rmtree(older.folder, ignore_errors=True)
    return made


def _clear(out: Path) -> None:
    """Delete what is left of copies: damaged ones, and drafts of processes that were killed on the way."""
    shutil.rmtree(out, ignore_errors=True)
    for draft in out.parent.glob(".*.*"):
        with suppress(OSError):
            if time() - draft.stat().st_mtime > DRAFT_SECONDS:
                shutil.rmtree(draft)


def _torch_weights(checkpoint: Checkpoint, *, allow_pickle: bool) -> Weights:
    if safe := checkpoint.weights("safetensors"):
        return safe
    if checkpoint.weights("onnx"):
        raise ModelError(f"{checkpoint.name}: this folder holds an ONNX model, which is used as it is")
    if pickle := checkpoint.weights("pickle"):
        if not allow_pickle:
            raise ModelError(pickled(checkpoint.name))
        return pickle
    raise ModelError(f"{checkpoint.name}: there are no weights in this folder (model.safetensors)")


def _write(checkpoint: Checkpoint, weights: Weights, draft: Path) -> None:
    """Write the files of a copy but for its note."""
    tokenizer = checkpoint_tokenizer(checkpoint)[0]
    with reported_as(f"{checkpoint.name}: it cannot be turned into ONNX; --model takes it as it is, with PyTorch"):
        (draft / "onnx").mkdir()
        model = load_classifier(checkpoint.folder, allow_pickle=weights.kind == "pickle", outputs=weights.outputs)
        export(model, draft / "onnx", windows(lambda text: tokenizer.encode(text).ids))
    for name in _COPIED:
        if (checkpoint.folder / name).is_file():
            shutil.copyfile(checkpoint.folder / name, draft / name)
    tokenizer.save(str(draft / "tokenizer.json"))


class _Sample:
    """Text as the checkpoint tags it, for its copy to be held against."""

    def __init__(
        self, checkpoint: Checkpoint, weights: Weights, sentences: Sequence[Sentence], tell: Callable[[str], None]
    ) -> None:
        self._checkpoint = checkpoint
        self._weights = weights
        self._sentences = sentences
        self._tag_names = _any_tags(checkpoint, weights, tell)
        self._exact = np.empty(0, dtype=np.int64)

    def read(self) -> None:
        """Tag the text with the checkpoint in fp32, and let go of that: two models at once may not fit in memory."""
        self._exact = _tags(open_transformer(self._checkpoint, self._weights, self._tag_names), self._sentences)

    def agreement(self, folder: Path) -> tuple[float, int]:
        """Tag the text with a copy; return the share of words with equal tags, 0 to 1, and their number."""
        copy = Checkpoint.read(folder, self._checkpoint.name)
        graph = copy.weights("onnx")
        assert graph is not None
        fast = _tags(open_onnx(copy, graph, self._tag_names), self._sentences)
        return float((self._exact == fast).mean()) if len(fast) else 1.0, len(fast)


def _any_tags(checkpoint: Checkpoint, weights: Weights, tell: Callable[[str], None]) -> tuple[str, ...] | None:
    """Return made-up names for the tags of a checkpoint that does not name them; None for one that does.

    A copy can be made all the same; what it takes to use it is told.
    """
    try:
        checkpoint.tags(None, weights.outputs)
    except ModelError as needed:
        tell(f"before it can be used: {needed}")
        named, number = checkpoint.config.get("id2label"), checkpoint.config.get("num_labels")
        told = len(named) if isinstance(named, dict) else number if isinstance(number, int) else 2
        count = weights.outputs or told
        return tuple(f"B-{at}" for at in range(count))
    return None


def _tags(predictor: Predictor, sentences: Sequence[Sentence]) -> NDArray[np.int64]:
    """Return the number of the likeliest tag of each word that the model sees, and let go of the model."""

    def rows() -> Iterator[NDArray[np.int64]]:
        for block in blocks(sentences):
            for words in predictor.predict(block, "document"):
                yield words.probabilities[~words.unseen].argmax(axis=1)

    try:
        return np.concatenate([np.empty(0, dtype=np.int64), *rows()])
    finally:
        predictor.close()
