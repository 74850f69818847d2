"""Caution: checkpoints come from strangers, and what no honest one holds is refused before a library reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from ner_tui.errors import ModelError

SETTINGS_BYTES = 8 * 2**20
"""The largest file of settings that is read; real ones have some kilobytes, with thousands of tags or shards some
hundreds. Read into objects, JSON takes up to thirty times its size."""
VOCABULARY_BYTES = 64 * 2**20
"""The largest vocabulary that is read; the largest real one, of many languages, has about 35 MB."""
MAX_TAGS = 2_000
"""Tags of a model at the most; finding spans takes time and memory with the square of their number."""
MAX_TAG = 200
"""Characters of a tag at the most."""
MAX_LAYERS = 1_000
"""Layers of a model at the most; making one takes time before any weights are looked for."""
MAX_GROWTH = 10_000
"""Characters that a tokenizer may make of one; real ones put a mark before a word, or spell out a ligature."""
SPARSE = 16
"""How many numbers a model may have for each byte of its weights; few where layers share them, as in ALBERT's."""

_LAYERS = (
    *("num_hidden_layers", "n_layer", "n_layers", "num_layers", "encoder_layers", "decoder_layers"),
    *("num_hidden_groups", "inner_group_num", "num_decoder_layers"),
)
_WIDTHS = ("hidden_size", "d_model", "dim", "n_embd", "embedding_size")
_INNER = ("intermediate_size", "encoder_ffn_dim", "d_ff", "hidden_dim", "n_inner")
_TABLES = ("vocab_size", "max_position_embeddings", "n_positions", "type_vocab_size")
_CODE = ("attn_implementation", "experts_implementation")


def read_json(path: Path) -> dict[str, object]:
    """Read a file of settings.

    Raises:
        ModelError: it cannot be read, is too large, or is no JSON object.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(SETTINGS_BYTES + 1)
        if len(data) > SETTINGS_BYTES:
            raise ModelError(f"{path}: larger than {SETTINGS_BYTES >> 20} MB, which no real file of settings is")
        value = json.loads(data.decode("utf-8"))
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: is not valid JSON") from error
    if not isinstance(value, dict):
        raise ModelError(f"{path}: holds no settings, but a bare {type(value).__name__}")
    return value


def shown(value: object) -> str:
    """Return what a setting says, in so many words as a sentence has room for."""
    try:
        shown = repr(value)
    except ValueError:
        # Python does not write down a number of thousands of digits.
        return "a number of thousands of digits"
    return shown if len(shown) <= 60 else f"{shown[:60]}…"


def refuse_code(name: str, folder: Path, config: Mapping[str, object]) -> None:
    """Refuse a checkpoint whose settings send transformers to code, or to another checkpoint.

    Raises:
        ModelError: they do.
    """
    for key in _CODE:
        for spelled in (key, f"_{key}", f"_{key}_internal"):
            if _names_code(config.get(spelled)):
                raise ModelError(
                    f"{name}: {spelled} in config.json names code to be downloaded and run, which ner-tui never does; "
                    "take that line out if you want to use the checkpoint"
                )
    if (folder / "adapter_config.json").is_file():
        raise ModelError(
            f"{name}: this folder holds an adapter (adapter_config.json), which names another checkpoint to be loaded; "
            "merge the two and save them as one"
        )


def _names_code(value: object) -> bool:
    """Whether a setting names more than one of the ways of computing that transformers has itself."""
    if isinstance(value, dict):
        return any(map(_names_code, value.values()))
    return isinstance(value, str) and not value.replace("_", "").replace("|", "").isalnum()


def needs_code(name: str, config: Mapping[str, object]) -> ModelError:
    """Say that a model is none of those that transformers knows, and that its own code is not run."""
    kind = str(config.get("model_type"))[:60]
    return ModelError(
        f"{name}: models of the type {kind!r} come with code of their own (auto_map in config.json), and ner-tui runs "
        "no code of a checkpoint; export it to ONNX where you trust it, and use that"
    )


def refuse_sizes(name: str, config: Mapping[str, object], weights: int) -> None:
    """Refuse a model that is far larger than its weights, and would fill the memory before that is found out.

    Args:
        weights: bytes of the files.

    Raises:
        ModelError: it is.
    """
    if _most(config, ("num_labels", "_num_labels")) > MAX_TAGS:
        raise ModelError(f"{name}: num_labels in config.json is more than {MAX_TAGS:,}, which no real model has")
    layers, width = _most(config, _LAYERS), _most(config, _WIDTHS)
    if layers > MAX_LAYERS:
        raise ModelError(f"{name}: config.json asks for {layers:,} layers, which no real model has")
    narrow = config.get("embedding_size")
    narrow = narrow if isinstance(narrow, int) and narrow > 0 else width
    tables = max(_most(config, _TABLES) * min(narrow, width), _most(config, _TABLES[1:]) * narrow)
    numbers = layers * (4 * width**2 + 2 * width * _most(config, _INNER)) + tables
    if numbers > SPARSE * weights:
        raise ModelError(
            f"{name}: config.json asks for a model of {numbers:,} numbers, and the weights have {weights:,} bytes: "
            "they are not whole, or another model's"
        )


def _most(config: Mapping[str, object], keys: tuple[str, ...]) -> int:
    values = [config.get(key) for key in keys]
    return max([0, *(value for value in values if isinstance(value, int) and not isinstance(value, bool))])


def refuse_vocabularies(name: str, files: list[Path]) -> None:
    """Refuse vocabularies that are too large to be read.

    Raises:
        ModelError: one of them is, or cannot be looked at.
    """
    for path in files:
        try:
            size = path.stat().st_size
        except OSError as error:
            raise ModelError(f"{name}: {path.name} cannot be read: {error.strerror}") from error
        refuse_link(name, path.parent, path)
        if size > VOCABULARY_BYTES:
            raise ModelError(f"{name}: {path.name} is larger than {VOCABULARY_BYTES >> 20} MB, which no real one is")


def refuse_growth(name: str, normaliser: object) -> None:
    """Refuse a tokenizer that makes far more of a text than there is, and would fill the memory with it.

    Args:
        normaliser: what it does to a text first, as in ``tokenizer.json``.

    Raises:
        ModelError: it does.
    """
    if _growth(normaliser) > MAX_GROWTH:
        raise ModelError(
            f"{name}: its tokenizer makes more than {MAX_GROWTH:,} characters of one, which no real one does"
        )


def _growth(step: object) -> int:
    """Return how many characters become of one at the most."""
    if not isinstance(step, dict):
        return 1
    parts = step.get("normalizers")
    grown = 1
    for part in parts if isinstance(parts, list) else []:
        grown *= _growth(part)
        if grown > MAX_GROWTH:
            break
    added = max(len(str(step.get(key) or "")) for key in ("content", "prepend"))
    pattern = step.get("pattern")
    replaced = pattern.get("String") if isinstance(pattern, dict) else None
    # An expression can match where there is nothing, between any two characters.
    shrinks = isinstance(replaced, str) and 0 < added <= len(replaced)
    return grown if shrinks else grown * (1 + added)


def leads_out(folder: Path, path: Path) -> bool:
    """Whether a file that is named inside a checkpoint is a link to somewhere else.

    The hub's cache keeps a checkpoint's files beside its folder of links; those are its own.
    """
    home = folder.resolve()
    if home.parent.name == "snapshots":
        home = home.parent.parent
    return not path.resolve().is_relative_to(home)


def refuse_link(name: str, folder: Path, path: Path) -> None:
    """Refuse a file of a checkpoint that is a link to somewhere else.

    Raises:
        ModelError: it is.
    """
    if leads_out(folder, path):
        raise ModelError(
            f"{name}: {path.name} is a link that leads out of the folder: put the file itself there if you trust it"
        )
