"""What a GLiNER folder says of itself, read without trusting it; kinds that are not run are told by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ner_tui.errors import ModelError
from ner_tui.formats.files.inputs import note_input
from ner_tui.predictors import checkpoint_limits as limits
from ner_tui.predictors.checkpoint import Checkpoint, counts
from ner_tui.predictors.published import other_gliner
from ner_tui.predictors.weights import Weights

CONFIG = "gliner_config.json"
"""The file that makes a folder that of a GLiNER model."""
GRAPHS = ("model.onnx", "model_fp16.onnx", "model_int8.onnx", "model_quantized.onnx")
"""ONNX files in the order they are preferred: what int8 makes of a GLiNER was checked by nobody."""
MAX_WORDS = 1_024
"""Words of a window, at most, whatever a model says it takes: the work grows with their square."""
MAX_PIECES = 1_536
"""Sub-tokens of a window, prompt included, for models that could take more."""
MIN_PIECES = 48
"""A model that takes fewer has no room for labels and text."""
MAX_WIDTH = 64
"""Words of a span at most; real models say 12."""
DEFAULT_WORDS, DEFAULT_WIDTH = 384, 12


@dataclass(frozen=True, slots=True)
class Settings:
    """What a GLiNER model needs to be fed."""

    name: str
    """What people call it: the folder as given, or a hub name."""
    folder: Path
    words: int
    """Words of a window, at most."""
    width: int
    """Words of a span, at most, of a graph that scores spans."""
    pieces: int
    """Sub-tokens of a window, at most, the prompt and special ones included."""
    entity_token: str
    separator_token: str
    checkpoint: Checkpoint
    """The folder as other backends know it: for its temperature, tokenizer and padding."""

    @classmethod
    def read(cls, folder: Path, name: str) -> Settings:
        """Read a folder's ``gliner_config.json``.

        Raises:
            ModelError: it cannot be read, makes no sense, or is that of a kind of GLiNER that is not run.
        """
        path = folder / CONFIG
        for file in (*folder.glob("*"), *folder.glob("onnx/*")):
            note_input(file)
        limits.refuse_link(name, folder, path)
        config = limits.read_json(path)
        refuse_kinds(name, config)
        tokens = [config.get(key, default) for key, default in (("ent_token", "<<ENT>>"), ("sep_token", "<<SEP>>"))]
        entity, separator = (token if isinstance(token, str) and token else "" for token in tokens)
        if not entity or not separator:
            raise ModelError(
                f"{name}: {CONFIG} names no ent_token or no sep_token, which stand between labels and text"
            )
        pieces = _pieces(folder, config)
        if pieces < MIN_PIECES:
            raise ModelError(f"{name}: the model takes only {pieces} sub-tokens at a time")
        return cls(
            name,
            folder,
            min(MAX_WORDS, _count(name, config, "max_len", DEFAULT_WORDS)),
            _width(name, config),
            pieces,
            entity,
            separator,
            Checkpoint(folder, name, config),
        )

    def graph(self) -> Weights:
        """Find the ONNX graph.

        Raises:
            ModelError: there is none, with how one is made.
        """
        found = self.checkpoint.graph(GRAPHS)
        if found is None:
            raise ModelError(without_graph(self.name))
        return found


def without_graph(name: str) -> str:
    """Say that a GLiNER has no ONNX graph, and how one is made of what there is."""
    return (
        f"{name}: a GLiNER model without an ONNX graph, the only weights of GLiNER that are run here: where the gliner "
        f'package is installed, GLiNER.from_pretrained("{name}").export_to_onnx("FOLDER") makes a folder for --model'
    )


def refuse_kinds(name: str, config: Mapping[str, object]) -> None:
    """Refuse kinds of GLiNER whose graphs are fed otherwise.

    Args:
        config: ``gliner_config.json``.

    Raises:
        ModelError: it is one.
    """
    said = str(config.get("model_type") or "").lower()[:60]
    if "gliner2" in said or said == "extractor":
        raise other_gliner(name, "GLiNER2")
    if config.get("labels_encoder") or "bi_encoder" in said:
        raise other_gliner(name, "bi-encoder GLiNER")
    if config.get("relations_layer") is not None or "relex" in said:
        raise other_gliner(name, "relation GLiNER")
    if config.get("labels_decoder") or "decoder" in said:
        raise other_gliner(name, "GLiNER that writes labels of its own")
    if config.get("precomputed_prompts_mode"):
        raise other_gliner(name, "GLiNER whose labels were fixed before")
    splitter = config.get("words_splitter_type", "whitespace")
    if splitter != "whitespace":
        raise other_gliner(name, f"GLiNER that splits words with {limits.shown(splitter)}")


def _width(name: str, config: Mapping[str, object]) -> int:
    width = _count(name, config, "max_width", DEFAULT_WIDTH)
    if width > MAX_WIDTH:
        raise ModelError(f"{name}: max_width in {CONFIG} is more than {MAX_WIDTH}, which no real model has")
    return width


def _count(name: str, config: Mapping[str, object], key: str, default: int) -> int:
    given = config.get(key, default)
    if type(given) is not int or given < 1:
        raise ModelError(f"{name}: {key} in {CONFIG} is {limits.shown(given)}, not a number from 1")
    return given


def _pieces(folder: Path, config: Mapping[str, object]) -> int:
    """Return how many sub-tokens the model takes: what its tokenizer says, or the table of positions, if it has one."""
    path = folder / "tokenizer_config.json"
    tokenizer = limits.read_json(path) if path.is_file() else {}
    encoder = config.get("encoder_config")
    encoder = encoder if isinstance(encoder, dict) else {}
    relative = encoder.get("position_biased_input") is False
    table = [] if relative else counts(encoder, "max_position_embeddings")
    return min([MAX_PIECES, *counts(tokenizer, "model_max_length"), *table])
