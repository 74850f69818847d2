"""Checkpoint folders: what is in them, read without torch and without trusting them.

Only JSON is read here, of bounded size; weights are found, named and hashed, not opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ner_tui.errors import ModelError
from ner_tui.formats.files.inputs import note_input
from ner_tui.predictors import checkpoint_limits as limits
from ner_tui.predictors.base import TRAINED_ON, TrainedOn
from ner_tui.predictors.model_tags import tags_of
from ner_tui.predictors.published import (
    SEES_PADDING,
    crf_remark,
    foreign_folder,
    foreign_weights,
    refuse_families,
    refuse_heads,
)
from ner_tui.predictors.shapes import TABLES, ShapeTable
from ner_tui.predictors.tag_spelling import spelling_remark, standard_tags
from ner_tui.predictors.weights import Weights, WeightsKind
from ner_tui.predictors.windows import WINDOW_WORDS, Limits

MAX_PIECES = 512
"""Sub-tokens of a window, special ones included, for models that could take more."""
MAX_TEMPERATURE = 1e6
"""Every tag is as probable as another far below it."""
MIN_PIECES = 16
"""A model that takes fewer is not a model of text."""

OFFSET_POSITIONS = frozenset(
    (
        *("roberta", "roberta-prelayernorm", "xlm-roberta", "xlm-roberta-xl", "camembert", "xmod", "ibert"),
        *("longformer", "mpnet", "data2vec-text", "esm", "luke", "mluke", "markuplm"),
    )
)
"""Values of ``model_type`` whose positions are numbered from behind the padding id: two of them are never used."""

ONNX_NAMES = ("model_int8.onnx", "model.onnx", "model_quantized.onnx", "model_fp16.onnx")
"""ONNX files in the order they are preferred: our own int8 was checked against its fp32, others' were not by us."""
NEEDS_TORCH = 'this model needs torch and transformers; install them with pip install "ner-tui[transformer]"'
VOCABULARIES = (
    *("tokenizer.json", "vocab.txt", "vocab.json", "sentencepiece.bpe.model", "spiece.model", "spm.model"),
    *("tokenizer.model", "merges.txt"),
)
"""Files that a tokenizer can be made from; transformers falls back to odd defaults when there is none."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A folder with a token-classification model."""

    folder: Path
    name: str
    """What people call it: the folder as given, a hub name, ``bundled-4``."""
    config: Mapping[str, object]
    """``config.json`` as it is written."""

    @classmethod
    def read(cls, folder: Path, name: str) -> Checkpoint:
        """Read a folder's ``config.json`` and see that it is of the right task.

        Raises:
            ModelError: there is none, it cannot be read, or it says that the model does something else.
        """
        path = folder / "config.json"
        for file in (*folder.glob("*"), *folder.glob("onnx/*")):
            note_input(file)
        if refusal := foreign_folder(name, folder):
            raise refusal
        if not path.is_file():
            raise ModelError(f"{name}: there is no config.json, so this is not the folder of a model")
        limits.refuse_link(name, folder, path)
        config = limits.read_json(path)
        checkpoint = cls(folder, name, config)
        refuse_families(name, config)
        refuse_heads(name, config)
        checkpoint._check_token_types()
        return checkpoint

    def _check_token_types(self) -> None:
        given = self.config.get("token_types")
        if given is not None and given not in tuple(TABLES):
            raise ModelError(
                f"{self.name}: config.json asks for the token types {limits.shown(given)}, which this version does "
                f"not know; it knows {', '.join(map(repr, TABLES))}"
            )

    @property
    def letter_shapes(self) -> ShapeTable | None:
        """The shapes that are fed as token types of each word's sub-tokens; None: none are."""
        return TABLES.get(str(self.config.get("token_types")))

    @property
    def temperature(self) -> float:
        """What logits are divided by before the softmax.

        Raises:
            ModelError: it is not a positive number.
        """
        given = self.config.get("temperature", 1.0)
        if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given < MAX_TEMPERATURE:
            raise ModelError(f"{self.name}: its temperature is set to {limits.shown(given)}, not to a positive number")
        return float(given)

    def tags(self, model_tags: Sequence[str] | None, outputs: int | None = None) -> tuple[str, ...]:
        """Return the tags in the order of the model's outputs: those given, or those of the config, as they are read.

        Args:
            outputs: how many the model has; None: as many as there are tags.

        Raises:
            ModelError: the config names none, or not all of them, and none are given; or their number is not that of
                the outputs; or they can be read in two ways.
        """
        return standard_tags(self.name, tags_of(self.name, self.config, model_tags, outputs))

    @property
    def trained_on(self) -> TrainedOn | None:
        """What the model saw in training, where its config says so, as our own do; else None."""
        given = self.config.get("trained_on")
        return next((each for each in TRAINED_ON if each == given), None)

    @property
    def sees_padding(self) -> bool:
        """Whether what fills a batch up changes what the model says, so that each window is read by itself."""
        return str(self.config.get("model_type")) in SEES_PADDING

    def remarks(self, weights: Weights, tags: Sequence[str]) -> tuple[str, ...]:
        """Return what a person should know of the model before relying on it, a sentence each.

        Args:
            tags: as they are read.
        """
        told = crf_remark(self.config, weights.shapes()), spelling_remark(self.config, tags)
        return tuple(f"{self.name}: {remark}" for remark in told if remark)

    def limits(self, special: int) -> Limits:
        """Return what a window may hold.

        Args:
            special: how many special sub-tokens stand around a window.

        Raises:
            ModelError: the model takes hardly any text.
        """
        tokenizer = self.folder / "tokenizer_config.json"
        settings = limits.read_json(tokenizer) if tokenizer.is_file() else {}
        # Tokenizers without a limit say 1e30; the model's table of positions is what counts then.
        most = min([MAX_PIECES, *counts(settings, "model_max_length"), *self._positions()])
        if most < MIN_PIECES:
            raise ModelError(f"{self.name}: the model takes only {most} sub-tokens at a time")
        return Limits(WINDOW_WORDS, most - special)

    def _positions(self) -> list[int]:
        table = counts(self.config, "max_position_embeddings", "n_positions", "max_seq_len")
        if str(self.config.get("model_type")) not in OFFSET_POSITIONS:
            return table
        padding = counts(self.config, "pad_token_id")
        return [size - (padding[0] if padding else 1) - 1 for size in table]

    def weights(self, kind: WeightsKind) -> Weights | None:
        """Find the weights of a kind in the folder; None if there are none.

        Raises:
            ModelError: an index names files that are missing or elsewhere.
        """
        if kind == "onnx":
            return self.graph()
        stem, ending = ("model", ".safetensors") if kind == "safetensors" else ("pytorch_model", ".bin")
        files = self._shards(stem, ending)
        return Weights(kind, files) if files else None

    def choose(self, *, torch: bool, allow_pickle: bool) -> Weights:
        """Choose which of the folder's weights to use.

        Safetensors come first, since they are exact where an int8 graph is not; without torch only a graph will do, and
        pickled weights are used where there is nothing else and they are allowed.

        Raises:
            ModelError: there are none that can or may be used here.
        """
        safe, graph, pickle = (self.weights(kind) for kind in ("safetensors", "onnx", "pickle"))
        if safe and torch:
            return safe
        if graph:
            return graph
        if safe or (pickle and allow_pickle and not torch):
            raise ModelError(without_torch(self.name))
        if pickle and not allow_pickle:
            raise ModelError(pickled(self.name))
        if pickle:
            return pickle
        other = foreign_weights([path.name for path in self.folder.iterdir()])
        none = "there are no weights in this folder (model.safetensors or an .onnx file)"
        raise ModelError(f"{self.name}: {other or none}")

    def refuse_dangers(self, weights: Weights) -> None:
        """Refuse what must not reach transformers, which follows a checkpoint's settings far.

        Raises:
            ModelError: the settings name code or another checkpoint, or sizes that are not those of the weights.
        """
        limits.refuse_code(self.name, self.folder, self.config)
        limits.refuse_sizes(self.name, self.config, weights.size)
        limits.refuse_vocabularies(self.name, [path for name in VOCABULARIES if (path := self.folder / name).is_file()])

    def _shards(self, stem: str, ending: str) -> tuple[Path, ...]:
        whole = self.folder / f"{stem}{ending}"
        if whole.is_file():
            limits.refuse_link(self.name, self.folder, whole)
            return (whole,)
        index = self.folder / f"{stem}{ending}.index.json"
        if not index.is_file():
            return ()
        names = limits.read_json(index).get("weight_map")
        files = sorted({str(name) for name in names.values()}) if isinstance(names, dict) else []
        for name in files:
            if Path(name).name != name or not name.endswith(ending):
                raise ModelError(f"{self.name}: {index.name} names {name!r}, which is not a file beside it")
            if not (self.folder / name).is_file():
                raise ModelError(f"{self.name}: {name} is missing, which {index.name} names")
            if limits.leads_out(self.folder, self.folder / name):
                raise ModelError(
                    f"{self.name}: {name}, which {index.name} names, is a link that leads out of the folder: put the "
                    "file itself there"
                )
        return tuple(self.folder / name for name in files)

    def graph(self, preferred: Sequence[str] = ONNX_NAMES) -> Weights | None:
        """Find the ONNX graph of the folder or of its ``onnx/``, one of the preferred names first; None without one.

        Raises:
            ModelError: it is a link that leads out of the folder.
        """
        for folder in (self.folder, self.folder / "onnx"):
            named = [folder / name for name in preferred if (folder / name).is_file()]
            others = sorted(path for path in folder.glob("*.onnx") if path.is_file())
            for graph in (*named, *others):
                limits.refuse_link(self.name, self.folder, graph)
                # Large graphs keep their weights in a file beside them, named after them.
                named_after = (path for path in folder.iterdir() if path.name.startswith(graph.name) and path != graph)
                beside = sorted(path for path in named_after if path.is_file())
                return Weights("onnx", (graph, *beside))
        return None


def pickled(name: str) -> str:
    """Say why pickled weights are refused and what to do."""
    return (
        f"{name}: its weights are pickled (pytorch_model.bin), a format that can run any code when it is opened; "
        "use a checkpoint in safetensors, or pass --allow-pickle if you trust whoever made it"
    )


def without_torch(name: str) -> str:
    """Say that torch is needed and how to get it."""
    return f"{name}: {NEEDS_TORCH}"


def counts(settings: Mapping[str, object], *keys: str) -> list[int]:
    """Return the values that are plausible counts; configs hold 1e30, nulls and strings too."""
    values = [settings.get(key) for key in keys]
    return [int(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool) and 0 <= v < 10**9]
